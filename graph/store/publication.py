"""How generations come about: one writer, drafts that are renamed, and a pointer.

A generation is built in a directory whose name starts with a dot, written to the disk, and
renamed. So a version either is there as a whole or is not there, wherever the process dies.
"""

import errno
import fcntl
import hashlib
import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from graph.errors import StoreCorruptError, StoreUnavailableError
from graph.store.generations import (
    FORMAT,
    UNSEEN_S,
    VERSION,
    Manifest,
    Origin,
    open_engine,
    read_manifest,
    versions,
)
from graph.store.protocol import Quad, Visibility
from graph.store.terms import to_quad

__all__ = [
    "LIVE",
    "Filling",
    "copied",
    "disk_errors",
    "is_intact",
    "linked",
    "loaded",
    "prune",
    "publish",
    "replace",
    "writing",
]

logger = logging.getLogger(__name__)

LIVE = ".live-"
"""How the directories begin that a writer works in; each has a ``lock`` held while it lives."""

Filling = Callable[[Path], int]
"""Makes the directory of one part; returns the number of statements in its named graphs."""


def loaded(quads: Iterable[Quad | ox.Quad]) -> Filling:
    """Return what writes a part anew from everything that it may see."""
    return lambda folder: _load(folder, quads)


def copied(engine: ox.Store, quads: int) -> Filling:
    """Return what copies an open engine: hard links to what is on the disk, some 10 ms.

    Args:
        engine: To copy; what has been flushed, and nothing else, is copied.
        quads: Number of statements in its named graphs.
    """

    def fill(folder: Path) -> int:
        engine.backup(str(folder))
        return quads

    return fill


def linked(part: Path, quads: int) -> Filling:
    """Return what takes over the files of a part of another generation.

    Args:
        part: Directory of the part, which nobody writes to.
        quads: Number of statements in its named graphs.
    """

    def fill(folder: Path) -> int:
        folder.mkdir()
        for path in part.iterdir():
            if not path.name.startswith(("LOG", "LOCK")):  # those are of whoever has it open
                (folder / path.name).hardlink_to(path)
        return quads

    return fill


def publish(
    home: Path,
    quads: Mapping[Visibility, Iterable[Quad | ox.Quad]],
    version: str,
    *,
    keep: int = 3,
) -> Manifest:
    """Write a new generation and let it answer.

    The default graph of each visibility becomes the merge of its named graphs, each triple once.
    Whatever happens on the way, the generation that answered before goes on answering.
    A version that is already there and readable is not written again: a version names its content.

    Args:
        home: Directory of the store; made when missing.
        quads: For each visibility everything that it may see.
        version: Name of the generation: letters, digits, ``.``, ``_`` and ``-``.
        keep: Generations to keep, this one included; those still read are never removed.

    Raises:
        ValueError: The version is no such name, a quad is no RDF statement, or nothing is given.
        StoreUnavailableError: Another process is writing, or the disk is full or not writable.
        StoreCorruptError: The directory holds something else.
    """
    parts = {visibility: loaded(found) for visibility, found in quads.items()}
    with writing(home):
        return replace(home, parts, Origin(version), keep=keep)


def replace(
    home: Path,
    parts: Mapping[Visibility, Filling],
    origin: Origin,
    *,
    names: Mapping[Visibility, str] | None = None,
    days: Mapping[Visibility, str] | None = None,
    keep: int = 3,
) -> Manifest:
    """Do what :func:`publish` does for a caller that holds the writer's lock (:func:`writing`).

    Args:
        home: Directory of the store.
        parts: What makes each part.
        origin: What the generation is made from; it names the version.
        names: Version of each part; that of the generation by default.
        days: Day for which the rules derived each part, ISO 8601.
        keep: Generations to keep; what is too many goes with a later write, too.

    Raises:
        ValueError: See :func:`publish`, as for the errors of the store.
    """
    version = origin.version
    if not VERSION.fullmatch(version):
        raise ValueError(f"not a version name: {version!r}")
    if Visibility.PUBLIC not in parts:
        raise ValueError("a generation needs at least what is public")
    said: dict[str, Any] = {"days": dict(days)} if days else {}
    if own := {part: name for part, name in (names or {}).items() if name != version}:
        said["names"] = own
    with disk_errors(home):
        folder = home / "generations"
        folder.mkdir(exist_ok=True)
        _sweep(folder)
        if not _is_usable(home, version):
            _build(folder, parts, origin, said)
        _point_to(home, version)
        prune(home, version, keep)
        return read_manifest(home, version)


_ACCESS = "access"
"""Keys and the audit log, which may be there before the first graph is."""

_PATIENCE_S = 1.0


def _locked(lock: IO[str]) -> bool:
    """Lock a file, or tell that another process has held it for a second."""
    end = time.monotonic() + _PATIENCE_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(0.02)
        else:
            return True


@contextmanager
def writing(home: Path) -> Iterator[None]:
    """Hold the writer's lock; the kernel releases it when the process dies.

    Another writer is waited for, for a moment: one that has answered may still be tidying up.

    Raises:
        StoreUnavailableError: Another process is writing, or the disk is not writable.
        StoreCorruptError: The directory holds something else.
    """
    with disk_errors(home):
        home.mkdir(parents=True, exist_ok=True)
        others = any(path.name != _ACCESS for path in home.iterdir())
        if others and not (home / "writer.lock").exists():
            raise StoreCorruptError(f"{home} holds other files and no store; choose another home")
        lock = (home / "writer.lock").open("a+", encoding="ascii")
    with lock:
        if not _locked(lock):
            lock.seek(0)
            raise StoreUnavailableError(
                f"process {lock.read().strip() or '?'} is writing to {home}; wait until it is done"
            )
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def disk_errors(home: Path) -> Iterator[None]:
    """Say in one sentence what is wrong with the disk.

    Raises:
        StoreUnavailableError: It is full, or cannot be written.
    """
    try:
        yield
    except OSError as error:
        reasons = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}
        reason = reasons.get(error.errno or 0, error.strerror or str(error))
        if "No space left" in str(error):  # the engine gives no errno
            reason = reasons[errno.ENOSPC]
        raise StoreUnavailableError(f"cannot write to {home}: {reason}") from error


