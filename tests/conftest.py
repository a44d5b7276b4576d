"""Fixtures that more than one folder of tests needs."""

from pathlib import Path

import pytest

from graph.building import build
from graph.store import EmbeddedStore


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store directory with the shipped reference graph, built once; read it only."""
    folder = tmp_path_factory.mktemp("verbund")
    build(folder, strict=True)
    return folder


@pytest.fixture(scope="session")
def reference(home: Path) -> EmbeddedStore:
    """The shipped reference graph."""
    return EmbeddedStore(home)
