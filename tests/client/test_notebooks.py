"""The notebooks run from top to bottom against a server, and hold no outputs of their own."""

from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_stored_without_outputs(path: Path) -> None:
    for cell in read(path).cells:
        assert not cell.get("outputs"), "clear the outputs before you commit"
        assert cell.get("execution_count") is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBUND_ADDRESS", address)
    monkeypatch.setenv("MPLBACKEND", "agg")
    notebook = read(path)

    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()

    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert len([one for one in shown if "data" in one]) >= 5
    assert not [one for one in shown if one.output_type == "error"]


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS
