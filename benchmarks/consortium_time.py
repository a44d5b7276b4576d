"""Does a suggestion keep its time, does cancelling work, and do the bounds hold?

    python -m benchmarks.consortium_time --organisations 50000 --budgets 20 100 300 --enquiries 6

All landscapes are synthetic (``benchmarks/synthetic.py``). One row for each budget:

``late p50``, ``late max``  how much longer the complete answer took than allowed, ms
``proven``   share of the answers that were proven all the same
``whole``    share of the answers for which everybody was priced, not only who can be in so small
             a consortium (``graph.consortium.answer.Examined``)
``nothing``  answers without a consortium although there is one
``wrong``    answers whose bounds do not hold: every answer that was cut short is compared with the
             optimum, which is found with much time before; exits 1 when
             ``lower bound <= optimum <= cost`` does not hold, or more is said to be proven than is

Then, with ``--watch`` seconds of time: the longest time between two looks at the clock and where
the second of them was, and how long after somebody had cancelled the answer came, at most, when
this was at ten moments of each enquiry. ``--watched`` says for how many enquiries of each number of
requirements; with ``--processor-time`` in time of the processor, for machines that do other work.
"""

import argparse
import gc
import sys
from dataclasses import replace
from functools import partial
from time import perf_counter, process_time
from traceback import extract_stack

import numpy as np

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium import Suggestion, suggest
from graph.consortium.answer import Examined, Status
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["main"]

SETTINGS = Settings(reference_year=2026, time_budget_s=60)
CLOCK = [perf_counter]
"""What the time between two looks is read from."""

MOMENTS = [(n + 0.5) / 10 for n in range(10)]
"""When somebody cancels, as shares of the time that the whole answer takes."""

BARE = replace(SETTINGS, front_extra=0, alternatives=0, replacements=False)


def is_wrong(cut: Suggestion, best: Suggestion) -> bool:
    """Tell whether the bounds of an answer that was cut short contradict the optimum."""
    if best.status is not Status.OPTIMAL or best.cost is None or cut.cost is None:
        return False
    if len(cut.assignments) != len(best.assignments):
        return cut.proof.coverage_proven
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
    late, cuts = [], []
    for enquiry in enquiries:
        started = perf_counter()
        cuts.append(suggest(enquiry, landscape, replace(SETTINGS, time_budget_s=budget_s)))
        late.append((perf_counter() - started - budget_s) * 1000)
    proven = np.mean([cut.status is Status.OPTIMAL for cut in cuts])
    whole = np.mean([cut.proof.examined is Examined.EVERYBODY for cut in cuts])
    nothing = sum(cut.status is Status.UNDECIDED for cut in cuts)
    wrong = sum(map(is_wrong, cuts, best))
    return (
        f"{budget_s * 1000:9.0f} {np.median(late):9.0f} {max(late):9.0f} {proven:9.0%} "
        f"{whole:9.0%} {nothing:9} {wrong:9}",
        wrong,
    )


class Watch:
    """Never cancels, and notes the longest time between two questions, and who asked then.

    Attributes:
        longest_s: The longest time.
        where: Functions of the second question, the innermost first.
    """

    def __init__(self) -> None:
        self.longest_s, self.where = 0.0, ""
        self.begin()

    def begin(self) -> None:
        """Begin to listen."""
        self._last = CLOCK[0]()

    def __call__(self) -> bool:
        """Answer that it goes on."""
        silence_s = CLOCK[0]() - self._last
        if silence_s > self.longest_s:
            stack = extract_stack(limit=9)[:-1]
            names = [f.name for f in reversed(stack) if not f.filename.endswith("control.py")]
            self.longest_s, self.where = silence_s, " < ".join(names[:5])
        self.begin()
        return False


def longest_silence(
    enquiries: list[Enquiry], landscape: Landscape, settings: Settings
) -> tuple[float, str]:
    """Return the longest time in which nobody asked whether to cancel, ms, and who asked then."""
    watch = Watch()
    for enquiry in enquiries:
        watch.begin()
        suggest(enquiry, landscape, settings, watch)
        watch()
    return watch.longest_s * 1000, watch.where


def is_past(end: float) -> bool:
    """Tell whether a moment is over."""
    return CLOCK[0]() >= end


def longest_cancelling_ms(
    enquiries: list[Enquiry], landscape: Landscape, settings: Settings
) -> float:
    """Return how long after somebody had cancelled the answer came, at most."""
    delays = [0.0]
    for enquiry in enquiries:
        started = CLOCK[0]()
        suggest(enquiry, landscape, settings)
        whole_s = CLOCK[0]() - started
        for share in MOMENTS:
            end = CLOCK[0]() + share * whole_s
            suggest(enquiry, landscape, settings, partial(is_past, end))
            delays.append(CLOCK[0]() - end)
    return max(delays) * 1000


def main(arguments: list[str] | None = None) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--organisations", type=int, default=50_000)
    parser.add_argument("--budgets", type=int, nargs="+", default=[20, 100, 300])
    parser.add_argument("--requirements", type=int, nargs="+", default=[6, 10, 14])
    parser.add_argument("--enquiries", type=int, default=4)
    parser.add_argument("--watched", type=int, help="of each number; all by default")
    parser.add_argument("--watch", type=float, default=60, metavar="SECONDS")
    parser.add_argument("--processor-time", action="store_true")
    given = parser.parse_args(arguments)
    CLOCK[0] = process_time if given.processor_time else perf_counter
    landscape = synthetic_landscape(Size.of(given.organisations), 1)
    counts = [k for k in given.requirements for _ in range(given.enquiries)]
    enquiries = [synthetic_enquiry(k, seed) for seed, k in enumerate(counts)]
    best = [suggest(enquiry, landscape, BARE) for enquiry in enquiries]
    gc.collect()
    gc.freeze()  # as a server does: what stays is not looked through again and again
    heads = ("budget ms", "late p50", "late max", "proven", "whole", "nothing", "wrong")
    print(*(f"{head:>9}" for head in heads))
    mistakes = 0
    for budget in given.budgets:
        row, wrong = measure(enquiries, best, landscape, budget / 1000)
        mistakes += wrong
        print(row, flush=True)
    watched = [e for n, e in enumerate(enquiries) if n % given.enquiries < (given.watched or n + 1)]
    settings = replace(SETTINGS, time_budget_s=given.watch)
    silence, where = longest_silence(watched, landscape, settings)
    print(f"longest time without a look at the clock: {silence:.0f} ms, before {where}", flush=True)
    delay = longest_cancelling_ms(watched, landscape, settings)
    print(f"longest time from cancelling to the answer: {delay:.0f} ms")
    return 1 if mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
