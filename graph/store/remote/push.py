"""Filling a remote store from a generation of the embedded one.

Everything is written beside what answers, in batches; one last request puts it into place. Where
the server runs a request as one transaction (Oxigraph, RDF4J, Stardog, …) readers see the old
graph or the new one. Elsewhere (Virtuoso) the named graphs are exchanged one after the other; the
default graph, which nearly all queries ask, still changes at once, as its name holds the version.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from graph.errors import StoreUnavailableError
from graph.store.dataset import Dataset
from graph.store.embedded import EmbeddedStore
from graph.store.formats import QueryForm
from graph.store.protocol import Visibility
from graph.store.remote.client import Endpoint
from graph.store.remote.record import (
    BASE,
    Record,
    merged_graph,
    record_graph,
    recorded,
    staging_graph,
)
from graph.store.remote.results import parse

__all__ = ["Push", "push"]

Progress = Callable[[str, int, int], None]
"""Called with stage, statements done and statements in all."""

_BATCH = 1000
_OWL = "http://www.w3.org/2002/07/owl#"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_SKOLEM = "https://w3id.org/verbund/.well-known/genid/"


@dataclass(frozen=True, slots=True)
class Push:
    """What came of filling a remote store.

    Attributes:
        version: The graph version that answers there now.
        was_pushed: It was written; otherwise it was there already.
        statements: Number of statements in its named graphs.
    """

    version: str
    was_pushed: bool
    statements: int


def push(
    store: EmbeddedStore,
    endpoint: Endpoint,
    *,
    force: bool = False,
    progress: Progress | None = None,
    batch: int = _BATCH,
) -> Push:
    """Make a server hold the same version of the graph as an embedded store.

    Blank nodes become IRIs (RDF 1.1 Concepts, 3.5), as a batch ends their scope.

    Args:
        store: The generation to send; its visibility tells which record is written.
        endpoint: The server, with its update address.
        force: Send it even when the server says that it holds this version.
        progress: Called after each batch.
        batch: Statements of one request; Virtuoso compiles 4,000, not 8,000.

    Raises:
        StoreError: The server failed; what answered before goes on answering.
    """
    before = _recorded(endpoint, store.visibility)
    engine, graphs = store.engine, store.graphs()
    total = sum(1 for graph in graphs for _ in _triples(engine, graph))
    if before.version == store.version and not force:
        return Push(store.version, False, total)
    report = progress or (lambda stage, done, total: None)
    done = 0
    for graph in graphs:
        endpoint.update(f"DROP SILENT GRAPH <{staging_graph(graph)}>")
        for part in _batches(_triples(engine, graph), batch):
            endpoint.update(_insertion(staging_graph(graph), part))
            done += len(part)
            report("push", done, total)
    _merge(endpoint, graphs)
    _require_whole(endpoint, engine)
    endpoint.update(_exchange(store, before))
    return Push(store.version, True, total)


def _recorded(endpoint: Endpoint, visibility: Visibility) -> Record:
    """Return what the server holds for exactly this visibility; nothing when it has no record."""
    return recorded(endpoint, visibility) or Record("", "", Dataset())


def _triples(engine: ox.Store, graph: str) -> Iterator[str]:
    """Yield the statements of a graph as N-Triples lines without blank nodes."""
    for quad in engine.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
        subject, object_ = _named(quad.subject), _named(quad.object)
        yield f"{subject} {quad.predicate} {object_} ."


def _named(term: object) -> object:
    return ox.NamedNode(_SKOLEM + term.value) if isinstance(term, ox.BlankNode) else term


def _batches(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(lines)
    while part := list(islice(rest, size)):
        yield part


def _insertion(graph: str, lines: Iterable[str]) -> str:
    content = "\n".join(lines)
    return f"INSERT DATA {{ GRAPH <{graph}> {{\n{content}\n}} }}"


_MERGED = staging_graph(f"{BASE}merged")


def _merge(endpoint: Endpoint, graphs: Iterable[str]) -> None:
    endpoint.update(f"DROP SILENT GRAPH <{_MERGED}>")
    for graph in graphs:
        endpoint.update(f"ADD GRAPH <{staging_graph(graph)}> TO GRAPH <{_MERGED}>")


def _require_whole(endpoint: Endpoint, engine: ox.Store) -> None:
    """Check that the server has kept each statement, before anybody sees them.

    Raises:
        StoreUnavailableError: It has not.
    """
    sent = sum(1 for _ in engine.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    query = f"SELECT (COUNT(*) AS ?count) WHERE {{ GRAPH <{_MERGED}> {{ ?s ?p ?o }} }}"
    reply = endpoint.query(query, QueryForm.SELECT, Dataset((_MERGED,), (_MERGED,)))
    kept = int(str(parse(reply).rows()[0]["count"]))
    if kept != sent:
        raise StoreUnavailableError(
            f"{endpoint.url} keeps {kept} of {sent} statements, so nothing was exchanged"
        )


def _exchange(store: EmbeddedStore, before: Record) -> str:
    """Return the update that puts what has been written into place."""
    seen, version = store.visibility, store.version
    record = record_graph(seen)
    prior = before.prior if before.version == version else before.version
    steps = [f"MOVE GRAPH <{staging_graph(graph)}> TO GRAPH <{graph}>" for graph in store.graphs()]
    steps.append(f"MOVE GRAPH <{_MERGED}> TO GRAPH <{merged_graph(seen, version)}>")
    steps.append(f"DROP SILENT GRAPH <{record}>")
    steps.append(_insertion(record, _statements(store, prior)))
    gone = [graph for graph in before.dataset.named if graph not in store.graphs()]
    gone += [merged_graph(seen, v) for v in (before.prior,) if v and v not in (version, prior)]
    steps += [f"DROP SILENT GRAPH <{graph}>" for graph in gone]
    return " ;\n".join(steps)


def _statements(store: EmbeddedStore, prior: str) -> Iterator[str]:
    """Yield the statements of the record, see :mod:`graph.store.remote.record`."""
    record = f"<{record_graph(store.visibility)}>"
    yield f"{record} a <{_SD}Dataset> ."
    yield f"{record} <{_OWL}versionInfo> {ox.Literal(store.version)} ."
    if prior:
        yield f"{record} <{_OWL}priorVersion> {ox.Literal(prior)} ."
    merged = merged_graph(store.visibility, store.version)
    yield f"{record} <{_SD}defaultGraph> <{merged}> ."
    for graph in store.graphs():
        yield f"{record} <{_SD}namedGraph> <{graph}> ."
