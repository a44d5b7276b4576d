"""What every operation below ``/api/v1`` keeps to: documents, pages, fields, context, tags."""

import json
import warnings
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient
from rdflib import RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from api.app import create_app
from api.rest.context import CONTEXT
from api.settings import Settings
from graph.model import Landscape
from graph.reading import read_landscape
from graph.store import EmbeddedStore

LISTS = ("organisations", "competences", "claims", "enquiries", "queries", "graphs")
ONE = (
    "organisations/asphericon",
    "competences/fraesen",
    "competences/tree?depth=2",
    "claims/asphericon-asphaerenfertigung",
    "enquiries/E05",
    "queries/weak-claims/about",
    "consortia?enquiry=E26",
    "consortia/unlocking",
    "funding/checks?enquiry=E05&programme=zim",
    "matches?competence=Drehen",
    "vocabulary",
    "districts",
)


@pytest.fixture(scope="module")
def client(reference: EmbeddedStore) -> Iterator[TestClient]:
    settings = Settings(home=reference.home, rate_per_s=0)
    with TestClient(create_app(settings, reference), raise_server_exceptions=False) as running:
        yield running


@pytest.fixture(scope="module")
def landscape(reference: EmbeddedStore) -> Landscape:
    return read_landscape(reference)


def get(client: TestClient, path: str) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_everything_that_can_be_listed_is_named_at_the_root(client: TestClient) -> None:
    root = client.get("/api/v1").json()["data"]
    hrefs = {one["href"] for one in root["resources"]}

    assert {f"/api/v1/{name}" for name in LISTS} <= hrefs
    assert all(one["summary"] for one in root["resources"])
    for href in (*hrefs, root["documentation"], root["description"], root["problems"]):
        # refused for want of a key or of a question, but there
        assert client.head(href).status_code in (200, 400, 401, 405, 422), href
    assert "/api/v1" in client.get("/api/v1/nothing").json()["detail"]


@pytest.mark.parametrize("path", [*LISTS, *ONE])
def test_answer_names_its_versions_and_its_context(
    client: TestClient, reference: EmbeddedStore, path: str
) -> None:
    document = get(client, path)

    assert document["meta"]["graph_version"] == reference.version
    assert document["meta"]["software_version"].count(".") == 2
    assert document["@context"] == "http://testserver/api/v1/context"
    assert document["data"]


