"""The history of an enquiry: what may follow what, and that nothing is overwritten."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from rdflib import Graph, Literal, URIRef

from graph.desk import (
    DESK,
    TRANSITIONS,
    Confidentiality,
    Details,
    EventKind,
    NewReferral,
    Outcome,
    Status,
    change_details,
    change_status,
    confirm_requirements,
    note_reply,
    read_desk_enquiries,
    read_desk_enquiry,
    receive,
    refer,
)
from graph.enquiries import find_enquiry, read_enquiries
from graph.errors import (
    ConsentMissingError,
    EnquiryError,
    IllegalTransitionError,
    UnknownRecordError,
    VersionConflictError,
)
from graph.model import CompetenceScheme, Limit, Requirement
from graph.reading import read_landscape
from graph.records import Entry, tag_of
from graph.resources import ontology_texts
from graph.vocabulary import SCHEME, VB

from .houses import NOW, Book, competence, enquiry, org

NUMBER = "2026-0001"
TURNING = Requirement("x", competence("drehen"))


@pytest.fixture
def scheme(book: Book) -> CompetenceScheme:
    return read_landscape(book()).scheme


@pytest.fixture
def classified(book: Book, scheme: CompetenceScheme) -> Book:
    """A book with one enquiry that is classified."""
    book.do(receive(book(), enquiry(), now=NOW).write)
    book.do(confirm_requirements(book(), NUMBER, [TURNING], scheme, now=NOW).write)
    return book


def test_table_of_transitions_is_that_of_the_ontology() -> None:
    graph = Graph()
    graph.parse(data=dict(ontology_texts())["schemes/enquiry-status"], format="turtle")

    stated = {(str(a), str(b)) for a, b in graph.subject_objects(VB.mayBecome)}
    scheme = str(SCHEME["enquiry-status/"])
    assert stated == {(scheme + a, scheme + b) for a, after in TRANSITIONS.items() for b in after}
    assert set(TRANSITIONS) == set(Status)


def test_numbers_count_up_within_a_year(book: Book) -> None:
    for _ in range(2):
        book.do(receive(book(), enquiry(), now=NOW).write)
    book.do(receive(book(), enquiry(), now=datetime(2027, 1, 2, tzinfo=UTC)).write)

    numbers = [e.number for e in read_desk_enquiries(book())]
    assert numbers == ["2026-0001", "2026-0002", "2027-0001"]


def test_the_same_number_is_given_once(book: Book) -> None:
    first, second = (receive(book(), enquiry(), now=NOW) for _ in range(2))
    book.do(first.write)

    assert first.record == second.record
    with pytest.raises(VersionConflictError):
        book.do(second.write)
    again = receive(book(), enquiry(), now=NOW)
    assert again.record.endswith("2026-0002")


def test_what_came_in_is_read_as_it_was_given(book: Book) -> None:
    given = enquiry(
        text="Gesucht: Wellen", due=date(2026, 12, 24), reply_by=date(2026, 12, 1), country="AT",
        town="Linz", region="http://dcat-ap.de/def/politicalGeocoding/districtKey/16901",
        source="http://example.org/tender", confidentiality=Confidentiality.CONSENT,
    )  # fmt: skip
    book.do(receive(book(), given, now=NOW).write)

    known = read_desk_enquiry(book(), NUMBER)
    assert known.received == given
    assert (known.status, known.number) == (Status.NEW, NUMBER)
    assert [(e.position, e.kind, e.at) for e in known.events] == [(1, EventKind.RECEIVED, NOW)]
    assert read_desk_enquiry(book(), known.iri) == known


@pytest.mark.parametrize("word", ["2026-0002", "", "http://example.org/x> } #", '"', "\x1b", "%"])
def test_unknown_number(classified: Book, word: str) -> None:
    with pytest.raises(UnknownRecordError):
        read_desk_enquiry(classified(), word)


def test_status_is_that_of_the_last_of_many_events(classified: Book) -> None:
    for number in range(2, 12):
        wanted = Status.REFERRED if number % 2 == 0 else Status.CLASSIFIED
        classified.do(change_status(classified(), NUMBER, wanted, now=NOW).write)

    known = read_desk_enquiry(classified(), NUMBER)
    assert known.status is Status.CLASSIFIED
    assert [e.position for e in known.events] == list(range(1, 13))
    assert classified.findings() == []


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("wanted", Status)
def test_only_legal_steps_are_taken(book: Book, status: Status, wanted: Status) -> None:
    if status is wanted:
        return
    from graph.desk.history import require_legal

    if wanted in TRANSITIONS[status]:
        require_legal(status, wanted)
        return
    with pytest.raises(IllegalTransitionError) as caught:
        require_legal(status, wanted)
    assert caught.value.legal == tuple(sorted(TRANSITIONS[status]))
    assert all(legal in str(caught.value) for legal in caught.value.legal)


def test_a_new_enquiry_is_not_passed_on(book: Book) -> None:
    book.do(receive(book(), enquiry(), now=NOW).write)

    with pytest.raises(IllegalTransitionError, match="new cannot become referred") as caught:
        refer(book(), NUMBER, NewReferral(org("netz")), now=NOW)
    assert caught.value.legal == ("classified", "closed")


def test_a_new_enquiry_becomes_classified_by_what_it_needs(book: Book) -> None:
    book.do(receive(book(), enquiry(), now=NOW).write)

    with pytest.raises(EnquiryError, match="confirm what"):
        change_status(book(), NUMBER, Status.CLASSIFIED, now=NOW)
    assert book.findings() == []
    assert read_enquiries(book()) == {}
    with pytest.raises(EnquiryError, match="no requirement"):
        find_enquiry(book(), NUMBER)


def test_what_has_ended_is_taken_up_again(classified: Book) -> None:
    for status in (Status.CLOSED, Status.CLASSIFIED):
        classified.do(change_status(classified(), NUMBER, status, now=NOW, note="doch").write)

    last = read_desk_enquiry(classified(), NUMBER).events[-1]
    assert (last.kind, last.status, last.note) == (
        EventKind.STATUS_CHANGED,
        Status.CLASSIFIED,
        "doch",
    )


def test_requirements_are_those_the_engine_reads(book: Book, scheme: CompetenceScheme) -> None:
    book.do(receive(book(), enquiry(), now=NOW).write)
    length = str(SCHEME["dimension/workpiece-length"])
    steel = str(SCHEME["material/stahl"])
    iso = str(SCHEME["certificate-type/iso-9001"])
    step = str(SCHEME["value-chain/zerspanen"])
    wanted = Requirement(
        "x", competence("hartdrehen"), "Welle", step, frozenset({steel}),
        (Limit(length, 10.0, 500.25),), frozenset({iso}), is_mandatory=False,
    )  # fmt: skip
    book.do(confirm_requirements(book(), NUMBER, [wanted, TURNING], scheme, now=NOW).write)

    asked = find_enquiry(book(), NUMBER)
    first, second = asked.requirements
    assert (first.iri, second.iri) == read_desk_enquiry(book(), NUMBER).requirements
    assert (first.competence, first.label, first.step) == (wanted.competence, "Welle", step)
    assert (first.materials, first.limits) == (wanted.materials, wanted.limits)
    assert (first.certificate_types, first.is_mandatory) == (wanted.certificate_types, False)
    assert (second.label, second.is_mandatory) == ("Drehen", True)
    assert book.findings() == []


def test_requirements_confirmed_again_take_the_place_of_those_before(
    classified: Book, scheme: CompetenceScheme
) -> None:
    length = str(SCHEME["dimension/workpiece-length"])
    limited = Requirement("x", competence("drehen"), limits=(Limit(length, 1.0),))
    welding = Requirement("x", competence("schweissen"))
    for wanted in ([limited, TURNING, TURNING], [welding]):
        change = confirm_requirements(classified(), NUMBER, wanted, scheme, now=NOW)
        classified.do(change.write)

    [left] = find_enquiry(classified(), NUMBER).requirements
    assert (left.competence, left.limits, left.label) == (competence("schweissen"), (), "Schweißen")
    assert classified.findings() == []
    with pytest.raises(EnquiryError, match="at least one"):
        confirm_requirements(classified(), NUMBER, [], scheme, now=NOW)


def test_a_referral_and_its_reply(classified: Book) -> None:
    given = NewReferral(org("netz"), date(2026, 12, 2), "Anruf 03677/123456")
    classified.do(refer(classified(), NUMBER, given, now=NOW).write)
    known = read_desk_enquiry(classified(), NUMBER)
    [referral] = known.referrals

    assert known.status is Status.REFERRED
    assert (referral.organisation, referral.reply_by) == (org("netz"), date(2026, 12, 2))
    assert (referral.outcome, referral.note) == (Outcome.PENDING, "Anruf […]")

    change = note_reply(classified(), NUMBER, org("netz"), Outcome.ACCEPTED, now=NOW)
    classified.do(change.write)
    known = read_desk_enquiry(classified(), NUMBER)
    assert [r.outcome for r in known.referrals] == [Outcome.ACCEPTED]
    assert known.status is Status.REFERRED
    assert classified.findings() == []
    with pytest.raises(UnknownRecordError):
        note_reply(classified(), NUMBER, org("dreherei"), Outcome.DECLINED, now=NOW)


def test_the_last_referral_to_an_organisation_is_replied_to(classified: Book) -> None:
    for days in (0, 1):
        at = NOW + timedelta(days=days)
        classified.do(refer(classified(), NUMBER, NewReferral(org("netz")), now=at).write)
    change = note_reply(classified(), NUMBER, org("netz"), Outcome.DECLINED, now=NOW)
    classified.do(change.write)

    outcomes = [r.outcome for r in read_desk_enquiry(classified(), NUMBER).referrals]
    assert outcomes == [Outcome.PENDING, Outcome.DECLINED]


def test_without_consent_nothing_is_passed_on(classified: Book) -> None:
    details = Details(confidentiality=Confidentiality.CONSENT, due=date(2026, 12, 9))
    classified.do(change_details(classified(), NUMBER, details, now=NOW).write)
    known = read_desk_enquiry(classified(), NUMBER)
    assert known.received.confidentiality is Confidentiality.CONSENT
    assert known.received.due == date(2026, 12, 9)

    with pytest.raises(ConsentMissingError):
        refer(classified(), NUMBER, NewReferral(org("netz")), now=NOW)
    agreed = NewReferral(org("netz"), has_consent=True)
    classified.do(refer(classified(), NUMBER, agreed, now=NOW).write)
    assert classified.findings() == []


def test_details_are_replaced_not_added(classified: Book) -> None:
    for day in (date(2026, 12, 1), date(2026, 12, 9)):
        change = change_details(classified(), NUMBER, Details(due=day, reply_by=day), now=NOW)
        classified.do(change.write)

    received = read_desk_enquiry(classified(), NUMBER).received
    assert (received.due, received.reply_by) == (date(2026, 12, 9), date(2026, 12, 9))
    assert received.confidentiality is Confidentiality.ANONYMOUS
    assert classified.findings() == []


Make = Callable[[Book, str], Entry]
CHANGES: list[Make] = [
    lambda book, tag: refer(book(), NUMBER, NewReferral(org("netz")), now=NOW, tag=tag),
    lambda book, tag: change_status(book(), NUMBER, Status.CLOSED, now=NOW, tag=tag),
    lambda book, tag: change_details(book(), NUMBER, Details(due=NOW.date()), now=NOW, tag=tag),
]


@pytest.mark.parametrize("make", CHANGES)
def test_edits_at_the_same_time_do_not_overwrite_each_other(classified: Book, make: Make) -> None:
    node = URIRef(read_desk_enquiry(classified(), NUMBER).iri)
    tag = tag_of(classified(), node, DESK)
    mine = make(classified, tag)
    classified.do(change_details(classified(), NUMBER, Details(reply_by=NOW.date()), now=NOW).write)

    with pytest.raises(VersionConflictError):
        classified.do(mine.write)
    with pytest.raises(VersionConflictError):
        make(classified, tag)
    classified.do(make(classified, "").write)


def test_nothing_of_the_history_is_ever_removed(classified: Book) -> None:
    classified.do(refer(classified(), NUMBER, NewReferral(org("netz")), now=NOW).write)
    before = {str(e): e for e in read_desk_enquiry(classified(), NUMBER).events}
    classified.do(change_status(classified(), NUMBER, Status.CLOSED, now=NOW).write)

    after = {str(e) for e in read_desk_enquiry(classified(), NUMBER).events}
    assert set(before) < after


def test_words_that_nothing_explains_are_kept(book: Book) -> None:
    gaps = (("Zwirbelkopf", 2), ("a.b@example.org", 1))
    book.do(receive(book(), enquiry(gaps=gaps), now=NOW).write)

    found = book().select(
        f"SELECT ?word ?n {{ ?gap {VB.word.n3()} ?word ; {VB.occurrences.n3()} ?n }}"
    )
    assert [(row["word"], row["n"]) for row in found] == [(Literal("Zwirbelkopf"), Literal(2))]
    assert book.findings() == []
