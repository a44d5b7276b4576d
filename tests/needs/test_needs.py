"""Needs, who answers them, and initiatives."""

from datetime import date

import pytest
from rdflib import URIRef

from graph.errors import (
    EnquiryError,
    RecordStateError,
    UnknownRecordError,
    VersionConflictError,
)
from graph.matching import Grade, Relation
from graph.needs import (
    NEEDS,
    Need,
    NeedStatus,
    NewInitiative,
    NewNeed,
    ResearchMatch,
    bundle,
    change_need_status,
    find_initiative,
    find_need,
    match_need,
    read_initiatives,
    read_needs,
    read_past_projects,
    record_initiative,
    record_need,
)
from graph.reading import read_landscape
from graph.records import tag_of
from graph.settings import Settings
from graph.vocabulary import ID, SCHEME
from tests.desk.houses import Book, competence, org

TODAY = date(2026, 11, 25)
SETTINGS = Settings(reference_year=2026)
TOPIC = str(SCHEME["ris-field/industrial-production-systems"])
OTHER = str(SCHEME["ris-field/ict-production-services"])
PROJECT = str(ID["project-hart"])


def need(*competences: str, **more: object) -> NewNeed:
    given: dict[str, object] = {
        "title": {"de": "Härtere Wellen", "en": "Harder shafts"},
        "raised_by": (org("dreherei"),),
        "competences": tuple(sorted(competence(c) for c in competences)),
        "topic": TOPIC,
    }
    return NewNeed(**given | more)  # type: ignore[arg-type]


def recorded(book: Book, given: NewNeed) -> Need:
    entry = record_need(given, today=TODAY)
    book.do(entry.write)
    return find_need(book(), entry.record)


def test_a_need_is_read_as_it_was_recorded(book: Book) -> None:
    given = need("hartdrehen", "beschichten", text="Verschleiß. a@example.org")
    known = recorded(book, given)

    assert known.said.text == "Verschleiß. […]"
    assert (known.said.title, known.said.competences) == (given.title, given.competences)
    assert (known.said.raised_by, known.said.topic) == (given.raised_by, TOPIC)
    assert (known.status, known.created) == (NeedStatus.OPEN, TODAY)
    assert read_needs(book()) == (known,)
    assert find_need(book(), known.iri.rpartition("need-")[2]) == known
    assert book.findings() == []
    with pytest.raises(UnknownRecordError):
        find_need(book(), "nothing")


@pytest.mark.parametrize("lacking", [{"raised_by": ()}, {"competences": ()}])
def test_a_need_names_whose_it_is_and_what_it_needs(lacking: dict[str, object]) -> None:
    with pytest.raises(EnquiryError):
        record_need(need("drehen", **lacking), today=TODAY)


def test_a_need_is_taken_care_of_by_somebody(book: Book) -> None:
    known = recorded(book, need("hartdrehen"))
    with pytest.raises(RecordStateError):
        change_need_status(book(), known.iri, NeedStatus.ADDRESSED)

    helpers = [PROJECT]
    change = change_need_status(book(), known.iri, NeedStatus.ADDRESSED, addressed_by=helpers)
    book.do(change.write)
    addressed = find_need(book(), known.iri)
    assert (addressed.status, addressed.addressed_by) == (NeedStatus.ADDRESSED, (PROJECT,))
    book.do(change_need_status(book(), known.iri, NeedStatus.SOLVED).write)
    assert find_need(book(), known.iri).status is NeedStatus.SOLVED
    assert find_need(book(), known.iri).addressed_by == (PROJECT,)
    assert book.findings() == []


def test_edits_of_a_need_do_not_overwrite_each_other(book: Book) -> None:
    known = recorded(book, need("hartdrehen"))
    tag = tag_of(book(), URIRef(known.iri), NEEDS)
    mine = change_need_status(book(), known.iri, NeedStatus.SOLVED, tag=tag)
    book.do(change_need_status(book(), known.iri, NeedStatus.DROPPED).write)

    with pytest.raises(VersionConflictError):
        book.do(mine.write)
    with pytest.raises(VersionConflictError):
        change_need_status(book(), known.iri, NeedStatus.SOLVED, tag=tag)


def answers(book: Book, known: Need) -> tuple[ResearchMatch, ...]:
    landscape = read_landscape(book())
    projects = read_past_projects(book(), landscape, TODAY)
    return match_need(known, landscape, SETTINGS, projects)


def test_research_answers_with_grade_reason_and_projects(book: Book) -> None:
    [found] = answers(book, recorded(book, need("drehen", "beschichten")))

    assert found.organisation == org("institut")
    [answer] = found.answers
    assert (answer.relation, answer.grade) == (Relation.NARROWER, Grade.FULL)
    assert answer.claim.source == "http://example.org/institut"
    assert found.score == pytest.approx(answer.score / 2, abs=1e-4)
    assert [p.iri for p in found.projects] == [PROJECT]
    assert [(p.year, p.name) for p in found.projects] == [(2024, "Harte Wellen")]


def test_what_is_broader_is_to_be_confirmed(book: Book) -> None:
    """The institute turns hard; somebody who needs more than that asks for something narrower."""
    landscape = read_landscape(book())
    assert landscape.scheme.competences[competence("hartdrehen")].broader == competence("drehen")

    assert answers(book, recorded(book, need("beschichten"))) == ()
    [exact] = answers(book, recorded(book, need("hartdrehen")))
    assert exact.answers[0].relation is Relation.EXACT


def test_companies_are_no_research(book: Book) -> None:
    """The turning shop claims turning, and its partners do too."""
    found = answers(book, recorded(book, need("zerspanen")))

    assert [match.organisation for match in found] == [org("institut")]


def test_a_need_for_something_unknown_has_no_answer(book: Book) -> None:
    known = Need("n", need("nothing"), NeedStatus.OPEN)

    assert match_need(known, read_landscape(book()), SETTINGS) == ()


def test_an_initiative_bundles_needs_and_projects(book: Book) -> None:
    known = recorded(book, need("hartdrehen"))
    entry = record_initiative(NewInitiative({"de": "Harte Kante"}, (TOPIC,), (known.iri,)))
    book.do(entry.write)
    change = bundle(book(), entry.record, add=[PROJECT], remove=[known.iri], topics=[OTHER])
    book.do(change.write)

    [initiative] = read_initiatives(book())
    assert initiative.said.bundles == (PROJECT,)
    assert set(initiative.said.topics) == {TOPIC, OTHER}
    assert find_initiative(book(), entry.record.rpartition("initiative-")[2]) == initiative
    assert book.findings() == []
    with pytest.raises(EnquiryError):
        record_initiative(NewInitiative({"de": "Ohne"}, ()))
    with pytest.raises(UnknownRecordError):
        bundle(book(), "nothing", add=[PROJECT])


def test_only_needs_and_projects_are_bundled(book: Book) -> None:
    initiative = NewInitiative({"de": "Falsch"}, (TOPIC,), (org("netz"),))
    book.do(record_initiative(initiative).write)

    assert [f.rpartition("/")[2] for f in book.findings()] == ["initiative-bundles"]
