"""Costs that are moved about stay the same for every assignment; their minima are bounds."""

from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from graph.consortium.ascent import MOST_ENTRIES, Ascent
from graph.consortium.control import INFINITE, Clock, Pruning
from graph.consortium.handover_costs import MatrixHandovers
from graph.consortium.instance import Instance
from graph.consortium.plan import Planner, Query

from .dense import dense_instance

randoms = st.randoms(use_true_random=False)
PAID = 7


def ascent_of(instance: Instance) -> Ascent:
    starts = instance.starts
    own = [np.arange(starts[s], starts[s + 1]) for s in range(instance.slots)]
    handovers = {(r, s): instance.block(r, s, own[r], own[s]) for r, s in instance.handovers.edges}
    return Ascent.of(instance.slot, PAID, instance.cost, handovers)


def assignments(instance: Instance) -> dict[tuple[int, ...], int]:
    """Return what every assignment costs."""
    choices = [np.flatnonzero(instance.slot == s).tolist() for s in range(instance.slots)]
    costs = {}
    for chosen in product(*choices):
        costs[chosen] = PAID + int(instance.cost[list(chosen)].sum())
        for r, s in instance.handovers.edges:
            one, two = np.array([chosen[r]]), np.array([chosen[s]])
            costs[chosen] += int(instance.block(r, s, one, two)[0, 0])
    return costs


def least_with(instance: Instance, costs: dict[tuple[int, ...], int]) -> NDArray[np.int64]:
    least = np.full(len(instance.slot), INFINITE)
    for chosen, cost in costs.items():
        least[list(chosen)] = np.minimum(least[list(chosen)], cost)
    return least


def cost_by_choosing(ascent: Ascent, chosen: tuple[int, ...]) -> int:
    """Return what an assignment costs when its entries are given one after the other."""
    numbers = np.arange(len(ascent.slot))
    bound = 0
    for entry in chosen:
        at = int(np.flatnonzero(numbers == entry)[0])
        bound = int(ascent.bounds()[at])
        keep = ascent.slot != ascent.slot[at]
        ascent, numbers = ascent.given(at, keep), numbers[keep]
    return bound


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_moving_costs_changes_no_assignment(random: Random) -> None:
    instance = dense_instance(random, slots=4, most=3)
    ascent = ascent_of(instance)

    ascent.climb(INFINITE, 8, Clock(60))

    for chosen, cost in assignments(instance).items():
        assert cost_by_choosing(ascent, chosen) == cost


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_bounds_are_bounds_and_climbing_lifts_the_least(random: Random) -> None:
    instance = dense_instance(random, slots=5, most=3)
    ascent = ascent_of(instance)
    before = ascent.least()
    least = least_with(instance, assignments(instance))

    ascent.climb(INFINITE, 20, Clock(60))

    assert (ascent.bounds() <= least).all()
    assert before - 1 <= ascent.least() <= int(least.min())  # shares are rounded down


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_along_a_chain_the_bounds_are_exact(random: Random) -> None:
    chain = tuple((s, s + 1) for s in range(3))
    instance = dense_instance(random, slots=4, most=4, edges=chain)
    least = least_with(instance, assignments(instance))
    ascent = ascent_of(instance)

    ascent.climb(int(least.min()), 50, Clock(60))

    assert int(ascent.bounds().min()) == int(least.min())


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_some_entries_are_as_if_the_others_were_not_there(random: Random) -> None:
    instance = dense_instance(random, slots=4, most=4)
    keep = np.array([random.random() < 0.7 for _ in instance.slot])
    keep[instance.starts[:-1]] = True
    left = {
        chosen: cost
        for chosen, cost in assignments(instance).items()
        if all(keep[entry] for entry in chosen)
    }
    ascent = ascent_of(instance)
    ascent.climb(INFINITE, 4, Clock(60))

    some = ascent.among(keep)
    some.climb(INFINITE, 40, Clock(60))

    assert (some.bounds() <= least_with(instance, left)[keep]).all()
    assert int(some.bounds().min()) >= int(ascent.bounds().min())


@settings(max_examples=10, deadline=None)
@given(randoms)
def test_a_clock_that_is_over_stops_it(random: Random) -> None:
    instance = dense_instance(random, slots=5, most=4)
    ascent, idle = ascent_of(instance), ascent_of(instance)

    ascent.climb(INFINITE, 20, Clock(0))

    assert ascent.bounds().tolist() == idle.bounds().tolist()


def test_slot_that_has_no_entry_left_is_no_mistake() -> None:
    """It is told apart later, before anything is bounded."""
    handovers = {(0, 1): np.array([[3], [5]], dtype=np.int32), (1, 4): np.empty((1, 0), np.int32)}

    ascent = Ascent.of(np.array([0, 0, 1]), 0, np.array([4, 1, 2]), handovers)

    assert ascent.bounds().tolist() == [9, 8, 8]


def test_distances_are_closed_at_the_root() -> None:
    """On points of a plane the bound is so good that nearly nothing is left to try."""
    random = np.random.default_rng(3)
    slots, each = 10, 12
    points = random.uniform(0, 300, (slots * each, 2))
    away = np.rint(np.hypot(*(points[:, None] - points).transpose(2, 0, 1))).astype(np.int64)
    slot = np.repeat(np.arange(slots), each)
    instance = Instance(
        slots=slots,
        organisations=len(slot),
        slot=slot,
        organisation=np.arange(len(slot)),
        cost=random.integers(0, 60, len(slot)),
        masks=np.int64(1) << slot,
        handovers=MatrixHandovers(tuple(combinations(range(slots), 2)), away),
    )
    outcomes = [
        Planner(instance, (0,) * slots, slots, Clock(60), Pruning(ascent=ascent)).best(
            ((1 << slots) - 1,), slots, Query(), Clock(60)
        )
        for ascent in (True, False)
    ]

    assert outcomes[0].cost == outcomes[1].cost
    assert outcomes[0].nodes <= 2 * slots < outcomes[1].nodes


@pytest.mark.parametrize("ascent", [True, False])
def test_more_entries_than_are_climbed_are_searched_all_the_same(ascent: bool) -> None:
    """The ten of each slot that hand over for nothing are worth their price."""
    slots = 5
    each = MOST_ENTRIES // slots + 10
    slot = np.repeat(np.arange(slots), each)
    costs = np.ones((len(slot), len(slot)), dtype=np.int64)
    few = np.arange(len(slot)) % each < 10
    costs[np.ix_(few, few)] = 0
    instance = Instance(
        slots=slots,
        organisations=len(slot),
        slot=slot,
        organisation=np.arange(len(slot)),
        cost=np.where(few, 3, 2),
        masks=np.int64(1) << slot,
        handovers=MatrixHandovers(tuple(combinations(range(slots), 2)), costs),
    )
    planner = Planner(instance, (0,) * slots, slots, Clock(60), Pruning(ascent=ascent))

    # The others cost one less each, and one for each of ten hand-overs.
    assert planner.best((31,), slots, Query(), Clock(60)).cost == 5 * 3
