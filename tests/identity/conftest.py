"""An invented landscape in which organisations are entered twice."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.store import publish
from graph.visibility import parts


@pytest.fixture(scope="session")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The landscape as version ``twice-1``; nobody writes to it."""
    engine = ox.Store()
    engine.load(path=str(Path(__file__).with_name("landscape.trig")))
    folder = tmp_path_factory.mktemp("twice") / "home"
    publish(folder, parts(engine, "twice-1"), "twice-1")
    return folder


@pytest.fixture
def fresh(twice: Path, tmp_path: Path) -> Path:
    """A copy of the landscape to write to."""
    folder = tmp_path / "home"
    shutil.copytree(twice, folder)
    return folder
