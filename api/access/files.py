"""Small private files beside the store: locked, for their owner only, never half-written."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import StoreUnavailableError

__all__ = ["locked", "private_folder", "replace_file", "state_of"]


def private_folder(home: Path) -> Path:
    """Return the folder of keys and audit log in the home of the store; make it when missing.

    Raises:
        StoreUnavailableError: It cannot be made.
    """
    folder = home / "access"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailableError(f"cannot make {folder}: {error.strerror}") from error
    return folder


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock file; the kernel releases it when the process dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file in one step, with mode 0600, through to the disk."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # mode 0600
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def state_of(path: Path) -> tuple[int, int] | None:
    """Return what changes whenever a file is replaced; ``None`` when it is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked at every request with a key or session
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns
