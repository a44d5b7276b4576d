"""Jobs: long work that is started, followed, cancelled and collected. Each caller sees its own."""

import asyncio
import json
from collections.abc import AsyncGenerator
from typing import Annotated, Any, cast

from fastapi import APIRouter, Body, Depends, Header, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Receive, Scope, Send

from api.dependencies import CallerDep
from api.harvest.starting import Harvester
from api.jobs.keeper import Job, JobKeeper, State
from api.jobs.work import HarvestIn, JobIn
from api.rest.documents import DocumentOut, Reading, ReadingDep

__all__ = ["HarvesterDep", "JobOut", "router", "shown"]

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])

_EVENTS = "text/event-stream"
_JOB_EVENTS = {_EVENTS: {"x-event": {"$ref": "#/components/schemas/JobOut"}}}
_BEAT_S = 15.0
_SAMPLE = {"kind": "consortia", "enquiries": ["E05", "E26"]}
_STARTED: dict[int | str, dict[str, Any]] = {
    401: {"description": "A harvest needs a key, and none was sent"},
    403: {"description": "A harvest is for coordinators"},
    404: {"description": "The source is not described"},
    409: {"description": "The source is being harvested already"},
    429: {"description": "You have as many jobs as you may have"},
}
_KNOWN: dict[int | str, dict[str, Any]] = {
    404: {"description": "There is no such job, or it is not yours"},
}


class JobOut(BaseModel):
    """A job as it stands.

    Attributes:
        kind: `consortia`, `unlocking`, `dumps` or `harvest`.
        stage: What it is doing, where it has several stages; parts are counted in each.
        done: Parts that are done.
        total: Parts that there are; 0 while that is not known.
        error: Why it failed.
        href: Where it is; `/result` and `/events` are below.
    """

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    state: State
    stage: str
    done: Annotated[int, Field(ge=0)]
    total: Annotated[int, Field(ge=0)]
    made_at: str
    changed_at: str
    error: str | None
    href: str


async def _keeper(request: Request) -> JobKeeper:
    return cast(JobKeeper, request.app.state.jobs)


KeeperDep = Annotated[JobKeeper, Depends(_keeper)]


async def _harvester(request: Request) -> Harvester:
    return cast(Harvester, request.app.state.harvester)


HarvesterDep = Annotated[Harvester, Depends(_harvester)]


def shown(job: Job) -> dict[str, Any]:
    """Return a job as it is answered, as JSON values."""
    values = {name: getattr(job, name) for name in JobOut.model_fields if name != "href"}
    values |= {"error": job.error or None, "href": f"/api/v1/jobs/{job.id}"}
    return JobOut.model_validate(values).model_dump(mode="json")


def _answer(reading: Reading, data: Any, status: int = 200, **headers: str) -> Response:
    """Answer with what may be different a moment later."""
    sent = {"Cache-Control": "no-cache", "Verbund-Version": reading.store.version, **headers}
    answer = reading.send({"data": data}, sent)
    answer.status_code = status
    return answer


@router.post(
    "",
    status_code=202,
    response_model=DocumentOut[JobOut],
    operation_id="start_job",
    responses=_STARTED,
)
async def start_job(
    reading: ReadingDep,
    caller: CallerDep,
    keeper: KeeperDep,
    harvester: HarvesterDep,
    work: Annotated[JobIn, Body(examples=[_SAMPLE])],
) -> Response:
    """Start a job; `Location` names it. Send an `Idempotency-Key` to start it only once."""
    if isinstance(work, HarvestIn):
        job = harvester.start(caller, work.source)
    else:
        job = keeper.start(caller, work)
    return _answer(reading, shown(job), 202, Location=f"/api/v1/jobs/{job.id}")


@router.get("", response_model=DocumentOut[list[JobOut]], operation_id="list_jobs")
async def list_jobs(reading: ReadingDep, caller: CallerDep, keeper: KeeperDep) -> Response:
    """List your jobs, the newest first."""
    return _answer(reading, [shown(job) for job in keeper.of(caller)])


@router.get("/{name}", response_model=DocumentOut[JobOut], operation_id="get_job", responses=_KNOWN)
async def get_job(reading: ReadingDep, caller: CallerDep, keeper: KeeperDep, name: str) -> Response:
    """Say how a job stands."""
    return _answer(reading, shown(keeper.find(caller, name)))


@router.delete(
    "/{name}", response_model=DocumentOut[JobOut], operation_id="cancel_job", responses=_KNOWN
)
async def cancel_job(
    reading: ReadingDep, caller: CallerDep, keeper: KeeperDep, name: str
) -> Response:
    """Cancel a job; clear one away that has ended."""
    return _answer(reading, shown(await keeper.cancel(caller, name)))


@router.get(
    "/{name}/result",
    response_model=DocumentOut[dict[str, Any]],
    operation_id="get_job_result",
    responses=_KNOWN | {409: {"description": "It is not done"}},
)
async def get_result(
    reading: ReadingDep, caller: CallerDep, keeper: KeeperDep, name: str
) -> Response:
    """Give the result of a job that is done."""
    text = await asyncio.to_thread(keeper.result, caller, name)
    return _answer(reading, json.loads(text))


@router.get(
    "/{name}/events",
    operation_id="follow_job",
    response_class=Response,
    responses=_KNOWN
    | {200: {"description": "Events `job`, each with the job as JSON", "content": _JOB_EVENTS}},
)
async def follow_job(
    caller: CallerDep,
    keeper: KeeperDep,
    name: str,
    last_event_id: Annotated[str, Header(max_length=18, pattern="^[0-9]*$")] = "",
) -> Response:
    """Follow a job as server-sent events until it ends; `Last-Event-ID` goes on from there."""
    keeper.find(caller, name)
    after = int(last_event_id) if last_event_id else -1
    return _Events(_events(keeper, caller, name, after))


async def _events(
    keeper: JobKeeper, caller: CallerDep, name: str, after: int
) -> AsyncGenerator[str, None]:
    """Yield the events, and a comment now and then so that nobody closes the connection."""
    changes = keeper.follow(caller, name, after)
    waiting = asyncio.ensure_future(anext(changes, None))
    try:
        while True:
            done, _ = await asyncio.wait({waiting}, timeout=_BEAT_S)
            if not done:
                yield ": still here\n\n"
                continue
            job = waiting.result()
            if job is None:
                return
            data = json.dumps(shown(job), ensure_ascii=False)
            yield f"id: {job.step}\nevent: job\ndata: {data}\n\n"
            waiting = asyncio.ensure_future(anext(changes, None))
    finally:
        waiting.cancel()


class _Events(StreamingResponse):
    """Events of one job; however the response ends, waiting for the next one ends too."""

    def __init__(self, events: AsyncGenerator[str, None]) -> None:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(events, headers=headers, media_type=_EVENTS)
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events as they come."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._events.aclose()
