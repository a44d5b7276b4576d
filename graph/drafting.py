"""A change of a generation before it is published, and what it must not change."""

import hashlib
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import attrgetter

import pyoxigraph as ox

from graph.effects import Effect, effects_of, run_update
from graph.errors import (
    GraphNotWritableError,
    NonConformingError,
    QueryRefusedError,
    SourceFormatError,
    UnknownGraphError,
)
from graph.store.updates import check_update
from graph.visibility import COMPUTED, META
from graph.vocabulary import BASE, GRAPH

__all__ = ["Difference", "Draft", "require_allowed", "require_described"]

# without the names that a push gives graphs on a server (graph.store.remote.naming.OWN_NAMES)
_NAME = re.compile(
    re.escape(str(GRAPH)) + r"(?!(?:merged|seen|served|staging)/)[A-Za-z0-9][A-Za-z0-9._~/-]{0,199}"
)
_NODE = f"{BASE}.well-known/genid/"
"""Blank nodes get names below (RDF 1.1 Concepts, 3.5), so that shapes can look at each of them."""

_DEFAULT = ox.DefaultGraph()
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_TYPES = (
    ox.NamedNode("http://www.w3.org/ns/dcat#Dataset"),
    ox.NamedNode("http://www.w3.org/ns/prov#Entity"),
)
_TIME = ox.NamedNode("http://www.w3.org/ns/prov#generatedAtTime")
_STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")
_DATE_TIME = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
_DCT = "http://purl.org/dc/terms/"
_NEEDED = {"dct:title": "title", "dct:accessRights": "accessRights", "dct:license": "license"}
_ALWAYS_RESERVED = frozenset(
    {str(META.value), str(GRAPH["ontology"]), *(str(name.value) for name in COMPUTED)}
)

_GRAPH_NAME = attrgetter("graph_name")
_LOADED = "this graph is loaded or derived, not written"

_Pairs = Sequence[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]]


