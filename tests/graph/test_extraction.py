"""What is cut out shows the same faults as the whole."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import Graph

from graph.extraction import extract
from graph.resources import shape_texts
from graph.validation import Finding, data_graph, validate
from graph.vocabulary import ID, VB

CASES = sorted((Path(__file__).parent.parent / "shapes").glob("*/*.ttl"))
PROFILES = {name: Graph().parse(data=text, format="turtle") for name, text in shape_texts()}


def loaded(case: Path, target: NamedNode | DefaultGraph) -> Store:
    store = Store()
    for quad in parse(path=case, format=RdfFormat.TURTLE):
        store.add(Quad(quad.subject, quad.predicate, quad.object, target))
    return store


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_parts_show_together_what_the_whole_shows(case: Path) -> None:
    store = loaded(case, DefaultGraph())
    shapes = PROFILES[case.parent.name]
    terms = {term for quad in store for term in (quad.subject, quad.object)}
    nodes = sorted(term.value for term in terms if isinstance(term, NamedNode))

    found: set[Finding] = set()
    for part in (nodes[::2], nodes[1::2]):
        found |= set(validate(extract(store, part), shapes, focus=part))

    assert found == set(validate(data_graph(store), shapes))


def test_named_graphs_are_reached_in_union_only() -> None:
    case = next(path for path in CASES if path.name == "valid.complete.ttl")
    store = loaded(case, NamedNode("urn:x:graph"))

    assert len(extract(store, [ID["claim-a"]])) == 0
    assert len(extract(store, [ID["claim-a"]], union=True)) > 0


def test_the_rest_of_the_graph_stays_out() -> None:
    store = Store()
    links = NamedNode(VB.relates)
    one, two, three, four = (NamedNode(ID[name]) for name in ("one", "two", "three", "four"))
    store.extend([Quad(one, links, two), Quad(two, links, three), Quad(three, links, four)])

    cut = extract(store, [one.value])

    assert {str(subject) for subject in cut.subjects()} == {one.value, two.value}


def test_extraction_leaves_the_store_alone() -> None:
    store = loaded(CASES[0], DefaultGraph())
    before = set(store)

    extract(store, [ID["claim-a"]])

    assert set(store) == before
