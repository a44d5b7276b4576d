"""What takes long to make and is the same for every process of a run: made by one of them."""

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

__all__ = ["made_once"]


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a folder of this process's own with what one process of the run has made.

    Whoever comes first makes it while the others wait; each then takes a copy, for applications
    put jobs and keys beside a store. When making fails, whoever comes next tries again.

    Args:
        factory: What gives folders to the tests of this process.
        name: What is made; a run has one of each name.
        make: Fills an empty folder.
    """
    base = factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    draft, whole = run / f".{name}-draft", run / f".{name}-whole"
    with (run / f".{name}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not whole.exists():
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir()
            make(draft)
            draft.rename(whole)
    own = factory.mktemp(name) / "home"
    shutil.copytree(whole, own)
    return own
