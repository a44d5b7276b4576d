"""Many enquiries at once, and what would unlock those that stay open."""

from dataclasses import replace

from graph.consortium import suggest, suggest_all, unlocking
from graph.model import Claim, Enquiry, Landscape, Organisation, Place, Requirement
from graph.settings import Settings

from .landscapes import SCHEME

SETTINGS = Settings(reference_year=2026, time_budget_s=60)
LANDSCAPE = Landscape(
    "test",
    SCHEME,
    {"one": Organisation("one", "One", place=Place(50.9, 11.6))},
    (Claim("c1", "one", "a1", evidence_year=2026),),
)


def enquiry(iri: str, *competences: str) -> Enquiry:
    parts = tuple(Requirement(f"{iri}-{c}", c) for c in competences)
    return Enquiry(iri, iri.upper(), parts)


OPEN = (
    enquiry("e1", "a1", "a21"),
    enquiry("e2", "a21", "c"),
    enquiry("e3", "c"),
    enquiry("e4", "a2"),
    enquiry("e5", "a1"),
    enquiry("e6", "b", "c"),
)


def test_answers_are_those_of_one_at_a_time_in_order() -> None:
    seen: list[tuple[int, int]] = []

    found = suggest_all(OPEN[:3], LANDSCAPE, SETTINGS, 2, lambda n, total: seen.append((n, total)))

    alone = [suggest(e, LANDSCAPE, SETTINGS) for e in OPEN[:3]]
    assert [replace(s, run=alone[0].run) for s in found] == [
        replace(s, run=alone[0].run) for s in alone
    ]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_the_competence_that_unlocks_most_comes_first() -> None:
    found = unlocking(OPEN, LANDSCAPE, SETTINGS)

    assert found.open == ("e1", "e2", "e3", "e4", "e6")
    assert [(s.competence, s.unlocked) for s in found.steps] == [
        ("a21", ("e1", "e4")),  # below a2, so it answers e4 as well
        ("c", ("e2", "e3")),
        ("b", ("e6",)),
    ]
    assert found.steps[0].closed == ("e1-a21", "e2-a21", "e4-a2")
    assert found.steps[0].near == ("one",)


def test_what_unlocks_more_comes_before_what_closes_more() -> None:
    def wished(iri: str) -> Enquiry:
        requirements = (Requirement(f"{iri}-c", "c", is_mandatory=False),)
        return replace(enquiry(iri, "c"), requirements=requirements)

    asked = enquiry("e1", "b"), enquiry("e2", "b"), enquiry("e3", "c"), wished("e4"), wished("e5")

    found = unlocking(asked, LANDSCAPE, SETTINGS)

    assert [(s.competence, len(s.unlocked), len(s.closed)) for s in found.steps] == [
        ("b", 2, 2),
        ("c", 1, 3),
    ]


def test_counts_are_those_of_the_engine() -> None:
    """With room for one member only, a newcomer beside it unlocks nothing."""
    tight = tuple(replace(e, max_members=1) for e in OPEN[:2])

    found = unlocking(tight, LANDSCAPE, SETTINGS)

    assert all(not step.unlocked for step in found.steps if step.competence == "a21")


def test_steps_are_limited_and_nothing_open_needs_none() -> None:
    assert len(unlocking(OPEN, LANDSCAPE, SETTINGS, most=1).steps) == 1
    assert unlocking(OPEN[4:5], LANDSCAPE, SETTINGS).steps == ()


def test_wished_for_requirements_are_closed_but_unlock_nothing() -> None:
    wished = replace(OPEN[0], requirements=(
        OPEN[0].requirements[0], replace(OPEN[0].requirements[1], is_mandatory=False),
    ))  # fmt: skip

    found = unlocking((wished,), LANDSCAPE, SETTINGS)

    assert found.open == ()
    assert [(s.unlocked, s.closed) for s in found.steps] == [((), ("e1-a21",))]


def test_newcomers_are_not_named() -> None:
    for step in unlocking(OPEN, LANDSCAPE, SETTINGS).steps:
        assert not any(o.startswith("urn:") for o in step.near)
