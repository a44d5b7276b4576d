"""Immutable generations of the graph on disk.

::

    <home>/
      writer.lock                       held by the one writer
      current                           version that answers; replaced atomically
      generations/
        <version>/
          manifest.json                 what was written
          written.nq                    what coordinators wrote (:class:`Origin`), if anything
          reader.lock                   shared by everybody who reads this generation
          public/  partners/  internal/ one Oxigraph (RocksDB) directory each

A part that a write leaves as it is has hard links to the files of the generation before.
How generations come about is in :mod:`graph.store.publication`.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph.errors import StoreCorruptError, StoreUnavailableError
from graph.store.protocol import Visibility
from graph.store.turning import latest_turn, next_turn, turning_days

__all__ = [
    "FORMAT",
    "UNSEEN_S",
    "VERSION",
    "Manifest",
    "Origin",
    "current_version",
    "generation_of",
    "living_versions",
    "open_engine",
    "part_path",
    "pointer_state",
    "read_manifest",
    "read_origin",
    "versions",
]

FORMAT = 1
"""Of the manifest; another one is not read."""

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""What a version may be called."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one generation holds.

    Attributes:
        version: Graph version.
        quads: Number of statements in the named graphs, for each visibility that is there.
        reference: Version of the reference data in it; the version itself when nothing was
            written to it.
        written: SHA-256 of what coordinators wrote, or an empty string.
        salt: Makes versions unguessable, see :class:`Origin`.
        names: Version of each part, where it is not that of the generation. A part that a write
            leaves as it is keeps its name, so those who see no more than it notice nothing.
        days: Day for which the rules derived each part (ISO 8601), where that is known.
        turning: See :class:`Origin`.
        day: See :class:`Origin`.
        until: First day (ISO 8601) on which rules would derive something else; empty for none.
    """

    version: str
    quads: Mapping[Visibility, int]
    reference: str = ""
    written: str = ""
    salt: str = ""
    names: Mapping[Visibility, str] = field(default_factory=dict)
    days: Mapping[Visibility, str] = field(default_factory=dict)
    turning: tuple[str, ...] = ()
    day: str = ""
    until: str = ""

    def is_outdated(self, today: date) -> bool:
        """Tell whether something has begun to hold, or ceased to, since the rules derived."""
        return bool(self.until) and self.until <= today.isoformat()

    def nearest(self, visibility: Visibility) -> Visibility:
        """Return the widest set of graphs in this generation that the visibility may see.

        Raises:
            StoreUnavailableError: There is none.
        """
        for candidate in visibility.and_below():
            if candidate in self.quads:
                return candidate
        raise StoreUnavailableError(f"version {self.version!r} holds nothing {visibility} may see")

    def name(self, visibility: Visibility) -> str:
        """Return the version of what a visibility sees; the same name is the same content.

        Raises:
            StoreUnavailableError: It sees nothing.
        """
        return self.names.get(self.nearest(visibility), self.version)


@dataclass(frozen=True)  # without slots, which would leave no place for what is found out once
class Origin:
    """What a generation was made from, beside files that lie elsewhere.

    It is kept in the directory of the generation, so that it is published, and lost or kept, with
    it in one step.

    Attributes:
        reference: Version of the reference data.
        written: What coordinators wrote, as N-Quads; the record from which it is loaded again.
        salt: Random text of this store. Without it, somebody who sees versions could try out
            what an internal graph says.
        turning: Days (ISO 8601) from which something else holds, as the reference data says.
        day: Day (ISO 8601) on which rules judge validity; empty when nothing is derived.
    """

    reference: str
    written: bytes = b""
    salt: str = ""
    turning: tuple[str, ...] = ()
    day: str = ""

    @cached_property
    def version(self) -> str:
        """Name of the generation: the same content in the same store has the same name."""
        return self._name(self.written, self._turns)

    @cached_property
    def _turns(self) -> frozenset[str]:
        return turning_days(self.written)

    @property
    def until(self) -> str:
        """First day (ISO 8601) on which rules would derive something else; empty for none."""
        return next_turn({*self.turning, *self._turns}, self.day)

    def name(self, written: bytes) -> str:
        """Return the version of the reference data with a part of what coordinators wrote.

        It changes when something in it begins to hold or ceases to, for so does what is derived.
        """
        return self._name(written, turning_days(written))

    def _name(self, written: bytes, turns: frozenset[str]) -> str:
        since = latest_turn({*self.turning, *turns}, self.day)
        if not written and not since:
            return self.reference
        digest = hashlib.sha256(f"{self.reference}\n{self.salt}\n".encode())
        digest.update(f"{since}\n".encode() if since else b"")
        digest.update(written)
        return digest.hexdigest()


