"""The SPARQL endpoint beside ``oxigraph serve-read-only`` on the same files, and beside others.

Run ``python benchmarks/store.py``; the dependency group ``bench`` has the others. The first one is
the binary of the PyPI package ``oxigraph`` (in the dev group), found on the path or next to this
Python. The servers run and are asked in turn, each in a process of its own; the client runs in
this one, so on a machine with few cores it takes its share from all.
"""

import argparse
import asyncio
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pyoxigraph as ox

from graph.store import Visibility, publish

__all__: list[str] = []

EXAMPLE = "http://example.org/"
LOOKUP = "SELECT ?p ?o WHERE {{ <http://example.org/thing/{}> ?p ?o }}"
EVERYTHING = "SELECT ?s ?o WHERE { ?s <http://example.org/value> ?o }"
PRODUCT = " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(5))
DOUBLING = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(60))
VALUES = " ".join(f"VALUES ?v{i} {{ {' '.join(map(str, range(200)))} }}" for i in range(6))
RUNAWAYS = {
    "cross product": f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}",
    "sorted cross product": f"SELECT * {{ {PRODUCT} }} ORDER BY ?o0 ?o1",
    "string doubling": f"SELECT (STRLEN(?x60) AS ?n) {{ BIND('xxxxxxxx' AS ?x0) {DOUBLING} }}",
    "open path": f"SELECT (COUNT(*) AS ?n) {{ ?a (<{EXAMPLE}value>|!<{EXAMPLE}x>)* ?b }}",
    "VALUES product": f"SELECT (SUM(?v0 * ?v1) AS ?n) {{ {VALUES} }}",
    "GROUP_CONCAT": f"SELECT (GROUP_CONCAT(?o0; separator='') AS ?x) {{ {PRODUCT} }}",
    "regex": f"ASK {{ {PRODUCT} FILTER(REGEX(CONCAT(STR(?o0), STR(?o1)), '(x+x+)+y')) }}",
}
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
    command = [sys.executable, __file__, "--serve", str(port)]
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


class Connection:
    """One kept-alive HTTP connection, with as little work as possible."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def ask(self, server: Server, query: str, accept: str) -> tuple[int, int]:
        """Ask a query; return the status and the length of the body."""
        self._writer.write(
            f"GET {server.path}?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\n"
            f"Accept: {accept}\r\n\r\n".encode()
        )
        head = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head.split(b" ", 2)[1])
        if b"transfer-encoding: chunked" in head:
            return status, await self._chunks()
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        await self._reader.readexactly(length)
        return status, length

    async def _chunks(self) -> int:
        length = 0
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            await self._reader.readexactly(size + 2)
            length += size
        await self._reader.readexactly(2)
        return length


@asynccontextmanager
async def connected(server: Server) -> AsyncIterator[Connection]:
    """Open a connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port, limit=2**20)
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


JSON = "application/sparql-results+json"


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second, how long one took, and the time of the server's processors for each.

    On a machine that others use, the last is what can be compared.
    """

    per_s: float
    median_ms: float
    p99_ms: float
    processor_us: float

    def __str__(self) -> str:
        return (
            f"{self.per_s:7.0f} req/s  p50 {self.median_ms:6.2f} ms  p99 {self.p99_ms:7.2f} ms  "
            f"{self.processor_us:5.0f} us of processor each"
        )


def processor_s(process_id: int) -> float:
    """Return the processor time of a process and all below it, seconds."""
    process = Path(f"/proc/{process_id}")
    fields = (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    children = (path.read_text(encoding="ascii") for path in process.glob("task/*/children"))
    below = sum(processor_s(int(child)) for found in children for child in found.split())
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + below


async def load(
    server: Server, query: Callable[[int], str], seconds: float, connections: int = 8
) -> Load:
    """Ask small queries on several connections for some seconds."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def client(first: int) -> None:
        number = first
        async with connected(server) as connection:
            while (started := time.perf_counter()) < end:
                status, _ = await connection.ask(server, query(number), JSON)
                if status != 200:
                    raise RuntimeError(f"status {status}")
                took.append((time.perf_counter() - started) * 1000)
                number += connections

    started, used_s = time.perf_counter(), processor_s(server.process_id)
    await asyncio.gather(*(client(number) for number in range(connections)))
    elapsed = time.perf_counter() - started
    used_s = processor_s(server.process_id) - used_s
    took.sort()
    p99_ms = took[int(len(took) * 0.99)]
    return Load(len(took) / elapsed, statistics.median(took), p99_ms, used_s / len(took) * 1e6)


