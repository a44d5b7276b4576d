"""The W3C's SPARQL 1.1 query tests through the whole of our endpoint.

They are not part of this repository. Set ``VERBUND_RDF_TESTS`` to a checkout of
https://github.com/w3c/rdf-tests to run them.
"""

import csv
import io
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from rdflib import RDF, RDFS, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from api.app import create_app
from api.settings import Settings
from graph.federation import Federation
from graph.store import EmbeddedStore, Visibility, publish
from graph.store.guard import check
from graph.store.remote import Endpoint as Server
from tests.remote import servers

TESTS = os.environ.get("VERBUND_RDF_TESTS", "")
ROOT = Path(TESTS or "nowhere") / "sparql" / "sparql11"
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
DEFAULT = "urn:verbund:default"
EVALUATION = (MF.QueryEvaluationTest, MF.CSVResultFormatTest)
NUMERIC = re.compile(r"integer|decimal|double|float|int|long|short|byte", re.I)

ENGINE = "Oxigraph 0.5.13 answers differently"
REFUSED = "refused on purpose: a path that is open at both ends"
NESTED = "refused on purpose: one SERVICE in another"
KNOWN = {
    "aggregates/agg-empty-group-count-graph": f"{ENGINE} (COUNT within GRAPH ?g)",
    "aggregates/agg-groupconcat-04": f"{ENGINE} (language of GROUP_CONCAT)",
    "aggregates/agg-groupconcat-06": f"{ENGINE} (language of GROUP_CONCAT)",
    "bindings/graph": f"{ENGINE} (VALUES within GRAPH)",
    "negation/graph-minus": f"{ENGINE} (MINUS within GRAPH)",
    "property-path/pp14": REFUSED,
    "property-path/pp16": REFUSED,
    "property-path/pp34": REFUSED,
    "property-path/pp35": REFUSED,
    "property-path/zero_or_more_set_end": f"{ENGINE} (path from a term that is not in the data)",
    "property-path/zero_or_more_set_start": f"{ENGINE} (path from a term that is not in the data)",
    "property-path/zero_or_one_set_end": f"{ENGINE} (path from a term that is not in the data)",
    "property-path/zero_or_one_set_start": f"{ENGINE} (path from a term that is not in the data)",
    "service/service3": NESTED,
    "service/service5": "refused on purpose: an endpoint of SERVICE that data choose",
    "service/service6": NESTED,
    "syntax-query/test_pn_09": "tree-sitter-sparql 0.1.0 reads :12.3 as a name and a number",
}
"""Cases that fail for a reason we know; they fail the run when they begin to pass."""

pytestmark = pytest.mark.skipif(not TESTS, reason="VERBUND_RDF_TESTS is not set")


class Case(NamedTuple):
    """One entry of a manifest."""

    folder: str
    name: str
    kind: URIRef
    node: Node
    manifest: Graph


def cases() -> Iterator[Case]:
    for path in sorted(ROOT.glob("*/manifest.ttl")):
        if path.parent.name == "entailment":  # other semantics; this endpoint offers the simple one
            continue
        manifest = Graph().parse(path, format="turtle", publicID=path.as_uri())
        for entries in manifest.objects(None, MF.entries):
            for node in Collection(manifest, entries):
                kind = manifest.value(node, RDF.type)
                if isinstance(kind, URIRef):
                    name = Path(str(node).partition("#")[2] or str(node)).name
                    yield Case(path.parent.name, name, kind, node, manifest)


ALL = list(cases()) if TESTS else []


def of(*kinds: URIRef) -> pytest.MarkDecorator:
    chosen = []
    for case in ALL:
        if case.kind in kinds:
            key = f"{case.folder}/{case.name}"
            reason = KNOWN.get(key)
            marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
            chosen.append(pytest.param(case, id=key, marks=marks))
    return pytest.mark.parametrize("case", chosen)


