"""Behind a real server: streaming, clients that go away, runaways, a foreign client."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from http.client import HTTPMessage as Message
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pyoxigraph as ox
import pytest
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from api.settings import Settings
from graph.store import EmbeddedStore, Visibility, publish

Serve = Callable[[Settings, EmbeddedStore], AbstractContextManager[str]]
ROWS = 60_000
EVERYTHING = "SELECT * { ?s ?p ?o }"
SMALL = "ASK { <http://example.org/thing/1> ?p ?o }"
PRODUCT = " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(5))
RUNAWAYS = (
    f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}",
    f"SELECT * {{ {PRODUCT} }} ORDER BY ?o0 ?o1",
    f"SELECT (GROUP_CONCAT(?o0; separator='') AS ?x) {{ {PRODUCT} }}",
    f"ASK {{ {PRODUCT} FILTER(REGEX(CONCAT(STR(?o0), STR(?o1)), '(x+x+)+y')) }}",
)


@pytest.fixture(scope="module")
def big_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("big")
    value, graph = (ox.NamedNode(f"http://example.org/{n}") for n in ("value", "graph"))
    things = (ox.NamedNode(f"http://example.org/thing/{n}") for n in range(ROWS))
    quads = (ox.Quad(thing, value, ox.Literal(n), graph) for n, thing in enumerate(things))
    publish(home, {Visibility.PUBLIC: quads}, "big-1")
    return home


@pytest.fixture(scope="module")
def big_address(big_home: Path, serve: Serve) -> Iterator[str]:
    """A server with room in its limits."""
    settings = Settings(home=big_home, query_timeout_s=30, ad_hoc_workers=1, page_workers=1)
    with serve(settings, EmbeddedStore(big_home)) as address:
        yield address


@pytest.fixture(scope="module")
def strict_address(big_home: Path, serve: Serve) -> Iterator[str]:
    """A server that ends a query after one second."""
    settings = Settings(
        home=big_home, query_timeout_s=1.0, ad_hoc_workers=5, page_workers=1, cache_mib=0
    )
    with serve(settings, EmbeddedStore(big_home)) as address:
        yield address


class Reply(NamedTuple):
    status: int
    headers: Message
    body: bytes


def ask(address: str, query: str, source: str = "127.0.0.1") -> Reply:
    place = urlsplit(address).netloc
    connection = http.client.HTTPConnection(place, timeout=30, source_address=(source, 0))
    with closing(connection):
        connection.request(
            "GET", f"/sparql?{urlencode({'query': query})}", headers={"Accept": "text/csv"}
        )
        with connection.getresponse() as answer:
            return Reply(answer.status, answer.headers, answer.read())


def test_large_result_is_streamed_whole(big_address: str) -> None:
    answer = ask(big_address, EVERYTHING)

    assert answer.headers["transfer-encoding"] == "chunked"
    assert answer.headers["verbund-limit"].startswith("bytes=")
    assert answer.body.count(b"\r\n") == ROWS + 1


def test_result_that_fails_on_the_way_is_not_taken_for_whole(strict_address: str) -> None:
    with pytest.raises(http.client.IncompleteRead) as broken:
        ask(strict_address, "SELECT * { ?s ?p ?o . ?x ?y ?z }")

    assert len(broken.value.partial) > 1_000_000  # it had begun well


def test_client_that_goes_away_frees_its_worker(big_home: Path, serve: Serve) -> None:
    """Clients leave, before the first byte or in the middle of a result; no limit frees them."""
    settings = Settings(home=big_home, query_timeout_s=60, ad_hoc_workers=2, page_workers=1)
    with serve(settings, EmbeddedStore(big_home)) as address:
        for number in range(12):
            connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
            query = RUNAWAYS[0] if number % 2 else "SELECT * { ?s ?p ?o . ?x ?y ?z }"
            connection.request("GET", f"/sparql?{urlencode({'query': query})}")
            if number % 2:
                time.sleep(0.1)
            else:
                with connection.getresponse() as answer:
                    assert answer.read(1000)
            connection.close()

        started = time.monotonic()
        assert ask(address, SMALL).body == b"true"
        assert time.monotonic() - started < 2


def test_runaways_end_in_time_and_others_stay_quick(strict_address: str) -> None:
    ends: list[tuple[int, float]] = []

    def run_away(query: str) -> None:
        started = time.monotonic()
        answer = ask(strict_address, query)
        ends.append((answer.status, time.monotonic() - started))

    threads = [threading.Thread(target=run_away, args=(query,)) for query in RUNAWAYS]
    for thread in threads:
        thread.start()
    waits = []
    while any(thread.is_alive() for thread in threads):
        started = time.monotonic()
        assert ask(strict_address, SMALL, "127.0.0.2").body == b"true"  # another client
        waits.append(time.monotonic() - started)
    for thread in threads:
        thread.join()

    assert len(ends) == len(RUNAWAYS)
    for status, elapsed_s in ends:
        assert status in (504, 507)
        assert elapsed_s < 2.0
    assert statistics.median(waits) < 0.25


def test_publishing_is_seen_by_the_running_server(tmp_path: Path, serve: Serve) -> None:
    def quads(count: int) -> list[ox.Quad]:
        node = ox.NamedNode("http://example.org/x")
        return [ox.Quad(node, node, ox.Literal(n), node) for n in range(count)]

    publish(tmp_path, {Visibility.PUBLIC: quads(1)}, "v1")
    with serve(Settings(home=tmp_path, ad_hoc_workers=1), EmbeddedStore(tmp_path)) as address:
        count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
        before = ask(address, count)
        publish(tmp_path, {Visibility.PUBLIC: quads(2)}, "v2")
        after = ask(address, count)

        assert (before.headers["verbund-version"], before.body) == ("v1", b"n\r\n1\r\n")
        assert (after.headers["verbund-version"], after.body) == ("v2", b"n\r\n2\r\n")
        assert before.headers["etag"] != after.headers["etag"]


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("how", ["urlencoded", POSTDIRECTLY])
def test_sparqlwrapper_reads_the_endpoint(address: str, method: str, how: str) -> None:
    wrapper = SPARQLWrapper(f"{address}/sparql", returnFormat=JSON)
    wrapper.setMethod(method)
    wrapper.setRequestMethod(how)
    wrapper.setQuery(
        "SELECT ?label { ?s a <https://w3id.org/verbund/def#Cluster> ; ?p ?label . "
        "FILTER(isLiteral(?label)) } ORDER BY ?label"
    )

    content = wrapper.queryAndConvert()

    assert isinstance(content, dict)
    labels = [row["label"]["value"] for row in content["results"]["bindings"]]
    assert labels == ["Netz Eins", "Netz Zwei"]


def test_sparqlwrapper_reads_other_formats_and_errors(address: str) -> None:
    wrapper = SPARQLWrapper(f"{address}/sparql", returnFormat=CSV)
    wrapper.setQuery("SELECT (1 AS ?x) { }")
    assert wrapper.queryAndConvert() == b"x\r\n1\r\n"

    wrapper = SPARQLWrapper(f"{address}/sparql")
    wrapper.setQuery("CONSTRUCT WHERE { ?s a <https://w3id.org/verbund/def#Cluster> }")
    wrapper.setReturnFormat(TURTLE)
    assert b"cluster-one" in wrapper.queryAndConvert()  # type: ignore[operator]

    wrapper = SPARQLWrapper(f"{address}/sparql", returnFormat=JSON)
    wrapper.setQuery("SELECT * { ?s ?p")
    with pytest.raises(QueryBadFormed, match="QuerySyntaxError"):
        wrapper.query()
