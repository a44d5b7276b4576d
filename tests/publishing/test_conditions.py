"""A condition of use that prohibits passing data on is honoured by every way out (ODRL)."""

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from graph.resources import ontology_texts
from graph.store import EmbeddedStore, Visibility, publish
from graph.visibility import META, POLICY, levels, parts
from graph.vocabulary import GRAPH, SCHEME

from .conftest import HERE, VERSION, application
from .test_policy import CANARY, asked, shown, unpacked

NOTES = ox.NamedNode(GRAPH["canary-notes"])
ONTOLOGY = ox.NamedNode(GRAPH["ontology"])
RIGHTS = ox.NamedNode("http://purl.org/dc/terms/accessRights")
PUBLIC = ox.NamedNode("http://publications.europa.eu/resource/authority/access-right/PUBLIC")


def condition(slug: str) -> ox.NamedNode:
    return ox.NamedNode(SCHEME[f"use-condition/{slug}"])


def landscape(*policies: ox.NamedNode) -> ox.Store:
    """Source graphs; with policies also notes that say of themselves that they are public."""
    store = ox.Store()
    store.load(path=str(HERE / "landscape.trig"))
    store.load(
        dict(ontology_texts())["schemes/use-condition"], ox.RdfFormat.TURTLE, to_graph=ONTOLOGY
    )
    if policies:
        store.load(path=str(HERE / "internal.trig"))
        for quad in list(store.quads_for_pattern(NOTES, RIGHTS, None, META)):
            store.remove(quad)
        store.add(ox.Quad(NOTES, RIGHTS, PUBLIC, META))
        store.extend(ox.Quad(NOTES, POLICY, policy, META) for policy in policies)
    return store


@pytest.fixture(scope="module")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, TestClient]]:
    """The public side of a house without notes, with notes to name, and with notes to keep."""
    made = {
        "without": landscape(),
        "named": landscape(condition("attribution")),
        "kept": landscape(condition("attribution"), condition("no-distribution")),
    }
    opened: dict[str, TestClient] = {}
    for name, sources in made.items():
        home: Path = tmp_path_factory.mktemp(name)
        publish(home, parts(sources, VERSION), VERSION)
        opened[name] = TestClient(application(EmbeddedStore(home)), follow_redirects=False)
        opened[name].__enter__()
    yield opened
    for client in opened.values():
        client.__exit__()


def test_what_must_not_be_passed_on_leaves_by_no_way(houses: dict[str, TestClient]) -> None:
    kept, without = dict(asked(houses["kept"])), dict(asked(houses["without"]))

    assert set(kept) == set(without)
    for name, answer in kept.items():
        if "dump" not in name and "catalog" not in name:  # hold names and sums of files
            assert shown(name, answer) == shown(name, without[name]), name
        elif CANARY not in str(answer.request.url):
            text = unpacked(name, answer.content).decode("utf-8", "replace")
            assert CANARY not in text.lower(), name


def test_the_same_ways_show_what_may_be_passed_on(houses: dict[str, TestClient]) -> None:
    seen = {name for name, answer in asked(houses["named"]) if CANARY in answer.text.lower()}

    assert {"/catalog.nt", "/feed?after=0", "/dumps", "void", "service"} <= seen
    assert {"/de/organisations", "/data/id/project-laser.nt"} <= seen


@pytest.mark.parametrize("path", ["/catalog.nt", "/.well-known/void", "/sparql"])
def test_catalogues_state_the_conditions(houses: dict[str, TestClient], path: str) -> None:
    said = houses["named"].get(path, headers={"Accept": "application/n-triples"})

    line = f"{POLICY} {condition('attribution')}"
    assert line in said.text
    assert line not in houses["without"].get(path).text


def test_downloads_state_the_conditions(houses: dict[str, TestClient]) -> None:
    client, wanted = houses["named"], condition("attribution").value
    index = client.get("/dumps").json()

    by_content = {file["content"]: file["conditions"] for file in index["files"]}
    assert by_content["canary-notes"] == by_content["all"] == [wanted]
    assert by_content["ontology"] == []
    assert f"condition: {wanted}" in client.get(index["licence"]).text
    page = client.get("/en/dumps").text
    assert (
        '<a class="small" href="/en/resources/scheme/use-condition/attribution">attribution</a>'
        in page
    )
    assert (
        wanted.removeprefix("https://w3id.org/verbund")
        in client.get("/de/resources/graph/canary-notes").text
    )


@pytest.mark.parametrize(
    ("policies", "level"),
    [
        ((condition("attribution"), condition("non-commercial")), Visibility.PUBLIC),
        ((condition("no-distribution"),), Visibility.INTERNAL),
        ((condition("attribution"), condition("no-distribution")), Visibility.INTERNAL),
        ((ox.NamedNode("https://partner.example/terms"),), Visibility.INTERNAL),
    ],
)
def test_visibility_of_a_graph_with_conditions(
    policies: tuple[ox.NamedNode, ...], level: Visibility
) -> None:
    assert levels(landscape(*policies))[NOTES.value] is level


@pytest.mark.parametrize(
    ("rule", "level"),
    [
        ("odrl:prohibition [ odrl:action odrl:use ]", Visibility.INTERNAL),
        ("odrl:prohibition [ a odrl:Prohibition ]", Visibility.INTERNAL),
        ('odrl:prohibition "all"', Visibility.INTERNAL),
        ("odrl:prohibition [ odrl:action odrl:derive ]", Visibility.PUBLIC),
    ],
)
def test_prohibitions_are_read_from_the_ontology(rule: str, level: Visibility) -> None:
    policy = ox.NamedNode("urn:p")
    text = f"PREFIX odrl: <http://www.w3.org/ns/odrl/2/> <urn:p> a odrl:Set ; {rule} ."
    stated, planted = landscape(policy), landscape(policy)
    stated.load(text, ox.RdfFormat.TURTLE, to_graph=ONTOLOGY)
    planted.load(text, ox.RdfFormat.TURTLE, to_graph=NOTES)

    assert levels(stated)[NOTES.value] is level
    assert levels(planted)[NOTES.value] is Visibility.INTERNAL
