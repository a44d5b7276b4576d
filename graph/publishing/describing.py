"""What the graph says about one thing: a concise bounded description with its surroundings.

It holds the statements about the thing and the blank nodes they reach (W3C submission CBD), the
statements about its parts (the claims of an organisation, the limits of a claim, the terms of the
vocabulary), single links from others that matter (narrower concepts), and the labels of everything
named. It is read from the default graph of a store, so it holds what that store may show.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, SKOS

from graph.vocabulary import PREFIXES, VB

__all__ = [
    "LINKS_IN",
    "PARTS_IN",
    "PARTS_OUT",
    "Description",
    "Standing",
    "describe",
    "labels_of",
    "order",
    "standing",
    "statements_about",
]

_ADMS, _LOCN, _ORG, _SCHEMA = (
    Namespace(PREFIXES[name]) for name in ("adms", "locn", "org", "schema")
)

PARTS_OUT: tuple[URIRef, ...] = (
    VB.hasCriterion,
    VB.hasLimit,
    VB.hasMilestone,
    VB.hasRequirement,
    VB.requiredLimit,
    _ADMS.identifier,
    _LOCN.address,
    _ORG.hasPrimarySite,
)
"""Properties whose value is told with the thing itself."""

PARTS_IN: tuple[URIRef, ...] = (
    VB.claimedBy,
    VB.concerns,
    VB.holder,
    VB.inConsortium,
    VB.ofEnquiry,
    VB.relates,
    _ORG.member,
    _ORG.organization,
    _ORG.siteOf,
    _SCHEMA.observationAbout,
    RDFS.isDefinedBy,
)
"""Properties by which others tell something of the thing; those others are told as well."""

LINKS_IN: tuple[URIRef, ...] = (
    VB.answers,
    VB.chamber,
    VB.competence,
    VB.district,
    VB.forRequirement,
    VB.fundedUnder,
    VB.fundingRegion,
    VB.hasCriterion,
    VB.hasLimit,
    VB.hasRequirement,
    VB.material,
    VB.precedes,
    VB.requiredCompetence,
    VB.usesClaim,
    _ADMS.identifier,
    _LOCN.address,
    DCTERMS.isReplacedBy,
    RDFS.subClassOf,
    RDFS.subPropertyOf,
    SKOS.broader,
    SKOS.topConceptOf,
)
"""Properties by which others name the thing; only the link is told."""

_LABELS = (SKOS.prefLabel, RDFS.label, DCTERMS.title)
_Subject = ox.NamedNode | ox.BlankNode


def _nodes(properties: Iterable[URIRef]) -> tuple[ox.NamedNode, ...]:
    return tuple(ox.NamedNode(str(one)) for one in properties)


_PARTS_OUT, _PARTS_IN, _LINKS_IN = map(_nodes, (PARTS_OUT, PARTS_IN, LINKS_IN))
_LABEL_NODES = _nodes(_LABELS)
_DEFAULT = ox.DefaultGraph()
_TRUE = ox.Literal(True)
_DEPRECATED, _REPLACED, _INVALIDATED, _TYPE = _nodes(
    (OWL.deprecated, DCTERMS.isReplacedBy, PROV.invalidatedAtTime, RDF.type)
)


class Standing(StrEnum):
    """Whether the graph knows a thing."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    WITHDRAWN = "withdrawn"
    """It is deprecated (``owl:deprecated``) or no longer valid (``prov:invalidatedAtTime``)."""


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of one thing.

    Attributes:
        iri: The thing.
        own: Statements about the thing and the blank nodes within, in a stable order.
        parts: For each part its statements, by IRI.
        links: Statements of others that name the thing.
        labels: Labels of everything else that is named, in every language.
        graphs: IRIs of the named graphs that speak of the thing, sorted.
        standing: Whether the thing still stands; the statements say why not.
        replacements: IRIs of what stands in its place, sorted.
    """

    iri: str
    own: tuple[ox.Triple, ...]
    parts: dict[str, tuple[ox.Triple, ...]]
    links: tuple[ox.Triple, ...]
    labels: tuple[ox.Triple, ...]
    graphs: tuple[str, ...]
    standing: Standing
    replacements: tuple[str, ...]

    def triples(self) -> list[ox.Triple]:
        """Return every statement once: the thing first, then parts, links and labels."""
        parts = [triple for one in self.parts.values() for triple in one]
        return list(dict.fromkeys([*self.own, *parts, *self.links, *self.labels]))


def describe(engine: ox.Store, iri: str) -> Description | None:
    """Return what the default graph says about a thing; ``None`` when it says nothing.

    Args:
        engine: A store that holds only what the caller may see.
        iri: The thing.

    Note:
        Takes one index look-up for each statement returned. The graphs are those that hold
        a statement with the thing as subject.
    """
    try:
        thing = ox.NamedNode(iri)
    except ValueError:  # not an IRI, so nothing is said of it
        return None
    own = tuple(statements_about(engine, thing))
    if not own:
        return None
    parts = {part.value: told for part, told in _parts(engine, thing, own)}
    links = tuple(_pointing(engine, thing, _LINKS_IN))
    told = [*own, *(triple for one in parts.values() for triple in one), *links]
    return Description(
        iri=iri,
        own=own,
        parts={part: triples for part, triples in parts.items() if triples},
        links=links,
        labels=tuple(labels_of(engine, _named(told, {iri, *parts}))),
        graphs=_graphs(engine, thing),
        standing=_standing(thing, own),
        replacements=_replacements(thing, own),
    )


def standing(engine: ox.Store, iri: str) -> Standing:
    """Tell whether the default graph says anything about a thing, and that it still stands."""
    try:
        thing = ox.NamedNode(iri)
    except ValueError:  # not an IRI, so nothing is said of it
        return Standing.UNKNOWN
    found = engine.quads_for_pattern(thing, None, None, _DEFAULT)
    return _standing(thing, [quad.triple for quad in found])


def _standing(thing: ox.NamedNode, triples: Iterable[ox.Triple]) -> Standing:
    found = Standing.UNKNOWN
    for triple in triples:
        if triple.subject != thing:
            continue
        found = Standing.PRESENT
        is_deprecated = triple.predicate == _DEPRECATED and triple.object == _TRUE
        if is_deprecated or triple.predicate == _INVALIDATED:
            return Standing.WITHDRAWN
    return found


def statements_about(engine: ox.Store, thing: _Subject) -> Iterator[ox.Triple]:
    """Yield the statements about a node and the blank nodes it reaches, each node once."""
    waiting, seen = [thing], {thing}
    while waiting:
        found = [q.triple for q in engine.quads_for_pattern(waiting.pop(0), None, None, _DEFAULT)]
        for triple in sorted(found, key=order):
            yield triple
            if isinstance(triple.object, ox.BlankNode) and triple.object not in seen:
                seen.add(triple.object)
                waiting.append(triple.object)


def order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """Sort by subject, then types first, then property and value."""
    predicate = triple.predicate
    return str(triple.subject), predicate != _TYPE, predicate.value, str(triple.object)


def _parts(
    engine: ox.Store, thing: ox.NamedNode, own: Iterable[ox.Triple]
) -> Iterator[tuple[ox.NamedNode, tuple[ox.Triple, ...]]]:
    """Yield the parts with what is said of each: those that the thing names, then their own."""
    seen = {thing}
    waiting = [*_named_parts(own)]
    waiting += [t.subject for t in _pointing(engine, thing, _PARTS_IN)]
    while waiting:
        part = waiting.pop(0)
        if not isinstance(part, ox.NamedNode) or part in seen:
            continue
        seen.add(part)
        told = tuple(statements_about(engine, part))
        yield part, told
        waiting += _named_parts(triple for triple in told if triple.subject == part)


def _named_parts(triples: Iterable[ox.Triple]) -> list[object]:
    return sorted((t.object for t in triples if t.predicate in _PARTS_OUT), key=str)


def _pointing(
    engine: ox.Store, thing: ox.NamedNode, properties: Iterable[ox.NamedNode]
) -> Iterator[ox.Triple]:
    for predicate in properties:
        found = engine.quads_for_pattern(None, predicate, thing, _DEFAULT)
        yield from sorted((q.triple for q in found), key=order)


def _named(triples: Iterable[ox.Triple], described: set[str]) -> list[ox.NamedNode]:
    """Return the IRIs that statements name and nobody has described yet, sorted."""
    found = {
        term
        for triple in triples
        for term in (triple.subject, triple.object)
        if isinstance(term, ox.NamedNode) and term.value not in described
    }
    return sorted(found, key=lambda term: term.value)


def labels_of(engine: ox.Store, things: Iterable[ox.NamedNode]) -> Iterator[ox.Triple]:
    """Yield the labels of things in every language: what SKOS, else RDFS, else DC calls them."""
    for thing in things:
        for predicate in _LABEL_NODES:
            found = [q.triple for q in engine.quads_for_pattern(thing, predicate, None, _DEFAULT)]
            yield from sorted(found, key=order)
            if found:
                break


def _graphs(engine: ox.Store, thing: ox.NamedNode) -> tuple[str, ...]:
    found = engine.quads_for_pattern(thing, None, None, None)
    names = {quad.graph_name for quad in found}
    return tuple(sorted(name.value for name in names if isinstance(name, ox.NamedNode)))


def _replacements(thing: ox.NamedNode, own: Iterable[ox.Triple]) -> tuple[str, ...]:
    found = {
        triple.object.value
        for triple in own
        if triple.subject == thing
        and triple.predicate == _REPLACED
        and isinstance(triple.object, ox.NamedNode)
    }
    return tuple(sorted(found))
