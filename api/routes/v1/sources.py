"""Descriptions of sources of others: added, changed and removed, for coordinators."""

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.audit import AuditLog
from api.access.caller import Caller
from api.access.recording import READS, CoordinatorDep, RecorderDep
from api.dependencies import SettingsDep
from api.rest.documents import DocumentOut, Reading, ReadingDep
from api.schemas.harvest import DescriptionOut, SourceIn
from graph import harvest
from graph.errors import UnknownSourceError

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/harvest", tags=["harvest"])

_CHANGED: dict[int | str, dict[str, Any]] = {
    **READS,
    400: {"description": "It describes no source"},
    409: {"description": "The source is being harvested"},
    412: {"description": "Somebody else has changed the description since it was read"},
    428: {"description": "Send the `ETag` as `If-Match`, or `If-None-Match: *` for a new source"},
}


_NEW = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "`*` for a source that must be new, in place of `If-Match`",
    "schema": {"const": "*"},
}


@router.get(
    "/{name}/description",
    responses=READS,
    response_model=DocumentOut[DescriptionOut],
    operation_id="get_source_description",
)
def get_description(
    reading: ReadingDep, caller: CoordinatorDep, settings: SettingsDep, name: str
) -> Response:
    """Give the description of a source as it is written; its `ETag` is needed to change it."""
    said, tag = harvest.description_of(settings.home, name)
    return _answer(reading, said, tag)


@router.put(
    "/{name}/description",
    responses={**_CHANGED, 201: {"description": "The source is new"}},
    openapi_extra={"parameters": [_NEW]},
    response_model=DocumentOut[DescriptionOut],
    operation_id="put_source_description",
)
async def put_description(
    request: Request,
    reading: ReadingDep,
    recorder: RecorderDep,
    settings: SettingsDep,
    name: str,
    given: SourceIn,
) -> Response:
    """Add a source (`If-None-Match: *`), or change how one is described (`If-Match`).

    What is published stays as it is until a harvest is accepted. That a source may lie in a
    private network is said on the command line only, and is lost when it is changed here.
    """
    home, is_new = settings.home, request.headers.get("if-none-match", "").strip() == "*"
    tag = harvest.NEW if is_new else _read_tag(settings, name, recorder.tag)
    await asyncio.to_thread(harvest.describe, home, name, given.keys(), tag=tag)
    _note(request, recorder.caller, "source-described", name)
    answer = _answer(reading, *harvest.description_of(home, name))
    answer.status_code = 201 if is_new else 200
    return answer


@router.delete(
    "/{name}/description",
    status_code=204,
    responses=_CHANGED,
    response_class=Response,
    operation_id="delete_source_description",
)
async def delete_description(
    request: Request, recorder: RecorderDep, settings: SettingsDep, name: str
) -> Response:
    """Remove a source with what is staged; what is published from it stays."""
    tag = _read_tag(settings, name, recorder.tag)
    await asyncio.to_thread(harvest.forget, settings.home, name, tag=tag)
    _note(request, recorder.caller, "source-forgotten", name)
    return Response(status_code=204, headers={"Cache-Control": "no-store"})


def _read_tag(settings: SettingsDep, name: str, sent: str) -> str:
    """Return the tag that must still hold; ``*`` is any state of a source that is there.

    Raises:
        UnknownSourceError: It is not there.
    """
    current = harvest.description_tag(settings.home, name)
    if current == harvest.NEW:
        raise UnknownSourceError(name)
    return sent or current


def _note(request: Request, caller: Caller, event: str, name: str) -> None:
    audit: AuditLog = request.app.state.gate.audit
    audit.note(event, key=caller.key, role=caller.role.value, source=name)


def _answer(reading: Reading, said: dict[str, Any], tag: str) -> Response:
    data = DescriptionOut.model_validate(said).model_dump(mode="json", exclude_unset=True)
    headers = reading.headers() | {"Cache-Control": "private, no-store", "ETag": f'"{tag}"'}
    return reading.send({"data": data}, headers)
