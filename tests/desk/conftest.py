"""Houses with the invented landscape."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.store import EmbeddedStore, Visibility

from .houses import Book, House, build


@pytest.fixture(scope="session")
def valley(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The landscape; nobody writes to it."""
    return build(tmp_path_factory.mktemp("valley") / "home")


@pytest.fixture
def house(valley: Path, tmp_path: Path) -> House:
    """A copy of the landscape to write to."""
    shutil.copytree(valley, tmp_path / "home")
    return House(tmp_path / "home")


@pytest.fixture(scope="session")
def quads(valley: Path) -> list[ox.Quad]:
    return list(EmbeddedStore(valley, Visibility.INTERNAL).engine)


@pytest.fixture
def book(quads: list[ox.Quad]) -> Book:
    """The landscape in memory."""
    return Book(quads)
