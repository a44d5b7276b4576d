"""What coordinators wrote, as the text that is kept with a generation."""

from collections.abc import Iterable
from datetime import datetime

import pyoxigraph as ox

from graph.vocabulary import GRAPH

__all__ = ["as_text", "stamp", "statements"]

_META = ox.NamedNode(GRAPH["meta"])
_TIME = ox.NamedNode("http://www.w3.org/ns/prov#generatedAtTime")
_DATE_TIME = ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")


def as_text(quads: Iterable[ox.Quad]) -> bytes:
    """Return statements as N-Quads, sorted: equal sets have equal texts."""
    lines = sorted(f"{quad} .\n" for quad in set(quads))
    return "".join(lines).encode()


def statements(text: bytes) -> set[ox.Quad]:
    """Return the statements of a text that :func:`as_text` made."""
    return set(ox.parse(text, ox.RdfFormat.N_QUADS))


def stamp(store: ox.Store, graphs: Iterable[str], time: datetime) -> None:
    """Note when graphs were changed last."""
    for name in map(ox.NamedNode, graphs):
        for quad in list(store.quads_for_pattern(name, _TIME, None, _META)):
            store.remove(quad)
        value = ox.Literal(time.isoformat(), datatype=_DATE_TIME)
        store.add(ox.Quad(name, _TIME, value, _META))
