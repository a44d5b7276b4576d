"""Paths on which each tenth of a millisecond counts: answered before a route is looked for.

The routes are declared all the same: they are what the reference describes, and what answers below
a mount point.
"""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI, Request
from fastapi.responses import Response
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Direct", "Handler"]

Handler = Callable[[Request], Awaitable[Response]]


class Direct:
    """Calls the handlers of some paths, with the application's answers to errors around them."""

    def __init__(self, app: ASGIApp, handlers: Mapping[tuple[str, str], Handler]) -> None:
        """Stand before an application.

        Args:
            app: What answers everything else.
            handlers: By method and path.
        """
        self._app = app
        self._handlers = handlers
        self._guarded: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on."""
        if scope["type"] != "http" or scope.get("root_path"):
            await self._app(scope, receive, send)
        elif (scope["method"], scope["path"]) in self._handlers:
            await self._with_errors(scope["app"])(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _with_errors(self, app: FastAPI) -> ASGIApp:
        """Return what answers; the handlers of errors are known once the application is built."""
        if self._guarded is None:
            self._guarded = ExceptionMiddleware(self._answer, app.exception_handlers, app.debug)
        return self._guarded

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        handler = self._handlers[scope["method"], scope["path"]]
        response = await handler(Request(scope, receive, send))
        await response(scope, receive, send)
