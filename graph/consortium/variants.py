"""What surrounds the best consortium: the front of cost, alternatives, replacements."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from graph.consortium.answer import (
    Alternative,
    DropIn,
    Examined,
    FrontPoint,
    Reoptimised,
    Replacement,
)
from graph.consortium.control import Outcome, OutOfTimeError
from graph.consortium.explain import Explanation
from graph.consortium.instance import Group
from graph.consortium.plan import Plan, Planner, Query
from graph.consortium.problem import Problem

__all__ = [
    "alternative_outcomes",
    "alternatives",
    "front",
    "front_outcomes",
    "replacements",
]


def front_outcomes(
    problem: Problem, planner: Planner, plan: Plan, extra: int
) -> dict[int, Outcome]:
    """Return the best consortium for the fewest members and for up to ``extra`` more.

    Levels that time does not suffice for are left out.
    """
    if not plan.members:
        return {}
    outcomes = {plan.members: plan.outcome}
    largest = min(max(t.bit_count() for t in plan.targets), problem.most)
    for members in range(plan.members + 1, min(plan.members + extra, largest) + 1):
        if planner.clock.is_over:
            break
        outcomes[members] = planner.best(plan.targets, members, Query(), planner.clock)
    return outcomes


def front(problem: Problem, outcomes: dict[int, Outcome]) -> tuple[FrontPoint, ...]:
    """Describe the cost by number of members; the first point is the plan itself."""
    points = [_point(problem, members, outcome) for members, outcome in outcomes.items()]
    return _with_prices(points)


def _point(problem: Problem, members: int, outcome: Outcome) -> FrontPoint:
    members += len(problem.idle)
    if not outcome.is_found:
        bound = None if outcome.is_complete else outcome.lower_bound
        return FrontPoint(members, None, bound, outcome.is_complete)
    solution = Explanation(problem, outcome.entries, frozenset())
    return FrontPoint(
        members=members,
        cost_km=outcome.cost,
        lower_bound_km=outcome.lower_bound,
        is_proven=outcome.is_complete,
        organisations=tuple(solution.iri(number) for number in solution.team),
        assignments=solution.pairs(),
    )


def _with_prices(points: list[FrontPoint]) -> tuple[FrontPoint, ...]:
    """Mark the efficient points and say at what price of a member each begins to win."""
    marked: list[FrontPoint] = []
    last: FrontPoint | None = None
    for point in points:
        if point.cost_km is None or (
            last is not None and last.cost_km is not None and point.cost_km >= last.cost_km
        ):
            marked.append(point)
            continue
        price = None
        if last is not None and last.cost_km is not None:
            price = (last.cost_km - point.cost_km) / (point.members - last.members)
        last = replace(point, is_efficient=True, break_even_km=price)
        marked.append(last)
    return tuple(marked)


def alternative_outcomes(
    problem: Problem, planner: Planner, plan: Plan, count: int
) -> list[Outcome]:
    """Find consortia that exchange at least half of the members that are not pinned.

    Each is the best that keeps this distance to the suggestion and to the alternatives before
    it, with as many members as the suggestion, or one more where there is none.
    """
    allowed = _allowed_shared(problem, plan)
    if allowed is None or problem.examined is Examined.PROMISING:
        return []
    limits: list[Group] = [_overlap(problem, plan.outcome.entries, allowed)]
    found: list[Outcome] = []
    while len(found) < count and not planner.clock.is_over:
        query = Query(groups=tuple(limits))
        largest = _most_members(problem, plan, 1)
        next_best = planner.fewest(plan.targets, query, plan.members, largest)
        if next_best is None:
            break
        found.append(next_best[1])
        limits.append(_overlap(problem, next_best[1].entries, allowed))
    return found


def _most_members(problem: Problem, plan: Plan, more: int) -> int:
    """Return with how many members it is looked for others; those with more must be known."""
    return min(plan.members + more if problem.is_whole else plan.members, problem.most)


def _allowed_shared(problem: Problem, plan: Plan) -> int | None:
    """Return how many members that are not pinned may stay; ``None`` when there are none."""
    free = plan.members - len(problem.instance.forced)
    return free - max(1, free // 2) if free >= 1 else None


def alternatives(
    problem: Problem, plan: Plan, outcomes: Sequence[Outcome]
) -> tuple[Alternative, ...]:
    """Describe what :func:`alternative_outcomes` found."""
    base = Explanation(problem, plan.outcome.entries, frozenset())
    allowed = (_allowed_shared(problem, plan) or 0) + len(problem.instance.forced)
    return tuple(
        _alternative(problem, base, plan.outcome.cost, outcome, allowed) for outcome in outcomes
    )


def _overlap(problem: Problem, entries: tuple[int, ...], allowed: int) -> Group:
    """Return the condition to share at most ``allowed`` members that are not pinned."""
    instance = problem.instance
    nobody: NDArray[np.bool_] = np.zeros(instance.organisations, dtype=bool)
    shared = nobody.copy()
    shared[instance.organisation[list(entries)]] = True
    shared[list(instance.forced)] = False
    return Group(counts_low=nobody, counts_high=shared, at_least=0, at_most=allowed)


def _alternative(
    problem: Problem, base: Explanation, cost: int, outcome: Outcome, allowed: int
) -> Alternative:
    solution = Explanation(problem, outcome.entries, frozenset())
    return Alternative(
        organisations=tuple(solution.iri(number) for number in solution.team),
        assignments=solution.pairs(),
        members=len(solution.team),
        cost_km=outcome.cost,
        more_km=outcome.cost - cost,
        shared=len(set(solution.team) & set(base.team)),
        allowed_shared=allowed + len(problem.idle),
        is_proven=outcome.is_complete,
    )


def replacements(problem: Problem, planner: Planner, plan: Plan) -> dict[int, Replacement]:
    """Say for each member that serves something what happens when it drops out.

    Returns:
        Replacements by organisation number of the index.
    """
    instance = problem.instance
    members = sorted(set(instance.organisation[list(plan.outcome.entries)].tolist()))
    return {
        int(problem.numbers[member]): _replacement(problem, planner, plan, member)
        for member in members
    }


_UNDECIDED = Replacement((), None, None, is_decided=False)


def _replacement(problem: Problem, planner: Planner, plan: Plan, member: int) -> Replacement:
    lost = _lost(problem, plan, member)
    if lost:
        return Replacement(lost, None, None)
    if planner.clock.is_over:
        return _UNDECIDED
    try:
        rest = _without(planner, member)
    except OutOfTimeError:
        return _UNDECIDED
    drop_in = _drop_in(problem, rest, plan, member)
    query = Query(without=frozenset({member}))
    largest = _most_members(problem, plan, 2)
    best = rest.fewest(plan.targets, query, plan.members, largest)
    planner.nodes += rest.nodes
    is_decided = best is not None or (problem.is_whole and not planner.clock.is_over)
    reoptimised = None if best is None else _reoptimised(problem, plan, best[1])
    return Replacement((), drop_in, reoptimised, is_decided)


def _lost(problem: Problem, plan: Plan, member: int) -> tuple[str, ...]:
    """Return the requirements that nobody but the member can serve."""
    instance = problem.instance
    numbers = []
    for entry in plan.outcome.entries:
        slot = int(instance.slot[entry])
        if int(instance.organisation[entry]) == member and problem.is_only(slot):
            numbers.append(problem.requirement[slot])
    return tuple(problem.enquiry.requirements[n].iri for n in dict.fromkeys(numbers))


def _without(planner: Planner, member: int) -> Planner:
    """Return a planner for which the member need not be in; its cover table knows it is not."""
    instance = planner.instance
    masks = instance.masks.copy()
    masks[member] = 0
    forced = tuple(o for o in instance.forced if o != member)
    return planner.variant(replace(instance, masks=masks, forced=forced))


def _drop_in(problem: Problem, planner: Planner, plan: Plan, member: int) -> DropIn | None:
    """Return the cheapest organisation outside that takes over all that the member does."""
    instance = problem.instance
    entries = np.array(plan.outcome.entries)
    owners = instance.organisation[entries]
    taken_over = instance.slot[entries[owners == member]]
    needed = int(np.bitwise_or.reduce(np.int64(1) << taken_over))
    able = (instance.masks & needed) == needed
    able[owners] = False
    only = np.isin(instance.slot, taken_over) & able[instance.organisation]
    only[entries[owners != member]] = True
    target = int(np.bitwise_or.reduce(np.int64(1) << instance.slot[entries]))
    outcome = planner.best((target,), plan.members, Query(only=only), planner.clock)
    if not outcome.is_found:
        return None
    joined = set(instance.organisation[list(outcome.entries)].tolist()) - set(owners.tolist())
    name = problem.organisation(joined.pop()).iri
    return DropIn(name, outcome.cost - plan.outcome.cost)


def _reoptimised(problem: Problem, plan: Plan, outcome: Outcome) -> Reoptimised:
    before = Explanation(problem, plan.outcome.entries, frozenset())
    after = Explanation(problem, outcome.entries, frozenset())
    return Reoptimised(
        organisations=tuple(after.iri(number) for number in after.team),
        joining=tuple(after.iri(number) for number in after.team if number not in before.team),
        cost_km=outcome.cost,
        loss_km=outcome.cost - plan.outcome.cost,
        extra_members=len(after.team) - len(before.team),
        is_proven=outcome.is_complete,
    )
