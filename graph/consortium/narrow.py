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
from graph.matching.reach import claims_of, reach
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
    reached, fit = reach(enquiry, index, settings, clock.heed)
    masks = _slot_masks(enquiry, reached)
    table = cover_table(masks, len(slots_of(enquiry)), clock)
    full = int(np.bitwise_or.reduce(masks, initial=0))
    members = int(table[full])
    if not full:
        return None
    within = _can_be_in(masks, table, full, members)
    within[wanted(enquiry, index)] = True
    rows = [own[within[index.claim_organisation[own]]] for own in fit]
    matches = match(enquiry, index.landscape, settings, clock.heed, rows)
    problem = pose(enquiry, index, matches, settings, clock)
    planner = Planner(problem.instance, problem.ranks, problem.most, clock, table=table)
    if members > problem.most or problem.instance.capacities or not planner.can_be_met():
        return None
    outcome = planner.best((full,), members, Query(), planner.search_clock())
    if not outcome.is_found:
        return None
    return Narrowed(problem, planner, Plan((full,), members, outcome, True, True, True))


def _can_be_in(
    masks: NDArray[np.int32], table: NDArray[np.uint8], full: int, members: int
) -> NDArray[np.bool_]:
    """Tell of each organisation whether the others could cover what it leaves open."""
    if len(table) > len(masks):
        of_each: NDArray[np.bool_] = table[full & ~masks] < members
        return of_each
    sets = np.arange(len(table), dtype=np.int32)
    by_set: NDArray[np.bool_] = table[full & ~sets] < members
    return by_set[masks]


def _slot_masks(enquiry: Enquiry, masks: NDArray[np.int32]) -> NDArray[np.int32]:
    """Add the second sources, which are served by whoever serves the requirement."""
    for slot, requirement in enumerate(slots_of(enquiry)):
        if slot < len(enquiry.requirements):
            continue
        able = masks >> requirement & 1
        if int(able.sum()) > 1:  # nobody is their own second source
            masks |= able << slot
    return masks
