"""Is the engine right? Many random instances against independent answers; exits 1 on a mismatch.

    python -m benchmarks.consortium_correctness --instances 10000 --landscapes 2000 --large 200

* Small instances with every kind of condition against trying every assignment: the optimum with
  each pruning switched off in turn, the whole front, a bound at the optimum and one above it,
  and runs cut short after a few nodes.
* Small landscapes and enquiries against a naive reading of the rules (matching included), and
  the proof among those few who can be in the fewest members against that among all; how often
  each kind of condition was asked for is printed.
* Larger synthetic enquiries against toulbar2, an exact solver for weighted constraint
  satisfaction (``pip install pytoulbar2``; left out, and said so, when it is not there).
"""

import argparse
import importlib.util
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from random import Random
from time import perf_counter

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from benchmarks.toulbar import solve_with_toulbar2
from graph.consortium import suggest
from graph.consortium.answer import Status
from graph.consortium.control import INFINITE, Clock, Pruning
from graph.consortium.plan import Planner, Query
from graph.consortium.problem import pose
from graph.consortium.solve import prove, solve
from graph.matching import index_of, match
from graph.matching.holders import holders_of
from graph.model import Enquiry
from graph.settings import Settings
from tests.consortium.instances import Case, Optimum, random_case, solve_by_trying_all
from tests.consortium.landscapes import random_enquiry, random_landscape
from tests.consortium.naive import naive_answer

__all__ = ["main"]

NEVER, ALWAYS = INFINITE, 0
PARTS = ((True, True, True), (False, True, True), (True, False, True), (True, True, False))
PRUNINGS = (
    *(
        Pruning(*parts, reduce_above, teams_above)
        for parts in PARTS
        for reduce_above in (NEVER, ALWAYS)
        for teams_above in (NEVER, ALWAYS)
    ),
    Pruning(ascent=False),
    Pruning(forest=False, ascent=False),
)
SETTINGS = Settings(reference_year=2026, time_budget_s=60)


def check_case(case: Case, pruning: Pruning) -> list[str]:
    """Return what is wrong with one instance."""
    optimum = solve_by_trying_all(case)
    planner = Planner(case.instance, case.ranks, case.most, Clock(600), pruning)
    plan = planner.plan()
    if optimum.coverage is None or not plan.is_feasible:
        return [] if (optimum.coverage is None) != plan.is_feasible else ["feasibility"]
    served = [case.ranks[int(case.instance.slot[e])] for e in plan.outcome.entries]
    found = tuple(served.count(rank) for rank in range(4)), plan.members, plan.outcome.cost
    if found != (optimum.coverage, optimum.members, optimum.costs[optimum.members]):
        return [f"optimum {found} instead of {optimum}"]
    return _check_bounds(planner, plan.targets, plan.members, optimum) if plan.members else []


def _check_bounds(
    planner: Planner, targets: tuple[int, ...], members: int, optimum: Optimum
) -> list[str]:
    wrong = []
    best = optimum.costs[members]
    for size in range(members, planner.most + 1):
        cost = planner.best(targets, size, Query(), Clock(600)).cost
        if cost != optimum.costs.get(size, INFINITE):
            wrong.append(f"front at {size}: {cost}")
    if planner.best(targets, members, Query(bound=best), Clock(600)).is_found:
        wrong.append("something below the optimum")
    if planner.best(targets, members, Query(bound=best + 1), Clock(600)).cost != best:
        wrong.append("nothing below the optimum plus one")
    for patience in (1, 2, 3, 5, 8, 13):
        clock = Clock(600, _cancel_after(patience))
        outcome = planner.best(targets, members, Query(), clock)
        if not outcome.lower_bound <= best <= outcome.cost:
            wrong.append(f"cut after {patience}: {outcome.lower_bound} .. {outcome.cost}")
    return wrong


def _cancel_after(patience: int) -> Callable[[], bool]:
    asked = count()
    return lambda: next(asked) >= patience


MET: Counter[str] = Counter()
"""In how many landscapes each kind of condition was asked for."""


def kinds_of(enquiry: Enquiry) -> list[str]:
    """Return the kinds of conditions that an enquiry has, as the model names them."""
    asked = enquiry.requirements
    present = {
        "optional requirement": not all(r.is_mandatory for r in asked),
        "second source": any(r.needs_second_source for r in asked),
        "limit": any(r.limits for r in asked),
        "material": any(r.materials for r in asked),
        "step": any(r.step for r in asked),
        "certificate for a step": any(r.certificate_types for r in asked),
        "certificate for every member": bool(enquiry.member_certificate_types),
        "pinned": bool(enquiry.pinned),
        "excluded": bool(enquiry.excluded),
        "conflict": bool(enquiry.conflicts),
        "lead": enquiry.lead is not None,
        "distance": enquiry.max_distance_km is not None,
        "region": bool(enquiry.districts),
        "most members": enquiry.max_members is not None,
        "unknown excludes": enquiry.strict_unknowns,
    }
    groups = [
        f"group {end} by {rule.trait.value}"
        for rule in enquiry.groups
        for end, is_asked in (("minimum", rule.at_least > 0), ("maximum", rule.at_most is not None))
        if is_asked
    ]
    return [kind for kind, is_asked in present.items() if is_asked] + sorted(set(groups))


