"""A suggestion as linked data conforms to the shapes and says what the engine found."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef

from api.asking import Answered, Asked, ask, from_competences, from_graph
from graph.auditing import audit_files
from graph.exporting import consortium_graph
from graph.settings import Settings
from graph.store import EmbeddedStore
from graph.validation import Severity
from graph.vocabulary import VB

WHEN = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def answered(store: EmbeddedStore, asked: Asked) -> Answered:
    return ask(store, asked, settings=Settings(reference_year=2026))


@pytest.mark.parametrize("enquiry", ["E03", "E05", "E26"])
def test_export_conforms_to_the_shapes(
    reference: EmbeddedStore, tmp_path: Path, enquiry: str
) -> None:
    graph = consortium_graph(answered(reference, from_graph(enquiry)).suggestion, WHEN)
    path = tmp_path / "consortium.ttl"
    graph.serialize(path, format="turtle")

    findings = audit_files(reference, [path], "de")

    assert [f for f in findings if f.severity is Severity.VIOLATION] == []


def test_shapes_notice_a_missing_assignment(reference: EmbeddedStore, tmp_path: Path) -> None:
    graph = consortium_graph(answered(reference, from_graph("E26")).suggestion, WHEN)
    assignment = next(graph.subjects(RDF.type, VB.Assignment))
    graph.remove((assignment, None, None))
    path = tmp_path / "consortium.ttl"
    graph.serialize(path, format="turtle")

    findings = audit_files(reference, [path], "de")

    assert any(f.severity is Severity.VIOLATION for f in findings)


def test_every_requirement_is_assigned_or_a_gap(reference: EmbeddedStore) -> None:
    found = answered(reference, from_graph("E03")).suggestion
    graph = consortium_graph(found, WHEN)

    accounted = set(graph.objects(None, VB.forRequirement))
    assert accounted == {URIRef(r.iri) for r in found.enquiry.requirements}
    assert len(set(graph.subjects(RDF.type, VB.Gap))) == 1


def test_enquiry_of_words_is_described_in_the_export(reference: EmbeddedStore) -> None:
    found = answered(reference, from_competences(["Drehen", "Härten"])).suggestion
    graph = consortium_graph(found, WHEN)

    assert len(set(graph.objects(None, VB.requiredCompetence))) == 2
    assert len(set(graph.subjects(RDF.type, VB.Enquiry))) == 1


def test_same_question_has_the_same_identifiers(reference: EmbeddedStore) -> None:
    first = consortium_graph(answered(reference, from_graph("E05")).suggestion, WHEN)
    again = consortium_graph(answered(reference, from_graph("E05")).suggestion, WHEN)
    other = consortium_graph(answered(reference, from_graph("E07")).suggestion, WHEN)

    assert set(first) == set(again)
    consortia = [set(g.subjects(RDF.type, VB.Consortium)) for g in (first, other)]
    assert consortia[0].isdisjoint(consortia[1])


def test_turtle_reads_back(reference: EmbeddedStore) -> None:
    graph = consortium_graph(answered(reference, from_graph("E05")).suggestion, WHEN)

    assert set(Graph().parse(data=graph.serialize(format="turtle"))) == set(graph)
