"""A harvest of invented statements beside the raw engine that parses and loads the same file.

Run ``python -m benchmarks.harvest [SIZE]``; ``SIZE`` is the number of statements (100,000). The
reference graph is loaded first. A second harvest changes one thing in a hundred, which is what a
source does from day to day.
"""

import http.server
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox

from graph.building import build
from graph.harvest import Report, accept, harvest, settled
from graph.validators import has_fast_engine
from graph.writing import Receipt, write

__all__ = ["main"]

Result = TypeVar("Result")

_PER_THING = 10
_DESCRIPTION = """
kind = "dump"
addresses = ["{address}"]
licence = "https://creativecommons.org/licenses/by/4.0/"
visibility = "public"
attributed_to = "https://partner.example/"
organisation_kind = "company"
allows_private_addresses = true
title = {{ de = "Erfundenes Netz" }}
"""
_THING = """<https://partner.example/o/{n}> a <https://schema.org/Organization> ;
  <https://schema.org/name> "Firma {n} {mark} GmbH" ;
  <https://schema.org/url> <https://firma-{n}.example/> ;
  <https://schema.org/vatID> "DE{n:09}" ;
  <https://schema.org/knowsAbout> "Ware {n}" ;
  <https://schema.org/address> <https://partner.example/a/{n}> .
<https://partner.example/a/{n}> a <https://schema.org/PostalAddress> ;
  <https://schema.org/addressLocality> "Jena" ; <https://schema.org/postalCode> "07743" ;
  <https://schema.org/streetAddress> "Weg {n}" .
"""


def timed(name: str, work: Callable[[], Result]) -> tuple[Result, float]:
    """Run some work and print how long it took."""
    start, used = time.perf_counter(), time.process_time()
    result = work()
    wall, processor = time.perf_counter() - start, time.process_time() - used
    print(f"{name:44}{wall:>9.2f} s {processor:>9.2f} s cpu here", flush=True)
    return result, wall


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=str(folder))
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/data.ttl"
    server.shutdown()


def _invent(path: Path, things: int, changed: int = 0) -> None:
    """Write a file in which the first things have another name."""
    text = (_THING.format(n=n, mark="Neu" if n < changed else "Alt") for n in range(things))
    path.write_text("".join(text), encoding="utf-8")


def _raw(path: Path, folder: Path) -> None:
    """Let the engine parse and load the file."""
    store = ox.Store(str(folder))
    store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    store.flush()


def _published(home: Path, report: Report) -> Receipt:
    receipt = write(home, accept(home, report.source, report.digest))
    settled(home, report.source, report.digest)
    return receipt


def main() -> None:
    """Harvest twice and print the times."""
    things = int(sys.argv[1] if len(sys.argv) > 1 else "100000") // _PER_THING
    print(f"fast validator: {has_fast_engine()}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home, files = folder / "home", folder / "files"
        files.mkdir()
        build(home)
        (home / "harvest" / "sources").mkdir(parents=True)
        with _served(files) as address:
            described = home / "harvest" / "sources" / "partner.toml"
            described.write_text(_DESCRIPTION.format(address=address), encoding="utf-8")
            for turn, changed in (("first", 0), ("second", things // 100)):
                _invent(files / "data.ttl", things, changed)
                raw = partial(_raw, files / "data.ttl", folder / f"raw-{turn}")
                _, raw_s = timed(f"{turn}: parse and load by the engine alone", raw)
                report, harvest_s = timed(
                    f"{turn}: fetch, map, validate, compare", partial(harvest, home, "partner")
                )
                print(f"  {report.fetched} fetched, {report.staged} staged, {report.error}")
                print(f"  {report.added} added, {report.removed} removed")
                _, publish_s = timed(f"{turn}: publish", partial(_published, home, report))
                total = harvest_s + publish_s
                print(f"  {total:.1f} s in all, {total / raw_s:.0f} times the engine alone")


if __name__ == "__main__":
    main()
