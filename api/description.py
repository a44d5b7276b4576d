"""What the SPARQL endpoint says about itself (SPARQL 1.1 Service Description, VoID)."""

from fastapi import Request
from fastapi.responses import Response
from rdflib import DCTERMS, ODRL2, RDF, VOID, BNode, Graph, Literal, Namespace, URIRef

from api.negotiation import choose, is_fresh
from api.publishing import facts_of
from api.settings import Settings
from graph.publishing.facts import GraphFacts
from graph.store import Store, Visibility
from graph.store.formats import GRAPH_MEDIA_TYPES, SOLUTION_MEDIA_TYPES

__all__ = ["describe", "description"]

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")

_RESULT_FORMATS = {
    "application/sparql-results+json": FORMATS.SPARQL_Results_JSON,
    "application/sparql-results+xml": FORMATS.SPARQL_Results_XML,
    "text/csv": FORMATS.SPARQL_Results_CSV,
    "text/tab-separated-values": FORMATS.SPARQL_Results_TSV,
    "text/turtle": FORMATS.Turtle,
    "application/n-triples": FORMATS["N-Triples"],
    "application/ld+json": FORMATS["JSON-LD"],
    "application/rdf+xml": FORMATS.RDF_XML,
    "application/n-quads": FORMATS["N-Quads"],
    "application/trig": FORMATS.TriG,
}
"""The W3C's names of the formats (https://www.w3.org/ns/formats/)."""

_WRITERS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "pretty-xml",
}


def describe(
    request: Request, store: Store, settings: Settings, visibility: Visibility = Visibility.PUBLIC
) -> Response:
    """Answer with the description of the endpoint, in the form that the client accepts.

    Args:
        request: The request.
        store: What answers, with the visibility of the caller.
        settings: How the server runs.
        visibility: What the caller may see; it is part of the tag.

    Raises:
        NotAcceptableError: The client accepts no form of RDF.
    """
    media_type = choose(request.headers.get("accept"), tuple(_WRITERS))
    base = settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    tag = f'"{store.version}-{visibility}-{media_type}"'
    headers = {"Vary": "Accept", "Cache-Control": "no-cache", "ETag": tag}
    if is_fresh(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    graph = description(f"{base}/sparql", store)
    if settings.service_endpoints:
        graph.add((URIRef(f"{base}/sparql"), SD.feature, SD.BasicFederatedQuery))
    content = graph.serialize(format=_WRITERS[media_type], encoding="utf-8")
    return Response(content, headers=headers, media_type=media_type)


def description(endpoint: str, store: Store) -> Graph:
    """Return the description: languages, formats, features and the graphs one may see.

    Args:
        endpoint: Address of the endpoint.
        store: What answers, with the visibility of the caller.
    """
    graph = Graph()
    for prefix, namespace in (("sd", SD), ("format", FORMATS), ("void", VOID), ("dct", DCTERMS)):
        graph.bind(prefix, namespace)
    service, dataset, default = URIRef(endpoint), BNode(), BNode()
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, URIRef(endpoint)))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    graph.add((service, SD.feature, SD.UnionDefaultGraph))
    for media_type in (*SOLUTION_MEDIA_TYPES, *GRAPH_MEDIA_TYPES):
        graph.add((service, SD.resultFormat, _RESULT_FORMATS[media_type]))
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((service, SD.availableGraphs, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, RDF.type, VOID.Dataset))
    graph.add((dataset, VOID.sparqlEndpoint, URIRef(endpoint)))
    graph.add((dataset, DCTERMS.hasVersion, Literal(store.version)))
    graph.add((dataset, SD.defaultGraph, default))
    facts = facts_of(store)
    graph.add((default, RDF.type, SD.Graph))
    graph.add((default, VOID.triples, Literal(facts.triples)))
    for one in facts.graphs:
        _describe_graph(graph, dataset, one)
    return graph


def _describe_graph(graph: Graph, dataset: BNode, facts: GraphFacts) -> None:
    """Describe a named graph: its name, size and licence."""
    named, content = BNode(), BNode()
    graph.add((dataset, SD.namedGraph, named))
    graph.add((named, RDF.type, SD.NamedGraph))
    graph.add((named, SD.name, URIRef(facts.iri)))
    graph.add((named, SD.graph, content))
    graph.add((content, RDF.type, SD.Graph))
    graph.add((content, VOID.triples, Literal(facts.triples)))
    if facts.licence:
        graph.add((content, DCTERMS.license, URIRef(facts.licence)))
    for condition in facts.conditions:
        graph.add((content, ODRL2.hasPolicy, URIRef(condition)))
