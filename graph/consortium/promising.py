"""Find a consortium among some who serve much, when there is no time to price everybody."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from graph.consortium.answer import Examined
from graph.consortium.control import Clock
from graph.consortium.groups import group_of
from graph.consortium.narrow import Survey, among
from graph.consortium.plan import Plan, Planner
from graph.consortium.problem import Problem, wanted
from graph.settings import Settings

__all__ = ["found_among_promising", "promising"]

_SIZES = ((30, 4), (120, 12), (500, 30))
"""How many of those who serve most are looked at, and of each requirement or group of members at
least; more as long as there is time for them."""

_LAST_S = 0.05
"""Least time for another try when nothing was found, for nothing is no answer."""

_LEAST_S = 0.02
"""Time from which on more are looked at."""

_LISTED = 5000
"""Those who serve most are ordered until they are so many."""

_SEARCH_S = 0.01
"""Least time for the search, even if the time is up."""

Numbers = NDArray[np.int64]
Found = tuple[Problem, Planner, Plan]
"""The problem of some, what asks the search in it, and the best consortium."""


def promising(seen: Survey, most: int, each: int) -> Numbers:
    """Return some organisations among which there is likely a good consortium, ascending.

    Those who serve most, some for each requirement, some for each group that members are asked
    of, and whoever is pinned.

    Args:
        seen: Who can serve what.
        most: How many who serve most, of all and of who can be with the fewest members.
        each: How many for each requirement and group.
    """
    enquiry, index = seen.reached.enquiry, seen.reached.holders.index
    ranked, masks = _ranked(seen)
    is_close = np.isin(ranked, seen.close(seen.members))
    chosen = [
        np.array(wanted(enquiry, index), dtype=np.int64),
        ranked[:most],
        ranked[is_close][:most],
    ]
    for requirement in range(len(enquiry.requirements)):
        able = ranked[masks >> requirement & 1 == 1][:each]
        chosen.append(able if len(able) == each else seen.reached.who(requirement)[:each])
    chosen.extend(_of_groups(seen, ranked, each))
    return np.unique(np.concatenate(chosen))


def _ranked(seen: Survey) -> tuple[Numbers, NDArray[np.int32]]:
    """Return who serves several requirements, those who serve most first, and which, as bits."""
    masks = seen.kinds.masks[: len(seen.kinds.several)]
    counts = np.bitwise_count(masks)
    as_many = np.bincount(counts, minlength=1)[::-1].cumsum()  # from the highest count down
    least = len(as_many) - 1 - int(np.searchsorted(as_many, min(_LISTED, len(masks))))
    listed = np.flatnonzero(counts >= least)
    order = listed[np.argsort(64 - counts[listed], kind="stable")]
    return seen.kinds.several[order], masks[order]


def _of_groups(seen: Survey, ranked: Numbers, each: int) -> Iterator[Numbers]:
    enquiry, index = seen.reached.enquiry, seen.reached.holders.index
    rules = [rule for rule in enquiry.groups if rule.at_least > 0]
    if not rules:
        return
    every = np.concatenate([ranked, seen.reached.who_any()])
    for rule in rules:
        is_in = group_of(rule, every, (), index).counts_low
        yield every[is_in][:each]


def found_among_promising(
    settings: Settings, clock: Clock, seen: Survey, none: tuple[int, int]
) -> Found:
    """Find the best consortium among them, soon.

    What is said to be proven holds among everybody: that nobody covers more, or as much with
    fewer members, where the sets that organisations can serve show it; never that none costs less.

    Args:
        settings: Weights and the reference year.
        clock: When to stop.
        seen: Who can serve what.
        none: A target, and up to how many members no consortium is known to serve it.

    Raises:
        OutOfTimeError: Somebody has cancelled.
    """
    best = _among_some(_SIZES[0], settings, clock, seen, none)
    for size in _SIZES[1:]:
        if not clock.leaves(_LEAST_S):
            break
        best = max(best, _among_some(size, settings, clock, seen, none), key=_worth)
    return best


def _among_some(
    size: tuple[int, int], settings: Settings, clock: Clock, seen: Survey, none: tuple[int, int]
) -> Found:
    problem = among(promising(seen, *size), settings, clock.without_end(), seen)
    problem = replace(problem, examined=Examined.PROMISING)
    own = clock.grace(_SEARCH_S)
    planner = Planner(
        problem.instance, problem.ranks, problem.most, own, table=seen.table, none=none
    )
    plan = planner.plan()
    if not (plan.is_feasible or plan.coverage_proven):  # others have the cores
        planner.clock = clock.grace(_LAST_S)
        plan = planner.plan()
    return problem, planner, _proven_of_all(planner, plan, seen.full)


def _worth(found: Found) -> tuple[int, ...]:
    """Return what is compared: what is covered, how many members it needs, and its cost."""
    problem, _, plan = found
    covered = plan.targets[0] if plan.is_feasible else 0
    ranks = np.array(problem.ranks)
    is_covered = covered >> np.arange(len(ranks)) & 1
    counts = [int(is_covered[ranks == rank].sum()) for rank in range(4)]
    return (plan.is_feasible, *counts, -plan.members, -plan.outcome.cost)


def _proven_of_all(planner: Planner, plan: Plan, full: int) -> Plan:
    """Return the plan with what of it is proven among everybody."""
    if not full:
        return plan  # nobody else can serve anything
    outcome = replace(plan.outcome, is_complete=False, lower_bound=0)  # no cost is below zero
    if not plan.is_feasible:
        return Plan((), 0, outcome, False, False, is_feasible=False)
    covers_most = planner.instance.coverable == full and plan.targets == planner.most_covered()
    has_fewest = covers_most and plan.members == planner.fewest_possible(plan.targets)
    return replace(plan, outcome=outcome, coverage_proven=covers_most, members_proven=has_fewest)
