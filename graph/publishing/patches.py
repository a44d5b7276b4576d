"""What changed between two versions, as RDF Patch (https://afs.github.io/rdf-delta/rdf-patch).

A patch that was asked for is kept in ``<home>/patches/<visibility>/``, the latest of them. It goes
with either of its versions, so what has been erased does not live on in it.
"""

import tempfile
from collections.abc import Collection, Generator
from contextlib import closing
from pathlib import Path
from typing import IO

import pyoxigraph as ox

from graph.errors import StoreUnavailableError, UnknownTermError
from graph.store import EmbeddedStore, Visibility
from graph.store.generations import generation_of, open_engine, read_manifest, versions

__all__ = ["MEDIA_TYPE", "prepare_patch", "remove_old_patches", "write_patch"]

MEDIA_TYPE = "application/rdf-patch"

_BETWEEN = "~"
"""Stands between two versions in the name of a file; no version has it."""
_KEPT = 12


def prepare_patch(store: EmbeddedStore, before: str, after: str) -> Path:
    """Return the file of a patch, writing it when it is not there yet.

    Raises:
        UnknownTermError: A version is not there, or not any more.
        StoreCorruptError: A version cannot be read.
        StoreUnavailableError: The disk is full or not writable.
    """
    folder = store.home / "patches" / store.visibility
    path = folder / f"{before}{_BETWEEN}{after}.rdfp"
    try:
        if path.is_file():
            path.touch()
            return path
        folder.mkdir(parents=True, exist_ok=True)
        remove_old_patches(store.home)
        with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder) as draft:
            made = Path(draft) / path.name
            with made.open("xb") as output:
                write_patch(store, before, after, output)
            made.replace(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreUnavailableError(f"cannot write patches to {folder}: {reason}") from error
    return path


def remove_old_patches(home: Path) -> None:
    """Remove the patches of versions that are no longer there, and the longest unused ones."""
    for folder in (home / "patches").glob("*"):
        visibility = Visibility(folder.name)
        living = {read_manifest(home, version).name(visibility) for version in versions(home)}
        patches = sorted(folder.glob("*.rdfp"), key=lambda path: path.stat().st_mtime, reverse=True)
        alive = [path for path in patches if _is_alive(path, living)]
        for path in {*patches} - {*alive[: _KEPT - 1]}:
            path.unlink(missing_ok=True)


def _is_alive(path: Path, living: Collection[str]) -> bool:
    return all(version in living for version in path.stem.split(_BETWEEN))


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
