"""The pages over the shipped reference graph, in memory and in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore
from tests.serving import chromium, serving

from .visiting import Visit


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
    with serving(app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    settings = {"viewport": {"width": 1280, "height": 900}} | getattr(request, "param", {})
    opened = Visit(browser, base, **settings)
    yield opened
    opened.close()
