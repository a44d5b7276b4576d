"""The enquiry desk: numbered enquiries and what happens to them, for coordinators.

A change of an enquiry needs ``If-Match`` with the ``ETag`` that it was read with.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query
from fastapi.responses import Response
from rdflib import URIRef

from api.access.recording import CHANGES, CREATES, READS, CoordinatorDep, RecorderDep
from api.desk import taking
from api.desk.presenting import presenter_of
from api.rest.documents import DocumentOut, Reading, ReadingDep
from api.rest.paging import FieldsOf, PageDep, listed
from api.rest.records import changing, send_record
from api.schemas.desk import (
    AssignmentIn,
    ConsortiumIn,
    DeskEnquiryIn,
    DeskEnquiryOut,
    DeskLineOut,
    DetailsIn,
    OfferIn,
    OverdueOut,
    ReferralIn,
    ReplyIn,
    RequirementsIn,
    ResponsibilityOut,
    ShortlistIn,
    StatusIn,
)
from api.schemas.understanding import ProposalOut
from graph import desk
from graph.desk import DESK, DeskEnquiry, Status
from graph.records import Entry, tag_of
from graph.store import Store

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/desk", tags=["desk"])

Given = TypeVar("Given")

_CHANGES = changing(DeskEnquiryOut, CHANGES)


def _shown(reading: Reading, name: str, *, is_new: bool = False) -> Response:
    """Answer with an enquiry and its tag."""
    enquiry = desk.read_desk_enquiry(reading.store, name)
    tag = tag_of(reading.store, URIRef(enquiry.iri), DESK)
    location = f"{router.prefix}/enquiries/{enquiry.number}" if is_new else ""
    return send_record(reading, presenter_of(*reading.view).whole(enquiry), tag, location)


async def _changed(
    reading: Reading,
    recorder: RecorderDep,
    make: Callable[[Store, str, Given, str], Entry],
    name: str,
    given: Given,
) -> Response:
    record, store = await recorder.change(lambda store, tag: make(store, name, given, tag))
    return _shown(reading.on(store), record)


@router.get(
    "/enquiries",
    responses=READS,
    response_model=listed(DeskLineOut),
    operation_id="list_desk_enquiries",
)
def list_desk_enquiries(
    reading: ReadingDep,
    page: PageDep,
    caller: CoordinatorDep,
    fields: Annotated[frozenset[str] | None, FieldsOf(DeskLineOut)],
    status: Annotated[list[Status], Query(max_length=8)] = [],  # noqa: B006
) -> Response:
    """List the enquiries of the desk, by number."""
    presenter = presenter_of(*reading.view)
    found = [
        enquiry
        for enquiry in desk.read_desk_enquiries(reading.store)
        if not status or enquiry.status in status
    ]
    return page.answer(reading, found, _key, presenter.line, fields)


def _key(enquiry: DeskEnquiry) -> tuple[str, str]:
    return enquiry.number, enquiry.iri


@router.post(
    "/enquiries",
    status_code=201,
    responses=CREATES,
    response_model=DocumentOut[DeskEnquiryOut],
    operation_id="receive_enquiry",
)
async def receive_enquiry(
    reading: ReadingDep, recorder: RecorderDep, given: DeskEnquiryIn
) -> Response:
    """Take in an enquiry; it gets the next number of the year.

    E-mail addresses and telephone numbers are taken out of the text; leave out names of persons.
    """
    record, store = await recorder.create(lambda store: taking.receive(store, given))
    return _shown(reading.on(store), record, is_new=True)


@router.get(
    "/enquiries/{name}",
    responses=READS,
    response_model=DocumentOut[DeskEnquiryOut],
    operation_id="get_desk_enquiry",
)
def get_desk_enquiry(reading: ReadingDep, caller: CoordinatorDep, name: str) -> Response:
    """Give one enquiry of the desk with its history; its `ETag` is needed to change it."""
    return _shown(reading, name)


@router.patch(
    "/enquiries/{name}",
    **_CHANGES,
    operation_id="change_enquiry_details",
)
async def change_details(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: DetailsIn
) -> Response:
    """Correct days, region or confidentiality."""
    return await _changed(reading, recorder, taking.change_details, name, given)


@router.get(
    "/enquiries/{name}/proposal",
    responses=READS,
    response_model=DocumentOut[ProposalOut],
    operation_id="propose_requirements",
)
def propose_requirements(reading: ReadingDep, caller: CoordinatorDep, name: str) -> Response:
    """Read the text of an enquiry as requirements, for a person to confirm."""
    from api.understanding import propose

    received = desk.read_desk_enquiry(reading.store, name).received
    return reading.answer(
        propose(reading.store, received.text, received.language, reading.language)
    )


@router.put(
    "/enquiries/{name}/requirements",
    **_CHANGES,
    operation_id="confirm_requirements",
)
async def confirm_requirements(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: RequirementsIn
) -> Response:
    """Confirm what an enquiry needs; a new one is classified then."""
    return await _changed(reading, recorder, taking.confirm_requirements, name, given)


@router.get(
    "/enquiries/{name}/responsibilities",
    responses=READS,
    response_model=DocumentOut[list[ResponsibilityOut]],
    operation_id="rank_responsible_bodies",
)
def rank_responsible(reading: ReadingDep, caller: CoordinatorDep, name: str) -> Response:
    """Say who could take care of an enquiry by field and region, the best first, and why."""
    enquiry = desk.read_desk_enquiry(reading.store, name)
    presenter = presenter_of(*reading.view)
    found = taking.responsible(reading.store, enquiry)
    return reading.answer([presenter.responsibility(one) for one in found])


@router.post(
    "/enquiries/{name}/assignments",
    **_CHANGES,
    operation_id="assign_enquiry",
)
async def assign(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: AssignmentIn
) -> Response:
    """Make a body responsible: the one named, or else the best, with the reason."""
    return await _changed(reading, recorder, taking.assign, name, given)


@router.post(
    "/enquiries/{name}/referrals",
    **_CHANGES,
    operation_id="refer_enquiry",
)
async def refer(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: ReferralIn
) -> Response:
    """Pass an enquiry on to an organisation."""
    return await _changed(reading, recorder, taking.refer, name, given)


@router.post(
    "/enquiries/{name}/replies",
    **_CHANGES,
    operation_id="note_reply",
)
async def note_reply(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: ReplyIn
) -> Response:
    """Note what an organisation has said to a referral."""
    return await _changed(reading, recorder, taking.note_reply, name, given)


@router.post(
    "/enquiries/{name}/offers",
    **_CHANGES,
    operation_id="note_offer",
)
async def note_offer(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: OfferIn
) -> Response:
    """Note interest in one requirement, an offer for it, or that it holds no longer."""
    return await _changed(reading, recorder, taking.note_offer, name, given)


@router.patch(
    "/enquiries/{name}/shortlist",
    **_CHANGES,
    operation_id="change_shortlist",
)
async def change_shortlist(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: ShortlistIn
) -> Response:
    """Change who comes into question, or take over whom the engine suggests."""
    return await _changed(reading, recorder, taking.change_shortlist, name, given)


@router.post(
    "/enquiries/{name}/consortia",
    **_CHANGES,
    operation_id="propose_consortium",
)
async def propose_consortium(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: ConsortiumIn
) -> Response:
    """Make a consortium of the shortlist; the engine shares the requirements out in it."""
    return await _changed(reading, recorder, taking.propose_consortium, name, given)


@router.put(
    "/enquiries/{name}/status",
    **_CHANGES,
    operation_id="change_enquiry_status",
)
async def change_status(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: StatusIn
) -> Response:
    """Set the status: answered, won, lost, closed, or classified to take it up again."""
    return await _changed(reading, recorder, taking.change_status, name, given)


@router.get(
    "/overdue",
    responses=READS,
    response_model=DocumentOut[list[OverdueOut]],
    operation_id="list_overdue",
)
def list_overdue(
    reading: ReadingDep,
    caller: CoordinatorDep,
    day: Annotated[date | None, Query(description="Today when left out")] = None,
) -> Response:
    """List enquiries, referrals and replies that are late on a day, the longest first."""
    presenter = presenter_of(*reading.view)
    found = desk.overdue(reading.store, day or datetime.now(UTC).date())
    return reading.answer([presenter.overdue(late) for late in found])
