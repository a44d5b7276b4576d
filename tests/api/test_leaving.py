"""Who hangs up is not searched for any longer."""

import asyncio
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import asking
from api.app import create_app
from api.mcp.server import _searched
from api.settings import Settings
from graph.consortium import Suggestion, suggest
from graph.store import EmbeddedStore

PATIENCE_S = 10.0


async def status_for_who_hangs_up(app: Any, path: str, query: bytes, body: bytes) -> int:
    """Send a request, hang up, and return the status that nobody reads."""
    messages = iter([{"type": "http.request", "body": body, "more_body": False}])
    statuses = []

    async def receive() -> dict[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if message["type"] == "http.response.start" else [])

    headers = [(b"host", b"testserver"), (b"content-type", b"application/json")]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
        "method": "POST" if body else "GET", "path": path, "raw_path": path.encode(),
        "query_string": query, "root_path": "", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("testserver", 80), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return int(statuses[0])


@pytest.mark.parametrize(
    ("path", "query", "body"),
    [
        ("/api/v1/consortia", b"enquiry=E05", b""),
        ("/api/v1/consortia", b"", b'{"requirements": [{"competence": "Drehen"}]}'),
        ("/de/consortia", b"enquiry=E05", b""),
        ("/de/consortia/document", b"enquiry=E05", b""),
    ],
)
def test_search_ends_when_the_client_hangs_up(
    path: str,
    query: bytes,
    body: bytes,
    reference: EmbeddedStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard = []

    def long_search(
        enquiry: Any, landscape: Any, settings: Any, is_cancelled: Callable[[], bool]
    ) -> Suggestion:
        end = time.monotonic() + PATIENCE_S
        while not is_cancelled() and time.monotonic() < end:
            time.sleep(0.001)
        heard.append(is_cancelled())
        return suggest(enquiry, landscape, settings, is_cancelled)

    monkeypatch.setattr(asking, "suggest", long_search)
    app = create_app(Settings(home=reference.home), reference)
    with TestClient(app, base_url="http://testserver") as running:
        assert running.portal is not None
        status = running.portal.call(status_for_who_hangs_up, app, path, query, body)

        assert heard == [True]
        assert status == 499  # so that it is kept nowhere
        monkeypatch.setattr(asking, "suggest", suggest)
        assert running.get(f"{path}?{query.decode()}").status_code == (200 if query else 400)


def test_search_of_a_tool_ends_when_its_call_is_cancelled() -> None:
    began, heard = Event(), Event()

    def long_search(is_cancelled: Callable[[], bool]) -> None:
        began.set()
        end = time.monotonic() + PATIENCE_S
        while not is_cancelled() and time.monotonic() < end:
            time.sleep(0.001)
        if is_cancelled():
            heard.set()

    async def call_and_cancel() -> None:
        call = asyncio.create_task(_searched(long_search))
        await asyncio.to_thread(began.wait)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call

    asyncio.run(call_and_cancel())

    assert heard.wait(PATIENCE_S / 2)
