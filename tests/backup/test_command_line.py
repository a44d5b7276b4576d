"""``verbund backup`` and ``verbund restore``: exit codes and one line each."""

import sys
from pathlib import Path

import pytest

from api.cli import main
from graph.store import EmbeddedStore


def verbund(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["verbund", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_there_and_back(
    small_home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    archive, home = str(tmp_path / "graph.tar.gz"), str(tmp_path / "home")

    assert verbund(monkeypatch, "backup", archive, "--home", str(small_home)) == 0
    assert verbund(monkeypatch, "backup", archive, "--home", str(small_home)) == 1
    assert verbund(monkeypatch, "restore", archive, "--home", home) == 0

    assert EmbeddedStore(Path(home)).version == "small-1"
    said = capsys.readouterr().err
    assert "wrote graph small-1" in said
    assert "is there already" in said
    assert "restored graph small-1" in said


def test_damaged_archive_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.tar.gz").write_bytes(b"\x1f\x8bnothing")

    code = verbund(
        monkeypatch, "restore", str(tmp_path / "bad.tar.gz"), "--home", str(tmp_path / "home")
    )

    assert code == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "home").exists()


def test_push_needs_an_address(
    small_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("VERBUND_STORE_URL", raising=False)

    assert verbund(monkeypatch, "push", "--home", str(small_home)) == 2
    assert "VERBUND_STORE_URL" in capsys.readouterr().err
