"""Parts that only large landscapes use, each against what it stands for."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.consortium import suggest
from graph.consortium.answer import GapReason, Status
from graph.consortium.bound import forest_of, marginals
from graph.consortium.control import Clock, OutOfTimeError
from graph.consortium.cover import cover_table
from graph.consortium.instance import Capacity
from graph.consortium.plan import Planner
from graph.consortium.problem import Problem, pose
from graph.consortium.reduction import entry_bounds
from graph.consortium.sites import pairs_of_sites, site_marginals
from graph.matching import index_of, match
from graph.model import Place
from graph.settings import Settings

from .landscapes import random_enquiry, random_landscape
from .small import claim, enquiry_of, landscape_of
from .test_search import two_slots

randoms = st.randoms(use_true_random=False)
SETTINGS = Settings(reference_year=2026, time_budget_s=60)


def drawn(random: Random) -> Problem:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)
    matches = match(enquiry, landscape, SETTINGS)
    return pose(enquiry, index_of(landscape), matches, SETTINGS, Clock(60))


@settings(max_examples=150, deadline=None)
@given(randoms)
def test_marginals_between_places_are_those_between_entries(random: Random) -> None:
    instance = drawn(random).instance
    entries = np.arange(len(instance.slot))
    assume(len(entries))
    slots = np.unique(instance.slot).tolist()
    parts = {s: entries[instance.slot == s] for s in slots}
    forest = forest_of(slots, instance.handovers.edges)
    blocks = {(p, s): instance.block(p, s, parts[p], parts[s]) for s, p in forest if p is not None}

    found = site_marginals(instance, entries)

    _, full = marginals(forest, {s: instance.cost[parts[s]] for s in slots}, blocks)
    np.testing.assert_array_equal(found, np.concatenate([full[s] for s in slots]))


@settings(max_examples=100, deadline=None)
@given(randoms)
def test_bounds_by_distance_hold_where_rounding_decides(random: Random) -> None:
    """Everybody is a kilometre or two from the next, and nothing else costs anything."""
    names = "abcdefghi"
    competences = ("milling", "welding", "coating")
    places = {n: Place(50.9 + random.random() / 50, 11.5 + random.random() / 50) for n in names}
    claims = [claim(n, competences[number % 3]) for number, n in enumerate(names)]
    weights = SETTINGS.weights
    free = replace(weights, handover=replace(weights.handover, kappa_km=0.0))
    landscape = landscape_of(*claims, **places)
    enquiry, changed = enquiry_of(*competences), replace(SETTINGS, weights=free)
    matches = match(enquiry, landscape, changed)
    instance = pose(enquiry, index_of(landscape), matches, changed, Clock(60)).instance

    bounds = entry_bounds(instance, np.arange(len(instance.slot)))

    assert (bounds <= site_marginals(instance, np.arange(len(instance.slot)))).all()


@settings(max_examples=100, deadline=None)
@given(randoms)
def test_no_bonus_is_larger_than_the_most_that_is_said(random: Random) -> None:
    problem = drawn(random)
    numbers = np.arange(len(problem.index.organisations))

    most = problem.cooperation.most_km(numbers)

    bonuses = problem.cooperation.bonuses_km(numbers, numbers)
    np.fill_diagonal(bonuses, 0)
    assert (bonuses.max(axis=1, initial=0) <= most).all()


@settings(max_examples=100, deadline=None)
@given(randoms, st.integers(0, 5))
def test_few_of_many_candidates_are_the_first_of_all(random: Random, most: int) -> None:
    for matches in drawn(random).matches:
        assert matches.ranked(most).tolist() == matches.ranked()[:most].tolist()


def test_pairs_of_places_are_counted_for_each_handover() -> None:
    instance = two_slots((0, 1))

    assert pairs_of_sites(instance, np.arange(4)) == 4
    assert pairs_of_sites(instance, np.array([0, 1, 2])) == 2


def test_no_second_source_without_a_first_whatever_capacities_say() -> None:
    """The second source alone would fit into what is left, and still does not count."""
    instance = two_slots((0, 1))
    instance = type(instance)(
        slots=2,
        organisations=1,
        slot=np.array([0, 1]),
        organisation=np.array([0, 0]),
        cost=np.array([1, 1]),
        masks=np.array([3]),
        handovers=instance.handovers,
        twins=((0, 1),),
        capacities=(Capacity(np.array([0]), np.array([5.0]), 1.0),),
    )

    plan = Planner(instance, (2, 1), 2, Clock(60)).plan()

    # Rank 1 would come before rank 2, if it could stand alone.
    assert [int(instance.slot[e]) for e in plan.outcome.entries] != [1]


def cancelled_at(question: int) -> Clock:
    asked = iter(range(1 << 20))
    return Clock(60, lambda: next(asked) >= question)


@pytest.mark.parametrize("question", [0, 3])
def test_cover_table_heeds_cancelling(question: int) -> None:
    masks = np.array([1 << n for n in range(8)])

    with pytest.raises(OutOfTimeError):
        cover_table(masks, 8, cancelled_at(question))
    assert cover_table(masks, 8, Clock(0.0))[255] == 8  # no time is no cancelling


@settings(max_examples=20, deadline=None)
@given(randoms)
def test_cancelled_before_the_search_nothing_is_said(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)

    suggestion = suggest(enquiry, landscape, SETTINGS, lambda: True)

    assert suggestion.status is Status.UNDECIDED
    assert [g.requirement for g in suggestion.gaps] == [r.iri for r in enquiry.requirements]
    assert {g.reason for g in suggestion.gaps} == {GapReason.TIME_LIMIT}
    assert not suggestion.proof.coverage_proven
