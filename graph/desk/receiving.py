"""An enquiry comes in and gets a number; what was noted wrongly is corrected later."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import DCTERMS, SKOS

from graph.desk.history import DESK, day, event, extend
from graph.desk.reading import read_desk_enquiry
from graph.desk.redaction import redacted, without_persons
from graph.desk.values import Confidentiality, EventKind, NewEnquiry, Status
from graph.reading import rows
from graph.records import Entry, Triple, change, mint
from graph.store import Store
from graph.vocabulary import ID, SCHEME, VB

__all__ = ["Details", "change_details", "next_number", "receive"]


@dataclass(frozen=True, slots=True)
class Details:
    """What may be corrected; ``None`` leaves it as it is."""

    due: date | None = None
    reply_by: date | None = None
    region: str | None = None
    confidentiality: Confidentiality | None = None


def next_number(store: Store, year: int) -> str:
    """Return the number that the next enquiry of a year gets, such as ``2026-0001``."""
    used = (str(row["number"]).split("-") for row in rows(store, "desk-numbers"))
    taken = [int(sequence) for of, sequence in used if int(of) == year]
    return f"{year}-{max(taken, default=0) + 1:04}"


def receive(store: Store, received: NewEnquiry, *, now: datetime) -> Entry:
    """Return the entry of an enquiry that has come in, with its number and first event.

    Addresses and telephone numbers of persons are taken out of the text. When somebody else gets
    the number first, applying it raises ``VersionConflictError``: read the store again and repeat.

    Args:
        store: Where the desk's book lives.
        received: What came in.
        now: When, with time zone; its year is that of the number.
    """
    number = next_number(store, now.year)
    node = ID[f"enquiry-{number}"]
    _, begun = event(node, 1, EventKind.RECEIVED, Status.NEW, now)
    triples = [(node, DCTERMS.identifier, Literal(number)), *_description(node, received), *begun]
    free = f"ASK {{ FILTER NOT EXISTS {{ GRAPH {DESK.iri.n3()} {{ {node.n3()} ?p ?o }} }} }}"
    return Entry(str(node), change(DESK, add=triples, condition=free))


def _description(node: URIRef, received: NewEnquiry) -> Iterator[Triple]:
    yield node, RDF.type, VB.Enquiry
    for language, title in received.title.items():
        yield node, SKOS.prefLabel, Literal(redacted(title), lang=language)
    yield node, VB.channel, SCHEME[f"enquiry-channel/{received.channel}"]
    yield node, VB.enquiryKind, SCHEME[f"enquiry-kind/{received.kind}"]
    yield node, VB.direction, SCHEME[f"direction/{received.direction}"]
    yield node, VB.confidentiality, SCHEME[f"confidentiality/{received.confidentiality}"]
    yield from _requester(node, received)
    if received.text:
        yield (
            node,
            DCTERMS.description,
            Literal(without_persons(received.text), lang=received.language),
        )
    if received.source:
        yield node, DCTERMS.source, URIRef(received.source)
    if received.region:
        yield node, VB.region, URIRef(received.region)
    for predicate, text in ((VB.town, received.town), (VB.country, received.country)):
        if text:
            yield node, predicate, Literal(text)
    yield from _days(node, received.due, received.reply_by)
    yield from _gaps(node, received.gaps)


def _requester(node: URIRef, received: NewEnquiry) -> Iterator[Triple]:
    requester = received.requester
    if requester.organisation:
        yield node, VB.requestedBy, URIRef(requester.organisation)
    if requester.name:
        yield node, VB.requesterName, Literal(redacted(requester.name))
    if requester.function:
        yield node, VB.requesterFunction, Literal(redacted(requester.function))


def _days(node: URIRef, due: date | None, reply_by: date | None) -> Iterator[Triple]:
    for predicate, value in ((VB.dueDate, due), (VB.replyBy, reply_by)):
        if value is not None:
            yield node, predicate, day(value)


def _gaps(enquiry: URIRef, gaps: Iterable[tuple[str, int]]) -> Iterator[Triple]:
    """A word that holds an address or a number is of a person, and no trade word."""
    for word, occurrences in gaps:
        if redacted(word) != word:
            continue
        node = mint("vocabulary-gap")
        yield node, RDF.type, VB.VocabularyGap
        yield node, VB.ofEnquiry, enquiry
        yield node, VB.word, Literal(word)
        yield node, VB.occurrences, Literal(str(occurrences), datatype=XSD.integer)


def change_details(
    store: Store, enquiry: str, details: Details, *, now: datetime, note: str = "", tag: str = ""
) -> Entry:
    """Return the entry that corrects days, region or confidentiality of an enquiry.

    Raises:
        UnknownRecordError: There is no such enquiry.
        VersionConflictError: Somebody else has changed it.
    """
    known = read_desk_enquiry(store, enquiry)
    node, old = URIRef(known.iri), known.received
    values: Mapping[URIRef, tuple[Literal | URIRef | None, Literal | URIRef | None]] = {
        VB.dueDate: (_literal(old.due), _literal(details.due)),
        VB.replyBy: (_literal(old.reply_by), _literal(details.reply_by)),
        VB.region: (
            URIRef(old.region) if old.region else None,
            URIRef(details.region) if details.region else None,
        ),
        VB.confidentiality: (
            SCHEME[f"confidentiality/{old.confidentiality}"],
            SCHEME[f"confidentiality/{details.confidentiality}"]
            if details.confidentiality
            else None,
        ),
    }
    changed = {p: pair for p, pair in values.items() if pair[1] is not None}
    return extend(
        store,
        known,
        EventKind.DETAILS_CHANGED,
        known.status,
        now,
        tag=tag,
        note=note,
        remove=[(node, p, was) for p, (was, _) in changed.items() if was is not None],
        add=[(node, p, now_) for p, (_, now_) in changed.items() if now_ is not None],
    )


def _literal(value: date | None) -> Literal | None:
    return None if value is None else day(value)