@pytest.mark.parametrize("path", [*LISTS, *ONE])
def test_known_answer_is_not_sent_again(client: TestClient, path: str) -> None:
    first = client.get(f"/api/v1/{path}")

    again = client.get(f"/api/v1/{path}", headers={"If-None-Match": first.headers["etag"]})
    other = client.get(f"/api/v1/{path}", headers={"If-None-Match": '"another"'})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert other.status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_pages_give_every_line_once_and_in_order(client: TestClient, path: str) -> None:
    whole = get(client, f"{path}?limit=500")
    size = max(1, min(100, whole["total"] // 3))

    found: list[dict[str, Any]] = []
    address: str | None = f"/api/v1/{path}?limit={size}"
    while address:
        answer = client.get(address)
        page = answer.json()
        found += page["data"]
        assert page["total"] == whole["total"]
        assert len(page["data"]) <= size
        assert answer.links.get("next", {}).get("url") == page["next"]
        assert "cursor" not in answer.links["first"]["url"]
        address = page["next"]

    assert len(found) == whole["total"]
    assert len({line["iri"] for line in found}) == len(found)
    assert found[: len(whole["data"])] == whole["data"]


def test_cursor_is_a_place_in_the_list_and_not_a_line(client: TestClient) -> None:
    gone = b"m\x00http://example.org/never-there".hex()

    page = get(client, f"organisations?limit=500&cursor={gone}")

    names = [line["name"].casefold() for line in page["data"]]
    assert 0 < len(names) < page["total"]
    assert all(name >= "m" for name in names if name.isascii())


@pytest.mark.parametrize("cursor", ["", "xyz", "abc", "ff" * 1001])
def test_what_is_no_cursor_is_refused(client: TestClient, cursor: str) -> None:
    assert client.get("/api/v1/organisations", params={"cursor": cursor}).status_code == 422


def test_fields_narrow_each_line(client: TestClient) -> None:
    page = get(client, "organisations?limit=3&fields=town,claims")

    assert [set(line) for line in page["data"]] == [{"iri", "town", "claims"}] * 3
    assert client.get("/api/v1/organisations?fields=town,secret").status_code == 422


def test_organisations_are_found_by_each_filter(client: TestClient, landscape: Landscape) -> None:
    def found(query: str) -> set[str]:
        return {line["iri"] for line in get(client, f"organisations?limit=500&{query}")["data"]}

    everyone = landscape.organisations.values()
    assert found("q=JENA") >= {o.iri for o in everyone if o.place and o.place.town == "Jena"}
    assert found("type=Cluster") == {o.iri for o in everyone if o.kind == "Cluster"}
    in_jena = {o.iri for o in everyone if o.place and str(o.place.district).endswith("/16053")}
    assert found("district=16053") == found("district=Jena") == in_jena
    steps = {c.organisation for c in landscape.claims if any("/zerspanen" in s for s in c.steps)}
    assert found("step=Zerspanen") == steps
    milling = found("competence=Fräsen")
    assert found("competence=Fräsen&competence=Drehen") == milling & found("competence=Drehen")
    assert found("competence=Fertigungsverfahren") >= milling
    assert found("q=no-such-organisation") == set()


def test_competence_is_found_by_any_of_its_names(client: TestClient) -> None:
    for word in ("Fräsen", "fraesen", "FRÄSEN", "milling", "CNC-Fräsbearbeitung"):
        found = [one["name"] for one in get(client, f"competences?q={word}")["data"]]
        assert "Fräsen" in found, word


def test_tree_is_as_deep_as_asked(client: TestClient, landscape: Landscape) -> None:
    def depth(branches: list[dict[str, Any]]) -> int:
        return max((1 + depth(branch["narrower"]) for branch in branches), default=0)

    def count(branches: list[dict[str, Any]]) -> int:
        return sum(1 + count(branch["narrower"]) for branch in branches)

    for asked in (1, 3):
        tree = get(client, f"competences/tree?depth={asked}")["data"]
        assert depth(tree["narrower"]) == asked
    whole = get(client, "competences/tree?depth=6")["data"]["narrower"]
    assert count(whole) == len(landscape.scheme.competences)


def statements(document: dict[str, Any]) -> set[tuple[Node, Node, Node]]:
    """Read an answer as JSON-LD with the context that the server publishes."""
    text = json.dumps({**document, "@context": CONTEXT["@context"]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of rdflib's own
        return set(Graph().parse(data=text, format="json-ld"))


def plain(term: Node) -> str:
    """Numbers by value, words without their language."""
    value = term.toPython() if isinstance(term, Literal) else None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{float(value):g}"
    return str(term)


@pytest.mark.parametrize(
    ("path", "least"),
    [
        ("organisations/asphericon", 50),
        ("organisations?limit=500", 370),
        ("claims?limit=500", 3000),
        ("competences?limit=500", 900),
        ("competences/fraesen", 6),
        ("enquiries/E05", 15),
    ],
)
def test_read_as_linked_data_an_answer_says_what_the_graph_says(
    client: TestClient, reference: EmbeddedStore, path: str, least: int
) -> None:
    said = statements(get(client, path))

    graph = reference.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }")
    known = {(plain(r["s"]), str(r["p"]), plain(r["o"])) for r in graph}
    nameless = {s for s, _, _ in said if not isinstance(s, URIRef)}
    checked = {t for t in said if t[1] != RDFS.label and not {t[0], t[2]} & nameless}
    invented = {t for t in checked if (plain(t[0]), str(t[1]), plain(t[2])) not in known}
    assert invented == set()
    assert len(checked) >= least


def test_context_is_published_where_answers_say(client: TestClient) -> None:
    answer = client.get("/api/v1/context")

    assert answer.json() == CONTEXT
    assert answer.headers["content-type"] == "application/ld+json"
    again = client.get("/api/v1/context", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


def test_matches_are_ranked_with_their_reasons(client: TestClient) -> None:
    lines = get(client, "matches?competence=Drehen&limit=500&lang=en")["data"]

    costs = [line["cost_km"] for line in lines]
    assert costs == sorted(costs)
    assert len({line["organisation"]["iri"] for line in lines}) == len(lines) > 5
    assert {line["relation"]["code"] for line in lines} <= {"exact", "narrower", "broader"}
    assert all(line["evidence"]["source"].startswith("http") for line in lines)
    nearby = get(
        client,
        "matches?competence=Drehen&latitude=50.93&longitude=11.59&max_distance_km=30&limit=500",
    )["data"]
    assert 0 < len(nearby) < len(lines)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("organisations/nobody-here", 404),
        ("organisations?competence=Laserschneidn", 404),
        ("organisations?limit=0", 422),
        ("organisations?type=Robot", 422),
        ("competences/no-such", 404),
        ("claims/no-such", 404),
        ("claims?least_confidence=2", 422),
        ("enquiries/E99", 404),
        ("matches", 422),
        ("matches?competence=Drehen&max_distance_km=5", 400),
        ("matches?competence=Drehen&latitude=5", 400),
        ("nothing", 404),
    ],
)
def test_bad_question_is_a_problem(client: TestClient, path: str, status: int) -> None:
    answer = client.get(f"/api/v1/{path}")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("organisations?competense=Fräsen", "did you mean 'competence'?"),
        ("claims?limit=1&page=2", "no such parameter"),
        ("competences/fraesen?q=x", "known are lang"),
        ("consortia?enquiry=E26&exlude=x", "did you mean 'exclude'?"),
    ],
)
def test_parameter_that_is_not_there_is_refused(client: TestClient, path: str, said: str) -> None:
    """Passed over, a slip in the name of a filter would give everything."""
    answer = client.get(f"/api/v1/{path}")

    assert answer.status_code == 422
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("path", [*LISTS, *ONE, "organisations/nobody-here"])
def test_head_is_get_without_the_body(client: TestClient, path: str) -> None:
    got = client.get(f"/api/v1/{path}")
    head = client.head(f"/api/v1/{path}")

    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("content-type", "etag", "link", "verbund-version"):
        assert head.headers.get(name) == got.headers.get(name)
    if "elapsed" not in got.text:  # a run says how long it took
        assert head.headers["content-length"] == got.headers["content-length"]


def test_head_asks_for_a_key_and_for_what_is_new(client: TestClient) -> None:
    assert client.head("/api/v1/harvest").status_code == 401
    assert client.head("/api/v1/jobs/none/events").status_code == 405
    tag = client.head("/api/v1/organisations").headers["etag"]
    fresh = client.head("/api/v1/organisations", headers={"If-None-Match": tag})
    assert fresh.status_code == 304
