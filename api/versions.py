"""Which software and which graph an answer was made with; every answer says both in its head."""

from functools import cache
from importlib.metadata import version
from typing import cast

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.store import Store

__all__ = [
    "GRAPH_HEADER",
    "SOFTWARE_HEADER",
    "VersionHeaders",
    "note_read",
    "software_version",
    "versions_of",
]

GRAPH_HEADER = "Verbund-Version"
SOFTWARE_HEADER = "Verbund-Software"
_READ = "verbund.read"
_NAMES = frozenset((GRAPH_HEADER.lower().encode(), SOFTWARE_HEADER.lower().encode()))


@cache
def software_version() -> str:
    """Return the version of the software that answers."""
    return version("verbund")


def note_read(request: Request, store: Store) -> None:
    """Remember which generation a request reads, for the head of its answer."""
    request.scope.setdefault("state", {})[_READ] = store


def versions_of(scope: Scope) -> dict[str, str]:
    """Return the headers that name software and graph.

    The graph is the generation that the request has read; where it was turned away before it read
    anything, the public one that answers now.
    """
    read = scope.get("state", {}).get(_READ) or scope["app"].state.store
    return {GRAPH_HEADER: cast(Store, read).version, SOFTWARE_HEADER: software_version()}


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class VersionHeaders:
    """Adds the versions to answers that do not name them themselves: refusals and files too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # one dictionary for all copies of the scope that are made on the way
        scope.setdefault("state", {})

        async def with_versions(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = [name for name, _ in message["headers"]]
                if not _NAMES.issubset(own):
                    missing = [pair for pair in _raw(versions_of(scope)) if pair[0] not in own]
                    # not in place: who has sent the message may keep it
                    message = {**message, "headers": [*message["headers"], *missing]}
            await send(message)

        await self._app(scope, receive, with_versions)
