"""A suggestion as linked data, so that it can be stored, exchanged and recomputed."""

import hashlib
import json
from datetime import datetime

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, SKOS

from graph.consortium.answer import Assignment, Gap, Member, Suggestion
from graph.consortium.record import record_of
from graph.model import Limit, Requirement
from graph.vocabulary import GRAPH, ID, PREFIXES, SCHEME, VB

__all__ = ["consortium_graph"]

_ORG = Namespace(PREFIXES["org"])
_SCHEMA = Namespace(PREFIXES["schema"])


def consortium_graph(suggestion: Suggestion, started_at: datetime) -> Graph:
    """Return consortium, members, assignments, gaps, enquiry and run of a suggestion.

    The identifiers are made from the enquiry with its conditions, the graph version and the
    parameters: the same question to the same graph has the same consortium IRI.

    Args:
        suggestion: What the engine found.
        started_at: When it was asked, with time zone.
    """
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    key = _key(suggestion)
    consortium = ID[f"consortium-{key}"]
    _describe_enquiry(graph, suggestion)
    _describe_run(graph, ID[f"run-{key}"], suggestion, started_at)
    graph.add((consortium, RDF.type, VB.Consortium))
    graph.add((consortium, SKOS.prefLabel, _title(suggestion)))
    graph.add((consortium, VB.answers, URIRef(suggestion.enquiry.iri)))
    graph.add((consortium, PROV.wasGeneratedBy, ID[f"run-{key}"]))
    graph.add((consortium, VB.proofStatus, SCHEME[f"proof-status/{suggestion.status}"]))
    if suggestion.cost is not None:
        graph.add((consortium, VB.totalCostKm, _integer(suggestion.cost.total_km)))
    if suggestion.proof.lower_bound_km is not None:
        graph.add((consortium, VB.lowerBoundKm, _integer(suggestion.proof.lower_bound_km)))
    for number, member in enumerate(suggestion.members, 1):
        _describe_member(graph, consortium, ID[f"membership-{key}-{number}"], member)
    for number, assignment in enumerate(suggestion.assignments, 1):
        _describe_assignment(graph, consortium, ID[f"assignment-{key}-{number}"], assignment)
    for number, gap in enumerate(suggestion.gaps, 1):
        _describe_gap(graph, consortium, ID[f"gap-{key}-{number}"], gap)
    return graph


def _key(suggestion: Suggestion) -> str:
    parts = [suggestion.run.graph_version, _parameters(suggestion)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _parameters(suggestion: Suggestion) -> str:
    """Return everything that the answer depends on but the graph, as JSON."""
    record = {**suggestion.run.parameters, "enquiry": record_of(suggestion.enquiry)}
    return json.dumps(record, sort_keys=True, ensure_ascii=False)


def _integer(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)


def _decimal(value: float) -> Literal:
    return Literal(f"{value:.4f}".rstrip("0").rstrip("."), datatype=XSD.decimal)


def _title(suggestion: Suggestion) -> Literal:
    return Literal(f"Konsortium: {suggestion.enquiry.title}", lang="de")


def _describe_enquiry(graph: Graph, suggestion: Suggestion) -> None:
    """State the enquiry itself where it is not one of the graph's own."""
    enquiry = URIRef(suggestion.enquiry.iri)
    if enquiry.startswith(ID):
        return
    graph.add((enquiry, RDF.type, VB.Enquiry))
    graph.add((enquiry, SKOS.prefLabel, Literal(suggestion.enquiry.title, lang="de")))
    graph.add((enquiry, VB.direction, SCHEME["direction/inbound"]))
    for position, requirement in enumerate(suggestion.enquiry.requirements, 1):
        _describe_requirement(graph, enquiry, requirement, position)


def _describe_requirement(
    graph: Graph, enquiry: URIRef, requirement: Requirement, position: int
) -> None:
    node = URIRef(requirement.iri)
    graph.add((enquiry, VB.hasRequirement, node))
    graph.add((node, RDF.type, VB.Requirement))
    graph.add((node, VB.position, _integer(position)))
    graph.add((node, VB.requiredCompetence, URIRef(requirement.competence)))
    graph.add((node, VB.mandatory, Literal(requirement.is_mandatory)))
    if requirement.label:
        graph.add((node, SKOS.prefLabel, Literal(requirement.label, lang="de")))
    if requirement.step:
        graph.add((node, VB.requiredStep, URIRef(requirement.step)))
    for material in sorted(requirement.materials):
        graph.add((node, VB.requiredMaterial, URIRef(material)))
    for kind in sorted(requirement.certificate_types):
        graph.add((node, VB.requiredCertificateType, URIRef(kind)))
    for number, limit in enumerate(requirement.limits, 1):
        _describe_limit(graph, node, URIRef(f"{requirement.iri}-limit-{number}"), limit)


def _describe_limit(graph: Graph, owner: URIRef, node: URIRef, limit: Limit) -> None:
    graph.add((owner, VB.requiredLimit, node))
    graph.add((node, RDF.type, VB.Limit))
    graph.add((node, VB.dimension, URIRef(limit.dimension)))
    for bound, value in ((_SCHEMA.minValue, limit.minimum), (_SCHEMA.maxValue, limit.maximum)):
        if value is not None:
            graph.add((node, bound, _decimal(value)))


def _describe_run(graph: Graph, node: URIRef, suggestion: Suggestion, started_at: datetime) -> None:
    run = suggestion.run
    graph.add((node, RDF.type, PROV.Activity))
    graph.add((node, PROV.startedAtTime, Literal(started_at)))
    for name in ("reference-facts", "reference-judgements", "derived"):
        graph.add((node, PROV.used, GRAPH[name]))
    graph.add((node, VB.graphVersion, Literal(run.graph_version)))
    graph.add((node, VB.softwareVersion, Literal(run.software_version)))
    graph.add((node, VB.parameters, Literal(_parameters(suggestion))))


def _describe_member(graph: Graph, consortium: URIRef, node: URIRef, member: Member) -> None:
    graph.add((node, RDF.type, _ORG.Membership))
    graph.add((node, _ORG.organization, consortium))
    graph.add((node, _ORG.member, URIRef(member.organisation)))
    graph.add((node, _ORG.role, SCHEME[f"role/{'lead' if member.is_lead else 'member'}"]))


def _describe_assignment(
    graph: Graph, consortium: URIRef, node: URIRef, assignment: Assignment
) -> None:
    graph.add((node, RDF.type, VB.Assignment))
    graph.add((node, VB.inConsortium, consortium))
    graph.add((node, VB.forRequirement, URIRef(assignment.requirement)))
    graph.add((node, VB.usesClaim, URIRef(assignment.evidence.claim)))
    graph.add((node, VB.matchGrade, SCHEME[f"match-grade/{assignment.grade}"]))
    graph.add((node, VB.score, _decimal(assignment.score)))
    graph.add((node, VB.costKm, _integer(assignment.cost_km)))
    if assignment.evidence.source:
        graph.add((node, DCTERMS.source, URIRef(assignment.evidence.source)))


def _describe_gap(graph: Graph, consortium: URIRef, node: URIRef, gap: Gap) -> None:
    graph.add((node, RDF.type, VB.Gap))
    graph.add((node, VB.inConsortium, consortium))
    graph.add((node, VB.forRequirement, URIRef(gap.requirement)))
    graph.add((node, VB.reason, SCHEME[f"gap-reason/{gap.reason}"]))
