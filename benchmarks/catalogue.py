"""Every catalogue query, cold, on the embedded store; the same on rdflib and on Virtuoso.

Run ``python benchmarks/catalogue.py``. *Cold* opens the store anew for each query, so that no
block of its files is in the engine's cache (the operating system may have them in its own). The
query is asked with its examples. Beside the wall clock stands the processor time of this process:
on a busy machine only that says something about the query.

rdflib holds the same statements in memory and is asked once, warm. Virtuoso is the Debian package
``virtuoso-opensource-7-bin``, started on the loopback with the same statements and asked over
HTTP, warm; without it that column is empty. A query with other rows elsewhere is marked.

The last column is what the engines plan with: properties asked (``p``), values given at the start
(``v``), OPTIONAL (``opt``), alternatives of UNION (``alt``), negations (``neg``), paths (``path``),
sub-selects (``sub``), filters (``f``), aggregates (``agg``).
"""

import argparse
import http.client
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pyoxigraph as ox
from rdflib import Graph

from graph.building import build
from graph.catalogue import Query, catalogue
from graph.store import EmbeddedStore
from graph.store.syntax import nodes, parse

__all__: list[str] = []

LIMIT_MS = 100.0
RDFLIB_LIMIT_S = 20
VIRTUOSO = shutil.which("virtuoso-t")
ISQL = shutil.which("isql-vt") or shutil.which("isql-v")
VIRTUOSO_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DisableUnixSocket = 1
ServerThreads = 10
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http_port}
ServerRoot = {folder}
ServerThreads = 4
[SPARQL]
ResultSetMaxRows = 100000
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One query on one engine.

    Attributes:
        rows: Number of rows; ``None`` when it was not answered.
        wall_ms: Median, milliseconds.
        processor_ms: Median of this process, milliseconds.
    """

    rows: int | None
    wall_ms: float
    processor_ms: float = 0.0

    def __str__(self) -> str:
        """Show the wall clock, or a dash when there is no answer."""
        return "-" if self.rows is None else f"{self.wall_ms:.1f}"


NOT_ASKED = Measured(None, 0.0)


def measured(ask: Callable[[], int], rounds: int) -> Measured:
    """Ask several times and take the medians."""
    wall, processor, rows = [], [], 0
    for _ in range(rounds):
        start, used = time.perf_counter(), time.process_time()
        rows = ask()
        wall.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return Measured(rows, statistics.median(wall) * 1e3, statistics.median(processor) * 1e3)


def text_of(query: Query) -> str:
    """Return the query with the examples of what is required and the defaults."""
    return query.bound({p.name: p.example for p in query.parameters.values() if p.required})


def cold(home: Path, text: str, rounds: int) -> Measured:
    """Ask stores that have just been opened; opening is not counted."""
    stores = [EmbeddedStore(home) for _ in range(rounds)]
    return measured(lambda: len(stores.pop().select(text)), rounds)


class TooSlowError(Exception):
    """The limit for rdflib is reached."""


def on_rdflib(graph: Graph, text: str) -> Measured:
    """Ask rdflib once, and give up after ``RDFLIB_LIMIT_S``; one graph knows no ``GRAPH``."""

    def stop(*_: object) -> None:
        raise TooSlowError

    if "GRAPH ?" in text:
        return NOT_ASKED
    previous = signal.signal(signal.SIGALRM, stop)
    signal.alarm(RDFLIB_LIMIT_S)
    try:
        return measured(lambda: len(list(graph.query(text))), 1)
    except TooSlowError:
        return NOT_ASKED
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def virtuoso(quads: Path) -> Iterator[int]:
    """Run Virtuoso with the statements of an N-Quads file; yields its HTTP port."""
    folder = quads.parent
    sql_port, http_port = free_port(), free_port()
    settings = VIRTUOSO_SETTINGS.format(folder=folder, sql_port=sql_port, http_port=http_port)
    (folder / "virtuoso.ini").write_text(settings, encoding="ascii")
    command = [str(VIRTUOSO), "+foreground", "+configfile", str(folder / "virtuoso.ini")]
    with (folder / "output.txt").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)  # noqa: S603
    try:
        load = f"TTLP(file_to_string_output('{quads}'), '', 'urn:none', 512);"
        sql(sql_port, load, time.monotonic() + 60)
        yield http_port
    finally:
        process.terminate()
        process.wait()


def sql(port: int, statement: str, deadline: float) -> None:
    """Run one statement as soon as the server listens."""
    command = [str(ISQL), f"127.0.0.1:{port}", "dba", "dba", f"exec={statement}"]
    while subprocess.run(command, capture_output=True, check=False).returncode:  # noqa: S603
        if time.monotonic() > deadline:
            raise TimeoutError(statement)
        time.sleep(0.3)


def on_virtuoso(port: int, text: str) -> Measured:
    """Ask over HTTP with one connection, three times, and count the rows of the CSV."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Accept": "text/csv", "Content-Type": "application/x-www-form-urlencoded"}

    def ask() -> int:
        connection.request("POST", "/sparql", urlencode({"query": text}), headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise ConnectionError(content[:300].decode("utf-8", "replace"))
        return content.count(b"\n") - 1

    try:
        ask()
        return measured(ask, 3)
    except ConnectionError as refused:
        print(f"  Virtuoso: {str(refused).splitlines()[0]}")
        return NOT_ASKED


def ratio(other: Measured, ours: Measured) -> str:
    """Show how many times longer the other took, and whether its rows differ."""
    if other.rows is None:
        return "-"
    mark = "" if other.rows == ours.rows else f" ({other.rows} rows)"
    return f"x{other.wall_ms / ours.wall_ms:.1f}{mark}"


_PLANNED = {
    "property": "p",
    "inline_data": "v",
    "optional_graph_pattern": "opt",
    "UNION": "alt",
    "not_exists_func": "neg",
    "minus_graph_pattern": "neg",
    "path_mod": "path",
    "binary_path": "path",
    "sub_select": "sub",
    "filter": "f",
    "aggregate": "agg",
}
"""Kinds of nodes of the parse tree, and how they are counted."""


def notes(text: str) -> str:
    """Return what an engine plans with, such as ``9p 1v 2opt``."""
    kinds = Counter(_PLANNED.get(node.type, "") for node, _ in nodes(parse(text)))
    return " ".join(
        f"{kinds[name]}{name}" for name in dict.fromkeys(_PLANNED.values()) if kinds[name]
    )


def show(names: list[str], home: Path, graph: Graph | None, port: int | None, rounds: int) -> int:
    """Print a line for each query; return how many took longer than the limit."""
    slow = 0
    print(
        f"{'query':38}{'rows':>6}{'cold ms':>9}{'cpu ms':>8}{'rdflib':>10}{'Virtuoso':>10}"
        "  ratios, plan"
    )
    for name in names:
        text = text_of(catalogue()[name])
        ours = cold(home, text, rounds)
        theirs = NOT_ASKED if graph is None else on_rdflib(graph, text)
        server = NOT_ASKED if port is None else on_virtuoso(port, text)
        late = ours.processor_ms > LIMIT_MS
        slow += late
        print(
            f"{name:38}{ours.rows:>6}{ours.wall_ms:>9.1f}{ours.processor_ms:>8.1f}{theirs!s:>10}"
            f"{server!s:>10}  {ratio(theirs, ours)} {ratio(server, ours)}"
            f"{'  SLOW' * late}  {notes(text)}",
            flush=True,
        )
    return slow


def main() -> None:
    """Load the reference graph into a folder of its own and ask every query."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="times that a query is asked")
    parser.add_argument("--only-embedded", action="store_true", help="ask no other engine")
    parser.add_argument("queries", nargs="*", help="names; all by default")
    given = parser.parse_args()
    names = given.queries or list(catalogue())
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "store"
        build(home)
        if given.only_embedded:
            slow = show(names, home, None, None, given.rounds)
        else:
            slow = beside_others(names, home, Path(folder), given.rounds)
    print(f"{slow} of {len(names)} queries took more than {LIMIT_MS:.0f} ms of processor time")
    raise SystemExit(bool(slow))


def beside_others(names: list[str], home: Path, folder: Path, rounds: int) -> int:
    """Fill rdflib and, when it is there, Virtuoso with the same statements."""
    engine = EmbeddedStore(home).engine
    quads = folder / "graph.nq"
    named = [q for q in engine if isinstance(q.graph_name, ox.NamedNode)]
    ox.serialize(named, str(quads), format=ox.RdfFormat.N_QUADS)
    graph = Graph().parse(
        data=ox.serialize({q.triple for q in named}, format=ox.RdfFormat.N_TRIPLES) or b"",
        format="nt",
    )
    if VIRTUOSO is None or ISQL is None:
        print("Virtuoso is not installed (virtuoso-opensource-7-bin): its column stays empty")
        return show(names, home, graph, None, rounds)
    with virtuoso(quads) as port:
        return show(names, home, graph, port, rounds)


if __name__ == "__main__":
    main()
