"""A full disk: one line, exit code 1, and what was there is there still."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import StoreUnavailableError
from graph.store import EmbeddedStore, Visibility, current_version, publish
from graph.store.live import Live, change

from .test_command_line import verbund

SMALL = 2_000
"""Bytes; less than every file of these tests."""


@contextmanager
def full_disk() -> Iterator[None]:
    """Let each file end at some bytes: writing fails half-way, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose archive and dumps do not compress to nothing."""
    home = tmp_path_factory.mktemp("disk") / "home"
    publish(home, {Visibility.PUBLIC: [_quad(number) for number in range(2_000)]}, "disk-1")
    return home


def _quad(number: int) -> ox.Quad:
    names = [f"http://example.org/{kind}" for kind in (f"thing/{number}", "value", "graph")]
    thing, value, graph = map(ox.NamedNode, names)
    return ox.Quad(thing, value, ox.Literal(f"{number * 7919 % 104_729:x}"), graph)


def _files(folder: Path) -> set[Path]:
    """Return all files but the logs and locks that are no content."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path for path in found if not path.name.startswith("LOG") and path.suffix != ".lock"}


def _only_line(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr().err.strip()
    assert said.startswith("error: ")
    assert "\n" not in said
    return said


def test_backup_on_a_full_disk_leaves_no_archive(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with full_disk():
        code = verbund(monkeypatch, "backup", str(tmp_path / "a.tar.gz"), "--home", str(home))

    assert code == 1
    assert "cannot write" in _only_line(capsys)
    assert list(tmp_path.iterdir()) == []


def test_restore_on_a_full_disk_keeps_what_answered(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, other = str(tmp_path / "a.tar.gz"), tmp_path / "other"
    publish(other, {Visibility.PUBLIC: [_quad(1)]}, "other-1")
    assert verbund(monkeypatch, "backup", archive, "--home", str(home)) == 0
    capsys.readouterr()

    with full_disk():
        code = verbund(monkeypatch, "restore", archive, "--home", str(other))

    assert code == 1
    assert "cannot unpack" in _only_line(capsys)
    assert current_version(other) == "other-1"
    assert len(EmbeddedStore(other).select("SELECT * { ?s ?p ?o }")) == 1


def test_write_on_a_full_disk_changes_nothing(home: Path) -> None:
    before = _files(home)
    live = Live(home, "disk-1")

    with full_disk(), pytest.raises(StoreUnavailableError, match="cannot write to"):
        change(live.engine(Visibility.PUBLIC), [], [_quad(number) for number in range(5_000)])
    live.close()

    assert _files(home) == before
    assert len(EmbeddedStore(home).select("SELECT * { ?s ?p ?o }")) == 2_000
