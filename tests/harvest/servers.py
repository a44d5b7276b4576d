"""A real HTTP server for the tests, on the loopback, that answers as it is told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Page:
    """What is at one path.

    Attributes:
        content: The body.
        media_type: Its media type.
        headers: Further headers.
        status: HTTP status.
        tag: Entity tag; conditional and range requests are answered when there is one.
        cut: Send only so many bytes and close the connection.
    """

    content: bytes = b""
    media_type: str = "text/turtle"
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    tag: str = ""
    cut: int | None = None


@dataclass
class Site:
    """A server under test.

    Attributes:
        base: Its address.
        pages: What is at each path.
        requests: Path, and headers in small letters, of each request so far.
    """

    base: str
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)


@contextmanager
def site() -> Iterator[Site]:
    """Run a server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    found = Site(f"http://127.0.0.1:{server.server_port}")
    server.site = found  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        known: Site = self.server.site  # type: ignore[attr-defined]
        headers = {name.lower(): value for name, value in self.headers.items()}
        known.requests.append((self.path, headers))
        page = known.pages.get(self.path, Page(b"no such page", "text/plain", status=404))
        if page.tag and headers.get("if-none-match") == page.tag:
            self.send_response(304)
            self.end_headers()
            return
        self._send(page, headers)

    def _send(self, page: Page, headers: dict[str, str]) -> None:
        content, status = page.content, page.status
        more = dict(page.headers)
        if page.tag and "range" in headers and headers.get("if-range") == page.tag:
            start = int(headers["range"].removeprefix("bytes=").removesuffix("-"))
            more["Content-Range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
            content, status = content[start:], 206
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        if page.tag:
            self.send_header("ETag", page.tag)
        if page.media_type:
            self.send_header("Content-Type", page.media_type)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content if page.cut is None else content[: page.cut])
        if page.cut is not None:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
        """Say nothing."""
