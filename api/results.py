"""From an answer of the store to an HTTP response: whole, streamed, or not changed."""

import asyncio
import hashlib
import time
from collections.abc import AsyncGenerator, Awaitable, Sequence
from functools import lru_cache
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

__all__ = [
    "COMMON_HEADERS",
    "Presence",
    "content_headers",
    "entity_tag",
    "gone",
    "max_rows",
    "respond",
    "response_of",
    "result_type",
    "unless_gone",
]

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

COMMON_HEADERS = {"Vary": "Accept", "Cache-Control": "no-cache"}
"""Of every answer to a query."""

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
    presence = Presence(request.receive)
    clock = asyncio.get_running_loop().call_later(_QUICK_S, presence.begin)
    try:
        return await presence.during(work)
    finally:
        clock.cancel()


class Presence:
    """Cancels the running task when its client goes away."""

    __slots__ = ("_receive", "_since", "_task", "_watching")

    def __init__(self, receive: Receive) -> None:
        """Prepare for the task that runs now; it is not watched yet whether the client is there.

        Args:
            receive: What tells that a client has gone.
        """
        self._receive = receive
        self._task = asyncio.current_task()
        self._watching: asyncio.Task[None] | None = None
        self._since = time.monotonic()

    def look(self, now: float) -> None:
        """Begin when it is time (:class:`graph.store.runs.Watch`)."""
        if self._watching is None and now - self._since > _QUICK_S:
            self.begin()

    def begin(self) -> None:
        """Watch whether the client is there from now on."""
        self._watching = asyncio.ensure_future(gone(self._receive))
        self._watching.add_done_callback(self._see)

    async def during(self, work: Awaitable[_T]) -> _T:
        """Return what some work gives.

        Raises:
            ClientGoneError: The client went away first.
        """
        try:
            return await work
        except asyncio.CancelledError:
            if self._has_cancelled():
                raise ClientGoneError from None
            raise
        finally:
            if self._watching is not None:
                self._watching.cancel()

    def _see(self, done: "asyncio.Task[None]") -> None:
        if not done.cancelled() and self._task is not None:
            self._task.cancel()

    def _has_cancelled(self) -> bool:
        """Tell whether a cancellation is this one's, and nobody else's."""
        is_gone = self._watching is not None and self._watching.done()
        return is_gone and self._task is not None and self._task.uncancel() == 0


async def gone(receive: Receive) -> None:
    """Return when the client has gone."""
    while (await receive())["type"] != "http.disconnect":
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
    of_each = ((name, term.n3()) for name, term in request.bindings.items())
    bindings = tuple(sorted(of_each)) if request.bindings else ()
    of_many = (version, request.visibility, request.media_type, bindings)
    about = _about(*of_many, request.dataset, request.max_rows)
    digest = about.copy()
    digest.update(request.query.text.encode("utf-8", "surrogatepass"))
    return f'"{digest.hexdigest()}"'


@lru_cache(maxsize=256)
def _about(*of_many: object) -> "hashlib.blake2b":
    """Return the begun digest of what many questions have in common and no other has."""
    return hashlib.blake2b(repr(of_many).encode() + b"\0", digest_size=16)


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
    condition = request.headers.get("if-none-match")
    if condition and _is_tagged(request, asked):
        version = serving.store.version
        tag = entity_tag(version, asked)
        if is_fresh(condition, tag):
            headers = COMMON_HEADERS | {"ETag": tag, "Verbund-Version": version}
            return Response(status_code=304, headers=headers)
    answer = await unless_gone(request, serving.runner.run(asked))
    response = response_of(answer, asked, request, serving.settings.result_max_bytes)
    if request.method == "HEAD" and answer.parts is not None:
        await answer.parts.aclose()
        return Response(headers=response.headers)
    return response


def _is_tagged(request: Request, asked: QueryRequest) -> bool:
    return request.method in ("GET", "HEAD") and asked.query.is_repeatable


def response_of(answer: Answer, asked: QueryRequest, request: Request, max_bytes: int) -> Response:
    """Return the response with an answer, whole or in parts.

    Args:
        answer: The answer.
        asked: The query.
        request: What it came with.
        max_bytes: Length that a result may have.
    """
    headers = COMMON_HEADERS | content_headers(answer.media_type, answer.version, asked.query.form)
    if _is_tagged(request, asked):
        headers["ETag"] = entity_tag(answer.version, asked)
    if answer.is_cut:
        headers["Verbund-Truncated"] = f"rows={asked.max_rows}"
    if answer.parts is None:
        return Response(answer.content, headers=headers)
    headers["Verbund-Limit"] = f"bytes={max_bytes}"
    return _Stream(answer.parts, headers)


def content_headers(media_type: str, version: str, form: QueryForm) -> dict[str, str]:
    """Return the headers that say what the content is, and which graph version answered."""
    told = media_type
    if media_type in _CHARSET:
        told += "; charset=utf-8"
    if media_type == "text/csv" and form is QueryForm.SELECT:
        told += "; header=present"
    return {"Content-Type": told, "Verbund-Version": version}
