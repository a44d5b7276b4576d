"""Changing which sources are described: a description is checked before it takes a name.

Who changes one says which state of it they have read, so no change of somebody else is lost.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomli_w

from graph.errors import SourceFormatError, UnknownSourceError, VersionConflictError
from graph.harvest.reports import harvesting, replace_text, sources_folder
from graph.harvest.sources import Source, check_source, read_source

__all__ = ["NEW", "describe", "description_of", "description_tag", "forget", "parse_description"]

NEW = ""
"""Tag of a description that is not there yet."""


def description_of(home: Path, name: str) -> tuple[dict[str, Any], str]:
    """Return the keys of a description as they are written, and the tag of this state.

    Raises:
        UnknownSourceError: There is none of this name.
        SourceFormatError: It is no description.
    """
    read_source(sources_folder(home), name)
    text = _path(home, name).read_text(encoding="utf-8")
    return tomllib.loads(text), _tag(text)


def description_tag(home: Path, name: str) -> str:
    """Return the tag of the description as it is now; :data:`NEW` when there is none."""
    path = _path(home, name)
    return _tag(path.read_text(encoding="utf-8")) if path.is_file() else NEW


def parse_description(name: str, text: str) -> dict[str, Any]:
    """Read the text of a description.

    Raises:
        SourceFormatError: It is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourceFormatError(name, f"is not TOML: {error}") from error


def describe(home: Path, name: str, said: Mapping[str, Any], *, tag: str | None) -> Source:
    """Add a source, or change how one is described; what is published stays until a harvest.

    Args:
        home: Directory of the store.
        name: Name of the source.
        said: Keys of the description, see ``docs/harvest.md``.
        tag: Tag of the state that was read, :data:`NEW` for a source that must not be there
            yet, ``None`` for any state.

    Raises:
        SourceFormatError: It is no description.
        VersionConflictError: The description is in another state.
        SourceBusyError: The source is being harvested.
    """
    folder = sources_folder(home)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = _path(home, name)
    source = check_source(path, said)
    with harvesting(home, name):
        _require(home, name, tag)
        replace_text(path, tomli_w.dumps(said))
    return source


def forget(home: Path, name: str, *, tag: str | None) -> None:
    """Remove a description, with what is staged and the report; what is published stays.

    Raises:
        UnknownSourceError: There is none of this name.
        VersionConflictError: It is in another state than the one read.
        SourceBusyError: The source is being harvested.
    """
    path = _path(home, name)
    if not path.is_file():
        raise UnknownSourceError(name)
    with harvesting(home, name) as folder:
        _require(home, name, tag)
        path.unlink()
        for left in ("report.json", "staging.nq", "progress.json"):
            (folder / left).unlink(missing_ok=True)


def _require(home: Path, name: str, tag: str | None) -> None:
    current = description_tag(home, name)
    if tag is None or tag == current:
        return
    what = "is described already" if tag == NEW else "is described otherwise, or not at all"
    raise VersionConflictError(f"source {name!r} {what}", current)


def _path(home: Path, name: str) -> Path:
    """Return where a source is described.

    Raises:
        UnknownSourceError: The name is none.
    """
    if not name.replace("-", "").isalnum() or not name.isascii():
        raise UnknownSourceError(name)
    return sources_folder(home) / f"{name}.toml"


def _tag(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
