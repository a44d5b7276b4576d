"""Match, pose and plan: everything up to the best consortium, without what surrounds it."""

from dataclasses import dataclass, replace

import numpy as np

from graph.consortium.control import INFINITE, Clock
from graph.consortium.narrow import NARROW_ABOVE, Narrowed, narrowed
from graph.consortium.plan import Plan, Planner
from graph.consortium.preparation import prepared
from graph.consortium.problem import Problem, pose
from graph.matching import match
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["Solved", "prove", "solve"]


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
    known = narrowed(enquiry, index, settings, clock, narrow_above)
    matches = match(enquiry, landscape, settings, clock.heed)
    problem = pose(enquiry, index, matches, settings, clock)
    table = None if known is None else known.planner.table
    planner = Planner(problem.instance, problem.ranks, problem.most, clock, table=table)
    plan = planner.plan() if known is None else _carried_over(known, problem)
    return Solved(problem, planner, plan)


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
    known = narrowed(enquiry, prepared(landscape, settings), settings, clock, narrow_above)
    if known is None:
        return solve(enquiry, landscape, settings, clock, INFINITE)
    return Solved(known.problem, known.planner, known.plan)


def _carried_over(known: Narrowed, problem: Problem) -> Plan:
    """Return the plan with the entries of the whole problem."""
    few, every = known.problem.instance, problem.instance
    chosen = np.array(known.plan.outcome.entries, dtype=np.int64)
    owners = np.searchsorted(problem.numbers, known.problem.numbers[few.organisation[chosen]])
    slots = few.slot[chosen]
    wide = every.slot * every.organisations + every.organisation  # ascending, as entries are
    entries = np.searchsorted(wide, slots * every.organisations + owners)
    outcome = replace(known.plan.outcome, entries=tuple(entries.tolist()))
    return replace(known.plan, outcome=outcome)
