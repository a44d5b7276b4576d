"""Holding a profile against the shapes before anybody sees it, with messages at its fields."""

from collections.abc import Iterable
from functools import cache

from rdflib import RDF, RDFS, Graph, URIRef

from graph.profiles.fields import Form
from graph.profiles.statements import Described, Fault
from graph.store import Row, Store
from graph.validation import Finding, Severity
from graph.validators import Validator, validator
from graph.vocabulary import GRAPH, SHAPE

__all__ = ["faults_of"]

_OWN = """SELECT DISTINCT ?s ?p ?o {{
  VALUES ?s {{ {nodes} }} GRAPH ?graph {{ ?s ?p ?o }} FILTER(?graph != <{profiles}>)
}}"""
_TYPES = "SELECT DISTINCT ?s ?o {{ VALUES ?s {{ {nodes} }} ?s a ?o }}"
_CLASSES = f"SELECT DISTINCT ?s ?o {{ ?s <{RDFS.subClassOf}> ?o FILTER(isIRI(?o)) }}"


def faults_of(store: Store, form: Form, described: Described, language: str) -> tuple[Fault, ...]:
    """Return everything that is wrong with a profile, the gravest first.

    The profile is checked as it would stand in the graph: beside what other graphs say of its
    organisation, in place of the profile that is published now. Rules about the whole graph
    (``queries/checks/``) are asked when it is published.

    Args:
        store: What the graph says.
        form: What was asked.
        described: The profile.
        language: Language of the messages, ``de`` or ``en``.
    """
    graph = _surroundings(store, described)
    for triple in described.triples:
        graph.add(triple)
    findings = _validator().validate(graph, focus=described.places, language=language)
    unread = {_place(fault) for fault in described.faults}
    shaped = [_fault(f, form, described) for f in findings]
    # that a value which could not be read is missing follows from that
    found = [*described.faults, *(f for f in shaped if _place(f) not in unread)]
    return tuple(sorted(dict.fromkeys(found), key=_order))


def _place(fault: Fault) -> tuple[str, int, str]:
    return fault.section, fault.number, fault.field


@cache
def _validator() -> Validator:
    """Return the fastest validator there is, with the shapes compiled once."""
    return validator()


def _surroundings(store: Store, described: Described) -> Graph:
    graph = Graph()
    named = {v for _, _, v in described.triples if isinstance(v, URIRef)}
    own = _OWN.format(nodes=described.organisation.n3(), profiles=GRAPH["profiles"])
    _add(graph, store.select(own))
    _add(graph, store.select(_TYPES.format(nodes=" ".join(sorted(n.n3() for n in named)))))
    for row in store.select(_CLASSES):
        graph.add((row["s"], RDFS.subClassOf, row["o"]))
    return graph


def _add(graph: Graph, found: Iterable[Row]) -> None:
    for row in found:
        graph.add((row["s"], row.get("p", RDF.type), row["o"]))


def _fault(finding: Finding, form: Form, described: Described) -> Fault:
    name, number = described.places[finding.focus]
    section = form.section(name)
    fields = section.fields if section else ()
    return Fault(
        section=name,
        number=number,
        field=next((f.name for f in fields if f.path == finding.path), ""),
        code=finding.shape.removeprefix(str(SHAPE)),
        message=finding.message,
        is_grave=finding.severity is Severity.VIOLATION,
    )


def _order(fault: Fault) -> tuple[bool, str, int, str, str]:
    return not fault.is_grave, fault.section, fault.number, fault.field, fault.code
