"""Queries that somebody keeps on the server: the same that the workbench lists and opens."""

from datetime import datetime
from typing import Annotated, Any, cast

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.access.caller import Caller
from api.access.roles import Role
from api.dependencies import CallerDep, caller_of, served
from api.negotiation import is_fresh
from api.rest.documents import DESCRIBED, DocumentOut, Reading, ReadingDep
from api.results import max_rows, respond, result_type
from api.saving import SavedQueries, SavedQuery
from api.spreadsheets import for_spreadsheets
from graph.store.formats import GRAPH_MEDIA_TYPES, SOLUTION_MEDIA_TYPES
from graph.store.guard import check
from graph.store.runner import QueryRequest

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/saved-queries", tags=["saved queries"])

_OWN: dict[int | str, dict[str, Any]] = {
    401: {"description": "No key was sent"},
    404: {"description": "You keep no such query"},
}
_ROWS: dict[int | str, dict[str, Any]] = DESCRIBED | {
    200: {
        "description": "The result",
        "content": {name: {} for name in (*SOLUTION_MEDIA_TYPES, *GRAPH_MEDIA_TYPES)},
    },
    400: {"description": "The text is no SPARQL 1.1, or a query that is not run here"},
    406: {"description": "The result is not available in an accepted form"},
    504: {"description": "The query took too long"},
    507: {"description": "The query needs too much memory or has too long a result"},
}


class SavedQueryIn(BaseModel):
    """A query to keep.

    Attributes:
        title: What you call it; a query that you keep under the same title is replaced.
        sparql: The text, as it is sent to `/sparql`.
        shared: Everybody who has its address may read it.
    """

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(min_length=1, max_length=200)]
    sparql: Annotated[str, Field(min_length=1, max_length=1_000_000)]
    shared: bool = False


class SavedQueryOut(BaseModel):
    """A query that somebody keeps.

    Attributes:
        href: Where it is; its answer is below, at `/rows`.
        page: Where the workbench opens it.
        mine: You are its owner.
    """

    id: str
    title: str
    sparql: str
    shared: bool
    mine: bool
    changed_at: datetime
    href: str
    page: str


async def _owner(request: Request) -> Caller:
    """Return the caller, who has a key.

    Raises:
        UnauthorizedError: It has none.
    """
    caller = await caller_of(request)
    caller.require(Role.PARTNER)
    return caller


async def _saved(request: Request) -> SavedQueries:
    return cast(SavedQueries, request.app.state.saved)


OwnerDep = Annotated[Caller, Depends(_owner)]
SavedDep = Annotated[SavedQueries, Depends(_saved)]


def _shown(query: SavedQuery, caller: Caller, language: str) -> SavedQueryOut:
    return SavedQueryOut(
        id=query.id,
        title=query.title,
        sparql=query.text,
        shared=query.is_shared,
        mine=query.key == caller.key,
        changed_at=query.changed_at,
        href=f"{router.prefix}/{query.id}",
        page=f"/{language}/workbench?saved={query.id}",
    )


def _headers(reading: Reading) -> dict[str, str]:
    """Return the headers of an answer that does not depend on the graph."""
    headers = reading.headers() | {"Cache-Control": "private, no-cache"}
    del headers["ETag"]
    return headers


@router.get(
    "",
    responses={401: _OWN[401]},
    response_model=DocumentOut[list[SavedQueryOut]],
    operation_id="list_saved_queries",
)
def list_saved(reading: ReadingDep, caller: OwnerDep, saved: SavedDep) -> Response:
    """List the queries that you keep, by title."""
    found = [_shown(query, caller, reading.language) for query in saved.of(caller.key)]
    data = [one.model_dump(mode="json") for one in found]
    return reading.send({"data": data}, _headers(reading))


@router.post(
    "",
    status_code=201,
    responses={401: _OWN[401]},
    response_model=DocumentOut[SavedQueryOut],
    operation_id="save_query",
)
def save(reading: ReadingDep, caller: OwnerDep, saved: SavedDep, given: SavedQueryIn) -> Response:
    """Keep a query, in place of one of yours that has the same title; `Location` names it."""
    kept = saved.save(caller.key, given.title, given.sparql, is_shared=given.shared)
    shown = _shown(kept, caller, reading.language)
    data = shown.model_dump(mode="json")
    answer = reading.send({"data": data}, _headers(reading) | {"Location": shown.href})
    answer.status_code = 201
    return answer


@router.get(
    "/{name}",
    responses=DESCRIBED,
    response_model=DocumentOut[SavedQueryOut],
    operation_id="get_saved_query",
)
def get_saved(
    request: Request, reading: ReadingDep, caller: CallerDep, saved: SavedDep, name: str
) -> Response:
    """Give a query that you keep, or that its owner shares."""
    query = saved.find(name, caller.key)
    tag = f'"{query.changed_at.timestamp():.6f}-{reading.language}"'
    headers = _headers(reading) | {"ETag": tag}
    if is_fresh(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    shown = _shown(query, caller, reading.language)
    return reading.send({"data": shown.model_dump(mode="json")}, headers)


@router.delete(
    "/{name}",
    responses=_OWN,
    response_model=DocumentOut[SavedQueryOut],
    operation_id="remove_saved_query",
)
def remove(reading: ReadingDep, caller: OwnerDep, saved: SavedDep, name: str) -> Response:
    """Forget a query that you keep."""
    query = saved.find(name, caller.key)
    saved.remove(name, caller.key)
    shown = _shown(query, caller, reading.language)
    return reading.send({"data": shown.model_dump(mode="json")}, _headers(reading))


@router.get(
    "/{name}/rows",
    responses=_ROWS,
    response_class=Response,
    operation_id="answer_saved_query",
)
async def answer_saved(
    request: Request,
    saved: SavedDep,
    name: str,
    form: Annotated[
        str | None, Query(alias="format", description="json, xml, csv, tsv, spreadsheet, turtle")
    ] = None,
) -> Response:
    """Run a query that you keep, or that its owner shares, as `/sparql` would."""
    serving = served(request)
    query = saved.find(name, serving.caller.key)
    checked = check(query.text, serving.settings.guard_limits())
    forms = [form] if form else []
    asked = QueryRequest(
        query=checked,
        media_type=result_type(request, checked.form, forms),
        visibility=serving.caller.visibility,
        max_rows=max_rows(request.query_params.getlist("max-rows")),
        client=serving.caller.client,
    )
    answer = for_spreadsheets(await respond(request, serving, asked), forms)
    # its owner may take it back at any moment, so that the version of the graph is not enough
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
