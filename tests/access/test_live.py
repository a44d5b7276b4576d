"""Copies that a writer works in go away, though their engines may still be ending their work."""

import threading
import time
from pathlib import Path

from graph.store import Visibility, current_version
from graph.store.live import Live

from .written import company, put


def keep_writing(folder: Path, name: str) -> None:
    """Write files for a moment, as an engine does that has not ended yet."""
    end = time.monotonic() + 0.1
    number = 0
    while time.monotonic() < end:
        number += 1
        try:
            (folder / f"{name}-{number}.sst").touch()
        except FileNotFoundError:  # the folder is gone, and stays so
            return


def left(home: Path) -> list[str]:
    return [path.name for path in (home / "generations").glob(".live-*")]


def test_files_that_come_meanwhile_do_not_fail_a_write_that_is_done(fresh: Path) -> None:
    live = Live(fresh, current_version(fresh))
    live.engine(Visibility.INTERNAL)
    [name] = left(fresh)
    folder = fresh / "generations" / name / Visibility.INTERNAL
    ending = threading.Thread(target=keep_writing, args=(folder, "late"))
    ending.start()

    live.close()
    ending.join()

    assert live.is_closed
    assert left(fresh) == []


def test_what_could_not_be_removed_is_swept_by_the_next_write(fresh: Path) -> None:
    stale = fresh / "generations" / ".live-stale" / "internal"
    stale.mkdir(parents=True)
    (stale.parent / "lock").touch()
    (stale / "1.sst").touch()

    put(fresh, company("new"), visibility=Visibility.INTERNAL)

    assert left(fresh) == []
