"""What a source says, in the terms and names of this house; the rest is left out and counted.

Three steps: terms of others become ours by the alignment files of ``ontology/alignments/``;
shapes of others (an address inside an organisation) become ours by the CONSTRUCT queries of
``queries/harvest/``; things get names below ``id/`` that stay the same from harvest to harvest.
Persons and what may identify them are left out before anything is kept.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from graph.harvest.sources import Source
from graph.harvest.terms import Alignment, known_terms, read_alignment
from graph.resources import query_texts
from graph.rules import apply
from graph.vocabulary import BASE, ID, SCHEME

__all__ = ["Mapped", "map_statements"]

_RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_ORG = "http://www.w3.org/ns/org#"
_ORGANIZATION = ox.NamedNode(f"{_ORG}Organization")
_KIND = ox.NamedNode(f"{_ORG}classification")
_SOURCE = ox.NamedNode("http://purl.org/dc/terms/source")
_SCHEMA_HTTP, _SCHEMA = "http://schema.org/", "https://schema.org/"
_NOTATION = "http://www.w3.org/2004/02/skos/core#notation"
_NODE = "https://w3id.org/verbund/.well-known/genid/"
_DEPTH = 6

_PERSONS = frozenset(
    {
        "http://www.w3.org/2000/10/swap/pim/contact#Person",
        "http://www.w3.org/2006/vcard/ns#Individual",
        "http://www.w3.org/ns/person#Person",
        "http://www.w3.org/ns/prov#Person",
        "http://xmlns.com/foaf/0.1/Person",
        "https://schema.org/Person",
    }
)
_PERSONAL = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+|(?:\+|\b00)\d[\d /()-]{6,}\d|\b0\d{2,5}[ /-]\d{3,}"
)
"""E-mail addresses and telephone numbers in the forms in which they stand in texts."""

Node = ox.NamedNode | ox.BlankNode | ox.Triple
Term = ox.NamedNode | ox.BlankNode | ox.Literal


@dataclass(frozen=True, slots=True)
class Mapped:
    """What became of a source.

    Attributes:
        triples: Statements in our terms, without blank nodes.
        names: IRI of the source for each name of ours.
        left_out: How many statements were left out, by reason and term.
        ambiguous: Terms of others for which several of ours stand.
    """

    triples: frozenset[ox.Triple]
    names: Mapping[str, str]
    left_out: Mapping[str, int]
    ambiguous: Mapping[str, tuple[str, ...]]


def map_statements(source: Source, quads: Iterable[ox.Quad]) -> Mapped:
    """Map what was fetched; the same statements give the same result, in any order.

    Args:
        source: Where they come from.
        quads: What was fetched; names of graphs do not matter.

    Returns:
        What can be said in our terms, and what was left out.
    """
    left_out: Counter[str] = Counter()
    alignment = read_alignment(weak=source.trusts_weak_links)
    raw = {_translated(quad, alignment) for quad in quads}
    named = _skolemised(_impersonal(raw, left_out), source)
    store = ox.Store()
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in named)
    built = {t for _, query in _queries() for t in apply(query, store)}
    kept = _known(named | built, left_out)
    for reason in _translated_by_queries():
        left_out.pop(reason, None)
    kept |= _completed(kept, source)
    triples, names = _renamed(kept, source)
    return Mapped(frozenset(triples), names, dict(left_out), alignment.ambiguous)


@cache
def _queries() -> tuple[tuple[str, str], ...]:
    return tuple(query_texts("harvest"))


@cache
def _translated_by_queries() -> frozenset[str]:
    """Return the reasons that do not count, since a query has read these terms already."""
    found = set()
    for _, text in _queries():
        prefixes = dict(re.findall(r"PREFIX (\w+): <([^>]+)>", text))
        for prefix, name in re.findall(r"\b(\w+):(\w+)", text):
            iri = f"{prefixes.get(prefix, '')}{name}"
            found |= {f"with the property {iri}", f"of the class {iri}"}
    return frozenset(found)


def _translated(quad: ox.Quad, alignment: Alignment) -> ox.Triple:
    """Return a statement with our terms in place of aligned ones, beside https for schema.org."""
    value = quad.object
    if isinstance(value, ox.NamedNode):
        # names of things are left alone: only classes and concepts are terms
        is_class = quad.predicate == _RDF_TYPE
        table = alignment.classes if is_class else alignment.concepts
        value = _term(value, table) if is_class or value.value in table else value
    predicate = _term(quad.predicate, alignment.properties)
    return ox.Triple(quad.subject, predicate, value)


@cache
def _node(iri: str) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _term(term: ox.NamedNode, table: Mapping[str, str]) -> ox.NamedNode:
    iri = term.value
    if iri.startswith(_SCHEMA_HTTP):
        iri = _SCHEMA + iri.removeprefix(_SCHEMA_HTTP)
    found = table.get(iri, iri)
    return term if found == term.value else _node(found)


def _impersonal(triples: set[ox.Triple], left_out: Counter[str]) -> set[ox.Triple]:
    """Return statements without persons, and without texts that hold their addresses."""
    persons = {
        t.subject
        for t in triples
        if t.predicate == _RDF_TYPE and getattr(t.object, "value", "") in _PERSONS
    }
    kept = set()
    for triple in triples:
        if triple.subject in persons or triple.object in persons:
            left_out["about a person"] += 1
        elif _is_personal(triple):
            left_out[f"an address or number of a person in {triple.predicate.value}"] += 1
        else:
            kept.add(triple)
    return kept


def _is_personal(triple: ox.Triple) -> bool:
    value = triple.object
    if not isinstance(value, ox.Literal) or triple.predicate.value == _NOTATION:
        return False
    return value.datatype.value in _TEXTS and bool(_PERSONAL.search(value.value))


_TEXTS = frozenset(
    {
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString",
        "http://www.w3.org/2001/XMLSchema#string",
    }
)


def _skolemised(triples: set[ox.Triple], source: Source) -> set[ox.Triple]:
    """Return statements with names for blank nodes, made of what is said of them.

    A blank node is named by the statements around it, so the same content has the same name in
    the next harvest. Two with the same content say the same thing, and become one.
    """
    outgoing: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    incoming: dict[ox.BlankNode, list[ox.Triple]] = defaultdict(list)
    for triple in triples:
        if isinstance(triple.subject, ox.BlankNode):
            outgoing[triple.subject].append(triple)
        if isinstance(triple.object, ox.BlankNode):
            incoming[triple.object].append(triple)
    if not (outgoing or incoming):
        return triples
    digests: dict[tuple[ox.BlankNode, int], str] = {}

    def shown(term: object, depth: int) -> str:
        return digest(term, depth) if isinstance(term, ox.BlankNode) else str(term)

    def digest(node: ox.BlankNode, depth: int) -> str:
        if depth == 0:
            return "_"
        if (node, depth) not in digests:
            said = [f"{t.predicate} {shown(t.object, depth - 1)}" for t in outgoing[node]]
            said += [f"^{t.predicate} {shown(t.subject, depth - 1)}" for t in incoming[node]]
            text = "\n".join([source.name, *sorted(said)])
            digests[node, depth] = hashlib.sha256(text.encode()).hexdigest()[:24]
        return digests[node, depth]

    names = {node: _node(_NODE + digest(node, _DEPTH)) for node in {*outgoing, *incoming}}
    return {
        ox.Triple(
            names.get(t.subject, t.subject) if isinstance(t.subject, ox.BlankNode) else t.subject,
            t.predicate,
            names.get(t.object, t.object) if isinstance(t.object, ox.BlankNode) else t.object,
        )
        for t in triples
    }


def _known(triples: set[ox.Triple], left_out: Counter[str]) -> set[ox.Triple]:
    """Return the statements that a source may make: about its own things, in known terms."""
    classes, properties = known_terms()
    spoken: set[ox.Triple] = set()
    typed: set[object] = set()
    for triple in triples:
        node, predicate, value = triple
        subject = str(getattr(node, "value", ""))
        if subject.startswith(BASE) and not subject.startswith(_NODE):
            left_out["about a thing of this house"] += 1
        elif predicate == _RDF_TYPE:
            if getattr(value, "value", "") in classes:
                spoken.add(triple)
                typed.add(node)
            else:
                left_out[f"of the class {getattr(value, 'value', value)}"] += 1
        elif predicate.value in properties:
            spoken.add(triple)
        else:
            left_out[f"with the property {predicate.value}"] += 1
    kept = {t for t in spoken if t.subject in typed}
    if untyped := len(spoken) - len(kept):
        left_out["about things without a class that is taken"] += untyped
    return kept


def _completed(triples: set[ox.Triple], source: Source) -> set[ox.Triple]:
    """Return what the description of the source adds: where each thing is from, and its kind."""
    said: dict[ox.NamedNode, set[Node]] = {_SOURCE: set(), _KIND: set(), _RDF_TYPE: set()}
    organisations: set[Node] = set()
    parts: set[Node] = set()
    for thing, predicate, value in triples:
        if predicate in said:
            said[predicate].add(thing)
        if predicate == _RDF_TYPE and _is_body(value):
            organisations.add(thing)
        elif predicate == _RDF_TYPE and _is_part(value):
            parts.add(thing)
    added = set()
    for thing in said[_RDF_TYPE] - said[_SOURCE] - parts:
        iri = str(getattr(thing, "value", ""))
        is_address = iri.startswith(("http://", "https://")) and not iri.startswith(BASE)
        added.add(ox.Triple(thing, _SOURCE, _node(iri if is_address else source.addresses[0])))
    if source.organisation_kind:
        kind = _node(str(SCHEME[f"organisation-kind/{source.organisation_kind}"]))
        added |= {ox.Triple(one, _KIND, kind) for one in organisations - said[_KIND]}
    return added


_BODIES = frozenset(
    {f"{_ORG}Organization", f"{_ORG}FormalOrganization"}
    | {
        f"{BASE}def#{name}"
        for name in (
            *("Association", "Cluster", "Company", "PublicAuthority"),
            *("ResearchInstitution", "TransferCentre"),
        )
    }
)


_PARTS = frozenset(
    {
        f"{_ORG}Site",
        "http://www.w3.org/ns/locn#Address",
        "http://www.w3.org/ns/adms#Identifier",
        f"{BASE}def#Limit",
    }
)
"""Parts of things, whose source is that of the thing."""


def _is_part(term: object) -> bool:
    return str(getattr(term, "value", "")) in _PARTS


def _is_body(term: object) -> bool:
    return str(getattr(term, "value", "")) in _BODIES


def _renamed(triples: set[ox.Triple], source: Source) -> tuple[set[ox.Triple], dict[str, str]]:
    """Return statements with our names for the things of the source; terms keep theirs."""
    things = {t.subject for t in triples}
    bodies = {t.subject for t in triples if t.predicate == _RDF_TYPE and _is_body(t.object)}
    names: dict[object, ox.NamedNode] = {}
    for thing in things:
        iri = str(getattr(thing, "value", ""))
        if not iri.startswith(BASE) or iri.startswith(_NODE):
            digest = hashlib.sha256(iri.encode()).hexdigest()[:16]
            kind = "org" if thing in bodies else "thing"
            names[thing] = _node(f"{ID}{kind}-{source.name}-{digest}")
    renamed = {
        ox.Triple(
            names.get(thing, thing),
            predicate,
            value if predicate == _SOURCE else names.get(value, value),
        )
        for thing, predicate, value in triples
    }
    return renamed, {node.value: str(getattr(thing, "value", "")) for thing, node in names.items()}
