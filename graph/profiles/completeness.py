"""How complete the profile of an organisation is, and what would come of completing it."""

from dataclasses import dataclass
from functools import cache

from rdflib import RDF, RDFS, SH, Graph, URIRef

from graph.resources import completeness_text
from graph.store import Store
from graph.validation import Finding
from graph.validators import Validator, validator
from graph.vocabulary import VB

__all__ = ["Completeness", "completeness_of", "completeness_shapes"]

_PARTS = """SELECT DISTINCT ?s ?p ?o {{
  {{ ?s ?p ?o FILTER(?s = {node}) }}
  UNION {{ ?s <{claimed}> {node} ; ?p ?o }}
  UNION {{ ?s <{holder}> {node} ; ?p ?o }}
}}"""
_CLASSES = f"SELECT DISTINCT ?s ?o {{ ?s <{RDFS.subClassOf}> ?o FILTER(isIRI(?o)) }}"


@dataclass(frozen=True, slots=True)
class Completeness:
    """What a profile says and what it leaves open.

    Attributes:
        share: Share of what was looked for that is there, 0.0-1.0.
        missing: What is not there, what matters most first; severity is Warning or Info.
    """

    share: float
    missing: tuple[Finding, ...]


@cache
def completeness_shapes() -> Graph:
    """Return the shapes of ``shapes/completeness/``; do not change them."""
    return Graph().parse(data=completeness_text(), format="turtle")


@cache
def _validator() -> Validator:
    return validator(completeness_shapes())


def completeness_of(store: Store, organisation: str, language: str = "de") -> Completeness:
    """Return how complete the profile of an organisation is.

    Looked at are the organisation, its claims and its certificates, whoever says so.

    Args:
        store: Where to look.
        organisation: IRI of the organisation.
        language: Language of the messages, ``de`` or ``en``.
    """
    graph = _extract(store, URIRef(organisation))
    focus = {str(node) for node in graph.subjects(RDF.type)}
    found = _validator().validate(graph, focus=focus, language=language)
    asked = _asked(graph)
    share = 1 - len(found) / asked if asked else 0.0
    return Completeness(round(share, 4), tuple(found))


def _extract(store: Store, node: URIRef) -> Graph:
    text = _PARTS.format(node=node.n3(), claimed=VB.claimedBy, holder=VB.holder)
    graph = Graph()
    for row in store.select(text):
        graph.add((row["s"], row["p"], row["o"]))
    for row in store.select(_CLASSES):
        graph.add((row["s"], RDFS.subClassOf, row["o"]))
    return graph


def _asked(graph: Graph) -> int:
    """Return how many constraints look at the nodes of a graph."""
    shapes = completeness_shapes()
    count = 0
    for shape in set(shapes.subjects(SH.targetClass)):
        targets = set(shapes.objects(shape, SH.targetClass))
        nodes = {s for s, kind in graph.subject_objects(RDF.type) if kind in targets}
        count += len(nodes) * len(list(shapes.objects(shape, SH.property)))
    return count
