"""The triple patterns of a query, each with what surrounds it."""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import pyoxigraph as ox
from rdflib import URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translateGroupGraphPattern, translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import BNode, Identifier, Variable

from graph.store.terms import to_engine

__all__ = ["Pattern", "Route", "Slot", "Watch", "read_patterns", "template", "values_of"]

Slot = ox.NamedNode | ox.Literal | ox.BlankNode | str
"""A term, or the name of a variable."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A triple pattern that is no path.

    Attributes:
        subject: Its subject.
        predicate: Its predicate.
        object: Its object.
        graph: The graph asked, ``None`` for the default graph.
    """

    subject: Slot
    predicate: Slot
    object: Slot
    graph: Slot | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """How to get from a variable of a pattern to a root.

    Attributes:
        root: Name of the root.
        start: Name of the variable to begin with.
        steps: Predicates to follow (``None`` for any), and whether from subject to object.
    """

    root: str
    start: str
    steps: tuple[tuple[ox.NamedNode | None, bool], ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """A pattern as a change meets it.

    Attributes:
        subject: Its subject; a variable of no other pattern where it is part of a path.
        predicates: The predicates it takes; ``None`` for every one.
        object: Its object.
        predicate: Name of the variable in the place of the predicate, if there is one.
        graph: The graph asked, ``None`` for the default graph.
        needs: What it is joined with in any case.
        route: The way to a root; ``None`` when there is none.
    """

    subject: Slot
    predicates: frozenset[ox.NamedNode] | None
    object: Slot
    predicate: str | None = None
    graph: Slot | None = None
    needs: tuple[Pattern, ...] = ()
    route: Route | None = None


_Step = tuple[Identifier, Identifier | Path, Identifier]
_Joined = list[tuple[_Step, Slot | None]]


def read_patterns(query: str, roots: Sequence[str]) -> Iterator[Watch]:
    """Yield every triple pattern of a query."""
    algebra = translateQuery(parseQuery(query)).algebra
    yield from _Reader().visit(algebra, [], None, tuple(roots))


def template(query: str) -> list[tuple[Slot, Slot, Slot]]:
    """Return what a CONSTRUCT query makes; a list without items for other forms."""
    algebra = translateQuery(parseQuery(query)).algebra
    made = algebra.template if algebra.name == "ConstructQuery" else []
    return [(_slot(s), _slot(p), _slot(o)) for s, p, o in made]


def values_of(query: str, variable: str) -> frozenset[ox.NamedNode]:
    """Return the IRIs that VALUES blocks of a query give to a variable."""
    found: set[ox.NamedNode] = set()
    for node in _everything(translateQuery(parseQuery(query)).algebra):
        if node.name == "values":
            for row in node.res:
                value = row.get(Variable(variable))
                if isinstance(value, URIRef):
                    found.add(ox.NamedNode(value))
    return frozenset(found)


def _everything(node: Any) -> Iterator[CompValue]:
    """Yield every node of an algebra."""
    if isinstance(node, CompValue):
        yield node
        for inner in node.values():
            yield from _everything(inner)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from _everything(inner)


_PLAIN = frozenset(
    ("ConstructQuery", "Distinct", "OrderBy", "Project", "Reduced", "SelectQuery", "Group")
)


class _Reader:
    """Walks an algebra; ``joined`` is what every answer of the node is joined with."""

    def __init__(self) -> None:
        self._numbers = count()

    def visit(
        self, node: CompValue, joined: _Joined, graph: Slot | None, roots: tuple[str, ...]
    ) -> Iterator[Watch]:
        """Yield the patterns of a node.

        Raises:
            TypeError: There is something in it that this does not know.
        """
        match node.name:
            case "BGP":
                own = self._flat(node.triples, graph)
                yield from (_watch(own, at, joined, roots) for at in range(len(own)))
            case "Join":
                yield from self.visit(node.p1, joined + self._always(node.p2, graph), graph, roots)
                yield from self.visit(node.p2, joined + self._always(node.p1, graph), graph, roots)
            case "LeftJoin" | "Minus":
                yield from self._one_sided(node, joined, graph, roots)
            case "Union":
                yield from self.visit(node.p1, joined, graph, roots)
                yield from self.visit(node.p2, joined, graph, roots)
            case "Filter" | "Extend":
                yield from self.visit(node.p, joined, graph, roots)
                yield from self._expression(node.expr, (node.p,), graph, roots)
            case "Graph":
                yield from self.visit(node.p, joined, _slot(node.term), roots)
            case "ToMultiSet":
                yield from self._inner(node.p, graph, roots)
            case "AggregateJoin":
                groups = {str(e) for e in node.p.expr or () if isinstance(e, Variable)}
                kept = tuple(root for root in roots if root in groups)
                yield from self.visit(node.p, joined, graph, kept)
                yield from self._expression(node.A, (node.p.p,), graph, kept)
            case name if name in _PLAIN:
                yield from self.visit(node.p, joined, graph, roots)
            case "Slice":
                yield from self.visit(node.p, joined, graph, ())
            case _:
                raise TypeError(f"no way to tell what {node.name} reads")

    def _one_sided(
        self, node: CompValue, joined: _Joined, graph: Slot | None, roots: tuple[str, ...]
    ) -> Iterator[Watch]:
        """Yield the patterns of OPTIONAL and MINUS, whose second part can do without."""
        first = self._always(node.p1, graph)
        yield from self.visit(node.p1, joined, graph, roots)
        if node.name == "LeftJoin":
            yield from self.visit(node.p2, joined + first, graph, roots)
            yield from self._expression(node.expr, (node.p1, node.p2), graph, roots)
        else:  # only what stands before MINUS is compared with it
            yield from self.visit(node.p2, first, graph, _among(roots, _certain(node.p1)))

    def _inner(
        self, node: CompValue, graph: Slot | None, roots: tuple[str, ...]
    ) -> Iterator[Watch]:
        """Yield the patterns of a sub-select; its variables are others unless it gives them out."""
        if node.name != "values":
            yield from self.visit(node, [], graph, _among(roots, _projected(node)))

    def _expression(
        self, node: Any, seen: Sequence[CompValue], graph: Slot | None, roots: tuple[str, ...]
    ) -> Iterator[Watch]:
        """Yield the patterns of EXISTS wherever it stands in an expression.

        Args:
            node: The expression.
            seen: What gives values to its variables; others are free in it.
            graph: The graph asked.
            roots: Names of the roots.
        """
        if isinstance(node, list | tuple):
            for part in node:
                yield from self._expression(part, seen, graph, roots)
        elif isinstance(node, CompValue):
            if node.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                bound = {name for part in seen for name in _certain(part)}
                joined = [found for part in seen for found in self._always(part, graph)]
                yield from self.visit(_translated(node.graph), joined, graph, _among(roots, bound))
            else:
                yield from self._expression(list(node.values()), seen, graph, roots)

    def _always(self, node: CompValue, graph: Slot | None) -> _Joined:
        """Return the patterns that every answer of a node rests on."""
        match node.name:
            case "BGP":
                return self._flat(node.triples, graph)
            case "Join":
                return self._always(node.p1, graph) + self._always(node.p2, graph)
            case "LeftJoin" | "Minus":
                return self._always(node.p1, graph)
            case "Filter" | "Extend" | "Group":
                return self._always(node.p, graph)
            case "Graph":
                return self._always(node.p, _slot(node.term))
        return []

    def _flat(self, triples: Iterable[_Step], graph: Slot | None) -> _Joined:
        """Return patterns with paths of fixed length taken apart."""
        return [(step, graph) for triple in triples for step in self._steps(*triple)]

    def _steps(
        self, subject: Identifier, path: Identifier | Path, value: Identifier
    ) -> Iterator[_Step]:
        if isinstance(path, InvPath):
            yield from self._steps(value, path.arg, subject)
        elif isinstance(path, SequencePath):
            between = [Variable(f" {next(self._numbers)}") for _ in path.args[1:]]
            ends = [subject, *between, value]
            for part, start, end in zip(path.args, ends, ends[1:], strict=False):
                yield from self._steps(start, part, end)
        else:
            yield subject, path, value


def _projected(node: CompValue) -> set[str]:
    """Return the variables that a sub-select below DISTINCT and the like gives out."""
    while "PV" not in node:
        node = node.p
    return set(map(str, node.PV))


def _among(roots: Iterable[str], names: Collection[str]) -> tuple[str, ...]:
    return tuple(root for root in roots if root in names)


def _certain(node: CompValue) -> set[str]:
    """Return the variables that have a value in every answer of a node."""
    match node.name:
        case "BGP":
            terms = (term for triple in node.triples for term in triple)
            return {str(term) for term in terms if isinstance(term, Variable)}
        case "Join":
            return _certain(node.p1) | _certain(node.p2)
        case "Union":
            return _certain(node.p1) & _certain(node.p2)
        case "LeftJoin" | "Minus":
            return _certain(node.p1)
        case "Graph":
            return _certain(node.p) | {str(node.term)}
        case "AggregateJoin":
            return {str(e) for e in node.p.expr or () if isinstance(e, Variable)}
        case "Project":
            return _certain(node.p) & _projected(node)
        case "ToMultiSet" | "Filter" | "Extend" | "Distinct" | "Reduced" | "OrderBy" | "Slice":
            return _certain(node.p)
    return set()


def _translated(node: CompValue) -> CompValue:
    """Translate the group of an EXISTS that rdflib has left as it was parsed."""
    return translateGroupGraphPattern(node) if node.name.startswith("GroupGraph") else node


def _slot(term: Identifier | Path) -> Slot:
    if isinstance(term, Variable):
        return str(term)
    if isinstance(term, BNode):  # of a query: a variable that nobody names
        return f"_:{term}"
    if isinstance(term, Path):
        raise TypeError("a path is no term")
    return to_engine(term)


def _named(path: Identifier | Path) -> frozenset[ox.NamedNode] | None:
    """Return every predicate that a path may take; ``None`` for any."""
    if isinstance(path, URIRef):
        return frozenset((ox.NamedNode(path),))
    if isinstance(path, NegatedPath | Variable):
        return None
    if isinstance(path, MulPath):
        return _named(path.path)
    if isinstance(path, InvPath):
        return _named(path.arg)
    if isinstance(path, AlternativePath | SequencePath):
        parts = [_named(part) for part in path.args]
        known = [part for part in parts if part is not None]
        return frozenset().union(*known) if len(known) == len(parts) else None
    raise TypeError(f"no way to tell what the path {path} reads")


def _watch(own: _Joined, at: int, joined: _Joined, roots: tuple[str, ...]) -> Watch:
    """Return a pattern of a basic graph pattern with its surroundings."""
    (subject, path, value), graph = own[at]
    others = own[:at] + own[at + 1 :] + joined
    needs = tuple(_pattern(step, where) for step, where in others if not isinstance(step[1], Path))
    watch = Watch(_slot(subject), _named(path), _slot(value), graph=graph, needs=needs)
    if isinstance(path, Path):  # a step of it can be anywhere in the path
        return replace(watch, subject=" from", object=" to", needs=())
    if isinstance(path, Variable):
        watch = replace(watch, predicate=str(path))
    return replace(watch, route=_route(watch, needs, roots))


def _pattern(step: _Step, graph: Slot | None) -> Pattern:
    subject, predicate, value = step
    return Pattern(_slot(subject), _slot(predicate), _slot(value), graph)


def _route(watch: Watch, needs: Iterable[Pattern], roots: Sequence[str]) -> Route | None:
    """Return the shortest way from a pattern to a root."""
    places = (watch.subject, watch.object, watch.predicate, watch.graph)
    for root in roots:
        if root in places:
            return Route(root, root, ())
    starts = [slot for slot in (watch.subject, watch.object) if isinstance(slot, str)]
    waiting = deque(Route(start, start, ()) for start in starts)
    seen = set(starts)
    while waiting:
        route = waiting.popleft()
        if route.root in roots:
            return route
        for end, step in _edges(route.root, needs):
            if end not in seen:
                seen.add(end)
                waiting.append(Route(end, route.start, (*route.steps, step)))
    return None


def _edges(
    variable: str, needs: Iterable[Pattern]
) -> Iterator[tuple[str, tuple[ox.NamedNode | None, bool]]]:
    """Yield the variables one step from another."""
    for need in needs:
        predicate = need.predicate if isinstance(need.predicate, ox.NamedNode) else None
        if need.subject == variable and isinstance(need.object, str):
            yield need.object, (predicate, True)
        if need.object == variable and isinstance(need.subject, str):
            yield need.subject, (predicate, False)
