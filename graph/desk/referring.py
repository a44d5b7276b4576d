"""Passing an enquiry on, and what comes back."""

from dataclasses import dataclass
from datetime import date, datetime

from rdflib import RDF, Literal, URIRef
from rdflib.namespace import PROV

from graph.desk.history import day, extend, moment, require_legal
from graph.desk.reading import read_desk_enquiry
from graph.desk.redaction import without_persons
from graph.desk.values import Confidentiality, EventKind, Outcome, Status
from graph.errors import ConsentMissingError, EnquiryError, UnknownRecordError
from graph.records import Entry, Triple, mint
from graph.store import Store
from graph.vocabulary import SCHEME, VB

__all__ = ["NewReferral", "change_status", "note_reply", "refer"]


@dataclass(frozen=True, slots=True)
class NewReferral:
    """Whom to pass an enquiry on to.

    Attributes:
        organisation: IRI of the organisation.
        reply_by: Day by which it shall respond, or ``None``.
        note: What to note.
        has_consent: Whoever asked has agreed to this organisation.
    """

    organisation: str
    reply_by: date | None = None
    note: str = ""
    has_consent: bool = False


def refer(
    store: Store, enquiry: str, referral: NewReferral, *, now: datetime, tag: str = ""
) -> Entry:
    """Return the entry that passes an enquiry on; it is referred then.

    Raises:
        UnknownRecordError: There is no such enquiry.
        ConsentMissingError: The enquiry demands a consent that there is not.
        IllegalTransitionError: It cannot be referred as it stands, such as a new one.
        VersionConflictError: Somebody else has changed it.
    """
    known = read_desk_enquiry(store, enquiry)
    is_bound = known.received.confidentiality is Confidentiality.CONSENT
    if is_bound and not referral.has_consent:
        raise ConsentMissingError(
            "enquiry {number} is passed on only with the consent of whoever asked",
            number=known.number,
        )
    node = mint("referral")
    note = without_persons(referral.note)
    triples: list[Triple] = [
        (node, RDF.type, VB.Referral),
        (node, VB.ofEnquiry, URIRef(known.iri)),
        (node, VB.referredTo, URIRef(referral.organisation)),
        (node, PROV.startedAtTime, moment(now)),
        (node, VB.outcome, SCHEME["referral-outcome/pending"]),
    ]
    if referral.reply_by is not None:
        triples.append((node, VB.replyBy, day(referral.reply_by)))
    if note:
        triples.append((node, VB.note, Literal(note)))
    return extend(
        store,
        known,
        EventKind.REFERRED,
        Status.REFERRED,
        now,
        tag=tag,
        note=note,
        add=triples,
        generated=[str(node)],
    )


def note_reply(
    store: Store,
    enquiry: str,
    referral: str,
    outcome: Outcome,
    *,
    now: datetime,
    note: str = "",
    tag: str = "",
) -> Entry:
    """Return the entry that notes what an organisation has said to a referral.

    Args:
        store: Where the desk's book lives.
        enquiry: Number or IRI.
        referral: IRI of the referral, or of the organisation that it went to.
        outcome: What came of it.
        now: When, with time zone.
        note: What to note.
        tag: Tag that the enquiry was read with; empty for the one of the store.

    Raises:
        UnknownRecordError: There is no such enquiry or referral.
        VersionConflictError: Somebody else has changed it.
    """
    known = read_desk_enquiry(store, enquiry)
    found = [r for r in known.referrals if referral in {r.iri, r.organisation}]
    if not found:
        raise UnknownRecordError(referral, kind="referral")
    last = found[-1]
    node = URIRef(last.iri)
    return extend(
        store,
        known,
        EventKind.REPLY_NOTED,
        known.status,
        now,
        tag=tag,
        note=without_persons(note),
        remove=[(node, VB.outcome, SCHEME[f"referral-outcome/{last.outcome}"])],
        add=[(node, VB.outcome, SCHEME[f"referral-outcome/{outcome}"])],
        used=[last.iri],
    )


def change_status(
    store: Store, enquiry: str, status: Status, *, now: datetime, note: str = "", tag: str = ""
) -> Entry:
    """Return the entry that sets the status by hand: answered, won, lost, closed, taken up again.

    Raises:
        UnknownRecordError: There is no such enquiry.
        EnquiryError: It shall become classified without anything that it needs.
        IllegalTransitionError: The status may not follow; the error names those that may.
        VersionConflictError: Somebody else has changed it.
    """
    known = read_desk_enquiry(store, enquiry)
    require_legal(known.status, status)
    if status is Status.CLASSIFIED and not known.requirements:
        raise EnquiryError(
            "confirm what enquiry {number} needs; it is classified then", number=known.number
        )
    return extend(
        store, known, EventKind.STATUS_CHANGED, status, now, tag=tag, note=without_persons(note)
    )
