"""Fixtures of the ontology's tests."""

import pytest
from rdflib import Graph

from graph.resources import ontology_texts


@pytest.fixture(scope="session")
def ontology() -> Graph:
    """Everything of ``ontology/`` but the alignments; read it, don't change it."""
    graph = Graph()
    for _, text in ontology_texts():
        graph.parse(data=text, format="turtle")
    return graph
