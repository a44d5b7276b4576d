"""Prove the fewest members among those few who can be in such a consortium at all.

Who is in a consortium of N* members must leave no more open than N* - 1 others can cover. The
cover table says so of every set of requirements at once, and nobody else has to be priced,
placed or searched: at a million companies some hundreds instead of half a million.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import Clock
from graph.consortium.cover import cover_table
from graph.consortium.plan import Plan, Planner, Query
from graph.consortium.problem import Problem, pose, slots_of, wanted
from graph.matching import Index, match
from graph.matching.holders import numbers_in, packed
from graph.matching.reach import Reach, claims_of, reach
from graph.model import Enquiry
from graph.settings import Settings

__all__ = ["NARROW_ABOVE", "Narrowed", "narrowed"]

NARROW_ABOVE = 20_000
"""Claims to look at from which on it pays to look twice."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The best consortium with the fewest members, and the problem of those who can be in it."""

    problem: Problem
    planner: Planner
    plan: Plan


def narrowed(
    enquiry: Enquiry,
    index: Index,
    settings: Settings,
    clock: Clock,
    narrow_above: int = NARROW_ABOVE,
) -> Narrowed | None:
    """Find the best consortium that serves everything servable with the fewest members.

    ``None`` when that is not the answer, or not known to be: there are few claims, the conditions
    on members ask for more members or allow fewer, claims state what they can make in all, or
    time ran out before a consortium was found. What is returned is the answer that the whole
    problem has; the outcome says whether it is proven.

    Raises:
        EnquiryError: The enquiry cannot be answered as it is put.
        OutOfTimeError: Somebody has cancelled.
    """
    if claims_of(enquiry, index) <= narrow_above:
        return None
    reached = reach(enquiry, index, settings, clock.heed)
    kinds = _Kinds.of(reached, slots_of(enquiry))
    table = cover_table(kinds.masks, len(slots_of(enquiry)), clock)
    full = int(np.bitwise_or.reduce(kinds.masks, initial=0))
    members = int(table[full])
    if not full:
        return None
    within = kinds.can_be_in(table, full, members, wanted(enquiry, index))
    matches = match(enquiry, index.landscape, settings, clock.heed, reached.rows(within))
    problem = pose(enquiry, index, matches, settings, clock)
    planner = Planner(problem.instance, problem.ranks, problem.most, clock, table=table)
    if members > problem.most or problem.instance.capacities or not planner.can_be_met():
        return None
    outcome = planner.best((full,), members, Query(), planner.search_clock())
    if not outcome.is_found:
        return None
    return Narrowed(problem, planner, Plan((full,), members, outcome, True, True, True))


@dataclass(frozen=True)
class _Kinds:
    """Which sets of slots somebody can serve.

    Attributes:
        reached: Who can serve which requirement.
        several: Organisations that can serve more than one requirement, ascending.
        masks: Slots of each of them as bits, then of all who can serve one requirement.
        alone: The requirements that somebody can serve.
    """

    reached: Reach
    several: NDArray[np.int64]
    masks: NDArray[np.int32]
    alone: tuple[int, ...]

    @classmethod
    def of(cls, reached: Reach, slots: list[int]) -> "_Kinds":
        """Find them.

        Args:
            reached: Who can serve which requirement.
            slots: Requirement of each slot, second sources last.
        """
        able = [reached.how_many(requirement) for requirement in range(len(reached.able))]
        several, masks = reached.of_several()
        alone = tuple(requirement for requirement, count in enumerate(able) if count)
        masks = np.concatenate([masks, np.array([1 << r for r in alone], dtype=np.int32)])
        for slot, requirement in enumerate(slots):
            # Whoever serves a requirement can be its second source, but not their own.
            if slot >= len(able) and able[requirement] > 1:
                masks |= (masks >> requirement & 1) << slot
        return cls(reached, several, masks, alone)

    def can_be_in(
        self, table: NDArray[np.uint8], full: int, members: int, pinned: list[int]
    ) -> NDArray[np.int64]:
        """Return who leaves no more open than the other members could cover, and who is pinned."""
        fit = (table < members)[full & ~self.masks]
        several, alone = np.split(fit, [len(self.several)])
        holders = self.reached.holders
        who = packed(self.several[several], holders.count) | packed(pinned, holders.count)
        for requirement, is_in in zip(self.alone, alone.tolist(), strict=True):
            if is_in:
                who |= self.reached.able[requirement]
        return numbers_in(who)
