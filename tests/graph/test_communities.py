"""Communities and brokers, against networks whose answer is known."""

import json
import random
import subprocess
import sys
from datetime import date

import networkx as nx
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.communities import NETWORK, Standing, measure, network_quads
from graph.store import EmbeddedStore
from graph.vocabulary import VB

TWO_TRIANGLES = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "f"), ("f", "d")]
DAY = date(2025, 1, 1)
node = st.sampled_from("abcdefgh")
pairs = st.lists(st.tuples(node, node), max_size=20)


def test_two_triangles_on_a_bridge() -> None:
    network = measure(TWO_TRIANGLES)

    assert [community.members for community in network.communities] == [
        ("a", "b", "c"),
        ("d", "e", "f"),
    ]
    assert [community.centre for community in network.communities] == ["c", "d"]
    assert network.standings["a"] == Standing(0.0, 2, 1)
    # c is between a, b and d, e, f: 6 of the 10 pairs of others
    assert network.standings["c"] == Standing(0.6, 3, 2)


def test_star_falls_apart_without_its_centre() -> None:
    network = measure([("hub", leaf) for leaf in "abcd"])

    assert network.standings["hub"] == Standing(1.0, 4, 4)
    assert network.standings["a"] == Standing(0.0, 1, 1)


def test_nobody_is_a_network_too() -> None:
    network = measure([])

    assert (network.standings, network.communities) == ({}, ())


def test_entries_of_one_organisation_are_one() -> None:
    network = measure([("a", "b"), ("b2", "c"), ("b", "b2")], same=[("b", "b2"), ("b2", "b")])

    assert network.standings.keys() == {"a", "b", "c"}
    assert network.standings["b"] == Standing(1.0, 2, 2)


@given(pairs)
def test_parts_are_what_is_left_when_it_is_taken_out(edges: list[tuple[str, str]]) -> None:
    network = measure(edges)
    graph = nx.Graph((a, b) for a, b in edges if a != b)

    for name, standing in network.standings.items():
        without = graph.subgraph(nx.node_connected_component(graph, name) - {name})
        assert standing.parts == nx.number_connected_components(without)
        assert standing.partners == graph.degree(name)
        assert 0 <= standing.betweenness <= 1


@given(pairs, st.randoms())
def test_order_and_direction_do_not_matter(
    edges: list[tuple[str, str]], chance: random.Random
) -> None:
    shuffled = [pair if chance.random() < 0.5 else pair[::-1] for pair in edges]
    chance.shuffle(shuffled)

    assert measure(shuffled) == measure(edges)


@given(pairs)
def test_everybody_with_a_partner_is_in_one_community(edges: list[tuple[str, str]]) -> None:
    network = measure(edges)

    members = [name for community in network.communities for name in community.members]
    assert sorted(members) == sorted(network.standings)
    assert all(community.centre in community.members for community in network.communities)


def test_hash_of_texts_does_not_matter() -> None:
    code = (
        "import networkx as nx; from graph.communities import measure;"
        "edges = [(f'n{a}', f'n{b}') for a, b in nx.karate_club_graph().edges];"
        "print(measure(edges))"
    )
    answers = {
        subprocess.run(  # noqa: S603 (our own text)
            [sys.executable, "-c", code],
            env={"PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(answers) == 1
    assert "Community" in answers.pop()


def quad(subject: str, predicate: str, value: str) -> ox.Quad:
    nodes = (ox.NamedNode(f"http://example.org/{name}") for name in (subject, value))
    start, end = nodes
    return ox.Quad(start, ox.NamedNode(predicate), end, ox.NamedNode("http://example.org/g"))


def text(term: object) -> str:
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value


def test_every_entry_gets_the_standing() -> None:
    quads = [
        quad("a", VB.collaboratedWith, "b"),
        quad("b", VB.sameOrganisationAs, "b2"),
    ]

    found = network_quads(quads, "v1", today=DAY)

    measured = {text(q.subject) for q in found if q.predicate.value == str(VB.numberOfPartners)}
    assert measured == {f"http://example.org/{name}" for name in ("a", "b", "b2")}
    members = {text(q.subject) for q in found if q.predicate.value == str(VB.inCommunity)}
    assert members == measured


def test_run_can_be_repeated_from_what_it_says() -> None:
    quads = [quad("a", VB.collaboratedWith, "b")]

    first, second = (network_quads(quads, "v1", today=DAY) for _ in range(2))

    assert first == second
    said = {q.predicate.value: q.object for q in first if text(q.subject).endswith("run-network")}
    assert said[str(VB.graphVersion)] == ox.Literal("v1")
    parameters = said[str(VB.parameters)]
    assert isinstance(parameters, ox.Literal)
    assert json.loads(parameters.value)["networkx"] == nx.__version__


def test_reference_graph_holds_its_measured_network(reference: EmbeddedStore) -> None:
    measured = set(reference.engine.quads_for_pattern(None, None, None, NETWORK))
    others = [
        quad
        for quad in reference.engine.quads_for_pattern(None, None, None, None)
        if quad.graph_name not in (NETWORK, ox.DefaultGraph())
    ]
    days = {text(q.object)[:10] for q in measured if q.predicate.value.endswith("startedAtTime")}

    again = network_quads(others, reference.version, today=date.fromisoformat(days.pop()))

    assert measured == set(again)
    assert len(measured) > 100


@pytest.mark.parametrize("predicate", [VB.betweenness, VB.numberOfPartners, VB.partsWithout])
def test_who_has_no_partner_is_not_measured(predicate: str, reference: EmbeddedStore) -> None:
    rows = reference.select(
        f"SELECT ?o {{ ?o <{predicate}> ?v FILTER NOT EXISTS {{ ?o <{VB.collaboratedWith}> ?p }} "
        f"FILTER NOT EXISTS {{ ?o <{VB.sameOrganisationAs}> ?s }} }}"
    )

    assert rows == []
