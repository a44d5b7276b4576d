"""What changed between two versions, as RDF Patch (https://afs.github.io/rdf-delta/rdf-patch)."""

from collections.abc import Generator
from contextlib import closing
from typing import IO

import pyoxigraph as ox

from graph.errors import UnknownTermError
from graph.store import EmbeddedStore
from graph.store.generations import generation_of, open_engine

__all__ = ["MEDIA_TYPE", "write_patch"]

MEDIA_TYPE = "application/rdf-patch"


def write_patch(store: EmbeddedStore, before: str, after: str, output: IO[bytes]) -> None:
    """Write what to delete and to add to get from one version to another.

    Memory stays flat: each statement of one version is looked up in the other. Nameless nodes
    have other names in each version, so statements with them are deleted and added anew.

    Args:
        store: Whose home and visibility to read.
        before: Version to begin from.
        after: Version to end with.
        output: Where to write, UTF-8.

    Raises:
        UnknownTermError: A version is not there, or not any more.
        StoreCorruptError: A version cannot be read.
    """
    old, new = _engine(store, before), _engine(store, after)
    output.write(f"H id <urn:x-verbund:version:{after}> .\n".encode())
    output.write(f"H prev <urn:x-verbund:version:{before}> .\nTX .\n".encode())
    for mark, here, there in (("D", old, new), ("A", new, old)):
        # Closed in any case: the engine's iterator must not outlive this thread's work.
        with closing(_missing(here, there)) as quads:
            for quad in quads:
                output.write(f"{mark} {quad} .\n".encode())
    output.write(b"TC .\n")


def _engine(store: EmbeddedStore, version: str) -> ox.Store:
    generation = generation_of(store.home, version, store.visibility)
    if generation is None:
        raise UnknownTermError(version, "version")
    return open_engine(store.home, generation, store.visibility)


def _missing(here: ox.Store, there: ox.Store) -> Generator[ox.Quad, None, None]:
    """Yield the statements of named graphs that only one of two stores holds."""
    for name in sorted(here.named_graphs(), key=str):
        for quad in here.quads_for_pattern(None, None, None, name):
            if quad not in there:
                yield quad
