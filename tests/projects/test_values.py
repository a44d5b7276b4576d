"""The words of the code are the concepts of the schemes."""

from enum import StrEnum

import pytest
from rdflib import RDF, SKOS, Graph, URIRef

from graph.projects import CostCategory, MilestoneKind, Phase, ResearchCategory
from graph.projects.rates import RATES
from graph.resources import ontology_texts
from graph.vocabulary import SCHEME

TEXTS = dict(ontology_texts())


def slugs(scheme: str) -> set[str]:
    graph = Graph().parse(data=TEXTS[f"schemes/{scheme}"], format="turtle")
    found = graph.subjects(SKOS.inScheme, URIRef(SCHEME[scheme]))
    return {str(concept).rpartition("/")[2] for concept in found}


@pytest.mark.parametrize(
    ("words", "scheme"),
    [
        (Phase, "project-phase"),
        (MilestoneKind, "milestone-kind"),
        (CostCategory, "cost-category"),
        (ResearchCategory, "research-category"),
    ],
)
def test_words_are_the_concepts_of_their_scheme(words: type[StrEnum], scheme: str) -> None:
    assert {word.value for word in words} == slugs(scheme)


def test_every_rate_of_the_scheme_is_known() -> None:
    """A rate that a table names and that nothing checks would pass unseen."""
    graph = Graph().parse(data=TEXTS["schemes/criterion-kind"], format="turtle")
    kinds = {str(c).rpartition("/")[2] for c in graph.subjects(RDF.type, SKOS.Concept)}

    assert {kind for kind in kinds if "-rate-" in kind} - RATES.keys() == set()
