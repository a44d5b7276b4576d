# ruff: noqa: S608 - SPARQL
"""Who sees what on real servers: partners their graphs, nobody else's, everybody the public ones.

The same house answers from its own files and from a server that holds all of it. What a role gets
must be the same, and must hold its own mark and none of a wider role.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.errors import QueryRefusedError, StoreUnavailableError
from graph.store import EmbeddedStore, Visibility, publish
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm
from graph.store.remote import Endpoint, RemoteStore, push_all
from graph.visibility import parts
from graph.vocabulary import BASE

from . import servers

LANDSCAPE = Path(__file__).parents[1] / "access" / "landscape.trig"
MARKS = {
    Visibility.PUBLIC: "offen",
    Visibility.PARTNERS: "quastenflosser",
    Visibility.INTERNAL: "koboldmaki",
}
RIGHTS = {Visibility.PARTNERS: "RESTRICTED", Visibility.INTERNAL: "NON_PUBLIC"}
HIDDEN = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/verbund/graph/>
PREFIX id: <https://w3id.org/verbund/id/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vb: <https://w3id.org/verbund/def#>
INSERT DATA {
  GRAPH graph:notes-{mark} {
    id:org-{mark} a vb:Company , org:Organization ; skos:prefLabel "{mark} GmbH"@de ;
      vb:productKeyword "{mark}"@de ; dct:source <http://example.org/{mark}> .
    id:org-open vb:productKeyword "Ware {mark}"@de .
    id:run-{mark} a prov:Activity ; prov:used graph:derived .
    id:relation-{mark} a vb:Relation ; vb:relates id:org-open , id:org-{mark} ;
      vb:relationKind <https://w3id.org/verbund/scheme/relation-kind/cooperation> .
  }
  GRAPH graph:meta {
    graph:notes-{mark} a <http://www.w3.org/ns/dcat#Dataset> ; dct:title "Notiz {mark}"@de ;
      dct:accessRights <http://publications.europa.eu/resource/authority/access-right/{right}> ;
      dct:license <http://example.org/licence> .
  }
}
"""
G, ID = f"{BASE}graph/", f"{BASE}id/"
QUERIES = (
    "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "SELECT ?g ?s { GRAPH ?g { ?s a ?o } } ORDER BY ?g ?s",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
    "SELECT (COUNT(*) AS ?n) FROM <graph/meta> { ?s ?p ?o }",
    f"SELECT (COUNT(*) AS ?n) FROM <{G}meta> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    f"PREFIX g: <{G}> SELECT ?s FROM NAMED g:network {{ GRAPH ?g {{ ?s ?p ?o }} }} ORDER BY ?s",
    f"SELECT (COUNT(*) AS ?n) FROM NAMED <{G}meta> {{ ?s ?p ?o }}",
    f"PREFIX v: <{BASE}> SELECT ?p {{ GRAPH v:graph\\/network {{ ?s ?p ?o }} }} ORDER BY ?p",
    f"ASK {{ GRAPH ?g {{ <{ID}org-koboldmaki> ?p ?o }} }}",
    f"ASK {{ <{ID}org-quastenflosser> ?p ?o }}",
    "SELECT DISTINCT ?x { <id/org-open> (!<urn:x>|^!<urn:x>)+ ?x FILTER(?x != <id/org-open>) }",
    f"SELECT ?t {{ ?run <http://www.w3.org/ns/prov#used> ?g . ?g <http://purl.org/dc/terms/title> "
    f"?t . GRAPH ?g {{ ?s <{BASE}def#collaboratedWith> ?o }} }} ORDER BY ?t",
    "SELECT ?t { GRAPH ?g { ?s a ?c } ?g <http://purl.org/dc/terms/title> ?t } ORDER BY ?t ?g",
    'SELECT ?g { GRAPH ?g { ?s a ?c } FILTER(STRENDS(STR(?g), "derived")) }',
    f"SELECT ?x {{ VALUES ?g {{ <{G}derived> }} GRAPH ?g {{ ?s ?p ?x }} }} ORDER BY ?x",
)
"""Asked of both stores; an answer differs when one sees more, or counts, or names otherwise."""


