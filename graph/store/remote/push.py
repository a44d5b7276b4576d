"""Filling a remote store from a generation of the embedded one.

Everything is written beside what answers, in batches; one last request puts it into place. Where
the server runs a request as one transaction (Oxigraph, RDF4J, Stardog, …) readers see the old
graph or the new one. Elsewhere (Virtuoso) the named graphs are exchanged one after the other; the
default graph, which nearly all queries ask, still changes at once, as its name holds the version.

Each visibility is sent by itself, into graphs of its own (:mod:`graph.store.remote.naming`).
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from graph.errors import StoreUnavailableError
from graph.store.dataset import Dataset
from graph.store.embedded import EmbeddedStore
from graph.store.formats import QueryForm
from graph.store.generations import read_manifest
from graph.store.protocol import Visibility
from graph.store.remote.client import Endpoint
from graph.store.remote.naming import Naming
from graph.store.remote.record import (
    Record,
    merged_graph,
    record_graph,
    recorded,
    staging_graph,
)
from graph.store.remote.results import parse

__all__ = ["Push", "push", "push_all"]

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
        visibility: Whose view of the graph was sent.
    """

    version: str
    was_pushed: bool
    statements: int
    visibility: Visibility = Visibility.PUBLIC


def push_all(
    home: Path,
    endpoint: Endpoint,
    widest: Visibility | None = None,
    *,
    force: bool = False,
    progress: Progress | None = None,
) -> list[Push]:
    """Make a server hold what each visibility sees of a store, from the public on.

    A visibility that sees no more than a narrower one is withdrawn, so that no older version of
    it answers.

    Args:
        home: Directory of the store.
        endpoint: The server, with its update address.
        widest: The last visibility to send; by default the widest that the server holds.
        force: Send them even when the server says that it holds these versions.
        progress: Called after each batch.

    Returns:
        What came of each, the public one first.

    Raises:
        StoreError: The store cannot be read, or the server failed; what answered before goes on.
    """
    held = [seen for seen in Visibility if recorded(endpoint, seen)]
    order = list(Visibility)
    last = max((*held, widest or Visibility.PUBLIC), key=order.index)
    done = []
    for seen in order[: order.index(last) + 1]:
        store = EmbeddedStore(home, seen)
        if read_manifest(home, store.generation).nearest(seen) is seen:
            done.append(push(store, endpoint, force=force, progress=progress))
        elif seen in held:
            _withdraw(endpoint, seen)
    return done


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
    total = sum(1 for graph in store.graphs() for _ in _triples(store, graph))
    if before.version == store.version and not force:
        return Push(store.version, False, total, store.visibility)
    report = progress or (lambda stage, done, total: None)
    done = 0
    for graph, there in _graphs(store).items():
        endpoint.update(f"DROP SILENT GRAPH <{staging_graph(there)}>")
        for part in _batches(_triples(store, graph), batch):
            endpoint.update(_insertion(staging_graph(there), part))
            done += len(part)
            report("push", done, total)
    merged = _merge(endpoint, store, before)
    endpoint.update(_exchange(store, before, merged))
    for graph in (*map(staging_graph, _graphs(store).values()), before.replaced):
        if graph:
            endpoint.update(f"DROP SILENT GRAPH <{graph}>")
    return Push(store.version, True, total, store.visibility)


def _withdraw(endpoint: Endpoint, visibility: Visibility) -> None:
    """Remove what a server holds for a visibility: first its record, so that nobody reads on."""
    found = recorded(endpoint, visibility)
    if found is None:
        return
    gone = (record_graph(visibility), *found.dataset.default, found.replaced, *found.dataset.named)
    endpoint.update(" ;\n".join(f"DROP SILENT GRAPH <{graph}>" for graph in gone if graph))


def _graphs(store: EmbeddedStore) -> dict[str, str]:
    """Return the names that the named graphs get on a server."""
    return {graph: Naming(store.visibility).there(graph) for graph in store.graphs()}


def _triples(store: EmbeddedStore, graph: str) -> Iterator[str]:
    """Yield the statements of a graph as N-Triples lines without blank nodes."""
    naming = Naming(store.visibility)
    for quad in store.engine.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
        yield " ".join(str(_named(term, naming)) for term in quad.triple) + " ."


def _named(term: object, naming: Naming) -> object:
    if isinstance(term, ox.BlankNode):
        return ox.NamedNode(_SKOLEM + term.value)
    return ox.NamedNode(naming.there(term.value)) if isinstance(term, ox.NamedNode) else term


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
    for there in _graphs(store).values():
        endpoint.update(f"ADD GRAPH <{staging_graph(there)}> TO GRAPH <{merged}>")
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
    graphs = tuple(_graphs(store).values())
    gone = [graph for graph in before.dataset.named if graph not in graphs]
    steps = [f"DROP SILENT GRAPH <{graph}>" for graph in (*gone, *graphs)]
    steps += [f"ADD GRAPH <{staging_graph(graph)}> TO GRAPH <{graph}>" for graph in graphs]
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
    for graph in _graphs(store).values():
        yield f"{record} <{_SD}namedGraph> <{graph}> ."
