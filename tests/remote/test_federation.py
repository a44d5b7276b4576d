"""SERVICE, asked of real endpoints on the loopback."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from graph.errors import (
    GraphError,
    ParameterError,
    QueryRefusedError,
    QuerySyntaxError,
    SourceRefusedError,
    SourceUnavailableError,
    StoreLimitError,
    StoreTimeoutError,
)
from graph.federation import Federation
from graph.store import EmbeddedStore
from graph.store.guard import GuardLimits
from graph.store.remote import Endpoint

from . import servers

LIMITS = GuardLimits()
OTHERS = '<urn:a> <urn:p> 1 , "Öse \\"x\\""@de . <urn:b> <urn:p> 2 ; <urn:q> true .'


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """An endpoint of somebody else."""
    with servers.oxigraph(tmp_path_factory.mktemp("other")) as endpoint:
        endpoint.update(f"INSERT DATA {{ {OTHERS} }}")
        yield endpoint


@pytest.fixture
def federation(other: Endpoint) -> Federation:
    return Federation([other.url], allows_private=True, max_rows=3, timeout_s=5)


@pytest.fixture(scope="module")
def client(reference: EmbeddedStore, home: Path, other: Endpoint) -> Iterator[TestClient]:
    app = create_app(Settings(home=home, ad_hoc_workers=1, page_workers=1), reference)
    app.state.federation = Federation([other.url], allows_private=True)
    with TestClient(app) as found:
        yield found


def ask(client: TestClient, query: str) -> Any:
    return client.get("/sparql", params={"query": query, "format": "json"})


def rows(client: TestClient, query: str) -> list[dict[str, str]]:
    answer = ask(client, query)
    assert answer.status_code == 200, answer.text
    found = answer.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def test_answers_are_joined_with_ours(client: TestClient, other: Endpoint) -> None:
    query = f"""
        PREFIX vb: <https://w3id.org/verbund/def#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?label ?o WHERE {{
          vb:Company <http://www.w3.org/2000/01/rdf-schema#label> ?label FILTER(LANG(?label) = "en")
          SERVICE <{other.url}> {{ VALUES ?s {{ <urn:b> }} ?s <urn:p> ?o }}
        }}"""

    assert rows(client, query) == [{"label": "company", "o": "2"}]


def test_terms_come_through_as_they_are(client: TestClient, other: Endpoint) -> None:
    query = f"""PREFIX u: <urn:> SELECT ?o (LANG(?o) AS ?tag) (DATATYPE(?o) AS ?type) ?q
        WHERE {{ SERVICE <{other.url}> {{ ?s u:p ?o OPTIONAL {{ ?s u:q ?q }} }} }}
        ORDER BY STR(?o)"""

    integer = "http://www.w3.org/2001/XMLSchema#integer"
    text = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    assert rows(client, query) == [
        {"o": "1", "tag": "", "type": integer},
        {"o": "2", "tag": "", "type": integer, "q": "true"},
        {"o": 'Öse "x"', "tag": "de", "type": text},
    ]


def test_prefixes_base_and_escapes_name_the_endpoint(
    federation: Federation, other: Endpoint
) -> None:
    start, _, end = other.url.rpartition("/")
    by_prefix = f"PREFIX e: <{start}/> SELECT * {{ SERVICE e:{end}"
    by_base = f"BASE <{start}/> ASK {{ SERVICE <{end}>"
    for name in (by_prefix, by_base):
        found = federation.resolved(f"{name} {{ <urn:b> <urn:p> ?o }} }}", LIMITS)
        assert 'VALUES (?o) { ("2"' in found
    escaped = f"SELECT * {{ SERV\\u0049CE <{other.url}> {{ <urn:b> <urn:p> ?o }} }}"
    assert federation.concerns(escaped)
    assert 'VALUES (?o) { ("2"' in federation.resolved(escaped, LIMITS)


def test_answer_with_service_is_not_kept(client: TestClient, other: Endpoint) -> None:
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ SERVICE <{other.url}> {{ ?s <urn:r> ?o }} }}"
    first = ask(client, query)
    assert "etag" not in first.headers
    other.update("INSERT DATA { <urn:c> <urn:r> 3 }")

    assert (first.json()["results"]["bindings"][0]["n"]["value"], rows(client, query)) == (
        "0",
        [{"n": "1"}],
    )


def test_no_rows_and_no_variables_mean_what_they_say(client: TestClient, other: Endpoint) -> None:
    service = f"SERVICE <{other.url}>"
    assert rows(client, f"SELECT * WHERE {{ {service} {{ <urn:no> <urn:p> ?o }} }}") == []
    for pattern, expected in (("<urn:b> <urn:p> 2", True), ("<urn:b> <urn:p> 3", False)):
        answer = ask(client, f"ASK {{ {service} {{ {pattern} }} }}")
        assert answer.json()["boolean"] is expected


REFUSED: list[tuple[str, type[GraphError], str]] = [
    ("SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }", SourceRefusedError, "among"),
    ("SELECT * { SERVICE <{url}/> { ?s ?p ?o } }", SourceRefusedError, "among"),
    ("SELECT * { SERVICE <{url}?x=1> { ?s ?p ?o } }", SourceRefusedError, "among"),
    ("SELECT * { ?s ?p ?e SERVICE ?e { ?s ?p ?o } }", QueryRefusedError, "variable"),
    ("SELECT * { SERVICE <{url}> { SERVICE <{url}> { ?s ?p ?o } } }", QueryRefusedError, "inside"),
    ("SELECT * { SERVICE <{url}> { ?s (<urn:p>|!<urn:p>)* ?o } }", QueryRefusedError, "open"),
    (
        "SELECT * { ?s <urn:p> 1 SERVICE <{url}> { ?s (<urn:p>|!<urn:p>)* ?o } }",
        QueryRefusedError,
        "open",  # what is bound here is not bound there
    ),
    ("SELECT * { ?a (<urn:p>|!<urn:p>)* ?b SERVICE <{url}> {} }", QueryRefusedError, "open"),
    ("SELECT * {" + "SERVICE <{url}> {} " * 5 + "}", QueryRefusedError, "not more"),
    ("INSERT { <urn:s> <urn:p> ?o } WHERE { SERVICE <{url}> { ?s ?p ?o } }", GraphError, "update"),
    ("SELECT * { SERVICE <{url}> { ?s ?p } }", QuerySyntaxError, "at line 1"),
    ("SELECT * { SERVICE <{url}> { ?s ?p ?o } ", QuerySyntaxError, "at line 1"),
    ("SELECT * { SERVICE <{url}> { ?s ?p ?o } }", StoreLimitError, "more than 3 rows"),
    (
        "SELECT * { SERVICE <{url}> { ?s <urn:p> [] BIND(BNODE() AS ?b) } }",
        SourceRefusedError,
        "blank",
    ),
]


@pytest.mark.parametrize(("query", "error", "reason"), REFUSED)
def test_what_may_not_be_asked_is_refused(
    federation: Federation, other: Endpoint, query: str, error: type[GraphError], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        federation.resolved(query.replace("{url}", other.url), LIMITS)


def test_this_machine_is_not_asked(other: Endpoint) -> None:
    careful = Federation([other.url])
    query = f"SELECT * {{ SERVICE <{other.url}> {{ ?s ?p ?o }} }}"

    with pytest.raises(SourceRefusedError, match="no public address"):
        careful.resolved(query, LIMITS)
    silent = query.replace("SERVICE", "SERVICE SILENT")
    assert "VALUES () { () }" in careful.resolved(silent, LIMITS)


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "sparql", "https://example.org/?a=b", "https:///x"]
)
def test_endpoint_must_be_a_web_address(address: str) -> None:
    with pytest.raises(ParameterError, match="no address"):
        Federation([address])


Stand = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


@pytest.fixture
def stand() -> Iterator[Stand]:
    """What stands up a server that answers each POST in a given way."""
    running = []

    def up(answer: Callable[[BaseHTTPRequestHandler], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                answer(self)

            def do_GET(self) -> None:
                answer(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/sparql"

    yield up
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()


def test_redirect_to_another_address_is_not_followed(stand: Stand, other: Endpoint) -> None:
    def elsewhere(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", f"{other.url}?query={quote('SELECT * {}')}")
        handler.end_headers()

    address = stand(elsewhere)
    query = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"

    with pytest.raises((SourceRefusedError, SourceUnavailableError)):
        Federation([address], allows_private=True).resolved(query, LIMITS)


def test_slow_endpoint_ends_with_the_time(stand: Stand) -> None:
    ended = threading.Event()

    def late(handler: BaseHTTPRequestHandler) -> None:
        ended.wait(20)

    address = stand(late)
    query = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"

    with pytest.raises(StoreTimeoutError):
        Federation([address], allows_private=True, timeout_s=0.3).resolved(query, LIMITS)
    ended.set()


def test_endpoint_that_talks_nonsense_is_named(stand: Stand) -> None:
    def nonsense(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/sparql-results+json")
        handler.end_headers()
        handler.wfile.write(b"{}")

    address = stand(nonsense)
    query = f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"
    with pytest.raises(GraphError, match="no SPARQL JSON"):
        Federation([address], allows_private=True).resolved(query, LIMITS)


def test_without_named_endpoints_service_is_refused_by_the_guard(
    reference: EmbeddedStore, home: Path
) -> None:
    app = create_app(Settings(home=home, ad_hoc_workers=1, page_workers=1), reference)
    with TestClient(app) as client:
        answer = ask(client, "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")
    assert answer.status_code == 400
    assert "does not run SERVICE" in answer.json()["detail"]


def test_description_tells_of_federation(home: Path, reference: EmbeddedStore) -> None:
    settings = Settings(
        home=home, ad_hoc_workers=1, page_workers=1, service_endpoints="https://example.org/sparql"
    )
    with TestClient(create_app(settings, reference)) as client:
        assert "BasicFederatedQuery" in client.get("/sparql").text
    with TestClient(
        create_app(Settings(home=home, ad_hoc_workers=1, page_workers=1), reference)
    ) as client:
        assert "BasicFederatedQuery" not in client.get("/sparql").text
