"""Plain queries answered outside the layers: no other answer, and no limit missed."""

from typing import cast

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.testclient import TestClient

from api.app import create_app
from api.direct import Direct, Plain
from api.settings import Settings
from graph.errors import StoreTimeoutError
from graph.store import EmbeddedStore
from graph.store.runner import Answer, QueryRequest

ASK = "/sparql?query=SELECT * { ?s ?p ?o } ORDER BY ?s ?p STR(?o)"


@pytest.mark.parametrize(
    "url",
    [
        ASK,
        ASK + "&format=csv",
        ASK + "&format=spreadsheet",
        ASK + "&max-rows=1",
        "/sparql?query=ASK {}",
        "/sparql?query=CONSTRUCT WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o",
        "/sparql?query=SELECT (RAND() < 2 AS ?x) {}",
        "/sparql?query=nonsense",
        "/sparql?query=SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "/sparql?query=ASK {}&format=png",
        "/sparql?query=SELECT * FROM <http://example.org/nowhere> { ?s ?p ?o }",
    ],
)
def test_answer_is_that_of_all_layers(client: TestClient, url: str) -> None:
    # a cookie that says nothing sends the second through all of them
    first, second = client.get(url), client.get(url, headers={"Cookie": "nothing=1"})

    assert first.status_code == second.status_code
    assert first.content == second.content
    assert _told(first) == _told(second)


def _told(answer: httpx2.Response) -> list[tuple[str, str]]:
    """Return all headers but the one that counts."""
    found = [(name, value) for name, value in answer.headers.multi_items() if name != "ratelimit"]
    assert len(found) == len(answer.headers.multi_items()) - 1
    return sorted(found)


def test_client_that_asks_too_often_is_turned_away(
    settings: Settings, small_store: EmbeddedStore
) -> None:
    limited = settings.model_copy(update={"rate_per_s": 0.001, "rate_burst": 4})
    with TestClient(create_app(limited, small_store)) as opened:
        answers = [opened.get(ASK + f"&max-rows={rows}") for rows in (1, 2, 2, 2, 1, 3)]

    # the third and the fourth are repeated answers
    assert [found.status_code for found in answers] == [200, 200, 200, 200, 429, 429]
    left = [found.headers["ratelimit"].split(";")[1] for found in answers]
    assert left == ["r=3", "r=2", "r=1", "r=0", "r=0", "r=0"]
    assert "retry-after" in answers[-1].headers


def test_answer_through_all_layers_is_repeated(
    settings: Settings, small_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, asked = create_app(settings, small_store), []
    run = app.state.runner.run

    async def counted(request: QueryRequest) -> Answer:
        asked.append(request)
        return cast(Answer, await run(request))

    monkeypatch.setattr(app.state.runner, "run", counted)
    with TestClient(app) as opened:
        answers = [opened.get("/api/v1/queries/cluster-members") for _ in range(2)]

    assert [found.status_code for found in answers] == [200, 200]
    assert len(asked) == 1


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "Origin"])
def test_what_another_layer_looks_at_goes_through_it(
    settings: Settings, small_store: EmbeddedStore, name: str
) -> None:
    seen: list[str] = []

    async def handler(request: Request) -> Response:
        seen.append("handler")
        return Response()

    async def route(request: Request) -> Response:
        seen.append("layers")
        return Response()

    gate = create_app(settings, small_store).state.gate
    app = FastAPI()
    app.add_route("/x", route)
    app.add_middleware(Plain, handlers={("GET", "/x"): handler}, gate=gate)
    with TestClient(app) as opened:
        opened.get("/x")
        opened.get("/x", headers={name: "anything"})

    assert seen == ["handler", "layers"]


def test_unforeseen_error_is_left_to_the_last_layer() -> None:
    async def handler(request: Request) -> Response:
        raise StoreTimeoutError(1, 2) if "late" in request.url.query else ZeroDivisionError

    async def late(request: Request, error: Exception) -> Response:
        return Response(status_code=504)

    app = FastAPI()
    app.add_middleware(Direct, handlers={("GET", "/x"): handler})
    app.add_exception_handler(StoreTimeoutError, late)
    with TestClient(app, raise_server_exceptions=False) as opened:
        assert opened.get("/x?late").status_code == 504
        assert opened.get("/x").status_code == 500
