"""Copies that a writer works in go away, though their engines may still be ending their work."""

import threading
from pathlib import Path

from graph.store import Visibility, current_version
from graph.store.live import Live

from .written import company, put


def keep_writing(folder: Path, until: threading.Event) -> None:
    """Write files as an engine does that has not ended yet."""
    number = 0
    while not until.is_set():
        number += 1
        try:
            (folder / f"{number}.sst").touch()
        except FileNotFoundError:
            return


def left(home: Path) -> list[str]:
    return [path.name for path in (home / "generations").glob(".live-*")]


def test_files_that_come_meanwhile_do_not_fail_a_write_that_is_done(fresh: Path) -> None:
    live = Live(fresh, current_version(fresh))
    live.engine(Visibility.INTERNAL)
    [name] = left(fresh)
    ended = threading.Event()
    folder = fresh / "generations" / name / Visibility.INTERNAL
    threads = [threading.Thread(target=keep_writing, args=(folder, ended)) for _ in range(4)]
    for thread in threads:
        thread.start()

    try:
        live.close()
    finally:
        ended.set()
        for thread in threads:
            thread.join()

    assert live.is_closed


def test_what_could_not_be_removed_is_swept_by_the_next_write(fresh: Path) -> None:
    stale = fresh / "generations" / ".live-stale" / "internal"
    stale.mkdir(parents=True)
    (stale.parent / "lock").touch()
    (stale / "1.sst").touch()

    put(fresh, company("new"), visibility=Visibility.INTERNAL)

    assert left(fresh) == []
