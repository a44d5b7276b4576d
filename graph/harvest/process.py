"""A harvest in a process of its own, with limits of memory, which may be killed at any moment.

Protocol: one JSON document on standard input, one on standard output.
"""

import json
import resource
import subprocess
import sys
from pathlib import Path

from graph import errors
from graph.harvest.reports import Report, State, read_report
from graph.harvest.running import harvest

__all__ = ["main", "run"]


def run(home: Path, name: str, *, timeout_s: float, memory_bytes: int) -> Report:
    """Harvest a source in a process of its own; see :func:`graph.harvest.running.harvest`.

    Args:
        home: Directory of the store.
        name: Name of the source.
        timeout_s: Seconds after which the process is killed.
        memory_bytes: Address space that the process may have.

    Raises:
        UnknownSourceError: It is not described.
        SourceFormatError: Its description is not one.
        SourceBusyError: It is being harvested already.
        SourceUnavailableError: It took too long, or too much memory.
        StoreError: The store cannot be read.
    """
    request = {"home": str(home), "name": name, "memory_bytes": memory_bytes}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "graph.harvest.process"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise errors.SourceUnavailableError(name, f"took longer than {timeout_s:g} s") from None
    if done.returncode or not done.stdout:
        raise errors.SourceUnavailableError(name, "the harvest ended early, maybe for memory")
    said = json.loads(done.stdout)
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
