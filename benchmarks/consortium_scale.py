"""How long does the proven optimum take when there are very many companies, and in how much memory?

    python -m benchmarks.consortium_scale --sizes 50000 500000 1000000 --enquiries 8

One row for each size, all landscapes synthetic (``benchmarks/synthetic.py``). Columns:

``make``, ``index``  making the landscape and its index, seconds
``memory``           most memory the process has held so far, GB
``p50``, ``p95``     from enquiry to proven optimum with the fewest members, matching included, ms
``cpu50``, ``cpu95`` the same in processor time, for machines that do other work as well, ms
``proven``           share of the enquiries that were proven in time
``match`` ...        p50 of each part, ms

Sizes are measured in the order given, so memory is that of the largest so far.
"""

import argparse
import gc
import resource
from collections.abc import Callable
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium.control import Clock
from graph.consortium.plan import Planner
from graph.consortium.problem import pose
from graph.matching import index_of, match
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["main"]

SETTINGS = Settings(reference_year=2026, time_budget_s=10)
PARTS = ("match", "pose", "table", "search")

T = TypeVar("T")


def timed(times: list[float], work: Callable[[], T]) -> T:
    """Run something and note how long it took, milliseconds."""
    started = perf_counter()
    done = work()
    times.append((perf_counter() - started) * 1000)
    return done


def parts_of(enquiry: Enquiry, landscape: Landscape) -> tuple[list[float], float, bool]:
    """Return how long each part took and the processor time of all, ms, and if it is proven."""
    times: list[float] = []
    started = process_time()
    matches = timed(times, lambda: match(enquiry, landscape, SETTINGS))
    index = index_of(landscape)
    problem = timed(times, lambda: pose(enquiry, index, matches, SETTINGS, Clock(60)))
    clock = Clock(SETTINGS.time_budget_s)
    planner = timed(times, lambda: Planner(problem.instance, problem.ranks, problem.most, clock))
    plan = timed(times, planner.plan)
    return times, (process_time() - started) * 1000, plan.outcome.is_complete


def memory_gb() -> float:
    """Return the most memory this process has held, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def measure(organisations: int, requirements: list[int], enquiries: int) -> str:
    """Measure one size and return its row."""
    once: list[float] = []
    landscape = timed(once, lambda: synthetic_landscape(Size.of(organisations), 1))
    gc.freeze()  # what stays for good need not be looked through again and again
    timed(once, lambda: index_of(landscape))
    parts_of(synthetic_enquiry(requirements[0], 0), landscape)  # builds what is kept
    rows = [
        parts_of(synthetic_enquiry(count, seed), landscape)
        for count in requirements
        for seed in range(enquiries)
    ]
    times = np.array([row for row, _, _ in rows])
    p50, p95 = np.percentile(times.sum(axis=1), [50, 95])
    cpu50, cpu95 = np.percentile([cpu for _, cpu, _ in rows], [50, 95])
    parts = " ".join(f"{part:8.0f}" for part in np.median(times, axis=0))
    proven = np.mean([is_proven for _, _, is_proven in rows])
    return (
        f"{organisations:9} {once[0] / 1000:7.1f} {once[1] / 1000:7.1f} {memory_gb():7.2f} "
        f"{p50:8.0f} {p95:8.0f} {cpu50:8.0f} {cpu95:8.0f} {proven:7.0%} {parts}"
    )


def main(arguments: list[str] | None = None) -> None:
    """Measure every size and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 50_000])
    parser.add_argument("--requirements", type=int, nargs="+", default=[4, 8, 12, 16])
    parser.add_argument("--enquiries", type=int, default=8)
    given = parser.parse_args(arguments)
    heads = ("make", "index", "memory", "p50", "p95", "cpu50", "cpu95", "proven", *PARTS)
    widths = (7, 7, 7, 8, 8, 8, 8, 7, 8, 8, 8, 8)
    cells = " ".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))
    print(f"companies {cells}", flush=True)
    for size in given.sizes:
        print(measure(size, given.requirements, given.enquiries), flush=True)


if __name__ == "__main__":
    main()
