"""How long does the proven optimum take when there are very many companies, and in how much memory?

    python -m benchmarks.consortium_scale --sizes 50000 500000 1000000 --enquiries 8

One row for each size, all landscapes synthetic (``benchmarks/synthetic.py``). Columns:

``make``, ``index``  making the landscape, and its index with all that enquiries derive of it, s
``memory``           most memory the process has held so far, GB
``p50``, ``p95``, ``mean``  from enquiry to proven optimum with the fewest members, matching
                     included, wall time, ms
``cpu50``, ``cpu95``, ``cpu``  the same in processor time, for machines that do other work as well
``proven``           share of the enquiries that were proven in time
``pairs``            median of the pairs of a company and a requirement that were priced at all
``ratio``            median, 95th percentile and mean of processor time, each as a multiple of that
                     of the size before

Sizes are measured in the order given, so memory is that of the largest so far. How many of the
enquiries are hard depends on the landscape; ``--landscapes`` puts together those of several.
"""

import argparse
import gc
import resource
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import TypeVar

import numpy as np

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium.control import Clock
from graph.consortium.preparation import prepared
from graph.consortium.solve import prove
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["main"]

SETTINGS = Settings(reference_year=2026, time_budget_s=60)

T = TypeVar("T")


def timed(times: list[float], work: Callable[[], T]) -> T:
    """Run something and note how long it took, milliseconds."""
    started = perf_counter()
    done = work()
    times.append((perf_counter() - started) * 1000)
    return done


@dataclass(frozen=True, slots=True)
class Run:
    """One enquiry: wall and processor time, ms, pairs that were priced, whether it is proven."""

    wall_ms: float
    cpu_ms: float
    pairs: int
    is_proven: bool


def run(enquiry: Enquiry, landscape: Landscape) -> Run:
    """Go from an enquiry to the proven optimum with the fewest members."""
    wall, cpu = perf_counter(), process_time()
    solved = prove(enquiry, landscape, SETTINGS, Clock(SETTINGS.time_budget_s))
    return Run(
        wall_ms=(perf_counter() - wall) * 1000,
        cpu_ms=(process_time() - cpu) * 1000,
        pairs=len(solved.problem.instance.slot),
        is_proven=solved.plan.members_proven and solved.plan.outcome.is_complete,
    )


def memory_gb() -> float:
    """Return the most memory this process has held, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


Figures = tuple[float, float, float]
"""Median, 95th percentile and mean."""


def figures(times: list[float]) -> Figures:
    """Return what is told of some times."""
    p50, p95 = np.percentile(times, [50, 95])
    return float(p50), float(p95), float(np.mean(times))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of each size: landscapes, numbers of requirements, enquiries of each."""

    landscapes: int
    requirements: list[int]
    enquiries: int


def runs_in(organisations: int, seed: int, asked: Asked, once: list[float]) -> list[Run]:
    """Run all enquiries in one landscape; note how long making and indexing it took, ms."""
    landscape = timed(once, lambda: synthetic_landscape(Size.of(organisations), seed))
    gc.freeze()  # what stays for long need not be looked through again and again
    timed(once, lambda: prepared(landscape, SETTINGS))
    return [
        run(synthetic_enquiry(count, number), landscape)
        for count in asked.requirements
        for number in range(asked.enquiries)
    ]


def measure(organisations: int, asked: Asked, before: Figures | None) -> tuple[str, Figures]:
    """Measure one size; return its row and the figures of processor time, ms."""
    once: list[float] = []
    runs: list[Run] = []
    for seed in range(1, asked.landscapes + 1):
        runs += runs_in(organisations, seed, asked, once)
        gc.unfreeze()
        gc.collect()
    cpu = figures([r.cpu_ms for r in runs])
    times = " ".join(f"{ms:6.0f}" for ms in (*figures([r.wall_ms for r in runs]), *cpu))
    proven = np.mean([r.is_proven for r in runs])
    pairs = np.median([r.pairs for r in runs])
    ratios = [] if before is None else [now / then for now, then in zip(cpu, before, strict=True)]
    row = (
        f"{organisations:9} {once[0] / 1000:7.1f} {once[1] / 1000:7.1f} {memory_gb():7.2f} "
        f"{times} {proven:7.0%} {pairs:8.0f}  {' '.join(f'{ratio:.1f}' for ratio in ratios)}"
    )
    return row, cpu


def main(arguments: list[str] | None = None) -> None:
    """Measure every size and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[5_000, 50_000])
    parser.add_argument("--requirements", type=int, nargs="+", default=[4, 8, 12, 16])
    parser.add_argument("--enquiries", type=int, default=8)
    parser.add_argument("--landscapes", type=int, default=1, help="of each size, pooled")
    given = parser.parse_args(arguments)
    heads = (
        "make", "index", "memory", "p50", "p95", "mean", "cpu50", "cpu95", "cpu", "proven",
        "pairs", "ratio",
    )  # fmt: skip
    widths = (7, 7, 7, 6, 6, 6, 6, 6, 6, 7, 8, 11)
    cells = " ".join(f"{head:>{width}}" for head, width in zip(heads, widths, strict=True))
    print(f"companies {cells}", flush=True)
    before: Figures | None = None
    for size in given.sizes:
        asked = Asked(given.landscapes, given.requirements, given.enquiries)
        row, before = measure(size, asked, before)
        print(row, flush=True)


if __name__ == "__main__":
    main()
