"""A POST with an ``Idempotency-Key`` is carried out once, whatever happens on the way."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from fastapi.testclient import TestClient
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.access.caller import Caller
from api.access.gate import CALLER
from api.access.roles import Role
from api.app import create_app
from api.idempotency import IdempotentRequests, Kept, Ledger
from api.idempotency.ledger import Standing
from api.settings import Settings
from graph.errors import StoreUnavailableError
from graph.store import EmbeddedStore, Visibility

KEPT = Kept(201, ((b"location", b"/x"), (b"content-type", b"text/plain")), b"made")


class _Known:
    """Says that the caller is whom the header ``Who`` names."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            name = dict(scope["headers"]).get(b"who", b"somebody").decode()
            scope[CALLER] = Caller(name, Visibility.PUBLIC)
        await self._app(scope, receive, send)


@pytest.fixture
def counted(tmp_path: Path) -> FastAPI:
    """An application that counts what it carries out."""
    ledger = Ledger(tmp_path)
    app = FastAPI(middleware=[Middleware(_Known), Middleware(IdempotentRequests, ledger=ledger)])
    app.state.count = 0
    app.state.waiting = threading.Event()
    app.state.waiting.set()
    app.state.begun = threading.Event()

    @app.post("/api/v1/count")
    async def count(request: Request) -> Response:
        body = (await request.body()).decode()
        app.state.count += 1
        if body == "boom":
            raise ZeroDivisionError
        status = {"bad": 400, "asked": 200}.get(body, 201)
        is_private = body in ("secret", "asked")
        headers = {"Cache-Control": "no-store"} if is_private else {"Location": "/made"}
        return JSONResponse({"count": app.state.count, "said": body}, status, headers)

    @app.post("/api/v1/slow")
    def slow() -> int:
        app.state.count += 1
        app.state.begun.set()
        app.state.waiting.wait(10)
        return int(app.state.count)

    return app


@pytest.fixture
def client(counted: FastAPI) -> TestClient:
    return TestClient(counted, raise_server_exceptions=False)


def test_same_request_has_the_same_answer_and_is_carried_out_once(
    client: TestClient, counted: FastAPI
) -> None:
    first = client.post("/api/v1/count", content="x", headers={"Idempotency-Key": "k1"})
    again = client.post("/api/v1/count", content="x", headers={"Idempotency-Key": "k1"})

    assert counted.state.count == 1
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again.headers["location"] == "/made"
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"


def test_without_a_key_or_with_another_it_is_carried_out_again(
    client: TestClient, counted: FastAPI
) -> None:
    for key in ("a", "b"):
        client.post("/api/v1/count", content="x", headers={"Idempotency-Key": key})
    client.post("/api/v1/count", content="x")
    client.post("/api/v1/count", content="x")

    assert counted.state.count == 4


def test_keys_of_others_are_others(client: TestClient, counted: FastAPI) -> None:
    for who in ("one", "two"):
        client.post("/api/v1/count", content="x", headers={"Idempotency-Key": "k", "Who": who})

    assert counted.state.count == 2


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/api/v1/count", "y", {}),
        ("/api/v1/count?lang=en", "x", {}),
        ("/api/v1/count", "x", {"Accept": "text/csv"}),
        ("/api/v1/count", "x", {"Content-Type": "text/csv"}),
        ("/api/v1/slow", "x", {}),
    ],
)
def test_key_of_another_request_is_refused(
    client: TestClient, counted: FastAPI, path: str, body: str, headers: dict[str, str]
) -> None:
    client.post("/api/v1/count", content="x", headers={"Idempotency-Key": "k"})

    answer = client.post(path, content=body, headers={"Idempotency-Key": "k", **headers})

    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/problem/idempotency-mismatch")
    assert counted.state.count == 1


@pytest.mark.parametrize(("body", "status"), [("bad", 400), ("boom", 500)])
def test_what_failed_may_be_tried_again(
    client: TestClient, counted: FastAPI, body: str, status: int
) -> None:
    for _ in range(2):
        answer = client.post("/api/v1/count", content=body, headers={"Idempotency-Key": "k"})
        assert answer.status_code == status

    assert counted.state.count == 2


