"""The HTTP side: a POST below ``/api/v1`` with a key is answered once, and the same again."""

import asyncio
import hashlib
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.gate import CALLER
from api.errors import PayloadTooLargeError, problem
from api.idempotency.ledger import Kept, Ledger, Standing
from graph.errors import StoreUnavailableError

__all__ = ["IdempotentRequests"]

_BELOW = "/api/v1/"
_KEY = re.compile(r"[!-~]{1,255}")
_LONGEST = 4 * 1024**2
_OWN = (b"date", b"ratelimit", b"ratelimit-policy", b"server", b"transfer-encoding")
"""Headers that belong to one sending of an answer, not to the answer."""


class IdempotentRequests:
    """Gives the same answer to the same request of the same caller.

    Only good answers (2xx) are kept: whatever failed has changed nothing and may be tried again.
    An answer marked ``no-store`` is not written down: where something was made (201), asking
    for it again is refused; where not (200), it is answered anew.
    """

    def __init__(self, app: ASGIApp, ledger: Ledger) -> None:
        """Stand before an application, behind the gate.

        Args:
            app: What answers.
            ledger: Where answers are kept.
        """
        self._app = app
        self._ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it as before."""
        is_concerned = scope["type"] == "http" and scope["method"] == "POST"
        header = Headers(scope=scope).get("idempotency-key") if is_concerned else None
        if header is None or not scope["path"].startswith(_BELOW):
            await self._app(scope, receive, send)
            return
        key = header.strip().strip('"')
        if not _KEY.fullmatch(key):
            detail = "Idempotency-Key: 1 to 255 visible ASCII characters"
            await problem(422, "RequestValidationError", detail)(scope, receive, send)
            return
        try:
            body = await _whole(receive)
            await self._answer(scope, receive, send, key, body)
        except PayloadTooLargeError as error:
            await problem(413, type(error).__name__, str(error))(scope, receive, send)
        except StoreUnavailableError as error:
            await problem(503, type(error).__name__, str(error))(scope, receive, send)

    async def _answer(
        self, scope: Scope, receive: Receive, send: Send, key: str, body: bytes
    ) -> None:
        caller = scope[CALLER].client
        begun = await asyncio.to_thread(self._ledger.begin, caller, key, _fingerprint(scope, body))
        if begun.standing is Standing.OTHER:
            detail = "this Idempotency-Key has been used for another request"
            await problem(422, "IdempotencyMismatchError", detail)(scope, receive, send)
        elif begun.standing is Standing.RUNNING:
            detail = "this request is being answered, or its answer is shown only once"
            sent = {"Retry-After": "2"}
            await problem(409, "IdempotencyConflictError", detail, sent)(scope, receive, send)
        elif begun.kept is not None:
            await _send_again(begun.kept, send)
        else:
            await self._answer_once(scope, receive, send, caller, key, body)

    async def _answer_once(
        self, scope: Scope, receive: Receive, send: Send, caller: str, key: str, body: bytes
    ) -> None:
        """Have the request answered, and keep the answer before it goes out."""
        gathered = _Gathered()
        try:
            await self._app(scope, _replayed(body, receive), gathered)
        except BaseException:
            await asyncio.shield(asyncio.to_thread(self._ledger.give_up, caller, key))
            raise
        kept = gathered.kept()
        is_secret = b"no-store" in dict(kept.headers).get(b"cache-control", b"")
        has_made_nothing = kept.status == 200 and is_secret
        if 200 <= kept.status < 300 and len(kept.body) <= _LONGEST and not has_made_nothing:
            work = asyncio.to_thread(self._ledger.end, caller, key, kept, is_secret=is_secret)
        else:
            work = asyncio.to_thread(self._ledger.give_up, caller, key)
        await asyncio.shield(work)
        for message in gathered.messages:
            await send(message)


class _Gathered:
    """Holds an answer back until it has been kept."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    def kept(self) -> Kept:
        start = next(m for m in self.messages if m["type"] == "http.response.start")
        headers = tuple((n.lower(), v) for n, v in start["headers"] if n.lower() not in _OWN)
        body = b"".join(m.get("body", b"") for m in self.messages)
        return Kept(start["status"], headers, body)


async def _whole(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Give the body that has been read, then what the connection says."""
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def give() -> Message:
        return waiting.pop() if waiting else await receive()

    return give


def _fingerprint(scope: Scope, body: bytes) -> str:
    """Return what tells requests apart: address, forms of request and answer, and the body."""
    headers = Headers(scope=scope)
    parts = [scope["path"].encode(), scope["query_string"]]
    parts += [headers.get(name, "").encode() for name in ("content-type", "accept")]
    digest = hashlib.blake2b(digest_size=32)
    for part in (*parts, body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


async def _send_again(kept: Kept, send: Send) -> None:
    start: Message = {
        "type": "http.response.start",
        "status": kept.status,
        "headers": list(kept.headers),
    }
    MutableHeaders(scope=start)["Idempotency-Replayed"] = "true"
    await send(start)
    await send({"type": "http.response.body", "body": kept.body, "more_body": False})
