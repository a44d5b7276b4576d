"""The fast path of a server: the same answers as the general way, and nothing lost or left."""

import gc
import http.client
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPMessage
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import quote, urlsplit

import pyoxigraph as ox
import pytest
from starlette.types import Scope

from api import fast_path
from api.access.gate import Gate
from api.app import create_app
from api.fast_path import Continuing, FastPath, Reply
from api.settings import Settings
from graph.errors import StoreUnavailableError
from graph.store import EmbeddedStore, Visibility, publish
from graph.store import pool as store_pool
from graph.store.pool import WorkerPool
from graph.store.runner import Lane, QueryRequest
from tests.serving import serving

BRIEF = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p STR(?o) LIMIT 3"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d FILTER(STR(?a) < STR(?c)) }"
"""Takes longer than one waits for a call; some 0.15 s."""
LONG = "SELECT * { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
THINGS = 300


class Told(NamedTuple):
    """What a server has answered."""

    status: int
    headers: HTTPMessage
    body: bytes


class Seen(NamedTuple):
    """What way requests took: those answered by calls, those handed on, those not taken."""

    called: list[str]
    handed_on: list[str]
    left: list[str]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("things")
    value, graph = (ox.NamedNode(f"http://example.org/{n}") for n in ("value", "graph"))
    quads = (
        ox.Quad(
            ox.NamedNode(f"http://example.org/{n}"), value, ox.Literal("x" * 1000 + str(n)), graph
        )
        for n in range(THINGS)
    )
    publish(home, {Visibility.PUBLIC: quads}, "things-1")
    return home


@pytest.fixture(scope="module")
def settings(home: Path) -> Settings:
    return Settings(home=home, query_timeout_s=1, ad_hoc_workers=2, page_workers=1, cache_mib=0)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Note what way requests take."""
    seen = Seen([], [], [])
    takes = FastPath.takes

    def noting(self: FastPath, scope: Scope, reply: Callable[[Reply | None], None]) -> bool:
        query = scope["query_string"].decode()

        def told(found: Reply | None) -> None:
            (seen.handed_on if found is None else seen.called).append(query)
            reply(found)

        is_taken = takes(self, scope, told)
        if not is_taken:
            seen.left.append(query)
        return is_taken

    monkeypatch.setattr(FastPath, "takes", noting)
    return seen


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand nothing on that takes its time, as everything does on a busy machine."""
    monkeypatch.setattr(store_pool, "_SOON_S", 20)


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    with serving(create_app(settings, EmbeddedStore(settings.home))) as address:
        yield urlsplit(address).netloc


@pytest.fixture(scope="module")
def place(settings: Settings) -> Iterator[str]:
    """Host and port of a server."""
    with served(settings) as place:
        yield place


def ask(place: str, query: str, **headers: str) -> Told:
    with closing(http.client.HTTPConnection(place, timeout=30)) as connection:
        connection.request("GET", f"/sparql?query={quote(query)}", headers=headers)
        with connection.getresponse() as answer:
            return Told(answer.status, answer.headers, answer.read())


def line(query: str, place: str) -> bytes:
    return f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode()


@contextmanager
def connected(place: str) -> Iterator[socket.socket]:
    host, _, port = place.partition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        yield connection


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        (BRIEF, None),
        (BRIEF, "text/csv"),
        (BRIEF, "application/sparql-results+xml;q=0.5, text/tab-separated-values"),
        (BRIEF, "image/png"),
        ("ASK {}", None),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", None),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", "application/ld+json"),
        ("SELECT (RAND() < 2 AS ?x) {}", None),
        ("SELECT ('ä€😀' AS ?x) {}", None),
        (LONG, None),
        (ENDLESS, None),
        ("SELECT * { ?s ?p ?o } ORDER BY", None),
        ("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }", None),
        ("SELECT * FROM <http://example.org/nowhere> { ?s ?p ?o }", None),
        ("SELECT (COUNT(*) AS ?n) { ?s (<u:a>|!<u:b>)* ?o }", None),
    ],
)
def test_both_ways_answer_alike(place: str, query: str, accept: str | None) -> None:
    sent = {} if accept is None else {"Accept": accept}
    first, second = ask(place, query, **sent), ask(place, query, **sent, Cookie="nothing=1")

    assert first.status == second.status
    assert untimed(first.body) == untimed(second.body)
    assert told(first) == told(second)


