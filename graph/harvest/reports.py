"""What came of a harvest, kept beside the store until the next one.

::

    <home>/harvest/
      sources/<name>.toml       descriptions, written by people
      <name>/
        lock                    held by the one harvest of this source
        documents/              what was fetched, with what servers said of it
        pages/                  what was read of an endpoint, with how far it has come
        staging.nq              what would be published, as graph/staging-<name>
        report.json             what came of it; replaced in one step, the last of all

A harvest that dies leaves the report of the one before; the next one begins where it broke off.
"""

import fcntl
import hashlib
import json
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from graph.errors import NothingStagedError, SourceBusyError, StoreCorruptError
from graph.vocabulary import GRAPH

__all__ = [
    "Fetched",
    "FindingLine",
    "Report",
    "State",
    "harvesting",
    "is_running",
    "progress_of",
    "read_report",
    "read_staging",
    "source_folder",
    "sources_folder",
    "staging_graph",
    "tell_progress",
    "write_report",
    "write_staging",
]

SHOWN = 500
"""Findings, things and statements that a report names; it counts the rest."""


class State(StrEnum):
    """What a harvest is waiting for."""

    WAITING = "waiting"
    """It is staged; a coordinator accepts or rejects it."""

    UNCHANGED = "unchanged"
    """It says what is published already."""

    PUBLISHED = "published"
    REJECTED = "rejected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fetched:
    """One document that was asked for.

    Attributes:
        address: Where.
        media_type: What its server says that it is.
        bytes: Its length as sent.
        is_new: It was sent now; else the server said that it has not changed.
    """

    address: str
    media_type: str
    bytes: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding of shapes or checks, as plain text."""

    severity: str
    focus: str
    path: str
    value: str
    shape: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a harvest.

    Attributes:
        source: Name of the source.
        state: What it is waiting for.
        run_at: When it began, ISO 8601.
        ended_at: When it ended, ISO 8601.
        version: Graph version that it was compared with.
        digest: SHA-256 of what is staged; names the harvest when it is accepted.
        documents: What was asked for.
        fetched: Statements that came.
        staged: Statements that would be published.
        added: Of these, those that are not published yet.
        removed: Published ones that would go.
        added_shown: Some of the added statements, as N-Triples.
        removed_shown: Some of the removed ones.
        findings: What shapes and checks found, the gravest first.
        findings_counted: How many, by severity.
        left_out: Things that break a rule, by IRI, with the reason; at most :data:`SHOWN`.
        left_out_counted: How many.
        names: IRI at the source of each thing that is named here.
        unread: Statements that have no place in this house, counted by reason.
        ambiguous: Terms of the source for which several of ours stand.
        rows: Rows of tables that are wrong.
        error: Why it failed.
        settled_at: When it was published or rejected.
    """

    source: str
    state: State
    run_at: str
    ended_at: str = ""
    version: str = ""
    digest: str = ""
    documents: tuple[Fetched, ...] = ()
    fetched: int = 0
    staged: int = 0
    added: int = 0
    removed: int = 0
    added_shown: tuple[str, ...] = ()
    removed_shown: tuple[str, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    findings_counted: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    left_out_counted: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, int] = field(default_factory=dict)
    ambiguous: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    error: str = ""
    settled_at: str = ""

    @property
    def conforms(self) -> bool:
        """Nothing broke a rule."""
        return not (self.left_out_counted or self.rows)


def sources_folder(home: Path) -> Path:
    """Return where sources are described."""
    return home / "harvest" / "sources"


def source_folder(home: Path, name: str) -> Path:
    """Return where the harvests of a source are kept; it is made when it is not there."""
    folder = home / "harvest" / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def harvesting(home: Path, name: str) -> Iterator[Path]:
    """Be the one who harvests a source; the lock ends with the process.

    Raises:
        SourceBusyError: Somebody else is.
    """
    folder = source_folder(home, name)
    with (folder / "lock").open("ab") as lock:
        for patience in (0.02, 0.05, 0.1, 0.0):  # who only asks whether it runs is quick
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not patience:
                    raise SourceBusyError(name) from None
                time.sleep(patience)
        yield folder


def is_running(home: Path, name: str) -> bool:
    """Tell whether a source is being harvested now."""
    path = home / "harvest" / name / "lock"
    if not path.exists():
        return False
    with path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def replace_text(path: Path, text: str) -> None:
    """Replace a file in one step, on the disk before it appears."""
    new = path.with_name(f"{path.name}.new")
    with new.open("w", encoding="utf-8") as target:
        target.write(text)
        target.flush()
        os.fsync(target.fileno())
    new.replace(path)


def tell_progress(folder: Path, stage: str, done: int, total: int) -> None:
    """Note how far a harvest has come, for whoever asks."""
    said = {"stage": stage, "done": done, "total": total}
    new = folder / "progress.new"
    new.write_text(json.dumps(said), encoding="utf-8")
    new.replace(folder / "progress.json")


def progress_of(home: Path, name: str) -> dict[str, Any]:
    """Return stage, done and total of the harvest that runs; nothing when none does."""
    path = home / "harvest" / name / "progress.json"
    if not (is_running(home, name) and path.is_file()):
        return {}
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


def staging_graph(name: str) -> str:
    """Return the IRI of the graph as which what a source says is staged."""
    return str(GRAPH[f"staging-{name}"])


def write_staging(folder: Path, text: str) -> str:
    """Keep what is staged; return its SHA-256."""
    replace_text(folder / "staging.nq", text)
    return hashlib.sha256(text.encode()).hexdigest()


def read_staging(home: Path, report: Report) -> str:
    """Return what is staged, as N-Quads.

    Raises:
        NothingStagedError: It is not what the report speaks of.
    """
    path = home / "harvest" / report.source / "staging.nq"
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if not report.digest or hashlib.sha256(text.encode()).hexdigest() != report.digest:
        raise NothingStagedError(report.source, "nothing is staged; harvest it again")
    return text


def write_report(folder: Path, report: Report) -> None:
    """Keep a report in place of the one before."""
    replace_text(folder / "report.json", json.dumps(asdict(report), indent=1, ensure_ascii=False))


def read_report(home: Path, name: str) -> Report | None:
    """Return the last report of a source, if there is one.

    Raises:
        StoreCorruptError: The file is none.
    """
    path = home / "harvest" / name / "report.json"
    if not path.is_file():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        made = Report(**{key: _tuples(value) for key, value in said.items()})
        return replace(
            made,
            state=State(said["state"]),
            documents=tuple(Fetched(**one) for one in said["documents"]),
            findings=tuple(FindingLine(**one) for one in said["findings"]),
            ambiguous={term: tuple(ours) for term, ours in said["ambiguous"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreCorruptError(f"{path} cannot be read; remove it and harvest again") from error


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