def _sweep(folder: Path) -> None:
    """Remove what writers that died left behind; no other writer is alive."""
    for kind in ("draft", "old", "broken"):
        for path in folder.glob(f".{kind}-*"):
            shutil.rmtree(path)
    for path in folder.glob(f"{LIVE}*"):
        if not _is_held(path / "lock"):
            shutil.rmtree(path)


def _is_held(lock: Path) -> bool:
    """Tell whether a writer that waits for its next turn holds a lock."""
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:  # it died before it came to that
        return False
    return False


def is_intact(home: Path, version: str) -> bool:
    """Tell whether a version is there and every statement of it can be read.

    Note:
        Reads all of it: some 50 ms for 50,000 statements.
    """
    try:
        parts = read_manifest(home, version).quads
        return all(_count(open_engine(home, version, part)) == parts[part] for part in parts)
    except StoreCorruptError:
        return False


def _is_usable(home: Path, version: str) -> bool:
    """Tell whether a version is there and intact; move a broken one aside."""
    folder = home / "generations" / version
    if not folder.exists():
        return False
    if is_intact(home, version):
        return True
    logger.warning("%s cannot be read and is written again", folder)
    folder.rename(folder.with_name(f".broken-{version}"))
    return False


def _count(engine: ox.Store) -> int:
    """Return the number of statements in named graphs; this reads every one of them.

    Raises:
        StoreCorruptError: The files cannot be read.
    """
    try:
        return sum(
            sum(1 for _ in engine.quads_for_pattern(None, None, None, name))
            for name in engine.named_graphs()
        )
    except (OSError, RuntimeError) as error:
        raise StoreCorruptError(str(error)) from error


def _build(
    folder: Path, parts: Mapping[Visibility, Filling], origin: Origin, said: Mapping[str, Any]
) -> None:
    """Write a generation beside the others, then rename it into place.

    Args:
        folder: Directory of all generations.
        parts: What makes each part.
        origin: What it is made from.
        said: What the manifest says beside that.
    """
    with tempfile.TemporaryDirectory(prefix=".draft-", dir=folder) as temporary:
        draft = Path(temporary) / origin.version
        draft.mkdir()
        counts = {part: parts[part](draft / part) for part in Visibility if part in parts}
        manifest: dict[str, Any] = {"format": FORMAT, "version": origin.version, "quads": counts}
        manifest |= {**said, **_provenance(origin)}
        if origin.written:
            (draft / "written.nq").write_bytes(origin.written)
        (draft / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
        (draft / "reader.lock").touch()
        _write_through(draft)
        draft.rename(folder / origin.version)
        _synchronise(folder)


def _provenance(origin: Origin) -> dict[str, Any]:
    """Return what a manifest says of the origin of a generation, where there is something."""
    digest = hashlib.sha256(origin.written).hexdigest() if origin.written else ""
    said = {"written": digest, "salt": origin.salt, "turning": origin.turning}
    said |= {"day": origin.day, "until": origin.until}
    if origin.reference != origin.version:
        said["reference"] = origin.reference
    return {name: value for name, value in said.items() if value}


def _load(folder: Path, quads: Iterable[Quad | ox.Quad]) -> int:
    """Fill one Oxigraph directory; return the number of statements in its named graphs."""
    engine = ox.Store(str(folder))
    engine.bulk_extend(_with_default_graph(quads))
    engine.optimize()
    engine.flush()
    return _count(engine)


def _with_default_graph(quads: Iterable[Quad | ox.Quad]) -> Iterator[ox.Quad]:
    """Yield each quad and its triple in the default graph; the engine keeps each triple once."""
    for quad in quads:
        statement = quad if isinstance(quad, ox.Quad) else to_quad(quad)
        yield statement
        yield ox.Quad(statement.subject, statement.predicate, statement.object, ox.DefaultGraph())


def _write_through(folder: Path) -> None:
    """Force every file and directory below a folder to the disk.

    A file with several links is one of the engine's tables, which it forces to the disk before it
    names them anywhere, or belongs to a generation that has been forced to it.
    """
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() or path.stat().st_nlink == 1:
            _synchronise(path)
    _synchronise(folder)


def _synchronise(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _point_to(home: Path, version: str) -> None:
    """Replace the pointer to the generation that answers."""
    draft = home / "current.new"
    with draft.open("w", encoding="utf-8") as file:
        file.write(version + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(home / "current")
    time.sleep(UNSEEN_S)  # so that whoever is told of it afterwards sees it
    _synchronise(home)


def prune(home: Path, version: str, keep: int = 3) -> None:
    """Remove the oldest generations that nobody reads, for a caller that holds the lock."""
    others = [name for name in versions(home) if name != version]
    for name in others[: max(0, len(others) - (keep - 1))]:
        folder = home / "generations" / name
        with suppress(BlockingIOError, FileNotFoundError), (folder / "reader.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            aside = folder.with_name(f".old-{name}")
            folder.rename(aside)
            shutil.rmtree(aside)
