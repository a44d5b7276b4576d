"""What the documentation shows is valid, and would be found if it were not."""

import re
from pathlib import Path

import pytest
from rdflib import DCTERMS, RDF, Graph, URIRef

from graph.resources import ontology_texts
from graph.validation import Finding, shapes_graph
from graph.validators import FastValidator
from graph.vocabulary import PREFIXES, VB

PAGE = (Path(__file__).parents[2] / "docs" / "how-to-model.md").read_text(encoding="utf-8")
BLOCKS = dict(re.findall(r"^```turtle (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
EXAMPLES = [name for name in BLOCKS if name != "prefixes"]


@pytest.fixture(scope="module")
def validator() -> FastValidator:
    return FastValidator(shapes_graph())


@pytest.fixture(scope="module")
def surroundings() -> Graph:
    """The ontology and the one district that the examples name."""
    graph = Graph()
    for _, text in ontology_texts():
        graph.parse(data=text, format="turtle")
    district = URIRef("http://dcat-ap.de/def/politicalGeocoding/districtKey/16053")
    graph.add((district, RDF.type, VB.District))
    return graph


def example(*names: str) -> Graph:
    text = "\n".join(BLOCKS[name] for name in ("prefixes", *names))
    return Graph().parse(data=text, format="turtle")


def findings(validator: FastValidator, graph: Graph, surroundings: Graph) -> list[Finding]:
    nodes = {str(node) for node in graph.subjects()}
    return validator.validate(surroundings + graph, focus=nodes, language="en")


def test_the_four_things_are_shown() -> None:
    assert {"company", "claim", "project", "enquiry"} <= set(EXAMPLES)


def test_every_block_is_tested() -> None:
    assert PAGE.count("```turtle") == len(BLOCKS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_is_valid(name: str, validator: FastValidator, surroundings: Graph) -> None:
    everything = example(*dict.fromkeys(["company", name]))

    assert findings(validator, everything, surroundings) == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_without_its_source_is_found(
    name: str, validator: FastValidator, surroundings: Graph
) -> None:
    graph = example(name)
    graph.remove((None, DCTERMS.source, None))

    found = findings(validator, graph, surroundings)

    # an enquiry may have come by a channel instead
    lacking = ("source", "enquiry-known-from")
    assert any(finding.shape.endswith(lacking) for finding in found), found


def test_prefixes_are_those_of_the_house() -> None:
    bound = dict(re.findall(r"@prefix (\S+): <(\S+)>", BLOCKS["prefixes"]))
    bound.pop("competence")

    assert bound.items() <= PREFIXES.items()
