"""Dumps, descriptions and the feed beside the raw engine: speed as a ratio, memory in MiB.

Run ``python -m benchmarks.publishing [dumps|descriptions|feed] [SIZE]``; without a name, all.
``SIZE`` is the number of invented statements of the dumps (1,000,000) or changes (10,000).
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import pyoxigraph as ox

from graph.building import build
from graph.publishing.changes import read_changes
from graph.publishing.describing import describe
from graph.publishing.documents import SUFFIXES, document_triples, write_triples
from graph.publishing.feed import PAGE_SIZE, feed_page
from graph.publishing.serialising import RdfForm, write_graphs
from graph.store import EmbeddedStore, Visibility, publish
from graph.vocabulary import BASE

__all__ = ["main"]

_FORMATS = {
    RdfForm.N_QUADS: ox.RdfFormat.N_QUADS,
    RdfForm.TRIG: ox.RdfFormat.TRIG,
    RdfForm.TURTLE: ox.RdfFormat.TURTLE,
    RdfForm.JSON_LD: ox.RdfFormat.JSON_LD,
    RdfForm.RDF_XML: ox.RdfFormat.RDF_XML,
}
_PER_THING = 10
_ROUNDS = 3


class _Nothing:
    """An output that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)

    def flush(self) -> None:
        """Do nothing."""


def _invented(triples: int) -> Iterator[ox.Quad]:
    graphs = [ox.NamedNode(f"{BASE}graph/invented-{n}") for n in range(4)]
    properties = [ox.NamedNode(f"{BASE}def#invented{n}") for n in range(_PER_THING)]
    for number in range(triples // _PER_THING):
        thing = ox.NamedNode(f"{BASE}id/invented-{number}")
        for position, one in enumerate(properties):
            text = ox.Literal(f"invented value {number} {position}", language="de")
            yield ox.Quad(thing, one, text, graphs[number % 4])


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _raw(engine: ox.Store, graphs: tuple[str, ...], form: RdfForm) -> None:
    """Dump as the engine does it: each graph by itself, or the default graph."""
    sink, kind = _Nothing(), _FORMATS[form]
    if form in (RdfForm.TURTLE, RdfForm.RDF_XML):
        engine.dump(sink, kind, from_graph=ox.DefaultGraph())  # type: ignore[arg-type]
        return
    for name in graphs:
        engine.dump(sink, kind, from_graph=ox.NamedNode(name))  # type: ignore[arg-type]


def _dumps(triples: int) -> None:
    """Dump in a process of its own, so that the memory of publishing does not count."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        publish(home, {Visibility.PUBLIC: _invented(triples)}, "invented")
        with get_context("spawn").Pool(1) as pool:
            for line in pool.apply(_measured_dumps, (home, triples)):
                print(line)


def _measured_dumps(home: Path, triples: int) -> list[str]:
    store, lines = EmbeddedStore(home), []
    for form in RdfForm:
        pairs = [
            (
                _seconds(partial(write_graphs, store.engine, store.graphs(), form, _Nothing())),
                _seconds(partial(_raw, store.engine, store.graphs(), form)),
            )
            for _ in range(_ROUNDS)
        ]
        ours, raw = (statistics.median(column) for column in zip(*pairs, strict=True))
        lines.append(
            f"dump {form.label:8} {triples} triples: {ours:6.2f} s, engine {raw:6.2f} s,"
            f" speed {raw / ours:4.2f} of it"
        )
    lines.append(f"peak memory of the process that dumps: {_peak_mib():.0f} MiB, with imports")
    return lines


def _peak_mib() -> float:
    """Return the peak of this process alone; ``ru_maxrss`` begins with that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    [line] = [one for one in status.splitlines() if one.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def _descriptions() -> None:
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder) / "home")
        engine = EmbeddedStore(Path(folder) / "home").engine
        things = sorted({q.subject.value for q in engine if isinstance(q.subject, ox.NamedNode)})
        own = [iri for iri in things if iri.startswith((f"{BASE}id/", f"{BASE}scheme/"))]
        times = [_seconds(partial(_document, engine, iri)) for iri in own]
        raw = [_seconds(partial(_pattern, engine, iri)) for iri in own]
        cuts = statistics.quantiles(times, n=20)
        print(
            f"describe {len(own)} things: median {cuts[9] * 1000:.2f} ms, "
            f"95 % under {cuts[18] * 1000:.2f} ms, "
            f"engine's own statements alone {statistics.median(raw) * 1000:.2f} ms"
        )


def _document(engine: ox.Store, iri: str) -> bytes:
    found = describe(engine, iri)
    if found is None:
        raise LookupError(iri)
    return write_triples(document_triples(found, "http://localhost/data", []), SUFFIXES["ttl"])


def _pattern(engine: ox.Store, iri: str) -> int:
    found = engine.quads_for_pattern(ox.NamedNode(iri), None, None, ox.DefaultGraph())
    return sum(1 for _ in found)


def _changes(changes: int) -> None:
    """Follow the feed from empty, parsing each page as a client does."""
    with tempfile.TemporaryDirectory() as folder:
        publish(Path(folder) / "home", {Visibility.PUBLIC: _invented(changes * _PER_THING)}, "one")
        store = EmbeddedStore(Path(folder) / "home")
        first = _seconds(partial(read_changes, store, 0, 1))
        content: list[bytes] = []
        written = _seconds(partial(_write_pages, store, content))
        read = _seconds(partial(_read_pages, content))
        raw = _seconds(partial(_raw, store.engine, store.graphs(), RdfForm.TRIG))
        print(
            f"feed {changes} changes: log {first:.2f} s, {len(content)} pages written"
            f" {written:.2f} s, parsed {read:.2f} s; engine's dump of the same {raw:.2f} s"
        )


def _write_pages(store: EmbeddedStore, content: list[bytes]) -> None:
    after: int | None = 0
    while after is not None:
        page = read_changes(store, after, PAGE_SIZE)
        content.append(feed_page(store.engine, page, "http://localhost/feed"))
        after = page.next


def _read_pages(content: list[bytes]) -> int:
    return sum(1 for page in content for _ in ox.parse(page, ox.RdfFormat.TRIG))


def main() -> None:
    """Print the measurements."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else "all"
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    if wanted in ("dumps", "all"):
        _dumps(size or 1_000_000)
    if wanted in ("descriptions", "all"):
        _descriptions()
    if wanted in ("feed", "all"):
        _changes(size or 10_000)


if __name__ == "__main__":
    main()
