"""Materialise what the CONSTRUCT rules of ``queries/rules/`` derive."""

from collections.abc import Iterable, Iterator
from datetime import date

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryTriples,
    Store,
    Triple,
)

from graph.resources import query_texts
from graph.vocabulary import GRAPH

__all__ = ["DERIVED", "apply", "day_quad", "derive"]

DERIVED = NamedNode(GRAPH["derived"])
"""The graph that derived statements belong to."""

_VALID = NamedNode("http://purl.org/dc/terms/valid")
_DEFAULT = DefaultGraph()
_DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")


def _sources(store: Store, graphs: Iterable[str] | None) -> Iterator[NamedNode | BlankNode]:
    """Yield the graphs to merge; derived statements are never a source."""
    names = store.named_graphs() if graphs is None else map(NamedNode, graphs)
    return (name for name in names if name != DERIVED)


def _merged(store: Store, graphs: Iterable[str] | None) -> Store:
    """Copy the sources into the default graph of a store of their own."""
    working = Store()
    for name in _sources(store, graphs):
        quads = store.quads_for_pattern(None, None, None, name)
        working.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return working


def _quad(triple: Triple, graph: NamedNode | DefaultGraph = _DEFAULT) -> Quad:
    return Quad(triple.subject, triple.predicate, triple.object, graph)


def apply(rule: str, store: Store) -> set[Triple]:
    """Return what one rule constructs from the default graph of a store, known or not.

    Args:
        rule: Text of a CONSTRUCT query.
        store: Where to look; it is left as it is.

    Raises:
        TypeError: The text is not a CONSTRUCT query.
    """
    triples = store.query(rule)
    if not isinstance(triples, QueryTriples):
        raise TypeError("a rule is a CONSTRUCT query")
    return set(triples)


def day_quad(today: date) -> Quad:
    """Return what tells the rules the day: CONSTRUCT takes no parameters in pyoxigraph."""
    return Quad(DERIVED, _VALID, Literal(today.isoformat(), datatype=_DATE), DERIVED)


def derive(
    store: Store, graphs: Iterable[str] | None = None, *, today: date | None = None
) -> list[Quad]:
    """Run every rule in the order of its name and return what is new.

    A rule sees what the rules before it derived, and the day as ``graph/derived dct:valid``.
    Only the given graphs are read, so that the result holds nothing that they do not entail:
    call it once per visibility with the graphs that this visibility may see. The store is left
    as it is.

    Args:
        store: Store with the source graphs as named graphs.
        graphs: IRIs of the graphs to reason over together; ``None`` for every named graph.
            ``graph/derived`` is never read, so a second run gives the same result.
        today: Day on which validity is judged; the current one by default.

    Returns:
        Quads of ``graph/derived`` that no source graph holds, sorted by their text.
    """
    working = _merged(store, graphs)
    working.add(_quad(day_quad(today or date.today()).triple))
    derived: set[Triple] = set()
    for _, rule in query_texts("rules"):
        new = {t for t in apply(rule, working) if _quad(t) not in working}
        working.extend(map(_quad, new))
        derived |= new
    return sorted((_quad(triple, DERIVED) for triple in derived), key=str)