def test_secret_is_neither_kept_nor_made_twice(
    client: TestClient, counted: FastAPI, tmp_path: Path
) -> None:
    first = client.post("/api/v1/count", content="secret", headers={"Idempotency-Key": "k"})
    again = client.post("/api/v1/count", content="secret", headers={"Idempotency-Key": "k"})

    assert (first.status_code, again.status_code) == (201, 409)
    assert again.json()["type"].endswith("/problem/idempotency-conflict")
    assert counted.state.count == 1


def test_private_answer_to_a_question_is_given_anew(client: TestClient, counted: FastAPI) -> None:
    for _ in range(2):
        answer = client.post("/api/v1/count", content="asked", headers={"Idempotency-Key": "k"})
        assert answer.status_code == 200

    assert counted.state.count == 2


def test_request_that_is_being_answered_is_not_carried_out_beside(
    client: TestClient, counted: FastAPI
) -> None:
    counted.state.waiting.clear()
    headers = {"Idempotency-Key": "k"}
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(client.post, "/api/v1/slow", headers=headers)
        assert counted.state.begun.wait(10)
        beside = client.post("/api/v1/slow", headers=headers)
        counted.state.waiting.set()
        assert first.result().status_code == 200

    assert beside.status_code == 409
    assert int(beside.headers["retry-after"]) > 0
    assert client.post("/api/v1/slow", headers=headers).headers["idempotency-replayed"] == "true"
    assert counted.state.count == 1


@pytest.mark.parametrize("key", ["", " ", "ä", "x" * 256, "a b"])
def test_unusable_key_is_refused(client: TestClient, key: str) -> None:
    answer = client.post("/api/v1/count", headers={b"Idempotency-Key": key.encode("latin-1")})

    assert answer.status_code == 422


# --- the ledger ---------------------------------------------------------------------------------


class Clock:
    now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s


def test_ledger_outlives_the_process(tmp_path: Path) -> None:
    Ledger(tmp_path).begin("me", "k", "f")
    Ledger(tmp_path).end("me", "k", KEPT)

    begun = Ledger(tmp_path).begin("me", "k", "f")

    assert (begun.standing, begun.kept) == (Standing.ANSWERED, KEPT)
    assert (tmp_path / "idempotency.sqlite").stat().st_mode & 0o777 == 0o600


def test_answer_is_forgotten_after_a_day(tmp_path: Path) -> None:
    clock = Clock()
    ledger = Ledger(tmp_path, clock)
    ledger.begin("me", "k", "f")
    ledger.end("me", "k", KEPT)

    clock.now_s += 23 * 3600
    assert ledger.begin("me", "k", "f").standing is Standing.ANSWERED
    clock.now_s += 2 * 3600
    assert ledger.begin("me", "k", "f").standing is Standing.NEW


def test_request_whose_process_ended_can_be_made_again(tmp_path: Path) -> None:
    clock = Clock()
    ledger = Ledger(tmp_path, clock)
    ledger.begin("me", "k", "f")

    clock.now_s += 599
    assert ledger.begin("me", "k", "f").standing is Standing.RUNNING
    clock.now_s += 2
    assert ledger.begin("me", "k", "f").standing is Standing.NEW


def test_ledger_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "idempotency.sqlite").write_bytes(b"no database" * 100)

    with pytest.raises(StoreUnavailableError):
        Ledger(tmp_path).begin("me", "k", "f")


# --- in the application -------------------------------------------------------------------------


def test_application_keeps_to_it(small_store: EmbeddedStore, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, rate_per_s=0, ad_hoc_workers=1, page_workers=1)
    app = create_app(settings, small_store)
    _, token = app.state.gate.keys.make(Role.ADMIN, "test", None)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "make-one"}
    wanted = {"role": "partner", "label": "Netz Eins"}

    with TestClient(app) as running:
        answers = [running.post("/api/v1/keys", json=wanted, headers=headers) for _ in range(2)]
        listed = running.get("/api/v1/keys", headers=headers).json()["data"]

    assert [one.status_code for one in answers] == [201, 409]
    assert [key["label"] for key in listed] == ["test", "Netz Eins"]
    secret = answers[0].json()["data"]["token"].encode()
    assert all(secret not in p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