async def large(server: Server, accept: str, rounds: int = 5) -> float:
    """Return the median time of the large result, seconds."""
    took = []
    for _ in range(rounds):
        async with connected(server) as connection:
            started = time.perf_counter()
            status, length = await connection.ask(server, EVERYTHING, accept)
            took.append(time.perf_counter() - started)
            if status != 200 or length < 1_000_000:
                raise RuntimeError(f"status {status}, {length} bytes")
    return statistics.median(took)


@dataclass(frozen=True, slots=True)
class End:
    """How a runaway ended.

    Attributes:
        status: HTTP status.
        title: Kind of problem; empty for none, which would be a fault.
        after_s: Seconds from the request to the end of the answer.
    """

    status: int
    title: str
    after_s: float

    def __str__(self) -> str:
        late_s = self.after_s - RUNAWAY_LIMIT_S
        return f"{self.status} {self.title or 'NOT TYPED'} at limit {late_s:+.2f} s"


def run_away(server: Server, query: str) -> End:
    """Ask a runaway and wait for its end, however it comes."""
    url = f"http://127.0.0.1:{server.port}{server.path}?query={quote(query)}"
    started = time.perf_counter()
    with httpx2.Client(timeout=10 * RUNAWAY_LIMIT_S) as client:
        answer = client.get(url, headers={"Accept": JSON})
    took_s = time.perf_counter() - started
    is_problem = answer.headers["content-type"].startswith("application/problem+json")
    return End(answer.status_code, answer.json()["title"] if is_problem else "", took_s)


async def beside_runaways(server: Server, queries: Sequence[str]) -> tuple[Load, list[End]]:
    """Measure small queries while runaways run; return how those ended, too."""
    runaways = [asyncio.create_task(asyncio.to_thread(run_away, server, one)) for one in queries]
    await asyncio.sleep(0.2)
    measured = await load(server, same, RUNAWAY_LIMIT_S - 1, connections=1)
    return measured, await asyncio.gather(*runaways)


def same(_: int) -> str:
    """Return the same query each time."""
    return LOOKUP.format(7)


def other(number: int) -> str:
    """Return another query each time."""
    return LOOKUP.format(number % ASKED)


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


ROUNDS = 3


def small(home: Path, seconds: float) -> None:
    """Compare small queries: all servers run at once and are asked in turn, in rounds."""
    kinds = {"uncached, another each time": (other, "0"), "cached, the same": (same, "32")}
    for kind, (query, cache) in kinds.items():
        with ExitStack() as stack:
            servers = {name: stack.enter_context(made) for name, made in peers(home, cache).items()}
            rounds = [
                {name: asyncio.run(load(one, query, seconds)) for name, one in servers.items()}
                for _ in range(ROUNDS)
            ]
        print(kind)
        for name in servers:
            rates = statistics.median(each[name].per_s / each["oxigraph"].per_s for each in rounds)
            print(f"  {name:17} {rounds[-1][name]}  x{rates:.2f} of oxigraph")


