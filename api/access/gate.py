"""What every request passes first: its key is read, and it is counted."""

import asyncio
import math

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.audit import AuditLog
from api.access.caller import Caller
from api.access.keys import Key, KeyStore, key_id
from api.access.limiter import Limiter, Verdict, client_of
from api.access.roles import Role
from api.errors import problem

__all__ = ["CALLER", "Gate", "GateMiddleware"]

CALLER = "verbund.caller"
"""Where the scope of a request holds its :class:`Caller`."""

_CHALLENGE = 'Bearer realm="verbund", error="invalid_token"'


class Gate:
    """Everything that decides who a request comes from and whether it may come now."""

    def __init__(self, keys: KeyStore, requests: Limiter, tries: Limiter, audit: AuditLog) -> None:
        """Put a gate together.

        Args:
            keys: The keys.
            requests: Limits requests, by key or address.
            tries: Limits how often an address may have a key verified.
            audit: Where the use of keys is noted.
        """
        self.keys = keys
        self.requests = requests
        self.tries = tries
        self.audit = audit
        self._one = asyncio.Semaphore(1)  # a try takes 16 MiB and all of one core
        window_s = math.ceil(requests.burst / requests.rate_per_s) if requests.is_on else 0
        self.policy = f'"requests";q={requests.burst};w={window_s}'

    async def caller(self, authorization: str | None, address: str) -> Caller | Response:
        """Return who asks, or the answer that turns it away."""
        client = client_of(address)
        if authorization is None:
            return Caller(client, Role.ANONYMOUS.visibility, address=address)
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        key = self.keys.remembered(token)
        if key is None:
            if scheme.lower() != "bearer":
                return _unauthorized("keys are sent as Bearer")
            verdict = self.tries.take(client)
            if not verdict.is_allowed:
                return _too_many(verdict, "too many keys have been tried from this address")
            key = await self._verified(token, address)
        if key is None:
            return _unauthorized("this key is unknown, revoked or expired")
        return Caller(f"key:{key.id}", key.role.visibility, key.role, key.id, address)

    async def _verified(self, token: str, address: str) -> Key | None:
        async with self._one:
            return await asyncio.to_thread(self._verify, token, address)

    def _verify(self, token: str, address: str) -> Key | None:
        key = self.keys.verify(token)
        if key is None:
            self.audit.note("key-refused", key=key_id(token), address=address)
        else:
            self.audit.note("key-used", key=key.id, role=key.role, address=address)
        return key


def _unauthorized(reason: str) -> Response:
    return problem(401, "UnauthorizedError", reason, {"WWW-Authenticate": _CHALLENGE})


def _too_many(verdict: Verdict, reason: str, headers: dict[str, str] | None = None) -> Response:
    sent = {"Retry-After": str(verdict.wait_s), **(headers or {})}
    detail = f"{reason}; try again in {verdict.wait_s} s"
    return problem(429, "TooManyRequestsError", detail, sent, retry_after_s=verdict.wait_s)


class GateMiddleware:
    """Lets requests through a gate; says on each answer what is left of the limit."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        address = scope["client"][0] if scope.get("client") else "unknown"
        caller = await self._gate.caller(_authorization(scope), address)
        if isinstance(caller, Response):
            await caller(scope, receive, send)
            return
        headers: dict[str, str] = {}
        if self._gate.requests.is_on:
            verdict = self._gate.requests.take(caller.client)
            headers = self._limits(verdict)
            if not verdict.is_allowed:
                answer = _too_many(verdict, "too many requests", headers)
                await answer(scope, receive, send)
                return
        scope[CALLER] = caller

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _mark(MutableHeaders(scope=message), headers, is_private=bool(caller.key))
            await send(message)

        await self._app(scope, receive, with_headers)

    def _limits(self, verdict: Verdict) -> dict[str, str]:
        """Return the headers of draft-ietf-httpapi-ratelimit-headers-10."""
        wait_s = verdict.wait_s or math.ceil(1 / self._gate.requests.rate_per_s)
        return {
            "RateLimit-Policy": self._gate.policy,
            "RateLimit": f'"requests";r={verdict.left};t={wait_s}',
        }


def _authorization(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return str(value.decode("latin-1"))
    return None


def _mark(sent: MutableHeaders, limits: dict[str, str], *, is_private: bool) -> None:
    """Say what is left, and that an answer to one key is no answer to others."""
    for name, value in limits.items():
        sent[name] = value
    sent.add_vary_header("Authorization")
    if is_private:
        kept = sent.get("cache-control", "no-cache")
        sent["Cache-Control"] = kept if "no-store" in kept else "private, no-cache"
