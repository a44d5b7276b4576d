"""Roles over HTTP: who may do what, how often, and what is written down about it."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from api.access.keys import KeyStore
from api.access.roles import Role
from graph.store import Visibility, current_version

from .written import COUNT, FACTS, LICENCE, NET, OFFICE, PREFIXES, company, put

Opened = Callable[..., AbstractContextManager[TestClient]]
Header = dict[str, str]
Bearer = Callable[[Path, Role], Header]

SECRET = "Streng Geheim"  # noqa: S105 - a label that must not be seen
TURTLE = {"Content-Type": "text/turtle"}
UPDATE = {"Content-Type": "application/sparql-update"}
SAID = {"title_de": "Netz", "visibility": "partners", "licence": LICENCE}


@pytest.fixture(scope="module")
def home(pristine: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The landscape with one graph for partners and one that is internal."""
    folder = tmp_path_factory.mktemp("http") / "home"
    shutil.copytree(pristine, folder)
    put(folder, company("friend"), NET, Visibility.PARTNERS)
    put(folder, company("hidden", SECRET), OFFICE, Visibility.INTERNAL)
    return folder


@pytest.fixture(scope="module")
def client(home: Path, opened: Opened) -> Iterator[TestClient]:
    with opened(home) as found:
        yield found


@pytest.fixture(scope="module")
def headers(home: Path, bearer: Bearer) -> dict[Role, Header]:
    """What each role sends."""
    made = {role: bearer(home, role) for role in Role if role is not Role.ANONYMOUS}
    return {Role.ANONYMOUS: {}} | made


def is_problem(answer: Response, status: int) -> dict[str, object]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    content: dict[str, object] = answer.json()
    return content


def audit(home: Path) -> list[dict[str, object]]:
    text = (home / "access" / "audit.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


# --- keys ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["Bearer x", "Bearer", "Basic YTpi", f"Bearer vb_aaaaaaaa_{'A' * 43}", "Bearer ü"]
)
def test_wrong_key_is_no_anonymous_caller(client: TestClient, value: str) -> None:
    answer = client.get("/health", headers=[(b"Authorization", value.encode())])

    is_problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith('Bearer realm="verbund"')


def test_revoked_key_is_refused_at_once(home: Path, client: TestClient, bearer: Bearer) -> None:
    header = bearer(home, Role.PARTNER)
    assert client.get("/health", headers=header).status_code == 200

    KeyStore(home).revoke(header["Authorization"].split("_")[1])

    is_problem(client.get("/health", headers=header), 401)


PROTECTED = [
    ("GET", "/api/v1/keys", Role.ADMIN),
    ("POST", "/api/v1/keys", Role.ADMIN),
    ("DELETE", "/api/v1/keys/aaaaaaaa", Role.ADMIN),
    ("POST", "/sparql/update", Role.COORDINATOR),
    ("PUT", f"/graphs?graph={quote(OFFICE)}", Role.COORDINATOR),
    ("POST", f"/graphs?graph={quote(OFFICE)}", Role.COORDINATOR),
    ("DELETE", f"/graphs?graph={quote(OFFICE)}-not-there", Role.COORDINATOR),
]


@pytest.mark.parametrize(("method", "path", "needed"), PROTECTED)
def test_lesser_roles_are_turned_away(
    client: TestClient, headers: dict[Role, Header], method: str, path: str, needed: Role
) -> None:
    for role in Role:
        answer = client.request(method, path, headers=headers[role])
        if role is Role.ANONYMOUS:
            is_problem(answer, 401)
            assert answer.headers["www-authenticate"] == 'Bearer realm="verbund"'
        elif not role.includes(needed):
            assert str(needed) in str(is_problem(answer, 403)["detail"])
        else:
            assert answer.status_code not in (401, 403)
            break


def test_admin_makes_lists_and_revokes_keys(
    home: Path, client: TestClient, headers: dict[Role, Header]
) -> None:
    admin = headers[Role.ADMIN]
    wanted = {"role": "partner", "label": "Netz Eins", "days": 1}

    made = client.post("/api/v1/keys", json=wanted, headers=admin)
    assert made.status_code == 201
    assert "no-store" in made.headers["cache-control"]
    data = made.json()["data"]
    token, name = data["token"], data["key"]["id"]
    mine = {"Authorization": f"Bearer {token}"}
    assert client.get("/health", headers=mine).status_code == 200
    listed = client.get("/api/v1/keys", headers=admin)
    assert name in {key["id"] for key in listed.json()["data"]}
    assert token not in listed.text
    assert "scrypt" not in listed.text
    assert client.delete(f"/api/v1/keys/{name}", headers=admin).json()["data"]["revoked_at"]
    is_problem(client.get("/health", headers=mine), 401)
    events = [line["event"] for line in audit(home) if line.get("key") == name]
    assert events == ["key-made", "key-used", "key-revoked", "key-refused"]
    assert token.split("_", 2)[2] not in (home / "access" / "audit.jsonl").read_text()


