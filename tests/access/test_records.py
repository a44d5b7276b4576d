"""Records: changes with conditions, applied by the writer."""

from pathlib import Path

import pytest
from rdflib import BNode, Literal, URIRef
from rdflib.namespace import DCTERMS, ORG, RDF, SKOS

from graph.errors import VersionConflictError
from graph.records import RecordGraph, Triple, change, mint, tag_of, unchanged_since
from graph.store import EmbeddedStore, Visibility
from graph.vocabulary import SCHEME, VB
from graph.writing import Receipt, write

NOTES = RecordGraph("notes", (("de", "Notizen"), ("en", "Notes")))
WITH_QUOTES = 'Sägen "nach Maß" \\ \n'


def company(node: URIRef, name: str) -> list[Triple]:
    return [
        (node, RDF.type, VB.Company),
        (node, SKOS.prefLabel, Literal(name, lang="de")),
        (node, ORG.classification, SCHEME["organisation-kind/company"]),
        (node, DCTERMS.source, URIRef("http://example.org/records")),
    ]


def added(home: Path, node: URIRef, name: str) -> Receipt:
    return write(home, change(NOTES, add=company(node, name)))


def reading(home: Path) -> EmbeddedStore:
    return EmbeddedStore(home, Visibility.INTERNAL)


def test_a_change_makes_and_describes_the_graph(home: Path) -> None:
    node = mint("org")
    receipt = added(home, node, WITH_QUOTES)
    assert receipt.created == (str(NOTES.iri),)
    [row] = reading(home).select(f"SELECT ?name {{ <{node}> <{SKOS.prefLabel}> ?name }}")
    assert row["name"] == Literal(WITH_QUOTES, lang="de")
    assert str(NOTES.iri) not in EmbeddedStore(home, Visibility.PARTNERS).graphs()


def test_a_tag_lets_a_change_pass_once(home: Path) -> None:
    node = mint("org")
    added(home, node, "Eins GmbH")
    store = reading(home)
    tag = tag_of(store, node, NOTES)
    condition = unchanged_since(store, node, NOTES, tag)
    renamed = (node, SKOS.prefLabel, Literal("Zwei GmbH", lang="de"))
    first = change(
        NOTES,
        add=[renamed],
        remove=[(node, SKOS.prefLabel, Literal("Eins GmbH", lang="de"))],
        condition=condition,
    )
    write(home, first)
    assert tag_of(reading(home), node, NOTES) != tag
    with pytest.raises(VersionConflictError):
        write(home, first)
    with pytest.raises(VersionConflictError):
        unchanged_since(reading(home), node, NOTES, tag)


def test_what_points_at_a_record_belongs_to_it(home: Path) -> None:
    node, other = mint("org"), mint("org")
    added(home, node, "Eins GmbH")
    store = reading(home)
    condition = unchanged_since(store, node, NOTES, tag_of(store, node, NOTES))
    write(home, change(NOTES, add=[*company(other, "Zwei GmbH"), (other, DCTERMS.relation, node)]))
    note = (node, SKOS.altLabel, Literal("E", lang="de"))
    stale = change(NOTES, add=[note], condition=condition)
    with pytest.raises(VersionConflictError):
        write(home, stale)


def test_a_change_of_another_record_does_not_disturb(home: Path) -> None:
    node = mint("org")
    added(home, node, "Eins GmbH")
    store = reading(home)
    condition = unchanged_since(store, node, NOTES, tag_of(store, node, NOTES))
    added(home, mint("org"), "Zwei GmbH")
    note = (node, SKOS.altLabel, Literal("E", lang="de"))
    assert write(home, change(NOTES, add=[note], condition=condition)).added == 1


def test_what_is_not_there_yet_has_a_tag_too(home: Path) -> None:
    node = mint("org")
    store = reading(home)
    condition = unchanged_since(store, node, NOTES, tag_of(store, node, NOTES))
    first = change(NOTES, add=company(node, "Eins GmbH"), condition=condition)
    write(home, first)
    with pytest.raises(VersionConflictError):
        write(home, first)


def test_blank_nodes_are_refused() -> None:
    with pytest.raises(TypeError, match="no blank nodes"):
        change(NOTES, add=[(BNode(), RDF.type, VB.Company)])
