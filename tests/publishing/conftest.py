"""A house with a public and an internal part, and the same house without the internal one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.rules import derive
from graph.store import EmbeddedStore, Visibility, publish

HERE = Path(__file__).parent
VERSION = "landscape-1"


def quads(*names: str) -> list[ox.Quad]:
    engine = ox.Store()
    for name in names:
        engine.load(path=str(HERE / f"{name}.trig"))
    return [*engine, *derive(engine, today=date(2026, 1, 3))]


def application(store: EmbeddedStore) -> FastAPI:
    # one client asks for everything
    settings = Settings(home=store.home, ad_hoc_workers=1, page_workers=1, rate_per_s=0)
    return create_app(settings, store)


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Home of the house with both parts; tests add nothing but dumps."""
    home = tmp_path_factory.mktemp("house")
    parts = {
        Visibility.PUBLIC: quads("landscape"),
        Visibility.INTERNAL: quads("landscape", "internal"),
    }
    publish(home, parts, VERSION)
    return home


@pytest.fixture(scope="session")
def store(published: Path) -> EmbeddedStore:
    return EmbeddedStore(published)


@pytest.fixture(scope="session")
def inside(published: Path) -> EmbeddedStore:
    """The same house, seen from inside."""
    return EmbeddedStore(published, Visibility.INTERNAL)


@pytest.fixture(scope="session")
def client(store: EmbeddedStore) -> Iterator[TestClient]:
    app = application(store)
    with TestClient(app, follow_redirects=False, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def insider(inside: EmbeddedStore) -> Iterator[TestClient]:
    with TestClient(application(inside), follow_redirects=False) as opened:
        yield opened
