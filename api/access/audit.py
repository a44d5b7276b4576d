"""The record of writes and of the use of keys: one JSON document a line, without secrets."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from api.access.files import locked, private_folder

__all__ = ["AuditLog", "Fact"]

Fact = str | int | float | None | list[str]
"""What a line may say of an event."""

_KEPT = 9


class AuditLog:
    """Appends to ``<home>/access/audit.jsonl``; full files are kept as ``audit.jsonl.1`` and so on.

    A line is on the disk when :meth:`note` returns. Several processes may write at once.
    """

    def __init__(self, home: Path, max_bytes: int) -> None:
        self._home = home
        self._max_bytes = max_bytes
        self._lock = Lock()

    def note(self, event: str, **facts: Fact) -> None:
        """Write down that something happened.

        Args:
            event: What it was, such as ``write``.
            facts: What belongs to it. Never give a token or the content of a write.
        """
        said = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "event": event}
        line = json.dumps(said | facts, ensure_ascii=False).encode() + b"\n"
        folder = private_folder(self._home)
        path = folder / "audit.jsonl"
        with self._lock, locked(folder / "audit.lock"):
            if path.exists() and path.stat().st_size + len(line) > self._max_bytes:
                _rotate(path)
            descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _rotate(path: Path) -> None:
    """Move each file one number up; the last one is dropped."""
    for number in range(_KEPT, 0, -1):
        older = path.with_name(f"{path.name}.{number}")
        newer = path if number == 1 else path.with_name(f"{path.name}.{number - 1}")
        if newer.exists():
            newer.replace(older)
