"""Operations that will go: said in the description and in every answer, with their dates.

A route that is on its way out is given ``openapi_extra=deprecated(...)``. Its answers then have
``Deprecation`` (RFC 9745), ``Sunset`` (RFC 8594) and a ``Link`` to what takes its place.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["DeprecationHeaders", "deprecated", "headers_of"]

_SINCE, _UNTIL, _INSTEAD = "x-deprecated-since", "x-sunset", "x-successor"

_NOTICE = timedelta(days=182)
"""Time that clients have to change."""


def deprecated(*, since: datetime, until: datetime, instead: str) -> dict[str, Any]:
    """Return what the description says of an operation that will go.

    Args:
        since: From when on nobody should begin to use it.
        until: When it may stop to answer; with a time zone, as ``since``.
        instead: Path of the operation, or address of the text, that takes its place.

    Raises:
        ValueError: It would go sooner than ``docs/api.md`` promises, or a date has no time zone.
    """
    if since.tzinfo is None or until.tzinfo is None:
        raise ValueError("a date needs its time zone")
    if until - since < _NOTICE:
        raise ValueError(f"clients have {_NOTICE.days} days to change")
    dates = {_SINCE: since.isoformat(), _UNTIL: until.isoformat()}
    return {"deprecated": True, **dates, _INSTEAD: instead}


def headers_of(said: Mapping[str, Any]) -> dict[str, str]:
    """Return the headers of an operation, from what its description says."""
    if _SINCE not in said:
        return {}
    since = datetime.fromisoformat(said[_SINCE])
    until = datetime.fromisoformat(said[_UNTIL]).astimezone(UTC)
    return {
        "Deprecation": f"@{int(since.timestamp())}",
        "Sunset": format_datetime(until, usegmt=True),
        "Link": f'<{said[_INSTEAD]}>; rel="successor-version"',
    }


class DeprecationHeaders:
    """Adds the headers of operations that will go; the routes say which these are."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                # routing has put the route into the scope by now
                said = getattr(scope.get("route"), "openapi_extra", None) or {}
                headers = MutableHeaders(scope=message)
                for name, value in headers_of(said).items():
                    headers.append(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)
