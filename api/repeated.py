"""Answers to requests that have been answered before, given before anything else is done.

A query of an analyst's page is asked again and again until the graph changes. What the
application would do for it anew (route, parameters, guard, negotiation, cache of results) takes
some twenty times as long as sending the bytes.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.direct import LAYERS_VARY
from graph.errors import StoreError

__all__ = ["RepeatedAnswers"]

Key = tuple[str, str, bytes, bytes | None, bytes | None, bool]
"""Scheme, path, parameters, ``Host``, ``Accept``, and whether another site's page asks."""

RawHeaders = Sequence[tuple[bytes, bytes]]

_LARGEST_BYTES = 262_144
_OVERHEAD_BYTES = 2_048
_PERSONAL = frozenset(
    (b"authorization", b"cookie", b"if-none-match", b"if-modified-since", b"range", b"upgrade")
)
"""Headers of requests that this leaves to the application."""
_COUNTED = frozenset((b"ratelimit", b"ratelimit-policy"))
"""What tells each client something else; said anew with each answer."""
_IN_KEY = frozenset((b"accept", b"origin"))
"""What an answer may depend on. Every site gets the same ``*``, so whether one asks is enough."""


@dataclass(frozen=True, slots=True)
class _Kept:
    version: bytes
    start: Message
    body: Message
    size_bytes: int


class RepeatedAnswers:
    """Keeps whole answers of one graph version that the application marks as repeatable.

    Kept is what answers an anonymous GET with status 200, ``ETag``, ``Verbund-Version`` and
    no ``Vary`` but by the key; so an answer that depends on anything else is never kept.
    """

    def __init__(
        self,
        app: ASGIApp,
        version: Callable[[], str],
        max_bytes: int,
        admit: Callable[[Scope], RawHeaders | None] = lambda _: (),
    ) -> None:
        """Stand before an application.

        Args:
            app: What answers when nothing is kept; it has the limit of requests too.
            version: Returns the graph version that answers now; must be quick.
            max_bytes: Length of everything kept.
            admit: Counts a request that is answered here; returns the headers that say what is
                left, or ``None`` when there were too many, which the application then says.
        """
        self._app = app
        self._version = version
        self._admit = admit
        self._is_on = max_bytes > 0
        self._left = max_bytes
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on and keep what answers it."""
        key = _key(scope) if self._is_on else None
        if key is None:
            await self._app(scope, receive, send)
            return
        kept = self._kept.get(key)
        if kept is not None and kept.version != self._current():
            self._drop(key)
            kept = None
        if kept is not None and (left := self._admit(scope)) is not None:
            self._kept.move_to_end(key)
            headers = [*kept.start["headers"], *left]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send(kept.body)
            return
        await self._app(scope, receive, _Keeping(send, lambda found: self._keep(key, found)))

    def _current(self) -> bytes | None:
        """Return the version that answers now; ``None`` leaves saying why to the application."""
        try:
            return self._version().encode()
        except StoreError:
            return None

    def _keep(self, key: Key, found: _Kept) -> None:
        if key in self._kept:
            self._drop(key)
        self._kept[key] = found
        self._left -= found.size_bytes
        while self._left < 0:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: Key) -> None:
        self._left += self._kept.pop(key).size_bytes


class _Keeping:
    """Passes an answer on and hands it over when it may be kept."""

    def __init__(self, send: Send, keep: Callable[[_Kept], None]) -> None:
        self._send = send
        self._keep = keep
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        await self._send(message)
        if message["type"] == "http.response.start":
            self._start = message
            return
        start, self._start = self._start, None  # a second part has no start: it is not kept
        if start is None or message.get("more_body", False):
            return
        version = _repeatable_version(start)
        size = len(message.get("body", b""))
        if version is not None and size <= _LARGEST_BYTES:
            same = [(name, value) for name, value in start["headers"] if name not in _COUNTED]
            kept = {**start, "headers": same}
            self._keep(_Kept(version, kept, message, size + _OVERHEAD_BYTES))


def _key(scope: Scope) -> Key | None:
    """Return what an answer depends on; ``None`` when it may depend on more."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    host: bytes | None = None
    accept: bytes | None = None
    is_foreign = False
    for name, value in scope["headers"]:
        if name in _PERSONAL or (name == b"accept" and accept is not None):
            return None
        if name == b"accept":
            accept = value
        elif name == b"host":
            host = value
        elif name == b"origin":
            is_foreign = True
    return scope["scheme"], scope["path"], scope["query_string"], host, accept, is_foreign


def _repeatable_version(start: Message) -> bytes | None:
    """Return the graph version of an answer that any other anonymous client gets too."""
    if start["status"] != 200:
        return None
    headers: dict[bytes, bytes] = {name.lower(): value for name, value in start["headers"]}
    cached = headers.get(b"cache-control", b"")
    if b"etag" not in headers or b"private" in cached or b"no-store" in cached:
        return None
    # what the layers vary by is in no request that has a key, or in the key
    told = headers.get(b"vary", b"").removesuffix(LAYERS_VARY).split(b",")
    varying = {name.strip().lower() for name in told} - {b""}
    if not varying <= _IN_KEY or b"set-cookie" in headers:
        return None
    return headers.get(b"verbund-version")
