"""How fast and how good is a suggestion? The engine beside greedy and beside trying all.

    python -m benchmarks.consortium --sizes 350 5000 50000 --requirements 4 8 12 16 --enquiries 20
    python -m benchmarks.consortium --sizes 5000 --requirements 4 6 8 10 12 16 --solvers
    python -m benchmarks.consortium --store ~/.local/share/verbund    # the ten real enquiries too

All landscapes but that of ``--store`` are synthetic (``benchmarks/synthetic.py``). Columns:

``optimum``   from enquiry to the proven optimum with the fewest members, matching included
``answer``    complete suggestion: front of three, three alternatives, replacements, explanation
``front``     from enquiry to the whole front, every number of members from the fewest to one for
              each requirement, up to ten requirements
``proven``    share of the answers, and of the fronts, that were proven within the time budget
``greedy``    what is usually done: take who covers most of what is open, cheapest first
``members+``  members that greedy takes more than needed, on average
``cost x``    cost of greedy as a multiple of the optimum with as many members, median

Times are milliseconds, p50 / p95, in a warm process; the index is built before. With
``--processor-time`` they are those of the processor, for machines that do other work as well.
``--solvers`` puts some of the enquiries to toulbar2 as well (``benchmarks/consortium_solvers.py``),
in the same run and with ratios.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium import suggest
from graph.consortium.answer import Status
from graph.consortium.control import Clock
from graph.consortium.instance import Instance
from graph.consortium.plan import Plan, Planner, Query
from graph.consortium.problem import Problem, pose
from graph.matching import index_of, match
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["greedy", "main"]

SETTINGS = Settings(reference_year=2026)

FRONT_UP_TO = 10
"""Most requirements for which the whole front is measured."""

FRONT_LEVEL_S = 5.0
"""Time for each number of members."""

CLOCK = [perf_counter]
"""What time is read from."""


@dataclass(frozen=True, slots=True)
class Row:
    """Measurements of one enquiry; times in seconds."""

    pairs: int
    members: int
    optimum_s: float
    answer_s: float
    front_s: float
    is_proven: bool
    is_front_proven: bool
    greedy_s: float
    greedy_extra: int
    greedy_ratio: float


def greedy(instance: Instance, target: int) -> tuple[int, ...]:
    """Return entries chosen greedily: most open slots first, then least cost, then number."""
    chosen: list[int] = []
    while target:
        gain = np.bitwise_count(instance.masks & target)
        wanted = (target >> instance.slot) & 1 == 1
        cost = np.bincount(
            instance.organisation[wanted],
            weights=instance.cost[wanted],
            minlength=instance.organisations,
        )
        best = int(np.lexsort((cost, -gain.astype(np.int64)))[0])
        own = np.flatnonzero(wanted & (instance.organisation == best))
        chosen += own.tolist()
        target &= ~int(instance.masks[best])
    return tuple(chosen)


def cost_of(instance: Instance, entries: Sequence[int]) -> int:
    """Return the cost of an assignment."""
    by_slot = {int(instance.slot[e]): e for e in entries}
    total = sum(int(instance.cost[e]) for e in entries)
    for r, s in instance.handovers.edges:
        if r in by_slot and s in by_slot:
            one, two = np.array([by_slot[r]]), np.array([by_slot[s]])
            total += int(instance.block(r, s, one, two)[0, 0])
    return total


def measure(enquiry: Enquiry, landscape: Landscape, settings: Settings) -> Row:
    """Measure one enquiry."""
    started = CLOCK[0]()
    matches = match(enquiry, landscape, settings)
    problem = pose(enquiry, index_of(landscape), matches, settings, Clock(60))
    planner = Planner(problem.instance, problem.ranks, problem.most, Clock(settings.time_budget_s))
    plan = planner.plan()
    optimum_s = CLOCK[0]() - started
    is_front_proven = _front(planner, plan) if len(enquiry.requirements) <= FRONT_UP_TO else True
    front_s = CLOCK[0]() - started
    started = CLOCK[0]()
    suggestion = suggest(enquiry, landscape, settings)
    answer_s = CLOCK[0]() - started
    started = CLOCK[0]()
    entries = greedy(problem.instance, plan.targets[0])
    greedy_s = CLOCK[0]() - started
    members = len(set(problem.instance.organisation[list(entries)].tolist()))
    best = _optimum(problem, planner, plan.targets[0], members)
    return Row(
        pairs=len(problem.instance.slot),
        members=plan.members,
        optimum_s=optimum_s,
        answer_s=answer_s,
        front_s=front_s if len(enquiry.requirements) <= FRONT_UP_TO else float("nan"),
        is_proven=suggestion.status is Status.OPTIMAL,
        is_front_proven=is_front_proven,
        greedy_s=greedy_s,
        greedy_extra=members - plan.members,
        greedy_ratio=cost_of(problem.instance, entries) / best if best else float("nan"),
    )


def _front(planner: Planner, plan: Plan) -> bool:
    """Find the best consortium for every number of members; tell whether all are proven."""
    largest = min(max(target.bit_count() for target in plan.targets), planner.most)
    outcomes = [
        planner.best(plan.targets, members, Query(), Clock(FRONT_LEVEL_S))
        for members in range(plan.members + 1, largest + 1)
    ]
    return all(outcome.is_complete for outcome in outcomes)


def _optimum(problem: Problem, planner: Planner, target: int, members: int) -> int | None:
    """Return the optimum with as many members as greedy takes, if it is proven in time."""
    outcome = planner.best((target,), members, Query(), Clock(5.0))
    return outcome.cost if outcome.is_complete and outcome.is_found else None


def oracle_seconds(instance: Instance, target: int, members: int) -> tuple[float, int]:
    """Try all assignments, vectorised; return the time taken and the optimum found."""
    started = CLOCK[0]()
    slots = [s for s in range(instance.slots) if target >> s & 1]
    grids = np.meshgrid(*(np.flatnonzero(instance.slot == s) for s in slots), indexing="ij")
    chosen = np.stack([grid.ravel() for grid in grids])
    owners = np.sort(instance.organisation[chosen], axis=0)
    sizes = 1 + (np.diff(owners, axis=0) != 0).sum(axis=0)
    chosen = chosen[:, sizes == members]
    cost = instance.cost[chosen].sum(axis=0)
    at = {slot: row for row, slot in enumerate(slots)}
    for r, s in instance.handovers.edges:
        if r in at and s in at:
            one, two = np.flatnonzero(instance.slot == r), np.flatnonzero(instance.slot == s)
            block = instance.block(r, s, one, two)
            cost += block[chosen[at[r]] - one[0], chosen[at[s]] - two[0]]
    return CLOCK[0]() - started, int(cost.min())


def _times(values: Sequence[float]) -> str:
    p50, p95 = np.percentile(np.array(values) * 1000, [50, 95])
    return f"{p50:.0f} / {p95:.0f}" if p50 >= 10 else f"{p50:.1f} / {p95:.1f}"


HEADER = (
    f"{'landscape':>20} {'K':>3} {'n':>3} {'pairs':>6} {'N*':>5} {'optimum ms':>13} "
    f"{'answer ms':>13} {'front ms':>13} {'proven':>13} "
    f"{'greedy ms':>10} {'members+':>8} {'cost x':>7} {'time x':>7}"
)


def report(name: str, requirements: str, rows: Sequence[Row]) -> None:
    """Print one line of the table."""
    optimum = np.median([row.optimum_s for row in rows])
    baseline = np.median([row.greedy_s for row in rows])
    print(
        f"{name:>20} {requirements:>3} {len(rows):3} {np.median([r.pairs for r in rows]):6.0f} "
        f"{np.mean([r.members for r in rows]):5.1f} {_times([r.optimum_s for r in rows]):>13} "
        f"{_times([r.answer_s for r in rows]):>13} {_times([r.front_s for r in rows]):>13} "
        f"{np.mean([r.is_proven for r in rows]):6.0%} "
        f"{np.mean([r.is_front_proven for r in rows]):6.0%} "
        f"{baseline * 1000:10.2f} {np.mean([r.greedy_extra for r in rows]):8.2f} "
        f"{np.nanmedian([r.greedy_ratio for r in rows]):7.2f} {optimum / baseline:7.1f}",
        flush=True,
    )


def compare_with_oracle(enquiries: int) -> None:
    """Print the time of the engine beside trying all, where that is possible at all."""
    landscape = synthetic_landscape(Size.of(350), 1)
    rows = []
    for seed in range(enquiries):
        enquiry = synthetic_enquiry(5, seed)
        matches = match(enquiry, landscape, SETTINGS)
        problem = pose(enquiry, index_of(landscape), matches, SETTINGS, Clock(60))
        started = CLOCK[0]()
        planner = Planner(problem.instance, problem.ranks, problem.most, Clock(10))
        plan = planner.plan()
        ours = CLOCK[0]() - started
        tries = np.prod(np.bincount(problem.instance.slot, minlength=5).astype(float))
        if plan.members and plan.targets[0].bit_count() == 5 and tries < 3e6:
            theirs, best = oracle_seconds(problem.instance, plan.targets[0], plan.members)
            if best != plan.outcome.cost:
                raise AssertionError(f"seed {seed}: {plan.outcome.cost}, the oracle says {best}")
            rows.append((ours, theirs, tries))
    table = np.array(rows)
    ratio = table[:, 1] / table[:, 0]
    print(
        f"trying all: {len(rows)} enquiries, K = 5, up to {table[:, 2].max():.0f} assignments, "
        f"same optimum in all; engine {_times(table[:, 0].tolist())} ms, trying all "
        f"{_times(table[:, 1].tolist())} ms, ratio {np.median(ratio):.1f} (median), "
        f"{ratio.max():.0f} (largest)"
    )


def measure_store(home: Path) -> None:
    """Measure the real enquiries of a store."""
    from graph.enquiries import read_enquiries
    from graph.reading import read_landscape
    from graph.store import EmbeddedStore

    store = EmbeddedStore(home)
    landscape = read_landscape(store)
    enquiries = [e for _, e in sorted(read_enquiries(store).items()) if e.requirements]
    for enquiry in enquiries:
        suggest(enquiry, landscape, SETTINGS)
    rows = [measure(enquiry, landscape, SETTINGS) for enquiry in enquiries for _ in range(5)]
    report(f"reference {len(landscape.organisations)}", "all", rows)


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[350, 5_000])
    parser.add_argument("--requirements", type=int, nargs="*", default=[4, 8, 12, 16])
    parser.add_argument("--enquiries", type=int, default=20)
    parser.add_argument("--budget-s", type=float, default=5.0)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--processor-time", action="store_true")
    parser.add_argument("--solvers", action="store_true")
    options = parser.parse_args(arguments)
    CLOCK[0] = process_time if options.processor_time else perf_counter
    settings = replace(SETTINGS, time_budget_s=options.budget_s)
    compare_with_oracle(options.enquiries)
    print(HEADER)
    if options.store is not None:
        measure_store(options.store)
    for size in options.sizes:
        landscape = synthetic_landscape(Size.of(size), 1)
        index_of(landscape)
        suggest(synthetic_enquiry(4, 999), landscape, settings)
        together: list[Row] = []
        for requirements in options.requirements:
            rows = [
                measure(synthetic_enquiry(requirements, seed), landscape, settings)
                for seed in range(options.enquiries)
            ]
            report(f"synthetic {size}", str(requirements), rows)
            together += rows if requirements <= FRONT_UP_TO else []
        if together:
            report(f"synthetic {size}", f"<{FRONT_UP_TO + 1}", together)
    if options.solvers:
        beside_solvers(options.sizes, options.requirements)


def beside_solvers(sizes: Sequence[int], requirements: Sequence[int]) -> None:
    """Put a few enquiries of each kind to the other solvers as well."""
    from benchmarks import consortium_solvers  # which takes greedy from here

    print()
    given = ["--sizes", *map(str, sizes), "--requirements", *map(str, requirements)]
    consortium_solvers.main([*given, "--enquiries", "4"])


if __name__ == "__main__":
    main()
