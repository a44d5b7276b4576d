"""Saved queries over HTTP and on the command line: the same that the workbench keeps."""

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.saved.command import app as command
from api.settings import Settings
from graph.store import EmbeddedStore, Visibility, publish

BASE = "/api/v1/saved-queries"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, small_quads: list[Any]) -> Path:
    found = tmp_path_factory.mktemp("saved")
    views = {Visibility.PUBLIC: small_quads[:10], Visibility.PARTNERS: small_quads}
    publish(found, views | {Visibility.INTERNAL: small_quads}, "v1")
    return found


@pytest.fixture(scope="module")
def client(folder: Path) -> Any:
    settings = Settings(home=folder, rate_per_s=0, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings, EmbeddedStore(folder))) as running:
        yield running


@pytest.fixture
def ann(folder: Path) -> dict[str, str]:
    """The headers of a partner who keeps nothing yet."""
    return {"Authorization": f"Bearer {KeyStore(folder).make(Role.PARTNER, 'ann', None)[1]}"}


def saved(client: TestClient, who: dict[str, str], **given: Any) -> Any:
    answer = client.post(BASE, json={"title": "Zahl", "sparql": COUNT} | given, headers=who)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == answer.json()["data"]["href"]
    return answer.json()["data"]


def test_saved_query_is_listed_read_and_removed(client: TestClient, ann: dict[str, str]) -> None:
    made = saved(client, ann)

    assert client.get(BASE, headers=ann).json()["data"] == [made]
    assert client.get(made["href"], headers=ann).json()["data"] == made
    assert made["mine"]
    assert client.get(made["page"], headers=ann).status_code == 200
    assert client.delete(made["href"], headers=ann).json()["data"] == made
    assert client.get(made["href"], headers=ann).status_code == 404
    assert client.delete(made["href"], headers=ann).status_code == 404


def test_same_title_is_the_same_query(client: TestClient, ann: dict[str, str]) -> None:
    first = saved(client, ann)
    tag = client.get(first["href"], headers=ann).headers["etag"]

    again = saved(client, ann, sparql="ASK {}")

    assert (again["id"], again["sparql"]) == (first["id"], "ASK {}")
    changed = client.get(first["href"], headers=ann | {"If-None-Match": tag})
    assert changed.status_code == 200
    known = client.get(first["href"], headers=ann | {"If-None-Match": changed.headers["etag"]})
    assert known.status_code == 304


def test_others_read_only_what_is_shared(client: TestClient, ann: dict[str, str]) -> None:
    own, shared = saved(client, ann), saved(client, ann, title="Für alle", shared=True)

    assert client.get(own["href"]).status_code == 404
    assert client.get(f"{own['href']}/rows").status_code == 404
    seen = client.get(shared["href"]).json()["data"]
    assert (seen["sparql"], seen["mine"]) == (COUNT, False)
    assert client.delete(shared["href"]).status_code == 401


def test_rows_are_those_that_the_reader_may_see(client: TestClient, ann: dict[str, str]) -> None:
    shared = saved(client, ann, shared=True)

    def counted(headers: dict[str, str]) -> int:
        rows = client.get(f"{shared['href']}/rows", headers=headers).json()["results"]["bindings"]
        return int(rows[0]["n"]["value"])

    assert 0 < counted({}) < counted(ann)
    as_csv = client.get(f"{shared['href']}/rows?format=csv", headers=ann)
    assert as_csv.headers["content-type"].startswith("text/csv")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"title": "", "sparql": COUNT}, 422),
        ({"title": "zwei\nZeilen", "sparql": COUNT}, 400),
        ({"title": "x", "sparql": "  "}, 400),
        ({"title": "x"}, 422),
    ],
)
def test_what_cannot_be_kept_is_refused(
    client: TestClient, ann: dict[str, str], sent: dict[str, Any], status: int
) -> None:
    assert client.post(BASE, json=sent, headers=ann).status_code == status
    assert client.get(BASE, headers=ann).json()["data"] == []


def test_keeping_needs_a_key(client: TestClient) -> None:
    assert client.get(BASE).status_code == 401
    assert client.post(BASE, json={"title": "x", "sparql": COUNT}).status_code == 401


def test_text_that_is_no_query_is_kept_and_refused_when_run(
    client: TestClient, ann: dict[str, str]
) -> None:
    """Half a query may be kept, as in the workbench."""
    made = saved(client, ann, sparql="SELECT nonsense")

    answer = client.get(f"{made['href']}/rows", headers=ann)

    assert answer.json()["type"].endswith("/query-syntax")


def test_command_line_keeps_the_same_queries(folder: Path, client: TestClient) -> None:
    key, token = KeyStore(folder).make(Role.PARTNER, "ann", None)
    home = ["--home", str(folder)]

    def run(*arguments: str, **environment: str) -> str:
        done = CliRunner().invoke(command, [*arguments, *home], env=environment)
        assert done.exit_code == 0, done.output + str(done.exception)
        return done.stdout

    name = run("save", "Zahl", COUNT, "--shared", "--key", key.id).strip()
    seen = client.get(f"{BASE}/{name}").json()["data"]
    assert (seen["title"], seen["sparql"], seen["shared"]) == ("Zahl", COUNT, True)
    assert run("show", "Zahl", "--key", key.id).strip() == COUNT
    assert '"title": "Zahl"' in run("list", VERBUND_KEY=token)
    as_csv = run("run", name, "--format", "csv", "--key", key.id)
    assert as_csv.splitlines()[0] == "n"
    assert client.get(f"{BASE}/{name}/rows").status_code == 200
    run("remove", "Zahl", "--key", key.id)
    assert client.get(f"{BASE}/{name}").status_code == 404
    assert client.get(f"{BASE}/{name}/rows").status_code == 404


def test_command_line_wants_a_valid_key(folder: Path) -> None:
    for arguments in (["list"], ["list", "--key", "nobody"]):
        done = CliRunner().invoke(command, [*arguments, "--home", str(folder)])

        assert "valid key" in str(done.exception)
