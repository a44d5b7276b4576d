"""What is asked of the members is looked at on the way, which saves time, and at the end."""

from dataclasses import replace

import numpy as np

from graph.consortium.conditions import Conditions
from graph.consortium.control import Clock
from graph.consortium.handover_costs import MatrixHandovers
from graph.consortium.instance import Group, Instance
from graph.consortium.plan import Planner, Query

SLOTS, EACH = 4, 6
DEAR = np.arange(SLOTS * EACH) % EACH == EACH - 1
"""The last organisation of each slot, which costs most."""


def one_for_each_entry() -> Instance:
    """Return an instance whose organisations serve one slot each, the later the dearer."""
    slot = np.repeat(np.arange(SLOTS), EACH)
    return Instance(
        slots=SLOTS,
        organisations=len(slot),
        slot=slot,
        organisation=np.arange(len(slot)),
        cost=np.arange(len(slot)) % EACH,
        masks=np.int64(1) << slot,
        handovers=MatrixHandovers((), np.zeros((len(slot), len(slot)), dtype=np.int64)),
    )


def all_can_do_all() -> Instance:
    """Return an instance of two organisations that can serve both slots."""
    return Instance(
        slots=2,
        organisations=2,
        slot=np.array([0, 0, 1, 1]),
        organisation=np.array([0, 1, 0, 1]),
        cost=np.array([1, 2, 1, 2]),
        masks=np.array([3, 3]),
        handovers=MatrixHandovers((), np.zeros((4, 4), dtype=np.int64)),
    )


def group_of(counts: np.ndarray[tuple[int], np.dtype[np.bool_]], at_least: int) -> Group:
    return Group(counts, counts, at_least, len(counts))


def test_members_that_a_group_needs_are_asked_for_at_once() -> None:
    instance = replace(one_for_each_entry(), groups=(group_of(DEAR, SLOTS),))
    planner = Planner(instance, (0,) * SLOTS, SLOTS, Clock(60))

    outcome = planner.best(((1 << SLOTS) - 1,), SLOTS, Query(), Clock(60))

    assert outcome.cost == SLOTS * (EACH - 1)
    assert outcome.nodes == SLOTS + 1  # straight down


def test_pinned_members_are_asked_for_at_once() -> None:
    pinned = tuple(np.flatnonzero(DEAR).tolist())
    instance = replace(one_for_each_entry(), forced=pinned)
    planner = Planner(instance, (0,) * SLOTS, SLOTS, Clock(60))

    outcome = planner.best(((1 << SLOTS) - 1,), SLOTS, Query(), Clock(60))

    assert outcome.cost == SLOTS * (EACH - 1)
    assert outcome.nodes == SLOTS + 1


def test_fewer_members_than_a_group_asks_for_are_none() -> None:
    instance = replace(all_can_do_all(), groups=(group_of(np.array([True, True]), 2),))
    planner = Planner(instance, (0, 0), 2, Clock(60))

    assert not planner.best((3,), 1, Query(), Clock(60)).is_found
    assert planner.best((3,), 2, Query(), Clock(60)).cost == 3


def test_fewer_members_than_are_pinned_are_none() -> None:
    instance = replace(all_can_do_all(), forced=(0, 1))
    planner = Planner(instance, (0, 0), 2, Clock(60))

    assert not planner.best((3,), 1, Query(), Clock(60)).is_found
    assert planner.best((3,), 2, Query(), Clock(60)).cost == 3


def test_who_is_in_conflict_with_a_member_is_told_apart() -> None:
    conflicts = ((0, 3), (2, 5))
    conditions = Conditions(replace(one_for_each_entry(), conflicts=conflicts))

    fit = conditions.without_partners(np.arange(6), [3, 2])

    assert fit.tolist() == [False, True, True, True, True, False]
