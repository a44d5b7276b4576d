"""What every request passes first: its key or session is read, and it is counted."""

import asyncio
import math
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.audit import AuditLog
from api.access.caller import Caller
from api.access.keys import Key, KeyStore, key_id
from api.access.limiter import Limiter, Verdict, client_of
from api.access.roles import Role
from api.access.sessions import SessionStore, cookie_of
from api.access.tokens import Bearer, Issuer, looks_like_token
from api.errors import problem
from graph.errors import StoreUnavailableError

__all__ = ["CALLER", "Gate", "GateMiddleware", "address_of"]

CALLER = "verbund.caller"
"""Where the scope of a request holds its :class:`Caller`."""

_SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
_CHALLENGE = 'Bearer realm="verbund", error="invalid_token"'


class Gate:
    """Everything that decides who a request comes from and whether it may come now."""

    def __init__(
        self,
        keys: KeyStore,
        sessions: SessionStore,
        requests: Limiter,
        tries: Limiter,
        audit: AuditLog,
        issuer: Issuer | None = None,
    ) -> None:
        """Put a gate together.

        Args:
            keys: The keys.
            sessions: Which browsers stand for which key.
            requests: Limits requests, by key or address.
            tries: Limits how often an address may have a key verified.
            audit: Where the use of keys is noted.
            issuer: Whose tokens are taken beside keys, if anybody's.
        """
        self.keys = keys
        self.sessions = sessions
        self.requests = requests
        self.tries = tries
        self.audit = audit
        self.issuer = issuer
        self._one = asyncio.Semaphore(1)  # a try takes 16 MiB and all of one core
        window_s = math.ceil(requests.burst / requests.rate_per_s) if requests.is_on else 0
        self.policy = f'"requests";q={requests.burst};w={window_s}'

    def limits(self, verdict: Verdict) -> dict[str, str]:
        """Return the headers of draft-ietf-httpapi-ratelimit-headers-10."""
        wait_s = verdict.wait_s or math.ceil(1 / self.requests.rate_per_s)
        return {
            "RateLimit-Policy": self.policy,
            "RateLimit": f'"requests";r={verdict.left};t={wait_s}',
        }

    def admit(self, scope: Scope) -> list[tuple[bytes, bytes]] | None:
        """Count an anonymous request that is answered before :class:`GateMiddleware`.

        Returns:
            Raw headers that say what is left, or ``None`` for one too many: it is not counted
            and has to be turned away by :class:`GateMiddleware`.
        """
        if not self.requests.is_on:
            return []
        verdict = self.requests.take(client_of(address_of(scope)))
        if not verdict.is_allowed:
            return None
        return [
            (name.lower().encode(), value.encode()) for name, value in self.limits(verdict).items()
        ]

    async def caller(self, authorization: str | None, address: str) -> Caller | Response:
        """Return who asks, or the answer that turns it away."""
        client = client_of(address)
        if authorization is None:
            return Caller(client, Role.ANONYMOUS.visibility, address=address)
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            return _unauthorized("keys are sent as Bearer")
        token = token.strip()
        if self.issuer and looks_like_token(token):
            return await self._token_bearer(self.issuer, token, address)
        key = await self.try_key(token, address)
        if isinstance(key, Verdict):
            return _too_many(key, "too many keys have been tried from this address")
        if key is None:
            return _unauthorized("this key is unknown, revoked or expired")
        return _bearer_of(key, address)

    async def _token_bearer(self, issuer: Issuer, token: str, address: str) -> Caller | Response:
        """Return whom a token of the issuer speaks for, or the answer that turns it away."""
        found = issuer.remembered(token)
        if found is None:
            verdict = self.tries.take(client_of(address))
            if not verdict.is_allowed:
                return _too_many(verdict, "too many tokens have been tried from this address")
            try:
                found = await asyncio.to_thread(issuer.verify, token)
            except StoreUnavailableError as error:
                return problem(503, type(error).__name__, str(error), {"Retry-After": "5"})
            await asyncio.to_thread(self._note_token, found, address)
        if found is None:
            return _unauthorized("this token is not valid here, or gives no role")
        return Caller(f"key:{found.id}", found.role.visibility, found.role, found.id, address)

    def _note_token(self, found: Bearer | None, address: str) -> None:
        if found is None:
            self.audit.note("token-refused", address=address)
        else:
            self.audit.note("token-used", key=found.id, role=found.role, address=address)

    def signed_in(self, cookie: str, address: str) -> Caller | None:
        """Return whom a session stands for, or ``None`` when it or its key has ended."""
        session = self.sessions.find(cookie)
        key = self.keys.valid(session.key) if session else None
        return _bearer_of(key, address, cookie) if key else None

    async def try_key(self, token: str, address: str) -> Key | Verdict | None:
        """Return the key of a token, ``None`` when it is not valid, or why it was not tried."""
        if key := self.keys.remembered(token):
            return key
        verdict = self.tries.take(client_of(address))
        return await self._verified(token, address) if verdict.is_allowed else verdict

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


def address_of(scope: Scope) -> str:
    """Return where a request comes from."""
    return scope["client"][0] if scope.get("client") else "unknown"


def _bearer_of(key: Key, address: str, session: str = "") -> Caller:
    return Caller(f"key:{key.id}", key.role.visibility, key.role, key.id, address, session)


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
        address = address_of(scope)
        sent = Headers(scope=scope)
        caller = await self._gate.caller(sent.get("authorization"), address)
        if isinstance(caller, Response):
            await caller(scope, receive, send)
            return
        if not caller.key and "cookie" in sent and _is_from_here(scope["method"], sent):
            caller = self._gate.signed_in(cookie_of(sent["cookie"]), address) or caller
        headers: dict[str, str] = {}
        if self._gate.requests.is_on:
            verdict = self._gate.requests.take(caller.client)
            headers = self._gate.limits(verdict)
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


def _is_from_here(method: str, sent: Headers) -> bool:
    """Tell whether a session may speak for a request: it only reads, or a page of ours sends it.

    Browsers say where a request comes from in headers that no page can set; one that says nothing
    is none that signed in here.
    """
    if method in _SAFE:
        return True
    if "sec-fetch-site" in sent:
        return sent["sec-fetch-site"] == "same-origin"
    return "host" in sent and urlsplit(sent.get("origin", "")).netloc == sent["host"]


def _mark(sent: MutableHeaders, limits: dict[str, str], *, is_private: bool) -> None:
    """Say what is left, and that an answer to one key is no answer to others."""
    for name, value in limits.items():
        sent[name] = value
    sent.add_vary_header("Authorization, Cookie")
    if is_private:
        kept = sent.get("cache-control", "no-cache")
        sent["Cache-Control"] = kept if "no-store" in kept else "private, no-cache"
