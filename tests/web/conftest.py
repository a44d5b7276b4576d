"""The pages over the shipped reference graph, in memory and in a real browser."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore

from .visiting import ARGUMENTS, Visit, chromium_path


@pytest.fixture(scope="session")
def app(home: Path, reference: EmbeddedStore) -> FastAPI:
    """The application over the shipped reference graph."""
    return create_app(Settings(home=home, rate_per_s=0), reference)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client that does not follow redirects, with query workers running."""
    with TestClient(app, follow_redirects=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def base(home: Path, reference: EmbeddedStore) -> Iterator[str]:
    """Address of a running application over the shipped reference graph."""
    app = create_app(Settings(home=home, rate_per_s=0), reference)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    limit = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < limit, "the server did not start in time"
        time.sleep(0.01)
    [listening] = server.servers[0].sockets
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    settings = {"viewport": {"width": 1280, "height": 900}} | getattr(request, "param", {})
    opened = Visit(browser, base, **settings)
    yield opened
    opened.close()