def check_landscape(seed: int) -> list[str]:
    """Return what is wrong with the suggestion for one random landscape."""
    random = Random(seed)
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)
    naive = naive_answer(enquiry, landscape, SETTINGS)
    suggestion = suggest(enquiry, landscape, SETTINGS)
    MET.update(kinds_of(enquiry))
    holders_of(index_of(landscape)).few = 1 + seed % 2 * 3  # all by what they state, or some
    few = prove(enquiry, landscape, SETTINGS, Clock(60), narrow_above=0)
    whole = solve(enquiry, landscape, SETTINGS, Clock(60), narrow_above=INFINITE)
    MET["capacity"] += bool(whole.problem.instance.capacities)
    if (few.plan.members, few.plan.outcome.cost) != (whole.plan.members, whole.plan.outcome.cost):
        return [f"among few {few.plan.outcome}, among all {whole.plan.outcome}"]
    if naive.coverage is None:
        return [] if suggestion.status is Status.INFEASIBLE else ["feasibility"]
    mandatory = {r.iri: r.is_mandatory for r in enquiry.requirements}
    ranks = [
        (0 if mandatory[a.requirement] else 2) + a.is_second_source for a in suggestion.assignments
    ]
    cost = suggestion.cost.total_km if suggestion.cost is not None else None
    found = tuple(ranks.count(rank) for rank in range(4)), len(suggestion.members), cost
    is_same = found == (naive.coverage, naive.members, naive.cost_km)
    return [] if is_same and suggestion.status is Status.OPTIMAL else [f"{found} not {naive}"]


def check_large(seed: int) -> list[str]:
    """Return what is wrong with one larger synthetic enquiry."""
    landscape = LARGE[seed % len(LARGE)]
    enquiry = synthetic_enquiry(4 + seed % 5, seed)
    matches = match(enquiry, landscape, SETTINGS)
    problem = pose(enquiry, index_of(landscape), matches, SETTINGS, Clock(60))
    planner = Planner(problem.instance, problem.ranks, problem.most, Clock(60))
    plan = planner.plan()
    if not plan.members:
        return []
    target = plan.targets[0]
    costs = [
        planner.best((target,), size, Query(), Clock(60)).cost
        for size in (plan.members, plan.members + 1)
    ]
    wrong = []
    for size, ours in zip((plan.members, plan.members + 1), (costs[0], min(costs)), strict=True):
        theirs = solve_with_toulbar2(planner.instance, target, size)
        if theirs != ours:
            wrong.append(f"{size} members: {ours}, toulbar2 says {theirs}")
    return wrong + _check_teams(planner, plan.targets, plan.members, costs[0])


def _check_teams(planner: Planner, targets: tuple[int, ...], members: int, cost: int) -> list[str]:
    """Return what is wrong when members are chosen first, with and without a bound to beat."""
    pruning = Pruning(reduce_above=INFINITE, teams_above=0)
    by_team = Planner(planner.instance, planner.ranks, planner.most, Clock(60), pruning)
    bounds = (INFINITE, cost + 1, cost)
    found = [by_team.best(targets, members, Query(bound=b), Clock(60)).cost for b in bounds]
    return [] if found == [cost, cost, INFINITE] else [f"by teams {found} instead of {cost}"]


LARGE = [synthetic_landscape(Size.of(400), seed) for seed in range(4)]


def main(arguments: list[str] | None = None) -> int:
    """Run all three parts and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--instances", type=int, default=10_000)
    parser.add_argument("--landscapes", type=int, default=2_000)
    parser.add_argument("--large", type=int, default=200)
    counts = parser.parse_args(arguments)
    parts = [
        ("small instances, every switch, against trying all", counts.instances, _small),
        ("small landscapes against a naive reading", counts.landscapes, check_landscape),
    ]
    if importlib.util.find_spec("pytoulbar2") is None:
        print("pytoulbar2 is not installed: the larger enquiries are left out")
    else:
        parts.append(("larger enquiries against toulbar2", counts.large, check_large))
    mismatches = 0
    print(f"{'part':52} {'cases':>7} {'mismatches':>10} {'seconds':>8}")
    for name, cases, check in parts:
        started = perf_counter()
        wrong = {seed: found for seed in range(cases) if (found := check(seed))}
        mismatches += len(wrong)
        print(f"{name:52} {cases:7} {len(wrong):10} {perf_counter() - started:8.1f}", flush=True)
        for seed, found in list(wrong.items())[:5]:
            print(f"    seed {seed}: {found}")
    print("conditions in the small landscapes: ", end="")
    print(", ".join(f"{kind} {count}" for kind, count in sorted(MET.items())))
    return 1 if mismatches else 0


def _small(seed: int) -> list[str]:
    case = random_case(Random(seed), most=5)
    case = replace(case, instance=replace(case.instance, _kept={}))
    return check_case(case, PRUNINGS[seed % len(PRUNINGS)])


if __name__ == "__main__":
    sys.exit(main())
