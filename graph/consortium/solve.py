"""Match, pose and plan: everything up to the best consortium, without what surrounds it."""

from dataclasses import dataclass, replace

import numpy as np

from graph.consortium.control import Clock, OutOfTimeError
from graph.consortium.narrow import NARROW_ABOVE, Narrowed, Survey, narrowed, survey
from graph.consortium.plan import Plan, Planner
from graph.consortium.preparation import prepared
from graph.consortium.problem import Problem, pose
from graph.consortium.promising import found_among_promising
from graph.matching import Index, match
from graph.matching.reach import claims_of
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["Solved", "prove", "solve"]


_KEPT_AFTER_PRICING = 0.3
"""Share of the time that is kept for what follows when everybody is not soon priced."""


@dataclass(frozen=True, slots=True)
class Solved:
    """A solved enquiry.

    Attributes:
        problem: What was asked, as numbers.
        planner: What asks the search; it can be asked more.
        plan: The best consortium.
    """

    problem: Problem
    planner: Planner
    plan: Plan

    @property
    def served(self) -> int:
        """Slots that the plan serves, as bits."""
        return sum(1 << int(self.planner.instance.slot[e]) for e in self.plan.outcome.entries)


def solve(
    enquiry: Enquiry,
    landscape: Landscape,
    settings: Settings,
    clock: Clock,
    narrow_above: int = NARROW_ABOVE,
) -> Solved:
    """Find the best consortium, among all who can serve something.

    Args:
        enquiry: What is needed.
        landscape: Who offers what.
        settings: Weights, reference year, time budget.
        clock: When to stop.
        narrow_above: Claims from which on the fewest members are proven among few first.

    Raises:
        EnquiryError: The enquiry cannot be answered as it is put.
        OutOfTimeError: Somebody has cancelled before the search began.
    """
    index = prepared(landscape, settings)
    is_large = claims_of(enquiry, index) > narrow_above
    seen = survey(enquiry, index, settings, clock) if is_large else None
    known = None if seen is None else narrowed(settings, clock, seen)
    return _completed(enquiry, index, settings, clock, seen, known)


def _completed(
    enquiry: Enquiry,
    index: Index,
    settings: Settings,
    clock: Clock,
    seen: Survey | None,
    known: Narrowed | None,
) -> Solved:
    """Price everybody, if there is time; else return what is known, or can soon be found."""
    pricing = clock.without_end() if seen is None else clock.short_of(_KEPT_AFTER_PRICING)
    solved = None
    try:
        solved = _among_everybody(enquiry, index, settings, clock, pricing, known)
    except OutOfTimeError:
        clock.heed()
    if solved is not None and (solved.plan.is_feasible or solved.plan.coverage_proven):
        return solved
    if known is not None and known.plan.is_feasible:
        return Solved(known.problem, known.planner, known.plan)
    seen = seen or survey(enquiry, index, settings, clock)
    return Solved(*found_among_promising(settings, clock, seen, _none(known)))


def _among_everybody(
    enquiry: Enquiry,
    index: Index,
    settings: Settings,
    clock: Clock,
    pricing: Clock,
    known: Narrowed | None,
) -> Solved:
    matches = match(enquiry, index.landscape, settings, pricing.check)
    problem = pose(enquiry, index, matches, settings, pricing)
    table = None if known is None else known.planner.table
    planner = Planner(
        problem.instance, problem.ranks, problem.most, clock, table=table, none=_none(known)
    )
    if known is not None and known.plan.is_feasible:
        return Solved(problem, planner, _carried_over(known, problem))
    return Solved(problem, planner, planner.plan())


def _none(known: Narrowed | None) -> tuple[int, int]:
    """Return what is served by nobody of up to how many members; see :class:`Planner`."""
    return (0, 0) if known is None else known.none


def prove(
    enquiry: Enquiry,
    landscape: Landscape,
    settings: Settings,
    clock: Clock,
    narrow_above: int = NARROW_ABOVE,
) -> Solved:
    """Find the same consortium as :func:`solve`, in a problem that may know nobody else.

    For whoever wants the consortium only: where a few can be in it, the others are not priced.

    Raises:
        EnquiryError: The enquiry cannot be answered as it is put.
        OutOfTimeError: Somebody has cancelled before the search began.
    """
    index = prepared(landscape, settings)
    is_large = claims_of(enquiry, index) > narrow_above
    seen = survey(enquiry, index, settings, clock) if is_large else None
    known = None if seen is None else narrowed(settings, clock, seen)
    if known is None or not known.plan.is_feasible:
        return _completed(enquiry, index, settings, clock, seen, known)
    return Solved(known.problem, known.planner, known.plan)


def _carried_over(known: Narrowed, problem: Problem) -> Plan:
    """Return the plan with the entries of the whole problem."""
    few, every = known.problem.instance, problem.instance
    chosen = np.array(known.plan.outcome.entries, dtype=np.int64)
    owners = np.searchsorted(problem.numbers, known.problem.numbers[few.organisation[chosen]])
    entries = []
    for slot, owner in zip(few.slot[chosen].tolist(), owners.tolist(), strict=True):
        first, last = every.starts[slot : slot + 2].tolist()
        entries.append(first + int(np.searchsorted(every.organisation[first:last], owner)))
    outcome = replace(known.plan.outcome, entries=tuple(entries))
    return replace(known.plan, outcome=outcome)
