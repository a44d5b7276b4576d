"""Answers given before anything else is done: the same, and only where nothing else counts."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api.app import create_app
from api.repeated import RepeatedAnswers
from api.settings import Settings
from graph.errors import StoreUnavailableError
from graph.store import EmbeddedStore, Visibility, publish

TAGGED = {"ETag": '"1"', "Verbund-Version": "v1", "Vary": "Accept, Origin"}


class Counting:
    """An application that counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.answer: Callable[[], Response] = lambda: Response(b"x", headers=TAGGED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        Request(scope)
        self.asked += 1
        await self.answer()(scope, receive, send)


@pytest.fixture
def counting() -> Counting:
    return Counting()


def client_of(counting: Counting, max_bytes: int = 10_000, version: str = "v1") -> TestClient:
    return TestClient(RepeatedAnswers(counting, lambda: version, max_bytes))


def test_second_request_does_not_reach_the_application(counting: Counting) -> None:
    client = client_of(counting)

    first, second = client.get("/a?b=c"), client.get("/a?b=c")

    assert counting.asked == 1
    assert (first.content, first.headers) == (second.content, second.headers)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "/b"},
        {"url": "/a?b=d"},
        {"url": "http://elsewhere/a?b=c"},
        {"url": "https://testserver/a?b=c"},
        {"method": "POST"},
        {"method": "HEAD"},
        {"headers": {"Accept": "text/csv"}},
        {"headers": {"Origin": "https://example.org"}},
        {"headers": {"Authorization": "Bearer x"}},
        {"headers": {"Cookie": "a=b"}},
        {"headers": {"If-None-Match": '"1"'}},
        {"headers": {"Range": "bytes=0-1"}},
    ],
)
def test_other_request_reaches_it(counting: Counting, change: dict[str, str]) -> None:
    client = client_of(counting)
    client.get("/a?b=c")

    client.request(**({"method": "GET", "url": "/a?b=c"} | change))  # type: ignore[arg-type]

    assert counting.asked == 2


@pytest.mark.parametrize(
    "answer",
    [
        lambda: Response(b"x", 404, headers=TAGGED),
        lambda: Response(b"x", headers={k: v for k, v in TAGGED.items() if k != "ETag"}),
        lambda: Response(b"x", headers={k: v for k, v in TAGGED.items() if k[:3] != "Ver"}),
        lambda: Response(b"x", headers=TAGGED | {"Vary": "Accept, Accept-Language"}),
        lambda: Response(b"x", headers=TAGGED | {"Vary": "*"}),
        lambda: Response(b"x", headers=TAGGED | {"Set-Cookie": "a=b"}),
        lambda: Response(b"x", headers=TAGGED | {"Cache-Control": "private, no-cache"}),
        lambda: Response(b"x", headers=TAGGED | {"Cache-Control": "no-store"}),
        lambda: Response(b"x", headers=TAGGED | {"Verbund-Version": "v0"}),
        lambda: Response(b"x" * 262_145, headers=TAGGED),
        lambda: StreamingResponse(iter([b"x", b"y"]), headers=TAGGED),
    ],
)
def test_answer_of_another_kind_is_not_kept(
    counting: Counting, answer: Callable[[], Response]
) -> None:
    counting.answer = answer
    client = client_of(counting, 10**6)

    assert client.get("/a").content == client.get("/a").content
    assert counting.asked == 2


def test_least_recently_used_go_first(counting: Counting) -> None:
    client = client_of(counting, max_bytes=2 * 2_049)
    for path in ("/a", "/b", "/a", "/c"):
        client.get(path)
    assert counting.asked == 3

    client.get("/a")
    assert counting.asked == 3
    client.get("/b")
    assert counting.asked == 4


def test_nothing_is_kept_without_room(counting: Counting) -> None:
    client = client_of(counting, max_bytes=0)

    client.get("/a")
    client.get("/a")

    assert counting.asked == 2


def test_store_that_fails_is_left_to_the_application(counting: Counting) -> None:
    def failing() -> str:
        raise StoreUnavailableError("gone")

    client = TestClient(RepeatedAnswers(counting, failing, 10_000))

    assert client.get("/a").content == client.get("/a").content
    assert counting.asked == 2


@pytest.mark.parametrize(
    ("vary", "times"),
    [("Accept, Authorization, Cookie, Origin", 1), ("Cookie, Authorization, Cookie, Origin", 2)],
)
def test_what_all_layers_vary_by_is_no_reason(counting: Counting, vary: str, times: int) -> None:
    counting.answer = lambda: Response(b"x", headers=TAGGED | {"Vary": vary})
    client = client_of(counting)

    client.get("/a")
    client.get("/a")

    assert counting.asked == times


def test_one_too_many_is_left_to_the_application(counting: Counting) -> None:
    left = iter([[(b"ratelimit", b"r=0")], None])
    client = TestClient(RepeatedAnswers(counting, lambda: "v1", 10_000, lambda _: next(left)))
    answers = [client.get("/a") for _ in range(3)]

    assert counting.asked == 2
    assert [found.headers.get("ratelimit") for found in answers] == [None, "r=0", None]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def test_new_generation_is_seen_at_once(home: Path) -> None:
    def load(version: str) -> None:
        node = ox.NamedNode(f"http://example.org/{version}")
        publish(home, {Visibility.PUBLIC: [ox.Quad(node, node, node, node)]}, version)

    load("v1")
    app = create_app(Settings(home=home, page_workers=1, ad_hoc_workers=1), EmbeddedStore(home))
    with TestClient(app) as client:
        ask = "/sparql?query=SELECT * { ?s ?p ?o }&format=csv"
        before = [client.get(ask) for _ in range(2)]
        load("v2")
        after = [client.get(ask) for _ in range(2)]

    assert [r.headers["verbund-version"] for r in (*before, *after)] == ["v1", "v1", "v2", "v2"]
    assert [b"/v2" in r.content for r in (*before, *after)] == [False, False, True, True]
    assert {r.headers["content-security-policy"] for r in (*before, *after)} != {""}


def test_answer_that_names_no_version_itself_is_not_kept(settings: Settings, home: Path) -> None:
    """What the layers say of each answer does not promise that it is the same next time."""
    node = ox.NamedNode("http://example.org/v1")
    publish(home, {Visibility.PUBLIC: [ox.Quad(node, node, node, node)]}, "v1")
    app = create_app(settings, EmbeddedStore(home))
    times: list[int] = []

    @app.get("/tagged")
    def tagged() -> Response:
        times.append(len(times))
        return Response(str(len(times)), headers={"ETag": '"1"'})

    client = TestClient(app)

    assert [client.get("/tagged").text for _ in range(2)] == ["1", "2"]


def test_kept_answer_counts_against_the_limit_of_requests(home: Path) -> None:
    node = ox.NamedNode("http://example.org/v1")
    publish(home, {Visibility.PUBLIC: [ox.Quad(node, node, node, node)]}, "v1")
    settings = Settings(home=home, rate_per_s=0.001, rate_burst=2, ad_hoc_workers=1)
    with TestClient(create_app(settings, EmbeddedStore(home))) as client:
        answers = [client.get("/sparql?query=ASK {}") for _ in range(3)]

    assert [found.status_code for found in answers] == [200, 200, 429]
    assert "r=0" in answers[1].headers["ratelimit"]