@pytest.mark.parametrize("wanted", [{"role": "anonymous", "label": "x"}, {"role": "admin"}, {}])
def test_impossible_key_is_refused(
    client: TestClient, headers: dict[Role, Header], wanted: dict[str, str]
) -> None:
    is_problem(client.post("/api/v1/keys", json=wanted, headers=headers[Role.ADMIN]), 422)


# --- limits -------------------------------------------------------------------------------------


def test_limit_is_announced_and_held(fresh: Path, opened: Opened, bearer: Bearer) -> None:
    header = bearer(fresh, Role.PARTNER)
    with opened(fresh, rate_per_s=0.01, rate_burst=2) as client:
        answers = [client.get("/health") for _ in range(3)]
        with_key = client.get("/health", headers=header)

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["ratelimit-policy"] == '"requests";q=2;w=200'
    assert answers[0].headers["ratelimit"] == '"requests";r=1;t=100'
    refused = is_problem(answers[2], 429)
    assert 95 <= int(answers[2].headers["retry-after"]) <= 100
    assert refused["retry_after_s"] == int(answers[2].headers["retry-after"])
    assert with_key.status_code == 200  # it has a bucket of its own


def test_trying_keys_is_limited(fresh: Path, opened: Opened) -> None:
    with opened(fresh, key_tries_per_minute=2) as client:
        wrong = {"Authorization": f"Bearer vb_aaaaaaaa_{'A' * 43}"}
        codes = [client.get("/health", headers=wrong).status_code for _ in range(4)]
        without = client.get("/health").status_code

    assert codes == [401, 401, 429, 429]
    assert without == 200


# --- visibility ---------------------------------------------------------------------------------

SEEN = {
    Role.ANONYMOUS: {FACTS},
    Role.PARTNER: {FACTS, NET},
    Role.COORDINATOR: {FACTS, NET, OFFICE},
    Role.ADMIN: {FACTS, NET, OFFICE},
}


