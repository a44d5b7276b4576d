"""Paths on which each tenth of a millisecond counts: answered before a route is looked for.

The routes are declared all the same: they are what the reference describes, and what answers below
a mount point.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.caller import Caller
from api.access.gate import CALLER, Gate, address_of
from api.access.limiter import client_of
from api.access.roles import Role
from api.errors import SECURITY_HEADERS

__all__ = ["LAYERS_VARY", "Direct", "Handler", "Handlers", "Plain", "RawHeaders", "marked"]

Handler = Callable[[Request], Awaitable[Response]]
Handlers = Mapping[tuple[str, str], Handler]
RawHeaders = list[tuple[bytes, bytes]]
ErrorHandler = Callable[[Request, Exception], Awaitable[Response]]

_SECURITY = [(name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()]
LAYERS_VARY = b"Authorization, Cookie, Origin"
"""What the layers add to ``Vary`` of each answer."""
_TOLD = frozenset((b"authorization", b"cookie", b"origin"))
"""Headers that another layer than the handler looks at."""


class Direct:
    """Calls the handlers of some paths, with the application's answers to errors around them."""

    def __init__(self, app: ASGIApp, handlers: Handlers) -> None:
        """Stand before an application.

        Args:
            app: What answers everything else.
            handlers: By method and path.
        """
        self._app = app
        self._handlers = handlers
        self._known: dict[type[Exception], ErrorHandler] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        handler = self._handler(scope)
        if handler is None:
            await self._app(scope, receive, send)
        else:
            await self._answer(handler, scope, receive, send)

    def _handler(self, scope: Scope) -> Handler | None:
        if scope["type"] != "http" or scope.get("root_path"):
            return None
        return self._handlers.get((scope["method"], scope["path"]))

    async def _answer(self, handler: Handler, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; an error that nobody has foreseen goes on to the application's last layer."""
        request = Request(scope, receive, send)
        try:
            response = await handler(request)
        except self._foreseen(scope) as error:
            response = await self._explained(request, error)
        await response(scope, receive, send)

    def _foreseen(self, scope: Scope) -> tuple[type[Exception], ...]:
        """Return the kinds of errors that have an answer."""
        return tuple(self._known or self._learn(scope["app"]))

    async def _explained(self, request: Request, error: Exception) -> Response:
        kind = next(kind for kind in type(error).__mro__ if kind in self._known)
        return await self._known[kind](request, error)

    def _learn(self, app: FastAPI) -> dict[type[Exception], ErrorHandler]:
        """Return the handlers of errors; they are known once the application is built."""
        for kind, handler in app.exception_handlers.items():
            if isinstance(kind, type) and kind is not Exception:
                self._known[kind] = cast(ErrorHandler, handler)
        return self._known


class Plain(Direct):
    """Answers plain requests of strangers outside all layers, and does what those would do.

    A request without a key, a session or another site's page passes most layers unseen. What is
    left is done here: it is counted, its caller is named, and its answer gets the headers that
    every answer gets. The same request answered behind the layers has the same answer.
    """

    def __init__(self, app: ASGIApp, handlers: Handlers, gate: Gate) -> None:
        """Stand before an application.

        Args:
            app: What answers everything else.
            handlers: By method and path; for requests without a body.
            gate: What counts requests.
        """
        super().__init__(app, handlers)
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        handler = self._handler(scope)
        if handler is None or any(name in _TOLD for name, _ in scope["headers"]):
            await self._app(scope, receive, send)
            return
        left = self._gate.admit(scope)
        if left is None:
            await self._app(scope, receive, send)
            return
        await self._admitted(handler, left, scope, receive, send)

    async def _admitted(
        self, handler: Handler, left: RawHeaders, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request that has been counted.

        Args:
            handler: What answers it.
            left: Headers that say what is left of the limit.
            scope: The request.
            receive: Its body.
            send: Takes the answer.
        """
        address = address_of(scope)
        client = client_of(address)
        scope[CALLER] = Caller(client, Role.ANONYMOUS.visibility, address=address)
        await self._answer(handler, scope, receive, _marking(send, left))


def _marking(send: Send, left: RawHeaders) -> Send:
    """Return what sends an answer with what every answer has, and what is left of the limit."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*marked(message["headers"]), *left]
        await send(message)

    return with_headers


def marked(headers: RawHeaders) -> RawHeaders:
    """Return the headers of an answer with what every answer has, unless it has its own."""
    own = {name for name, _ in headers}
    told = [(name, _varying(value) if name == b"vary" else value) for name, value in headers]
    if b"vary" not in own:
        told.append((b"vary", LAYERS_VARY))
    told += [header for header in _SECURITY if header[0] not in own]
    return told


def _varying(value: bytes) -> bytes:
    return b"%b, %b" % (value, LAYERS_VARY)
