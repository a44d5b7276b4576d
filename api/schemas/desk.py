"""What clients send to the enquiry desk and get from it."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.schemas.consortium import NamedOut
from api.schemas.enquiry import RequirementIn, Word
from api.schemas.understanding import MAX_TEXT
from graph.desk import (
    Channel,
    Confidentiality,
    Direction,
    EnquiryKind,
    EventKind,
    OfferKind,
    Outcome,
    OverdueKind,
    Reach,
    RegionFit,
    Status,
)

__all__ = [
    "AssignmentIn",
    "ConsortiumIn",
    "DeskEnquiryIn",
    "DeskEnquiryOut",
    "DeskLineOut",
    "DetailsIn",
    "EventOut",
    "OfferIn",
    "OfferOut",
    "OverdueOut",
    "ReferralIn",
    "ReferralOut",
    "ReplyIn",
    "RequirementsIn",
    "ResponsibilityOut",
    "ServedOut",
    "ShortlistIn",
    "ShortlistOut",
    "StatusIn",
]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True)


Note = Annotated[str, Field(max_length=2000, description="What to note; no person's data")]
Region = Annotated[str, Field(max_length=100, description="Key such as 16053, or 16 for the state")]


class DeskEnquiryIn(_Input):
    """An enquiry as it comes in: from an organisation and a function in it, never a person."""

    title: Annotated[str, Field(min_length=2, max_length=300)]
    title_en: Annotated[str, Field(max_length=300)] = ""
    requester: Annotated[str, Field(min_length=2, max_length=200, description="Organisation")]
    function: Annotated[str, Field(max_length=100, description="Such as purchasing")] = ""
    channel: Channel
    kind: EnquiryKind = EnquiryKind.COMPANY_REQUEST
    direction: Direction = Direction.INBOUND
    confidentiality: Confidentiality = Confidentiality.ANONYMOUS
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    language: Annotated[str, Field(pattern="^(de|en)$")] = "de"
    region: Region = ""
    town: Annotated[str, Field(max_length=100)] = ""
    country: Annotated[str, Field(pattern="^([A-Z]{2})?$")] = ""
    due: date | None = None
    reply_by: date | None = None
    source: Annotated[str, Field(pattern='^(https?://[^\\s<>"{}|\\\\^`]{3,500})?$')] = ""


class DetailsIn(_Input):
    """What is corrected; what is left out stays."""

    due: date | None = None
    reply_by: date | None = None
    region: Region | None = None
    confidentiality: Confidentiality | None = None
    note: Note = ""


class RequirementsIn(_Input):
    """What is needed, confirmed by a person; it takes the place of what was confirmed before."""

    requirements: Annotated[list[RequirementIn], Field(min_length=1, max_length=24)]
    note: Note = ""


class AssignmentIn(_Input):
    """Who becomes responsible; without a body the best by field and region."""

    body: Word | None = None
    note: Annotated[str, Field(max_length=2000, description="Further reason")] = ""


class ReferralIn(_Input):
    """Whom to pass an enquiry on to."""

    organisation: Word
    reply_by: date | None = None
    note: Note = ""
    has_consent: Annotated[bool, Field(description="The requester has agreed")] = False


class ReplyIn(_Input):
    """What an organisation has said to a referral."""

    organisation: Annotated[Word, Field(description="Organisation, or IRI of the referral")]
    outcome: Outcome
    note: Note = ""


class OfferIn(_Input):
    """What an organisation says to one requirement, given by its position."""

    organisation: Word
    requirement: Annotated[int, Field(ge=1, le=24)]
    kind: OfferKind = OfferKind.INTEREST
    amount_eur: Annotated[float | None, Field(ge=0, le=1e12)] = None
    valid_through: date | None = None
    note: Note = ""


class ShortlistIn(_Input):
    """How the shortlist changes; ``suggestion`` takes over the members the engine suggests."""

    add: Annotated[list[Word], Field(max_length=50)] = []
    remove: Annotated[list[Word], Field(max_length=50)] = []
    lead: Word | None = None
    suggestion: bool = False
    note: Note = ""

    @model_validator(mode="after")
    def _one_way(self) -> "ShortlistIn":
        if self.suggestion and (self.add or self.remove or self.lead):
            raise ValueError("take over the suggestion, or change the list by hand")
        return self


class ConsortiumIn(_Input):
    """A consortium is made of the shortlist."""

    note: Note = ""


class StatusIn(_Input):
    """The status that is set by hand."""

    status: Status
    note: Note = ""


class EventOut(_Output):
    """One step of the history."""

    position: int
    kind: EventKind
    status: Status
    at: datetime
    note: str
    assigned_to: NamedOut | None
    rationale: str


class ReferralOut(_Output):
    """An enquiry passed on, and what has become of it."""

    iri: str
    organisation: NamedOut
    at: datetime
    reply_by: date | None
    outcome: Outcome
    note: str


class OfferOut(_Output):
    """What an organisation says to one requirement."""

    iri: str
    organisation: NamedOut
    requirement: Annotated[int, Field(description="Position of the requirement")]
    kind: OfferKind
    at: datetime
    amount_eur: float | None
    valid_through: date | None
    note: str


class ShortlistOut(_Output):
    """Who comes into question."""

    organisations: list[NamedOut]
    lead: NamedOut | None


class DeskLineOut(_Output):
    """An enquiry of the desk in a list."""

    iri: str
    number: str
    name: str
    status: Status
    direction: Direction
    requester: str
    due: date | None
    reply_by: date | None
    responsible: NamedOut | None


class DeskEnquiryOut(DeskLineOut):
    """An enquiry of the desk with everything that has happened to it.

    Attributes:
        may_become: Statuses that may follow.
    """

    function: str
    channel: Channel
    kind: EnquiryKind
    confidentiality: Confidentiality
    text: str
    region: NamedOut | None
    town: str
    country: str
    source: str
    may_become: list[Status]
    requirements: list[NamedOut]
    events: list[EventOut]
    referrals: list[ReferralOut]
    offers: list[OfferOut]
    shortlist: ShortlistOut | None
    consortia: list[str]


class ServedOut(_Output):
    """A required competence and what of a body meets it."""

    required: NamedOut
    served: NamedOut
    reach: Reach
    steps: int


class ResponsibilityOut(_Output):
    """A body that could take care of an enquiry, and why."""

    body: NamedOut
    served: list[ServedOut]
    required: int
    region_fit: RegionFit
    region: NamedOut | None
    text: str


class OverdueOut(_Output):
    """One thing that is late.

    Attributes:
        days: How many days it is late.
        organisation: Whom it lies with; null for the desk itself.
    """

    kind: OverdueKind
    record: str
    number: str
    due: date
    days: int
    organisation: NamedOut | None
    text: str
