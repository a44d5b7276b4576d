"""What the search over teams works with: costs beside each other, rests, what is kept."""

from collections.abc import Callable
from itertools import combinations
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium import teams, vicinity
from graph.consortium.contributors import Contributors
from graph.consortium.control import INFINITE, Clock, Pruning
from graph.consortium.cover import cover_table
from graph.consortium.kept import Kept
from graph.consortium.plan import Planner
from graph.consortium.preparation import prepared
from graph.consortium.problem import pose
from graph.consortium.rests import Rests
from graph.consortium.roster import CANNOT, Roster
from graph.consortium.solve import prove
from graph.consortium.team_costs import spanning_costs, team_costs
from graph.matching import match
from graph.matching.index import in_order
from graph.network import Cooperation
from graph.settings import Settings

SETTINGS = Settings(reference_year=2026, time_budget_s=60)
LANDSCAPE = synthetic_landscape(Size.of(2_000), 1)
INDEX = prepared(LANDSCAPE, SETTINGS)


def test_bonus_of_each_is_that_of_the_pair() -> None:
    cooperation = Cooperation.of(INDEX, SETTINGS)
    numbers = np.arange(300)
    table = cooperation.bonuses_km(numbers, numbers)
    one, two = (ends.ravel() for ends in np.nonzero(~np.eye(300, dtype=bool)))

    each = cooperation.bonus_of_each(one, two)

    assert (each == table[one, two]).all()
    assert 0 < (each > 0).sum() < len(each)


def test_costs_of_teams_are_those_of_the_exact_search() -> None:
    """Where hand-overs are a chain and nobody asks anything else of a team."""
    enquiry = synthetic_enquiry(6, 3)
    posed = pose(enquiry, INDEX, match(enquiry, LANDSCAPE, SETTINGS), SETTINGS, Clock(60))
    planner = Planner(posed.instance, posed.ranks, posed.most, Clock(60))
    plan = planner.plan()
    entries = np.array(plan.outcome.entries)
    roster = Roster(posed.instance, np.arange(len(posed.instance.slot)), plan.targets[0], Clock(60))
    owners = np.unique(posed.instance.organisation[entries])
    team = np.flatnonzero(np.isin(roster.organisations, owners))[None]

    assert team_costs(roster, team, Clock(60)).tolist() == [plan.outcome.cost]
    assert len(roster.entries_of(team[0])) >= len(entries)


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
def test_least_of_a_rest_is_that_of_those_who_can_help(random: Random) -> None:
    slots = 5
    masks = np.array(sorted(random.randrange(1, 1 << slots) for _ in range(random.choice([3, 90]))))
    bits = np.arange(slots)[:, None]
    drawn = np.array([[random.randrange(50) for _ in masks] for _ in range(slots)])
    cost = np.where(masks >> bits & 1, drawn, CANNOT)
    table = cover_table(masks, slots)
    rests = np.arange(1 << slots)

    for count in (1, 2, 3):
        contributors = Contributors(masks, table, Clock(60))
        least = Rests(contributors, cost, table, Clock(60)).least(rests, count)
        for rest in rests.tolist():
            fit = table[rest & ~masks] < count
            expected = cost[:, fit].min(axis=1, initial=CANNOT)
            assert least[:, rest].tolist() == expected.tolist()


def test_nothing_is_kept_of_teams_that_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or every team that was ever looked at would keep what is near it."""
    sizes: list[int] = []
    every: set[Kept] = set()
    add: Callable[..., np.ndarray] = Kept.add

    def noted(self: Kept, *columns: Any) -> np.ndarray:
        every.add(self)
        sizes.append(len(self))
        return add(self, *columns)

    monkeypatch.setattr(Kept, "add", noted)
    monkeypatch.setattr(teams, "_FIRST_BATCH", 1)
    enquiry = synthetic_enquiry(10, 1)
    posed = pose(enquiry, INDEX, match(enquiry, LANDSCAPE, SETTINGS), SETTINGS, Clock(60))
    pruning = Pruning(reduce_above=INFINITE, teams_above=0)
    Planner(posed.instance, posed.ranks, posed.most, Clock(60), pruning).plan()

    assert len(sizes) > 5
    assert max(sizes) > 1
    assert all(len(kept) <= 1 for kept in every)  # what is near nobody at all


def test_no_enquiry_makes_what_all_need() -> None:
    """Whatever is kept for good is there before the first enquiry looks at the clock."""
    landscape = synthetic_landscape(Size.of(500), 2)
    index = prepared(landscape, SETTINGS)
    before = set(index._kept)

    for requirements, seed in combinations(range(4, 8), 2):
        prove(synthetic_enquiry(requirements, seed), landscape, SETTINGS, Clock(60), 0)

    assert before == set(index._kept)
    assert {"holders", "facts", "ties"} <= before


@pytest.mark.parametrize("most", [3, 70_000, 1 << 40])
def test_numbers_are_put_in_order_digit_by_digit(most: int) -> None:
    numbers = np.random.default_rng(most % 7).integers(0, most, 500)

    assert in_order(numbers).tolist() == np.argsort(numbers, kind="stable").tolist()
    assert in_order(numbers[:0]).tolist() == []


def test_teams_are_held_against_the_tree_before_the_exact_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Or every one of them would be costed exactly."""
    counts = {"held": 0, "costed": 0}

    def noted(roster: Roster, members: np.ndarray, team: np.ndarray, *own: Any) -> np.ndarray:
        counts["held"] += len(team)
        return spanning_costs(roster, members, team, *own)

    def costed(roster: Roster, members: np.ndarray, *own: Any) -> np.ndarray:
        counts["costed"] += len(members)
        return team_costs(roster, members, *own)

    monkeypatch.setattr(vicinity, "spanning_costs", noted)
    monkeypatch.setattr(vicinity, "team_costs", costed)
    enquiry = synthetic_enquiry(8, 3)
    posed = pose(enquiry, INDEX, match(enquiry, LANDSCAPE, SETTINGS), SETTINGS, Clock(60))
    pruning = Pruning(reduce_above=INFINITE, teams_above=0)
    Planner(posed.instance, posed.ranks, posed.most, Clock(60), pruning).plan()

    assert 0 < counts["costed"] < 0.7 * counts["held"], counts
