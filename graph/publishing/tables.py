"""The graph for those who do not speak RDF: tables as CSV, the network as GraphML and GEXF."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date

import pyoxigraph as ox

from graph.network import collaboration_network
from graph.reading import read_landscape
from graph.resources import query_texts
from graph.settings import Settings
from graph.store import Store

__all__ = ["network_files", "safe_cell", "table_files", "table_queries"]

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_DATE = re.compile(rb'lastmodifieddate="[0-9-]*"')


def table_files(engine: ox.Store) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each table: UTF-8 with a byte order mark, RFC 4180.

    The mark makes spreadsheets read the letters rightly, and no cell is taken for a formula.
    """
    for name, query in table_queries():
        yield name, _table(engine, query)


def table_queries() -> Iterator[tuple[str, str]]:
    """Yield name and query of each table, sorted by name."""
    for name, query in query_texts("publishing"):
        folder, _, table = name.rpartition("/")
        if folder == "tables":
            yield table, query


def _table(engine: ox.Store, query: str) -> bytes:
    solutions = engine.query(query)
    if not isinstance(solutions, ox.QuerySolutions):
        raise TypeError("a table is made by a SELECT query")
    raw = solutions.serialize(format=ox.QueryResultsFormat.CSV)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in csv.reader(io.StringIO((raw or b"").decode("utf-8"), newline="")):
        writer.writerow([safe_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (OWASP, CSV injection).

    Numbers stay as they are, with their sign; any other text that begins like a formula gets an
    apostrophe in front.
    """
    if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def network_files(store: Store, made_on: date) -> Iterator[tuple[str, bytes]]:
    """Yield suffix and content of the collaboration network: GraphML and GEXF 1.2.

    Args:
        store: Where to read.
        made_on: When the graph was made; ages of ties are counted from its year.
    """
    import networkx as nx  # not needed to serve what is written

    landscape = read_landscape(store)
    network = collaboration_network(landscape, Settings(reference_year=made_on.year))
    for attributes in (network.graph, *(a for _, a in network.nodes(data=True))):
        _drop_unknown(attributes)
    for _, _, attributes in network.edges(data=True):
        _drop_unknown(attributes)
    graphml, gexf = io.BytesIO(), io.BytesIO()
    nx.write_graphml_xml(network, graphml, encoding="utf-8")
    yield "graphml", graphml.getvalue()
    nx.write_gexf(network, gexf, encoding="utf-8")
    stamp = f'lastmodifieddate="{made_on.isoformat()}"'.encode()
    yield "gexf", _DATE.sub(stamp, gexf.getvalue())


def _drop_unknown(attributes: dict[str, object]) -> None:
    """Leave out what is not known: neither format has a word for it."""
    for name in [name for name, value in attributes.items() if value is None]:
        del attributes[name]
