"""Responsibility, offers, shortlist and consortium; what is late; what texts must not hold."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS

from graph.consortium import suggest
from graph.desk import (
    Choice,
    Details,
    NewOffer,
    NewReferral,
    OfferKind,
    Outcome,
    OverdueKind,
    Reach,
    RegionFit,
    Status,
    assign,
    change_details,
    change_shortlist,
    change_status,
    confirm_requirements,
    note_offer,
    note_reply,
    overdue,
    propose_consortium,
    rank,
    read_bodies,
    read_desk_enquiry,
    receive,
    redacted,
    refer,
    take_over,
    without_persons,
)
from graph.desk.redaction import REMOVED
from graph.desk.responsibility import Body
from graph.enquiries import find_enquiry
from graph.errors import EnquiryError, IllegalTransitionError, RecordStateError, UnknownRecordError
from graph.model import Competence, CompetenceScheme, Requirement
from graph.reading import read_landscape
from graph.records import Entry
from graph.resources import shape_texts
from graph.settings import Settings
from graph.validation import validate
from graph.vocabulary import VB

from .houses import NOW, Book, competence, enquiry, org

NUMBER = "2026-0001"
NORTH, SOUTH = (
    f"http://dcat-ap.de/def/politicalGeocoding/districtKey/{key}" for key in ("16901", "16902")
)
ABROAD = "http://dcat-ap.de/def/politicalGeocoding/districtKey/09161"
STATE = "http://dcat-ap.de/def/politicalGeocoding/stateKey/16"
SETTINGS = Settings(reference_year=2026)


def needs(*names: str) -> list[Requirement]:
    return [Requirement("x", competence(name)) for name in names]


@pytest.fixture
def classified(book: Book) -> Book:
    """A book with one enquiry about turning, welding and coating."""
    book.do(receive(book(), enquiry(), now=NOW).write)
    scheme = read_landscape(book()).scheme
    wanted = needs("drehen", "schweissen", "beschichten")
    book.do(confirm_requirements(book(), NUMBER, wanted, scheme, now=NOW).write)
    return book


@pytest.mark.parametrize(
    ("wanted", "region", "expected"),
    [
        (["drehen", "schweissen"], NORTH, ["buero-nord", "netz", "buero-land"]),
        (["drehen"], SOUTH, ["netz", "buero-land"]),
        (["hartdrehen"], NORTH, ["buero-nord", "netz", "buero-land"]),
        (["zerspanen"], NORTH, ["netz", "buero-nord", "buero-land"]),
        (["beschichten"], SOUTH, ["buero-land"]),
        (["drehen"], ABROAD, ["netz"]),
        (["drehen"], "", ["netz", "buero-nord", "buero-land"]),
        ([], NORTH, ["buero-nord", "buero-land", "netz"]),
    ],
)
def test_responsible_is_who_serves_the_field_and_the_region(
    book: Book, wanted: list[str], region: str, expected: list[str]
) -> None:
    scheme = read_landscape(book()).scheme
    found = rank(read_bodies(book()), [competence(w) for w in wanted], region, scheme)

    assert [r.body.iri for r in found] == [org(name) for name in expected]


def test_reasons_say_what_fits_and_how(book: Book) -> None:
    scheme = read_landscape(book()).scheme
    wanted = [competence("hartdrehen"), competence("beschichten")]
    north, net, state = rank(read_bodies(book()), wanted, NORTH, scheme)

    assert [(s.served, s.reach, s.steps) for s in north.served] == [
        (competence("drehen"), Reach.BROADER, 1)
    ]
    assert (north.region_fit, north.region, north.required) == (RegionFit.DISTRICT, NORTH, 2)
    assert [(s.reach, s.steps) for s in net.served] == [(Reach.BROADER, 2)]
    assert (net.region_fit, net.region) == (RegionFit.ANY, "")
    assert (state.served, state.region_fit, state.region) == ((), RegionFit.STATE, STATE)


def test_exact_goes_before_broader_and_broader_before_narrower() -> None:
    chain = {"a": None, "b": "a", "c": "b"}
    scheme = CompetenceScheme({k: Competence(k, k, broader) for k, broader in chain.items()})
    bodies = [Body(f"org-{i}", i, (i,)) for i in "cab"]

    found = rank(bodies, ["b"], "", scheme)
    assert [(r.body.name, r.served[0].reach) for r in found] == [
        ("b", Reach.EXACT),
        ("a", Reach.BROADER),
        ("c", Reach.NARROWER),
    ]


@given(st.permutations(range(5)))
def test_order_of_bodies_does_not_matter(order: list[int]) -> None:
    scheme = CompetenceScheme({"a": Competence("a", "A")})
    bodies = [Body(f"org-{n}", str(n), ("a",) if n % 2 else (), (NORTH,) * (n % 3)) for n in order]

    found = [r.body.iri for r in rank(bodies, ["a"], NORTH, scheme)]
    assert found == ["org-1", "org-3", "org-2", "org-4", "org-0"]


def test_the_last_body_is_responsible_and_the_reason_is_kept(classified: Book) -> None:
    scheme = read_landscape(classified()).scheme
    [reason, *_] = rank(read_bodies(classified()), [competence("drehen")], NORTH, scheme)
    said = {"de": "Zuständig für Drehen.", "en": "Serves turning."}
    for body in ("netz", "buero-nord"):
        change = assign(classified(), NUMBER, org(body), now=NOW, rationale=said, reason=reason)
        classified.do(change.write)

    known = read_desk_enquiry(classified(), NUMBER)
    assert known.responsible == org("buero-nord")
    assert known.events[-1].rationale == said
    assert known.status is Status.CLASSIFIED
    used = URIRef("http://www.w3.org/ns/prov#used")
    assert classified.has(known.events[-1].iri, used, URIRef(competence("drehen")))
    assert classified.has(known.events[-1].iri, used, URIRef(NORTH))
    assert classified.findings() == []


def test_offers_stand_side_by_side(classified: Book) -> None:
    interest = NewOffer(org("dreherei"), 1, note="Rückruf +49 361 1234567")
    firm = NewOffer(org("dreherei"), 1, OfferKind.BINDING, 1234.5, date(2026, 12, 31))
    for offer in (interest, firm):
        classified.do(note_offer(classified(), NUMBER, offer, now=NOW).write)

    known = read_desk_enquiry(classified(), NUMBER)
    by_kind = {offer.kind: offer for offer in known.offers}
    assert by_kind[OfferKind.INTEREST].note == "Rückruf […]"
    assert by_kind[OfferKind.BINDING].amount_eur == 1234.5
    assert by_kind[OfferKind.BINDING].valid_through == date(2026, 12, 31)
    assert {offer.requirement for offer in known.offers} == {known.requirements[0]}
    assert classified.findings() == []


@pytest.mark.parametrize("position", [0, 4, -1])
def test_an_offer_is_for_a_requirement_that_there_is(classified: Book, position: int) -> None:
    with pytest.raises(UnknownRecordError):
        note_offer(classified(), NUMBER, NewOffer(org("dreherei"), position), now=NOW)


def test_a_requirement_with_an_offer_does_not_go(classified: Book) -> None:
    offer = NewOffer(org("dreherei"), 3)
    classified.do(note_offer(classified(), NUMBER, offer, now=NOW).write)
    scheme = read_landscape(classified()).scheme

    with pytest.raises(RecordStateError, match="an offer stands for"):
        confirm_requirements(classified(), NUMBER, needs("drehen"), scheme, now=NOW)
    same = needs("drehen", "schweissen", "zerspanen")
    classified.do(confirm_requirements(classified(), NUMBER, same, scheme, now=NOW).write)
    assert classified.findings() == []


def listed(book: Book, *names: str, lead: str = "") -> Book:
    choice = Choice([org(n) for n in names], lead=org(lead) if lead else "")
    book.do(change_shortlist(book(), NUMBER, choice, now=NOW).write)
    return book


def test_a_shortlist_grows_and_shrinks(classified: Book) -> None:
    listed(classified, "dreherei", "allround", lead="allround")
    out = Choice(add=[org("schweisserei")], remove=[org("allround")])
    classified.do(change_shortlist(classified(), NUMBER, out, now=NOW).write)

    shortlist = read_desk_enquiry(classified(), NUMBER).shortlist
    assert shortlist is not None
    assert shortlist.organisations == (org("dreherei"), org("schweisserei"))
    assert shortlist.lead == ""
    assert classified.findings() == []
    with pytest.raises(EnquiryError, match="not on the shortlist"):
        change_shortlist(classified(), NUMBER, Choice(lead=org("allround")), now=NOW)


def test_a_shortlist_becomes_a_consortium_with_its_lead(classified: Book) -> None:
    listed(classified, "schweisserei", "dreherei", "netz", lead="dreherei")
    landscape = read_landscape(classified())
    change = propose_consortium(classified(), NUMBER, landscape, SETTINGS, now=NOW)
    classified.do(change.write)

    known = read_desk_enquiry(classified(), NUMBER)
    [consortium] = known.consortia
    assert known.status is Status.CONSORTIUM_OFFERED
    found = classified().select(
        f"""SELECT ?member ?role {{ ?m <http://www.w3.org/ns/org#organization> <{consortium}> ;
        <http://www.w3.org/ns/org#member> ?member ; <http://www.w3.org/ns/org#role> ?role }}"""
    )
    assert {(str(r["member"]), str(r["role"]).rpartition("/")[2]) for r in found} == {
        (org("dreherei"), "lead"),
        (org("schweisserei"), "member"),
    }
    gaps = classified().select(
        f"SELECT ?r {{ ?gap a {VB.Gap.n3()} ; {VB.forRequirement.n3()} ?r }}"
    )
    assert [str(row["r"]) for row in gaps] == [known.requirements[2]]
    assert classified.findings() == []


def test_only_the_shortlist_is_considered(classified: Book) -> None:
    """Alone the engine would take the better turning shop."""
    listed(classified, "allround")
    landscape = read_landscape(classified())
    change = propose_consortium(classified(), NUMBER, landscape, SETTINGS, now=NOW)
    classified.do(change.write)

    claims = classified().select(f"SELECT ?claim {{ ?a {VB.usesClaim.n3()} ?claim }}")
    assert {str(row["claim"]).rpartition("/")[2] for row in claims} == {"claim-allround"}


def test_nothing_is_offered_without_anybody(classified: Book) -> None:
    landscape = read_landscape(classified())
    with pytest.raises(EnquiryError, match="is empty"):
        propose_consortium(classified(), NUMBER, landscape, SETTINGS, now=NOW)
    listed(classified, "netz")
    with pytest.raises(EnquiryError, match="nobody on the shortlist"):
        propose_consortium(classified(), NUMBER, landscape, SETTINGS, now=NOW)


def test_the_engines_answer_is_taken_over(classified: Book) -> None:
    landscape = read_landscape(classified())
    suggestion = suggest(find_enquiry(classified(), NUMBER), landscape, SETTINGS)
    classified.do(take_over(classified(), NUMBER, suggestion, now=NOW).write)

    shortlist = read_desk_enquiry(classified(), NUMBER).shortlist
    assert shortlist is not None
    assert shortlist.organisations == (org("dreherei"), org("schweisserei"))
    assert suggestion.lead is not None
    assert shortlist.lead == suggestion.lead.organisation


def test_nothing_happens_to_what_has_ended(classified: Book) -> None:
    classified.do(change_status(classified(), NUMBER, Status.CLOSED, now=NOW).write)

    makes: list[Callable[[], Entry]] = [
        lambda: note_offer(classified(), NUMBER, NewOffer(org("dreherei"), 1), now=NOW),
        lambda: change_shortlist(classified(), NUMBER, Choice([org("dreherei")]), now=NOW),
        lambda: assign(classified(), NUMBER, org("netz"), now=NOW, rationale={}),
    ]
    for make in makes:
        with pytest.raises(RecordStateError, match="take it up again"):
            make()
    with pytest.raises(IllegalTransitionError):
        refer(classified(), NUMBER, NewReferral(org("netz")), now=NOW)


DUE = date(2026, 12, 1)


def late(book: Book, day: date) -> list[tuple[OverdueKind, int]]:
    return [(found.kind, found.days) for found in overdue(book(), day)]


def test_what_is_due_today_is_not_late(classified: Book) -> None:
    details = Details(due=DUE, reply_by=DUE)
    classified.do(change_details(classified(), NUMBER, details, now=NOW).write)
    referral = NewReferral(org("netz"), reply_by=DUE)
    classified.do(refer(classified(), NUMBER, referral, now=NOW).write)

    assert late(classified, DUE) == []
    assert late(classified, DUE + timedelta(days=3)) == [
        (OverdueKind.ENQUIRY, 3),
        (OverdueKind.REFERRAL, 3),
        (OverdueKind.REPLY, 3),
    ]


def test_who_has_answered_is_not_late(classified: Book) -> None:
    details = Details(due=DUE, reply_by=DUE)
    classified.do(change_details(classified(), NUMBER, details, now=NOW).write)
    referral = NewReferral(org("netz"), reply_by=DUE)
    classified.do(refer(classified(), NUMBER, referral, now=NOW).write)
    after = DUE + timedelta(days=1)

    reply = note_reply(classified(), NUMBER, org("netz"), Outcome.DECLINED, now=NOW)
    classified.do(reply.write)
    assert late(classified, after) == [(OverdueKind.ENQUIRY, 1), (OverdueKind.REPLY, 1)]
    classified.do(change_status(classified(), NUMBER, Status.ANSWERED, now=NOW).write)
    assert late(classified, after) == [(OverdueKind.ENQUIRY, 1)]
    classified.do(change_status(classified(), NUMBER, Status.WON, now=NOW).write)
    assert late(classified, after) == []
    # taken up again, the old answer is none
    classified.do(change_status(classified(), NUMBER, Status.CLASSIFIED, now=NOW).write)
    assert late(classified, after) == [(OverdueKind.ENQUIRY, 1), (OverdueKind.REPLY, 1)]


SAMPLES = {
    "Grüße\nErika Muster\nmuster@example.org\nTel.: +49 (0) 361 / 123 45-67": [
        "muster@example.org",
        "123 45-67",
    ],
    "Fon 03677/123456 oder (0361) 1234567.": ["123456", "1234567"],
    "a.b+c@sub.example.org; 0049 361 1234567": ["example.org", "1234567"],
    '"x"@example.org <y@example.de>': ["example"],
}


@pytest.mark.parametrize("text", SAMPLES)
def test_addresses_and_numbers_are_taken_out(text: str) -> None:
    left = redacted(text)

    assert all(secret not in left for secret in SAMPLES[text])
    assert findings(text) != []
    assert findings(left) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ø 30 +0,05/-0,02 mm, 500 Stück/Jahr, 10 000 Teile, 1.4404",
        "Lieferung 2027-06-30, DIN EN 10204-3.1, Zeichnung 0815-4711-22, 01.02.2027",
        "PLZ 07743 Jena, 0,5 mm, IT7 @ 20 °C",
    ],
)
def test_other_numbers_stay(text: str) -> None:
    assert redacted(text) == text
    assert findings(text) == []


