"""A harvest in a process of its own, with limits of memory, which may be killed at any moment.

Protocol: one JSON document on standard input, one on standard output.
"""

import json
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from graph import errors
from graph.harvest.reports import Report, State, read_report
from graph.harvest.running import harvest

__all__ = ["main", "run"]

_LOOK_S = 0.2
"""How often to look whether the process is to be stopped, seconds."""


def run(
    home: Path,
    name: str,
    *,
    timeout_s: float,
    memory_bytes: int,
    stop: threading.Event | None = None,
) -> Report:
    """Harvest a source in a process of its own; see :func:`graph.harvest.running.harvest`.

    Args:
        home: Directory of the store.
        name: Name of the source.
        timeout_s: Seconds after which the process is killed.
        memory_bytes: Address space that the process may have.
        stop: Kill the process when this is set.

    Raises:
        UnknownSourceError: It is not described.
        SourceFormatError: Its description is not one.
        SourceBusyError: It is being harvested already.
        SourceUnavailableError: It took too long, or too much memory.
        StoreError: The store cannot be read.
    """
    request = {"home": str(home), "name": name, "memory_bytes": memory_bytes}
    said = _answer(name, json.dumps(request).encode(), timeout_s, stop or threading.Event())
    if "error" in said:
        kind = getattr(errors, said["error"])
        error = kind.__new__(kind)
        Exception.__init__(error, said["message"])
        vars(error).update(said["facts"])
        raise error
    report = read_report(home, name)
    if report is None:
        raise errors.SourceUnavailableError(name, "left no report")
    return report


def _answer(name: str, request: bytes, timeout_s: float, stop: threading.Event) -> dict[str, Any]:
    """Run the process and return what it says; it is killed when its time is over."""
    command = [sys.executable, "-m", "graph.harvest.process"]
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    end = time.monotonic() + timeout_s
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nothing) as process:  # noqa: S603
        content: bytes | None = request
        while True:
            try:
                output, _ = process.communicate(content, timeout=_LOOK_S)
                break
            except subprocess.TimeoutExpired:
                content = None  # it has been sent
            if stop.is_set() or time.monotonic() > end:
                process.kill()
                why = "was stopped" if stop.is_set() else f"took longer than {timeout_s:g} s"
                raise errors.SourceUnavailableError(name, why)
    if process.returncode or not output:
        raise errors.SourceUnavailableError(name, "the harvest ended early, maybe for memory")
    said: dict[str, Any] = json.loads(output)
    return said


def main() -> None:
    """Read one request from standard input, harvest, say how it ended."""
    request = json.loads(sys.stdin.buffer.read())
    limit = request["memory_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        report = harvest(Path(request["home"]), request["name"])
        said: dict[str, object] = {"state": State(report.state).value}
    except errors.GraphError as error:
        facts = {k: v for k, v in vars(error).items() if isinstance(v, str | int | float)}
        said = {"error": type(error).__name__, "message": str(error), "facts": facts}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
