"""One example of each kind of thing, down to the triple, read against the tables by hand."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.loading import Loaded

EXAMPLES = sorted((Path(__file__).parent / "examples").glob("*.nt"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_graph_says_of_each_example_what_its_rows_say(loaded: Loaded, path: Path) -> None:
    expected = {quad.triple for quad in parse(path.read_bytes(), RdfFormat.N_TRIPLES)}
    (subject,) = {triple.subject for triple in expected}

    assert isinstance(subject, NamedNode)
    found: set[Triple] = {
        quad.triple for quad in loaded.store.quads_for_pattern(subject, None, None)
    }
    assert found == expected


def test_there_is_an_example_of_each_class_that_the_tables_describe(loaded: Loaded) -> None:
    is_a = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    ontology = NamedNode("https://w3id.org/verbund/graph/ontology")
    classes = {
        quad.object
        for quad in loaded.store.quads_for_pattern(None, is_a, None)
        if quad.graph_name != ontology
    }
    shown = {
        quad.object
        for path in EXAMPLES
        for quad in parse(path.read_bytes(), RdfFormat.N_TRIPLES)
        if quad.predicate == is_a
    }

    assert classes - shown == set()
