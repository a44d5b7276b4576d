"""An application over the invented landscape, in this process and behind a real server."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore


@pytest.fixture(scope="session")
def settings(small_home: Path) -> Settings:
    """Settings with short limits."""
    return Settings(home=small_home, query_timeout_s=1.0, ad_hoc_workers=2, page_workers=1)


@pytest.fixture(scope="session")
def client(settings: Settings, small_store: EmbeddedStore) -> Iterator[TestClient]:
    """A client of the application; a failure of the server is answered, not raised."""
    app = create_app(settings, small_store)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port of this machine; yield its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        limit = time.monotonic() + 30
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            assert time.monotonic() < limit, "the server did not start in time"
            time.sleep(0.01)
        [listening] = server.servers[0].sockets
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)


Serve = Callable[[Settings, EmbeddedStore], AbstractContextManager[str]]


@pytest.fixture(scope="session")
def serve() -> Serve:
    """What runs a real server: a context manager that gives its address."""
    return lambda settings, store: serving(create_app(settings, store))


@pytest.fixture(scope="session")
def address(settings: Settings, small_store: EmbeddedStore, serve: Serve) -> Iterator[str]:
    """Address of a running server over the invented landscape."""
    with serve(settings, small_store) as found:
        yield found
