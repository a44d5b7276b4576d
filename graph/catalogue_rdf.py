"""The query catalogue as RDF: SHACL SPARQL executables, as the SIB collection publishes them."""

from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize
from rdflib import DCTERMS, RDF, RDFS, SDO, SH, SKOS, XSD
from rdflib.term import Identifier

from graph.catalogue import TYPES, Parameter, Query, Text, catalogue
from graph.store.terms import to_engine
from graph.vocabulary import BASE, GRAPH, ID, PREFIXES, VB

__all__ = ["CATALOGUE", "PARAMETER", "catalogue_quads", "catalogue_turtle"]

CATALOGUE = NamedNode(GRAPH["catalogue"])
"""The graph that describes the queries."""

PARAMETER = f"{BASE}parameter/"
"""Start of the IRI of a parameter; what follows is the name of its variable (SHACL 6.2.1)."""

_DATATYPES = {
    "boolean": XSD.boolean,
    "date": XSD.date,
    "decimal": XSD.decimal,
    "integer": XSD.integer,
    "string": XSD.string,
    "year": XSD.gYear,
}


def catalogue_quads(queries: Mapping[str, Query] | None = None) -> list[Quad]:
    """Describe every query as an ``sh:SPARQLSelectExecutable`` of ``graph/catalogue``.

    ``sh:select`` holds the query without its header; it runs as it is, with the examples as
    values. ``rdfs:label`` is the summary, ``rdfs:comment`` the question, both de and en.

    Args:
        queries: Queries by name; the whole catalogue by default.

    Returns:
        The statements, sorted by their text; no blank nodes.
    """
    chosen = catalogue() if queries is None else queries
    names = {name for query in chosen.values() for name in query.parameters}
    found = [quad for one in chosen.values() for quad in _query(one)]
    return sorted([*found, *(quad for name in names for quad in _variable(name))], key=str)


def catalogue_turtle() -> bytes:
    """Return the description of the catalogue as Turtle, UTF-8."""
    quads = catalogue_quads()
    triples = (quad.triple for quad in quads)
    content = serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    if content is None:
        raise TypeError("the engine returned no text")
    return content


def _quad(subject: NamedNode, predicate: Identifier, value: NamedNode | Literal) -> Quad:
    return Quad(subject, NamedNode(str(predicate)), value, CATALOGUE)


def _texts(subject: NamedNode, predicate: Identifier, text: Text) -> Iterator[Quad]:
    for language, words in text.items():
        yield _quad(subject, predicate, Literal(words, language=language))


def _query(query: Query) -> Iterator[Quad]:
    subject = NamedNode(ID[f"query-{query.name}"])
    yield _quad(subject, RDF.type, NamedNode(SH.SPARQLExecutable))
    yield _quad(subject, RDF.type, NamedNode(SH.SPARQLSelectExecutable))
    yield _quad(subject, SH.select, Literal(query.sparql))
    yield _quad(subject, DCTERMS.identifier, Literal(query.name))
    yield from _texts(subject, RDFS.label, query.summary)
    yield from _texts(subject, RDFS.comment, query.question)
    yield from _texts(subject, DCTERMS.description, query.description)
    for tag in query.tags:
        yield _quad(subject, SDO.keywords, Literal(tag))
    if query.competency_question:
        yield _quad(subject, VB.competencyQuestion, Literal(query.competency_question))
    for parameter in query.parameters.values():
        node = NamedNode(ID[f"query-{query.name}-{parameter.name}"])
        yield _quad(subject, SH.parameter, node)
        yield from _parameter(node, parameter)


def _parameter(subject: NamedNode, parameter: Parameter) -> Iterator[Quad]:
    yield _quad(subject, RDF.type, NamedNode(SH.Parameter))
    yield _quad(subject, SH.path, NamedNode(PARAMETER + parameter.name))
    yield from _texts(subject, SH.description, parameter.description)
    # as text, because an example need not exist in this very graph
    yield _quad(subject, SKOS.example, Literal(parameter.example))
    if parameter.type in _DATATYPES:
        yield _quad(subject, SH.datatype, NamedNode(_DATATYPES[parameter.type]))
    else:
        yield _quad(subject, SH.nodeKind, NamedNode(SH.IRI))
    if not parameter.required:
        yield _quad(subject, SH.optional, Literal("true", datatype=NamedNode(XSD.boolean)))
    if parameter.default is not None:
        yield _quad(subject, SH.defaultValue, _term(parameter, parameter.default))


def _variable(name: str) -> Iterator[Quad]:
    """Describe the property that stands for a variable, so that its IRI leads somewhere."""
    subject = NamedNode(PARAMETER + name)
    yield _quad(subject, RDF.type, NamedNode(RDF.Property))
    yield _quad(subject, RDFS.isDefinedBy, CATALOGUE)
    yield from _texts(subject, RDFS.label, {"de": f"Parameter {name}", "en": f"parameter {name}"})


def _term(parameter: Parameter, value: str) -> NamedNode | Literal:
    term = to_engine(TYPES[parameter.type](value))
    if not isinstance(term, NamedNode | Literal):
        raise TypeError(f"a parameter is an IRI or a literal, not {term}")
    return term
