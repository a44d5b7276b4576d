"""Who could develop what is missing, whom to ask, and which competence more would help."""

from dataclasses import replace

from graph.consortium import Suggestion, suggest
from graph.consortium.answer import Addition, NetworkToAsk
from graph.model import (
    Claim,
    Competence,
    CompetenceScheme,
    Enquiry,
    GroupRule,
    GroupTrait,
    Landscape,
    Organisation,
    Place,
    Requirement,
    Tie,
    Truth,
)
from graph.settings import Settings

SETTINGS = Settings(reference_year=2026, time_budget_s=60)
SCHEME = CompetenceScheme(
    {
        iri: Competence(iri, iri.upper(), broader)
        for iri, broader in {
            "testing": None,
            "leak-test": "testing",
            "x-ray": "testing",
            "micro-x-ray": "x-ray",
            "joining": None,
            "welding": "joining",
            "brazing": "joining",
            "optics": None,
        }.items()
    }
)


def landscape(
    claims: dict[str, str], *ties: tuple[str, str], **organisations: Organisation
) -> Landscape:
    """Return a landscape from "organisation competence" words, named ``c1``, ``c2``, ..."""
    made = [
        Claim(f"c{n}", o, competence, evidence_year=2026)
        for n, (o, words) in enumerate(claims.items())
        for competence in words.split()
    ]
    made = [replace(c, iri=f"{c.iri}-{c.competence}") for c in made]
    every = {o: organisations.get(o, Organisation(o, o.upper())) for o in claims}
    known = tuple(
        Tie(min(pair), max(pair), f"p{n}", "project", year=2025) for n, pair in enumerate(ties)
    )
    return Landscape("test", SCHEME, every, tuple(sorted(made, key=lambda c: c.iri)), known)


def asked(*competences: str) -> Enquiry:
    return Enquiry("e", "E", tuple(Requirement(f"r-{c}", c) for c in competences))


def research(iri: str) -> Organisation:
    return Organisation(iri, iri.upper(), kind="ResearchInstitution")


def answered(enquiry: Enquiry, given: Landscape) -> Suggestion:
    return suggest(enquiry, given, SETTINGS)


def test_developer_near_by_that_knows_a_near_institute_comes_first() -> None:
    given = landscape(
        {"a": "x-ray", "b": "x-ray", "far": "optics", "i1": "x-ray", "i2": "optics"},
        ("b", "i1"),
        ("b", "i2"),
        i1=research("i1"),
        i2=research("i2"),
    )

    (gap,) = answered(asked("leak-test"), given).gaps

    first, second = gap.developers
    assert (first.organisation, first.competence, first.steps_away) == ("b", "x-ray", 2)
    assert first.partners == ("i1", "i2")  # both know it; the first can do something near
    assert first.acquainted == ("i1", "i2")
    assert (second.organisation, second.partners, second.acquainted) == ("a", ("i1",), ())


def test_who_closes_develops_nothing() -> None:
    closing = replace(Organisation("a", "A"), is_active=Truth.NO)

    (gap,) = answered(asked("leak-test"), landscape({"a": "x-ray"}, a=closing)).gaps

    assert gap.developers == ()


def test_research_institution_that_closes_is_no_partner() -> None:
    closing = replace(research("i2"), is_active=Truth.NO)
    given = landscape({"b": "x-ray", "i2": "optics"}, ("b", "i2"), i2=closing)

    (developer,) = answered(asked("leak-test"), given).gaps[0].developers

    assert (developer.organisation, developer.partners) == ("b", ())


def test_networks_of_who_nearly_qualifies_are_asked() -> None:
    far = Organisation("a", "A", place=Place(52.0, 11.0), clusters=frozenset({"k1"}))
    enquiry = replace(asked("leak-test"), place=Place(50.9, 11.6), max_distance_km=20.0)

    (gap,) = answered(enquiry, landscape({"a": "leak-test"}, a=far)).gaps

    assert gap.nearest == ()
    assert gap.networks == (NetworkToAsk("k1", 1),)


def test_network_with_most_near_members_is_asked_first() -> None:
    members = {
        name: Organisation(name, name.upper(), clusters=frozenset(clusters))
        for name, clusters in {"a": ["k1"], "b": ["k2"], "c": ["k2"], "d": ["k3"]}.items()
    }
    given = landscape({"a": "x-ray", "b": "x-ray", "c": "x-ray", "d": "optics"}, **members)

    (gap,) = answered(asked("leak-test"), given).gaps

    assert gap.networks == (NetworkToAsk("k2", 2), NetworkToAsk("k1", 1))


def test_member_near_to_a_gap_could_close_it() -> None:
    given = landscape({"a": "x-ray", "b": "welding"})

    suggestion = answered(asked("x-ray", "welding", "leak-test"), given)

    assert suggestion.additions == (Addition("r-leak-test", "a", "x-ray", 2),)


def test_one_competence_more_saves_a_member_and_the_engine_agrees() -> None:
    given = landscape({"a": "leak-test welding", "b": "brazing"})
    enquiry = asked("leak-test", "welding", "brazing")

    suggestion = answered(enquiry, given)

    assert suggestion.additions == (Addition("r-brazing", "a", "welding", 2, saves="b"),)
    learned = landscape({"a": "leak-test welding brazing", "b": "brazing"})
    assert len(suggestion.members) == 2
    assert len(answered(enquiry, learned).members) == 1


def test_nobody_is_saved_whom_the_conditions_need() -> None:
    given = landscape({"a": "leak-test welding", "b": "brazing"})
    enquiry = asked("leak-test", "welding", "brazing")
    two = GroupRule("two", GroupTrait.KIND, frozenset({"Company"}), at_least=2)

    assert answered(replace(enquiry, pinned=frozenset({"b"})), given).additions == ()
    assert answered(replace(enquiry, groups=(two,)), given).additions == ()


def test_nobody_becomes_the_second_source_of_its_own_work() -> None:
    given = landscape({"a": "welding", "b": "welding"})
    needs_two = Requirement("r", "welding", needs_second_source=True)

    suggestion = answered(Enquiry("e", "E", (needs_two,)), given)

    assert len(suggestion.members) == 2
    assert suggestion.additions == ()


def test_who_is_too_far_is_not_asked_to_learn_it() -> None:
    given = landscape({"a": "leak-test", "b": "welding"})

    assert answered(asked("leak-test", "welding"), given).additions == ()


def test_three_steps_in_the_tree_are_too_far_to_learn() -> None:
    given = landscape({"a": "micro-x-ray", "b": "optics"})

    assert answered(asked("micro-x-ray", "optics", "leak-test"), given).additions == ()


def test_nearest_competences_come_first() -> None:
    given = landscape({"a": "micro-x-ray", "b": "x-ray", "c": "testing", "d": "optics"})

    (gap,) = answered(asked("leak-test"), replace(given, claims=given.claims[:2])).gaps

    assert [(n.competence, n.steps_away) for n in gap.nearest] == [("x-ray", 2), ("micro-x-ray", 3)]
