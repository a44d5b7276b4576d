"""No internal statement leaves by any way out.

Whoever asks from outside must get, byte for byte, what a house without the internal part would
answer. So a leak shows whatever form it has: a name, a count, a header, another error. That the
same ways do show the internal part from inside proves that the test looks in the right places.
"""

import gzip
import io
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pyoxigraph as ox
import pytest
import zstandard
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from graph.publishing.describing import describe
from graph.store import EmbeddedStore, Visibility, publish
from graph.vocabulary import BASE

from .conftest import VERSION, application, quads

CANARY = "canary"
HIDDEN = ("id/org-canary", "id/claim-canary", "scheme/competence/canary", "graph/canary-notes")

QUERIES = (
    "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "SELECT * { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s ?p ?o",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    f"DESCRIBE <{BASE}id/org-canary>",
    f"ASK {{ <{BASE}id/org-canary> ?p ?o }}",
    f"SELECT * FROM <{BASE}graph/canary-notes> {{ ?s ?p ?o }}",  # noqa: S608 - SPARQL
    f"SELECT * {{ GRAPH <{BASE}graph/canary-notes> {{ ?s ?p ?o }} }}",
    f"SELECT * {{ <{BASE}id/org-alpha> (!<urn:x>|^!<urn:x>)+ ?x }} ORDER BY ?x",
)

PAGES = (
    *("/", "/de/", "/en/about", "/de/organisations", "/de/organisations?word=canary"),
    *("/de/organisations/alpha", "/de/organisations/beta", "/de/organisations/canary"),
    *("/de/competences", "/de/competences/machining", "/de/competences/milling"),
    *("/de/competences/canary", "/de/consortia?competence=Canary", "/de/resources/graph/meta"),
    *("/de/consortia?competence=Fräsen", "/de/dumps", "/de/resources/id/project-laser"),
    *("/de/queries", "/de/queries/claims-of-organisation", "/de/queries/competences-without-claim"),
)
MACHINES = (
    *("/catalog.nt", "/sitemap.xml", "/robots.txt", "/openapi.json", "/dumps", "/api/v1/queries"),
    *("/api/v1/consortia?competence=Fräsen&format=turtle", "/api/v1/consortia?competence=Canary"),
    *("/data/def.nt", "/data/scheme/competence.nt", "/data/id/project-laser.nt"),
    *("/data/scheme/competence/milling.nt", "/data/scheme/competence/machining.nt"),
    *("/data/id/org-alpha.nt", "/data/id/org-beta.nt", "/data/graph/meta.nt"),
    *("/feed?after=0", "/feed?after=3", f"/patches/{VERSION}/{VERSION}", "/en/resources/def"),
)
NAMELESS = re.compile(r"\bN?[0-9a-f]{28,32}\b")
"""Names that the engine gives to nameless nodes, new ones in each house."""
TIME = re.compile(
    r"(?<=<lastmod>)[^<]+"
    r"|\b[0-9.]+ ms\b"
    r"|[0-9T:.+-]{19,32}(?=\"\^\^<?[a-z0-9:/.]*[:/#A-Z]*dateTime)"
)
"""When the generation was written, how long an answer took, when it was asked."""
TRIPLES = {"Accept": "application/n-triples, application/json;q=0.5"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """The same house in a world in which the internal part never existed."""
    home = tmp_path_factory.mktemp("plain")
    publish(home, {Visibility.PUBLIC: quads("landscape")}, VERSION)
    with TestClient(application(EmbeddedStore(home)), follow_redirects=False) as opened:
        yield opened


def asked(client: TestClient) -> Iterator[tuple[str, httpx2.Response]]:
    """Every way out, as the same requests to whichever house."""
    for query in QUERIES:
        yield query, client.get("/sparql", params={"query": query}, headers=TRIPLES)
        yield f"POST {query}", client.post("/sparql", data={"query": query}, headers=TRIPLES)
    for path in (*PAGES, *MACHINES):
        yield path, client.get(path)
    yield "void", client.get("/.well-known/void", headers=TRIPLES)
    yield "service", client.get("/sparql", headers=TRIPLES)
    for name in HIDDEN:
        for path in (f"/{name}", f"/data/{name}", f"/{name}.ttl", f"/de/resources/{name}"):
            yield path, client.get(path, headers=TRIPLES)
    for file in client.get("/dumps").json()["files"]:
        yield file["href"], client.get(file["href"])


def unpacked(name: str, content: bytes) -> bytes:
    if name.endswith(".gz"):
        return gzip.decompress(content)
    if name.endswith(".zst"):
        return zstandard.ZstdDecompressor().stream_reader(io.BytesIO(content)).read()
    return content


def shown(name: str, answer: httpx2.Response) -> str:
    """What an answer shows, without what each request has anew."""
    body = TIME.sub("T", NAMELESS.sub("B", answer.text))
    if answer.headers.get("content-type") in ("application/n-triples", "application/trig"):
        body = "\n".join(sorted(body.splitlines()))
    changing = {"date", "etag", "content-length", "last-modified", "ratelimit"}
    headers = {k: v for k, v in answer.headers.items() if k not in changing}
    return f"{answer.status_code} {sorted(headers.items())}\n{body}"


def test_outside_is_the_same_with_and_without_an_inside(
    client: TestClient, plain: TestClient
) -> None:
    with_inside, without = dict(asked(client)), dict(asked(plain))

    assert set(with_inside) == set(without)
    for name, answer in with_inside.items():
        if "dump" not in name and "catalog" not in name:  # hold names and sums of files
            assert shown(name, answer) == shown(name, without[name]), name


def test_no_answer_names_anything_internal(client: TestClient) -> None:
    for name, answer in asked(client):
        text = unpacked(name, answer.content).decode("utf-8", "replace") + str(answer.headers)
        echoed = str(answer.request.url).lower().count(CANARY)
        if not echoed and CANARY not in name:
            assert CANARY not in text.lower(), name
        elif answer.status_code == 200 and "/sparql" not in name:
            assert "Canary-Werke" not in text, name
            assert "insolvency" not in text, name


def test_what_is_hidden_looks_like_what_does_not_exist(client: TestClient) -> None:
    for name in HIDDEN:
        hidden = client.get(f"/{name}", headers=TRIPLES)
        missing = client.get(f"/{name.replace(CANARY, 'nobody')}", headers=TRIPLES)

        assert hidden.status_code == missing.status_code == 404
        assert hidden.text.replace(CANARY, "nobody") == missing.text


def test_inside_shows_what_outside_does_not(insider: TestClient) -> None:
    """Otherwise the tests above could not fail."""
    names = set()
    for name, answer in asked(insider):
        text = unpacked(name, answer.content).decode("utf-8", "replace").lower()
        if CANARY in text and (CANARY not in name or answer.status_code == 200):
            names.add(name)

    expected = {"void", "service", "/sitemap.xml", "/catalog.nt", "/dumps", "/de/organisations"}
    expected |= {
        "/feed?after=0",
        "/data/id/project-laser.nt",
        "/data/id/org-canary",
        "/id/org-canary.ttl",
    }
    assert expected - names == set()
    assert any(name.endswith("organisations.csv") for name in names)
    assert any(name.endswith("collaboration.graphml") for name in names)
    assert any(name.endswith("all.nq.zst") for name in names)


@pytest.fixture
def changing(store: EmbeddedStore) -> Iterator[tuple[TestClient, FastAPI]]:
    app = application(store)
    with TestClient(app) as opened:
        yield opened, app


def test_answer_kept_for_an_insider_is_not_given_outside(
    changing: tuple[TestClient, FastAPI], store: EmbeddedStore
) -> None:
    client, _ = changing
    query = {"query": "SELECT ?s { ?s a <http://www.w3.org/ns/org#Organization> } ORDER BY ?s"}
    _, key = KeyStore(store.home).make(Role.COORDINATOR, "an insider")

    inside = client.get("/sparql", params=query, headers={"Authorization": f"Bearer {key}"})
    outside = client.get("/sparql", params=query)
    known = {"If-None-Match": inside.headers["etag"]}
    asked_again = client.get("/sparql", params=query, headers=known)

    assert CANARY in inside.text
    assert CANARY not in outside.text
    assert asked_again.status_code == 200
    assert CANARY not in asked_again.text


def test_dumps_of_each_visibility_lie_apart(client: TestClient, insider: TestClient) -> None:
    inside = {file["href"]: file["sha256"] for file in insider.get("/dumps").json()["files"]}
    outside = {file["href"]: file["sha256"] for file in client.get("/dumps").json()["files"]}

    secret = [href for href in inside if href not in outside]
    assert secret
    for href in secret:
        assert client.get(href).status_code == 404
    [notes] = [href for href in outside if href.endswith("all.nq.gz")]
    assert inside[notes] != outside[notes]


def test_description_of_a_public_thing_differs_inside(
    store: EmbeddedStore, inside: EmbeddedStore
) -> None:
    outside, within = (describe(one.engine, f"{BASE}id/org-beta") for one in (store, inside))

    assert outside is not None
    assert within is not None
    assert "insolvency" in str(within.own)
    assert "insolvency" not in str(outside.own)
    assert f"{BASE}graph/canary-notes" in within.graphs


def test_the_public_part_on_disk_holds_nothing_internal(published: Path) -> None:
    """The tests above trust that the part is what the visibility says."""
    engine = ox.Store.read_only(str(published / "generations" / VERSION / "public"))

    assert CANARY not in str(list(engine)).lower()
