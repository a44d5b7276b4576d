"""Dereferencing, search and lists over HTTP, beside what the raw engine takes for the same.

``python -m benchmarks.rest``: a real server on this machine, one client on one connection; each
line is the median of so many requests, in milliseconds. The peer is pyoxigraph in this process,
which reads or searches and writes no answer.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import httpx2
import pyoxigraph as ox

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore
from graph.vocabulary import BASE
from tests.serving import serving

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
    ("a thing as Turtle", "/data/id/org-asphericon.ttl", "id/org-asphericon"),
    ("a concept as JSON-LD", "/data/scheme/competence/fraesen.jsonld", "scheme/competence/fraesen"),
    ("one organisation", "/api/v1/organisations/asphericon", "id/org-asphericon"),
    ("search by words", "/api/v1/organisations?q=gmbh", _SEARCHED),
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


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=Settings().home)
    parser.add_argument("--times", type=int, default=200)
    chosen = parser.parse_args()
    store = EmbeddedStore(chosen.home)
    settings = Settings(home=chosen.home, rate_per_s=0, cache_mib=0)
    print(f"{'':24}{'HTTP ms':>9}{'304 ms':>9}{'engine ms':>11}{'times':>7}")
    with (
        serving(create_app(settings, store)) as address,
        httpx2.Client(base_url=address, timeout=60) as client,
    ):
        for name, path, asked in _CASES:
            _line(client, store.engine, name, path, asked, chosen.times)


def _line(
    client: httpx2.Client, engine: ox.Store, name: str, path: str, asked: str, times: int
) -> None:
    text = asked if "SELECT" in asked else _DESCRIBED.format(iri=BASE + asked)
    first = client.get(path).raise_for_status()
    known = {"If-None-Match": first.headers["etag"]}
    over_http = median_ms(lambda: client.get(path), times)
    unchanged = median_ms(lambda: client.get(path, headers=known), times)
    alone = median_ms(lambda: list(engine.query(text)), times)  # type: ignore[arg-type]
    ratio = over_http / alone
    print(f"{name:24}{over_http:9.2f}{unchanged:9.2f}{alone:11.2f}{ratio:7.1f}")


if __name__ == "__main__":
    main()
