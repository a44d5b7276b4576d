"""The data set in VoID: sizes, classes, properties, where to ask and what to download."""

from rdflib import DCTERMS, FOAF, ODRL2, RDF, VOID, XSD, Graph, Literal, URIRef

from graph.publishing.dcat import Site, dataset_iri
from graph.publishing.dumps import DumpSet
from graph.publishing.facts import DatasetFacts
from graph.vocabulary import BASE, ID, PREFIXES

__all__ = ["void_graph"]


def void_graph(facts: DatasetFacts, dumps: DumpSet | None, site: Site) -> Graph:
    """Return the description of the data set with a partition for each class and property.

    The counts are those of the merge of all graphs, where each statement counts once; the
    subsets are the named graphs with their own counts.

    Args:
        facts: What the store says of itself, as far as the caller may see.
        dumps: What can be downloaded; ``None`` when no dumps have been written.
        site: Where it is served.
    """
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in (PREFIXES | {"void": str(VOID)}).items():
        graph.bind(prefix, namespace)
    document, whole = URIRef(f"{site.base}/.well-known/void"), dataset_iri(site)
    graph.add((document, RDF.type, VOID.DatasetDescription))
    graph.add((document, FOAF.primaryTopic, whole))
    _describe(graph, facts, whole, site)
    _partition(graph, facts, whole)
    _describe_subsets(graph, facts, whole)
    for file in dumps.files if dumps else ():
        if file.compression:  # RDF; tables are no dumps of the data set
            address = URIRef(f"{site.base}/dumps/{dumps.version if dumps else ''}/{file.name}")
            graph.add((URIRef(file.graph) if file.graph else whole, VOID.dataDump, address))
    return graph


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)


def _describe(graph: Graph, facts: DatasetFacts, whole: URIRef, site: Site) -> None:
    graph.add((whole, RDF.type, VOID.Dataset))
    graph.add((whole, DCTERMS.hasVersion, Literal(facts.version)))
    graph.add((whole, DCTERMS.publisher, URIRef(ID["agent-verbund"])))
    graph.add((whole, FOAF.homepage, URIRef(f"{site.base}/")))
    graph.add((whole, VOID.sparqlEndpoint, URIRef(f"{site.base}/sparql")))
    graph.add((whole, VOID.uriSpace, Literal(BASE)))
    graph.add((whole, VOID.triples, _integer(facts.triples)))
    graph.add((whole, VOID.entities, _integer(facts.entities)))
    graph.add((whole, VOID.distinctSubjects, _integer(facts.subjects)))
    graph.add((whole, VOID.classes, _integer(len(facts.classes))))
    graph.add((whole, VOID.properties, _integer(len(facts.properties))))
    for licence in facts.licences:
        graph.add((whole, DCTERMS.license, URIRef(licence)))
    for condition in facts.conditions:
        graph.add((whole, ODRL2.hasPolicy, URIRef(condition)))
    for vocabulary in _vocabularies(facts):
        graph.add((whole, VOID.vocabulary, URIRef(vocabulary)))


def _vocabularies(facts: DatasetFacts) -> set[str]:
    """Return the namespaces of the house that some class or property lies in."""
    used = [*facts.classes, *facts.properties]
    return {space for space in PREFIXES.values() if any(iri.startswith(space) for iri in used)}


def _partition(graph: Graph, facts: DatasetFacts, whole: URIRef) -> None:
    for number, (name, entities) in enumerate(facts.classes.items(), 1):
        part = URIRef(f"{whole}-class-{number}")
        graph.add((whole, VOID.classPartition, part))
        graph.add((part, VOID["class"], URIRef(name)))
        graph.add((part, VOID.entities, _integer(entities)))
    for number, (name, (triples, subjects)) in enumerate(facts.properties.items(), 1):
        part = URIRef(f"{whole}-property-{number}")
        graph.add((whole, VOID.propertyPartition, part))
        graph.add((part, VOID.property, URIRef(name)))
        graph.add((part, VOID.triples, _integer(triples)))
        graph.add((part, VOID.distinctSubjects, _integer(subjects)))


def _describe_subsets(graph: Graph, facts: DatasetFacts, whole: URIRef) -> None:
    for one in facts.graphs:
        subset = URIRef(one.iri)
        graph.add((whole, VOID.subset, subset))
        graph.add((subset, RDF.type, VOID.Dataset))
        graph.add((subset, VOID.triples, _integer(one.triples)))
        if one.licence:
            graph.add((subset, DCTERMS.license, URIRef(one.licence)))
        for condition in one.conditions:
            graph.add((subset, ODRL2.hasPolicy, URIRef(condition)))
        for language, title in sorted(one.titles.items()):
            graph.add((subset, DCTERMS.title, Literal(title, lang=language or None)))
