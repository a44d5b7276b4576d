"""The search agrees with trying every assignment, whatever is switched off."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.consortium.control import INFINITE, Clock, Pruning
from graph.consortium.handover_costs import MatrixHandovers
from graph.consortium.instance import Capacity, Group, Instance
from graph.consortium.plan import Plan, Planner, Query
from graph.consortium.search import search

from .instances import Case, Optimum, random_case, solve_by_trying_all

randoms = st.randoms(use_true_random=False)
LARGE = INFINITE, INFINITE
WAYS = [LARGE, (0, INFINITE), (INFINITE, 0), (0, 0)]
"""From how many pairs on entries are dropped by distance, and teams are searched."""

PRUNINGS = [
    Pruning(cover, costs, forest, *above)
    for cover, costs, forest, above in product([True, False], [True, False], [True, False], WAYS)
] + [Pruning(forest=forest, ascent=False) for forest in (True, False)]


def plan_of(case: Case, pruning: Pruning | None = None) -> tuple[Planner, Plan]:
    planner = Planner(case.instance, case.ranks, case.most, Clock(60), pruning)
    return planner, planner.plan()


def coverage_of(case: Case, plan: Plan) -> tuple[int, ...] | None:
    if not plan.is_feasible:
        return None
    served = [case.ranks[int(case.instance.slot[e])] for e in plan.outcome.entries]
    return tuple(served.count(rank) for rank in range(4))


def assert_same(case: Case, plan: Plan, optimum: Optimum) -> None:
    assert coverage_of(case, plan) == optimum.coverage
    assert plan.coverage_proven
    if optimum.coverage is not None:
        assert plan.members_proven
        assert plan.outcome.is_complete
        assert plan.members == optimum.members
        assert plan.outcome.cost == plan.outcome.lower_bound == optimum.costs[optimum.members]


@settings(max_examples=200, deadline=None)
@given(randoms)
def test_plan_is_the_optimum(random: Random) -> None:
    case = random_case(random)

    _, plan = plan_of(case)

    assert_same(case, plan, solve_by_trying_all(case))


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_switches_change_the_time_and_never_the_optimum(random: Random) -> None:
    case = random_case(random)
    optimum = solve_by_trying_all(case)

    for pruning in PRUNINGS:
        _, plan = plan_of(case, pruning)

        assert_same(case, plan, optimum)


@settings(max_examples=80, deadline=None)
@given(randoms)
def test_front_is_the_optimum_for_each_number_of_members(random: Random) -> None:
    case = random_case(random)
    optimum = solve_by_trying_all(case)
    planner, plan = plan_of(case)

    for members in range(plan.members, case.most + 1) if plan.members else ():
        outcome = planner.best(plan.targets, members, Query(), Clock(60))

        # A level with fewer members than asked for would make the front wrong.
        assert outcome.cost == optimum.costs.get(members, INFINITE)


@settings(max_examples=120, deadline=None)
@given(randoms, st.sampled_from(PRUNINGS))
def test_bound_at_the_optimum_gives_none_and_one_above_gives_it(
    random: Random, pruning: Pruning
) -> None:
    case = random_case(random)
    planner, plan = plan_of(case, pruning)
    if not plan.members:
        return
    best = plan.outcome.cost

    below = planner.best(plan.targets, plan.members, Query(bound=best), Clock(60))
    above = planner.best(plan.targets, plan.members, Query(bound=best + 1), Clock(60))

    assert not below.is_found
    assert below.is_complete
    assert above.cost == best


@settings(max_examples=60, deadline=None)
@given(randoms, st.sampled_from(PRUNINGS))
def test_bounds_hold_when_time_runs_out(random: Random, pruning: Pruning) -> None:
    case = random_case(random)
    optimum = solve_by_trying_all(case)
    planner, plan = plan_of(case, pruning)
    if not plan.members:
        return
    for patience in range(1, 20):
        clock = Clock(60, cancel_after(patience))

        outcome = planner.best(plan.targets, plan.members, Query(), clock)

        assert outcome.lower_bound <= optimum.costs[plan.members] <= outcome.cost
        assert outcome.is_complete or clock.is_cancelled
        if outcome.is_complete:
            assert outcome.cost == outcome.lower_bound == optimum.costs[plan.members]


def test_bound_of_a_stopped_search_is_not_that_of_one_branch() -> None:
    """What was begun first may cost more than what was not begun."""
    costs = np.zeros((5, 5), dtype=np.int64)
    costs[0, 2:] = costs[2:, 0] = 100
    instance = Instance(
        slots=2,
        organisations=5,
        slot=np.array([0, 0, 1, 1, 1]),
        organisation=np.arange(5),
        cost=np.array([0, 1, 0, 0, 0]),
        masks=np.array([1, 1, 2, 2, 2]),
        handovers=MatrixHandovers(((0, 1),), costs),
    )
    for patience in range(1, 12):
        planner = Planner(
            instance, (0, 0), 2, Clock(60), Pruning(forest=False, reduce_above=INFINITE)
        )

        outcome = planner.best((3,), 2, Query(), Clock(60, cancel_after(patience)))

        assert outcome.lower_bound <= 1 <= outcome.cost


@pytest.mark.parametrize("targets", [(3, 12), (12, 3)])
def test_bound_of_several_targets_is_that_of_the_least(targets: tuple[int, int]) -> None:
    """Before hand-overs are known the least costs of the slots are the bound."""
    instance = Instance(
        slots=4,
        organisations=4,
        slot=np.arange(4),
        organisation=np.arange(4),
        cost=np.array([2, 3, 20, 30]),
        masks=np.int64(1) << np.arange(4),
        handovers=MatrixHandovers(((0, 1), (2, 3)), np.zeros((4, 4), dtype=np.int64)),
    )
    for patience in range(8):
        planner = Planner(instance, (0, 0, 0, 0), 2, Clock(60))

        outcome = planner.best(targets, 2, Query(), Clock(60, cancel_after(patience)))

        assert outcome.lower_bound <= 5 <= outcome.cost


def cancel_after(patience: int) -> Callable[[], bool]:
    asked = count()
    return lambda: next(asked) >= patience


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_left_out_organisations_are_as_if_they_were_not_there(random: Random) -> None:
    case = random_case(random)
    case = replace(case, instance=replace(case.instance, forced=()))
    planner, plan = plan_of(case)
    if not plan.members:
        return
    gone = int(case.instance.organisation[plan.outcome.entries[0]])
    optimum = solve_by_trying_all(_without(case, gone))
    same_coverage = optimum.coverage == coverage_of(case, plan)

    query = Query(without=frozenset({gone}))
    found = planner.fewest(plan.targets, query, plan.members, case.most)

    if found is None:
        assert not same_coverage
    else:
        members, outcome = found
        assert (members, outcome.cost) == (optimum.members, optimum.costs[optimum.members])


def _without(case: Case, gone: int) -> Case:
    instance = case.instance
    kept = np.flatnonzero(instance.organisation != gone)
    masks = instance.masks.copy()
    masks[gone] = 0
    assert isinstance(instance.handovers, MatrixHandovers)
    return replace(
        case,
        instance=replace(
            instance,
            slot=instance.slot[kept],
            organisation=instance.organisation[kept],
            cost=instance.cost[kept],
            masks=masks,
            handovers=instance.handovers.of(kept),
            capacities=_renumbered_capacities(instance, kept),
            _kept={},
        ),
    )


def _renumbered_capacities(
    instance: Instance, entries: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> tuple[Capacity, ...]:
    """Return the capacities for some of the entries, in the order given."""
    place = {entry: number for number, entry in enumerate(entries.tolist())}
    changed = []
    for capacity in instance.capacities:
        drawn = [
            (place[entry], load)
            for entry, load in zip(capacity.entries.tolist(), capacity.loads.tolist(), strict=True)
            if entry in place
        ]
        if drawn:
            numbers, loads = zip(*sorted(drawn), strict=True)
            changed.append(Capacity(np.array(numbers), np.array(loads), capacity.available))
    return tuple(changed)


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_numbering_of_organisations_does_not_change_the_optimum(random: Random) -> None:
    case = random_case(random)
    order = list(range(case.instance.organisations))
    random.shuffle(order)

    _, plan = plan_of(case)
    _, other = plan_of(_renumbered(case, order))

    assert coverage_of(case, plan) == coverage_of(case, other)
    assert (plan.members, plan.outcome.cost) == (other.members, other.outcome.cost)


def _renumbered(case: Case, order: list[int]) -> Case:
    """Give organisation ``o`` the number ``order[o]`` and sort the entries again."""
    instance = case.instance
    new = np.array(order)
    entries = np.lexsort((new[instance.organisation], instance.slot))
    back = np.argsort(new)
    assert isinstance(instance.handovers, MatrixHandovers)
    return replace(
        case,
        instance=replace(
            instance,
            slot=instance.slot[entries],
            organisation=new[instance.organisation[entries]],
            cost=instance.cost[entries],
            masks=instance.masks[back],
            handovers=instance.handovers.of(entries),
            capacities=_renumbered_capacities(instance, entries),
            conflicts=tuple((order[a], order[b]) for a, b in instance.conflicts),
            forced=tuple(sorted(order[o] for o in instance.forced)),
            groups=tuple(
                replace(g, counts_low=g.counts_low[back], counts_high=g.counts_high[back])
                for g in instance.groups
            ),
            _kept={},
        ),
    )


def two_slots(edge: tuple[int, int]) -> Instance:
    """Two slots; organisation 0 can do both, 1 only the first, 2 only the second."""
    costs = np.full((4, 4), 30)
    return Instance(
        slots=2,
        organisations=3,
        slot=np.array([0, 0, 1, 1]),
        organisation=np.array([0, 1, 0, 2]),
        cost=np.array([10, 1, 10, 1]),
        masks=np.array([3, 1, 2]),
        handovers=MatrixHandovers((edge,), costs),
    )


@pytest.mark.parametrize("edge", [(0, 1), (1, 0)])
def test_direction_of_a_handover_does_not_matter(edge: tuple[int, int]) -> None:
    instance = two_slots(edge)

    plan = Planner(instance, (0, 0), 2, Clock(60)).plan()

    assert plan.members == 1
    assert plan.outcome.cost == 20  # nothing is charged within one organisation


def test_exactly_the_members_asked_for() -> None:
    instance = two_slots((0, 1))
    planner = Planner(instance, (0, 0), 2, Clock(60))

    outcome = planner.best((3,), 2, Query(), Clock(60))

    assert outcome.cost == 1 + 1 + 30
    assert outcome.entries == (1, 3)


def test_more_members_than_slots_are_impossible() -> None:
    instance = two_slots((0, 1))
    planner = Planner(instance, (0, 0), 3, Clock(60))

    outcome = search(instance, planner.table, 3, 3, Clock(60))

    assert not outcome.is_found
    assert outcome.lower_bound == INFINITE


def test_overlap_limit_is_a_group_with_a_maximum() -> None:
    instance = two_slots((0, 1))
    planner = Planner(instance, (0, 0), 2, Clock(60))
    nobody = np.zeros(3, dtype=bool)
    first = np.array([True, False, False])

    query = Query(groups=(Group(nobody, first, 0, 0),))
    found = planner.fewest((3,), query, 1, 2)

    assert found is not None
    assert found[0] == 2


def test_equal_costs_are_decided_by_the_order_of_organisations() -> None:
    instance = replace(
        two_slots((0, 1)),
        slots=1,
        slot=np.array([0, 0, 0]),
        organisation=np.array([0, 1, 2]),
        cost=np.array([5, 5, 5]),
        masks=np.array([1, 1, 1]),
        handovers=MatrixHandovers((), np.zeros((3, 3), dtype=np.int64)),
    )

    plan = Planner(instance, (0,), 1, Clock(60)).plan()

    assert plan.outcome.entries == (0,)


def test_pinned_ones_that_can_only_do_the_same_cannot_be_met() -> None:
    instance = replace(
        two_slots((0, 1)),
        slot=np.array([0, 0]),
        organisation=np.array([0, 1]),
        cost=np.array([5, 5]),
        masks=np.array([1, 1, 0]),
        forced=(0, 1),
    )

    plan = Planner(instance, (0, 0), 2, Clock(60)).plan()

    assert not plan.is_feasible
    assert plan.coverage_proven


def test_an_oracle_that_is_wrong_is_noticed() -> None:
    """The comparison itself can fail."""
    case = Case(two_slots((0, 1)), (0, 0), 2)
    optimum = solve_by_trying_all(case)
    wrong = replace(optimum, costs={m: c + 1 for m, c in optimum.costs.items()})

    _, plan = plan_of(case)

    with pytest.raises(AssertionError):
        assert_same(case, plan, wrong)
