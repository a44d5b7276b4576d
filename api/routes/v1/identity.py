"""Organisations that are entered twice: proposals, and what people decide, for coordinators.

A change of a decision needs ``If-Match`` with the tag that it was read with.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.access.recording import CHANGES, CREATES, READS, CoordinatorDep, RecorderDep
from api.rest.documents import DocumentOut, Reading, ReadingDep
from api.rest.records import PRIVATE, send_record
from api.schemas.identity import DecisionIn, DecisionOut, PairOut, RevisionIn, whole
from graph import identity
from graph.errors import UnknownTermError
from graph.identity import LIKELY, Decision

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/identity", tags=["identity"])


@router.get(
    "/proposals",
    responses=READS,
    response_model=DocumentOut[list[PairOut]],
    operation_id="list_identity_proposals",
)
def list_proposals(
    reading: ReadingDep,
    caller: CoordinatorDep,
    likely: Annotated[float, Query(ge=0.01, le=1, description="Lowest score")] = LIKELY,
) -> Response:
    """List pairs of entries that may mean one organisation and that nobody has decided about.

    The likeliest come first, each with its score, the evidence and what it suggests.
    """
    found = identity.open_proposals(reading.store, likely=likely)
    return _answer(reading, [PairOut.of(one, reading.language) for one in found])


@router.get(
    "/decisions",
    responses=READS,
    response_model=DocumentOut[list[DecisionOut]],
    operation_id="list_identity_decisions",
)
def list_decisions(reading: ReadingDep, caller: CoordinatorDep) -> Response:
    """List what has been decided, in the reference data and here."""
    found = identity.decisions(reading.store)
    return _answer(reading, [DecisionOut.of(one) for one in found])


@router.post(
    "/decisions",
    status_code=201,
    responses=CREATES,
    response_model=DocumentOut[DecisionOut],
    operation_id="decide_identity",
)
async def decide(reading: ReadingDep, recorder: RecorderDep, given: DecisionIn) -> Response:
    """Decide about two entries; both stay, and are linked when they are the same.

    The decision is seen by whoever may see both. One that contradicts others is refused.
    """
    first, second = whole(given.first, "org"), whole(given.second, "org")
    decision = Decision(given.decision)
    record, store = await recorder.create(
        lambda store: identity.decide(store, first, second, decision, given.reasons())
    )
    return _shown(reading.on(store), record, is_new=True)


@router.put(
    "/decisions/{name}",
    responses=CHANGES,
    response_model=DocumentOut[DecisionOut],
    operation_id="revise_identity",
)
async def revise(
    reading: ReadingDep, recorder: RecorderDep, name: str, given: RevisionIn
) -> Response:
    """Change a decision that was made here."""
    iri, decision = whole(name, "identity"), Decision(given.decision)
    record, store = await recorder.change(
        lambda store, tag: identity.revise(store, iri, tag, decision, given.reasons())
    )
    return _shown(reading.on(store), record)


@router.delete(
    "/decisions/{name}",
    status_code=204,
    responses=CHANGES,
    response_class=Response,
    operation_id="withdraw_identity",
)
async def withdraw(recorder: RecorderDep, name: str) -> Response:
    """Take a decision back, so that the pair is proposed again."""
    iri = whole(name, "identity")
    await recorder.change(lambda store, tag: identity.withdraw(store, iri, tag))
    return Response(status_code=204)


def _answer(reading: Reading, data: list[PairOut] | list[DecisionOut]) -> Response:
    return reading.answer(data, reading.headers() | PRIVATE)


def _shown(reading: Reading, iri: str, *, is_new: bool = False) -> Response:
    """Answer with a decision and its tag.

    Raises:
        UnknownTermError: Somebody has taken it back in the meantime.
    """
    found = {one.iri: one for one in identity.decisions(reading.store)}
    if iri not in found:
        raise UnknownTermError(iri, "identity decision")
    location = f"{router.prefix}/decisions/{iri.rpartition('/')[2]}" if is_new else ""
    return send_record(reading, DecisionOut.of(found[iri]), found[iri].tag, location)
