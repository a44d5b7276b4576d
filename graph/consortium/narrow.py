"""Prove the fewest members among those few who can be in such a consortium at all.

Who is in a consortium of N* members must leave no more open than N* - 1 others can cover. The
cover table says so of every set of requirements at once, and nobody else has to be priced,
placed or searched: at a million companies some hundreds instead of half a million.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.consortium.answer import Examined
from graph.consortium.control import Clock, OutOfTimeError
from graph.consortium.cover import cover_table
from graph.consortium.plan import KEPT_SHARE, NOTHING, Plan, Planner, Query
from graph.consortium.problem import Problem, pose, slots_of, wanted
from graph.matching import Index, match
from graph.matching.holders import numbers_in, packed
from graph.matching.reach import Reach, reach
from graph.model import Enquiry
from graph.settings import Settings

__all__ = ["NARROW_ABOVE", "Narrowed", "Survey", "among", "narrowed", "survey"]

NARROW_ABOVE = 20_000
"""Claims to look at from which on it pays to look twice."""

_GRACE_S = 0.04
"""Least time for pricing the few and searching among them, even if the time is up."""

_MORE = 2
"""Members more than the cover table asks for that are tried, for conditions may ask for them."""

_MOST_LOOSE = 60_000
"""Organisations that are priced at most for these; of more it is better to price everybody."""

_MOST_LATE = 5_000
"""Organisations that are priced at most when time is up, however many members there are."""


@dataclass(frozen=True, slots=True)
class Survey:
    """Who can serve what, of everybody, before anybody is priced.

    Attributes:
        reached: Who can serve which requirement.
        table: Cover table of the slots.
        full: Slots that anybody can serve, as bits.
        kinds: Which sets of slots somebody can serve.
    """

    reached: Reach
    table: NDArray[np.uint8]
    full: int
    kinds: "_Kinds"

    @property
    def members(self) -> int:
        """The fewest members that serve everything servable, whatever else is asked of them."""
        return int(self.table[self.full])

    def close(self, members: int) -> NDArray[np.int64]:
        """Return who can be in a consortium of so many members, and who is pinned."""
        pinned = wanted(self.reached.enquiry, self.reached.holders.index)
        return self.kinds.can_be_in(self.table, self.full, members, pinned)


def survey(enquiry: Enquiry, index: Index, settings: Settings, clock: Clock) -> Survey:
    """Find out who can serve what, for a valid enquiry.

    Raises:
        OutOfTimeError: Somebody has cancelled.
    """
    reached = reach(enquiry, index, settings, clock.heed)
    kinds = _Kinds.of(reached, slots_of(enquiry))
    table = cover_table(kinds.masks, len(slots_of(enquiry)), clock)
    full = int(np.bitwise_or.reduce(kinds.masks, initial=0))
    return Survey(reached, table, full, kinds)


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The best consortium with the fewest members, and the problem of those who can be in it.

    Where the plan is not feasible, no consortium of so many members, or fewer, serves everything
    servable.
    """

    problem: Problem
    planner: Planner
    plan: Plan

    @property
    def none(self) -> tuple[int, int]:
        """What is served, and up to how many members no consortium serves it."""
        return self.plan.targets[0], self.plan.members - self.plan.is_feasible


def narrowed(settings: Settings, clock: Clock, seen: Survey) -> Narrowed | None:
    """Find the best consortium that serves everything servable with the fewest members.

    What is returned is the answer that the whole problem has, if its plan is feasible; the outcome
    says whether it is proven. Else the last number of members is returned for which there is none,
    or ``None``: conditions allow fewer members or ask for so many that nearly everybody could be
    one, claims state what they can make in all, or time ran out before a consortium was found.

    Raises:
        OutOfTimeError: Somebody has cancelled.
    """
    own = clock.short_of(KEPT_SHARE)
    is_late = not own.leaves(_GRACE_S)
    own = own.grace(_GRACE_S)
    known = None
    try:
        for members in range(seen.members, seen.members + _MORE + 1) if seen.full else ():
            who = seen.close(members)
            if len(who) > _MOST_LATE and is_late:
                break
            if len(who) > _MOST_LOOSE and members > seen.members:
                break
            found = _with_so_many(members, who, settings, clock, own, seen)
            if found is None:
                break
            known = found
            if known.plan.is_feasible:
                break
    except OutOfTimeError:
        clock.heed()  # else very many can be in it
    return known


def _with_so_many(
    members: int, who: NDArray[np.int64], settings: Settings, clock: Clock, own: Clock, seen: Survey
) -> Narrowed | None:
    """Find the best consortium of so many members; its plan is not feasible when there is none.

    ``None`` when that is not known, or says nothing about the whole problem.
    """
    problem = replace(among(who, settings, own, seen), examined=Examined.FEWEST_MEMBERS)
    planner = Planner(problem.instance, problem.ranks, problem.most, clock, table=seen.table)
    if members > problem.most or problem.instance.capacities or not planner.can_be_met():
        return None
    target = (seen.full,)
    if members < planner.fewest_possible(target):
        return Narrowed(problem, planner, Plan(target, members, NOTHING, True, True, False))
    outcome = planner.best(target, members, Query(), own)
    if not outcome.is_found and not outcome.is_complete:
        return None
    return Narrowed(problem, planner, Plan(target, members, outcome, True, True, outcome.is_found))


def among(
    organisations: NDArray[np.int64], settings: Settings, clock: Clock, seen: Survey
) -> Problem:
    """Return the problem of some organisations, with how many others there are.

    Args:
        organisations: Their numbers, ascending.
        settings: Weights and the reference year.
        clock: When to stop.
        seen: Who can serve what.

    Raises:
        OutOfTimeError: The clock says so.
    """
    reached = seen.reached
    index = reached.holders.index
    rows = reached.rows(organisations)
    matches = match(reached.enquiry, index.landscape, settings, clock.check, rows)
    problem = pose(reached.enquiry, index, matches, settings, clock)
    able = tuple(reached.how_many(number) for number in range(len(reached.able)))
    return replace(problem, able=able, candidates=reached.how_many_in_all)


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
