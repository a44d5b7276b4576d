"""Dereferencing, search and lists over HTTP, beside what the raw engine takes for the same.

``python -m benchmarks.rest``: ``verbund serve`` in a process of its own, one client on one
connection, no answer given a second time from memory. Each line is the median of so many requests
in milliseconds, with the processor time that the server took for each, which other work on the
machine does not spoil. The peer is pyoxigraph in this process, which reads or searches and writes
no answer.

Issue 7 asks for dereferencing and search below 10 ms in the median; the last column says it.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pyoxigraph as ox

from api.settings import Settings
from graph.store import EmbeddedStore
from graph.vocabulary import BASE

_TARGET_MS = 10.0
_PATIENCE_S = 60
_TURTLE = {"Accept": "text/turtle"}
_DESCRIBED = "SELECT ?p ?o WHERE {{ <{iri}> ?p ?o }}"
_SEARCHED = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX org: <http://www.w3.org/ns/org#>
SELECT ?s ?name WHERE { ?s a org:Organization ; skos:prefLabel ?name
  FILTER(CONTAINS(LCASE(STR(?name)), "gmbh")) } ORDER BY STR(?name) LIMIT 50
"""
_TREE = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vb: <https://w3id.org/verbund/def#>
SELECT ?s ?name ?b WHERE { ?s a vb:Competence ; skos:prefLabel ?name
  OPTIONAL { ?s skos:broader ?b } FILTER(LANG(?name) = "de") }
"""
_CASES: tuple[tuple[str, str, str], ...] = (
    ("a thing by its IRI", "/id/org-asphericon", "id/org-asphericon"),
    ("a thing as Turtle", "/data/id/org-asphericon.ttl", "id/org-asphericon"),
    ("a concept as JSON-LD", "/data/scheme/competence/fraesen.jsonld", "scheme/competence/fraesen"),
    ("one organisation", "/api/v1/organisations/asphericon", "id/org-asphericon"),
    ("search by words", "/api/v1/organisations?q=gmbh", _SEARCHED),
    ("search by competence", "/api/v1/organisations?competence=fraesen", _SEARCHED),
    ("search competences", "/api/v1/competences?q=fraesen", _TREE),
    ("tree, two levels", "/api/v1/competences/tree?depth=2", _TREE),
    ("claims, a page", "/api/v1/claims?limit=50", _SEARCHED),
    ("VoID", "/.well-known/void", "graph/meta"),
)


def median_ms(run: Callable[[], object], times: int) -> float:
    """Return the median time of a call after one to warm up."""
    run()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        run()
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """Run ``verbund serve``; yield its address and the id of its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {"RATE_PER_S": "0", "CACHE_MIB": "0", "WARM_PAGES": "false", "HOME": str(home)}
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "api", "serve", "--port", str(port)],
        env=os.environ | {f"VERBUND_{name}": value for name, value in settings.items()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process)
        yield address, process.pid
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + _PATIENCE_S
    while time.monotonic() < limit:
        if process.poll() is not None:
            raise SystemExit("the server has ended; is the graph loaded (verbund load)?")
        try:
            if httpx2.get(f"{address}/health").is_success:
                return
        except httpx2.TransportError:  # not listening yet, or busy with its first request
            time.sleep(0.1)
    raise SystemExit("the server did not start in time")


def processor_ms(process: int) -> float:
    """Return the processor time that a process has taken, in user and system mode (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Settings().home)
    parser.add_argument("--times", type=int, default=200)
    chosen = parser.parse_args()
    store = EmbeddedStore(chosen.home)
    columns = ("HTTP ms", "server ms", "304 ms", "engine ms", "times", "< 10 ms")
    print(f"{'':24}" + "".join(f"{name:>11}" for name in columns))
    with (
        served(chosen.home) as (address, process),
        httpx2.Client(base_url=address, timeout=60, follow_redirects=True) as client,
    ):
        for name, path, asked in _CASES:
            figures = _measured(client, process, store.engine, path, asked, chosen.times)
            met = "yes" if figures[0] < _TARGET_MS else "NO"
            print(f"{name:24}" + "".join(f"{one:11.2f}" for one in figures) + f"{met:>11}")


def _measured(
    client: httpx2.Client, process: int, engine: ox.Store, path: str, asked: str, times: int
) -> tuple[float, ...]:
    """Return the figures of one line."""
    text = asked if "SELECT" in asked else _DESCRIBED.format(iri=BASE + asked)
    headers = _TURTLE if path.startswith("/id/") else {}
    first = client.get(path, headers=headers).raise_for_status()
    known = headers | {"If-None-Match": first.headers["etag"]}
    before = processor_ms(process)
    over_http = median_ms(lambda: client.get(path, headers=headers), times)
    taken = (processor_ms(process) - before) / (times + 1)
    unchanged = median_ms(lambda: client.get(path, headers=known), times)
    alone = median_ms(lambda: list(engine.query(text)), times)  # type: ignore[arg-type]
    return over_http, taken, unchanged, alone, over_http / alone


if __name__ == "__main__":
    main()