@given(st.text(alphabet="a1@. 0+/()-\n", max_size=40))
def test_what_is_left_passes_the_shape(text: str) -> None:
    assert findings(redacted(text)) == []


PRIVACY = Graph().parse(data=dict(shape_texts())["privacy"], format="turtle")


def findings(text: str) -> list[str]:
    """What the shape of free text says."""
    graph = Graph()
    node = URIRef("http://example.org/enquiry")
    graph.add((node, RDF.type, VB.Enquiry))
    graph.add((node, DCTERMS.description, Literal(text, lang="de")))
    return [finding.shape for finding in validate(graph, PRIVACY, language="en")]


PERSONS = {
    "Mit freundlichen Grüßen\nErika Musterfrau\nEinkauf": ["Erika", "Musterfrau"],
    "Mit freundlichen Grüßen,\n\ni. A. Dr. Max von Muster\nBeispiel GmbH": ["Max", "Muster"],
    "Viele Grüße aus Jena\nKarl-Heinz Beispiel": ["Karl-Heinz", "Beispiel"],
    "Kind regards\nJohn Example": ["John", "Example"],
    "Yours sincerely,\nProf. Jane Example": ["Jane", "Example"],
    "Sehr geehrte Frau Musterfrau, wir suchen": ["Musterfrau"],
    "Guten Tag Herr Dr.-Ing. Muster-Mann,": ["Muster-Mann"],
    "Rückfragen an Herrn Muster oder Dr. Beispiel": ["Muster", "Beispiel"],
    "Please ask Mr. Example or Mrs Sample.": ["Example", "Sample"],
    "Ansprechpartner: Max Muster": ["Max", "Muster"],
    "Contact: Jane Example, room 3": ["Jane", "Example"],
    "Hallo, mein Name ist Max Muster und wir suchen": ["Max", "Muster"],
}


@pytest.mark.parametrize("text", PERSONS)
def test_names_of_persons_are_taken_out_where_letters_put_them(text: str) -> None:
    left = without_persons(text)

    assert REMOVED in left
    assert all(secret not in left for secret in PERSONS[text])


@pytest.mark.parametrize(
    "text",
    [
        "Sehr geehrte Damen und Herren, wir suchen Fräsen und Drehen.",
        "Mit freundlichen Grüßen\nIhr Einkaufsteam",
        "Mit freundlichen Grüßen\nBeispiel GmbH",
        "Viele Grüße\nTechnischer Einkauf",
        "Lieferant war bisher Dr. Beispiel Maschinenbau GmbH in Jena.",
        "Passung nach ISO 286, Dr. 12 mm",
        "Kind regards\nPurchasing Department",
        "Wellen aus Stahl, Kontakt über das Portal",
    ],
)
def test_what_is_no_person_stays(text: str) -> None:
    assert without_persons(text) == text


def test_address_and_name_go_together() -> None:
    left = without_persons("Frau Muster muster@example.org\nMfG\nErika Muster\n0361 / 123456")

    assert left == f"Frau {REMOVED} {REMOVED}\nMfG\n{REMOVED}\n{REMOVED}"