def untimed(body: bytes) -> bytes:
    """Return a body without the times that problems tell."""
    return re.sub(rb'[0-9.]+ s\b|"elapsed_s": ?[0-9.]+', b"", body)


def told(answer: Told) -> list[tuple[str, str]]:
    """Return all headers but those that count and tell the time."""
    changing = {"date", "ratelimit"} | ({"content-length"} if answer.status >= 400 else set())
    return sorted((n, v) for n, v in answer.headers.items() if n.lower() not in changing)


def test_brief_query_is_answered_by_calls(place: str, seen: Seen) -> None:
    for _ in range(3):  # a worker that has just begun takes its time for the first
        assert ask(place, BRIEF).status == 200

    assert seen.called
    assert not seen.left


@pytest.mark.parametrize("query", [LONG, SLOW])
def test_what_is_long_or_takes_long_is_handed_on(
    settings: Settings, seen: Seen, query: str
) -> None:
    patient = settings.model_copy(update={"query_timeout_s": 20})
    app = create_app(patient, EmbeddedStore(patient.home))
    with serving(app) as address:
        place = urlsplit(address).netloc
        workers = app.state.runner.processes(Lane.AD_HOC)
        before = sum(worker.turns.asked for worker in workers)
        answer = ask(place, query)
        asked = sum(worker.turns.asked for worker in workers) - before
        other = ask(place, query, Cookie="nothing=1")

    assert asked == 1  # what has been begun is gone on with, not begun anew
    assert (answer.status, answer.body, told(answer)) == (200, other.body, told(other))
    assert answer.body.rstrip().endswith(b"}")
    assert len(seen.handed_on) == 1


@pytest.mark.parametrize(
    "headers",
    [{"Authorization": "Bearer x"}, {"Cookie": "a=b"}, {"Origin": "http://example.org"},
     {"If-None-Match": '"x"'}, {"Range": "bytes=0-1"}, {"X-Forwarded-For": "192.0.2.1"},
     {"Content-Length": "0"}, {"Prefer": "x"}],
)  # fmt: skip
def test_unusual_header_is_left_to_the_general_way(
    place: str, seen: Seen, headers: dict[str, str]
) -> None:
    ask(place, BRIEF, **headers)

    assert len(seen.left) == 1


def test_each_request_is_counted_once(settings: Settings) -> None:
    limited = settings.model_copy(
        update={"rate_per_s": 0.001, "rate_burst": 3, "query_timeout_s": 20}
    )
    with served(limited) as place:
        answers = [ask(place, query) for query in (BRIEF, SLOW, LONG, BRIEF)]

    assert [found.status for found in answers] == [200, 200, 200, 429]
    left = [found.headers["ratelimit"].split(";")[1] for found in answers]
    assert left == ["r=2", "r=1", "r=0", "r=0"]


