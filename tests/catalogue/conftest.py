"""The invented landscape with what a coordination office adds, as the public and inside see it."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.communities import network_quads
from graph.rules import derive
from graph.store import EmbeddedStore, Visibility, publish

DATA = Path(__file__).parents[1] / "data"
INTERNAL = "https://w3id.org/verbund/graph/internal-notes"


def view(engine: ox.Store, names: Iterable[str]) -> list[ox.Quad]:
    """The statements of some graphs and what follows from them."""
    chosen = set(names)
    quads = [quad for quad in engine if getattr(quad.graph_name, "value", "") in chosen]
    day = date(2025, 1, 1)
    quads += derive(engine, chosen, today=day)
    return quads + network_quads(quads, "office-1", today=day)


@pytest.fixture(scope="session")
def office() -> ox.Store:
    engine = ox.Store()
    for name in ("small-landscape", "small-office"):
        engine.load(path=str(DATA / f"{name}.trig"))
    return engine


@pytest.fixture(scope="session")
def office_quads(office: ox.Store) -> list[ox.Quad]:
    """What the public sees."""
    names = {name.value for name in office.named_graphs()}
    assert INTERNAL in names
    return view(office, names - {INTERNAL})


@pytest.fixture(scope="session")
def office_store(
    tmp_path_factory: pytest.TempPathFactory, office_quads: list[ox.Quad]
) -> EmbeddedStore:
    """What the public sees, on disk; nobody writes to it."""
    folder = tmp_path_factory.mktemp("office")
    publish(folder, {Visibility.PUBLIC: office_quads}, "office-1")
    return EmbeddedStore(folder)


@pytest.fixture(scope="session")
def inside_store(tmp_path_factory: pytest.TempPathFactory, office: ox.Store) -> EmbeddedStore:
    """What the office itself sees."""
    folder = tmp_path_factory.mktemp("inside")
    quads = view(office, {name.value for name in office.named_graphs()})
    publish(folder, {Visibility.PUBLIC: quads}, "office-1")
    return EmbeddedStore(folder)
