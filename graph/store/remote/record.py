"""What a remote store holds for us: the record that ``verbund push`` writes, or what is found.

The record is a graph of its own, which no query of others sees::

    <graph/served/public> a sd:Dataset ;
        owl:versionInfo "3fd68b" ;
        sd:defaultGraph <graph/merged/public/3fd68b> ;
        dct:replaces <graph/merged/public/91c2aa> ;
        sd:namedGraph <graph/reference-facts>, <graph/meta> .

``graph/merged/…`` is the merge of the named graphs, each triple once: on most servers a list of
graphs counts a triple for each graph that holds it. Its name holds the version, so a reader never
gets half of two versions from it. Each visibility has a record, graphs and a merge of its own
(:mod:`graph.store.remote.naming`). A server that was filled by its own bulk loader has no record;
then our graphs themselves are asked, and their names and sizes stand for the version.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from graph.errors import StoreUnavailableError
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm
from graph.store.protocol import Row, Visibility
from graph.store.remote.client import Endpoint
from graph.store.remote.naming import BASE, OWN_NAMES, Naming
from graph.store.remote.results import parse

__all__ = [
    "Record",
    "merged_graph",
    "read_record",
    "record_graph",
    "recorded",
    "staging_graph",
]

_FILLING = "%s is being filled; try again in a minute, or push again if nobody is at it"

_READ = """\
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
SELECT ?version ?replaced ?default ?named
WHERE {
  GRAPH <%(graph)s> {
    <%(graph)s> owl:versionInfo ?version ; sd:defaultGraph ?default ; sd:namedGraph ?named .
    OPTIONAL { <%(graph)s> dct:replaces ?replaced }
  }
}
"""
_FIND = """\
SELECT ?graph (COUNT(*) AS ?count)
WHERE { GRAPH ?graph { ?s ?p ?o } FILTER(STRSTARTS(STR(?graph), "%s")) }
GROUP BY ?graph
"""


@dataclass(frozen=True, slots=True)
class Record:
    """One version of the graph on a server, seen with one visibility.

    Attributes:
        version: Graph version.
        replaced: The default graph before, which can still be read; empty for none.
        dataset: The graphs to ask, under their names on the server.
        visibility: Whose record it is: the one that was asked for, or a narrower one.
    """

    version: str
    replaced: str
    dataset: Dataset
    visibility: Visibility = Visibility.PUBLIC

    @property
    def naming(self) -> Naming:
        """The names of the graphs."""
        return Naming(self.visibility)

    def keeps(self, other: "Record") -> bool:
        """Tell whether another version can still be read when this one answers."""
        return other.dataset.default in (self.dataset.default, (self.replaced,))


def record_graph(visibility: Visibility) -> str:
    """Return the name of the graph that holds the record."""
    return f"{BASE}served/{visibility}"


def merged_graph(visibility: Visibility, version: str) -> str:
    """Return the name of the graph that is the default graph of a version."""
    return f"{BASE}merged/{visibility}/{version}"


def staging_graph(graph: str) -> str:
    """Return the name under which a graph is written before it takes its place."""
    return f"{BASE}staging/{graph}"


def read_record(endpoint: Endpoint, visibility: Visibility) -> Record:
    """Return what a server holds for a visibility: the widest record that it may see.

    Raises:
        StoreUnavailableError: The server holds no graph of ours, or does not answer.
        StoreError: See :meth:`graph.store.remote.client.Endpoint.query`.
    """
    record = _first(lambda seen: recorded(endpoint, seen), visibility)
    found = record or _found(endpoint)
    if found is None:
        raise StoreUnavailableError(
            f"{endpoint.url} holds no graph for {visibility}; fill it with: verbund push"
        )
    return found


def _first(read: Callable[[Visibility], Record | None], visibility: Visibility) -> Record | None:
    """Return the widest record that a visibility may see."""
    for seen in visibility.and_below():
        if record := read(seen):
            return record
    return None


def recorded(endpoint: Endpoint, visibility: Visibility) -> Record | None:
    """Return the record for exactly one visibility, ``None`` without one.

    Raises:
        StoreUnavailableError: It is being replaced just now, or the server does not answer.
    """
    graph = record_graph(visibility)
    rows = _rows(endpoint, _READ % {"graph": graph}, Dataset((graph,), (graph,)))
    if not rows:
        return None
    if len({(row["version"], row["default"]) for row in rows}) > 1:
        raise StoreUnavailableError(_FILLING % endpoint.url)
    row = rows[0]
    named = tuple(sorted({str(row["named"]) for row in rows}))
    dataset = Dataset((str(row["default"]),), named)
    return Record(str(row["version"]), str(row.get("replaced", "")), dataset, visibility)


def _found(endpoint: Endpoint) -> Record | None:
    """Return the record of a server that another loader has filled.

    Raises:
        StoreUnavailableError: A push is on its way, or broke off, before there was a record.
    """
    rows = _rows(endpoint, _FIND % BASE, Dataset())
    counts = {str(row["graph"]).removeprefix(BASE): str(row["count"]) for row in rows}
    if any(graph.startswith(f"merged/{Visibility.PUBLIC}/") for graph in counts):
        raise StoreUnavailableError(_FILLING % endpoint.url)
    counts = {k: v for k, v in counts.items() if not k.startswith(OWN_NAMES)}
    if not counts:
        return None
    listing = "".join(f"{graph} {counts[graph]}\n" for graph in sorted(counts))
    graphs = tuple(BASE + graph for graph in sorted(counts))
    version = hashlib.sha256(listing.encode()).hexdigest()
    return Record(f"found-{version[:32]}", "", Dataset(graphs, graphs))


def _rows(endpoint: Endpoint, query: str, dataset: Dataset) -> list[Row]:
    return parse(endpoint.query(query, QueryForm.SELECT, dataset)).rows()
