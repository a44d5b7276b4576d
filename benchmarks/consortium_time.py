"""Does a suggestion keep its time, does cancelling work, and do the bounds hold?

    python -m benchmarks.consortium_time --organisations 50000 --budgets 20 100 300 --enquiries 6

All landscapes are synthetic (``benchmarks/synthetic.py``). For each budget: how much longer the
complete answer took than allowed, and how often it was proven all the same. The bounds of every
answer that was cut short are compared with the optimum, which is found with much time before;
exits 1 when ``lower bound <= optimum <= cost`` does not hold. The last row is the longest time
between two looks at the clock, which is how long cancelling can take; with ``--processor-time``
in time of the processor, for machines that do other work as well.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter, process_time

import numpy as np

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium import Suggestion, suggest
from graph.consortium.answer import Status
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["main"]

SETTINGS = Settings(reference_year=2026, time_budget_s=60)
CLOCK = [perf_counter]
"""What the time between two looks is read from."""

BARE = replace(SETTINGS, front_extra=0, alternatives=0, replacements=False)


def is_wrong(cut: Suggestion, best: Suggestion) -> bool:
    """Tell whether the bounds of an answer that was cut short contradict the optimum."""
    if best.status is not Status.OPTIMAL or best.cost is None or cut.cost is None:
        return False
    if len(cut.members) != len(best.members):
        return cut.proof.fewest_members_proven
    bound = cut.proof.lower_bound_km
    return cut.cost.total_km < best.cost.total_km or (
        bound is not None and bound > best.cost.total_km
    )


def measure(
    enquiries: list[Enquiry], best: list[Suggestion], landscape: Landscape, budget_s: float
) -> tuple[str, int]:
    """Return the row of one budget and how many answers are wrong."""
    late, proven, nothing, wrong = [], 0, 0, 0
    for enquiry, optimum in zip(enquiries, best, strict=True):
        started = perf_counter()
        cut = suggest(enquiry, landscape, replace(SETTINGS, time_budget_s=budget_s))
        late.append((perf_counter() - started - budget_s) * 1000)
        proven += cut.status is Status.OPTIMAL
        nothing += cut.status is Status.UNDECIDED
        wrong += is_wrong(cut, optimum)
    share = proven / len(enquiries)
    return (
        f"{budget_s * 1000:9.0f} {np.median(late):9.0f} {max(late):9.0f} {share:9.0%} "
        f"{nothing:9} {wrong:9}",
        wrong,
    )


def watch(times: list[float]) -> Callable[[], bool]:
    """Return a question that never cancels and notes when it was asked."""

    def ask() -> bool:
        times.append(CLOCK[0]())
        return False

    return ask


def longest_silence_ms(enquiries: list[Enquiry], landscape: Landscape) -> float:
    """Return the longest time in which nobody asked whether to cancel."""
    longest = 0.0
    for enquiry in enquiries:
        times = [CLOCK[0]()]
        suggest(enquiry, landscape, SETTINGS, watch(times))
        times.append(CLOCK[0]())
        longest = max(longest, float(np.diff(times).max()))
    return longest * 1000


def main(arguments: list[str] | None = None) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--organisations", type=int, default=50_000)
    parser.add_argument("--budgets", type=int, nargs="+", default=[20, 100, 300])
    parser.add_argument("--requirements", type=int, nargs="+", default=[6, 10, 14])
    parser.add_argument("--enquiries", type=int, default=4)
    parser.add_argument("--processor-time", action="store_true")
    given = parser.parse_args(arguments)
    CLOCK[0] = process_time if given.processor_time else perf_counter
    landscape = synthetic_landscape(Size.of(given.organisations), 1)
    counts = [k for k in given.requirements for _ in range(given.enquiries)]
    enquiries = [synthetic_enquiry(k, seed) for seed, k in enumerate(counts)]
    best = [suggest(enquiry, landscape, BARE) for enquiry in enquiries]
    print(*(f"{h:>9}" for h in ("budget ms", "late p50", "late max", "proven", "nothing", "wrong")))
    mistakes = 0
    for budget in given.budgets:
        row, wrong = measure(enquiries, best, landscape, budget / 1000)
        mistakes += wrong
        print(row, flush=True)
    silence = longest_silence_ms(enquiries, landscape)
    print(f"longest time without a look at the clock: {silence:.0f} ms")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