def current_version(home: Path) -> str:
    """Return the version that answers now.

    Raises:
        StoreUnavailableError: Nothing has been published yet.
        StoreCorruptError: The pointer is not readable as a version.
    """
    pointer = home / "current"
    try:
        version = pointer.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise StoreUnavailableError(f"no graph has been loaded into {home} yet") from None
    except (OSError, UnicodeDecodeError) as error:
        raise StoreCorruptError(f"{pointer} cannot be read; load the graph again") from error
    if not VERSION.fullmatch(version):
        raise StoreCorruptError(f"{pointer} names no version; load the graph again")
    return version


UNSEEN_S = 0.001
"""So long a reader that has looked at the pointer need not look again, seconds.

To look takes a call of the system, which was the twentieth part of a small query.
"""


def pointer_state(home: Path) -> tuple[int, int] | None:
    """Return what changes whenever the pointer is replaced; 3 microseconds instead of 70."""
    try:
        found = os.stat(f"{home}/current")  # noqa: PTH116 - that is what makes it quick
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def versions(home: Path) -> list[str]:
    """Return all versions on disk, the oldest first."""
    folder = home / "generations"
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if VERSION.fullmatch(path.name)]
    return [path.name for path in sorted(found, key=lambda path: (path.stat().st_mtime_ns, path))]


def read_manifest(home: Path, version: str) -> Manifest:
    """Return what a generation holds.

    Raises:
        StoreCorruptError: The generation is not there or was not written by this software.
    """
    path = home / "generations" / version / "manifest.json"
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        if content["format"] != FORMAT:
            raise StoreCorruptError(
                f"{path} has format {content['format']!r}, this software reads format {FORMAT}; "
                "load the graph again"
            )
        quads = {Visibility(name): int(count) for name, count in content["quads"].items()}
        kept = ("reference", "written", "salt", "day", "until")
        reference, written, salt, day, until = (str(content.get(name, "")) for name in kept)
        turning = tuple(map(str, content.get("turning", ())))
        names, days = (_by_part(content.get(name, {})) for name in ("names", "days"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreCorruptError(
            f"{path.parent} is not a generation of this store; load the graph again"
        ) from error
    return Manifest(
        *(version, quads, reference or version, written, salt, names, days),
        *(turning, day, until),
    )


def _by_part(said: Mapping[str, object]) -> dict[Visibility, str]:
    return {Visibility(part): str(text) for part, text in said.items()}


def living_versions(home: Path) -> set[str]:
    """Return the versions of all parts of all generations on disk, those of generations too.

    Raises:
        StoreCorruptError: A generation was not written by this software.
    """
    here = versions(home)
    return {
        *here,
        *(name for version in here for name in read_manifest(home, version).names.values()),
    }


def generation_of(home: Path, name: str, visibility: Visibility) -> str | None:
    """Return a generation in which a visibility sees the version of this name, if there is one.

    Raises:
        StoreCorruptError: A generation was not written by this software.
    """
    for version in reversed(versions(home)):
        if read_manifest(home, version).name(visibility) == name:
            return version
    return None


def read_origin(home: Path, version: str) -> Origin:
    """Return what a generation was made from.

    Raises:
        StoreCorruptError: The generation is not there, or what coordinators wrote is damaged.
    """
    manifest = read_manifest(home, version)
    if not manifest.written:
        return Origin(manifest.reference, b"", manifest.salt, manifest.turning, manifest.day)
    path = home / "generations" / version / "written.nq"
    try:
        content = path.read_bytes()
    except OSError as error:
        raise StoreCorruptError(f"{path} cannot be read; restore the store") from error
    if hashlib.sha256(content).hexdigest() != manifest.written:
        raise StoreCorruptError(f"{path} is not what was written; restore the store")
    return Origin(manifest.reference, content, manifest.salt, manifest.turning, manifest.day)


def part_path(home: Path, version: str, visibility: Visibility) -> Path:
    """Return the directory of a generation's part that the visibility may see.

    Raises:
        StoreCorruptError: The generation is not there or was not written by this software.
        StoreUnavailableError: It holds nothing for this visibility.
    """
    return home / "generations" / version / read_manifest(home, version).nearest(visibility)


def open_engine(home: Path, version: str, visibility: Visibility) -> ox.Store:
    """Open the part of a generation that the visibility may see, for reading only.

    Raises:
        StoreCorruptError: Its files cannot be read.
        StoreUnavailableError: It holds nothing for this visibility.
    """
    part = part_path(home, version, visibility)
    try:
        return ox.Store.read_only(str(part))
    except (OSError, RuntimeError, ValueError) as error:
        raise StoreCorruptError(f"{part} cannot be read; load the graph again") from error