class Endpoint(NamedTuple):
    """A running application and the directory of its store."""

    client: TestClient
    home: Path

    def load(self, graphs: dict[str, list[ox.Triple]]) -> None:
        """Let these graphs answer, and nothing else."""
        quads = [
            ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(name))
            for name, triples in graphs.items()
            for t in triples
        ]
        number = int(EmbeddedStore(self.home).version[1:]) + 1
        publish(self.home, {Visibility.PUBLIC: quads}, f"v{number}")


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    home = tmp_path_factory.mktemp("w3c")
    publish(home, {Visibility.PUBLIC: []}, "v0")
    settings = Settings(home=home, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield Endpoint(client, home)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Server]]:
    """The endpoints that the cases of SERVICE ask, by the names that they have there."""
    nobody = Server(f"http://127.0.0.1:{servers.free_port()}/sparql")
    with ExitStack() as stack:
        found = {
            f"http://{host}/sparql": stack.enter_context(
                servers.oxigraph(tmp_path_factory.mktemp(host))
            )
            for host in ("example.org", "example1.org", "example2.org")
        }
        yield found | {"http://invalid.endpoint.org/sparql": nobody}


def path_of(iri: object) -> Path:
    return Path(str(iri).removeprefix("file://"))


def triples_of(iri: object) -> list[ox.Triple]:
    path = path_of(iri)
    quads = ox.parse(
        path=path,
        format=ox.RdfFormat.from_extension(path.suffix[1:]),
        base_iri=str(iri),
        lenient=True,
    )
    return [quad.triple for quad in quads]


def dataset_of(case: Case, action: Node) -> dict[str, list[ox.Triple]]:
    graphs: dict[str, list[ox.Triple]] = {}
    for data in case.manifest.objects(action, QT.data):
        graphs.setdefault(DEFAULT, []).extend(triples_of(data))
    for data in case.manifest.objects(action, QT.graphData):
        label = case.manifest.value(data, RDFS.label)
        source = case.manifest.value(data, QT.graph) or data
        name = str(label) if isinstance(data, BNode) and label else str(source)
        graphs[name] = triples_of(source)
    return graphs


def federated(endpoint: Endpoint, case: Case, action: Node, others: dict[str, Server]) -> None:
    """Let the endpoints of a case hold its data, and allow them and no other."""
    named = {name: server.url for name, server in others.items()}
    federation = Federation(named.values(), allows_private=True)
    cast(FastAPI, endpoint.client.app).state.federation = federation
    for data in case.manifest.objects(action, QT.serviceData):
        server = others[str(case.manifest.value(data, QT.endpoint))]
        lines = (f"{t} ." for t in triples_of(case.manifest.value(data, QT.data)))
        server.update(f"CLEAR ALL ; INSERT DATA {{ {' '.join(lines)} }}")


@of(*EVALUATION)
def test_evaluation(endpoint: Endpoint, case: Case, request: pytest.FixtureRequest) -> None:
    action = case.manifest.value(case.node, MF.action)
    assert action
    result = path_of(case.manifest.value(case.node, MF.result))
    query_file = case.manifest.value(action, QT.query)
    graphs = dataset_of(case, action)
    endpoint.load(graphs)
    present = [name for name in graphs if graphs[name]]
    text = path_of(query_file).read_text(encoding="utf-8")
    if case.folder == "service":
        others: dict[str, Server] = request.getfixturevalue("others")
        federated(endpoint, case, action, others)
        for name, server in others.items():  # those names lead to nobody who has the data
            text = text.replace(f"<{name}>", f"<{server.url}>")
    asked = [("query", f"BASE <{query_file}>\n{text}")]
    if case.folder == "service" or check(asked[0][1]).dataset is None:
        asked += [("default-graph-uri", name) for name in present if name == DEFAULT]
        asked += [("named-graph-uri", name) for name in present if name != DEFAULT]
    accept = {".csv": "text/csv", ".tsv": "text/tab-separated-values"}.get(
        result.suffix, "application/sparql-results+json, application/n-triples"
    )

    answer = endpoint.client.post("/sparql", data=pairs(asked), headers={"Accept": accept})

    assert answer.status_code == 200, answer.text
    kind = answer.headers["content-type"].partition(";")[0]
    assert compared(answer.content, kind) == expected(result, kind)


