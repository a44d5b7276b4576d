"""The desk over HTTP: one enquiry from receipt to order, and everything that is refused."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore

from .houses import House

DESK = "/api/v1/desk"
TEXT = """Wir suchen Drehen und Schweißen von Wellen, dazu einen Zwirbelkopfschleifer.
Rückfragen an muster@example.org, Tel. +49 361 1234567."""


class Office:
    """A client with the key of a role."""

    def __init__(self, client: TestClient, house: House, role: Role | None) -> None:
        self.client = client
        token = KeyStore(house.home).make(role, "test")[1] if role else ""
        self.key = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(DESK + path, headers=self.key, **more)

    def send(self, method: str, path: str, body: Any, tag: str | None = "*") -> Any:
        headers = self.key | ({"If-Match": tag} if tag else {})
        return self.client.request(method, DESK + path, json=body, headers=headers)


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    settings = Settings(home=house.home, ad_hoc_workers=1, page_workers=1, rate_burst=10_000)
    app = create_app(settings, EmbeddedStore(house.home))
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def office(client: TestClient, house: House) -> Office:
    return Office(client, house, Role.COORDINATOR)


RECEIVED = {
    "title": "Wellen gesucht",
    "requester": "Ausland AG",
    "function": "Einkauf",
    "channel": "e-mail",
    "text": TEXT,
    "region": "Nordtal",
    "due": "2026-12-24",
}


def test_from_receipt_to_order(office: Office) -> None:
    answer = office.send("POST", "/enquiries", RECEIVED, None)
    assert answer.status_code == 201, answer.text
    number = answer.json()["data"]["number"]
    path = f"/enquiries/{number}"
    assert answer.headers["location"] == DESK + path
    assert "muster" not in answer.text
    assert "1234567" not in answer.text
    assert answer.json()["data"]["region"]["name"] == "Nordtal"

    proposal = office.get(path + "/proposal").json()["data"]
    assert [r["competence"]["name"] for r in proposal["requirements"]] == ["Drehen", "Schweißen"]
    confirmed = {"requirements": proposal["enquiry"]["requirements"]}
    tag = office.get(path).headers["etag"]
    answer = office.send("PUT", path + "/requirements", confirmed, tag)
    assert (answer.status_code, answer.json()["data"]["status"]) == (200, "classified")
    assert [r["name"] for r in answer.json()["data"]["requirements"]] == ["Drehen", "Schweißen"]

    ranked = office.get(path + "/responsibilities?lang=en").json()["data"]
    assert ranked[0]["body"]["name"] == "Büro Nord"
    assert "serves turning, which is asked for" in ranked[0]["text"]
    answer = office.send("POST", path + "/assignments", {}, answer.headers["etag"])
    assert answer.json()["data"]["responsible"]["name"] == "Büro Nord"
    assert "ist zuständig für Drehen" in answer.json()["data"]["events"][-1]["rationale"]

    answer = office.send("PATCH", path + "/shortlist", {"suggestion": True}, answer.headers["etag"])
    assert answer.status_code == 200, answer.text
    assert answer.status_code == 200, answer.text
    names = [o["name"] for o in answer.json()["data"]["shortlist"]["organisations"]]
    assert names == ["Dreherei Nord GmbH", "Schweißerei Süd GmbH"]
    answer = office.send("POST", path + "/consortia", {}, answer.headers["etag"])
    assert answer.status_code == 200, answer.text
    assert answer.json()["data"]["status"] == "consortium-offered"
    answer = office.send("PUT", path + "/status", {"status": "won"}, answer.headers["etag"])
    assert answer.json()["data"]["status"] == "won", answer.text
    [line] = office.get("/enquiries?status=won").json()["data"]
    assert line["number"] == number
    assert office.get("/enquiries?status=new").json()["data"] == []
    assert office.get("/overdue?day=2027-01-01").json()["data"] == []
    gaps = office.client.get("/api/v1/enquiries", headers=office.key).json()
    assert [e["name"] for e in gaps["data"]] == ["Wellen gesucht"]


def test_a_change_says_what_it_has_read(office: Office) -> None:
    answer = office.send("POST", "/enquiries", RECEIVED, None)
    path = answer.headers["location"].removeprefix(DESK)
    tag = answer.headers["etag"]
    details = {"due": "2026-12-01", "note": "früher"}

    missing = office.send("PATCH", path, details, None)
    assert (missing.status_code, missing.json()["title"]) == (428, "PreconditionRequiredError")
    for stale in ('"0123"', f"W/{tag}", "x"):
        refused = office.send("PATCH", path, details, stale)
        assert (refused.status_code, refused.json()["title"]) == (412, "VersionConflictError")
    assert office.get(path).headers["etag"] == tag
    done = office.send("PATCH", path, details, tag)
    assert (done.status_code, done.json()["data"]["due"]) == (200, "2026-12-01")
    assert office.send("PATCH", path, details, tag).status_code == 412

    illegal = office.send("PUT", path + "/status", {"status": "won"})
    assert illegal.status_code == 409
    assert illegal.json()["legal"] == ["classified", "closed"]
    unknown = office.send("POST", path + "/assignments", {"body": "Niemand GmbH"})
    assert (unknown.status_code, unknown.json()["title"]) == (404, "UnknownTermError")
    assert office.get("/enquiries/2020-0001").status_code == 404


def test_numbers_are_unique_when_several_write_at_once(office: Office) -> None:
    def received(n: int) -> Any:
        return office.send("POST", "/enquiries", RECEIVED | {"title": f"Nummer {n}"}, None)

    with ThreadPoolExecutor(3) as several:
        answers = list(several.map(received, range(3)))

    assert [answer.status_code for answer in answers] == [201] * 3
    numbers = sorted(answer.json()["data"]["number"] for answer in answers)
    assert [number.partition("-")[2] for number in numbers] == ["0001", "0002", "0003"]


OPERATIONS = [
    ("GET", "/enquiries", None),
    ("GET", "/enquiries/2026-0001", None),
    ("GET", "/enquiries/2026-0001/proposal", None),
    ("GET", "/enquiries/2026-0001/responsibilities", None),
    ("GET", "/overdue", None),
    ("POST", "/enquiries", RECEIVED),
    ("PATCH", "/enquiries/2026-0001", {}),
    ("PUT", "/enquiries/2026-0001/requirements", {"requirements": [{"competence": "Drehen"}]}),
    ("POST", "/enquiries/2026-0001/assignments", {}),
    ("POST", "/enquiries/2026-0001/referrals", {"organisation": "Netz Zerspanung"}),
    ("POST", "/enquiries/2026-0001/replies", {"organisation": "x", "outcome": "accepted"}),
    ("POST", "/enquiries/2026-0001/offers", {"organisation": "x", "requirement": 1}),
    ("PATCH", "/enquiries/2026-0001/shortlist", {}),
    ("POST", "/enquiries/2026-0001/consortia", {}),
    ("PUT", "/enquiries/2026-0001/status", {"status": "closed"}),
]


@pytest.mark.parametrize(("role", "status"), [(None, 401), (Role.PARTNER, 403)])
def test_nobody_else_sees_or_changes_anything(
    client: TestClient, house: House, role: Role | None, status: int
) -> None:
    stranger = Office(client, house, role)

    found = {
        (method, path): stranger.send(method, path, body).status_code
        for method, path, body in OPERATIONS
    }
    assert found == dict.fromkeys(found, status)


def test_every_operation_is_tried_by_a_stranger(client: TestClient) -> None:
    described = client.get("/openapi.json").json()["paths"]
    known = {
        (method.upper(), path.removeprefix(DESK).replace("{name}", "2026-0001"))
        for path, operations in described.items()
        if path.startswith(DESK)
        for method in operations
    }
    assert known == {(method, path) for method, path, _ in OPERATIONS}