@dataclass(frozen=True)  # without slots, which would leave no place for what is found out once
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

    @cached_property
    def graphs(self) -> set[str]:
        """IRIs of the graphs that are changed, or described in another way."""
        names = {*map(_GRAPH_NAME, self.added), *map(_GRAPH_NAME, self.removed)} - {META}
        described = {_concerned(quad) for quad in self if quad.graph_name == META}
        return described.union(str(getattr(name, "value", "")) for name in names)

    def __iter__(self) -> Iterator[ox.Quad]:
        """Yield every statement that is new or gone."""
        yield from self.added
        yield from self.removed

    def __len__(self) -> int:
        """Count the statements, those about graphs too."""
        return len(self.added) + len(self.removed)

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
    """The named graphs of a generation with a change that nothing has seen yet.

    Attributes:
        engine: The generation itself; it is left as it is.
        graphs_before: IRIs of the graphs of coordinators in the generation.
    """

    def __init__(self, engine: ox.Store, written: set[ox.Quad]) -> None:
        """Begin without a change.

        Args:
            engine: The generation, seen with the widest visibility.
            written: What coordinators have written to it.
        """
        self.engine = engine
        self._written = frozenset(written)
        self._added_to: defaultdict[object, set[ox.Quad]] = defaultdict(set)  # by graph
        self._removed: set[ox.Quad] = set()
        self._difference: Difference | None = None
        self.graphs_before = {_name_of(quad) for quad in written if quad.graph_name != META}
        names = {str(name.value) for name in engine.named_graphs()}
        self._reserved = _ALWAYS_RESERVED | (names - self.graphs_before)

    def quads(
        self,
        subject: ox.NamedNode | None,
        predicate: ox.NamedNode | None,
        graph: ox.NamedNode,
    ) -> Iterator[ox.Quad]:
        """Yield the statements of a graph as they are after the change."""
        for quad in self.engine.quads_for_pattern(subject, predicate, None, graph):
            if quad not in self._removed:
                yield quad
        for quad in list(self._added_to[graph]):
            if subject in (None, quad.subject) and predicate in (None, quad.predicate):
                yield quad

    @property
    def _added(self) -> set[ox.Quad]:
        return set().union(*self._added_to.values())

    def written(self) -> set[ox.Quad]:
        """Return what coordinators have written, this change included."""
        return set((self._written - self._removed) | self._added)

    def described(self) -> set[str]:
        """Return the IRIs of the graphs of which coordinators have said something."""
        said = {quad for quad in self._written if quad.graph_name == META} - self._removed
        return {_concerned(quad) for quad in said | self._added_to[META]}

    def graphs(self) -> set[str]:
        """Return the IRIs of the graphs of coordinators that hold anything."""
        named = {str(getattr(name, "value", "")) for name, quads in self._added_to.items() if quads}
        names = self.graphs_before | named
        return {name for name in names - self._reserved if self._holds(name)}

    def _holds(self, name: str) -> bool:
        return any(True for _ in self.quads(None, None, ox.NamedNode(name)))

    def difference(self) -> Difference:
        """Return what has changed since the draft was made."""
        if self._difference is None:
            added, removed = frozenset(self._added), frozenset(self._removed)
            self._difference = Difference(added, removed, frozenset(self._reserved))
        return self._difference

    def _change(self, quad: ox.Quad, *, is_added: bool) -> None:
        """Let a statement be there, or not.

        Raises:
            GraphNotWritableError: This changes the default graph or one that nobody writes to.
        """
        added = self._added_to[quad.graph_name]
        here = (quad in self.engine and quad not in self._removed) or quad in added
        if here is is_added:
            return
        if quad.graph_name == _DEFAULT:
            raise GraphNotWritableError("", "name the graph to change with GRAPH, WITH or INTO")
        if quad.graph_name != META and _name_of(quad) in self._reserved:
            raise GraphNotWritableError(_name_of(quad), _LOADED)
        gain, loss = (added, self._removed) if is_added else (self._removed, added)
        self._difference = None
        if quad in loss:
            loss.remove(quad)
        else:
            gain.add(quad)

    def _exchange(self, graph: ox.NamedNode, gone: set[ox.Quad], new: set[ox.Quad]) -> None:
        """Change a graph that may be written: take what is there, add what is not."""
        self._difference = None
        added = self._added_to[graph]
        again = new & self._removed
        self._removed = (self._removed - again) | (gone - added)
        self._added_to[graph] = (added - gone) | (new - again)

    def update(self, text: str) -> None:
        """Run a SPARQL update; its default graph is the merge of all graphs, to read only.

        Raises:
            QuerySyntaxError: It is not SPARQL 1.1 Update.
            QueryRefusedError: It uses LOAD or SERVICE, or the engine cannot run it.
            GraphNotWritableError: It changes the default graph or one that nobody writes to.
        """
        check_update(text)
        effects = effects_of(text, self.engine)
        for effect in self._effects_on_copy(text) if effects is None else effects:
            for quad in effect.quads:
                self._change(quad, is_added=effect.is_added)
        self._difference = None
        names: dict[str, str] = {}
        for graph, quads in self._added_to.items():
            self._added_to[graph] = {
                _renamed(quad, lambda label: names.setdefault(label, uuid.uuid4().hex))
                for quad in quads
            }
        self._settle()

    def _effects_on_copy(self, text: str) -> list[Effect]:
        """Run an update on a copy in memory; return what it has changed there."""
        before = frozenset(self.engine)
        copy = ox.Store()
        copy.bulk_extend(before)
        run_update(copy, text)
        after = frozenset(copy)
        return [Effect(False, before - after), Effect(True, after - before)]

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
        labels: dict[str, str] = {}
        # the same content sent again has the same names, so it changes nothing
        digest = hashlib.sha256(f"{graph}\n{content}".encode()).hexdigest()[:24]

        def named(label: str) -> str:
            return f"{digest}-{labels.setdefault(label, str(len(labels)))}"

        fresh = _kept([_renamed(quad, named) for quad in quads])
        known = set(self.quads(None, None, name))
        self._exchange(name, known - fresh if clear else set(), fresh - known)
        self._settle()

    def delete(self, graph: str) -> None:
        """Remove a graph.

        Raises:
            UnknownGraphError: It is not there.
            GraphNotWritableError: Nobody writes to this graph.
        """
        self.require_writable(graph)
        if graph not in self.graphs():
            raise UnknownGraphError(graph)
        for quad in list(self.quads(None, None, ox.NamedNode(graph))):
            self._change(quad, is_added=False)
        self._settle()

    def describe(self, graph: str, pairs: _Pairs, anew: Iterable[ox.NamedNode] = ()) -> None:
        """Say the given things of a graph in place of what was said with the same properties.

        Args:
            graph: IRI of the graph.
            pairs: Property and value of each thing.
            anew: Further properties with which nothing is to be said that is not given.
        """
        self._say(graph, pairs, anew)
        self._settle()

    def _say(self, graph: str, pairs: _Pairs, anew: Iterable[ox.NamedNode] = ()) -> None:
        name = ox.NamedNode(graph)
        said = _kept(ox.Quad(name, predicate, value, META) for predicate, value in pairs)
        for predicate in {predicate for predicate, _ in pairs}.union(anew):
            for quad in set(self.quads(name, predicate, META)) - said:
                self._change(quad, is_added=False)
        for quad in said:
            self._change(quad, is_added=True)

    def stamp(self, graphs: Iterable[str], time: datetime) -> None:
        """Note when graphs were changed last."""
        value = ox.Literal(time.isoformat(), datatype=_DATE_TIME)
        for graph in graphs:
            self._say(graph, [(_TIME, value)])

    def require_writable(self, graph: str) -> None:
        """Check that a graph may be written.

        Raises:
            GraphNotWritableError: It may not.
        """
        if graph in self._reserved:
            raise GraphNotWritableError(graph, _LOADED)
        if not _NAME.fullmatch(graph):
            raise GraphNotWritableError(graph, f"graphs that may be written are named {GRAPH}…")

    def _settle(self) -> None:
        """Forget what was said of graphs that are empty now, and give the others their classes."""
        here = self.graphs()
        for gone in self.graphs_before - here:
            for quad in list(self.quads(ox.NamedNode(gone), None, META)):
                self._change(quad, is_added=False)
        for graph in map(ox.NamedNode, here):
            if any(True for _ in self.quads(graph, None, META)):
                for kind in _TYPES:
                    self._change(ox.Quad(graph, _TYPE, kind, META), is_added=True)


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


