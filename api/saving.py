"""Queries that signed-in users keep on the server: theirs alone, or for everybody with the address.

They are kept in ``<home>/access/saved-queries.sqlite``: a change is on the disk when the function
returns, and several processes may change the file at once.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.access.files import private_folder
from graph.errors import ParameterError, StoreUnavailableError, UnknownQueryError

__all__ = ["SavedQueries", "SavedQuery"]

_MOST_PER_KEY = 500
_LONGEST_TITLE = 200
_SCHEMA = """
CREATE TABLE IF NOT EXISTS query (
  id TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  shared INTEGER NOT NULL,
  changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS query_of_key ON query (key, title, id);
"""
_COLUMNS = "id, key, title, text, shared, changed_at"


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A query that somebody keeps.

    Attributes:
        id: Stands in its address; nobody can guess it.
        key: Id of the key whose bearer saved it.
        title: What its owner calls it.
        text: SPARQL, as it was written.
        is_shared: Everybody who has the address may read it, not only its owner.
        changed_at: When it was saved last.
    """

    id: str
    key: str
    title: str
    text: str
    is_shared: bool
    changed_at: datetime


class SavedQueries:
    """The saved queries of one store directory."""

    def __init__(self, home: Path, max_bytes: int) -> None:
        """Open the saved queries; the file is made when the first one is saved.

        Args:
            home: Directory of the store.
            max_bytes: Length of a query in UTF-8.
        """
        self._home = home
        self._max_bytes = max_bytes

    def of(self, key: str) -> list[SavedQuery]:
        """Return the queries of a key, ordered by title."""
        with self._opened() as database:
            rows = database.execute(
                f"SELECT {_COLUMNS} FROM query WHERE key = ?",  # noqa: S608 - a constant
                (key,),
            )
            found = [_query(row) for row in rows]
        return sorted(found, key=lambda query: (query.title.casefold(), query.id))

    def find(self, name: str, key: str) -> SavedQuery:
        """Return a query that is shared, or whose owner asks.

        Args:
            name: Id of the query.
            key: Id of the key of who asks; empty for who has none.

        Raises:
            UnknownQueryError: There is no such query, or it is somebody else's and not shared.
        """
        with self._opened() as database:
            row = database.execute(
                f"SELECT {_COLUMNS} FROM query WHERE id = ? AND (shared OR key = ?)",  # noqa: S608
                (name, key or None),
            ).fetchone()
        if row is None:
            raise UnknownQueryError(name)
        return _query(row)

    def save(self, key: str, title: str, text: str, *, is_shared: bool = False) -> SavedQuery:
        """Keep a query; of the same title as one that the key has, in its place.

        Raises:
            ParameterError: Title or text is empty or too long, or the key has too many queries.
        """
        self._require(title, text)
        with self._opened() as database:
            rows = database.execute("SELECT id, title FROM query WHERE key = ?", (key,)).fetchall()
            name = next((n for n, known in rows if known == title), None)
            if name is None and len(rows) >= _MOST_PER_KEY:
                raise ParameterError("saved", "title", f"a key keeps at most {_MOST_PER_KEY}")
            name = name or secrets.token_urlsafe(12)
            now = datetime.now(UTC)
            saved = SavedQuery(name, key, title, text, is_shared, now)
            database.execute(
                f"INSERT OR REPLACE INTO query ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608
                (name, key, title, text, int(is_shared), now.isoformat()),
            )
        return saved

    def remove(self, name: str, key: str) -> None:
        """Forget a query.

        Raises:
            UnknownQueryError: The key has no such query.
        """
        with self._opened() as database:
            gone = database.execute("DELETE FROM query WHERE id = ? AND key = ?", (name, key))
            if gone.rowcount == 0:
                raise UnknownQueryError(name)

    def _require(self, title: str, text: str) -> None:
        if not 1 <= len(title) <= _LONGEST_TITLE or not title.isprintable():
            reason = f"needs 1 to {_LONGEST_TITLE} characters on one line"
            raise ParameterError("saved", "title", reason)
        if not text.strip() or len(text.encode("utf-8", "replace")) > self._max_bytes:
            reason = f"needs a text of at most {self._max_bytes} bytes"
            raise ParameterError("saved", "query", reason)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file in a transaction, which is committed when nothing fails.

        Raises:
            StoreUnavailableError: It cannot be read or written.
        """
        path = private_folder(self._home) / "saved-queries.sqlite"
        try:
            # made here, so that nobody else may read it
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as database:
                database.execute("PRAGMA synchronous = FULL")
                database.executescript(_SCHEMA)
                database.execute("BEGIN IMMEDIATE")
                yield database
                database.execute("COMMIT")
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailableError(f"cannot use {path}: {error}") from error


def _query(row: tuple[str, str, str, str, int, str]) -> SavedQuery:
    name, key, title, text, shared, changed_at = row
    return SavedQuery(name, key, title, text, bool(shared), datetime.fromisoformat(changed_at))
