"""Terms and statements between rdflib and the engine."""

from functools import lru_cache

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.term import Identifier

from graph.store.protocol import Quad

__all__ = ["from_engine", "is_iri", "to_engine", "to_quad"]

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"

EngineTerm = ox.NamedNode | ox.BlankNode | ox.Literal


def to_engine(term: Identifier) -> EngineTerm:
    """Return the engine's term.

    Raises:
        ValueError: The IRI or language tag is not well formed.
        TypeError: It is not an RDF term.
    """
    if isinstance(term, URIRef):
        return _named_node(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=_named_node(str(term.datatype or _STRING)))
    raise TypeError(f"not an RDF term: {term!r}")


@lru_cache(maxsize=65_536)
def _named_node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def is_iri(text: str) -> bool:
    """Tell whether a text is an IRI, so that a query can be asked about it."""
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=65_536)
def from_engine(term: object) -> Identifier:
    """Return rdflib's term; ``xsd:string`` becomes a plain literal, as rdflib parses it.

    Terms never change, and making one costs rdflib more than the engine's whole row; the names
    of one version of a graph are nearly all those of the version before.

    Raises:
        TypeError: It is a term of RDF 1.2 that rdflib does not know.
    """
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = term.datatype.value
        if datatype in (_STRING, _LANGUAGE_STRING):
            return Literal(term.value)
        return Literal(term.value, datatype=URIRef(datatype), normalize=False)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    raise TypeError(f"not an RDF 1.1 term: {term}")


def to_quad(quad: Quad) -> ox.Quad:
    """Return the engine's quad.

    Raises:
        ValueError: A term is not well formed.
        TypeError: A term stands where it cannot stand.
    """
    subject, predicate, object_, graph = (to_engine(term) for term in quad)
    if isinstance(subject, ox.Literal) or not isinstance(predicate, ox.NamedNode):
        raise TypeError(f"not an RDF statement: {quad}")
    if not isinstance(graph, ox.NamedNode):
        raise TypeError(f"a graph is named by an IRI, not by {quad[3]!r}")
    return ox.Quad(subject, predicate, object_, graph)
