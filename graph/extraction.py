"""Cut out of a store what shapes need to look at a few nodes.

A submission is checked against the loaded graph without copying it: the nodes in focus, what
they lead to, what leads to them, and the classes of everything named there.
"""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from rdflib import RDF, RDFS, Graph

from graph.store.terms import from_engine

__all__ = ["extract", "surroundings"]

_TYPE = ox.NamedNode(str(RDF.type))
_SUBCLASS = ox.NamedNode(str(RDFS.subClassOf))

_Node = ox.NamedNode | ox.BlankNode


def extract(store: ox.Store, focus: Iterable[str], *, union: bool = False) -> Graph:
    """Return :func:`surroundings` as an rdflib graph, for whoever adds to it or asks it."""
    graph = Graph()
    for triple in surroundings(store, focus, union=union):
        graph.add(
            (from_engine(triple.subject), from_engine(triple.predicate), from_engine(triple.object))
        )
    return graph


def surroundings(
    store: ox.Store, focus: Iterable[str], *, union: bool = False
) -> frozenset[ox.Triple]:
    """Return the surroundings of some nodes, enough for every shape of ``shapes/``.

    Shapes follow at most two properties from a node, forwards or backwards, and ask for the
    classes of what they reach; a test compares the findings with those on the whole graph.

    Args:
        store: Store to cut from; it is left as it is.
        focus: IRIs of the nodes to check; give the same ones to ``validate``.
        union: Cut from the union of all graphs instead of the default graph.

    Returns:
        Statements for ``validate``. Nodes at their edge are incomplete and must not be checked.
    """
    scope = None if union else ox.DefaultGraph()
    nodes: set[_Node] = {ox.NamedNode(iri) for iri in focus}
    near = nodes | set(_neighbours(store, nodes, scope))
    found = {q.triple for node in near for q in store.quads_for_pattern(node, None, None, scope)}
    edge = {triple.object for triple in found} - near
    found |= {
        quad.triple
        for node in edge
        if isinstance(node, ox.NamedNode | ox.BlankNode)
        for quad in store.quads_for_pattern(node, _TYPE, None, scope)
    }
    found |= {q.triple for q in store.quads_for_pattern(None, _SUBCLASS, None, scope)}
    return frozenset(found)


def _neighbours(
    store: ox.Store, nodes: Iterable[_Node], scope: ox.DefaultGraph | None
) -> Iterator[_Node]:
    """Yield what nodes lead to and what leads to them, classes aside."""
    for node in nodes:
        for quad in store.quads_for_pattern(node, None, None, scope):
            if quad.predicate != _TYPE and isinstance(quad.object, ox.NamedNode | ox.BlankNode):
                yield quad.object
        for quad in store.quads_for_pattern(None, None, node, scope):
            if isinstance(quad.subject, ox.NamedNode | ox.BlankNode):
                yield quad.subject
