"""Filling a remote store from a generation of the embedded one.

Everything is written beside what answers, in batches; one last request puts it into place. Where
the server runs a request as one transaction (Oxigraph, RDF4J, Stardog, …) readers see the old
graph or the new one. Elsewhere (Virtuoso) the named graphs are exchanged one after the other; the
default graph, which nearly all queries ask, still changes at once, as its name holds the version.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import pyoxigraph as ox

from graph.errors import StoreUnavailableError
from graph.store.dataset import Dataset
from graph.store.embedded import EmbeddedStore
from graph.store.formats import QueryForm
from graph.store.remote.client import Endpoint
from graph.store.remote.record import (
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
_TIMEOUT_S = 600.0
_DCT = "http://purl.org/dc/terms/"
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
    endpoint = replace(endpoint, timeout_s=max(endpoint.timeout_s, _TIMEOUT_S))
    before = recorded(endpoint, store.visibility) or Record("", "", Dataset())
    total = sum(1 for graph in store.graphs() for _ in _triples(store.engine, graph))
    if before.version == store.version and not force:
        return Push(store.version, False, total)
    report = progress or (lambda stage, done, total: None)
    done = 0
    for graph in store.graphs():
        endpoint.update(f"DROP SILENT GRAPH <{staging_graph(graph)}>")
        for part in _batches(_triples(store.engine, graph), batch):
            endpoint.update(_insertion(staging_graph(graph), part))
            done += len(part)
            report("push", done, total)
    merged = _merge(endpoint, store, before)
    endpoint.update(_exchange(store, before, merged))
    for graph in (*map(staging_graph, store.graphs()), before.replaced):
        if graph:
            endpoint.update(f"DROP SILENT GRAPH <{graph}>")
    return Push(store.version, True, total)


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


def _merge(endpoint: Endpoint, store: EmbeddedStore, before: Record) -> str:
    """Write the default graph under a name that nobody reads yet; return the name.

    Raises:
        StoreUnavailableError: The server has not kept each statement.
    """
    merged = merged_graph(store.visibility, store.version)
    while merged in (*before.dataset.default, before.replaced):  # the same version once more
        merged += "+"
    endpoint.update(f"DROP SILENT GRAPH <{merged}>")
    for graph in store.graphs():
        endpoint.update(f"ADD GRAPH <{staging_graph(graph)}> TO GRAPH <{merged}>")
    sent = sum(1 for _ in store.engine.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    query = f"SELECT (COUNT(*) AS ?count) WHERE {{ GRAPH <{merged}> {{ ?s ?p ?o }} }}"
    reply = endpoint.query(query, QueryForm.SELECT, Dataset((merged,), (merged,)))
    kept = int(str(parse(reply).rows()[0]["count"]))
    if kept != sent:
        raise StoreUnavailableError(
            f"{endpoint.url} keeps {kept} of {sent} statements, so nothing was exchanged"
        )
    return merged


def _exchange(store: EmbeddedStore, before: Record, merged: str) -> str:
    """Return the update that puts what has been written into place."""
    gone = [graph for graph in before.dataset.named if graph not in store.graphs()]
    steps = [f"DROP SILENT GRAPH <{graph}>" for graph in (*gone, *store.graphs())]
    steps += [f"ADD GRAPH <{staging_graph(graph)}> TO GRAPH <{graph}>" for graph in store.graphs()]
    record, content = record_graph(store.visibility), list(_statements(store, before, merged))
    if before.version:  # in one operation, so that there is a record at any moment
        old = f"GRAPH <{record}> {{ ?s ?p ?o }}"
        new = f"GRAPH <{record}> {{ {' '.join(content)} }}"
        steps.append(f"DELETE {{ {old} }} INSERT {{ {new} }} WHERE {{ {old} }}")
    else:
        steps.append(_insertion(record, content))
    return " ;\n".join(steps)


def _statements(store: EmbeddedStore, before: Record, merged: str) -> Iterator[str]:
    """Yield the statements of the record, see :mod:`graph.store.remote.record`."""
    record = f"<{record_graph(store.visibility)}>"
    yield f"{record} a <{_SD}Dataset> ."
    yield f"{record} <{_OWL}versionInfo> {ox.Literal(store.version)} ."
    yield f"{record} <{_SD}defaultGraph> <{merged}> ."
    for graph in before.dataset.default:
        yield f"{record} <{_DCT}replaces> <{graph}> ."
    for graph in store.graphs():
        yield f"{record} <{_SD}namedGraph> <{graph}> ."
