"""Fixtures that more than one folder of tests needs."""

import gc
import os
import sys
from datetime import date
from pathlib import Path

import hypothesis
import pyoxigraph as ox
import pytest

from graph.building import build
from graph.rules import derive
from graph.store import EmbeddedStore, Visibility, publish

from .once import made_once

# Benchmarks have tests but are in no wheel. The checkout comes last, so that what is tested of the
# packages is what is installed.
sys.path.append(str(Path(__file__).parent.parent))

# The same cases every time: what passes here passes in CI. `HYPOTHESIS_PROFILE=explore` draws new
# ones; the large random comparisons are in benchmarks/.
hypothesis.settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# Each of the many applications would work for seconds on pages that its tests never open.
os.environ["VERBUND_WARM_PAGES"] = "false"

# The million objects of all tests would be looked through for cycles again and again, a seventh of
# the processor time. What nobody closed is still found: at the latest when all tests are done.
gc.set_threshold(20_000, 10, 10)


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store directory with the shipped reference graph, built once; read it only."""
    return made_once(tmp_path_factory, "verbund", lambda folder: build(folder, strict=True))


@pytest.fixture(scope="session")
def reference(home: Path) -> EmbeddedStore:
    """The shipped reference graph."""
    return EmbeddedStore(home)


@pytest.fixture(scope="session")
def small_quads() -> list[ox.Quad]:
    """The invented landscape of ``data/small-landscape.trig`` and what the rules derive."""
    engine = ox.Store()
    engine.load(path=str(Path(__file__).parent / "data" / "small-landscape.trig"))
    return [*engine, *derive(engine, today=date(2025, 1, 1))]


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory, small_quads: list[ox.Quad]) -> Path:
    """Directory of a store with the landscape as version ``small-1``; nobody writes to it."""
    folder = tmp_path_factory.mktemp("small")
    publish(folder, {Visibility.PUBLIC: small_quads}, "small-1")
    return folder


@pytest.fixture(scope="session")
def small_store(small_home: Path) -> EmbeddedStore:
    """The landscape, opened."""
    return EmbeddedStore(small_home)
