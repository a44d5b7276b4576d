"""Filling a server, and reading it while it is filled again."""

import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import QuerySyntaxError, StoreUnavailableError
from graph.store import EmbeddedStore, Visibility, publish
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm
from graph.store.remote import Endpoint, RemoteStore, naming, push
from graph.store.remote.results import parse
from graph.vocabulary import GRAPH

VALUE = "SELECT ?o WHERE { <http://example.org/s> <http://example.org/p> ?o }"


def generation(home: Path, version: str, *values: str, graph: str = "facts") -> EmbeddedStore:
    subject, predicate = ox.NamedNode("http://example.org/s"), ox.NamedNode("http://example.org/p")
    quads = [
        ox.Quad(subject, predicate, ox.Literal(value), ox.NamedNode(GRAPH[graph]))
        for value in values
    ]
    quads.append(
        ox.Quad(
            subject, predicate, ox.NamedNode("http://example.org/o"), ox.NamedNode(GRAPH["meta"])
        )
    )
    publish(home, {Visibility.PUBLIC: quads}, version)
    return EmbeddedStore(home)


def values(store: RemoteStore) -> set[str]:
    return {str(row["o"]) for row in store.select(VALUE)} - {"http://example.org/o"}


def all_graphs(endpoint: Endpoint) -> set[str]:
    query = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"
    reply = endpoint.query(query, QueryForm.SELECT, Dataset())
    return {str(row["g"]) for row in parse(reply).rows()}


def test_base_is_that_of_the_vocabulary() -> None:
    assert str(GRAPH) == naming.BASE


def test_empty_server_says_what_to_do(server: Endpoint) -> None:
    with pytest.raises(StoreUnavailableError, match="verbund push"):
        RemoteStore(server)


def test_new_version_takes_over_and_old_readers_keep_theirs(
    server: Endpoint, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first = generation(home, "v1", "a", "b", graph="old")
    assert push(first, server).was_pushed
    assert not push(first, server).was_pushed
    reader = RemoteStore(server, refresh_s=0.01)

    push(generation(home, "v2", "c"), server, batch=1)

    assert (reader.version, values(reader)) == ("v1", {"a", "b"})
    newest = until_newer(reader)
    assert (newest.version, values(newest)) == ("v2", {"c"})
    assert newest.graphs() == (str(GRAPH["facts"]), str(GRAPH["meta"]))

    push(generation(home, "v3", "d"), server)
    time.sleep(0.02)

    with pytest.raises(StoreUnavailableError, match="no longer"):
        values(reader)
    assert values(until_newer(newest)) == {"d"}
    assert all_graphs(server) == {
        *(str(GRAPH[name]) for name in ("facts", "meta", "served/public")),
        *(str(GRAPH[f"merged/public/{version}"]) for version in ("v2", "v3")),
    }


def until_newer(store: RemoteStore) -> RemoteStore:
    limit = time.monotonic() + 10
    while store.latest() is store:
        assert time.monotonic() < limit, "the new version is not seen"
        time.sleep(0.01)
    return store.latest()


def test_same_version_can_be_sent_again(server: Endpoint, tmp_path: Path) -> None:
    store = generation(tmp_path / "home", "v1", "a")
    push(store, server)
    reader = RemoteStore(server, refresh_s=0.01)
    server.update(f"DROP GRAPH <{GRAPH['facts']}>")

    for _ in range(3):
        assert push(store, server, force=True).was_pushed

    assert values(RemoteStore(server)) == {"a"}
    assert str(GRAPH["facts"]) in all_graphs(server)
    assert values(until_newer(reader)) == {"a"}


def test_blank_nodes_become_names(server: Endpoint, tmp_path: Path) -> None:
    graph = ox.NamedNode(GRAPH["facts"])
    predicate = ox.NamedNode("http://example.org/p")
    node = ox.BlankNode("n1")
    quads = [
        ox.Quad(node, predicate, ox.Literal("x"), graph),
        ox.Quad(graph, predicate, node, graph),
    ]
    publish(tmp_path / "home", {Visibility.PUBLIC: quads}, "v1")

    push(EmbeddedStore(tmp_path / "home"), server, batch=1)

    found = RemoteStore(server).select("SELECT ?o WHERE { ?g ?p ?n . ?n ?q ?o }")
    assert [str(row["o"]) for row in found] == ["x"]


def test_push_that_broke_off_is_not_read_and_can_be_repeated(
    server: Endpoint, tmp_path: Path
) -> None:
    store = generation(tmp_path / "home", "v1", "a")
    push(store, server)
    server.update(f"DROP GRAPH <{GRAPH['served/public']}>")

    with pytest.raises(StoreUnavailableError, match="being filled"):
        RemoteStore(server)
    push(store, server)

    assert values(RemoteStore(server)) == {"a"}


def test_push_that_fails_leaves_what_answers(server: Endpoint, tmp_path: Path) -> None:
    home = tmp_path / "home"
    push(generation(home, "v1", "a"), server)
    deaf = Endpoint(server.url, server.url)  # updates go to the address of queries

    with pytest.raises((StoreUnavailableError, QuerySyntaxError)):
        push(generation(home, "v2", "b"), deaf)

    assert values(RemoteStore(server)) == {"a"}


def test_store_without_the_statements_is_not_exchanged(
    server: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    push(generation(home, "v1", "a"), server)
    sent = Endpoint.update

    def forgetful(endpoint: Endpoint, text: str) -> None:
        if '"b"' not in text:
            sent(endpoint, text)

    monkeypatch.setattr(Endpoint, "update", forgetful)

    with pytest.raises(StoreUnavailableError, match="keeps 2 of 3 statements"):
        push(generation(home, "v2", "b", "c"), server, batch=1)

    assert values(RemoteStore(server)) == {"a"}
