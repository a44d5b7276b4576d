"""The SPARQL endpoint beside ``oxigraph serve-read-only`` on the same files, and beside others.

Run ``python benchmarks/store.py``; the servers are in ``benchmarks/servers.py``. They run and are
asked in turn, each in processes of its own; the client runs in this one, so on a machine with few
cores it takes its share from all.
"""

import argparse
import asyncio
import platform
import statistics
import sysconfig
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx2

from benchmarks.servers import (
    ASKED,
    EXAMPLE,
    JSON,
    RUNAWAY_LIMIT_S,
    Server,
    find_oxigraph,
    memory_mib,
    ours,
    peers,
    processor_s,
    theirs,
    things,
)
from graph.store import Visibility, publish

__all__: list[str] = []

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


MEDIAN_MS, P99_MS, LATE_S = 5, 250, 1
"""Targets beside runaways: of the small queries, and how late a runaway may end."""


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
async def connected(server: Server, address: str = "127.0.0.1") -> AsyncIterator[Connection]:
    """Open a connection from one of this machine's addresses."""
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", server.port, limit=2**20, local_addr=(address, 0)
    )
    try:
        yield Connection(reader, writer)
    finally:
        writer.close()


@dataclass(frozen=True, slots=True)
class Load:
    """Requests a second, how long one took, and the time of the server's processors for each.

    On a machine that others use, the last is what can be compared.

    Attributes:
        processor_us: All of the server.
        first_us: Its first process, which for ours speaks HTTP; the rest is that of its workers.
    """

    per_s: float
    median_ms: float
    p99_ms: float
    processor_us: float
    first_us: float

    def __str__(self) -> str:
        return (
            f"{self.per_s:7.0f} req/s  p50 {self.median_ms:6.2f} ms  p99 {self.p99_ms:7.2f} ms  "
            f"{self.processor_us:5.0f} us of processor each (first: {self.first_us:.0f})"
        )


async def load(
    server: Server,
    query: Callable[[int], str],
    seconds: float,
    connections: int = 8,
    address: str = "127.0.0.1",
) -> Load:
    """Ask small queries on several connections for some seconds."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    async def client(first: int) -> None:
        number = first
        async with connected(server, address) as connection:
            while (started := time.perf_counter()) < end:
                status, _ = await connection.ask(server, query(number), JSON)
                if status != 200:
                    raise RuntimeError(f"status {status}")
                took.append((time.perf_counter() - started) * 1000)
                number += connections

    started, used_s = time.perf_counter(), processor_s(server.process_id)
    first_s = processor_s(server.process_id, below=False)
    await asyncio.gather(*(client(number) for number in range(connections)))
    elapsed = time.perf_counter() - started
    used_s = processor_s(server.process_id) - used_s
    first_s = processor_s(server.process_id, below=False) - first_s
    took.sort()
    each_us = 1e6 / len(took)
    quantiles = statistics.median(took), took[int(len(took) * 0.99)]
    return Load(len(took) / elapsed, *quantiles, used_s * each_us, first_s * each_us)


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

    @property
    def is_typed(self) -> bool:
        """Tell whether it ended with a problem that says what was wrong."""
        return bool(self.title)

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
    """Measure small queries while runaways of one client run; return how those ended, too.

    The small ones come from another address. Each is another one, so that a worker answers it.
    """
    runaways = [asyncio.create_task(asyncio.to_thread(run_away, server, one)) for one in queries]
    await asyncio.sleep(0.2)
    measured = await load(server, other, RUNAWAY_LIMIT_S - 1, connections=1, address="127.0.0.2")
    return measured, await asyncio.gather(*runaways)


def same(_: int) -> str:
    """Return the same query each time."""
    return LOOKUP.format(7)


def other(number: int) -> str:
    """Return another query each time."""
    return LOOKUP.format(number % ASKED)


ROUNDS = 3


def interpreter() -> str:
    """Return which Python runs, and whether it was built to be fast.

    Debian's is; one built from source by pyenv is not unless asked to, and takes a quarter more.
    """
    how = "--enable-optimizations" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
    built = "with" if how else "WITHOUT"
    return f"Python {platform.python_version()}, built {built} profile-guided optimisation"


def small(home: Path, seconds: float) -> None:
    """Compare small queries: all servers run at once and are asked in turn, in rounds."""
    print(interpreter())
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

    The settings are the usual ones, with as many workers as there are runaways.
    """
    with ours(home, VERBUND_CACHE_MIB="0") as server:
        asyncio.run(load(server, same, 1))  # everything has been used once
        for name, query in RUNAWAYS.items():
            found, ends = asyncio.run(beside_runaways(server, [query] * 4))
            is_met = found.median_ms < MEDIAN_MS and found.p99_ms < P99_MS
            is_met &= all(one.is_typed and one.after_s < RUNAWAY_LIMIT_S + LATE_S for one in ends)
            print(f"beside four of: {name:22} {found}  {'met' if is_met else 'MISSED'}")
            for end in sorted(ends, key=lambda end: end.after_s):
                print(f"    {end}")


PARTS = {"small": True, "results": True, "runaways": False}
"""What can be measured, and whether ``oxigraph`` is needed to compare with."""


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description="Compare the endpoint with oxigraph serve.")
    parser.add_argument("--seconds", type=float, default=5, help="length of each load")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="parts; all when omitted")
    arguments = parser.parse_args()
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
