"""Writes in a process of their own, which may be killed at any moment without harm.

An update of a coordinator may run for ever or take all memory, and validation keeps Python busy
for seconds. So neither happens in the process that answers.

Protocol: one JSON document on standard input, one on standard output.
"""

import json
import logging
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from graph import errors
from graph.store import Visibility
from graph.validation import Finding, Severity
from graph.writing import Description, Kind, Receipt, Write, write

__all__ = ["main", "run"]

logger = logging.getLogger(__name__)


def run(home: Path, change: Write, *, timeout_s: float, memory_bytes: int) -> Receipt:
    """Apply a change in a process of its own; see :func:`graph.writing.write`.

    Args:
        home: Directory of the store.
        change: What to do.
        timeout_s: Seconds after which the process is killed.
        memory_bytes: Address space that the process may have.

    Raises:
        GraphError: As :func:`graph.writing.write`.
        StoreTimeoutError: It took too long; nothing has changed.
        StoreLimitError: It took too much memory; nothing has changed.
    """
    request = {"home": str(home), "memory_bytes": memory_bytes, "change": asdict(change)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "graph.writer"],
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=timeout_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise errors.StoreTimeoutError(timeout_s) from None
    if not done.stdout:
        words = done.stderr.decode("utf-8", "replace")
        if done.returncode < 0 or "memory allocation" in words or "MemoryError" in words:
            raise errors.StoreLimitError("the write needed more memory than it may use")
        logger.error("the writer ended with %d: %s", done.returncode, words[-2000:])
        raise errors.StoreUnavailableError("the writer ended; it has been logged")
    return _receipt(json.loads(done.stdout))


def _receipt(said: dict[str, Any]) -> Receipt:
    """Return the receipt, or raise the error, that the process has sent."""
    if "error" in said:
        kind = getattr(errors, said["error"])
        error = kind.__new__(kind)
        Exception.__init__(error, said["message"])
        vars(error).update({k: _tuples(v) for k, v in said["facts"].items()})
        raise error
    found = [Finding(**f | {"severity": Severity(f["severity"])}) for f in said.pop("findings")]
    facts = {name: _tuples(value) for name, value in said.items()}
    return Receipt(**facts, findings=tuple(found))


def _tuples(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _change(said: dict[str, Any]) -> Write:
    described = said.pop("description")
    if described is not None:
        visibility = Visibility(described.pop("visibility"))
        described = Description(**described, visibility=visibility)
    facts = {name: _tuples(value) for name, value in said.items()}
    return Write(**facts | {"kind": Kind(facts["kind"])}, description=described)


def main() -> None:
    """Read one request from standard input, apply it, write what came of it."""
    request = json.loads(sys.stdin.buffer.read())
    limit = request["memory_bytes"]
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    try:
        receipt = write(Path(request["home"]), _change(request["change"]))
        said = asdict(receipt)
    except errors.GraphError as error:
        facts = {k: v for k, v in vars(error).items() if not isinstance(v, Path)}
        said = {"error": type(error).__name__, "message": str(error), "facts": facts}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
