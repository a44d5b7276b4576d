"""A copy of a generation that a write changes, and what it must not change."""

import hashlib
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from graph.errors import (
    GraphNotWritableError,
    NonConformingError,
    QueryRefusedError,
    QuerySyntaxError,
    SourceFormatError,
    UnknownGraphError,
)
from graph.store.updates import check_update
from graph.visibility import COMPUTED, META
from graph.vocabulary import BASE, GRAPH

__all__ = ["Difference", "Draft", "require_allowed", "require_described"]

_NAME = re.compile(re.escape(str(GRAPH)) + r"[A-Za-z0-9][A-Za-z0-9._~/-]{0,199}")
_NODE = f"{BASE}.well-known/genid/"
"""Blank nodes get names below (RDF 1.1 Concepts, 3.5), so that shapes can look at each of them."""

_DEFAULT = ox.DefaultGraph()
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_TYPES = (
    ox.NamedNode("http://www.w3.org/ns/dcat#Dataset"),
    ox.NamedNode("http://www.w3.org/ns/prov#Entity"),
)
_DCT = "http://purl.org/dc/terms/"
_NEEDED = {"dct:title": "title", "dct:accessRights": "accessRights", "dct:license": "license"}
_ALWAYS_RESERVED = frozenset(
    {str(META.value), str(GRAPH["ontology"]), *(str(name.value) for name in COMPUTED)}
)

_LOADED = "this graph is loaded or derived, not written"

_Pairs = Sequence[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]


@dataclass(frozen=True, slots=True)
class Difference:
    """What a write changes.

    Attributes:
        added: Statements that are new.
        removed: Statements that are gone.
        reserved: IRIs of the graphs that nobody writes to.
    """

    added: frozenset[ox.Quad]
    removed: frozenset[ox.Quad]
    reserved: frozenset[str]

    @property
    def graphs(self) -> set[str]:
        """IRIs of the graphs that are changed, or described in another way."""
        return {_concerned(quad) for quad in self.added | self.removed}

    @staticmethod
    def counted(quads: Iterable[ox.Quad]) -> int:
        """Count statements, those about graphs aside."""
        return sum(quad.graph_name != META for quad in quads)


def _name_of(quad: ox.Quad) -> str:
    return str(getattr(quad.graph_name, "value", ""))


def _concerned(quad: ox.Quad) -> str:
    """Return the graph that a statement is in, or in ``graph/meta`` the one that it is about."""
    return str(getattr(quad.subject, "value", "")) if quad.graph_name == META else _name_of(quad)


