"""Companies say that they are interested in a requirement, or offer to meet it."""

from dataclasses import dataclass
from datetime import date, datetime

from rdflib import RDF, XSD, Literal, Namespace, URIRef
from rdflib.namespace import PROV

from graph.desk.history import day, extend, moment, require_running
from graph.desk.reading import read_desk_enquiry
from graph.desk.redaction import without_persons
from graph.desk.values import DeskEnquiry, EventKind, OfferKind
from graph.errors import UnknownRecordError
from graph.records import Entry, Triple, mint
from graph.store import Store
from graph.vocabulary import PREFIXES, SCHEME, VB

__all__ = ["NewOffer", "note_offer"]

_SCHEMA = Namespace(PREFIXES["schema"])


@dataclass(frozen=True, slots=True)
class NewOffer:
    """What an organisation says to one requirement.

    Attributes:
        organisation: IRI of the organisation.
        requirement: Position of the requirement, from 1.
        kind: How firmly it commits itself.
        amount_eur: Price, or ``None``.
        valid_through: Last day on which it stands by it, or ``None``.
        note: What to note.
    """

    organisation: str
    requirement: int
    kind: OfferKind = OfferKind.INTEREST
    amount_eur: float | None = None
    valid_through: date | None = None
    note: str = ""


def note_offer(
    store: Store, enquiry: str, offer: NewOffer, *, now: datetime, tag: str = ""
) -> Entry:
    """Return the entry that notes interest, an offer, or that it holds no longer.

    What an organisation said before stays in the book; its last word on a requirement counts.

    Raises:
        UnknownRecordError: There is no such enquiry or requirement.
        RecordStateError: The enquiry has ended.
        VersionConflictError: Somebody else has changed it.
    """
    known = read_desk_enquiry(store, enquiry)
    require_running(known)
    requirement = _requirement(known, offer.requirement)
    node = mint("offer")
    note = without_persons(offer.note)
    triples: list[Triple] = [
        (node, RDF.type, VB.Offer),
        (node, VB.ofEnquiry, URIRef(known.iri)),
        (node, VB.forRequirement, URIRef(requirement)),
        (node, VB.offeredBy, URIRef(offer.organisation)),
        (node, VB.offerKind, SCHEME[f"offer-kind/{offer.kind}"]),
        (node, PROV.startedAtTime, moment(now)),
    ]
    if offer.amount_eur is not None:
        amount = Literal(f"{offer.amount_eur:.2f}", datatype=XSD.decimal)
        triples.append((node, VB.amountEur, amount))
    if offer.valid_through is not None:
        triples.append((node, _SCHEMA.validThrough, day(offer.valid_through)))
    if note:
        triples.append((node, VB.note, Literal(note)))
    return extend(
        store,
        known,
        EventKind.OFFER_NOTED,
        known.status,
        now,
        tag=tag,
        note=note,
        add=triples,
        generated=[str(node)],
    )


def _requirement(known: DeskEnquiry, position: int) -> str:
    if not 1 <= position <= len(known.requirements):
        raise UnknownRecordError(f"{known.number}/{position}", kind="requirement")
    return known.requirements[position - 1]
