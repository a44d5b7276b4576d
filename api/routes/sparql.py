"""The SPARQL endpoint (SPARQL 1.1 Protocol, query part): read only, limited, announced."""

import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.dependencies import Served, served
from api.description import describe
from api.errors import UnsupportedMediaTypeError
from api.results import max_rows, respond, result_type
from api.spreadsheets import for_spreadsheets
from graph.errors import QueryRefusedError, QuerySyntaxError
from graph.federation import Federation
from graph.store.dataset import Dataset
from graph.store.formats import GRAPH_MEDIA_TYPES, SOLUTION_MEDIA_TYPES
from graph.store.guard import CheckedQuery, GuardLimits, check
from graph.store.runner import QueryRequest

__all__ = ["router"]

router = APIRouter(tags=["SPARQL"])

Pairs = Sequence[tuple[str, str]]

_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_QUICK_LENGTH = 16_384

_IRIS: dict[str, Any] = {"type": "array", "items": {"type": "string", "format": "iri"}}
_QUERY_STRING: list[dict[str, Any]] = [
    {"in": "query", "name": name, "schema": schema, "description": text}
    for name, schema, text in (
        ("query", {"type": "string"}, "SPARQL 1.1 query; without it, the service description"),
        ("default-graph-uri", _IRIS, "Graphs whose merge is the default graph"),
        ("named-graph-uri", _IRIS, "Named graphs"),
        (
            "format",
            {"type": "string"},
            "Short name of a form (csv, spreadsheet, turtle, …) for links",
        ),
        ("max-rows", {"type": "integer"}, "Rows after which the result is cut and says so"),
    )
]

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _QUERY: {"schema": {"type": "string"}},
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["query"],
                    "properties": {
                        "query": {"type": "string"},
                        "default-graph-uri": _IRIS,
                        "named-graph-uri": _IRIS,
                    },
                }
            },
        },
    }
}

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The result, or without a query the service description",
        "content": {name: {} for name in (*SOLUTION_MEDIA_TYPES, *GRAPH_MEDIA_TYPES)},
    },
    400: {"description": "Not SPARQL 1.1, or a query that is not run here"},
    406: {"description": "The result is not available in an accepted form"},
    503: {"description": "All workers are busy; try again after `Retry-After`"},
    504: {"description": "The query took too long"},
    507: {"description": "The query needs too much memory or has too long a result"},
}


@router.get("/sparql", responses=_RESPONSES, openapi_extra={"parameters": _QUERY_STRING})
@router.head("/sparql", include_in_schema=False)
async def query_by_get(request: Request) -> Response:
    """Run a query given in the address; without one, describe this service."""
    pairs = _pairs(request.scope["query_string"])
    serving = served(request)
    if not any(name in ("query", "update") for name, _ in pairs):
        seen = serving.caller.visibility
        return describe(request, serving.store, serving.settings, seen)
    answer = await respond(request, serving, await _asked(request, pairs, serving))
    return for_spreadsheets(answer, _all(pairs, "format"))


@router.post("/sparql", responses=_RESPONSES, openapi_extra=_BODY)
async def query_by_post(request: Request) -> Response:
    """Run a query given as a form or as `application/sparql-query`."""
    pairs = _posted(request, await request.body())
    serving = served(request)
    answer = await respond(request, serving, await _asked(request, pairs, serving))
    return for_spreadsheets(answer, _all(pairs, "format"))


@router.options("/sparql", include_in_schema=False)
async def options() -> Response:
    """Say which methods and bodies there are."""
    headers = {"Allow": "GET, HEAD, OPTIONS, POST", "Accept-Post": f"{_QUERY}, {_FORM}"}
    return Response(status_code=204, headers=headers)


def _posted(request: Request, body: bytes) -> Pairs:
    """Return the parameters of a POST request; a query in the body becomes ``query``.

    Raises:
        UnsupportedMediaTypeError: The body is neither of the two kinds.
        QueryRefusedError: It is an update.
        QuerySyntaxError: It is not UTF-8.
    """
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.partition("charset=")[2].strip('" ').lower()
    if charset not in ("", "utf-8", "utf8"):
        raise UnsupportedMediaTypeError(f"a query comes in UTF-8, not in {charset}")
    match kind.strip().lower():
        case "application/x-www-form-urlencoded":
            return _pairs(body)
        case "application/sparql-query":
            return [*_pairs(request.scope["query_string"]), ("query", _text(body))]
        case "application/sparql-update":
            raise QueryRefusedError("this is an update; this endpoint answers queries only")
    raise UnsupportedMediaTypeError(f"a query comes as {_QUERY} or as {_FORM}, not as {kind!r}")


def _pairs(encoded: bytes) -> Pairs:
    """Return the parameters of a form or query string.

    Raises:
        QuerySyntaxError: It is not UTF-8 behind its escapes.
    """
    try:
        return parse_qsl(encoded.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeError:
        raise QuerySyntaxError("the parameters are not URL-encoded UTF-8") from None


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise QuerySyntaxError(f"the query is not UTF-8 at byte {error.start}") from None


def _all(pairs: Pairs, name: str) -> tuple[str, ...]:
    return tuple(value for key, value in pairs if key == name)


async def _asked(request: Request, pairs: Pairs, serving: Served) -> QueryRequest:
    """Return what the parameters ask for.

    Raises:
        QuerySyntaxError: There is not exactly one query, or it is not SPARQL 1.1.
        QueryRefusedError: It is not run here.
        NotAcceptableError: Its result is not available in an accepted form.
    """
    texts = _all(pairs, "query")
    if _all(pairs, "update"):
        raise QueryRefusedError("this is an update; this endpoint answers queries only")
    if len(texts) != 1:
        raise QuerySyntaxError(f"expected one query, found {len(texts)}")
    checked = await _checked(request, texts[0], serving.settings.guard_limits())
    default, named = _all(pairs, "default-graph-uri"), _all(pairs, "named-graph-uri")
    return QueryRequest(
        query=checked,
        media_type=result_type(request, checked.form, _all(pairs, "format")),
        visibility=serving.caller.visibility,
        dataset=Dataset(default, named) if default or named else None,
        max_rows=max_rows(_all(pairs, "max-rows")),
        client=serving.caller.client,
    )


async def _checked(request: Request, text: str, limits: GuardLimits) -> CheckedQuery:
    """Check a query; a long one beside the event loop, one with SERVICE after asking others."""
    federation: Federation = request.app.state.federation
    if federation.concerns(text):
        return await _federated(request, federation, text, limits)
    if len(text) <= _QUICK_LENGTH:
        return check(text, limits)
    return await asyncio.to_thread(check, text, limits)


async def _federated(
    request: Request, federation: Federation, text: str, limits: GuardLimits
) -> CheckedQuery:
    """Return a query with answers of others in it; it is answered anew each time."""
    async with request.app.state.federating:
        resolved = await asyncio.to_thread(federation.resolved, text, limits)
    roomy = GuardLimits(len(resolved.encode()), limits.max_depth)
    checked = await asyncio.to_thread(check, resolved, roomy)
    return checked._replace(is_repeatable=False)
