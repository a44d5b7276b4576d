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

_MOST = 500
"""Those who serve most that are looked at."""

_EACH = 30
"""Those who serve most of whom each requirement, or each group of members, has some at least."""

_SEARCH_S = 0.02
"""Least time for the search, even if the time is up."""

Numbers = NDArray[np.int64]


def promising(seen: Survey) -> Numbers:
    """Return some organisations among which there is likely a good consortium, ascending.

    Those who serve most, some for each requirement, some for each group that members are asked
    of, and whoever is pinned.
    """
    enquiry, index = seen.reached.enquiry, seen.reached.holders.index
    chosen = [np.array(wanted(enquiry, index), dtype=np.int64), seen.closest()[:_MOST]]
    ranked, masks = _ranked(seen)
    chosen.append(ranked[:_MOST])
    for requirement in range(len(enquiry.requirements)):
        chosen.append(ranked[masks >> requirement & 1 == 1][:_EACH])
        if len(chosen[-1]) < _EACH:
            chosen.append(seen.reached.who(requirement)[:_EACH])
    chosen.extend(_of_groups(seen, ranked))
    return np.unique(np.concatenate(chosen))


def _ranked(seen: Survey) -> tuple[Numbers, NDArray[np.int32]]:
    """Return who serves several requirements, those who serve most first, and which, as bits."""
    several = seen.kinds.several
    masks = seen.kinds.masks[: len(several)]
    order = np.argsort(64 - np.bitwise_count(masks), kind="stable")
    return several[order], masks[order]


def _of_groups(seen: Survey, ranked: Numbers) -> Iterator[Numbers]:
    enquiry, index = seen.reached.enquiry, seen.reached.holders.index
    rules = [rule for rule in enquiry.groups if rule.at_least > 0]
    if not rules:
        return
    every = np.concatenate([ranked, seen.reached.who_any()])
    for rule in rules:
        is_in = group_of(rule, every, (), index).counts_low
        yield every[is_in][:_EACH]


def found_among_promising(
    settings: Settings, clock: Clock, seen: Survey
) -> tuple[Problem, Planner, Plan]:
    """Find the best consortium among them, soon.

    What is said to be proven holds among everybody: that nobody covers more, or as much with
    fewer members, where the sets that organisations can serve show it; never that none costs less.

    Raises:
        OutOfTimeError: Somebody has cancelled.
    """
    own = clock.without_end()
    problem = among(promising(seen), settings, own, seen)
    problem = replace(problem, examined=Examined.PROMISING)
    planner = Planner(
        problem.instance, problem.ranks, problem.most, clock.grace(_SEARCH_S), table=seen.table
    )
    return problem, planner, _proven_of_all(planner, planner.plan(), seen.full)


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
