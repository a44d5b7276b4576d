"""R&D needs, initiatives and meetings, for coordinators.

A change needs ``If-Match`` with the ``ETag`` that the record was read with.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from rdflib import URIRef

from api.access.recording import CHANGES, CREATES, READS, CoordinatorDep, RecorderDep
from api.needs import taking
from api.needs.presenting import meetings_of, presenter_of, research_for
from api.rest.documents import DocumentOut, Reading, ReadingDep
from api.rest.records import send_record
from api.schemas.needs import (
    BundleIn,
    InitiativeIn,
    InitiativeOut,
    MeetingOut,
    NeedStatusIn,
    ResearchMatchOut,
    ResearchNeedIn,
    ResearchNeedOut,
)
from graph import needs
from graph.needs import NEEDS, NeedStatus
from graph.records import tag_of

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/needs", tags=["needs"])


def _recorded(reading: Reading, iri: str, *, is_new: bool = False) -> Response:
    """Answer with a need or an initiative and its tag."""
    presenter = presenter_of(*reading.view)
    shown: ResearchNeedOut | InitiativeOut
    if "/initiative-" in iri:
        shown = presenter.initiative(needs.find_initiative(reading.store, iri))
        path = f"{router.prefix}/initiatives/{shown.id}"
    else:
        shown = presenter.need(needs.find_need(reading.store, iri))
        path = f"{router.prefix}/{shown.id}"
    tag = tag_of(reading.store, URIRef(iri), NEEDS)
    return send_record(reading, shown, tag, path if is_new else "")


@router.get(
    "",
    responses=READS,
    response_model=DocumentOut[list[ResearchNeedOut]],
    operation_id="list_needs",
)
def list_needs(
    reading: ReadingDep,
    caller: CoordinatorDep,
    status: Annotated[list[NeedStatus], Query(max_length=4)] = [],  # noqa: B006
) -> Response:
    """List the R&D needs."""
    presenter = presenter_of(*reading.view)
    found = [n for n in needs.read_needs(reading.store) if not status or n.status in status]
    return reading.answer([presenter.need(need) for need in found])


@router.post(
    "",
    status_code=201,
    responses=CREATES,
    response_model=DocumentOut[ResearchNeedOut],
    operation_id="record_need",
)
async def record_need(
    reading: ReadingDep, recorder: RecorderDep, given: ResearchNeedIn
) -> Response:
    """Record a need; it is open."""
    record, store = await recorder.create(lambda store: taking.record_need(store, given))
    return _recorded(reading.on(store), record, is_new=True)


@router.get(
    "/meetings",
    responses=READS,
    response_model=DocumentOut[list[MeetingOut]],
    operation_id="list_meetings",
)
def list_meetings(
    reading: ReadingDep, caller: CoordinatorDep, most: Annotated[int, Query(ge=1, le=200)] = 20
) -> Response:
    """Say who should meet whom: complementary on the chain, strangers, near each other."""
    presenter = presenter_of(*reading.view)
    return reading.answer([presenter.meeting(m) for m in meetings_of(reading.store, most)])


@router.get(
    "/initiatives",
    responses=READS,
    response_model=DocumentOut[list[InitiativeOut]],
    operation_id="list_initiatives",
)
def list_initiatives(reading: ReadingDep, caller: CoordinatorDep) -> Response:
    """List the initiatives."""
    presenter = presenter_of(*reading.view)
    found = needs.read_initiatives(reading.store)
    return reading.answer([presenter.initiative(one) for one in found])


@router.post(
    "/initiatives",
    status_code=201,
    responses=CREATES,
    response_model=DocumentOut[InitiativeOut],
    operation_id="record_initiative",
)
async def record_initiative(
    reading: ReadingDep, recorder: RecorderDep, given: InitiativeIn
) -> Response:
    """Record an initiative with its topics and what it bundles."""
    record, store = await recorder.create(lambda store: taking.record_initiative(store, given))
    return _recorded(reading.on(store), record, is_new=True)


@router.get(
    "/initiatives/{name}",
    responses=READS,
    response_model=DocumentOut[InitiativeOut],
    operation_id="get_initiative",
)
def get_initiative(reading: ReadingDep, caller: CoordinatorDep, name: str) -> Response:
    """Give one initiative; its `ETag` is needed to change it."""
    return _recorded(reading, needs.find_initiative(reading.store, name).iri)


@router.patch(
    "/initiatives/{name}",
    responses=CHANGES,
    response_model=DocumentOut[InitiativeOut],
    operation_id="bundle",
)
async def bundle(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: BundleIn
) -> Response:
    """Change what an initiative bundles."""
    record, store = await recorder.change(lambda store, tag: taking.bundle(store, name, given, tag))
    return _recorded(reading.on(store), record)


@router.get(
    "/{name}",
    responses=READS,
    response_model=DocumentOut[ResearchNeedOut],
    operation_id="get_need",
)
def get_need(reading: ReadingDep, caller: CoordinatorDep, name: str) -> Response:
    """Give one need; its `ETag` is needed to change it."""
    return _recorded(reading, needs.find_need(reading.store, name).iri)


@router.put(
    "/{name}/status",
    responses=CHANGES,
    response_model=DocumentOut[ResearchNeedOut],
    operation_id="change_need_status",
)
async def change_need_status(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: NeedStatusIn
) -> Response:
    """Say how far a need has been dealt with, and who takes care of it."""
    record, store = await recorder.change(
        lambda store, tag: taking.change_need_status(store, name, given, tag)
    )
    return _recorded(reading.on(store), record)


@router.get(
    "/{name}/research",
    responses=READS,
    response_model=DocumentOut[list[ResearchMatchOut]],
    operation_id="match_need",
)
def match_need(reading: ReadingDep, caller: CoordinatorDep, name: str) -> Response:
    """Say which research organisations and centres answer a need, the best first, and why."""
    presenter = presenter_of(*reading.view)
    found = research_for(reading.store, needs.find_need(reading.store, name))
    return reading.answer([presenter.research(one) for one in found])