class Draft:
    """The named graphs of a generation in memory, free to be changed.

    Attributes:
        engine: The generation itself.
        store: The copy.
        graphs_before: IRIs of the graphs of coordinators in the generation.
    """

    def __init__(self, engine: ox.Store, written: set[ox.Quad]) -> None:
        self.engine = engine
        self.store = ox.Store()
        for name in engine.named_graphs():
            self.store.extend(engine.quads_for_pattern(None, None, None, name))
        own = {_name_of(quad) for quad in written if quad.graph_name != META}
        names = {str(name.value) for name in engine.named_graphs()}
        self._reserved = _ALWAYS_RESERVED | (names - own)
        self._before = frozenset(self._open_quads())
        self._reference = self._before - written
        self.graphs_before = self.graphs()

    def _open_quads(self) -> Iterator[ox.Quad]:
        """Yield the statements of all graphs that may change, ``graph/meta`` included."""
        for name in self.store.named_graphs():
            if name == META or name.value not in self._reserved:
                yield from self.store.quads_for_pattern(None, None, None, name)

    def _closed_quads(self) -> set[ox.Quad]:
        """Return the statements of all graphs that nobody writes to."""
        closed = (ox.NamedNode(name) for name in self._reserved if name != META.value)
        return {q for name in closed for q in self.store.quads_for_pattern(None, None, None, name)}

    def written(self) -> set[ox.Quad]:
        """Return what coordinators have written, this change included."""
        return set(self._open_quads()) - self._reference

    def graphs(self) -> set[str]:
        """Return the IRIs of the graphs of coordinators that hold anything."""
        names = {str(name.value) for name in self.store.named_graphs()}
        return {name for name in names - self._reserved if self._holds(name)}

    def _holds(self, name: str) -> bool:
        return any(self.store.quads_for_pattern(None, None, None, ox.NamedNode(name)))

    def difference(self) -> Difference:
        """Return what has changed since the draft was made."""
        now = frozenset(self._open_quads())
        return Difference(now - self._before, self._before - now, frozenset(self._reserved))

    def update(self, text: str) -> None:
        """Run a SPARQL update; its default graph is the merge of all graphs, to read only.

        Raises:
            QuerySyntaxError: It is not SPARQL 1.1 Update.
            QueryRefusedError: It uses LOAD or SERVICE, or the engine cannot run it.
            GraphNotWritableError: It changes the default graph or one that nobody writes to.
        """
        check_update(text)
        merged = set(self.engine.quads_for_pattern(None, None, None, _DEFAULT))
        closed = self._closed_quads()
        self.store.extend(merged)
        try:
            self.store.update(text, base_iri=BASE)
        except SyntaxError as error:
            raise QuerySyntaxError(str(error)) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryRefusedError(f"the engine cannot run this: {error}") from error
        if set(self.store.quads_for_pattern(None, None, None, _DEFAULT)) != merged:
            raise GraphNotWritableError("", "name the graph to change with GRAPH, WITH or INTO")
        for quad in closed ^ self._closed_quads():
            raise GraphNotWritableError(_name_of(quad), _LOADED)
        self.store.clear_graph(_DEFAULT)
        self._settle(lambda label: uuid.uuid4().hex)

    def put(self, graph: str, content: str, media_type: str, *, clear: bool) -> None:
        """Put statements into a graph, in place of what is there or beside it.

        Raises:
            SourceFormatError: The content is not RDF of its media type.
            QueryRefusedError: It holds statements of RDF 1.2.
            GraphNotWritableError: Nobody writes to this graph.
        """
        self.require_writable(graph)
        name = ox.NamedNode(graph)
        quads = _parsed(content, media_type, name)
        if clear:
            self.store.clear_graph(name)
        self.store.extend(quads)
        labels: dict[str, str] = {}
        for quad in quads:
            for term in (quad.subject, quad.object):
                if isinstance(term, ox.BlankNode):
                    labels.setdefault(term.value, str(len(labels)))
        # the same content sent again has the same names, so it changes nothing
        digest = hashlib.sha256(f"{graph}\n{content}".encode()).hexdigest()[:24]
        self._settle(lambda label: f"{digest}-{labels[label]}")

    def delete(self, graph: str) -> None:
        """Remove a graph.

        Raises:
            UnknownGraphError: It is not there.
            GraphNotWritableError: Nobody writes to this graph.
        """
        self.require_writable(graph)
        if graph not in self.graphs():
            raise UnknownGraphError(graph)
        self.store.remove_graph(ox.NamedNode(graph))
        self._settle(str)

    def describe(self, graph: str, pairs: _Pairs) -> None:
        """Say the given things of a graph in place of what was said with the same properties."""
        name = ox.NamedNode(graph)
        for predicate in {predicate for predicate, _ in pairs}:
            for quad in list(self.store.quads_for_pattern(name, predicate, None, META)):
                self.store.remove(quad)
        self.store.extend(ox.Quad(name, predicate, value, META) for predicate, value in pairs)
        self._settle(str)

    def require_writable(self, graph: str) -> None:
        """Check that a graph may be written.

        Raises:
            GraphNotWritableError: It may not.
        """
        if graph in self._reserved:
            raise GraphNotWritableError(graph, _LOADED)
        if not _NAME.fullmatch(graph):
            raise GraphNotWritableError(graph, f"graphs that may be written are named {GRAPH}…")

    def _settle(self, named: Callable[[str], str]) -> None:
        """Name blank nodes; forget graphs that are empty now, and what was said of them."""
        fresh = set(self._open_quads()) - self._before
        for quad in fresh:
            if (renamed := _renamed(quad, named)) != quad:
                self.store.remove(quad)
                self.store.add(renamed)
        here = self.graphs()
        for name in list(self.store.named_graphs()):
            if not self._holds(str(name.value)):
                self.store.remove_graph(name)
        for gone in self.graphs_before - here:
            for quad in list(self.store.quads_for_pattern(ox.NamedNode(gone), None, None, META)):
                self.store.remove(quad)
        for graph in map(ox.NamedNode, sorted(here)):
            if any(self.store.quads_for_pattern(graph, None, None, META)):
                self.store.extend(ox.Quad(graph, _TYPE, kind, META) for kind in _TYPES)


