"""A store to publish into, a server of a partner, and a description of it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.resources import ontology_texts
from graph.store import publish
from graph.visibility import parts

from .servers import Site, site

HERE = Path(__file__).parent

DESCRIPTION = """
kind = "dump"
addresses = ["{base}/data.ttl"]
licence = "https://creativecommons.org/licenses/by/4.0/"
visibility = "public"
attributed_to = "https://partner.example/"
organisation_kind = "company"
allows_private_addresses = true
title = {{ de = "Partnernetz", en = "Partner network" }}
"""


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with the ontology and one organisation; nobody writes to it."""
    engine = ox.Store()
    engine.load(path=str(HERE.parent / "access" / "landscape.trig"))
    ontology = ox.NamedNode("https://w3id.org/verbund/graph/ontology")
    for _, text in ontology_texts():
        engine.load(text.encode(), ox.RdfFormat.TURTLE, to_graph=ontology)
    folder = tmp_path_factory.mktemp("office") / "home"
    publish(folder, parts(engine, "office-1"), "office-1")
    return folder


@pytest.fixture
def office(pristine: Path, tmp_path: Path) -> Path:
    """A copy of the office to write to."""
    folder = tmp_path / "home"
    shutil.copytree(pristine, folder)
    return folder


@pytest.fixture
def partner() -> Iterator[Site]:
    """The server of a partner."""
    with site() as found:
        yield found


Describe = Callable[..., None]


@pytest.fixture
def describe(office: Path, partner: Site) -> Describe:
    """What describes a source of the partner; further lines come before the title."""

    def described(more: str = "", name: str = "partner", text: str = DESCRIPTION) -> None:
        folder = office / "harvest" / "sources"
        folder.mkdir(parents=True, exist_ok=True)
        lines = text.format(base=partner.base)
        for line in more.format(base=partner.base).splitlines():
            key = line.partition("=")[0]
            kept = [one for one in lines.splitlines() if not one.startswith(key) or not key]
            lines = "\n".join([*kept, line])
        (folder / f"{name}.toml").write_text(lines, encoding="utf-8")

    return described
