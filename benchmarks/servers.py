"""Servers that benchmarks compare: ours, ``oxigraph serve-read-only`` on the same files, others.

Run as a script, it is one of them. ``oxigraph`` is the binary of the PyPI package of that name (in
the dev group), found on the path or next to this Python; the group ``bench`` has the others.
"""

import argparse
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph as ox

__all__ = [
    "ASKED",
    "EXAMPLE",
    "JSON",
    "RUNAWAY_LIMIT_S",
    "Server",
    "find_oxigraph",
    "memory_mib",
    "ours",
    "peers",
    "processor_s",
    "theirs",
    "things",
]

EXAMPLE = "http://example.org/"
JSON = "application/sparql-results+json"
RUNAWAY_LIMIT_S = 5
ASKED = 10_000
"""Things that small queries ask about; more than any cache here has answers for."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        path: Of its query endpoint.
    """

    port: int
    path: str
    process_id: int


def things(count: int) -> Iterator[ox.Quad]:
    """Yield three statements about each thing."""
    graph = ox.NamedNode(EXAMPLE + "graph")
    kind, value, label = (ox.NamedNode(EXAMPLE + name) for name in ("kind", "value", "label"))
    for number in range(count):
        thing = ox.NamedNode(f"{EXAMPLE}thing/{number}")
        yield ox.Quad(thing, kind, ox.NamedNode(f"{EXAMPLE}kind/{number % 17}"), graph)
        yield ox.Quad(thing, value, ox.Literal(number), graph)
        yield ox.Quad(thing, label, ox.Literal(f"Thing number {number}", language="en"), graph)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, path: str, **environment: str) -> Iterator[Server]:
    """Run a server until the block ends."""
    process = subprocess.Popen(  # noqa: S603 - our own commands
        command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Server(port, path, process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


@contextmanager
def ours(home: Path, **environment: str) -> Iterator[Server]:
    """Run our server."""
    port = free_port()
    command = [sys.executable, __file__, "ours", str(port)]
    settings = {"VERBUND_HOME": str(home), "VERBUND_QUERY_TIMEOUT_S": str(RUNAWAY_LIMIT_S)}
    settings["VERBUND_RATE_PER_S"] = "0"  # one address asks as fast as it can
    settings["VERBUND_WARM_PAGES"] = "false"  # pages are not what is measured
    with running(command, port, "/sparql", **(settings | environment)) as server:
        yield server


@contextmanager
def theirs(home: Path) -> Iterator[Server]:
    """Run ``oxigraph serve-read-only`` on the files of our generation."""
    port = free_port()
    binary = find_oxigraph()
    location = home / "generations" / "bench-1" / "public"
    bind = f"127.0.0.1:{port}"
    with running(
        [binary, "serve-read-only", "--location", str(location), "--bind", bind], port, "/query"
    ) as server:
        yield server


def find_oxigraph() -> str:
    """Return the path of the binary, or an empty string."""
    beside = Path(sys.executable).with_name("oxigraph")
    return str(beside) if beside.exists() else shutil.which("oxigraph") or ""


def peers(home: Path, cache: str) -> dict[str, AbstractContextManager[Server]]:
    """Return the servers to compare: those whose packages are installed."""
    found: dict[str, AbstractContextManager[Server]]
    found = {"oxigraph": theirs(home), "verbund": ours(home, VERBUND_CACHE_MIB=cache)}
    port = free_port()
    command = [sys.executable, __file__, "bare", str(port)]
    found["uvicorn, constant"] = running(command, port, "/")
    if find_spec("granian"):
        found["verbund, granian"] = under_granian(home, cache)
    if find_spec("rdflib_endpoint"):
        port = free_port()
        command = [sys.executable, __file__, "rdflib", str(port)]
        found["rdflib-endpoint"] = running(command, port, "/")
    return found


def under_granian(home: Path, cache: str) -> AbstractContextManager[Server]:
    """Run our application in another server."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    settings = {"VERBUND_HOME": str(home), "VERBUND_RATE_PER_S": "0", "VERBUND_CACHE_MIB": cache}
    return running([*command, "api.app:create_app"], port, "/sparql", **settings)


def processor_s(process_id: int, *, below: bool = True) -> float:
    """Return the processor time of a process, and of all below it if wanted, seconds."""
    process = Path(f"/proc/{process_id}")
    try:
        fields = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        children = [path.read_text(encoding="ascii") for path in process.glob("task/*/children")]
    except FileNotFoundError:  # it has ended between, and what it used is not known
        return 0.0
    used_s = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    if not below:
        return used_s
    return used_s + sum(processor_s(int(child)) for found in children for child in found.split())


def memory_mib(process_id: int) -> float:
    """Return the resident memory of a process."""
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def serve(port: int) -> None:
    """Run our server in this process, as ``verbund serve`` does."""
    from api.serving import serve as serve_on
    from api.settings import Settings

    serve_on(Settings(port=port))


def serve_bare(port: int) -> None:
    """Answer everything with the same bytes: nothing under uvicorn can be faster."""
    import uvicorn

    body = b"x" * 450  # as long as the answer to a small query
    headers = [(b"content-type", JSON.encode()), (b"content-length", b"450")]

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    uvicorn.run(answer, port=port, log_level="error", access_log=False, lifespan="off")


def serve_rdflib(port: int) -> None:
    """Serve the things that are asked for with rdflib-endpoint in this process."""
    import uvicorn
    from rdflib import Graph
    from rdflib_endpoint import SparqlEndpoint

    graph = Graph()
    text = "".join(f"{quad.triple} .\n" for quad in things(ASKED))
    graph.parse(data=text, format="nt")
    uvicorn.run(SparqlEndpoint(graph=graph), port=port, log_level="error", access_log=False)


def main() -> None:
    """Be one of the servers."""
    kinds = {"ours": serve, "rdflib": serve_rdflib, "bare": serve_bare}
    parser = argparse.ArgumentParser(description="A server to be measured.")
    parser.add_argument("kind", choices=kinds)
    parser.add_argument("port", type=int)
    arguments = parser.parse_args()
    kinds[arguments.kind](arguments.port)


if __name__ == "__main__":
    main()
