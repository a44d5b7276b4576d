"""Match, pose and plan: everything up to the best consortium, without what surrounds it."""

from dataclasses import dataclass

from graph.consortium.control import Clock
from graph.consortium.plan import Plan, Planner
from graph.consortium.problem import Problem, pose
from graph.matching import index_of, match
from graph.model import Enquiry, Landscape
from graph.settings import Settings

__all__ = ["Solved", "solve"]


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


def solve(enquiry: Enquiry, landscape: Landscape, settings: Settings, clock: Clock) -> Solved:
    """Find the best consortium.

    Raises:
        EnquiryError: The enquiry cannot be answered as it is put.
        OutOfTimeError: Somebody has cancelled before the search began.
    """
    matches = match(enquiry, landscape, settings, clock.heed)
    problem = pose(enquiry, index_of(landscape), matches, settings, clock)
    planner = Planner(problem.instance, problem.ranks, problem.most, clock)
    return Solved(problem, planner, planner.plan())