def _kept(quads: Iterable[ox.Quad]) -> set[ox.Quad]:
    """Return statements as the engine keeps them: it writes numbers and dates in its own way."""
    kept, store = set(), ox.Store()
    others = []
    for quad in quads:
        is_value = isinstance(quad.object, ox.Literal) and quad.object.datatype != _STRING
        if is_value:
            others.append(quad)
        else:
            kept.add(quad)
    store.extend(others)
    return kept.union(store)


def _renamed(quad: ox.Quad, named: Callable[[str], str]) -> ox.Quad:
    """Return a statement with names in place of its blank nodes.

    Raises:
        QueryRefusedError: It is a statement of RDF 1.2.
    """
    if isinstance(quad.object, ox.Triple) or isinstance(quad.subject, ox.Triple):
        raise QueryRefusedError("statements about statements (RDF 1.2) are not taken")
    if not (isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)):
        return quad
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
    for concerned in sorted(difference.graphs):
        if concerned in difference.reserved:
            raise GraphNotWritableError(
                META.value, f"it describes <{concerned}>, which is not written"
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
            if not any(True for _ in draft.quads(ox.NamedNode(graph), property_, META)):
                faults.append(f"<{graph}> needs {shown} in graph/meta")
    described = draft.described()
    faults += [f"<{name}> is described but empty" for name in sorted(described - draft.graphs())]
    if faults:
        raise NonConformingError(tuple(faults))
