"""A house with the invented landscape of these tests and the real vocabulary around it."""

from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from graph.desk import Channel, NewEnquiry, Requester
from graph.resources import ontology_texts
from graph.store import EmbeddedStore, Visibility, publish
from graph.visibility import parts
from graph.vocabulary import GRAPH, ID, SCHEME
from graph.writing import Receipt, Write, write

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
LANDSCAPE = Path(__file__).with_name("landscape.trig")
_LARGE = ("schemes/competence/", "schemes/competence-field", "schemes/wz2008")


def build(home: Path) -> Path:
    """Publish the landscape as version ``ref-1``; the competences are its own."""
    engine = ox.Store()
    ontology = ox.NamedNode(GRAPH["ontology"])
    for name, text in ontology_texts():
        if not name.startswith(_LARGE):
            engine.load(text.encode(), format=ox.RdfFormat.TURTLE, to_graph=ontology)
    engine.load(path=str(LANDSCAPE))
    publish(home, parts(engine, "ref-1"), "ref-1")
    return home


class House:
    """A home that is written to, and what can be seen of it from inside."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __call__(self) -> EmbeddedStore:
        """Return what the office sees now."""
        return EmbeddedStore(self.home, Visibility.INTERNAL)

    def do(self, change: Write) -> Receipt:
        return write(self.home, change)


def org(name: str) -> str:
    return str(ID[f"org-{name}"])


def competence(name: str) -> str:
    return str(SCHEME[f"competence/{name}"])


def enquiry(**more: object) -> NewEnquiry:
    given: dict[str, object] = {
        "title": {"de": "Wellen gesucht", "en": "Shafts wanted"},
        "requester": Requester(name="Ausland AG", function="Einkauf"),
        "channel": Channel.E_MAIL,
    }
    return NewEnquiry(**given | more)  # type: ignore[arg-type]
