"""Who should meet whom: a landscape in which the right answer is known."""

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import (
    Claim,
    Competence,
    CompetenceScheme,
    Landscape,
    Organisation,
    Place,
    Tie,
    Truth,
)
from graph.needs import Demand, default_meeting_weights, meetings
from graph.settings import Settings

SETTINGS = Settings(reference_year=2026)
SCHEME = CompetenceScheme(
    competences={
        name: Competence(name, name, None, step)
        for name, step in (("cast", "s1"), ("mill", "s2"), ("coat", "s3"), ("test", "s4"))
    },
    precedes={"s1": frozenset({"s2"}), "s2": frozenset({"s3"}), "s3": frozenset({"s4"})},
)
NEAR, NEXT, FAR = Place(50.9, 11.0), Place(50.9, 11.2), Place(53.0, 11.0)
WEIGHTS = default_meeting_weights()


def claim(owner: str, competence: str, confidence: float = 0.9, year: int = 2026) -> Claim:
    step = SCHEME.competences[competence].step or ""
    return Claim(
        f"{owner}-{competence}",
        owner,
        competence,
        steps=frozenset({step}),
        confidence=confidence,
        evidence_year=year,
    )


def landscape(
    *organisations: Organisation, claims: list[Claim], ties: tuple[Tie, ...] = ()
) -> Landscape:
    return Landscape(
        "v1",
        SCHEME,
        {o.iri: o for o in organisations},
        tuple(sorted(claims, key=lambda c: c.iri)),
        ties,
    )


def org(name: str, place: Place | None = NEAR, **more: object) -> Organisation:
    return Organisation(name, name.title(), place=place, **more)  # type: ignore[arg-type]


FOUNDRY, MILL = org("foundry"), org("mill", NEXT)
TWO = [claim("foundry", "cast"), claim("mill", "mill")]


def pairs(found: Landscape, *demands: Demand) -> list[tuple[str, str]]:
    return [(m.first, m.second) for m in meetings(found, SETTINGS, demands)]


def test_neighbours_on_the_chain_should_meet() -> None:
    [meeting] = meetings(landscape(FOUNDRY, MILL, claims=TWO), SETTINGS)

    assert (meeting.first, meeting.second) == ("foundry", "mill")
    [link] = meeting.links
    assert (link.giver, link.taker, link.step, link.next_step) == ("foundry", "mill", "s1", "s2")
    assert link.claims == ("foundry-cast", "mill-mill")
    assert (link.evidence, link.scarcity) == (0.9, 0.5)
    assert meeting.distance_km == pytest.approx(14.0, abs=0.1)
    worth = 0.9 * (WEIGHTS.link_km + WEIGHTS.scarcity_km * 0.5)
    assert link.worth_km == pytest.approx(worth)
    assert meeting.score_km == pytest.approx(worth - meeting.distance_km, abs=0.1)


@pytest.mark.parametrize(
    ("organisations", "claims"),
    [
        ((FOUNDRY, org("mill", FAR)), TWO),
        ((FOUNDRY, org("mill", None)), TWO),
        ((FOUNDRY, org("mill", NEXT, is_active=Truth.NO)), TWO),
        ((FOUNDRY, org("mill", NEXT, same_as="foundry")), TWO),
        ((FOUNDRY, MILL), [claim("foundry", "cast"), claim("mill", "coat")]),
        ((FOUNDRY, MILL), [claim("foundry", "cast"), claim("mill", "cast")]),
        ((FOUNDRY, MILL), [*TWO, claim("foundry", "mill")]),
        ((FOUNDRY, MILL), [*TWO, claim("mill", "cast")]),
    ],
    ids=["far", "unknown place", "closing", "same", "a step between", "equal", "has it", "has it"],
)
def test_others_should_not(organisations: tuple[Organisation, ...], claims: list[Claim]) -> None:
    assert pairs(landscape(*organisations, claims=claims)) == []


@pytest.mark.parametrize(("kind", "meet"), [("project", 0), ("relation", 0), ("cluster", 1)])
def test_whoever_has_worked_together_knows_each_other(kind: str, meet: int) -> None:
    tie = Tie("foundry", "mill", "context", kind)

    assert len(pairs(landscape(FOUNDRY, MILL, claims=TWO, ties=(tie,)))) == meet


def test_doubtful_is_not_closing() -> None:
    doubtful = replace(MILL, is_active=Truth.UNKNOWN)

    assert len(pairs(landscape(FOUNDRY, doubtful, claims=TWO))) == 1


def test_what_is_asked_for_brings_together() -> None:
    found = landscape(FOUNDRY, MILL, claims=TWO)
    both = Demand("e1", "E1", frozenset({"cast", "mill"}))
    one = Demand("e2", "E2", frozenset({"cast", "coat"}))
    [without] = meetings(found, SETTINGS)
    [meeting] = meetings(found, SETTINGS, [both, one])

    assert meeting.demands == ("e1",)
    assert meeting.score_km == pytest.approx(without.score_km + WEIGHTS.demand_km)


