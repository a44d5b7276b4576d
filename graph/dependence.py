"""Which answers of a query a change of statements can alter.

A query is read once. Each of its triple patterns is kept with what it is joined with in any case
and with the way from its nodes to the variables that tell answers apart (*roots*, such as
``?focus``). A changed statement that fits a pattern then leads to the values of a root whose
answers may have changed; all other answers are as they were. What cannot be told apart in this
way (paths of any length, groups by something else) counts as "every answer".

The result may name more than has changed, never less; tests hold it against asking anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pyoxigraph as ox

from graph.patterns import Pattern, Slot, Watch, read_patterns

__all__ = ["Concern", "Reading", "State", "read"]

_DEFAULT = ox.DefaultGraph()
_MOST = 2_000
"""Values of a root up to which asking for each is quicker than asking for all."""

_Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_Values = dict[str, _Term]


@dataclass(frozen=True, slots=True)
class Concern:
    """Which answers a change can alter.

    Attributes:
        is_everything: Every answer; then there are no values.
        values: For a root the values whose answers may have changed; one answer may be reached
            by one root, another one by another.
    """

    is_everything: bool = False
    values: Mapping[str, frozenset[_Term]] | None = None

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return self.is_everything or bool(self.values)


_EVERYTHING = Concern(is_everything=True)


@dataclass(frozen=True, slots=True)
class State:
    """The graph before and after a change, each with its merge as the default graph.

    Attributes:
        before: The graph before.
        after: The graph after.
        assumed: Statements that are in both, wherever they are not.
    """

    before: ox.Store
    after: ox.Store
    assumed: tuple[ox.Quad, ...] = ()

    def both(self) -> tuple[ox.Store, ox.Store]:
        """Return both."""
        return self.before, self.after


class Reading:
    """What a query reads.

    Attributes:
        roots: Names of the variables that tell answers apart.
        watches: Every triple pattern of the query.
    """

    def __init__(self, roots: Sequence[str], watches: Sequence[Watch]) -> None:
        self.roots = tuple(roots)
        self.watches = tuple(watches)
        self._by_predicate: dict[ox.NamedNode | None, list[Watch]] = {}
        for watch in watches:
            for predicate in watch.predicates or (None,):
                self._by_predicate.setdefault(predicate, []).append(watch)

    def reads(self, predicate: ox.NamedNode) -> bool:
        """Tell whether statements with this predicate can matter."""
        return None in self._by_predicate or predicate in self._by_predicate

    def concern(self, changed: Iterable[ox.Quad], state: State) -> Concern:
        """Return which answers a change can alter.

        Args:
            changed: Statements that are new or gone.
            state: The graph before and after.
        """
        found: dict[str, set[_Term]] = {}
        for quad in changed:
            for watch in self._watching(quad):
                values = _fit(watch, quad)
                if values is None or not _is_possible(watch, values, state):
                    continue
                if watch.route is None:
                    return _EVERYTHING
                reached = _walk(watch, values, state)
                if reached is None:
                    return _EVERYTHING
                values_of_root = found.setdefault(watch.route.root, set())
                values_of_root |= reached
                if len(values_of_root) > _MOST:
                    return _EVERYTHING
        return Concern(values={root: frozenset(v) for root, v in found.items() if v})

    def _watching(self, quad: ox.Quad) -> Iterator[Watch]:
        yield from self._by_predicate.get(quad.predicate, ())
        yield from self._by_predicate.get(None, ())


@lru_cache(maxsize=512)
def read(query: str, roots: tuple[str, ...]) -> Reading:
    """Read a query.

    Args:
        query: SELECT or CONSTRUCT.
        roots: Names of variables that tell answers apart.
    """
    return Reading(roots, list(read_patterns(query, roots)))


def _fit(watch: Watch, quad: ox.Quad) -> _Values | None:
    """Return the values that a statement gives to the variables of a pattern, if it fits."""
    values: _Values = {}
    terms: list[tuple[Slot, _Term]] = [(watch.subject, quad.subject), (watch.object, quad.object)]
    if watch.predicate is not None:
        terms.append((watch.predicate, quad.predicate))
    if watch.graph is not None:
        if isinstance(quad.graph_name, ox.DefaultGraph):
            return None
        terms.append((watch.graph, quad.graph_name))
    for slot, term in terms:
        if not isinstance(slot, str):
            if slot != term:
                return None
        elif values.setdefault(slot, term) != term:
            return None
    return values


def _is_possible(watch: Watch, values: _Values, state: State) -> bool:
    """Tell whether all that a pattern is joined with is there, before or after the change."""
    needs = [need for need in watch.needs if not _is_assumed(need, state)]
    return any(all(_holds(store, need, values) for need in needs) for store in state.both())


def _is_assumed(need: Pattern, state: State) -> bool:
    """Tell whether a statement that is in both graphs anyway fits a pattern."""
    return any(
        (need.subject, need.predicate) == (quad.subject, quad.predicate) for quad in state.assumed
    )


def _holds(store: ox.Store, need: Pattern, values: _Values) -> bool:
    """Tell whether anything fits a pattern with the given values."""
    subject, predicate, value = (
        _place(slot, values) for slot in (need.subject, need.predicate, need.object)
    )
    graph = _DEFAULT if need.graph is None else _place(need.graph, values)
    if isinstance(subject, ox.Literal | ox.Triple) or isinstance(graph, ox.Literal | ox.Triple):
        return False
    if predicate is not None and not isinstance(predicate, ox.NamedNode):
        return False
    return any(store.quads_for_pattern(subject, predicate, value, graph))


def _place(slot: Slot, values: _Values) -> _Term | None:
    """Return the term in a place; ``None`` where anything can be."""
    return values.get(slot) if isinstance(slot, str) else slot


def _walk(watch: Watch, values: _Values, state: State) -> set[_Term] | None:
    """Follow the route of a pattern to the root; ``None`` when it leads too far."""
    route = watch.route
    if route is None:
        return None
    reached: set[_Term] = {values[route.start]}
    for predicate, is_forward in route.steps:
        reached = {
            term
            for node in reached
            for store in state.both()
            for term in _next(store, node, predicate, is_forward=is_forward)
        }
        if len(reached) > _MOST:
            return None
    if any(isinstance(term, ox.BlankNode | ox.Triple) for term in reached):
        return None  # these cannot be given to a query
    return reached


def _next(
    store: ox.Store, node: _Term, predicate: ox.NamedNode | None, *, is_forward: bool
) -> Iterator[_Term]:
    if not is_forward:
        for quad in store.quads_for_pattern(None, predicate, node, _DEFAULT):
            yield quad.subject
    elif isinstance(node, ox.NamedNode | ox.BlankNode):
        for quad in store.quads_for_pattern(node, predicate, None, _DEFAULT):
            yield quad.object
