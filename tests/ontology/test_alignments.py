"""Alignments link our terms outwards, weakly, and leave nothing of their kind out."""

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import RDFS, SKOS, Graph, URIRef

from graph.resources import ontology_texts
from graph.vocabulary import BASE, SCHEME, VB

FOLDER = Path(__file__).parent.parent.parent / "ontology" / "alignments"
FILES = sorted(FOLDER.glob("*.ttl"))
LINKS = {str(RDFS.seeAlso), *(f"{SKOS}{kind}Match" for kind in ("exact", "close", "broad"))}
each = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


def links(file: Path) -> list[Triple]:
    quads = parse(path=file, format=RdfFormat.TURTLE)
    return [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]


def iri(term: object) -> str:
    return str(term).removeprefix("<").removesuffix(">")


@each
def test_links_start_at_terms_of_ours(file: Path, ontology: Graph) -> None:
    starts = {iri(link.subject) for link in links(file)}

    assert {start for start in starts if (URIRef(start), None, None) not in ontology} == set()
    assert starts


@each
def test_links_lead_out(file: Path) -> None:
    assert {iri(link.object) for link in links(file) if iri(link.object).startswith(BASE)} == set()


@each
def test_links_claim_no_more_than_they_know(file: Path) -> None:
    """No subclass or equivalence with definitions that are not ours."""
    assert {iri(link.predicate) for link in links(file)} <= LINKS


def test_alignments_are_not_loaded() -> None:
    assert [name for name, _ in ontology_texts() if "alignments" in name] == []
    assert FILES


def test_every_din_number_is_aligned(ontology: Graph) -> None:
    numbered = {
        str(concept)
        for concept, number in ontology.subject_objects(SKOS.notation)
        if getattr(number, "datatype", None) == VB.din8580
    }

    assert {iri(link.subject) for link in links(FOLDER / "din8580.ttl")} == numbered


def test_every_economic_activity_is_aligned_by_its_code(ontology: Graph) -> None:
    codes = {
        str(concept): str(ontology.value(concept, SKOS.notation))
        for concept in ontology.subjects(SKOS.inScheme, URIRef(SCHEME["wz2008"]))
    }

    assert {iri(link.subject): iri(link.object) for link in links(FOLDER / "nace.ttl")} == {
        concept: f"http://data.europa.eu/ux2/nace2/{code.replace('.', '')}"
        for concept, code in codes.items()
    }