def _parsed(content: str, media_type: str, graph: ox.NamedNode) -> list[ox.Quad]:
    """Return the statements of a document in a graph.

    Raises:
        SourceFormatError: The content is not RDF of its media type, or names other graphs.
    """
    syntax = ox.RdfFormat.from_media_type(media_type)
    if syntax is None:
        raise SourceFormatError("<request>", f"{media_type!r} is no RDF format")
    try:
        found = list(ox.parse(content, syntax, base_iri=graph.value))
    except SyntaxError as error:
        raise SourceFormatError("<request>", error.msg, error.lineno) from error
    if any(quad.graph_name not in (_DEFAULT, graph) for quad in found):
        raise SourceFormatError("<request>", "the content names other graphs")
    return [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in found]


def _renamed(quad: ox.Quad, named: Callable[[str], str]) -> ox.Quad:
    """Return a statement with names in place of its blank nodes.

    Raises:
        QueryRefusedError: It is a statement of RDF 1.2.
    """
    if isinstance(quad.object, ox.Triple) or isinstance(quad.subject, ox.Triple):
        raise QueryRefusedError("statements about statements (RDF 1.2) are not taken")
    subject, value = (
        ox.NamedNode(_NODE + named(term.value)) if isinstance(term, ox.BlankNode) else term
        for term in (quad.subject, quad.object)
    )
    if not isinstance(subject, ox.NamedNode):
        raise TypeError("a literal is no subject")
    return ox.Quad(subject, quad.predicate, value, quad.graph_name)


def require_allowed(difference: Difference) -> None:
    """Check that only graphs of coordinators, and what is said of them, have changed.

    Raises:
        GraphNotWritableError: Something else has.
    """
    for quad in difference.added | difference.removed:
        concerned = _concerned(quad)
        if concerned in difference.reserved:
            raise GraphNotWritableError(
                _name_of(quad), f"it describes <{concerned}>, which is not written"
            )
        if not _NAME.fullmatch(concerned):
            what = "graphs that may be written, and described, are named"
            raise GraphNotWritableError(concerned, f"{what} {GRAPH}…")


def require_described(draft: Draft) -> None:
    """Check that each graph has a title, a visibility and a licence, and is more than that.

    Raises:
        NonConformingError: One has not.
    """
    faults = []
    for graph in sorted(draft.graphs()):
        for shown, name in _NEEDED.items():
            property_ = ox.NamedNode(_DCT + name)
            said = draft.store.quads_for_pattern(ox.NamedNode(graph), property_, None, META)
            if not any(said):
                faults.append(f"<{graph}> needs {shown} in graph/meta")
    described = {_concerned(quad) for quad in draft.written() if quad.graph_name == META}
    faults += [f"<{name}> is described but empty" for name in sorted(described - draft.graphs())]
    if faults:
        raise NonConformingError(tuple(faults))