def peers(home: Path, cache: str) -> dict[str, AbstractContextManager[Server]]:
    """Return the servers to compare: those whose packages are installed."""
    found: dict[str, AbstractContextManager[Server]]
    found = {"oxigraph": theirs(home), "verbund": ours(home, VERBUND_CACHE_MIB=cache)}
    port = free_port()
    command = [sys.executable, __file__, "--serve-bare", str(port)]
    found["uvicorn, constant"] = running(command, port, "/")
    if find_spec("granian"):
        found["verbund, granian"] = under_granian(home, cache)
    if find_spec("rdflib_endpoint"):
        port = free_port()
        command = [sys.executable, __file__, "--serve-rdflib", str(port)]
        found["rdflib-endpoint"] = running(command, port, "/")
    return found


def under_granian(home: Path, cache: str) -> AbstractContextManager[Server]:
    """Run our application in another server."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    settings = {"VERBUND_HOME": str(home), "VERBUND_RATE_PER_S": "0", "VERBUND_CACHE_MIB": cache}
    return running([*command, "api.app:create_app"], port, "/sparql", **settings)


def serve_rdflib(port: int) -> None:
    """Serve the things that are asked for with rdflib-endpoint in this process."""
    import uvicorn
    from rdflib import Graph
    from rdflib_endpoint import SparqlEndpoint

    graph = Graph()
    text = "".join(f"{quad.triple} .\n" for quad in things(ASKED))
    graph.parse(data=text, format="nt")
    uvicorn.run(SparqlEndpoint(graph=graph), port=port, log_level="error", access_log=False)


def results(home: Path) -> None:
    """Compare a large result."""
    patient = {"VERBUND_CACHE_MIB": "0", "VERBUND_QUERY_TIMEOUT_S": "60"}
    with theirs(home) as base, ours(home, **patient) as server:
        before = memory_mib(server.process_id)
        for accept in (JSON, "text/csv"):
            first, took = (asyncio.run(large(one, accept)) for one in (base, server))
            print(f"100k rows {accept:32} {first:6.3f} s and {took:6.3f} s  x{took / first:.2f}")
        print(
            f"memory of verbund grew by {memory_mib(server.process_id) - before:.1f} MiB meanwhile"
        )


def runaways(home: Path) -> None:
    """Show that four runaways at once hold nobody up: four of each kind, one kind after another.

    The small queries are another client's; targets: median 5 ms, p99 250 ms, ends within 1 s of
    the limit.
    """
    with ours(home, VERBUND_CACHE_MIB="0", VERBUND_AD_HOC_WORKERS="6") as server:
        asyncio.run(load(server, same, 1))  # everything has been used once
        for name, query in RUNAWAYS.items():
            found, ends = asyncio.run(beside_runaways(server, [query] * 4))
            print(f"beside four of: {name:22} {found}")
            for end in sorted(ends, key=lambda end: end.after_s):
                print(f"    {end}")


PARTS = {"small": True, "results": True, "runaways": False}
"""What can be measured, and whether ``oxigraph`` is needed to compare with."""


def main() -> None:
    """Compare, or serve as one side of it."""
    parser = argparse.ArgumentParser(description="Compare the endpoint with oxigraph serve.")
    parser.add_argument("--serve", type=int, metavar="PORT", help="(used by the benchmark itself)")
    parser.add_argument("--serve-rdflib", type=int, metavar="PORT", help="(the same)")
    parser.add_argument("--serve-bare", type=int, metavar="PORT", help="(the same)")
    parser.add_argument("--seconds", type=float, default=5, help="length of each load")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="parts; all when omitted")
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
        return
    if arguments.serve_rdflib:
        serve_rdflib(arguments.serve_rdflib)
        return
    if arguments.serve_bare:
        serve_bare(arguments.serve_bare)
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        publish(home, {Visibility.PUBLIC: things(100_000)}, "bench-1")
        for part in arguments.only or PARTS:
            measure(part, home, arguments.seconds)


def measure(part: str, home: Path, seconds: float) -> None:
    """Measure one part."""
    if PARTS[part] and not find_oxigraph():
        print("no oxigraph binary found, so nothing to compare with: pip install oxigraph")
    elif part == "small":
        small(home, seconds)
    elif part == "results":
        results(home)
    else:
        runaways(home)


if __name__ == "__main__":
    main()
