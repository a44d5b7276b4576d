"""Fixtures that several test folders share."""

from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.rules import derive
from graph.store import EmbeddedStore, Visibility, publish


@pytest.fixture(scope="session")
def small_quads() -> list[ox.Quad]:
    """The invented landscape of ``data/small-landscape.trig`` and what the rules derive."""
    engine = ox.Store()
    engine.load(path=str(Path(__file__).parent / "data" / "small-landscape.trig"))
    return [*engine, *derive(engine, today=date(2025, 1, 1))]


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory, small_quads: list[ox.Quad]) -> Path:
    """Directory of a store with the landscape as version ``small-1``; nobody writes to it."""
    home = tmp_path_factory.mktemp("small")
    publish(home, {Visibility.PUBLIC: small_quads}, "small-1")
    return home


@pytest.fixture(scope="session")
def small_store(small_home: Path) -> EmbeddedStore:
    """The landscape, opened."""
    return EmbeddedStore(small_home)
