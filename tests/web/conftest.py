"""The pages over the shipped reference graph."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore


@pytest.fixture(scope="session")
def app(home: Path, reference: EmbeddedStore) -> FastAPI:
    """The application over the shipped reference graph."""
    return create_app(Settings(home=home), reference)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client that does not follow redirects, with query workers running."""
    with TestClient(app, follow_redirects=False) as opened:
        yield opened
