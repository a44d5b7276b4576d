"""An application over the invented landscape, in this process and behind a real server."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore
from tests.serving import serving


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