def house(home: Path, *hidden: Visibility) -> Path:
    """Publish the landscape with a marked graph for each of some circles."""
    engine = ox.Store()
    engine.load(path=str(LANDSCAPE))
    for circle in hidden:
        text = HIDDEN.replace("{mark}", MARKS[circle]).replace("{right}", RIGHTS[circle])
        engine.update(text)
    publish(home, parts(engine, f"v{len(hidden)}"), f"v{len(hidden)}")
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("circles") / "home"
    return house(folder, Visibility.PARTNERS, Visibility.INTERNAL)


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def filled(
    request: pytest.FixtureRequest, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Endpoint]:
    """A server that holds everything."""
    if request.param == "virtuoso":
        servers.require_virtuoso()
    start = {"oxigraph": servers.oxigraph, "virtuoso": servers.virtuoso}[request.param]
    with start(tmp_path_factory.mktemp("server")) as endpoint:
        push_all(home, endpoint, Visibility.INTERNAL)
        yield endpoint


def answer_of(store: EmbeddedStore | RemoteStore, query: str) -> list[str]:
    """Rows in one order, as that of texts is each server's own; for ASK, the word."""
    if query.startswith("ASK"):
        said = store.serialise(query, "application/sparql-results+json")
        return re.findall("true|false", said.decode())
    return sorted(store.serialise(query, "text/tab-separated-values").decode().splitlines())


@lru_cache(maxsize=len(Visibility))
def own_answers(home: Path, visibility: Visibility) -> dict[str, list[str]]:
    """What the house answers from its own files; asked once for all servers."""
    own = EmbeddedStore(home, visibility)
    return {query: answer_of(own, query) for query in QUERIES}


@pytest.mark.parametrize("visibility", Visibility)
def test_each_circle_sees_what_its_own_store_holds(
    visibility: Visibility, filled: Endpoint, home: Path
) -> None:
    own, remote = EmbeddedStore(home, visibility), RemoteStore(filled, visibility)

    assert remote.graphs() == own.graphs()
    assert remote.version == own.version
    for query, expected in own_answers(home, visibility).items():
        assert answer_of(remote, query) == expected, query


def test_a_wider_circle_does_see_more(filled: Endpoint) -> None:
    """Otherwise the test above could not fail."""
    counts = [answer_of(RemoteStore(filled, seen), QUERIES[2])[0] for seen in Visibility]

    assert len(set(counts)) == 3


def app_over(home: Path, endpoint: Endpoint | None) -> FastAPI:
    over = Settings(home=home, ad_hoc_workers=1, page_workers=1, rate_burst=100_000)
    if endpoint is not None:
        over = over.model_copy(
            update={
                "store_url": endpoint.url,
                "store_password": SecretStr(""),
                "query_timeout_s": 30.0,
            }
        )
    return create_app(over)


