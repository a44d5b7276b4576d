"""Where triples live; the rest of the code sees only the :class:`Store` protocol."""

from graph.store.embedded import EmbeddedStore
from graph.store.generations import Manifest, current_version
from graph.store.memory import MemoryStore
from graph.store.protocol import Quad, Row, Store, Visibility
from graph.store.publication import publish

__all__ = [
    "EmbeddedStore",
    "Manifest",
    "MemoryStore",
    "Quad",
    "Row",
    "Store",
    "Visibility",
    "current_version",
    "publish",
]
