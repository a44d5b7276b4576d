"""The dataset that a request gives to an update."""

import pyoxigraph as ox
import pytest

from graph.errors import QueryRefusedError, QuerySyntaxError
from graph.store.updates import check_update, with_dataset

A, B, OUT = "urn:g:a", "urn:g:b", "urn:g:out"
COPY = f"INSERT {{ GRAPH <{OUT}> {{ ?s <urn:p> ?o }} }} WHERE {{ ?s <urn:p> ?o }}"


@pytest.fixture
def store() -> ox.Store:
    """One statement in each of two graphs, and one in the default graph."""
    found = ox.Store()
    found.update(
        f"INSERT DATA {{ <urn:d> <urn:p> 0 GRAPH <{A}> {{ <urn:a> <urn:p> 1 }} "
        f"GRAPH <{B}> {{ <urn:b> <urn:p> 2 }} }}"
    )
    return found


def copied(store: ox.Store, text: str) -> set[str]:
    check_update(text)
    store.update(text)
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(OUT))
    return {str(quad.subject) for quad in quads}


def test_without_a_dataset_an_update_stays_as_it_is() -> None:
    assert with_dataset("this is no update", [], []) == "this is no update"


@pytest.mark.parametrize(
    ("default", "expected"), [([A], {"<urn:a>"}), ([A, B], {"<urn:a>", "<urn:b>"})]
)
def test_patterns_look_at_the_default_graphs(
    store: ox.Store, default: list[str], expected: set[str]
) -> None:
    assert copied(store, with_dataset(COPY, default, [])) == expected


def test_named_graphs_are_those_given(store: ox.Store) -> None:
    text = f"INSERT {{ GRAPH <{OUT}> {{ ?s <urn:in> ?g }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"

    assert copied(store, with_dataset(text, [], [B])) == {"<urn:b>"}


def test_each_operation_gets_the_dataset(store: ox.Store) -> None:
    more = COPY.replace("INSERT", "DELETE { <urn:d> <urn:p> 'é' } INSERT").replace("?s <", "?s<")
    text = f"# été\n{more} ;\nINSERT DATA {{ GRAPH <{OUT}> {{ <urn:c> <urn:p> 3 }} }} ;\n{COPY};"

    assert copied(store, with_dataset(text, [A], [])) == {"<urn:a>", "<urn:c>"}


def test_delete_where_looks_there_too(store: ox.Store) -> None:
    text = f"DELETE WHERE {{ GRAPH <{A}> {{ ?s ?p ?o }} }}"
    store.update(with_dataset(text, [], [B]))
    assert len(store) == 3, "graph a is not among the named ones"
    store.update(with_dataset(text, [], [A]))
    assert len(store) == 2


@pytest.mark.parametrize(
    "text",
    [
        COPY.replace(" WHERE", f" USING <{B}> WHERE"),
        COPY.replace(" WHERE", f" using named <{B}> WHERE"),
        f"WITH <{B}> {COPY}",
        f"with <{B}> {COPY}",
    ],
)
def test_two_datasets_are_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="USING or WITH"):
        with_dataset(text, [A], [])


@pytest.mark.parametrize(("text", "iri"), [("INSERT", A), (COPY, "no iri"), (COPY, "urn:x> {")])
def test_what_is_no_update_and_no_iri_is_refused(text: str, iri: str) -> None:
    with pytest.raises(QuerySyntaxError):
        with_dataset(text, [iri], [])