def test_a_shared_network_is_a_place_to_meet() -> None:
    networked = [replace(o, clusters=frozenset({"net", o.iri})) for o in (FOUNDRY, MILL)]
    [meeting] = meetings(landscape(*networked, claims=TWO), SETTINGS)
    [without] = meetings(landscape(FOUNDRY, MILL, claims=TWO), SETTINGS)

    assert meeting.clusters == ("net",)
    assert meeting.score_km == pytest.approx(without.score_km + WEIGHTS.cluster_km)


def test_better_evidence_and_less_distance_go_first() -> None:
    mills = [org("near"), org("next", NEXT), org("weak"), org("old")]
    claims = [
        claim("foundry", "cast"),
        *(claim(name, "mill") for name in ("near", "next")),
        claim("weak", "mill", confidence=0.4),
        claim("old", "mill", year=1990),
    ]
    found = landscape(FOUNDRY, *mills, claims=claims)
    weights = replace(WEIGHTS, most_each=9)

    ranked = meetings(found, SETTINGS, weights=weights)
    assert [m.second if m.first == "foundry" else m.first for m in ranked] == [
        "near",
        "next",
        "weak",
        "old",
    ]
    assert len(meetings(found, SETTINGS, weights=replace(weights, most_each=2))) == 2
    assert len(meetings(found, SETTINGS, most=1)) == 1


def test_each_further_link_is_worth_less() -> None:
    claims = [*TWO, claim("foundry", "coat")]
    [meeting] = meetings(landscape(FOUNDRY, MILL, claims=claims), SETTINGS)

    first, second = meeting.links
    assert {(first.step, first.next_step), (second.step, second.next_step)} == {
        ("s1", "s2"),
        ("s2", "s3"),
    }
    expected = first.worth_km + WEIGHTS.next_share * second.worth_km - meeting.distance_km
    assert meeting.score_km == pytest.approx(expected, abs=0.2)


OFFERS = st.lists(st.sets(st.sampled_from(sorted(SCHEME.competences))), min_size=2, max_size=6)


@given(OFFERS, st.randoms(use_true_random=False))
def test_list_is_what_brute_force_finds(offers: list[set[str]], random: object) -> None:
    """Who offers a step that follows and the other lacks is in; the order does not matter."""
    names = [f"org-{n}" for n in range(len(offers))]
    claims = [claim(name, c) for name, own in zip(names, offers, strict=True) for c in sorted(own)]
    random.shuffle(names)  # type: ignore[attr-defined]
    found = landscape(*(org(name) for name in names), claims=claims)
    steps = {f"org-{n}": {SCHEME.competences[c].step for c in own} for n, own in enumerate(offers)}

    def links(one: str, other: str) -> bool:
        return any(
            after in steps[other] - steps[one]
            for step in steps[one] - steps[other]
            for after in SCHEME.precedes.get(str(step), ())
        )

    weights = replace(WEIGHTS, most_each=99)
    expected = {(a, b) for a, b in combinations(sorted(steps), 2) if links(a, b) or links(b, a)}
    ranked = meetings(found, SETTINGS, most=99, weights=weights)
    assert {(m.first, m.second) for m in ranked} == expected
    assert [m.score_km for m in ranked] == sorted((m.score_km for m in ranked), reverse=True)


def test_weights_keep_the_order_of_reasons_that_their_file_states() -> None:
    w = WEIGHTS

    assert w.link_km >= w.distance_weight * w.max_distance_km  # a proven link is worth every way
    assert w.link_km > w.demand_km > w.distance_weight * w.max_distance_km / 2
    assert w.demand_km > w.cluster_km > w.approximate_km
    assert w.scarcity_km == w.link_km  # nobody else could do it: the link counts twice
    assert w.next_share / (1 - w.next_share) <= 1  # all further reasons stay below one more


ONE_OF_EACH = [claim("foundry", "cast", 1.0), claim("mill", "mill", 1.0)]


def best(found: Landscape, *demands: Demand) -> tuple[str, str]:
    return pairs(found, *demands)[0]


def test_a_proven_link_comes_before_a_nearer_weak_one() -> None:
    edge = Place(50.9, 11.8)  # 56 km away, still near
    doubtful = org("turner", NEAR)
    weak = claim("turner", "mill", 0.1)
    found = landscape(FOUNDRY, org("mill", edge), doubtful, claims=[*ONE_OF_EACH, weak])

    assert best(found) == ("foundry", "mill")


def test_a_present_demand_decides_between_equal_links_before_nearness() -> None:
    asked = Demand("enquiry", "Enquiry", frozenset({"cast", "coat"}))
    coater = org("coater", Place(50.9, 11.4))
    claims = [*ONE_OF_EACH, claim("coater", "mill", 1.0), claim("coater", "coat", 0.01)]
    found = landscape(FOUNDRY, MILL, coater, claims=claims)

    assert best(found) == ("foundry", "mill")
    assert best(found, asked) == ("coater", "foundry")


def test_nearness_decides_before_a_shared_network_far_away() -> None:
    far = org("mill", Place(50.9, 11.4), clusters=frozenset({"network"}))
    near = org("turner", NEAR)
    foundry = org("foundry", clusters=frozenset({"network"}))
    claims = [*ONE_OF_EACH, claim("turner", "mill", 1.0)]

    assert best(landscape(foundry, far, near, claims=claims)) == ("foundry", "turner")
    beside = replace(far, place=NEAR)
    assert best(landscape(foundry, beside, near, claims=claims)) == ("foundry", "mill")
