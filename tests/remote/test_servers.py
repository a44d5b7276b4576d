"""The same answers as the embedded store, from real servers with the reference graph."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from fastapi.testclient import TestClient
from rdflib import Graph

from api.app import create_app
from api.asking import ask, from_graph
from api.documents import Form, serialise
from api.settings import Settings as ServerSettings
from graph.catalogue import Query, catalogue
from graph.errors import QueryRefusedError, QuerySyntaxError, StoreLimitError
from graph.settings import Settings
from graph.store import EmbeddedStore, Row
from graph.store.remote import RemoteStore

from .servers import ROW_LIMIT

GOLDEN = sorted((Path(__file__).parents[1] / "golden").glob("*.csv"))
VALUES: dict[str, dict[str, str]] = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "catalogue-values.yaml").read_text(encoding="utf-8")
)


def is_virtuoso(store: RemoteStore) -> bool:
    return store.endpoint.url.endswith("/sparql")


def examples(query: Query) -> dict[str, str]:
    return {p.name: p.example for p in query.parameters.values() if p.required}


def counted(rows: list[Row]) -> Counter[tuple[tuple[str, str], ...]]:
    return Counter(tuple(sorted((name, term.n3()) for name, term in row.items())) for row in rows)


@pytest.mark.parametrize("query", catalogue().values(), ids=lambda query: query.name)
def test_catalogue_query_has_the_same_rows(
    query: Query, remote: RemoteStore, reference: EmbeddedStore
) -> None:
    text = query.bound(examples(query))

    found, expected = remote.select(text), reference.select(text)

    assert counted(found) == counted(expected)
    assert is_virtuoso(remote) or found == expected


def test_most_catalogue_queries_have_rows_of_the_reference_graph(reference: EmbeddedStore) -> None:
    """What has none there has some of the invented landscape, see below."""
    texts = [query.bound(examples(query)) for query in catalogue().values()]

    assert sum(bool(reference.select(text)) for text in texts) >= 14


def test_ten_enquiries_have_the_same_suggestions(remote: RemoteStore) -> None:
    assert len(GOLDEN) == 10
    for golden in GOLDEN:
        answered = ask(remote, from_graph(golden.stem), "de", Settings(reference_year=2026))

        found = serialise(answered, "de", Form.CSV)
        assert found.splitlines() == golden.read_text(encoding="utf-8").splitlines(), golden.stem


def test_graphs_are_those_of_the_embedded_store(
    remote: RemoteStore, reference: EmbeddedStore
) -> None:
    assert remote.graphs() == reference.graphs()


def test_each_triple_is_counted_once(remote: RemoteStore, reference: EmbeddedStore) -> None:
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    assert remote.select(query) == reference.select(query)


def test_bindings_reach_the_server(remote: RemoteStore, reference: EmbeddedStore) -> None:
    query = "SELECT ?s WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }"
    some = reference.select(f"{query} LIMIT 1".replace("?s", "?s ?label", 1))[0]

    assert {"s": some["s"]} in remote.select(query, {"label": some["label"]})


def test_pushed_version_is_that_of_the_generation(
    pushed_to_virtuoso: RemoteStore, reference: EmbeddedStore
) -> None:
    assert pushed_to_virtuoso.version == reference.version


def test_found_version_tells_contents_apart(found_on_oxigraph: RemoteStore) -> None:
    assert found_on_oxigraph.version.startswith("found-")
    assert found_on_oxigraph.version == RemoteStore(found_on_oxigraph.endpoint).version


@pytest.mark.parametrize(("pattern", "expected"), [("?s ?p ?o", True), ("?s ?s ?s", False)])
def test_ask(remote: RemoteStore, pattern: str, expected: bool) -> None:
    found = remote.serialise(f"ASK {{ {pattern} }}", "application/sparql-results+json")

    assert (b"true" in found, b"false" in found) == (expected, not expected)


def test_construct_is_the_same_graph(remote: RemoteStore, reference: EmbeddedStore) -> None:
    query = "CONSTRUCT { ?s a ?t } WHERE { ?s a ?t ; <https://w3id.org/verbund/def#town> ?x }"

    found = Graph().parse(data=remote.serialise(query, "text/turtle"), format="turtle")

    expected = {
        (row["s"], row["t"])
        for row in reference.select(query.replace("CONSTRUCT { ?s a ?t }", "SELECT ?s ?t"))
    }
    assert set(found.subject_objects()) == expected
    assert expected


def test_guard_stands_before_the_server(remote: RemoteStore) -> None:
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        remote.serialise("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", "text/csv")
    with pytest.raises(QueryRefusedError, match="no graph"):
        remote.serialise("SELECT * FROM <http://example.org/secret> { ?s ?p ?o }", "text/csv")


def test_other_graphs_of_the_server_are_not_seen(remote: RemoteStore) -> None:
    rows = remote.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s a ?t } }")

    assert {str(row["g"]) for row in rows} <= set(remote.graphs())
    assert rows


def test_syntax_error_of_the_server_is_ours(remote: RemoteStore) -> None:
    with pytest.raises(QuerySyntaxError):
        remote.select("SELECT ?x WHERE { ?x ?y }")


def test_ask_is_no_select(remote: RemoteStore) -> None:
    with pytest.raises(QuerySyntaxError):
        remote.select("ASK { ?x ?y ?z }")


def test_rows_that_virtuoso_leaves_out_are_an_error(pushed_to_virtuoso: RemoteStore) -> None:
    query = "SELECT ?p WHERE {{ ?s ?p ?o }} LIMIT {}"

    with pytest.raises(StoreLimitError, match=f"cuts results at {ROW_LIMIT} rows"):
        pushed_to_virtuoso.select(query.format(ROW_LIMIT + 1))
    assert len(pushed_to_virtuoso.select(query.format(ROW_LIMIT - 1))) == ROW_LIMIT - 1


def test_application_answers_from_the_server(pushed_to_virtuoso: RemoteStore) -> None:
    remote = pushed_to_virtuoso
    settings = ServerSettings(
        store_url=remote.endpoint.url, query_timeout_s=30.0, home=Path("/nonexistent")
    )
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    with TestClient(create_app(settings)) as client:
        health = client.get("/health")
        rows = client.get("/sparql", params={"query": query, "format": "csv"})
        again = client.get(
            "/sparql",
            headers={"If-None-Match": rows.headers["etag"]},
            params={"query": query, "format": "csv"},
        )
        cut = client.get("/api/v1/queries/weak-claims", params={"max-rows": 2, "format": "csv"})
        wrong = client.get("/sparql", params={"query": "SELECT"})
        page = client.get("/")

    assert health.json()["version"] == remote.version
    assert int(rows.text.split()[1]) > 40_000
    assert again.status_code == 304
    assert (len(cut.text.splitlines()), cut.headers["verbund-truncated"]) == (3, "rows=2")
    assert wrong.status_code == 400
    assert page.status_code == 200


# --- from here on, Virtuoso holds the invented landscape ----------------------------------------


@pytest.mark.parametrize("query", catalogue().values(), ids=lambda query: query.name)
def test_catalogue_query_has_the_same_rows_of_the_landscape(
    query: Query, office_remote: RemoteStore, office_store: EmbeddedStore
) -> None:
    text = query.bound(VALUES.get(query.name, {}))

    found, expected = office_remote.select(text), office_store.select(text)

    assert counted(found) == counted(expected)
    assert found, "an empty answer proves nothing"


def test_one_push_later_the_version_before_can_be_read(
    office_on_virtuoso: RemoteStore, pushed_to_virtuoso: RemoteStore, reference: EmbeddedStore
) -> None:
    count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"

    assert office_on_virtuoso.version != pushed_to_virtuoso.version
    assert pushed_to_virtuoso.select(count) == reference.select(count)
