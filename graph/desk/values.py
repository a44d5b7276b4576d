"""What the enquiry desk deals in: plain values. No person's data: organisations and functions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

__all__ = [
    "Channel",
    "Confidentiality",
    "DeskEnquiry",
    "Direction",
    "EnquiryKind",
    "Event",
    "EventKind",
    "NewEnquiry",
    "Offer",
    "OfferKind",
    "Outcome",
    "Referral",
    "Requester",
    "Shortlist",
    "Status",
]


class Status(StrEnum):
    """How far an enquiry has been dealt with; see ``scheme/enquiry-status``."""

    NEW = "new"
    CLASSIFIED = "classified"
    REFERRED = "referred"
    ANSWERED = "answered"
    CONSORTIUM_OFFERED = "consortium-offered"
    WON = "won"
    LOST = "lost"
    CLOSED = "closed"

    @property
    def is_end(self) -> bool:
        """Nothing more happens to the enquiry unless it is taken up again."""
        return self in {Status.WON, Status.LOST, Status.CLOSED}


class EventKind(StrEnum):
    """What has happened; see ``scheme/event-kind``."""

    RECEIVED = "received"
    REQUIREMENTS_CONFIRMED = "requirements-confirmed"
    ASSIGNED = "assigned"
    REFERRED = "referred"
    REPLY_NOTED = "reply-noted"
    OFFER_NOTED = "offer-noted"
    SHORTLIST_CHANGED = "shortlist-changed"
    CONSORTIUM_PROPOSED = "consortium-proposed"
    STATUS_CHANGED = "status-changed"
    DETAILS_CHANGED = "details-changed"


class Channel(StrEnum):
    """By which way an enquiry came; see ``scheme/enquiry-channel``."""

    E_MAIL = "e-mail"
    TELEPHONE = "telephone"
    WEB_FORM = "web-form"
    VISIT = "visit"
    EVENT = "event"
    TENDER_PLATFORM = "tender-platform"
    PARTNER_NETWORK = "partner-network"


class Confidentiality(StrEnum):
    """What may be passed on; see ``scheme/confidentiality``."""

    OPEN = "open"
    ANONYMOUS = "anonymous"
    CONSENT = "consent"


class Direction(StrEnum):
    """To Thuringia or from there; see ``scheme/direction``."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class EnquiryKind(StrEnum):
    """In which form it was put; see ``scheme/enquiry-kind``."""

    PUBLIC_TENDER = "public-tender"
    AWARD_NOTICE = "award-notice"
    COMPANY_REQUEST = "company-request"
    TECHNOLOGY_OFFER = "technology-offer"
    DESCRIBED_NEED = "described-need"


class Outcome(StrEnum):
    """What has become of a referral; see ``scheme/referral-outcome``."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    NO_RESPONSE = "no-response"


class OfferKind(StrEnum):
    """How firmly an organisation commits itself; see ``scheme/offer-kind``."""

    INTEREST = "interest"
    BINDING = "binding"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks: an organisation and a function in it.

    Attributes:
        organisation: IRI of an organisation of the graph, or empty.
        name: Name of one that is not in the graph, or empty; one of both is needed.
        function: Such as purchasing; never a person.
    """

    organisation: str = ""
    name: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class NewEnquiry:
    """An enquiry as it comes in.

    Attributes:
        title: Title by language tag; German is needed.
        requester: Who asks.
        channel: By which way it came.
        kind: In which form it was put.
        direction: To Thuringia or from there.
        confidentiality: What may be passed on.
        text: The enquiry in free text; addresses and numbers of persons are taken out.
        language: Language tag of the text.
        region: Official key IRI of the district or state where it arose, or empty.
        town: Where the work is needed, or empty.
        country: Two-letter code, or empty.
        due: Last day on which an offer is of use.
        reply_by: Day by which the requester has been promised an answer.
        source: URL where it was published, or empty.
        gaps: Words of the text that nothing explains, with their number in it.
    """

    title: Mapping[str, str]
    requester: Requester
    channel: Channel
    kind: EnquiryKind = EnquiryKind.COMPANY_REQUEST
    direction: Direction = Direction.INBOUND
    confidentiality: Confidentiality = Confidentiality.ANONYMOUS
    text: str = ""
    language: str = "de"
    region: str = ""
    town: str = ""
    country: str = ""
    due: date | None = None
    reply_by: date | None = None
    source: str = ""
    gaps: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the history of an enquiry.

    Attributes:
        iri: Identifier.
        position: Number in the history, from 1.
        kind: What happened.
        status: Status of the enquiry afterwards.
        at: When, with time zone.
        note: What was noted, or empty.
        assigned_to: IRI of the body that became responsible, or empty.
        rationale: Why, by language tag.
    """

    iri: str
    position: int
    kind: EventKind
    status: Status
    at: datetime
    note: str = ""
    assigned_to: str = ""
    rationale: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Referral:
    """An enquiry passed on to an organisation.

    Attributes:
        iri: Identifier.
        enquiry: IRI of the enquiry.
        organisation: IRI of the organisation.
        at: When, with time zone.
        reply_by: Day by which it shall respond; ``None`` for no such day.
        outcome: What has become of it.
        note: What was noted, or empty.
    """

    iri: str
    enquiry: str
    organisation: str
    at: datetime
    reply_by: date | None = None
    outcome: Outcome = Outcome.PENDING
    note: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What an organisation says to one requirement.

    Attributes:
        iri: Identifier.
        enquiry: IRI of the enquiry.
        requirement: IRI of the requirement.
        organisation: IRI of the organisation.
        kind: How firmly it commits itself.
        at: When, with time zone.
        amount_eur: Price, or ``None``.
        valid_through: Last day on which it stands by it, or ``None``.
        note: What was noted, or empty.
    """

    iri: str
    enquiry: str
    requirement: str
    organisation: str
    kind: OfferKind
    at: datetime
    amount_eur: float | None = None
    valid_through: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """Organisations that come into question for an enquiry.

    Attributes:
        iri: Identifier.
        organisations: Their IRIs, sorted.
        lead: IRI of the one that shall lead, or empty.
    """

    iri: str
    organisations: tuple[str, ...] = ()
    lead: str = ""


@dataclass(frozen=True, slots=True)
class DeskEnquiry:
    """An enquiry of the desk with everything that has happened to it.

    Attributes:
        iri: Identifier.
        number: Year and sequence, such as ``2026-0001``.
        received: What came in; ``gaps`` are left out.
        status: That of the last event.
        events: In their order; at least one.
        requirements: IRIs of the requirements, in their order.
        referrals: The oldest first.
        offers: The oldest first.
        shortlist: The closer choice, or ``None``.
        consortia: IRIs of the consortia proposed, sorted.
    """

    iri: str
    number: str
    received: NewEnquiry
    status: Status
    events: tuple[Event, ...]
    requirements: tuple[str, ...] = ()
    referrals: tuple[Referral, ...] = ()
    offers: tuple[Offer, ...] = ()
    shortlist: Shortlist | None = None
    consortia: tuple[str, ...] = ()

    @property
    def responsible(self) -> str:
        """IRI of the body that became responsible last, or empty."""
        return next((e.assigned_to for e in reversed(self.events) if e.assigned_to), "")
