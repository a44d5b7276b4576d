"""What a server can do wrong, and what becomes of it."""

import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs

import pytest

from graph import errors
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm
from graph.store.remote import Endpoint

from .servers import free_port

Step = tuple[int, bytes] | str
"""A status and body, or ``drop`` (no answer), ``short`` (part of one), ``drip`` (one too slow)."""

EMPTY = b'{"head": {"vars": []}, "results": {"bindings": []}}'
GRAPHS = Dataset(("http://example.org/a", "http://example.org/b"), ("http://example.org/c",))


class Scripted(ThreadingHTTPServer):
    """A server that does what it is told, step by step, and keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.steps: list[Step] = []
        self.asked: list[dict[str, list[str]]] = []
        self.headers: list[dict[str, str]] = []

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(f"http://127.0.0.1:{self.server_address[1]}/sparql", timeout_s=2.0)


class _Handler(BaseHTTPRequestHandler):
    server: Scripted

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(parse_qs(body.decode()))
        self.server.headers.append({k.lower(): v for k, v in self.headers.items()})
        step = self.server.steps.pop(0)
        if step == "drop":
            self.connection.close()
            return
        status, content = step if isinstance(step, tuple) else (200, EMPTY)
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if step == "short":
            content = content[:-9]
        size = 5 if step == "drip" else len(content) + 1
        with suppress(BrokenPipeError):  # the client has given up
            for position in range(0, len(content), size):
                self.wfile.write(content[position : position + size])
                time.sleep(0.5 if step == "drip" else 0)
        self.connection.close()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    with Scripted() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(endpoint: Endpoint) -> bytes:
    return endpoint.query("SELECT * {}", QueryForm.SELECT, GRAPHS).content


def test_request_is_a_form_with_both_lists_of_graphs(scripted: Scripted) -> None:
    scripted.steps = [(200, EMPTY)]

    assert ask(scripted.endpoint) == EMPTY
    assert scripted.asked == [
        {
            "query": ["SELECT * {}"],
            "default-graph-uri": list(GRAPHS.default),
            "named-graph-uri": list(GRAPHS.named),
        }
    ]
    assert scripted.headers[0]["content-type"] == "application/x-www-form-urlencoded"
    assert "application/sparql-results+json" in scripted.headers[0]["accept"]


@pytest.mark.parametrize("passing", ["drop", "short", (503, b"later"), (429, b""), (502, b"")])
def test_reading_is_tried_again(scripted: Scripted, passing: Step) -> None:
    scripted.steps = [passing, passing, (200, EMPTY)]

    assert ask(scripted.endpoint) == EMPTY
    assert len(scripted.asked) == 3


@pytest.mark.parametrize(
    ("lasting", "error"),
    [
        ((400, b"Virtuoso 37000 Error SP030"), errors.QuerySyntaxError),
        ((401, b""), errors.StoreUnavailableError),
        ((403, b""), errors.StoreUnavailableError),
        ((404, b""), errors.StoreUnavailableError),
        ((413, b""), errors.StoreLimitError),
        ((414, b""), errors.StoreLimitError),
        ((500, b"it broke"), errors.StoreUnavailableError),
        ((500, b"S1T00 Error SR171: Transaction timed out: timeout"), errors.StoreTimeoutError),
        ((504, b""), errors.StoreTimeoutError),
    ],
)
def test_lasting_error_is_typed_and_not_tried_again(
    scripted: Scripted, lasting: Step, error: type[errors.GraphError]
) -> None:
    scripted.steps = [lasting]

    with pytest.raises(error):
        ask(scripted.endpoint)
    assert len(scripted.asked) == 1


def test_words_of_the_server_are_passed_on(scripted: Scripted) -> None:
    scripted.steps = [(400, b"\nVirtuoso 37000 Error SP030: line 1\nmore"), (500, b"it broke")]

    with pytest.raises(errors.QuerySyntaxError, match=r"SP030: line 1$"):
        ask(scripted.endpoint)
    with pytest.raises(errors.StoreUnavailableError, match="status 500: it broke"):
        ask(scripted.endpoint)


@pytest.mark.parametrize("kind", ["drop", (503, b"")])
def test_tries_come_to_an_end(scripted: Scripted, kind: Step) -> None:
    scripted.steps = [kind] * 9

    with pytest.raises(errors.StoreError):
        ask(scripted.endpoint)
    assert len(scripted.asked) == 3


@pytest.mark.parametrize("kind", ["drop", (503, b"")])
def test_writing_is_never_tried_again(scripted: Scripted, kind: Step) -> None:
    scripted.steps = [kind] * 9

    with pytest.raises(errors.StoreError):
        scripted.endpoint.update("CLEAR ALL")
    assert [list(form) for form in scripted.asked] == [["update"]]


def test_slow_answer_ends_at_the_limit(scripted: Scripted) -> None:
    scripted.steps = ["drip"]
    started = time.monotonic()

    with pytest.raises(errors.StoreTimeoutError):
        ask(scripted.endpoint)
    assert time.monotonic() - started < 4


def test_long_answer_is_refused(scripted: Scripted) -> None:
    scripted.steps = [(200, b"x" * 5000)]
    endpoint = Endpoint(scripted.endpoint.url, result_max_bytes=4000)

    with pytest.raises(errors.StoreLimitError, match="longer than 4000 bytes"):
        ask(endpoint)


def test_nobody_listens() -> None:
    endpoint = Endpoint(f"http://127.0.0.1:{free_port()}/sparql", timeout_s=1.0)

    with pytest.raises(errors.StoreUnavailableError, match="does not answer"):
        ask(endpoint)


def test_password_is_sent_and_never_shown(scripted: Scripted) -> None:
    scripted.steps = [(200, EMPTY), (401, b"")]
    endpoint = Endpoint(scripted.endpoint.url, user="reader", password="secret")  # noqa: S106

    ask(endpoint)
    with pytest.raises(errors.StoreUnavailableError, match="'reader'") as refused:
        ask(endpoint)

    assert scripted.headers[0]["authorization"] == "Basic cmVhZGVyOnNlY3JldA=="
    assert "secret" not in f"{endpoint!r}{refused.value}"
