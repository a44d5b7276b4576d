"""Disks that are full."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["files", "full_disk"]

SMALL = 2_000
"""Bytes; less than the files that the tests of full disks write."""


@contextmanager
def full_disk(size: int = SMALL) -> Iterator[None]:
    """Let each file end at some bytes: writing fails half-way, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def files(folder: Path) -> set[Path]:
    """Return all files but the logs and locks that are no content."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path for path in found if not path.name.startswith("LOG") and path.suffix != ".lock"}
