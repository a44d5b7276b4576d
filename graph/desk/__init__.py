"""The enquiry desk: numbered enquiries with a history, passed on, answered, made a consortium.

Every function reads a store and returns an :class:`Entry`: the IRI of the record and the
:class:`graph.writing.Write` that somebody with the right to do so applies. See ``docs/desk.md``.
"""

from graph.desk.history import DESK, TRANSITIONS
from graph.desk.offering import NewOffer, note_offer
from graph.desk.overdue import Overdue, OverdueKind, overdue
from graph.desk.reading import (
    find_desk_enquiry,
    read_desk_enquiries,
    read_desk_enquiry,
    read_referrals,
)
from graph.desk.receiving import Details, change_details, next_number, receive
from graph.desk.redaction import redacted, without_persons
from graph.desk.referring import NewReferral, change_status, note_reply, refer
from graph.desk.requirements import confirm_requirements
from graph.desk.responsibility import (
    Body,
    Reach,
    RegionFit,
    Responsibility,
    assign,
    rank,
    read_bodies,
)
from graph.desk.shortlisting import Choice, change_shortlist, propose_consortium, take_over
from graph.desk.values import (
    Channel,
    Confidentiality,
    DeskEnquiry,
    Direction,
    EnquiryKind,
    Event,
    EventKind,
    NewEnquiry,
    Offer,
    OfferKind,
    Outcome,
    Referral,
    Requester,
    Shortlist,
    Status,
)

__all__ = [
    "DESK",
    "TRANSITIONS",
    "Body",
    "Channel",
    "Choice",
    "Confidentiality",
    "DeskEnquiry",
    "Details",
    "Direction",
    "EnquiryKind",
    "Event",
    "EventKind",
    "NewEnquiry",
    "NewOffer",
    "NewReferral",
    "Offer",
    "OfferKind",
    "Outcome",
    "Overdue",
    "OverdueKind",
    "Reach",
    "Referral",
    "RegionFit",
    "Requester",
    "Responsibility",
    "Shortlist",
    "Status",
    "assign",
    "change_details",
    "change_shortlist",
    "change_status",
    "confirm_requirements",
    "find_desk_enquiry",
    "next_number",
    "note_offer",
    "note_reply",
    "overdue",
    "propose_consortium",
    "rank",
    "read_bodies",
    "read_desk_enquiries",
    "read_desk_enquiry",
    "read_referrals",
    "receive",
    "redacted",
    "refer",
    "take_over",
    "without_persons",
]
