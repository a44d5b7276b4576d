"""The history of an enquiry: events that are added and never changed.

The status of an enquiry is that of its last event (rule ``90-enquiry-status``). Which status may
follow which stands in ``ontology/schemes/enquiry-status.ttl``; the check ``event-out-of-turn``
holds every writer to it, and a test keeps the table below in step.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Final

from rdflib import RDF, XSD, Literal, URIRef
from rdflib.namespace import PROV

from graph.desk.values import DeskEnquiry, EventKind, Status
from graph.errors import IllegalTransitionError, RecordStateError
from graph.records import Entry, RecordGraph, Triple, change, mint, tag_of, unchanged_since
from graph.store import Store
from graph.vocabulary import SCHEME, VB

__all__ = [
    "DESK",
    "TRANSITIONS",
    "day",
    "event",
    "extend",
    "moment",
    "require_legal",
    "require_running",
]

DESK: Final = RecordGraph("desk", (("de", "Anfragestelle"), ("en", "Enquiry desk")))
"""Everything that the desk writes down; internal."""

TRANSITIONS: Final[Mapping[Status, frozenset[Status]]] = {
    Status.NEW: frozenset({Status.CLASSIFIED, Status.CLOSED}),
    Status.CLASSIFIED: frozenset(
        {Status.REFERRED, Status.ANSWERED, Status.CONSORTIUM_OFFERED, Status.CLOSED}
    ),
    Status.REFERRED: frozenset(
        {Status.CLASSIFIED, Status.ANSWERED, Status.CONSORTIUM_OFFERED, Status.CLOSED}
    ),
    Status.ANSWERED: frozenset(
        {
            *(Status.REFERRED, Status.CONSORTIUM_OFFERED),
            *(Status.WON, Status.LOST, Status.CLOSED),
        }
    ),
    Status.CONSORTIUM_OFFERED: frozenset(
        {Status.REFERRED, Status.ANSWERED, Status.WON, Status.LOST, Status.CLOSED}
    ),
    Status.WON: frozenset({Status.CLASSIFIED}),
    Status.LOST: frozenset({Status.CLASSIFIED}),
    Status.CLOSED: frozenset({Status.CLASSIFIED}),
}
"""For each status those that may follow; what has ended can be taken up again."""


def require_legal(status: Status, wanted: Status) -> None:
    """Check that a status may follow another; staying is always possible.

    Raises:
        IllegalTransitionError: It may not; the error names those that may.
    """
    if wanted is not status and wanted not in TRANSITIONS[status]:
        legal = tuple(sorted(after.value for after in TRANSITIONS[status]))
        raise IllegalTransitionError(status.value, wanted.value, legal)


def require_running(enquiry: DeskEnquiry) -> None:
    """Check that something can still happen to an enquiry.

    Raises:
        RecordStateError: It has ended.
    """
    if enquiry.status.is_end:
        raise RecordStateError(
            "enquiry {number} has ended; take it up again first", number=enquiry.number
        )


def moment(at: datetime) -> Literal:
    """Return a time as a literal, UTC, to the second."""
    text = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Literal(text, datatype=XSD.dateTime)


def event(
    enquiry: URIRef,
    position: int,
    kind: EventKind,
    status: Status,
    at: datetime,
    *,
    note: str = "",
    used: Iterable[str] = (),
    generated: Iterable[str] = (),
) -> tuple[URIRef, list[Triple]]:
    """Return a new event and what is said of it."""
    node = mint("event")
    triples: list[Triple] = [
        (node, RDF.type, VB.EnquiryEvent),
        (node, VB.ofEnquiry, enquiry),
        (node, VB.position, Literal(str(position), datatype=XSD.integer)),
        (node, VB.eventKind, SCHEME[f"event-kind/{kind}"]),
        (node, VB.statusAfter, SCHEME[f"enquiry-status/{status}"]),
        (node, PROV.startedAtTime, moment(at)),
        *((node, PROV.used, URIRef(iri)) for iri in used),
        *((node, PROV.generated, URIRef(iri)) for iri in generated),
    ]
    if note:
        triples.append((node, VB.note, Literal(note)))
    return node, triples


def extend(
    store: Store,
    enquiry: DeskEnquiry,
    kind: EventKind,
    status: Status,
    at: datetime,
    *,
    tag: str = "",
    note: str = "",
    add: Iterable[Triple] = (),
    remove: Iterable[Triple] = (),
    said: Iterable[tuple[URIRef, Literal | URIRef]] = (),
    used: Iterable[str] = (),
    generated: Iterable[str] = (),
) -> Entry:
    """Return the next event of an enquiry together with what it brings about.

    It passes only when nothing else has happened to the enquiry meanwhile.

    Args:
        store: Where the enquiry was read from.
        enquiry: The enquiry.
        kind: What happens.
        status: Its status afterwards.
        at: When, with time zone.
        tag: Tag that the caller has read the enquiry with; empty for the one of the store.
        note: What to note.
        add: Further statements to add.
        remove: Statements to remove, such as those that are said anew.
        said: What else to say of the event.
        used: IRIs of what the event rests on.
        generated: IRIs of what the event has made.

    Raises:
        IllegalTransitionError: The status may not follow.
        VersionConflictError: The enquiry is not as the tag says.
    """
    require_legal(enquiry.status, status)
    record = URIRef(enquiry.iri)
    condition = unchanged_since(store, record, DESK, tag or tag_of(store, record, DESK))
    position = enquiry.events[-1].position + 1
    node, triples = event(
        record, position, kind, status, at, note=note, used=used, generated=generated
    )
    triples += [(node, predicate, value) for predicate, value in said]
    write = change(DESK, add=[*triples, *add], remove=remove, condition=condition)
    return Entry(enquiry.iri, write)


def day(value: date) -> Literal:
    """Return a day as a literal."""
    return Literal(value.isoformat(), datatype=XSD.date)
