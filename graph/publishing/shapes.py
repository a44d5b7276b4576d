"""The shapes and checks as things of the graph, so that their IRIs say what they ask for."""

from collections.abc import Mapping
from functools import cache

import pyoxigraph as ox
from rdflib import RDF, SH, Namespace

from graph.checks import checks
from graph.resources import shape_texts
from graph.vocabulary import PREFIXES, SHAPE

__all__ = ["shapes_engine"]

_SCHEMA = Namespace(PREFIXES["schema"])


@cache
def shapes_engine() -> ox.Store:
    """Return a store in memory with every shape, and every check as its SPARQL text.

    Shapes and checks belong to the software, not to a generation, and everybody may see them.
    """
    engine = ox.Store()
    for _, text in shape_texts():
        triples = ox.parse(text, ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        engine.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    for check in checks():
        engine.extend(_check_quads(str(SHAPE[check.name]), check.messages, check.query))
        severity = ox.NamedNode(str(SH[check.severity]))
        engine.add(_quad(str(SHAPE[check.name]), str(SH.severity), severity))
    return engine


def _quad(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), value)


def _check_quads(iri: str, messages: Mapping[str, str], query: str) -> list[ox.Quad]:
    """Describe a check: a query over the whole graph that SHACL has no word for."""
    found = [
        _quad(iri, str(RDF.type), ox.NamedNode(str(_SCHEMA.SoftwareSourceCode))),
        _quad(iri, str(_SCHEMA.programmingLanguage), ox.Literal("SPARQL 1.1")),
        _quad(iri, str(_SCHEMA.text), ox.Literal(query)),
    ]
    for language, message in sorted(messages.items()):
        found.append(_quad(iri, str(SH.message), ox.Literal(message, language=language)))
    return found
