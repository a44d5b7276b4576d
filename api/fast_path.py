"""The fast path from a query in an address to its answer.

``GET /sparql?query=...`` without a key, a session, another site's page or a condition is what
programs ask by the thousand. What the general way does for it (a task, a request object, a list
of parameters, dictionaries of headers that each layer copies) takes several times as long as
asking the worker. Here each thing is done once, on bytes and by calls, and what is the same for
many answers is made once for all of them; decisions 0021 and 0026 have the numbers. Whatever is
unusual is left to the general way, and both have the same answer, header by header
(``tests/api/test_connection.py``).
"""

import binascii
import re
from collections.abc import Awaitable, Callable
from functools import lru_cache, partial

from fastapi import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.gate import Gate, address_of
from api.access.limiter import client_of
from api.dependencies import served
from api.direct import Plain, RawHeaders, marked
from api.errors import NotAcceptableError
from api.negotiation import choose
from api.results import COMMON_HEADERS, content_headers, entity_tag, response_of, unless_gone
from api.versions import SOFTWARE_HEADER, software_version
from graph.errors import GraphError
from graph.store.formats import QueryForm, media_types
from graph.store.guard import GuardLimits, check
from graph.store.runner import Answer, Begun, QueryRequest, QueryRunner

__all__ = ["Continuing", "FastPath", "Reply"]

Reply = tuple[bytes, bytes]
"""Lines of the head, each with its end, but for the status; and the content."""

_ASKED = "verbund.asked"
"""Where the scope of a request holds what :class:`FastPath` has done for it."""
_QUERY = b"query="
_LONGEST = 16_384
"""Longer ones are checked beside the event loop, by the general way."""
_UNUSUAL = re.compile(rb"[^ -%'-<>-~]")
"""Another parameter (``&``), the sign that the decoder takes for an escape, no plain ASCII."""
_USUAL_HEADERS = frozenset(
    (
        *(b"accept", b"accept-charset", b"accept-encoding", b"accept-language", b"cache-control"),
        *(b"connection", b"host", b"pragma", b"referer", b"user-agent"),
    )
)
"""Of these only ``Accept`` has to do with the answer, and ``Connection`` with what follows."""


class _Asked:
    """A query that has been counted.

    Attributes:
        query: The query.
        left: Headers that say what is left of the limit of requests.
        begun: What runs, if anything could be asked at once.
    """

    __slots__ = ("_reply", "begun", "left", "query")

    def __init__(
        self, query: QueryRequest, left: RawHeaders, reply: Callable[[Reply | None], None]
    ) -> None:
        self.query = query
        self.left = left
        self.begun: Begun | None = None
        self._reply: Callable[[Reply | None], None] | None = reply

    def tell(self, answer: Answer | None) -> None:
        """Pass an answer on, or that there is none yet."""
        # What is told and who tells hold each other: left so, the garbage collector would have to
        # find them, which took a tenth of the time of a request.
        reply, self._reply = self._reply, None
        if answer is not None:
            self.begun = None
        if reply is not None:
            reply(None if answer is None else _reply(self, answer))


class FastPath:
    """Answers the commonest requests by calls."""

    def __init__(self, runner: QueryRunner, gate: Gate, limits: GuardLimits) -> None:
        """Know whom to ask.

        Args:
            runner: What answers queries.
            gate: What counts requests.
            limits: How large a query may be.
        """
        self._runner = runner
        self._gate = gate
        self._limits = limits

    def takes(self, scope: Scope, reply: Callable[[Reply | None], None]) -> bool:
        """Answer a request, if there is nothing unusual in it.

        Args:
            scope: The request, which has no body if it is taken.
            reply: Called once if it is taken: with the answer, or with ``None`` when the
                application has to go on with it (:class:`Continuing`) or it is given up.

        Returns:
            Whether it is taken; if not, nothing has been done.
        """
        query = self._query(scope)
        left = self._gate.admit(scope) if query else None
        if query is None or left is None:
            return False
        scope[_ASKED] = asked = _Asked(query, left, reply)
        try:
            found = self._runner.begin(query, asked.tell)
        except GraphError:  # it is raised again by the general way, which says it
            found = None
        if found is None or isinstance(found, Answer):
            asked.tell(found)
        else:
            asked.begun = found
        return True

    @staticmethod
    def give_up(scope: Scope) -> None:
        """End what has been begun for a request, as its client has gone."""
        asked: _Asked = scope[_ASKED]
        if asked.begun is not None:
            asked.begun.end()

    def _query(self, scope: Scope) -> QueryRequest | None:
        """Return what is asked for, if there is nothing unusual in it."""
        if scope["path"] != "/sparql" or scope["method"] != "GET" or scope["root_path"]:
            return None
        text = _only_query(scope["query_string"])
        if text is None or len(text) > _LONGEST:
            return None
        accept = None
        for name, value in scope["headers"]:
            if name not in _USUAL_HEADERS or (name == b"accept" and accept is not None):
                return None
            if name == b"accept":
                accept = value
        try:
            query = check(text, self._limits)
            media_type = _chosen(accept, query.form)
        except (GraphError, NotAcceptableError):
            return None  # the general way says why, or asks others (SERVICE)
        return QueryRequest(query, media_type, client=client_of(address_of(scope)))


def _reply(asked: _Asked, answer: Answer) -> Reply:
    content = answer.content or b""
    same = _head(answer.media_type, answer.version, asked.query.query.form)
    left = b"".join([b"%b: %b\r\n" % header for header in asked.left]) if asked.left else b""
    if not asked.query.query.is_repeatable:
        return b"%bcontent-length: %d\r\n%b" % (same, len(content), left), content
    tag = entity_tag(answer.version, asked.query).encode()
    return b"%bcontent-length: %d\r\netag: %b\r\n%b" % (same, len(content), tag, left), content


class Continuing(Plain):
    """Goes on with requests that :class:`FastPath` has taken and could not answer at once.

    They have been counted, so they must not come to :class:`api.access.gate.GateMiddleware`, and
    something may run for them, so they must not be answered by who does not know.
    """

    def __init__(self, app: ASGIApp, gate: Gate, result_max_bytes: int) -> None:
        """Stand before an application.

        Args:
            app: What answers everything else.
            gate: What has counted the requests.
            result_max_bytes: Length of a result.
        """
        super().__init__(app, {}, gate)
        self._result_max_bytes = result_max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        asked: _Asked | None = scope.get(_ASKED)
        if asked is None:
            await self._app(scope, receive, send)
        else:
            handler = partial(self._answered, asked)
            await self._admitted(handler, asked.left, scope, receive, send)

    async def _answered(self, asked: _Asked, request: Request) -> Response:
        try:
            served(request)  # an error names the version, too
            answer = await unless_gone(request, _answer(asked, request))
        except BaseException:
            if asked.begun is not None:
                asked.begun.end()
            raise
        return response_of(answer, asked.query, request, self._result_max_bytes)


def _answer(asked: _Asked, request: Request) -> Awaitable[Answer]:
    if asked.begun is not None:
        return asked.begun.answer()
    answer: Awaitable[Answer] = request.app.state.runner.run(asked.query)
    return answer


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
def _head(media_type: str, version: str, form: QueryForm) -> bytes:
    """Return the lines that all whole answers of a kind have; length and tag are their own."""
    told = COMMON_HEADERS | content_headers(media_type, version, form)
    told[SOFTWARE_HEADER] = software_version()
    headers = marked([(name.lower().encode(), value.encode()) for name, value in told.items()])
    return b"".join(b"%b: %b\r\n" % header for header in headers)
