"""The log of changes: for each thing when it changed last, and whether it is gone.

The log holds no content. A follower reads the content from the generation that answers, so what
has been erased from the graph is erased from the feed with it, and only the fact that the thing
has gone remains. It is a small SQLite file for each visibility, ``<home>/changes/``.
"""

import hashlib
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from graph.errors import StoreBusyError, StoreCorruptError, StoreUnavailableError
from graph.store import EmbeddedStore

__all__ = ["Change", "ChangePage", "digests", "published_at", "read_changes", "was_there"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS member (
  thing TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL UNIQUE,
  changed_at TEXT NOT NULL,
  digest BLOB
) STRICT;
CREATE TABLE IF NOT EXISTS state (version TEXT NOT NULL, sequence INTEGER NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS log (name TEXT NOT NULL) STRICT;
"""
_WAIT_S = 5.0
_MODULUS = 2**128


@dataclass(frozen=True, slots=True)
class Change:
    """The latest change of one thing.

    Attributes:
        thing: IRI of the thing.
        sequence: Number of the change, counted from 1; a later change has a greater one.
        changed_at: When the generation was made that brought it.
        is_deleted: The graph says nothing of the thing any more.
    """

    thing: str
    sequence: int
    changed_at: datetime
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class ChangePage:
    """What is left of the changes with some successive numbers.

    A thing that changes again moves to a later page, so a full page only ever loses changes. As
    long as it has the same number of them, it is the same, byte for byte.

    Attributes:
        changes: The changes, oldest first.
        after: Sequence that the page begins after.
        end: Last sequence of the page, whether or not that change is still here or there already.
        newest: Sequence of the newest change in the log.
        log: Name of the log, drawn when it was begun: another log counts anew.
        is_whole: It begins where pages begin, not where a follower has stopped in the middle.
    """

    changes: tuple[Change, ...]
    after: int
    end: int
    newest: int
    log: str
    is_whole: bool

    @property
    def is_full(self) -> bool:
        """Nothing will be added to it any more."""
        return self.is_whole and self.end <= self.newest

    @property
    def name(self) -> str:
        """Name of what a full page holds now: path segments that no other content has."""
        return f"{self.log}/{self.after}/{self.end}/{len(self.changes)}"

    @property
    def next(self) -> int | None:
        """Sequence after which the next page begins; ``None`` when this is the last one."""
        return self.end if self.end <= self.newest else None


def published_at(store: EmbeddedStore) -> datetime:
    """Return when a generation was written: the time of its manifest, whole seconds."""
    manifest = store.home / "generations" / store.generation / "manifest.json"
    return datetime.fromtimestamp(int(manifest.stat().st_mtime), UTC)


def read_changes(store: EmbeddedStore, after: int, size: int) -> ChangePage:
    """Return the changes after a sequence, from the log brought up to the store's version.

    A follower that keeps the greatest sequence it has seen misses nothing and gets nothing twice,
    however many things changed at the same time: the order is by sequence, not by time.

    Args:
        store: The generation that answers.
        after: Sequence seen last.
        size: Sequences of one page. Pages of which nothing is left are passed over.

    Raises:
        StoreBusyError: The log is being written, or already belongs to a newer version.
        StoreUnavailableError: The log cannot be written.
        StoreCorruptError: The file is no log.
    """
    folder = store.home / "changes"
    with _errors(folder), closing(_open(folder, store)) as log, log:
        _bring_up(log, store)
        [name] = log.execute("SELECT name FROM log").fetchone()
        [newest] = log.execute("SELECT sequence FROM state").fetchone()
        following = "SELECT min(sequence) FROM member WHERE sequence > ?"
        [first] = log.execute(following, (after,)).fetchone()
        begin = _page_of(first - 1 if first else max(after, int(newest)), size)
        rows = log.execute(
            "SELECT thing, sequence, changed_at, digest IS NULL FROM member"
            " WHERE sequence > ? AND sequence <= ? ORDER BY sequence",
            (max(after, begin), begin + size),
        ).fetchall()
    changes = tuple(
        Change(str(thing), int(sequence), datetime.fromisoformat(at), bool(gone))
        for thing, sequence, at, gone in rows
    )
    start, end = max(after, begin), begin + size
    return ChangePage(changes, start, end, int(newest), str(name), is_whole=start == begin)


def _page_of(sequence: int, size: int) -> int:
    """Return the sequence after which the page of the next one begins."""
    return sequence // size * size


def was_there(store: EmbeddedStore, thing: str) -> bool:
    """Tell whether the log knows a thing, from this version or an earlier one.

    Nothing is written. The log of a visibility knows what its followers could have seen, so the
    answer tells nobody of a thing that was never shown to them.

    Raises:
        StoreBusyError: The log is being written.
        StoreCorruptError: The file is no log.
    """
    path = store.home / "changes" / f"{store.visibility}.sqlite3"
    if not path.is_file():
        return False
    with (
        _errors(path.parent),
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as log,
    ):
        row = log.execute("SELECT 1 FROM member WHERE thing = ?", (thing,)).fetchone()
    return row is not None


@contextmanager
def _errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreBusyError("the log of changes is being written") from error
        raise StoreUnavailableError(f"cannot write to {folder}: {error}") from error
    except sqlite3.DatabaseError as error:
        raise StoreCorruptError(f"{folder} holds no log of changes; remove it") from error
    except OSError as error:
        raise StoreUnavailableError(f"cannot write to {folder}: {error.strerror}") from error


def _open(folder: Path, store: EmbeddedStore) -> sqlite3.Connection:
    folder.mkdir(exist_ok=True)
    log = sqlite3.connect(folder / f"{store.visibility}.sqlite3", timeout=_WAIT_S)
    log.executescript(_SCHEMA)
    return log


def _bring_up(log: sqlite3.Connection, store: EmbeddedStore) -> None:
    """Write what has changed since the version that the log knows."""
    is_named = log.execute("SELECT 1 FROM log").fetchone() is not None
    if is_named and _known(log)[0] == store.version:
        return
    log.execute("BEGIN IMMEDIATE")  # from here on no other process writes
    if log.execute("SELECT 1 FROM log").fetchone() is None:
        log.execute("INSERT INTO log VALUES (?)", (secrets.token_hex(8),))
    version, sequence = _known(log)
    if version == store.version:
        return
    if store.latest().version != store.version:
        raise StoreBusyError("a newer version has been published")
    then: dict[str, bytes] = dict(
        log.execute("SELECT thing, digest FROM member WHERE digest IS NOT NULL")
    )
    now = digests(store.engine)
    at = published_at(store).isoformat()
    changed = sorted(thing for thing, digest in now.items() if then.get(thing) != digest)
    gone = sorted(then.keys() - now.keys())
    rows = [
        (thing, number, at, now.get(thing))
        for number, thing in enumerate([*changed, *gone], sequence + 1)
    ]
    log.executemany("INSERT OR REPLACE INTO member VALUES (?, ?, ?, ?)", rows)
    log.execute("DELETE FROM state")
    log.execute("INSERT INTO state VALUES (?, ?)", (store.version, sequence + len(rows)))


def _known(log: sqlite3.Connection) -> tuple[str, int]:
    row = log.execute("SELECT version, sequence FROM state").fetchone()
    return (str(row[0]), int(row[1])) if row else ("", 0)


def digests(engine: ox.Store) -> Mapping[str, bytes]:
    """Return for each thing of the default graph a digest of its statements.

    The digest of a thing is the sum of those of its statements, so their order does not matter.
    Nameless nodes count with the thing that names them; the engine names them anew in each load,
    so a thing with some is told as changed whenever the graph is loaded.

    Note:
        Reads every statement once; holds 16 bytes and the IRI of each thing.
    """
    sums: dict[ox.NamedNode | ox.BlankNode, int] = {}
    owners: dict[ox.BlankNode, ox.NamedNode | ox.BlankNode] = {}
    for quad in engine.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        subject = quad.subject
        if not isinstance(subject, ox.NamedNode | ox.BlankNode):
            continue
        if isinstance(quad.object, ox.BlankNode):
            owners[quad.object] = subject
        digest = hashlib.blake2b(str(quad.triple).encode(), digest_size=16).digest()
        sums[subject] = (sums.get(subject, 0) + int.from_bytes(digest, "big")) % _MODULUS
    for node in owners:
        owner = _owner(node, owners)
        if owner is not None and node in sums:
            sums[owner] = (sums.get(owner, 0) + sums[node]) % _MODULUS
    return {
        node.value: total.to_bytes(16, "big")
        for node, total in sums.items()
        if isinstance(node, ox.NamedNode)
    }


def _owner(
    node: ox.BlankNode, owners: Mapping[ox.BlankNode, ox.NamedNode | ox.BlankNode]
) -> ox.NamedNode | None:
    """Return the named thing behind a nameless node; ``None`` in a ring without one."""
    seen: set[ox.BlankNode] = set()
    found: ox.NamedNode | ox.BlankNode | None = node
    while isinstance(found, ox.BlankNode) and found not in seen:
        seen.add(found)
        found = owners.get(found)
    return found if isinstance(found, ox.NamedNode) else None
