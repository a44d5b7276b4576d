"""A description written down: the document about a thing, in the forms RDF has."""

from collections.abc import Iterable, Mapping, Sequence

import pyoxigraph as ox
from rdflib import FOAF, RDF, Graph, URIRef
from rdflib.namespace import DCTERMS, PROV

from graph.publishing.describing import Description, order
from graph.store.terms import to_quad
from graph.vocabulary import PREFIXES

__all__ = ["SUFFIXES", "document_triples", "prefixes_of", "write_graph", "write_triples"]

SUFFIXES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
}
"""Media type of each suffix of an address; the first is the default."""

_NODE = ox.NamedNode


def document_triples(
    description: Description, address: str, licences: Sequence[str]
) -> list[ox.Triple]:
    """Return a description with what the document says of itself.

    Args:
        description: What is known of the thing.
        address: IRI of the document: where it is served, whatever the IRI of the thing is.
        licences: IRIs of the licences of the graphs it was taken from.
    """
    document = _NODE(address)
    about = [
        (RDF.type, str(FOAF.Document)),
        (FOAF.primaryTopic, description.iri),
        *((DCTERMS.license, licence) for licence in licences),
        *((PROV.wasDerivedFrom, graph) for graph in description.graphs),
    ]
    head = [ox.Triple(document, _NODE(str(p)), _NODE(o)) for p, o in about]
    return [*description.triples(), *head]


def write_triples(
    triples: Iterable[ox.Triple], media_type: str, prefixes: Mapping[str, str] = PREFIXES
) -> bytes:
    """Write statements in one form, with those of the prefixes that they use.

    Raises:
        ValueError: There is no such form.
    """
    form = ox.RdfFormat.from_media_type(media_type)
    if form is None:
        raise ValueError(f"not a form of RDF: {media_type!r}")
    given = list(triples)
    written = ox.serialize(given, format=form, prefixes=prefixes_of(given, prefixes))
    if written is None:  # only with an output to write to
        raise TypeError("the engine returned nothing")
    return written


def write_graph(graph: Graph, media_type: str) -> bytes:
    """Write a graph without nameless nodes in one form, sorted, with the prefixes bound in it.

    rdflib's own writers of RDF/XML leave prefixes unbound in a graph that binds only its own.
    """
    triples = []
    for subject, predicate, value in graph:
        quad = to_quad((subject, predicate, value, URIRef("urn:x-any")))  # type: ignore[arg-type]
        triples.append(quad.triple)
    bound = {prefix: str(namespace) for prefix, namespace in graph.namespaces()}
    return write_triples(sorted(triples, key=order), media_type, bound)


def prefixes_of(
    triples: Iterable[ox.Triple], prefixes: Mapping[str, str] = PREFIXES
) -> dict[str, str]:
    """Return the prefixes that some IRI of the statements begins with."""
    used: set[str] = set()
    for triple in triples:
        for term in (triple.subject, triple.predicate, triple.object):
            if isinstance(term, ox.NamedNode):
                used.add(_namespace(term.value))
            elif isinstance(term, ox.Literal):
                used.add(_namespace(term.datatype.value))
    return {prefix: iri for prefix, iri in prefixes.items() if iri in used}


def _namespace(iri: str) -> str:
    head, hash_sign, _ = iri.rpartition("#")
    return f"{head}#" if hash_sign else f"{iri.rpartition('/')[0]}/"
