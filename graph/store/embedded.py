"""The embedded store: Oxigraph on the read-only files of one generation."""

import fcntl
import os
import time
import weakref
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox
from rdflib.term import Identifier

from graph.errors import QuerySyntaxError, StoreCorruptError, StoreUnavailableError
from graph.store.bindings import with_bindings
from graph.store.generations import (
    UNSEEN_S,
    current_version,
    open_engine,
    part_path,
    pointer_state,
    read_manifest,
)
from graph.store.protocol import Row, Visibility
from graph.store.terms import from_engine

__all__ = ["EmbeddedStore"]


class EmbeddedStore:
    """One generation on disk, opened for reading only; safe to use from several threads.

    Attributes:
        home: Directory of the store, see :mod:`graph.store.generations`.
        visibility: Whose view of the graph this is.
        generation: Name of the generation that is open.
        path: Directory of the engine's files.
    """

    def __init__(self, home: Path, visibility: Visibility = Visibility.PUBLIC) -> None:
        """Open the generation that answers now.

        Raises:
            StoreUnavailableError: Nothing has been loaded yet.
            StoreCorruptError: The files cannot be read.
        """
        self.home = home
        self.visibility = visibility
        self._looked_at = time.monotonic()
        self._pointer = pointer_state(home)  # before its content: a change between is seen later
        self.generation = current_version(home)
        lock = _reading(home / "generations" / self.generation)
        weakref.finalize(self, os.close, lock)
        self._version = read_manifest(home, self.generation).name(visibility)
        self.path = part_path(home, self.generation, visibility)
        self._engine = open_engine(home, self.generation, visibility)
        self._graphs = tuple(sorted(name.value for name in self._engine.named_graphs()))

    @property
    def version(self) -> str:
        """Version of what this visibility sees; writes that it does not see leave it."""
        return self._version

    @property
    def engine(self) -> ox.Store:
        """The engine itself, opened for reading, for validation and export."""
        return self._engine

    def graphs(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs, sorted."""
        return self._graphs

    def select(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> list[Row]:
        """Run a trusted SELECT query in this process; see :class:`graph.store.Store`."""
        try:
            return self._rows(with_bindings(query, bindings))
        except SyntaxError as error:
            raise QuerySyntaxError(str(error)) from error
        except (OSError, RuntimeError) as error:
            raise StoreCorruptError(f"{self.home}: {error}; load the graph again") from error

    def _rows(self, query: str) -> list[Row]:
        # A result must be read and dropped in the thread that made it: the engine aborts the
        # whole process otherwise. So nothing lazy leaves this function.
        solutions = self._engine.query(query)
        if not isinstance(solutions, ox.QuerySolutions):
            raise QuerySyntaxError("select() takes SELECT queries only")
        names = [variable.value for variable in solutions.variables]
        return [
            {
                name: from_engine(term)
                for name, term in zip(names, row, strict=True)
                if term is not None
            }
            for row in solutions
        ]

    def serialise(
        self, query: str, media_type: str, bindings: Mapping[str, Identifier] | None = None
    ) -> bytes:
        """Run somebody else's query in a process of its own; see :class:`graph.store.Store`.

        A process is started for each call (some 60 ms); servers keep a pool instead. Must not be
        called from a running event loop.
        """
        from graph.store.pool import run_once  # the pool is made of stores

        return run_once(self, query, media_type, bindings or {})

    def latest(self) -> "EmbeddedStore":
        """Return the newest version of this store: itself when nothing newer is there.

        Who asks after a version has been published gets it: publishing waits for as long as this
        does not look.
        """
        now = time.monotonic()
        if now - self._looked_at < UNSEEN_S:
            return self
        state = pointer_state(self.home)
        if state == self._pointer:
            self._looked_at = now  # not before: another thread would not look, and be told the old
            return self
        newest = current_version(self.home)
        if read_manifest(self.home, newest).name(self.visibility) == self._version:
            self._pointer, self._looked_at = state, now
            return self
        return EmbeddedStore(self.home, self.visibility)


def _reading(folder: Path) -> int:
    """Take the shared lock that keeps a generation from being removed while it is read.

    Returns:
        A file descriptor; closing it gives the lock back.
    """
    try:
        lock = os.open(folder / "reader.lock", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise StoreCorruptError(
            f"{folder} is not a generation of this store; load the graph again"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise StoreUnavailableError(f"{folder} is being removed; try again") from None
    return lock