def test_who_finds_no_free_worker_waits(settings: Settings, seen: Seen) -> None:
    patient = settings.model_copy(update={"query_timeout_s": 20})
    with served(patient) as place:
        answers: list[Told] = []

        def one() -> None:
            answers.append(ask(place, SLOW))

        threads = [threading.Thread(target=one) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert [found.status for found in answers] == [200] * 5
    assert len(seen.handed_on) == 5


def test_kept_answer_is_given_by_a_call(settings: Settings, seen: Seen) -> None:
    keeping = settings.model_copy(update={"cache_mib": 8, "query_timeout_s": 20})
    with served(keeping) as place:
        first, second = ask(place, SLOW), ask(place, SLOW)

    assert (len(seen.handed_on), len(seen.called)) == (1, 1)
    assert first.body == second.body
    assert told(first) == told(second)


@pytest.mark.parametrize("cache_mib", [0, 8])
def test_thousands_of_requests_sent_ahead_are_answered_in_order(
    settings: Settings, cache_mib: int
) -> None:
    """Answers by calls must not be called one by the other: that would be too deep."""
    count = 3_000
    asked = [f"SELECT ({n % 7} AS ?x) {{}}" for n in range(count)]
    more = {"cache_mib": cache_mib, "rate_per_s": 0, "query_timeout_s": 20}
    roomy = settings.model_copy(update=more)
    with served(roomy) as place, connected(place) as connection:
        sender = threading.Thread(
            target=connection.sendall, args=(b"".join(line(query, place) for query in asked),)
        )
        sender.start()
        with connection.makefile("rb") as stream:
            found = [body_of(stream.readline, stream.read) for _ in range(count)]
        sender.join()

    values = [re.search(rb'"value":"(\d)"', body) for body in found]
    assert [int(value[1]) for value in values if value] == [n % 7 for n in range(count)]


def body_of(readline: Callable[[], bytes], read: Callable[[int], bytes]) -> bytes:
    assert readline() == b"HTTP/1.1 200 OK\r\n"
    length = 0
    while (header := readline()) != b"\r\n":
        if header.lower().startswith(b"content-length:"):
            length = int(header.split(b":")[1])
    return read(length)


def test_client_that_does_not_read_is_not_answered_on_and_on(
    settings: Settings, seen: Seen
) -> None:
    """Else its answers would pile up in memory."""
    query, count = "SELECT * { ?s ?p ?o } LIMIT 150", 200
    roomy = settings.model_copy(update={"cache_mib": 8, "rate_per_s": 0})
    with served(roomy) as place, connected(place) as connection:
        for _ in range(count):
            connection.sendall(line(query, place))
            time.sleep(0.003)
        answered = len(seen.called)
        with connection.makefile("rb") as stream:
            found = {body_of(stream.readline, stream.read) for _ in range(count)}

    assert answered < count * 0.8
    assert len(found) == 1


@pytest.mark.usefixtures("unhurried")
def test_answers_leave_nothing_for_the_garbage_collector(place: str, seen: Seen) -> None:
    """To look for what hold each other took a tenth of the time of a small query."""
    count = 200
    with connected(place) as connection, connection.makefile("rb") as stream:
        gc.collect()
        gc.disable()
        try:
            for _ in range(count):
                connection.sendall(line("ASK {}", place))
                body_of(stream.readline, stream.read)
            found = gc.collect()
        finally:
            gc.enable()

    assert len(seen.called) > count * 0.8
    assert found < count


@pytest.mark.usefixtures("unhurried")
def test_last_answer_of_a_connection_says_so_and_ends_it(place: str, seen: Seen) -> None:
    started = time.monotonic()
    with connected(place) as connection:
        request = line(BRIEF, place).replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        connection.sendall(request)
        whole = b"".join(iter(lambda: connection.recv(65_536), b""))

    assert len(seen.called) == 1
    assert b"\r\nconnection: close\r\n" in whole.lower()
    assert whole.endswith(b"}")
    assert time.monotonic() - started < 3  # it is not closed for having rested


def test_client_that_leaves_at_once_ends_its_query(settings: Settings) -> None:
    """Before anybody waits for the answer: nothing but the look at the clock ends the query."""
    patient = settings.model_copy(update={"query_timeout_s": 60, "ad_hoc_workers": 1})
    app = create_app(patient, EmbeddedStore(patient.home))
    with serving(app) as address:
        pool: WorkerPool = app.state.runner
        [before] = pool.processes(Lane.AD_HOC)
        with connected(urlsplit(address).netloc) as connection:
            connection.sendall(line(ENDLESS, address))
            while not len(before.turns):
                time.sleep(0.001)
        until(lambda: before not in pool.processes(Lane.AD_HOC))


def test_request_that_fails_after_it_was_handed_on_ends_its_query(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(request: object) -> None:
        raise StoreUnavailableError("nothing is there")

    monkeypatch.setattr(fast_path, "served", failing)
    patient = settings.model_copy(update={"query_timeout_s": 60, "ad_hoc_workers": 1})
    app = create_app(patient, EmbeddedStore(patient.home))
    with serving(app) as address:
        [before] = app.state.runner.processes(Lane.AD_HOC)
        assert ask(urlsplit(address).netloc, ENDLESS).status == 503
        until(lambda: before not in app.state.runner.processes(Lane.AD_HOC))


def until(is_so: Callable[[], bool]) -> None:
    limit = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < limit, "it has not come to pass"
        time.sleep(0.01)


def test_connection_at_rest_is_closed_and_one_in_use_is_not(settings: Settings) -> None:
    app = create_app(settings, EmbeddedStore(settings.home))
    with serving(app, timeout_keep_alive=0.4) as address:
        place = urlsplit(address).netloc
        with connected(place) as busy, connected(place) as resting:
            for number in range(8):
                if number == 0:
                    resting.sendall(line(BRIEF, place))
                    assert resting.recv(65_536)
                busy.sendall(line(BRIEF, place))
                assert busy.recv(65_536)
                time.sleep(0.1)
            resting.settimeout(0.01)

            assert resting.recv(10) == b""
            busy.sendall(line(BRIEF, place))
            assert busy.recv(65_536).startswith(b"HTTP/1.1 200")


def test_half_a_request_is_waited_for(settings: Settings) -> None:
    app = create_app(settings, EmbeddedStore(settings.home))
    with serving(app, timeout_keep_alive=0.4) as address:
        place = urlsplit(address).netloc
        with connected(place) as connection:
            connection.sendall(line(BRIEF, place))
            assert connection.recv(65_536)
            connection.sendall(line(BRIEF, place)[:30])
            time.sleep(0.6)
            connection.sendall(line(BRIEF, place)[30:])

            assert connection.recv(65_536).startswith(b"HTTP/1.1 200")


def test_store_that_fails_is_said_by_the_general_way(
    place: str, seen: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(self: object) -> EmbeddedStore:
        raise StoreUnavailableError("nothing is there")

    monkeypatch.setattr(EmbeddedStore, "latest", failing)
    answer = ask(place, BRIEF)

    assert (answer.status, answer.headers["content-type"]) == (503, "application/problem+json")
    assert len(seen.handed_on) == 1


def test_request_that_was_not_taken_is_passed_on(settings: Settings) -> None:
    """What stands in front for taken requests leaves all others alone."""
    app = create_app(settings, EmbeddedStore(settings.home))
    passed: list[Scope] = []

    async def behind(scope: Scope, receive: object, send: object) -> None:
        passed.append(scope)

    front = Continuing(behind, cast(Gate, app.state.gate), 1)
    coroutine = front({"type": "http"}, cast("type", None), cast("type", None))
    with pytest.raises(StopIteration):
        coroutine.send(None)

    assert passed == [{"type": "http"}]


def test_query_is_asked_for_as_the_general_way_does(settings: Settings) -> None:
    """No worker is asked for what would only be turned away."""
    asked: list[QueryRequest] = []
    app = create_app(settings, EmbeddedStore(settings.home))

    def begin(request: QueryRequest, tell: object) -> None:
        asked.append(request)

    app.state.runner.begin = begin
    scope = {
        "path": "/sparql", "method": "GET", "root_path": "", "client": ("192.0.2.1", 5),
        "query_string": b"query=" + quote(BRIEF).encode(), "headers": [(b"accept", b"text/csv")],
    }  # fmt: skip
    replies: list[Reply | None] = []

    assert app.state.fast_path.takes(scope, replies.append)
    assert not app.state.fast_path.takes(scope | {"path": "/x"}, replies.append)
    assert not app.state.fast_path.takes(scope | {"method": "HEAD"}, replies.append)
    assert not app.state.fast_path.takes(scope | {"root_path": "/below"}, replies.append)
    assert replies == [None]
    assert [(one.query.text, one.media_type, one.client) for one in asked] == [
        (BRIEF, "text/csv", "192.0.2.1")
    ]
