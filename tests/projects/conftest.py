"""A small store with the real ontology, a few organisations and a programme, to write to."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.projects import Edit, Plan, Project, add_partner, find_project, start
from graph.resources import ontology_texts
from graph.store import EmbeddedStore, Visibility, publish
from graph.visibility import parts
from graph.vocabulary import GRAPH, ID
from graph.writing import Write, write

HERE = Path(__file__).parent
SMALL, MIDDLE = str(ID["org-small"]), str(ID["org-middle"])
INSTITUTE = str(ID["org-institute"])
PROGRAMME = str(ID["programme-p"])


class Office:
    """The coordination office: a home, and what applies changes to it."""

    def __init__(self, home: Path) -> None:
        self.home = home

    @property
    def store(self) -> EmbeddedStore:
        return EmbeddedStore(self.home, Visibility.INTERNAL)

    def apply(self, change: Write) -> None:
        write(self.home, change)

    def made(self, named: tuple[str, Write]) -> str:
        self.apply(named[1])
        return named[0]

    def edit(self, project: str) -> Edit:
        store = self.store
        return Edit(store, find_project(store, project))

    def project(self, iri: str) -> Project:
        return find_project(self.store, iri)


def landscape(folder: Path, *more: Path) -> Path:
    """Publish the invented landscape, and what else is given, as version ``ref-1``."""
    engine = ox.Store()
    engine.load(path=str(HERE.parent / "access" / "landscape.trig"))
    for path in (HERE / "landscape.trig", *more):
        engine.load(path=str(path))
    ontology = ox.NamedNode(str(GRAPH["ontology"]))
    for name, text in ontology_texts():
        if not name.startswith(("schemes/competence", "schemes/wz2008")):
            engine.load(text, format=ox.RdfFormat.TURTLE, to_graph=ontology)
    publish(folder, parts(engine, "ref-1"), "ref-1")
    return folder


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return landscape(tmp_path_factory.mktemp("projects") / "home")


@pytest.fixture(scope="session")
def begun(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with one project of two partners; copy it before writing."""
    folder = tmp_path_factory.mktemp("begun") / "home"
    shutil.copytree(pristine, folder)
    office = Office(folder)
    iri = office.made(start(Plan("Trockenlauf", programme=PROGRAMME)))
    office.made(add_partner(office.edit(iri), SMALL, "coordinator"))
    office.made(add_partner(office.edit(iri), MIDDLE))
    return folder, iri


@pytest.fixture
def office(begun: tuple[Path, str], tmp_path: Path) -> Office:
    folder = tmp_path / "home"
    shutil.copytree(begun[0], folder)
    return Office(folder)


@pytest.fixture
def project(begun: tuple[Path, str]) -> str:
    return begun[1]
