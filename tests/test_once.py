"""What one process of a run makes is there for all, whole and for each alone."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from .once import made_once


def test_many_at_once_make_it_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    made: list[Path] = []
    tmp_path_factory.getbasetemp()  # pytest makes this when it is first asked for

    def make(folder: Path) -> None:
        made.append(folder)
        (folder / "begun").touch()
        time.sleep(0.05)  # whoever does not wait finds half of it
        (folder / "done").touch()

    with ThreadPoolExecutor(4) as pool:
        asked = [pool.submit(made_once, tmp_path_factory, "many", make) for _ in range(4)]
        homes = [one.result() for one in asked]

    assert len(made) == 1
    assert len(set(homes)) == 4
    assert all({path.name for path in home.iterdir()} == {"begun", "done"} for home in homes)


def test_what_one_writes_is_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    first, second = (
        made_once(tmp_path_factory, "own", lambda folder: (folder / "file").write_text("as made"))
        for _ in range(2)
    )

    (first / "file").write_text("changed")

    assert (second / "file").read_text() == "as made"


def test_what_failed_is_made_anew_by_the_next(tmp_path_factory: pytest.TempPathFactory) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        made_once(tmp_path_factory, "failing", fail)
    home = made_once(tmp_path_factory, "failing", lambda folder: (folder / "whole").touch())

    assert [path.name for path in home.iterdir()] == ["whole"]
