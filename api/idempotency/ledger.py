"""What was answered to which request, on the disk, for each caller."""

import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from graph.errors import StoreUnavailableError

__all__ = ["Begun", "Kept", "Ledger", "Standing"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS request (
  caller TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, begun_s REAL NOT NULL,
  status INTEGER, headers BLOB, body BLOB, PRIMARY KEY (caller, key)
) WITHOUT ROWID
"""
_KEEP_S = 24 * 3600.0
_GIVEN_UP_S = 600.0
_WAIT_S = 10.0


class Standing(StrEnum):
    """What becomes of a request with a key."""

    NEW = "new"
    """It is to be answered now; the caller of :meth:`Ledger.begin` ends it."""

    ANSWERED = "answered"
    """Its answer is given again."""

    RUNNING = "running"
    """Somebody is answering it, or its answer was not kept."""

    OTHER = "other"
    """The key belongs to another request."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that is given again: status, headers and body as they were sent."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Begun:
    """How a request stands, with its answer when there is one."""

    standing: Standing
    kept: Kept | None = None


class Ledger:
    """Answers by caller and key; each change is on the disk before it counts.

    An answer is kept for a day. A request that was begun and never ended, because the process
    ended, can be made anew after ten minutes.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        """Name the folder; the file is made when it is first needed.

        Args:
            folder: Where ``idempotency.sqlite`` lies, readable for this user only.
            clock: Seconds since the epoch.
        """
        self._path = folder / "idempotency.sqlite"
        self._clock = clock

    def begin(self, caller: str, key: str, fingerprint: str) -> Begun:
        """Say that a request is to be answered, unless it has been.

        Args:
            caller: Who asks.
            key: The key of the request.
            fingerprint: The same for the same request, different for any other.

        Raises:
            StoreUnavailableError: The file cannot be written.
        """
        now = self._clock()
        with self._open() as file:
            file.execute("DELETE FROM request WHERE begun_s < ?", (now - _KEEP_S,))
            row = file.execute(
                "SELECT fingerprint, begun_s, status, headers, body FROM request"
                " WHERE caller = ? AND key = ?",
                (caller, key),
            ).fetchone()
            if row is not None and row[0] != fingerprint:
                return Begun(Standing.OTHER)
            if row is not None and row[3] is not None:
                return Begun(
                    Standing.ANSWERED, Kept(row[2], _read(row[3]), zlib.decompress(row[4]))
                )
            if row is not None and (row[2] is not None or row[1] > now - _GIVEN_UP_S):
                return Begun(Standing.RUNNING)
            file.execute(
                "INSERT OR REPLACE INTO request VALUES (?, ?, ?, ?, NULL, NULL, NULL)",
                (caller, key, fingerprint, now),
            )
        return Begun(Standing.NEW)

    def end(self, caller: str, key: str, kept: Kept, *, is_secret: bool = False) -> None:
        """Keep the answer; of a secret one only that it was given."""
        headers = None if is_secret else _written(kept.headers)
        body = None if is_secret else zlib.compress(kept.body)
        with self._open() as file:
            file.execute(
                "UPDATE request SET status = ?, headers = ?, body = ? WHERE caller = ? AND key = ?",
                (kept.status, headers, body, caller, key),
            )

    def give_up(self, caller: str, key: str) -> None:
        """Forget a request that came to nothing, so that it can be made again."""
        with self._open() as file:
            file.execute("DELETE FROM request WHERE caller = ? AND key = ?", (caller, key))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction; others wait."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            is_new = not self._path.exists()
            file = sqlite3.connect(self._path, timeout=_WAIT_S, isolation_level=None)
            try:
                if is_new:
                    self._path.chmod(0o600)
                file.execute("PRAGMA synchronous = FULL")
                file.execute("BEGIN IMMEDIATE")
                file.execute(_SCHEMA)
                yield file
                file.execute("COMMIT")
            finally:
                file.close()
        except (OSError, sqlite3.Error) as error:
            raise StoreUnavailableError(f"the ledger of requests: {error}") from error


def _written(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"\r\n".join(name + b":" + value for name, value in headers)


def _read(headers: bytes) -> tuple[tuple[bytes, bytes], ...]:
    pairs = (line.partition(b":") for line in headers.split(b"\r\n") if line)
    return tuple((name, value) for name, _, value in pairs)
