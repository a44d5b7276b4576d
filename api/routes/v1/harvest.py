"""Sources of others: harvested, shown, accepted or rejected, for coordinators."""

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.access.recording import READS, CoordinatorDep
from api.access.writes import RECEIPTS, ReceiptOut, WriterDep
from api.dependencies import SettingsDep
from api.harvest.starting import Harvester
from api.rest.documents import DocumentOut, Reading, ReadingDep
from api.routes.v1.jobs import HarvesterDep, JobOut, shown
from api.schemas.harvest import DigestIn, ReportOut, SourceOut
from graph import harvest
from graph.errors import NothingStagedError
from graph.harvest import Report, Source

__all__ = ["listed", "router"]

router = APIRouter(prefix="/api/v1/harvest", tags=["harvest"])

_SETTLED: dict[int | str, dict[str, Any]] = {
    **RECEIPTS,
    404: {"description": "The source is not described"},
    409: {"description": "Nothing is waiting, or something else than was looked at"},
}
_REPORTED: dict[int | str, dict[str, Any]] = {
    **READS,
    409: {"description": "The source has never been harvested, or nothing is staged"},
}
_STARTED: dict[int | str, dict[str, Any]] = {
    **READS,
    202: {"description": "The job that does it; follow it at `Location`"},
    409: {"description": "The source is being harvested already"},
    429: {"description": "You have as many jobs as you may have"},
}
_CANCELLED: dict[int | str, dict[str, Any]] = {
    **READS,
    409: {"description": "No job of this server harvests the source"},
}


def listed(home: Path) -> list[tuple[Source, Report | None]]:
    """Return every source with its last report, sorted by name."""
    folder = harvest.sources_folder(home)
    return [(one, harvest.read_report(home, one.name)) for one in harvest.read_sources(folder)]


@router.get(
    "", responses=READS, response_model=DocumentOut[list[SourceOut]], operation_id="list_sources"
)
def list_sources(
    reading: ReadingDep, caller: CoordinatorDep, settings: SettingsDep, harvester: HarvesterDep
) -> Response:
    """List the sources that are described, each with its last harvest."""
    home = settings.home
    return _answer(reading, [_source(home, harvester, *one) for one in listed(home)])


@router.get(
    "/{name}", responses=READS, response_model=DocumentOut[SourceOut], operation_id="get_source"
)
def get_source(
    reading: ReadingDep,
    caller: CoordinatorDep,
    settings: SettingsDep,
    harvester: HarvesterDep,
    name: str,
) -> Response:
    """Give one source with its last harvest and, while one runs, how far it has come."""
    home = settings.home
    source = harvest.read_source(harvest.sources_folder(home), name)
    report = harvest.read_report(home, name)
    return _answer(reading, _source(home, harvester, source, report))


@router.post(
    "/{name}/run",
    status_code=202,
    responses=_STARTED,
    response_model=DocumentOut[JobOut],
    operation_id="run_harvest",
)
async def run_harvest(
    reading: ReadingDep, caller: CoordinatorDep, harvester: HarvesterDep, name: str
) -> Response:
    """Harvest a source now, as a job: `Location` names it.

    What changes waits to be accepted, unless the source may publish what conforms.
    """
    job = shown(harvester.start(caller, name))
    answer = _answer(reading, job, {"Location": job["href"]})
    answer.status_code = 202
    return answer


@router.delete(
    "/{name}/run",
    responses=_CANCELLED,
    response_model=DocumentOut[JobOut],
    operation_id="cancel_harvest",
)
async def cancel_harvest(
    reading: ReadingDep, caller: CoordinatorDep, harvester: HarvesterDep, name: str
) -> Response:
    """Cancel the harvest of a source, whoever started it; the next goes on where it was."""
    return _answer(reading, shown(await harvester.cancel(caller, name)))


@router.get(
    "/{name}/report",
    responses=_REPORTED,
    response_model=DocumentOut[ReportOut],
    operation_id="get_harvest_report",
)
def get_report(
    reading: ReadingDep, caller: CoordinatorDep, settings: SettingsDep, name: str
) -> Response:
    """Give the report of the last harvest: what changes, what breaks a rule, what is unread."""
    return _answer(reading, asdict(_report(settings.home, name)))


@router.get(
    "/{name}/staging",
    responses={**_REPORTED, 200: {"content": {"application/n-quads": {}}}},
    response_class=Response,
    operation_id="get_harvest_staging",
)
def get_staging(caller: CoordinatorDep, settings: SettingsDep, name: str) -> Response:
    """Give what is staged, as N-Quads of the graph `graph/staging-<name>`."""
    text = harvest.read_staging(settings.home, _report(settings.home, name))
    headers = {"Cache-Control": "private, no-store"}
    return Response(text, headers=headers, media_type="application/n-quads")


@router.post(
    "/{name}/accept",
    responses=_SETTLED,
    response_model=DocumentOut[ReceiptOut],
    operation_id="accept_harvest",
)
async def accept_harvest(
    reading: ReadingDep,
    caller: CoordinatorDep,
    writer: WriterDep,
    settings: SettingsDep,
    name: str,
    given: DigestIn,
) -> Response:
    """Publish what is staged; who accepted it and what is left out is kept in its graph."""
    change = await asyncio.to_thread(harvest.accept, settings.home, name, given.digest)
    receipt = await writer.apply(caller, change)
    await asyncio.to_thread(harvest.settled, settings.home, name, given.digest)
    return _answer(reading, ReceiptOut.model_validate(receipt).model_dump(mode="json"))


@router.post(
    "/{name}/reject",
    responses=_SETTLED,
    response_model=DocumentOut[ReportOut],
    operation_id="reject_harvest",
)
def reject_harvest(
    reading: ReadingDep, caller: CoordinatorDep, settings: SettingsDep, name: str, given: DigestIn
) -> Response:
    """Do not publish what is staged; what is published stays as it is."""
    return _answer(reading, asdict(harvest.reject(settings.home, name, given.digest)))


def _report(home: Path, name: str) -> Report:
    """Return the last report of a source.

    Raises:
        UnknownSourceError: It is not described.
        NothingStagedError: It has never been harvested.
    """
    harvest.read_source(harvest.sources_folder(home), name)
    report = harvest.read_report(home, name)
    if report is None:
        raise NothingStagedError(name, "it has never been harvested")
    return report


def _source(
    home: Path, harvester: Harvester, source: Source, report: Report | None
) -> dict[str, Any]:
    shown = SourceOut.of(
        source,
        report,
        running=harvester.is_busy(source.name),
        progress=harvest.progress_of(home, source.name),
    )
    return shown.model_dump(mode="json")


def _answer(reading: Reading, data: object, more: dict[str, str] | None = None) -> Response:
    """Answer with what changes while the graph does not: it has no tag."""
    headers = reading.headers() | {"Cache-Control": "private, no-store"} | (more or {})
    del headers["ETag"]
    return reading.send({"data": data}, headers)
