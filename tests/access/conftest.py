"""A small store that may be written to, and an application over it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore, publish
from graph.visibility import parts


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented landscape as version ``ref-1``; nobody writes to it."""
    engine = ox.Store()
    engine.load(path=str(Path(__file__).with_name("landscape.trig")))
    folder = tmp_path_factory.mktemp("pristine") / "home"
    publish(folder, parts(engine, "ref-1"), "ref-1")
    return folder


@pytest.fixture
def fresh(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the landscape to write to."""
    folder = tmp_path / "home"
    shutil.copytree(pristine, folder)
    return folder


Opened = Callable[..., AbstractContextManager[TestClient]]


@contextmanager
def _opened(home: Path, **more: Any) -> Iterator[TestClient]:
    settings = Settings(home=home, ad_hoc_workers=1, page_workers=1, **more)
    with TestClient(
        create_app(settings, EmbeddedStore(home)), raise_server_exceptions=False
    ) as client:
        yield client


@pytest.fixture(scope="session")
def opened() -> Opened:
    """What opens a client of an application over a home."""
    return _opened


@pytest.fixture(scope="session")
def bearer() -> Callable[[Path, Role], dict[str, str]]:
    """What makes a key of a role and gives the header to send."""

    def made(home: Path, role: Role) -> dict[str, str]:
        _, token = KeyStore(home).make(role, f"a {role} in a test")
        return {"Authorization": f"Bearer {token}"}

    return made
