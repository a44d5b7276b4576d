"""Copies of a generation that a writer changes, kept open from one write to the next.

Opening a copy for writing takes longer than all the rest of a small write. So a writer that lives
on keeps its copies; what it publishes are copies of them, made of hard links.
"""

import fcntl
import logging
import re
import shutil
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyoxigraph as ox

from graph.errors import StoreCorruptError
from graph.store.generations import Manifest, part_path, read_manifest
from graph.store.protocol import Visibility
from graph.store.publication import LIVE, disk_errors

__all__ = ["Live", "change"]

logger = logging.getLogger(__name__)

_DEFAULT = ox.DefaultGraph()
_LINES = ox.RdfFormat.N_QUADS
_AT_END = re.compile(rb" <[^<>]*> \.\n")
"""The graph of a statement as a line. A line break of a text is written as an escape, so nothing
else looks like it."""

_MANY = 20_000
"""Statements from which the bulk loader of the engine is quicker than one transaction."""

_AT_ONCE = 200_000
"""Statements to give to the bulk loader as one text: some 60 MB."""


class Live:
    """Writable copies of the parts of one generation.

    Only what holds the writer's lock may make and use one. Whatever goes wrong between, it is
    thrown away and made anew: nothing rests on it.

    Attributes:
        home: Directory of the store.
        version: The generation that it is a copy of.
    """

    def __init__(self, home: Path, version: str) -> None:
        """Begin without a copy; each part is copied when it is needed first.

        Raises:
            StoreUnavailableError: The disk cannot be written.
        """
        self.home = home
        self.version = version
        self._engines: dict[Visibility, ox.Store] = {}
        with disk_errors(home):
            self._folder = Path(tempfile.mkdtemp(prefix=LIVE, dir=home / "generations"))
            self._lock = (self._folder / "lock").open("w")
            fcntl.flock(self._lock, fcntl.LOCK_EX)

    def engine(self, visibility: Visibility) -> ox.Store:
        """Return the copy of what a visibility sees.

        Raises:
            StoreUnavailableError: The disk cannot be written, or it sees nothing.
            StoreCorruptError: The generation cannot be read.
        """
        known = self._engines.get(visibility)
        if known is None:
            nearest = read_manifest(self.home, self.version).nearest(visibility)
            path = self._folder / visibility
            known = self._engines[visibility] = self._copied(nearest, path)
        return known

    def _copied(self, nearest: Visibility, path: Path) -> ox.Store:
        part = part_path(self.home, self.version, nearest)
        with disk_errors(self.home):
            try:
                ox.Store.read_only(str(part)).backup(str(path))
            except (RuntimeError, ValueError) as error:
                raise StoreCorruptError(f"{part} cannot be read; load the graph again") from error
            return ox.Store(str(path))

    def follow(self, manifest: Manifest) -> None:
        """Be a copy of another generation from now on: the one that was made of these copies."""
        self.version = manifest.version
        for part in set(self._engines) - set(manifest.quads):
            del self._engines[part]
            _remove(self._folder / part)

    @property
    def is_closed(self) -> bool:
        """Everything has been thrown away."""
        return self._lock.closed

    def close(self) -> None:
        """Throw everything away."""
        self._engines.clear()
        _remove(self._folder)
        self._lock.close()


def _remove(folder: Path) -> None:
    """Remove a folder in which an engine may be ending its work, and go on writing for a moment.

    A write that has been done must not fail for that: what is left is swept by the next writer,
    as nobody holds its lock (:func:`graph.store.publication.replace`).
    """
    for wait_s in (0.02, 0.1, 0.3):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(wait_s)
    logger.warning("%s cannot be removed yet; the next writer does it", folder)


def change(engine: ox.Store, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
    """Change named graphs; the default graph stays their merge, each triple once.

    Args:
        engine: What to change.
        removed: Statements of named graphs that are there.
        added: Statements of named graphs that are not.
    """
    for quad in removed:
        engine.remove(quad)
        others = engine.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if all(other.graph_name == _DEFAULT for other in others):
            engine.remove(ox.Quad(quad.subject, quad.predicate, quad.object, _DEFAULT))
    fresh = list(added)
    if len(fresh) <= _MANY:
        engine.extend([*fresh, *map(_merged, fresh)])
        return
    for start in range(0, len(fresh), _AT_ONCE):
        _load(engine, fresh[start : start + _AT_ONCE])


def _merged(quad: ox.Quad) -> ox.Quad:
    return ox.Quad(quad.subject, quad.predicate, quad.object, _DEFAULT)


def _load(engine: ox.Store, quads: Sequence[ox.Quad]) -> None:
    """Add statements to named graphs and the merge, mostly without the interpreter.

    So other threads go on meanwhile. It is no transaction, but a copy that breaks is thrown away.
    """
    named = ox.serialize(quads, format=_LINES)
    if named is None:  # only with an output to write to
        raise TypeError("the engine returned nothing")
    if b"_:" in named:  # a text would give nameless nodes other labels
        engine.bulk_extend([*quads, *map(_merged, quads)])
        return
    # each line ends with its graph; what is left of it is in the default graph
    engine.bulk_load(named + _AT_END.sub(b" .\n", named), format=_LINES, lenient=True)
