"""A house with the invented landscape of these tests and the real vocabulary around it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.term import Identifier

from graph.checks import audit
from graph.desk import Channel, NewEnquiry, Requester
from graph.errors import VersionConflictError
from graph.resources import ontology_texts, query_texts
from graph.rules import DERIVED, apply
from graph.store import EmbeddedStore, MemoryStore, Visibility, publish
from graph.store.terms import to_engine
from graph.validation import Severity
from graph.visibility import META, parts
from graph.vocabulary import GRAPH, ID, SCHEME
from graph.writing import Receipt, Write, write

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
LANDSCAPE = Path(__file__).with_name("landscape.trig")
RULES = dict(query_texts("rules"))
CLOSED = {
    str(GRAPH[name])
    for name in (
        "ontology",
        "reference-facts",
        "reference-judgements",
        "meta",
        "derived",
        "network",
    )
}
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
TIME = ox.NamedNode("http://www.w3.org/ns/prov#generatedAtTime")
_TITLE = ox.NamedNode("http://purl.org/dc/terms/title")
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


class Book:
    """The landscape in memory with what is written beside it: quick, and without validation.

    ``findings`` holds what was written against all shapes and checks.
    """

    version = "book"

    def __init__(self, quads: Sequence[ox.Quad]) -> None:
        self._landscape = quads
        self._engine = ox.Store()
        self._engine.extend(quads)

    def __call__(self) -> MemoryStore:
        """Return what the office sees now."""
        return MemoryStore(self._engine)

    def do(self, change: Write) -> None:
        """Apply a change as the writer does, conditions included."""
        if change.condition and not self._engine.query(change.condition):
            raise VersionConflictError("somebody else has changed it", self.version)
        seen = ox.Store()
        seen.extend(q for q in self._engine if not isinstance(q.graph_name, ox.DefaultGraph))
        for quad in list(seen.quads_for_pattern(None, None, None, DERIVED)):
            seen.remove(quad)
        seen.update(change.content)
        described = seen.quads_for_pattern(None, _TITLE, None, META)
        new = {str(getattr(q.subject, "value", "")) for q in described} - CLOSED
        for graph in map(ox.NamedNode, new):
            for quad in list(seen.quads_for_pattern(graph, TIME, None, META)):
                seen.remove(quad)
            seen.add(ox.Quad(graph, TIME, to_engine(Literal(NOW)), META))
        for name, kind in product(new, ("dcat#Dataset", "prov#Entity")):
            typed = ox.NamedNode(f"http://www.w3.org/ns/{kind}")
            seen.add(ox.Quad(ox.NamedNode(name), TYPE, typed, META))
        merged = ox.Store()
        merged.extend(ox.Quad(q.subject, q.predicate, q.object) for q in seen)
        for name in ("10-types", "20-broader-transitive", "90-enquiry-status"):
            for triple in apply(RULES[name], merged):
                merged.add(ox.Quad(triple.subject, triple.predicate, triple.object))
        self._engine = merged
        self._engine.extend(seen)

    def named(self) -> ox.Store:
        """Return a copy of the named graphs, to publish."""
        copy = ox.Store()
        copy.extend(q for q in self._engine if not isinstance(q.graph_name, ox.DefaultGraph))
        return copy

    def findings(self) -> list[str]:
        """Return what breaks a shape or a check."""
        found = audit(self._engine, language="en")
        return [f"{f.focus} {f.shape}" for f in found if f.severity is Severity.VIOLATION]

    def has(self, subject: str, predicate: URIRef, value: Identifier) -> bool:
        """Tell whether the desk's graph states this."""
        terms = [to_engine(term) for term in (URIRef(subject), predicate, value)]
        line = " ".join(str(term) for term in terms)
        return bool(self._engine.query(f"ASK {{ GRAPH ?g {{ {line} }} }}"))


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
