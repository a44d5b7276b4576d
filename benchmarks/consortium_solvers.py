"""The same enquiries in one run: the engine, greedy, and toulbar2 as independent exact solver.

    uv pip install --group bench
    python -m benchmarks.consortium_solvers --sizes 350 5000 --requirements 4 8 12 --enquiries 6

Each gets the same instance (matching is not counted) and is asked for the least cost with the
fewest members. All landscapes are synthetic (``benchmarks/synthetic.py``). Columns:

``engine``      cover table and search, proven optimum
``greedy``      who covers most of what is open, cheapest first; no proof
``toulbar2``    all candidates
``filtered``    toulbar2 on what our cover table leaves; the table itself is not counted
``solved``      share that toulbar2 solved within the limit, all candidates and filtered
``x``           time as a multiple of the engine's, median of those solved
``cost x``      cost of greedy as a multiple of the optimum with as many members, median

Milliseconds of processor time, p50, so that other work on the machine does not count. Exits 1
when a solver proves another optimum.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from typing import TypeVar

import numpy as np

from benchmarks.consortium import cost_of, greedy
from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from benchmarks.toulbar import solve_with_toulbar2
from graph.consortium.control import Clock
from graph.consortium.plan import Planner, Query
from graph.consortium.problem import pose
from graph.matching import index_of, match
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["main"]

SETTINGS = Settings(reference_year=2026)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One enquiry; milliseconds, ``NaN`` where a solver gave up."""

    engine_ms: float
    greedy_ms: float
    raw_ms: float
    filtered_ms: float
    greedy_ratio: float
    is_same: bool


def timed(work: Callable[[], T], least_s: float = 0.1) -> tuple[float, T]:
    """Return the processor time that something takes, milliseconds, and what it returns.

    Repeated until ``least_s`` have passed, for the clock of the processor is coarse.
    """
    started, times = process_time(), 0
    while True:
        done = work()
        times += 1
        if (passed := process_time() - started) >= least_s:
            return passed / times * 1000, done


def compare(enquiry: Enquiry, landscape: Landscape, limit_s: int) -> Row | None:
    """Put one enquiry to all of them; ``None`` when nobody serves anything."""
    matches = match(enquiry, landscape, SETTINGS)
    problem = pose(enquiry, index_of(landscape), matches, SETTINGS, Clock(60))
    instance = problem.instance

    def engine() -> tuple[Planner, int, int, int]:
        planner = Planner(instance, problem.ranks, problem.most, Clock(60))
        plan = planner.plan()
        return planner, plan.targets[0], plan.members, plan.outcome.cost

    engine_ms, (planner, target, members, cost) = timed(engine)
    if not target:
        return None
    rest = target & ~instance.masks[instance.organisation]
    kept = np.flatnonzero(
        ((target >> instance.slot) & 1 == 1) & (planner.table[rest].astype(np.int64) < members)
    )
    greedy_ms, entries = timed(lambda: greedy(instance, target))
    found = [
        timed(lambda: solve_with_toulbar2(instance, target, members, None, limit_s)),
        timed(lambda: solve_with_toulbar2(instance, target, members, kept, limit_s)),
    ]
    size = len(set(instance.organisation[list(entries)].tolist()))
    best = planner.best((target,), size, Query(), Clock(10))
    raw_ms, filtered_ms = (float("nan") if answer is None else ms for ms, answer in found)
    return Row(
        engine_ms=engine_ms,
        greedy_ms=greedy_ms,
        raw_ms=raw_ms,
        filtered_ms=filtered_ms,
        greedy_ratio=cost_of(instance, entries) / best.cost if best.is_complete else float("nan"),
        is_same=all(answer in (None, cost) for _, answer in found),
    )


def report(size: int, requirements: int, rows: list[Row]) -> str:
    """Return one line of the table."""
    engine = np.array([row.engine_ms for row in rows])
    cells = [f"{size:9} {requirements:3} {len(rows):3} {np.median(engine):9.1f}"]
    cells.append(f"{np.median([row.greedy_ms for row in rows]):9.2f}")
    for times in ([row.raw_ms for row in rows], [row.filtered_ms for row in rows]):
        known = ~np.isnan(times)
        has_some = bool(known.any())
        middle = np.median(np.array(times)[known]) if has_some else float("nan")
        ratio = np.median((np.array(times) / engine)[known]) if has_some else float("nan")
        cells.append(f"{middle:9.0f} {ratio:7.1f} {known.mean():7.0%}")
    cells.append(f"{np.nanmedian([row.greedy_ratio for row in rows]):7.2f}")
    cells.append("same" if all(row.is_same for row in rows) else "DIFFERENT")
    return " ".join(cells)


def main(arguments: list[str] | None = None) -> int:
    """Compare and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[350, 5_000])
    parser.add_argument("--requirements", type=int, nargs="+", default=[4, 8, 12])
    parser.add_argument("--enquiries", type=int, default=6)
    parser.add_argument("--limit-s", type=int, default=10)
    given = parser.parse_args(arguments)
    print(
        f"{'companies':>9} {'K':>3} {'n':>3} {'engine':>9} {'greedy':>9} {'toulbar2':>9} {'x':>7} "
        f"{'solved':>7} {'filtered':>9} {'x':>7} {'solved':>7} {'cost x':>7} optimum"
    )
    is_same = True
    for size in given.sizes:
        landscape = synthetic_landscape(Size.of(size), 1)
        compare(synthetic_enquiry(4, 999), landscape, given.limit_s)  # builds what is kept
        for requirements in given.requirements:
            enquiries = [synthetic_enquiry(requirements, seed) for seed in range(given.enquiries)]
            rows = [compare(enquiry, landscape, given.limit_s) for enquiry in enquiries]
            done = [row for row in rows if row is not None]
            is_same &= all(row.is_same for row in done)
            print(report(size, requirements, done), flush=True)
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
