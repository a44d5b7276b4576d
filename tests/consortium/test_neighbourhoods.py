"""What neighbourhoods say of all their organisations is true of each of them."""

from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium import neighbourhoods, teams
from graph.consortium.control import INFINITE, Clock, Pruning
from graph.consortium.joining import Joining
from graph.consortium.neighbourhoods import Neighbourhoods, order_of
from graph.consortium.plan import Planner, Query
from graph.consortium.problem import Problem, pose
from graph.consortium.vicinity import Teams, Vicinity
from graph.matching import index_of, match
from graph.matching.geography import EARTH_RADIUS_KM, great_circle_km, unit_vectors
from graph.matching.points import along_a_curve
from graph.settings import Settings

SETTINGS = Settings(reference_year=2026, time_budget_s=60)


def drawn(random: Random) -> tuple[Neighbourhoods, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return neighbourhoods of some organisations, their masks, costs, latitudes, longitudes."""
    generator = np.random.default_rng(random.randrange(1 << 30))
    count = random.choice([1, 5, 40, 300])
    masks = generator.integers(1, 4, count)
    cost = generator.integers(0, 100, (2, count))
    latitude = generator.uniform(-80, 80, count)
    longitude = generator.uniform(-180, 180, count)
    is_unknown = generator.random(count) < random.choice([0, 0.2])
    latitude[is_unknown] = longitude[is_unknown] = np.nan
    order = order_of(masks, along_a_curve(unit_vectors(latitude, longitude)))
    masks, cost, latitude, longitude = (
        masks[order],
        cost[:, order],
        latitude[order],
        longitude[order],
    )
    groups = Neighbourhoods(masks, cost, unit_vectors(latitude, longitude), cost[0])
    return groups, masks, cost, latitude, longitude


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_neighbourhood_asks_no_more_and_is_no_farther_than_who_is_in_it(random: Random) -> None:
    groups, masks, cost, latitude, longitude = drawn(random)
    seen = []
    count = len(masks)

    for number in range(len(groups)):
        inside = groups.members(np.array([number]))
        seen += inside.tolist()
        assert (masks[inside] == groups.masks[number]).all()
        np.testing.assert_array_equal(cost[:, inside].min(axis=1), groups.cost[:, number])
        points = unit_vectors(latitude, longitude)
        least = groups.least_km(points, np.arange(count), np.full(count, number))
        km = great_circle_km(
            latitude[:, None], longitude[:, None], latitude[inside], longitude[inside]
        )
        assert (least <= np.nan_to_num(km).min(axis=1) + 1e-6).all()
        assert cost[0, inside].min() == groups.least[number]
        angles = np.array([random.choice([0.0, 0.01, 0.5, 2.0]) for _ in range(count)])
        is_near = groups.within(points, angles, np.arange(count), np.full(count, number))
        assert is_near[(np.nan_to_num(km) <= angles[:, None] * EARTH_RADIUS_KM).any(axis=1)].all()
    assert sorted(seen) == list(range(len(masks)))


def test_what_is_near_is_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two towns, everybody the same: few neighbourhoods span both, so that one can be left out."""
    monkeypatch.setattr(neighbourhoods, "_LARGEST", 64)
    latitude = np.repeat([50.0, 52.0], 200)
    longitude = np.full(400, 11.0)
    mixed = np.random.default_rng(1).permutation(400)
    masks = np.ones(400, dtype=np.int64)
    cost = np.zeros((1, 400), dtype=np.int64)

    places = along_a_curve(unit_vectors(latitude[mixed], longitude))
    latitude = latitude[mixed][order_of(masks, places)]

    groups = Neighbourhoods(masks, cost, unit_vectors(latitude, longitude), cost[0])

    here = unit_vectors(np.array([50.0]), np.array([11.0]))
    km = groups.least_km(here, np.zeros(len(groups), dtype=np.int64), np.arange(len(groups)))
    assert (km > 200).sum() >= 3
    assert (km < 1).sum() >= 3


def problem(requirements: int, seed: int, organisations: int = 400) -> Problem:
    landscape = synthetic_landscape(Size.of(organisations), seed % 3)
    enquiry = synthetic_enquiry(requirements, seed)
    matches = match(enquiry, landscape, SETTINGS)
    return pose(enquiry, index_of(landscape), matches, SETTINGS, Clock(60))


@pytest.mark.parametrize("largest", [1, 5, 64])
def test_teams_find_what_entries_find(largest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """With real distances, with and without a bound to beat."""
    monkeypatch.setattr(neighbourhoods, "_LARGEST", largest)
    for seed in range(8):
        posed = problem(3 + seed % 3, seed)
        costs = set()
        for above in (INFINITE, 0):
            pruning = Pruning(reduce_above=INFINITE, teams_above=above)
            planner = Planner(posed.instance, posed.ranks, posed.most, Clock(60), pruning)
            plan = planner.plan()
            costs.add((plan.members, plan.outcome.cost))
            best = plan.outcome.cost
            below = planner.best(plan.targets, plan.members, Query(bound=best), Clock(60))
            at = planner.best(plan.targets, plan.members, Query(bound=best + 1), Clock(60))
            assert not below.is_found
            assert at.cost == best
        assert len(costs) == 1


def test_teams_wait_when_very_many_follow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or all that follow a large batch would be kept at a time; the answer is the same."""
    posed = problem(8, 1, 3_000)
    pruning = Pruning(reduce_above=INFINITE, teams_above=0)
    sizes = []

    def solved() -> int:
        return (
            Planner(posed.instance, posed.ranks, posed.most, Clock(60), pruning).plan().outcome.cost
        )

    cost = solved()
    larger = teams.TeamSearch._larger

    def noted(
        self: teams.TeamSearch, every: Teams, start: int, stop: int
    ) -> tuple[Teams, np.ndarray, int]:
        found = larger(self, every, start, stop)
        sizes.append((stop - start, found[2] - start))
        return found

    monkeypatch.setattr(teams.TeamSearch, "_larger", noted)
    monkeypatch.setattr(teams, "_MOST_KEPT", 1)
    monkeypatch.setattr(teams, "_STEP", 1)
    assert solved() == cost
    assert any(looked_at < asked for asked, looked_at in sizes)


def test_the_bound_on_distance_spares_looking_at_organisations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without it more of them are looked at, for the same."""
    posed = problem(10, 1, 3_000)
    pruning = Pruning(reduce_above=INFINITE, teams_above=0)
    looked_at = [0]
    may_join = Joining._may_join

    def noted(self: Joining, near: Any, team: Any, organisation: Any, *rest: Any) -> Any:
        looked_at[-1] += len(organisation)
        return may_join(self, near, team, organisation, *rest)

    def solved() -> int:
        planner = Planner(posed.instance, posed.ranks, posed.most, Clock(60), pruning)
        return planner.plan().outcome.cost

    monkeypatch.setattr(Joining, "_may_join", noted)
    cost = solved()
    looked_at.append(0)
    monkeypatch.setattr(Vicinity, "is_bounded", False)
    assert solved() == cost
    assert looked_at[1] > 2 * looked_at[0]


def test_a_consortium_near_by_is_found_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """It rules out so much that less is looked at in all, for the same."""
    posed = problem(10, 1, 3_000)
    pruning = Pruning(reduce_above=INFINITE, teams_above=0)
    made = []
    may_join = Joining._may_join

    def noted(self: Joining, *rest: Any) -> Any:
        joins = may_join(self, *rest)
        made.append(len(joins))
        return joins

    def solved() -> tuple[int, int]:
        made.clear()
        planner = Planner(posed.instance, posed.ranks, posed.most, Clock(60), pruning)
        return planner.plan().outcome.cost, sum(made)

    monkeypatch.setattr(Joining, "_may_join", noted)
    cost, teams_made = solved()
    monkeypatch.setattr(teams, "_REACHES_KM", ())
    assert solved()[0] == cost
    assert solved()[1] > teams_made
