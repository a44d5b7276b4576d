"""What every request passes: the limit of its body, and headers that make browsers careful."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import SECURITY_HEADERS, PayloadTooLargeError, problem

__all__ = ["BodyLimit", "HeadAsGet", "SecurityHeaders"]

_API = "/api/v1/"
_ENDLESS = "/events"
"""End of the paths whose answer goes on as long as a job does: nothing to tell in advance."""


class SecurityHeaders:
    """Adds the headers that an answer does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class BodyLimit:
    """Refuses bodies that are too long, by their announced length or while they come."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if not announced.isdigit() or int(announced) > self._max_bytes:
            error = PayloadTooLargeError(self._max_bytes)
            answer = problem(413, type(error).__name__, str(error), {"Connection": "close"})
            await answer(scope, receive, send)
            return
        left = self._max_bytes

        async def limited() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise PayloadTooLargeError(self._max_bytes)
            return message

        await self._app(scope, limited, send)


class HeadAsGet:
    """Answers HEAD below ``/api/v1`` as GET, without the body (RFC 9110, 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if not _is_head_of_the_api(scope):
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] != "http.response.body":
                await send(message)
            elif not message.get("more_body", False):
                await send({"type": "http.response.body", "body": b""})

        await self._app({**scope, "method": "GET"}, receive, without_body)


def _is_head_of_the_api(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "HEAD":
        return False
    path: str = scope["path"]
    return path.startswith(_API) and not path.endswith(_ENDLESS)
