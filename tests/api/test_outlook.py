"""What surrounds a suggestion in words: relaxations, front, weights, robustness."""

from dataclasses import replace

import pytest

from api.answers import answer
from graph.consortium import suggest
from graph.model import (
    Claim,
    Competence,
    CompetenceScheme,
    Enquiry,
    Landscape,
    Organisation,
    Place,
    Requirement,
)
from graph.settings import Settings

HERE, THERE = Place(50.0, 11.0), Place(51.0, 11.0)
SCHEME = CompetenceScheme(
    {name: Competence(name, name.upper(), None, step) for name, step in (("a", "s1"), ("b", "s2"))},
    {"s1": frozenset({"s2"})},
)
LANDSCAPE = Landscape(
    "test",
    SCHEME,
    {
        "one": Organisation("one", "One", place=HERE),
        "two": Organisation("two", "Two", place=THERE),
        "all": Organisation("all", "All", place=THERE),
    },
    (
        Claim("c1", "one", "a", evidence_year=2026),
        Claim("c2", "two", "b", evidence_year=2026),
        Claim("c3", "all", "a", confidence=0.1, evidence_year=2026),
        Claim("c4", "all", "b", confidence=0.1, evidence_year=2026),
    ),
)
ENQUIRY = Enquiry("e", "E", (Requirement("r1", "a"), Requirement("r2", "b")), place=HERE)
SETTINGS = Settings(reference_year=2026, time_budget_s=60)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Allow 112 km: then served, with 1 member at 108 km equivalents"),
        ("de", "112 km zulassen: dann bedient, mit 1 Mitglied zu 108 km-Äquivalenten"),
    ],
)
def test_what_would_close_a_gap(language: str, text: str) -> None:
    near = replace(ENQUIRY, max_distance_km=50.0)

    found = answer(suggest(near, LANDSCAPE, SETTINGS), LANDSCAPE, language)

    assert [r.text for r in found.relaxations] == [text]
    assert found.relaxations[0].requirement == "r2"
    assert found.relaxations[0].proven


def test_demand_that_is_given_up_has_its_name() -> None:
    asked = replace(ENQUIRY, requirements=(Requirement("r1", "a", step="s9"),))
    claims = tuple(replace(c, steps=frozenset({"s1"})) for c in LANDSCAPE.claims)
    landscape = replace(LANDSCAPE, claims=claims, labels={"s9": "Polishing"})

    found = answer(suggest(asked, landscape, SETTINGS), landscape, "en")

    assert found.relaxations[0].text.startswith("Give up: value-chain step Polishing: then served")


def test_front_says_when_a_member_more_pays() -> None:
    dear = replace(LANDSCAPE, organisations={
        **LANDSCAPE.organisations, "two": Organisation("two", "Two", place=HERE),
    })  # fmt: skip

    found = answer(suggest(ENQUIRY, dear, SETTINGS), dear, "en")

    assert [p.text for p in found.front] == [
        "The fewest members.",
        "Better as long as one member more costs less than 68 km equivalents.",
    ]


def test_weights_and_members_that_it_hangs_on() -> None:
    found = answer(suggest(ENQUIRY, LANDSCAPE, SETTINGS), LANDSCAPE, "en")

    assert found.sensitivity is not None
    assert [r.text for r in found.sensitivity.ranges] == [
        "cost of a claim of no worth: best up to 84",  # 1.8 times 84 is 151
        "weight of distance: best from 0.61",
        "cost of working together: best whatever it is",
    ]
    assert found.robustness is not None
    assert found.robustness.worst is not None
    assert found.robustness.worst.name == "All"
    assert "The hardest loss is All: 1 member more" in found.robustness.text