def ways() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Requests by which something hidden might leave."""
    for query in QUERIES:
        yield "GET", "/sparql", {"params": {"query": query, "format": "csv"}}
    for mark in MARKS.values():
        about = f"DESCRIBE <{ID}org-{mark}>"
        yield "GET", "/sparql", {"params": {"query": about, "format": "ntriples"}}
        for name, graph in product(
            ("default", "named"), (f"{G}notes-{mark}", f"{G}served/internal")
        ):
            seen = {"query": "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"}
            yield "GET", "/sparql", {"params": seen | {f"{name}-graph-uri": graph}}
            # the list of the request replaces the clauses, wherever they are; so nothing is added
            said = f"SELECT * FROM <{graph}> FROM NAMED <{graph}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"
            yield "POST", "/sparql", {"data": {"query": said, f"{name}-graph-uri": f"{G}meta"}}
            yield "GET", "/sparql", {"params": {"query": said}}
        yield "GET", f"/de/organisations/{mark}", {}
        yield "GET", "/de/organisations", {"params": {"word": mark}}
        yield "GET", "/api/v1/organisations", {"params": {"q": mark}}
        yield "GET", f"/api/v1/organisations/org-{mark}", {}
    yield "GET", "/sparql", {}
    yield "GET", "/api/v1/graphs", {}
    yield (
        "GET",
        "/api/v1/queries/graphs-on-organisation",
        {"params": {"organisation": f"{ID}org-open"}},
    )
    yield "GET", "/de/dashboards", {}


ROLES = {
    None: Visibility.PUBLIC,
    Role.PARTNER: Visibility.PARTNERS,
    Role.ADMIN: Visibility.INTERNAL,
}


def test_no_way_out_shows_more_than_a_role_may_see(filled: Endpoint, home: Path) -> None:
    keys = {role: KeyStore(home).make(role, "test")[1] for role in ROLES if role}
    order = list(Visibility)
    with TestClient(app_over(home, filled), raise_server_exceptions=False) as client:
        for role, visibility in ROLES.items():
            headers = {"Authorization": f"Bearer {keys[role]}"} if role else {}
            shown: set[Visibility] = set()
            for method, path, said in ways():
                answer = client.request(method, path, headers=headers, **said)
                text = answer.text.lower()
                asked = str(said).lower() + path
                assert answer.status_code < 500, (path, said, answer.text[:300])
                assert "graph/seen/" not in text, (path, said)
                for wider in order[order.index(visibility) + 1 :]:
                    assert MARKS[wider] not in text or MARKS[wider] in asked, (role, path, said)
                    assert f"{MARKS[wider]} gmbh" not in text, (role, path, said)
                shown |= {seen for seen in order if f"{MARKS[seen]} gmbh" in text}

            assert shown == set(order[: order.index(visibility) + 1]), role


@pytest.mark.parametrize("function", ["bif:concat", "<bif:concat>", "<http://example.org/f>"])
def test_only_standard_functions_are_called(filled: Endpoint, function: str) -> None:
    """Virtuoso has hundreds, of which some read files and fetch addresses."""
    prefix = "PREFIX bif: <bif:> " if function.startswith("bif") else ""

    with pytest.raises(QueryRefusedError, match="no function"):
        RemoteStore(filled).serialise(
            f'{prefix}SELECT ({function}("a", "b") AS ?x) {{}}', "text/csv"
        )


def test_circle_that_sees_no_more_than_before_is_withdrawn(tmp_path: Path) -> None:
    home = house(tmp_path / "home", Visibility.PARTNERS, Visibility.INTERNAL)
    with servers.oxigraph(tmp_path) as endpoint:
        push_all(home, endpoint, Visibility.INTERNAL)
        before = RemoteStore(endpoint, Visibility.INTERNAL, refresh_s=0.0)
        house(tmp_path / "home", Visibility.PARTNERS)

        done = push_all(home, endpoint)

        assert [one.visibility for one in done] == [Visibility.PUBLIC, Visibility.PARTNERS]
        with pytest.raises(StoreUnavailableError, match="no longer"):
            before.select(QUERIES[0])
        now = RemoteStore(endpoint, Visibility.INTERNAL)
        assert now.version == EmbeddedStore(home, Visibility.PARTNERS).version
        everything = endpoint.query(QUERIES[1], QueryForm.SELECT, Dataset()).content.decode()
        assert MARKS[Visibility.PARTNERS] in everything
        assert MARKS[Visibility.INTERNAL] not in everything
        assert "seen/internal" not in everything


def test_server_with_inner_circles_only_shows_nothing_outside(tmp_path: Path) -> None:
    home = house(tmp_path / "home", Visibility.PARTNERS)
    with servers.oxigraph(tmp_path) as endpoint:
        push_all(home, endpoint, Visibility.PARTNERS)
        record = f"{G}served/public"
        merged = RemoteStore(endpoint).dataset.default[0]
        for graph in (record, merged, *RemoteStore(endpoint).graphs()):
            endpoint.update(f"DROP GRAPH <{graph}>")

        with pytest.raises(StoreUnavailableError, match="holds no graph for public"):
            RemoteStore(endpoint)
        assert RemoteStore(endpoint, Visibility.PARTNERS).graphs()