def pairs(asked: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in asked:
        found.setdefault(name, []).append(value)
    return found


def expected(path: Path, kind: str) -> object:
    if path.suffix in (".srx", ".srj", ".tsv"):
        media_type = {
            ".srx": "application/sparql-results+xml",
            ".srj": "application/sparql-results+json",
            ".tsv": "text/tab-separated-values",
        }[path.suffix]
        return compared(path.read_bytes(), media_type)
    if path.suffix == ".csv":
        return compared(path.read_bytes(), "text/csv")
    graph = Graph().parse(path)
    results = graph.value(None, RDF.type, RS.ResultSet)
    if results is None:
        return canonical(triples_of(path.as_uri()))
    if (boolean := graph.value(results, RS.boolean)) is not None:
        return str(boolean) == "true"
    return Counter(
        frozenset(
            (str(graph.value(one, RS.variable)), value_of(graph.value(one, RS.value)))
            for one in graph.objects(solution, RS.binding)
        )
        for solution in graph.objects(results, RS.solution)
    )


def compared(content: bytes, kind: str) -> object:
    """Return a result as a value: order, blank nodes and lexical forms do not count."""
    if kind in ("application/n-triples", "text/turtle"):
        return canonical([quad.triple for quad in ox.parse(content, ox.RdfFormat.TURTLE)])
    if kind == "text/csv":
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        return Counter(frozenset((k, number(v)) for k, v in row.items()) for row in rows)
    results = ox.parse_query_results(content, ox.QueryResultsFormat.from_media_type(kind))
    if not isinstance(results, ox.QuerySolutions):
        return bool(results)
    names = [variable.value for variable in results.variables]
    return Counter(
        frozenset((n, value_of(t)) for n, t in zip(names, row, strict=True) if t is not None)
        for row in results
    )


def canonical(triples: list[ox.Triple]) -> frozenset[str]:
    dataset = ox.Dataset(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(map(str, dataset))


def number(text: str) -> str:
    if text.startswith("_:"):
        return "_:"
    try:
        return repr(float(text))
    except ValueError:
        return text


def value_of(term: object) -> object:
    """Return what a term means; blank nodes are all alike."""
    if isinstance(term, ox.BlankNode | BNode):
        return "_:"
    if isinstance(term, ox.NamedNode | URIRef):
        return str(term).strip("<>")
    language = getattr(term, "language", None)
    datatype = str(getattr(term, "datatype", None) or "").strip("<>").rpartition("#")[2]
    text = term.value if isinstance(term, ox.Literal) else str(term)
    if NUMERIC.fullmatch(datatype) or datatype.endswith("nteger"):
        return number(text), "integer" if "nt" in datatype else datatype
    if datatype == "boolean":
        return {"1": "true", "0": "false"}.get(text, text), datatype
    return text, (language or "").lower(), "" if datatype in ("string", "langString") else datatype


@of(MF.PositiveSyntaxTest11, MF.PositiveSyntaxTest)
def test_positive_syntax(endpoint: Endpoint, case: Case) -> None:
    action = case.manifest.value(case.node, MF.action)
    text = f"BASE <{action}>\n" + path_of(action).read_text(encoding="utf-8")

    answer = endpoint.client.get(f"/sparql?{urlencode({'query': text})}")

    refusals = ("there is no graph", "open at both ends", "SERVICE", "function <")
    assert answer.status_code == 200 or any(said in answer.text for said in refusals), answer.text


@of(MF.NegativeSyntaxTest11, MF.NegativeSyntaxTest)
def test_negative_syntax(endpoint: Endpoint, case: Case) -> None:
    text = path_of(case.manifest.value(case.node, MF.action)).read_text(encoding="utf-8")

    answer = endpoint.client.get(f"/sparql?{urlencode({'query': text})}")

    assert answer.status_code == 400
