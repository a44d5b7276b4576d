"""A full disk: one line, exit code 1, and what was there is there still."""

import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import StoreUnavailableError
from graph.publishing.changes import read_changes
from graph.publishing.dumps import prepare_dumps
from graph.publishing.patches import prepare_patch
from graph.store import EmbeddedStore, Visibility, current_version, publish
from graph.store.live import Live, change
from tests.disks import files, full_disk

from .test_command_line import verbund


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
    before = files(home)
    live = Live(home, "disk-1")

    with full_disk(), pytest.raises(StoreUnavailableError, match="cannot write to"):
        change(live.engine(Visibility.PUBLIC), [], [_quad(number) for number in range(5_000)])
    live.close()

    assert files(home) == before
    assert len(EmbeddedStore(home).select("SELECT * { ?s ?p ?o }")) == 2_000


def test_dump_on_a_full_disk_leaves_no_folder(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("api.preparing.prepare", lambda settings: None)  # nothing is to be loaded

    with full_disk():
        code = verbund(monkeypatch, "dump", str(tmp_path / "dumps"), "--home", str(home))

    assert code == 1
    assert "cannot write dumps to" in _only_line(capsys)
    assert list(tmp_path.iterdir()) == []


def test_what_the_server_writes_is_whole_or_not_there(home: Path, tmp_path: Path) -> None:
    """Downloads, patches and the log of changes; each can be written once there is room."""
    own = tmp_path / "home"
    shutil.copytree(home, own)
    before = files(own)
    store = EmbeddedStore(own)
    publish(own, {Visibility.PUBLIC: [_quad(number) for number in range(1_000)]}, "disk-2")
    newer = EmbeddedStore(own)
    generations = files(own) - before

    with full_disk():
        with pytest.raises(StoreUnavailableError, match="cannot write dumps to"):
            prepare_dumps(newer)
        with pytest.raises(StoreUnavailableError, match="cannot write patches to"):
            prepare_patch(newer, "disk-1", "disk-2")
        with pytest.raises(StoreUnavailableError, match="cannot write to"):
            read_changes(newer, 0, 10)

    left = files(own) - before - generations
    assert {path.parent.name for path in left} <= {"changes"}  # a log without a row
    assert read_changes(newer, 0, 10).newest == 1_000
    assert prepare_patch(newer, "disk-1", "disk-2").read_text().endswith("TC .\n")
    assert prepare_dumps(newer).files
    assert store.version == "disk-1"
