"""The fingerprint changes with everything that the graph depends on, and with nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from graph import resources
from graph.loading import fingerprint


def test_it_is_the_same_for_the_same_texts(folder: Path) -> None:
    assert fingerprint(folder) == fingerprint(folder)
    assert fingerprint() == fingerprint(Path(str(resources.data_folder())))


@pytest.mark.parametrize(
    "name", ["players.csv", "tables.json", "mapping/player.rq", "mapping/lookups/idle.rq"]
)
def test_it_changes_with_every_file(folder: Path, name: str) -> None:
    before = fingerprint(folder)
    path = folder / name
    path.write_bytes(path.read_bytes() + b" ")

    assert fingerprint(folder) != before


def test_it_changes_when_text_moves_to_the_next_file(folder: Path) -> None:
    (folder / "a.csv").write_text("one", encoding="utf-8")
    (folder / "b.csv").write_text("two", encoding="utf-8")
    before = fingerprint(folder)
    (folder / "a.csv").write_text("onet", encoding="utf-8")
    (folder / "b.csv").write_text("wo", encoding="utf-8")

    assert fingerprint(folder) != before


def test_notes_do_not_change_it(folder: Path) -> None:
    before = fingerprint(folder)
    (folder / "README.md").write_text("A note.", encoding="utf-8")

    assert fingerprint(folder) == before


@pytest.mark.parametrize("source", ["ontology_texts", "shape_texts"])
def test_it_changes_with_ontology_and_shapes(
    monkeypatch: pytest.MonkeyPatch, folder: Path, source: str
) -> None:
    before = fingerprint(folder)
    monkeypatch.setattr(resources, source, lambda: iter([("new", "# new")]))

    assert fingerprint(folder) != before


def test_it_changes_with_the_rules(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    before = fingerprint(folder)
    monkeypatch.setattr(resources, "query_texts", lambda kind: iter([(kind, "# new")]))

    assert fingerprint(folder) != before


def test_it_changes_with_what_makes_statements(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    before = fingerprint(folder)
    monkeypatch.setattr(resources, "module_bytes", lambda name: name.encode())

    assert fingerprint(folder) != before


def test_it_costs_no_heavy_import() -> None:
    """A start that finds nothing changed must not pay for csvw (0.5 s) or rdflib."""
    code = (
        "import sys; from graph.loading import fingerprint; fingerprint(); "
        "print(sorted({'csvw', 'rdflib'} & set(sys.modules)))"
    )

    printed = subprocess.run(  # noqa: S603 - our own interpreter and text
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout

    assert printed.strip() == "[]"
