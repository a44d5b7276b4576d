"""What neighbourhoods say of all their organisations is true of each of them."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium import neighbourhoods, search, teams
from graph.consortium.control import INFINITE, Clock, Pruning
from graph.consortium.neighbourhoods import Neighbourhoods
from graph.consortium.plan import Planner, Query
from graph.consortium.problem import Problem, pose
from graph.matching import index_of, match
from graph.matching.geography import great_circle_km, unit_vectors
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
    groups = Neighbourhoods(masks, cost, unit_vectors(latitude, longitude))
    return groups, masks, cost, latitude, longitude


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_neighbourhood_asks_no_more_and_is_no_farther_than_who_is_in_it(random: Random) -> None:
    groups, masks, cost, latitude, longitude = drawn(random)
    seen = []

    for number in range(len(groups)):
        inside = groups.members(np.array([number]))
        seen += inside.tolist()
        assert (masks[inside] == groups.masks[number]).all()
        np.testing.assert_array_equal(cost[:, inside].min(axis=1), groups.cost[:, number])
        points = unit_vectors(latitude, longitude)
        least = groups.least_km(points, np.array([number]))[:, 0]
        km = great_circle_km(
            latitude[:, None], longitude[:, None], latitude[inside], longitude[inside]
        )
        assert (least <= np.nan_to_num(km).min(axis=1) + 1e-6).all()
    assert sorted(seen) == list(range(len(masks)))


def test_what_is_near_is_looked_at_together() -> None:
    """Two towns, everybody the same: no neighbourhood spans both, so that one can be left out."""
    latitude = np.repeat([50.0, 52.0], 200)
    longitude = np.full(400, 11.0)
    mixed = np.random.default_rng(1).permutation(400)
    masks = np.ones(400, dtype=np.int64)
    cost = np.zeros((1, 400), dtype=np.int64)

    groups = Neighbourhoods(masks, cost, unit_vectors(latitude[mixed], longitude))

    here = unit_vectors(np.array([50.0]), np.array([11.0]))
    km = groups.least_km(here, np.arange(len(groups)))[0]
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


def test_rows_are_given_up_with_the_team(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or each member that was ever tried would keep one as long as there are organisations."""
    searches = []

    class Noted(teams.TeamSearch):
        def run(self, best: int, settle: teams.Settle) -> int:
            searches.append(self)
            return super().run(best, settle)

    monkeypatch.setattr(search, "TeamSearch", Noted)
    posed = problem(10, 1, 3_000)
    pruning = Pruning(reduce_above=INFINITE, teams_above=0)
    plan = Planner(posed.instance, posed.ranks, posed.most, Clock(60), pruning).plan()

    assert sum(one.nodes for one in searches) > 50
    for one in searches:
        assert not one.rows
        assert len(one.blank) < plan.members
        assert all((row == row[0]).all() for row in one.blank)  # nothing is left on them


def test_teams_without_a_bound_on_distance_visit_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds are worth something: without them more teams are looked at, for the same."""
    posed = problem(6, 2, 3_000)
    pruning = Pruning(reduce_above=INFINITE, teams_above=0)

    def solved() -> tuple[int, int]:
        plan = Planner(posed.instance, posed.ranks, posed.most, Clock(60), pruning).plan()
        return plan.outcome.cost, plan.outcome.nodes

    cost, nodes = solved()
    monkeypatch.setattr(
        teams.TeamSearch, "_least_distance_costs", lambda self, numbers, near: 0 * numbers
    )
    assert solved()[0] == cost
    assert solved()[1] > nodes
