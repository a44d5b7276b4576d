"""The shortest way from a query in an address to its answer.

``GET /sparql?query=...`` without a key, a session, another site's page or a condition is what
programs ask by the thousand. What the general way does for it (a request object, a list of
parameters, dictionaries of headers that each layer copies) takes three times as long as asking
the worker. Here each thing is done once, on bytes, and what is the same for many answers is made
once for all of them; decision 0021 has the numbers. Whatever is unusual is left to the general
way, and both have the same answer, header by header (``tests/api/test_direct.py``).
"""

import binascii
import re
from functools import lru_cache

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.gate import Gate, address_of
from api.access.limiter import client_of
from api.dependencies import served
from api.direct import Handler, Handlers, Plain, RawHeaders, marked
from api.errors import ClientGoneError, NotAcceptableError
from api.negotiation import choose
from api.repeated import REPEATABLE
from api.results import COMMON_HEADERS, Presence, content_headers, entity_tag, response_of
from api.versions import SOFTWARE_HEADER, software_version
from graph.errors import GraphError
from graph.federation import Federation
from graph.store.formats import QueryForm, media_types
from graph.store.guard import GuardLimits, check
from graph.store.runner import Answer, QueryRequest, QueryRunner
from graph.store.runs import Watch

__all__ = ["Straight"]

_QUERY = b"query="
_LONGEST = 16_384
"""Longer ones are checked beside the event loop, by the general way."""
_UNUSUAL = re.compile(rb"[^ -%'-<>-~]")
"""Another parameter (``&``), the sign that the decoder takes for an escape, no plain ASCII."""
_CONDITIONAL = b"if-none-match"


class Straight(Plain):
    """Answers the commonest requests itself, and all others as :class:`Plain` does."""

    def __init__(
        self,
        app: ASGIApp,
        handlers: Handlers,
        gate: Gate,
        limits: GuardLimits,
        result_max_bytes: int,
    ) -> None:
        """Stand before an application.

        Args:
            app: What answers everything else.
            handlers: The general way, by method and path; all of them take queries.
            gate: What counts requests.
            limits: How large a query may be.
            result_max_bytes: Length of a result.
        """
        super().__init__(app, handlers, gate)
        self._limits = limits
        self._result_max_bytes = result_max_bytes
        self._watch = Watch()

    async def _admitted(
        self, handler: Handler, left: RawHeaders, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request that has been counted; see :class:`Plain`."""
        state = scope["app"].state
        asked = self._asked(scope, state.federation)
        if asked is None:
            await super()._admitted(handler, left, scope, receive, send)
            return
        try:
            answer = await self._run(state.runner, asked, receive)
        except (GraphError, ClientGoneError) as error:
            await super()._admitted(_raising(error), left, scope, receive, send)
            return
        if answer.content is None:
            long = _giving(answer, asked, self._result_max_bytes)
            await super()._admitted(long, left, scope, receive, send)
            return
        headers = [
            *_head(answer.media_type, answer.version, asked.query.form),
            (b"content-length", b"%d" % len(answer.content)),
            *left,
        ]
        start = {"type": "http.response.start", "status": 200, "headers": headers}
        if asked.query.is_repeatable:
            headers.append((b"etag", entity_tag(answer.version, asked).encode()))
            start[REPEATABLE] = answer.version.encode()
        await send(start)
        await send({"type": "http.response.body", "body": answer.content})

    def _asked(self, scope: Scope, federation: Federation) -> QueryRequest | None:
        """Return what is asked for, if there is nothing unusual in it."""
        text = _only_query(scope["query_string"])
        if text is None or len(text) > _LONGEST or federation.concerns(text):
            return None
        accept = None
        for name, value in scope["headers"]:
            if name == _CONDITIONAL or (name == b"accept" and accept is not None):
                return None
            if name == b"accept":
                accept = value
        try:
            query = check(text, self._limits)
            media_type = _chosen(accept, query.form)
        except (GraphError, NotAcceptableError):
            return None  # the general way says why
        return QueryRequest(query, media_type, client=client_of(address_of(scope)))

    async def _run(self, runner: QueryRunner, asked: QueryRequest, receive: Receive) -> Answer:
        """Return the answer; a client that goes away ends the query."""
        presence = Presence(receive)
        self._watch.add(presence)
        try:
            return await presence.during(runner.run(asked))
        finally:
            self._watch.drop(presence)


def _only_query(parameters: bytes) -> str | None:
    """Return the query of an address that has no other parameter, ``None`` for anything else.

    The decoder of quoted-printable, which is written in C, reads percent-encoding when ``=``
    stands for ``%``, in a tenth of the time of :mod:`urllib.parse`, which decodes in Python. Each
    escape makes the text two bytes shorter, so its length tells whether all were well formed.
    """
    if not parameters.startswith(_QUERY):
        return None
    encoded = parameters[len(_QUERY) :]
    if _UNUSUAL.search(encoded):
        return None
    decoded = binascii.a2b_qp(encoded.replace(b"+", b" ").replace(b"%", b"="))
    if len(encoded) - len(decoded) != 2 * encoded.count(b"%"):
        return None
    try:
        return decoded.decode("utf-8")
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=256)
def _chosen(accept: bytes | None, form: QueryForm) -> str:
    """Return the media type of an answer.

    Raises:
        NotAcceptableError: There is none that the client accepts.
    """
    return choose(None if accept is None else accept.decode("latin-1"), media_types(form))


@lru_cache(maxsize=256)
def _head(media_type: str, version: str, form: QueryForm) -> RawHeaders:
    """Return the headers that all whole answers of a kind have; length and tag are their own."""
    told = COMMON_HEADERS | content_headers(media_type, version, form)
    told[SOFTWARE_HEADER] = software_version()
    return marked([(name.lower().encode(), value.encode()) for name, value in told.items()])


def _raising(error: Exception) -> Handler:
    """Return a handler that says what went wrong, and in which version."""

    async def handler(request: Request) -> Response:
        served(request)
        raise error

    return handler


def _giving(answer: Answer, asked: QueryRequest, max_bytes: int) -> Handler:
    """Return a handler that gives a long result in parts."""

    async def handler(request: Request) -> Response:
        return response_of(answer, asked, request, max_bytes)

    return handler
