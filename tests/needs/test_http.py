"""Needs, initiatives and meetings over HTTP and on the command line."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.cli import app
from api.settings import Settings
from graph.store import EmbeddedStore
from tests.desk.houses import House

NEEDS = "/api/v1/needs"
GIVEN = {
    "title": "Härtere Wellen",
    "raised_by": ["Dreherei Nord GmbH"],
    "competences": ["Hartdrehen"],
    "topic": "Industrielle Produktion und Systeme",
    "text": "Verschleiß; Rückfragen an a@example.org",
}


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    settings = Settings(home=house.home, ad_hoc_workers=1, page_workers=1, rate_burst=10_000)
    with TestClient(create_app(settings, EmbeddedStore(house.home))) as opened:
        yield opened


def key(house: House, role: Role) -> dict[str, str]:
    return {"Authorization": f"Bearer {KeyStore(house.home).make(role, 'test')[1]}"}


def test_a_need_from_record_to_initiative(client: TestClient, house: House) -> None:
    office = key(house, Role.COORDINATOR)
    made = client.post(NEEDS, json=GIVEN, headers=office)
    assert made.status_code == 201, made.text
    path = made.headers["location"]
    assert made.json()["data"]["topic"]["name"] == GIVEN["topic"]
    assert "example.org" not in made.json()["data"]["text"]

    [found] = client.get(f"{path}/research?lang=en", headers=office).json()["data"]
    assert found["organisation"]["name"] == "Institut Tal"
    assert found["matches"][0]["relation"]["text"] == "offers exactly this"
    assert [p["name"] for p in found["projects"]] == ["Harte Wellen"]

    given: dict[str, Any] = {"status": "addressed", "addressed_by": ["Harte Wellen"]}
    refused = client.put(f"{path}/status", json=given, headers=office)
    assert refused.status_code == 428
    tag = {"If-Match": made.headers["etag"]}
    done = client.put(f"{path}/status", json=given, headers=office | tag)
    assert [b["iri"].rpartition("/")[2] for b in done.json()["data"]["addressed_by"]] == [
        "project-hart"
    ]
    stale = client.put(f"{path}/status", json={"status": "solved"}, headers=office | tag)
    assert stale.status_code == 412

    initiative = {
        "title": "Harte Kante",
        "topics": [GIVEN["topic"]],
        "bundles": [made.json()["data"]["id"]],
    }
    made = client.post(f"{NEEDS}/initiatives", json=initiative, headers=office)
    assert made.status_code == 201, made.text
    tag = {"If-Match": made.headers["etag"]}
    bundled = client.patch(made.headers["location"], json={"add": ["hart"]}, headers=office | tag)
    assert len(bundled.json()["data"]["bundles"]) == 2
    assert len(client.get(f"{NEEDS}/initiatives", headers=office).json()["data"]) == 1


def test_meetings_are_explained(client: TestClient, house: House) -> None:
    office = key(house, Role.COORDINATOR)
    found = client.get(f"{NEEDS}/meetings?lang=en", headers=office).json()["data"]

    [meeting] = found
    assert {meeting["first"]["name"], meeting["second"]["name"]} == {
        "Dreherei Nord GmbH",
        "Schweißerei Süd GmbH",
    }
    assert "no joint project is known" in meeting["text"]
    assert "11 km apart" in meeting["text"]


OPERATIONS = [
    ("GET", ""),
    ("POST", ""),
    ("GET", "/meetings"),
    ("GET", "/initiatives"),
    ("POST", "/initiatives"),
    ("GET", "/initiatives/x"),
    ("PATCH", "/initiatives/x"),
    ("GET", "/x"),
    ("PUT", "/x/status"),
    ("GET", "/x/research"),
]


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.PARTNER, 403)])
def test_nobody_else_sees_or_changes_anything(
    client: TestClient, house: House, role: Role | None, status: int
) -> None:
    headers = key(house, role) if role else {}
    bodies = {"POST": GIVEN, "PATCH": {"add": []}, "PUT": {"status": "open"}}
    bodies_of_initiatives = {"title": "Kante", "topics": ["x"]}

    found = {}
    for method, path in OPERATIONS:
        body = bodies.get(method) if path != "/initiatives" else bodies_of_initiatives
        sent = None if method == "GET" else body
        answer = client.request(method, NEEDS + path, json=sent, headers=headers)
        found[method, path] = answer.status_code
    assert found == dict.fromkeys(found, status)


def test_every_operation_is_tried_by_a_stranger(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]
    known = {
        (method.upper(), path.removeprefix(NEEDS).replace("{name}", "x"))
        for path, operations in described.items()
        if path.startswith(NEEDS)
        for method in operations
    }
    assert known == set(OPERATIONS)


def test_the_command_line_does_the_same(house: House) -> None:
    def run(*arguments: str) -> Any:
        home = ["--home", str(house.home)]
        done = CliRunner().invoke(app, ["needs", *arguments, *home], catch_exceptions=False)
        return json.loads(done.stdout)

    need = run("record", "Härtere Wellen", "--raised-by", "dreherei", "-c", "Hartdrehen")
    assert need["status"] == "open"
    [found] = run("research", need["id"])
    assert (found["organisation"], found["projects"]) == ("Institut Tal", "Harte Wellen")
    [meeting] = run("meetings", "--lang", "en")
    assert meeting["first"] == "Dreherei Nord GmbH"
    assert run("status", need["id"], "dropped")["status"] == "dropped"
    assert [line["status"] for line in run("list")] == ["dropped"]
