"""What is sent in place of a query, and the names that graphs have on a server."""

import pyoxigraph as ox
import pytest

from graph.drafting import Draft
from graph.errors import GraphNotWritableError, QueryRefusedError, QuerySyntaxError
from graph.store import Visibility
from graph.store.dataset import Dataset
from graph.store.guard import check
from graph.store.remote.naming import BASE, OWN_NAMES, Naming

PUBLIC, PARTNERS = Naming(), Naming(Visibility.PARTNERS)
SEEN = f"{BASE}seen/partners/"


@pytest.mark.parametrize("naming", [Naming(visibility) for visibility in Visibility])
def test_names_come_back(naming: Naming) -> None:
    for iri in (f"{BASE}derived", "http://example.org/x", "https://w3id.org/verbund/id/org-x"):
        assert naming.here(naming.there(iri)) == iri
    assert naming.dataset(Dataset((f"{BASE}a",), ("urn:b",))) == Dataset(
        (naming.there(f"{BASE}a"),), ("urn:b",)
    )


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        (
            f"ASK {{ GRAPH <{BASE}a> {{ ?s ?p ?o }} }}",
            f"ASK {{ GRAPH <{SEEN}a> {{ ?s ?p ?o }} }}",
        ),
        ("ASK { ?g ?p <graph/a> }", f"ASK {{ ?g ?p <{SEEN}a> }}"),
        ("ASK { ?g ?p <id/a> }", "ASK { ?g ?p <https://w3id.org/verbund/id/a> }"),
        ("ASK { ?g ?p <http://e/#> , <urn:x> }", "ASK { ?g ?p <http://e/#> , <urn:x> }"),
        (
            f"PREFIX graph: <{BASE}> ASK {{ graph:a ?p graph: , 'graph:a', <b> }}",
            f"PREFIX graph: <{BASE}> ASK {{ <{SEEN}a> ?p <{SEEN}> , 'graph:a', "
            "<https://w3id.org/verbund/b> }",
        ),
        (
            r"BASE <http://b/> PREFIX p: <q#> ASK { ?s p:x <y>, p:a\/b, 'ä' }",
            "BASE <http://b/> PREFIX p: <http://b/q#> ASK { ?s p:x <http://b/y>, <http://b/q#a/b>, "
            "'ä' }",
        ),
        (
            "SELECT (xsd:integer(?o) AS ?n) FROM <a>FROM NAMED <b> { ?s ?p ?o }",
            None,
        ),
        (r"ASK { \u003curn:x\u003e ?p ?o }", "ASK { <urn:x> ?p ?o }"),
    ],
)
def test_query_as_it_is_sent(text: str, sent: str | None) -> None:
    if sent is None:
        with pytest.raises(QuerySyntaxError, match=r"prefix of xsd:integer is not declared"):
            PARTNERS.query(text)
        return
    assert PARTNERS.query(text) == sent
    check(sent)


def test_clauses_are_left_out() -> None:
    for text in (
        "SELECT * FROM <a> FROM NAMED <b> WHERE { ?s ?p ?o }",
        "DESCRIBE <urn:x> FROM <a>",
        "CONSTRUCT FROM <a> WHERE { ?s ?p ?o }",
    ):
        assert check(text).dataset is not None
        sent = PUBLIC.query(text)
        assert "FROM" not in sent
        assert check(sent).dataset is None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<bif:concat>('a') AS ?x) {}",
        "ASK { ?s ?p ?o FILTER(<sql:f>(?o)) }",
        "ASK { ?s <bif:contains> 'x' }",
        "PREFIX b: <http://www.openlinksw.com/schemas/bif#> ASK { ?s b:contains 'x' }",
        "ASK { ?s ?p ?o FILTER(<http://example.org/f>(?o)) }",
        r"ASK { ?s <b\u0069f:contains> 'x' }",
    ],
)
def test_what_only_one_server_knows_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match=r"no function of SPARQL 1\.1"):
        PUBLIC.query(text)


def test_casts_are_standard() -> None:
    text = (
        "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
        "SELECT (xsd:integer(?o) AS ?n) { ?s ?p ?o FILTER(STRLEN(?o) > 1) }"
    )

    assert PUBLIC.query(text) == text


def test_answers_have_our_names() -> None:
    found = f'{{"a": "{SEEN}a", "b": "{SEEN.replace("/", chr(92) + "/")}b"}}'.encode()

    answer = PARTNERS.answer(found)

    assert b"seen" not in answer
    assert answer.count(b"graph") == 2
    assert PUBLIC.answer(found) == found


@pytest.mark.parametrize("name", OWN_NAMES)
def test_nobody_writes_graphs_of_such_names(name: str) -> None:
    draft = Draft(ox.Store(), set())

    with pytest.raises(GraphNotWritableError):
        draft.require_writable(f"{BASE}{name}x")
    draft.require_writable(f"{BASE}{name.removesuffix('/')}")
