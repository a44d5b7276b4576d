"""What should have happened by a day and has not."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graph.desk.reading import read_desk_enquiries
from graph.desk.values import DeskEnquiry, Outcome, Referral, Status
from graph.store import Store

__all__ = ["Overdue", "OverdueKind", "overdue"]


class OverdueKind(StrEnum):
    """What is late."""

    ENQUIRY = "enquiry"
    REFERRAL = "referral"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Overdue:
    """One thing that is late.

    Attributes:
        kind: ``enquiry``: it has run out without an end; ``referral``: an organisation has not
            responded; ``reply``: the requester still waits for the promised answer.
        record: IRI of the enquiry or referral.
        number: Number of the enquiry.
        due: Day by which it should have happened.
        days: How many days ago that was, at least 1.
        organisation: IRI of the organisation that it lies with; empty for the desk itself.
    """

    kind: OverdueKind
    record: str
    number: str
    due: date
    days: int
    organisation: str = ""


def overdue(store: Store, today: date) -> tuple[Overdue, ...]:
    """Return what is late on a day, the longest first; what is due that day is not late.

    Nothing of an enquiry that has ended is late.
    """
    found = [
        late
        for enquiry in read_desk_enquiries(store)
        if not enquiry.status.is_end
        for late in _of_enquiry(enquiry, today)
    ]
    return tuple(sorted(found, key=lambda late: (late.due, late.number, late.kind, late.record)))


def _of_enquiry(enquiry: DeskEnquiry, today: date) -> list[Overdue]:
    due, reply_by = enquiry.received.due, enquiry.received.reply_by
    found = []
    if due is not None and due < today:
        found.append(_late(OverdueKind.ENQUIRY, enquiry, due, today))
    if reply_by is not None and reply_by < today and not _is_answered(enquiry):
        found.append(_late(OverdueKind.REPLY, enquiry, reply_by, today))
    found += [
        Overdue(
            OverdueKind.REFERRAL,
            referral.iri,
            enquiry.number,
            referral.reply_by,
            (today - referral.reply_by).days,
            referral.organisation,
        )
        for referral in enquiry.referrals
        if referral.reply_by is not None and _is_open(referral) and referral.reply_by < today
    ]
    return found


def _is_answered(enquiry: DeskEnquiry) -> bool:
    """Whoever asked has had an answer since the enquiry was taken up last."""
    answers = {Status.ANSWERED, Status.CONSORTIUM_OFFERED}
    ends = [e.position for e in enquiry.events if e.status.is_end]
    since = max(ends, default=0)
    return any(e.status in answers for e in enquiry.events if e.position > since)


def _is_open(referral: Referral) -> bool:
    return referral.outcome is Outcome.PENDING


def _late(kind: OverdueKind, enquiry: DeskEnquiry, due: date, today: date) -> Overdue:
    body = enquiry.responsible
    return Overdue(kind, enquiry.iri, enquiry.number, due, (today - due).days, body)
