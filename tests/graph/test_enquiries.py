"""Enquiries of the graph and of documents."""

import pytest

from graph.enquiries import find_enquiry, parse_enquiry, read_enquiries
from graph.errors import EnquiryError, SourceFormatError, UnknownEnquiryError
from graph.store import EmbeddedStore

PREFIXES = """
@prefix vb: <https://w3id.org/verbund/def#> .
@prefix comp: <https://w3id.org/verbund/scheme/competence/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix dim: <https://w3id.org/verbund/scheme/dimension/> .
@prefix ex: <https://example.org/> .
"""


def test_requirements_come_in_the_order_of_the_tender(reference: EmbeddedStore) -> None:
    enquiry = find_enquiry(reference, "E05")

    assert [r.label for r in enquiry.requirements] == [
        "Stahlbau",
        "Schweißen",
        "CNC-Fräsen",
        "Oberflächenbeschichtung",
        "Koordinatenmessen",
        "Baugruppenmontage",
        "Lieferlogistik",
    ]


@pytest.mark.parametrize(
    "word",
    [
        "E05",
        "e05 ",
        "DESY Teleskop-Tragstruktur CTA-MST",
        "https://w3id.org/verbund/id/enquiry-e05",
    ],
)
def test_found_by_number_title_and_iri(reference: EmbeddedStore, word: str) -> None:
    assert find_enquiry(reference, word).iri == "https://w3id.org/verbund/id/enquiry-e05"


def test_unknown_enquiry(reference: EmbeddedStore) -> None:
    with pytest.raises(UnknownEnquiryError, match="E99"):
        find_enquiry(reference, "E99")


def test_every_enquiry_names_its_source(reference: EmbeddedStore) -> None:
    enquiries = read_enquiries(reference)

    assert len(enquiries) == 10
    assert all(e.source.startswith("http") for e in enquiries.values())


def test_document_with_conditions() -> None:
    enquiry = parse_enquiry(
        PREFIXES
        + """
        ex:e a vb:Enquiry ; skos:prefLabel "Welle"@de , "Shaft"@en .
        ex:e vb:hasRequirement ex:r2, ex:r1 .
        ex:r1 vb:requiredCompetence comp:drehen ; vb:position 1 ; vb:requiredLimit ex:l .
        ex:l vb:dimension dim:workpiece-length ; schema:maxValue 800.0 .
        ex:r2 vb:requiredCompetence comp:haerten ; vb:position 2 ; vb:mandatory false .
        """,
        "turtle",
        "en",
    )

    assert enquiry.title == "Shaft"
    assert [r.iri for r in enquiry.requirements] == [
        "https://example.org/r1",
        "https://example.org/r2",
    ]
    assert enquiry.requirements[0].limits[0].maximum == 800.0
    assert [r.is_mandatory for r in enquiry.requirements] == [True, False]


@pytest.mark.parametrize(
    ("text", "error", "reason"),
    [
        ("ex:e a", SourceFormatError, "not turtle"),
        (PREFIXES, SourceFormatError, "0 found"),
        (
            PREFIXES + 'ex:e a vb:Enquiry ; skos:prefLabel "leer"@de .',
            EnquiryError,
            "no requirement",
        ),
    ],
)
def test_document_that_is_no_enquiry(text: str, error: type[Exception], reason: str) -> None:
    with pytest.raises(error, match=reason):
        parse_enquiry(text, "turtle")
