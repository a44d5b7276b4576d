"""``verbund dump``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api import cli, preparing
from graph.errors import StoreUnavailableError
from graph.store import EmbeddedStore


@pytest.fixture(autouse=True)
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The invented house stands for the loaded graph."""
    monkeypatch.setattr(preparing, "is_current", lambda home: True)


def dump(home: Path, *arguments: str) -> list[dict[str, str]]:
    done = CliRunner().invoke(
        cli.app, ["dump", *arguments, "--home", str(home), "--format", "json"]
    )
    assert done.exit_code == 0, done.output
    rows: list[dict[str, str]] = json.loads(done.stdout)
    return rows


def test_dump_writes_into_a_folder_and_lists_the_files(published: Path, tmp_path: Path) -> None:
    rows = dump(published, str(tmp_path / "out"))

    assert {row["file"] for row in rows} < {path.name for path in (tmp_path / "out").iterdir()}
    assert all(len(row["sha256"]) == 64 for row in rows)
    assert any("creativecommons.org" in row["licence"] for row in rows)


def test_dump_without_a_folder_writes_what_the_server_gives(
    published: Path, store: EmbeddedStore
) -> None:
    rows = dump(published)

    folder = published / "dumps" / store.version / "public"
    assert {row["file"] for row in rows} < {path.name for path in folder.iterdir()}


def test_folder_that_is_there_is_an_error(published: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError):
        CliRunner().invoke(
            cli.app, ["dump", str(tmp_path), "--home", str(published)], catch_exceptions=False
        )