def ask(client: TestClient, query: str, header: Header, **more: str) -> Response:
    return client.get("/sparql", params={"query": PREFIXES + query, **more}, headers=header)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_sees_its_graphs_everywhere(
    client: TestClient, headers: dict[Role, Header], role: Role
) -> None:
    header = headers[role]
    listed = {one["iri"] for one in client.get("/api/v1/graphs", headers=header).json()["data"]}
    described = client.get("/sparql", headers=header).text
    named = ask(client, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", header).text
    meta = ask(client, "SELECT ?g { GRAPH graph:meta { ?g dct:title ?t } }", header).text

    for graph in (FACTS, NET, OFFICE):
        expected = graph in SEEN[role]
        assert (graph in listed) is expected
        assert (f"<{graph}>" in described or graph in described) is expected
        assert (graph in named) is expected
        assert (graph in meta) is expected
        read = client.get("/graphs", params={"graph": graph}, headers=header)
        assert read.status_code == (200 if expected else 404)


LEAKS = [
    "ASK { id:org-hidden ?p ?o }",
    "ASK { GRAPH ?g { id:org-hidden ?p ?o } }",
    "ASK { ?s ?p id:org-hidden }",
    "ASK { id:org-open ^vb:sameOrganisationAs?/a ?x . ?x ^a/a* id:org-hidden }",
    "ASK { GRAPH graph:office { } }",
    "ASK { FILTER EXISTS { id:org-hidden a vb:Company } }",
    f'ASK {{ ?s ?p ?o FILTER(CONTAINS(STR(?o), "{SECRET}")) }}',
    "ASK { graph:office ?p ?o }",
    "ASK { ?s ?p graph:office }",
    "ASK { { SELECT (COUNT(*) AS ?n) { ?s a vb:Company } } FILTER(?n > 2) }",
]


@pytest.mark.parametrize("query", LEAKS)
def test_nothing_hidden_is_found(
    client: TestClient, headers: dict[Role, Header], query: str
) -> None:
    # asked first by somebody who sees it, so that a shared cache would tell
    for role in (Role.COORDINATOR, Role.PARTNER, Role.ANONYMOUS):
        answer = ask(client, query, headers[role])
        assert answer.status_code == 200, answer.text
        if role is not Role.COORDINATOR:
            assert answer.json()["boolean"] is False
        elif "GRAPH graph:office" not in query and "^vb" not in query and "?s ?p " not in query:
            assert answer.json()["boolean"] is True


def test_counts_grow_with_the_role(client: TestClient, headers: dict[Role, Header]) -> None:
    counts = [
        int(ask(client, COUNT, headers[role]).json()["results"]["bindings"][0]["n"]["value"])
        for role in Role
    ]

    assert counts[0] < counts[1] < counts[2] == counts[3]


@pytest.mark.parametrize("way", ["default-graph-uri", "named-graph-uri", "FROM", "FROM NAMED"])
def test_hidden_graph_reads_like_one_that_is_not_there(client: TestClient, way: str) -> None:
    texts = []
    for graph in (OFFICE, f"{OFFICE}x"):
        if way.startswith("FROM"):
            answer = ask(client, f"ASK {way} <{graph}> {{ ?s ?p ?o }}", {})
        else:
            answer = ask(client, "ASK { ?s ?p ?o }", {}, **{way: graph})
        is_problem(answer, 400)
        texts.append(answer.text.replace(graph, "…"))
    reads = [
        client.get("/graphs", params={"graph": graph}).text.replace(graph, "…")
        for graph in (OFFICE, f"{OFFICE}x")
    ]

    assert texts[0] == texts[1]
    assert reads[0] == reads[1]


def test_tags_differ_by_role_and_caches_are_told(
    client: TestClient, headers: dict[Role, Header]
) -> None:
    for path in (f"/sparql?query={quote('ASK { ?s ?p ?o }')}", "/sparql"):
        public, internal = (
            client.get(path, headers=headers[role]) for role in (Role.ANONYMOUS, Role.COORDINATOR)
        )
        assert public.headers["etag"] != internal.headers["etag"]
        crossed = headers[Role.ANONYMOUS] | {"If-None-Match": internal.headers["etag"]}
        assert client.get(path, headers=crossed).status_code == 200
        assert "Authorization" in public.headers["vary"]
        assert "private" in internal.headers["cache-control"]
        assert "private" not in public.headers["cache-control"]


# --- writes -------------------------------------------------------------------------------------


def test_graph_is_made_read_changed_and_removed(
    fresh: Path, opened: Opened, bearer: Bearer
) -> None:
    """One walk through both protocols, since each write starts a process."""
    header = bearer(fresh, Role.COORDINATOR)
    where = {"graph": NET}
    with opened(fresh) as client:
        made = client.put(
            "/graphs", params=where | SAID, content=company("new"), headers=header | TURTLE
        )
        assert made.status_code == 201, made.text
        assert made.headers["location"] == f"/graphs?graph={quote(NET, safe='')}"
        assert made.json()["version"] == current_version(fresh)

        read = client.get("/graphs", params=where, headers=header | {"Accept": "text/turtle"})
        assert "New GmbH" in read.text
        tag = read.headers["etag"]
        again = client.get("/graphs", params=where, headers=header | {"If-None-Match": tag,
                           "Accept": "text/turtle"})  # fmt: skip
        assert again.status_code == 304
        head = client.head("/graphs", params=where, headers=header)
        assert (head.status_code, head.content) == (200, b"")
        is_problem(client.get("/graphs", params=where), 404)

        text = (
            PREFIXES
            + 'INSERT DATA { GRAPH graph:friends { id:org-new vb:productKeyword "Öse"@de } }'
        )
        changed = client.post(
            "/sparql/update",
            content=urlencode({"update": text}),
            headers=header | {"Content-Type": "application/x-www-form-urlencoded", "If-Match": tag},
        )
        assert (changed.status_code, changed.json()["added"]) == (200, 1)
        late = client.delete("/graphs", params=where, headers=header | {"If-Match": tag})
        assert is_problem(late, 412)["version"] == current_version(fresh)

        broken = client.post(
            "/sparql/update",
            content=PREFIXES + "DELETE WHERE { GRAPH graph:friends { id:org-new dct:source ?x } }",
            headers=header | UPDATE,
        )
        report = is_problem(broken, 422)["report"]
        assert isinstance(report, list)
        assert report[0]["focus"].endswith("org-new")

        gone = client.delete("/graphs", params=where, headers=header)
        assert (gone.status_code, gone.json()["version"]) == (200, "ref-1")
    events = [line["event"] for line in audit(fresh) if str(line["event"]).startswith("write")]
    outcome = ["write-done", "write-done", "write-refused", "write-refused", "write-done"]
    assert events == [event for one in outcome for event in ("write-begun", one)]
    assert "Öse" not in (fresh / "access" / "audit.jsonl").read_text()


COPY = "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o }"
REFUSED: list[tuple[str, str, Header, str, int]] = [
    ("POST", "/sparql/update", UPDATE, "LOAD <http://127.0.0.1/>", 400),
    ("POST", "/sparql/update", {"Content-Type": "text/plain"}, "DROP ALL", 415),
    ("POST", "/sparql/update?using-graph-uri=http://x", UPDATE, f"WITH <{OFFICE}> {COPY}", 400),
    ("POST", "/sparql/update?update=DROP%20ALL", UPDATE, "DROP ALL", 400),
    ("PUT", "/graphs", TURTLE, "", 403),
    ("PUT", "/graphs?default", TURTLE, "", 403),
    ("PUT", "/graphs?graph=nonsense", TURTLE, "", 400),
    ("PUT", f"/graphs?graph={quote(OFFICE)}", {"Content-Type": "text/html"}, "", 415),
    ("PUT", f"/graphs?graph={quote(OFFICE)}&title_de=x", TURTLE, "", 400),
    ("PUT", f"/graphs?graph={quote(OFFICE)}&visibility=all", TURTLE, "", 422),
]


@pytest.mark.parametrize(("method", "path", "header", "body", "status"), REFUSED)
def test_unreadable_write_is_refused(
    client: TestClient, home: Path, headers: dict[Role, Header],
    method: str, path: str, header: Header, body: str, status: int,
) -> None:  # fmt: skip
    before = current_version(home)

    sent = headers[Role.COORDINATOR] | header
    answer = client.request(method, path, content=body, headers=sent)

    is_problem(answer, status)
    assert current_version(home) == before
