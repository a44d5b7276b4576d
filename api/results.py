"""From an answer of the store to an HTTP response: whole, streamed, or not changed."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Awaitable, Sequence
from typing import TypeVar

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.dependencies import Served
from api.errors import ClientGoneError
from api.negotiation import choose, is_fresh
from graph.errors import ParameterError
from graph.store.formats import QueryForm, media_types
from graph.store.runner import Answer, QueryRequest

__all__ = ["entity_tag", "max_rows", "respond", "result_type", "unless_gone"]

_T = TypeVar("_T")

SHORT = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "spreadsheet": "text/csv",  # made safe by api.spreadsheets
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
    "nquads": "application/n-quads",
    "trig": "application/trig",
}
"""Short names of media types, for the parameter ``format`` of a link."""

_MAX_ROWS = 100_000
_QUICK_S = 0.05
"""Most answers are there by then, and it was not worth watching whether the client is."""

_CHARSET = {"text/csv", "text/tab-separated-values", "text/turtle"}


class _Stream(StreamingResponse):
    """A long result; however the response ends, the query behind it ends too."""

    def __init__(self, parts: AsyncGenerator[bytes, None], headers: dict[str, str]) -> None:
        super().__init__(parts, headers=headers)
        self._parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the parts; a failure on the way breaks the connection, so that it is seen."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._parts.aclose()


async def unless_gone(request: Request, work: Awaitable[_T]) -> _T:
    """Return what some work gives; cancel it when the client goes away.

    Raises:
        ClientGoneError: The client went away first.
    """
    watch = _Watch(request, asyncio.current_task())
    clock = asyncio.get_running_loop().call_later(_QUICK_S, watch.begin)
    try:
        return await work
    except asyncio.CancelledError:
        if watch.has_cancelled():
            raise ClientGoneError from None
        raise
    finally:
        clock.cancel()
        watch.end()


class _Watch:
    """Cancels a task when its client goes away."""

    def __init__(self, request: Request, task: "asyncio.Task[object] | None") -> None:
        self._request = request
        self._task = task
        self._watching: asyncio.Task[None] | None = None

    def begin(self) -> None:
        self._watching = asyncio.ensure_future(_gone(self._request))
        self._watching.add_done_callback(self._see)

    def _see(self, done: "asyncio.Task[None]") -> None:
        if not done.cancelled() and self._task is not None:
            self._task.cancel()

    def has_cancelled(self) -> bool:
        """Tell whether a cancellation is this one's, and nobody else's."""
        is_gone = self._watching is not None and self._watching.done()
        return is_gone and self._task is not None and self._task.uncancel() == 0

    def end(self) -> None:
        if self._watching is not None:
            self._watching.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def result_type(request: Request, form: QueryForm, formats: Sequence[str]) -> str:
    """Return the media type to answer a query with: parameter ``format``, else ``Accept``.

    Args:
        request: The request.
        form: What the query asks for.
        formats: Values of the parameter: short names (:data:`SHORT`) or media types.

    Raises:
        NotAcceptableError: There is no such form of this result.
    """
    offered = media_types(form)
    if not formats:
        return choose(request.headers.get("accept"), offered)
    return choose(SHORT.get(formats[-1], formats[-1]), offered)


def max_rows(values: Sequence[str]) -> int | None:
    """Return the rows after which a result is cut.

    Raises:
        ParameterError: It is no number from 1 to 100000.
    """
    if not values:
        return None
    value = values[-1]
    if not (value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= _MAX_ROWS):
        raise ParameterError("any", "max-rows", f"{value!r} is no number from 1 to {_MAX_ROWS}")
    return int(value)


def entity_tag(version: str, request: QueryRequest) -> str:
    """Return the tag of an answer: the same graph, question and form have the same one."""
    bindings = sorted((name, term.n3()) for name, term in request.bindings.items())
    asked = (
        *(version, request.visibility, request.query.text, request.media_type),
        *(bindings, request.dataset, request.max_rows),
    )
    digest = hashlib.blake2b(repr(asked).encode(), digest_size=16).hexdigest()
    return f'"{digest}"'


async def respond(request: Request, serving: Served, asked: QueryRequest) -> Response:
    """Answer a query over HTTP.

    Args:
        request: The request, whose body has been read.
        serving: The graph version that answers now, and what runs queries.
        asked: The query.

    Raises:
        GraphError: See :meth:`graph.store.runner.QueryRunner.run`.
        ClientGoneError: The client went away.
    """
    version = serving.store.version
    headers = {"Vary": "Accept", "Cache-Control": "no-cache"}
    is_tagged = request.method in ("GET", "HEAD") and asked.query.is_repeatable
    if is_tagged:
        headers["ETag"] = entity_tag(version, asked)
        if is_fresh(request.headers.get("if-none-match"), headers["ETag"]):
            return Response(status_code=304, headers=headers | {"Verbund-Version": version})
    answer = await unless_gone(request, serving.runner.run(asked))
    if is_tagged and answer.version != version:
        headers["ETag"] = entity_tag(answer.version, asked)
    headers |= _described(answer, asked, serving.settings.result_max_bytes)
    if answer.parts is None:
        return Response(answer.content, headers=headers)
    if request.method == "HEAD":
        await answer.parts.aclose()
        return Response(headers=headers)
    return _Stream(answer.parts, headers)


def _described(answer: Answer, asked: QueryRequest, max_bytes: int) -> dict[str, str]:
    """Return the headers that say what the content is, and whether it is all of it."""
    media_type = answer.media_type
    if media_type in _CHARSET:
        media_type += "; charset=utf-8"
    if answer.media_type == "text/csv" and asked.query.form == "select":
        media_type += "; header=present"
    described = {"Content-Type": media_type, "Verbund-Version": answer.version}
    if answer.is_cut:
        described["Verbund-Truncated"] = f"rows={asked.max_rows}"
    if answer.content is None:
        described["Verbund-Limit"] = f"bytes={max_bytes}"
    return described
