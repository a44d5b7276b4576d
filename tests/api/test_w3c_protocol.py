"""The W3C's SPARQL 1.1 Protocol tests, as HTTP requests to our endpoint.

They are not part of this repository. Set ``VERBUND_RDF_TESTS`` to a checkout of
https://github.com/w3c/rdf-tests to run them; ``tests/api/test_sparql.py`` and
``tests/access/test_http.py`` hold cases of the same kind that always run.

Queries go to ``/sparql``, updates with the key of a coordinator to ``/sparql/update``. Graphs of
this house have names below its own, and a description; so the names in updates are put there, and
the graphs are described before the test begins.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

import pyoxigraph as ox
import pytest
from _pytest.mark import ParameterSet
from fastapi.testclient import TestClient
from httpx2 import Response
from rdflib import RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.store import Visibility, publish
from graph.visibility import parts
from graph.vocabulary import GRAPH
from graph.writing import Description, Kind, Write, write

TESTS = os.environ.get("VERBUND_RDF_TESTS", "")
FOLDER = Path(TESTS or "nowhere") / "sparql" / "sparql11" / "protocol"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")

DATA = "http://kasei.us/2009/09/sparql/data/data"
OWN = {
    f"<{DATA}1.rdf>": GRAPH["data1"].n3(),
    f"<{DATA}2.rdf>": GRAPH["data2"].n3(),
    f"<{DATA}3.rdf>": GRAPH["data3"].n3(),
    "<http://example.org/protocol-base-test/>": GRAPH["protocol-base-test"].n3(),
} | {
    f"<http://example.org/protocol-update-dataset{kind}-test/>": GRAPH[f"protocol{kind}"].n3()
    for kind in ("", "-graphs", "-named-graphs", "-full")
}
"""Names in the updates, and those that a coordinator may write instead."""

FORMATS = {
    "boolean": "application/sparql-results+json",
    "tabular": "application/sparql-results+json",
    "RDF": "text/turtle",
}
CLEARED = "refused on purpose: CLEAR ALL would remove what is loaded and derived"
KNOWN = {"update_post_form": CLEARED, "update_post_direct": CLEARED}
"""Cases that fail for a reason we know; they fail the run when they begin to pass."""

pytestmark = pytest.mark.skipif(not TESTS, reason="VERBUND_RDF_TESTS is not set")


class Exchange(NamedTuple):
    """A request, and what its answer must be."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    statuses: frozenset[str]
    boolean: bool | None
    format: str


class Case(NamedTuple):
    """One entry of the manifest."""

    name: str
    data: dict[str, Path]
    exchanges: list[Exchange]


def members(manifest: Graph, subject: Node, predicate: URIRef) -> list[Node]:
    head = manifest.value(subject, predicate)
    return list(Collection(manifest, head)) if head else []


def exchange(manifest: Graph, request: Node) -> Exchange:
    said = manifest.value(request, HT.resp)
    body = manifest.value(request, HT.body)
    encoding = str(manifest.value(body, CNT.characterEncoding) or "UTF-8") if body else "UTF-8"
    boolean = manifest.value(said, MF.expectedBoolean)
    return Exchange(
        method=str(manifest.value(request, HT.methodName)),
        target=str(manifest.value(request, HT.absolutePath)).removeprefix("/sparql/"),
        headers={
            str(manifest.value(header, HT.fieldName)): str(manifest.value(header, HT.fieldValue))
            for header in members(manifest, request, HT.headers)
        },
        body=str(manifest.value(body, CNT.chars)).encode(encoding) if body else b"",
        statuses=frozenset(str(one)[-3] for one in manifest.objects(said, MF.expectedStatus)),
        boolean=bool(boolean.toPython()) if isinstance(boolean, Literal) else None,
        format=str(manifest.value(said, MF.expectedFormat) or ""),
    )


def cases() -> Iterator[Case]:
    path = FOLDER / "manifest.ttl"
    manifest = Graph().parse(path, format="turtle", publicID=path.as_uri())
    [root] = manifest.subjects(RDF.type, MF.Manifest)
    for node in members(manifest, root, MF.entries):
        data = {
            str(manifest.value(one, RDFS.label)): Path(
                str(manifest.value(one, UT.graph)).removeprefix("file://")
            )
            for one in manifest.objects(node, UT.graphData)
        }
        action = manifest.value(node, MF.action)
        assert action is not None
        requests = members(manifest, action, HT.requests)
        found = [exchange(manifest, request) for request in requests]
        yield Case(str(node).partition("#")[2], data, found)


def own(text: str) -> str:
    """Return a text with the names of this house in place of the ones in the tests."""
    text = text.replace("CLEAR ALL ;", "").replace("DROP ALL ;", "")
    for name, mine in OWN.items():
        text = text.replace(name, mine)
        text = text.replace(f"graph-uri={name.strip('<>')}", f"graph-uri={mine.strip('<>')}")
    return text


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A store in which the graphs that updates name are described and hold one statement."""
    engine = ox.Store()
    engine.load(path=str(Path(__file__).parents[1] / "access" / "landscape.trig"))
    publish(tmp_path, parts(engine, "v0"), "v0")
    for name in sorted(set(OWN.values())):
        said = Description({"en": "W3C"}, Visibility.PUBLIC, "http://example.org/l", f"{GRAPH}a")
        statement = "<urn:w3c:s> <urn:w3c:p> <urn:w3c:o> ."
        write(tmp_path, Write(Kind.PUT, statement, name.strip("<>"), description=said))
    return tmp_path


def chosen() -> list[ParameterSet]:
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[pytest.mark.xfail(reason=KNOWN[case.name])] if case.name in KNOWN else [],
        )
        for case in (cases() if TESTS else ())
    ]


@pytest.mark.parametrize("case", chosen())
def test_protocol(case: Case, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    is_update = case.name.startswith(("update", "bad_update"))
    if is_update:
        home = request.getfixturevalue("home")
    else:
        home = tmp_path
        publish(home, {Visibility.PUBLIC: list(quads(case.data))}, "v0")
    _, key = KeyStore(home).make(Role.COORDINATOR, "the W3C")
    settings = Settings(home=home, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings), follow_redirects=True) as client:
        for number, one in enumerate(case.exchanges):
            to = "/sparql/update" if is_update and number == 0 else "/sparql"
            require(send(client, one, to, key, is_own=is_update), one)


def quads(data: dict[str, Path]) -> Iterator[ox.Quad]:
    node = ox.NamedNode(f"{DATA}0.rdf")  # the graph that requests without data name
    yield ox.Quad(node, node, node, node)
    for name, path in data.items():
        for quad in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(name))


def send(client: TestClient, one: Exchange, to: str, key: str, *, is_own: bool) -> Response:
    headers = one.headers | {"Authorization": f"Bearer {key}"}
    if one.format:
        headers.setdefault("Accept", FORMATS[one.format])
    target, body = one.target, one.body
    if is_own:
        target = quote(own(unquote(target)), safe="?=&")
        body = own(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
    return client.request(one.method, to + target, headers=headers, content=body or None)


def require(answer: Response, one: Exchange) -> None:
    assert str(answer.status_code)[0] in one.statuses, answer.text
    if one.format:
        assert answer.headers["content-type"].partition(";")[0] == FORMATS[one.format]
    if one.boolean is not None:
        assert answer.json()["boolean"] is one.boolean
