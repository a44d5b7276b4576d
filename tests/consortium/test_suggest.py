"""From enquiry to suggestion, on tiny landscapes; compared with a naive reading of the rules."""

from dataclasses import replace
from functools import partial
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.consortium import Suggestion, suggest
from graph.consortium.answer import MemberReason, Status
from graph.consortium.control import INFINITE, Pruning
from graph.matching import match

from .landscapes import random_enquiry, random_landscape
from .naive import naive_answer, naive_candidates
from .small import SETTINGS, SUHL, claim, enquiry_of, landscape_of

randoms = st.randoms(use_true_random=False)


def served(suggestion: Suggestion) -> tuple[int, ...]:
    mandatory = {r.iri: r.is_mandatory for r in suggestion.enquiry.requirements}
    ranks = [
        (0 if mandatory[a.requirement] else 2) + a.is_second_source for a in suggestion.assignments
    ]
    return tuple(ranks.count(rank) for rank in range(4))


def without_time(suggestion: Suggestion) -> Suggestion:
    return replace(suggestion, run=replace(suggestion.run, elapsed_ms=0.0))


@settings(max_examples=120, deadline=None)
@given(randoms)
def test_suggestion_is_the_naive_optimum(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)
    naive = naive_answer(enquiry, landscape, SETTINGS)

    suggestion = suggest(enquiry, landscape, SETTINGS)

    if naive.coverage is None:
        assert suggestion.status is Status.INFEASIBLE
        assert not suggestion.members
        return
    assert suggestion.status is Status.OPTIMAL
    assert suggestion.cost is not None
    assert served(suggestion) == naive.coverage
    assert len(suggestion.members) == naive.members
    assert suggestion.cost.total_km == naive.cost_km


@settings(max_examples=200, deadline=None)
@given(randoms, st.sampled_from([(0, INFINITE), (INFINITE, 0), (0, 0)]))
def test_reduction_by_distance_and_teams_keep_the_optimum(
    random: Random, above: tuple[int, int]
) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)
    naive = naive_answer(enquiry, landscape, SETTINGS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graph.consortium.plan.Pruning", partial(Pruning, True, True, True, *above))
        patch.setattr("graph.consortium.reduction._PER_SLOT", 1)
        suggestion = suggest(enquiry, landscape, SETTINGS)

    if naive.coverage is not None:
        assert suggestion.status is Status.OPTIMAL
        assert suggestion.cost is not None
        assert suggestion.cost.total_km == naive.cost_km
        assert all(point.is_proven for point in suggestion.front)


def test_too_many_pairs_give_a_valid_answer_with_a_bound() -> None:
    landscape = landscape_of(
        claim("a", "milling"), claim("b", "welding"), claim("c", "milling", 0.9), b=SUHL
    )

    with pytest.MonkeyPatch.context() as patch:
        pruning = partial(Pruning, reduce_above=0, teams_above=INFINITE)
        patch.setattr("graph.consortium.plan.Pruning", pruning)
        patch.setattr("graph.consortium.search.MOST_PAIRS", -1)
        patch.setattr("graph.consortium.search.LARGEST_BLOCK", 0)
        suggestion = suggest(enquiry_of("milling", "welding"), landscape, SETTINGS)

    assert suggestion.status is Status.FEASIBLE
    assert suggestion.cost is not None
    assert suggestion.proof.lower_bound_km is not None
    assert 0 < suggestion.proof.lower_bound_km < suggestion.cost.total_km
    assert not suggestion.proof.cost_proven


@settings(max_examples=80, deadline=None)
@given(randoms)
def test_matches_are_those_of_looking_at_every_claim(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)

    for matches in match(enquiry, landscape, SETTINGS):
        naive = naive_candidates(matches.requirement, enquiry, landscape, SETTINGS)

        assert {c.organisation: (c.cost_km, c.claim.iri) for c in matches} == {
            root: (c.cost_km, c.claim.iri) for root, c in naive.items()
        }


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_parts_of_a_suggestion_agree(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)

    suggestion = suggest(enquiry, landscape, SETTINGS)

    if suggestion.cost is None:
        return
    cost = suggestion.cost
    assert cost.match_km == sum(a.cost_km for a in suggestion.assignments)
    assert cost.total_km == cost.match_km + sum(i.cost_km for i in suggestion.interfaces)
    assert suggestion.proof.lower_bound_km == cost.total_km
    taken = {(a.requirement, a.is_second_source) for a in suggestion.assignments}
    for requirement in enquiry.requirements:
        gaps = [g for g in suggestion.gaps if g.requirement == requirement.iri]
        wanted = {(requirement.iri, False)}
        if requirement.needs_second_source and (requirement.iri, False) in taken:
            wanted.add((requirement.iri, True))
        assert len(gaps) == len(wanted - taken)
    if suggestion.front:
        assert suggestion.front[0].cost_km == cost.total_km
    pinned = {a for m in suggestion.members for a in m.reasons if a is MemberReason.PINNED}
    free = len(suggestion.members)
    for alternative in suggestion.alternatives:
        assert alternative.shared <= alternative.allowed_shared
        if not pinned:
            assert alternative.allowed_shared == free - max(1, free // 2)
        assert alternative.is_proven
        if alternative.members == len(suggestion.members):
            assert alternative.more_km >= 0


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_replacement_is_the_optimum_without_the_member(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = replace(random_enquiry(random, landscape), pinned=frozenset(), lead=None)
    suggestion = suggest(enquiry, landscape, SETTINGS)

    for member in suggestion.members:
        excluded = enquiry.excluded | {member.organisation}
        naive = naive_answer(replace(enquiry, excluded=excluded), landscape, SETTINGS)
        found = member.replacement
        assert found is not None
        if naive.coverage == served(suggestion) and found.reoptimised is not None:
            assert found.reoptimised.cost_km == naive.cost_km
            assert len(found.reoptimised.organisations) == naive.members
        else:
            assert found.reoptimised is None
        if found.drop_in is not None and found.reoptimised is not None:
            assert found.reoptimised.extra_members == 0
            assert found.drop_in.loss_km >= found.reoptimised.loss_km


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_order_of_the_landscape_does_not_matter(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)
    organisations = list(landscape.organisations.items())
    claims, ties = list(landscape.claims), list(landscape.ties)
    random.shuffle(organisations)
    random.shuffle(claims)
    random.shuffle(ties)
    shuffled = replace(
        landscape, organisations=dict(organisations), claims=tuple(claims), ties=tuple(ties)
    )

    first = suggest(enquiry, landscape, SETTINGS)
    second = suggest(enquiry, shuffled, SETTINGS)

    assert without_time(first) == without_time(second)
