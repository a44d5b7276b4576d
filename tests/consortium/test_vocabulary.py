"""The words of an answer are concepts of the schemes, and the other way round."""

from enum import StrEnum

import pytest
from rdflib import RDF, SKOS, Graph

from graph.consortium.answer import GapReason, Status
from graph.matching import Grade
from graph.resources import ontology_texts


@pytest.mark.parametrize(
    ("scheme", "words"),
    [("gap-reason", GapReason), ("proof-status", Status), ("match-grade", Grade)],
)
def test_words_are_the_concepts_of_the_scheme(scheme: str, words: type[StrEnum]) -> None:
    graph = Graph().parse(data=dict(ontology_texts())[f"schemes/{scheme}"], format="turtle")

    concepts = {str(c).rpartition("/")[2] for c in graph.subjects(RDF.type, SKOS.Concept)}

    assert concepts == {word.value for word in words}
