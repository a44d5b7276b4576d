"""Writes in a process of their own, which may be killed at any moment without harm.

An update of a coordinator may run for ever or take all memory, and validation keeps Python busy.
So neither happens in the process that answers. The process lives on from one write to the next:
what takes long (imports, shapes, copies of the graph) is done while nobody waits. It can neither
use the network nor start programs.

Protocol: a line of JSON on its standard input, a line of JSON on its standard output.
"""

import json
import logging
import os
import selectors
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from graph import errors
from graph.inspecting import prepare
from graph.store import Visibility
from graph.store.worker import give_up_rights
from graph.validation import Finding, Severity
from graph.writing import Description, Editor, Kind, Receipt, Write

__all__ = ["WriterProcess", "main", "run"]

logger = logging.getLogger(__name__)

_WRITES = 500
"""After so many the process is replaced, whatever it has gathered."""

_CLOSING_S = 5.0
_COMPLAINT = 2_000


class WriterProcess:
    """A process that applies changes, one after the other; it is replaced whenever it ends."""

    def __init__(self, home: Path, *, memory_bytes: int) -> None:
        """Begin without a process.

        Args:
            home: Directory of the store.
            memory_bytes: Address space that the process may have.
        """
        self._home = home
        self._memory_bytes = memory_bytes
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None

    @property
    def process_id(self) -> int | None:
        """Number of the process, if there is one."""
        return None if self._process is None else self._process.pid

    def start(self, *, is_lasting: bool = True) -> None:
        """Start the process, if it is not there, without waiting for it.

        Args:
            is_lasting: It shall do at once what the first write would have to do.
        """
        if self._process is not None and self._process.poll() is None:
            return
        self._forget()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long
        command = [sys.executable, "-m", "graph.writer", str(self._home), str(self._memory_bytes)]
        # the interpreter and the module are our own
        self._process = subprocess.Popen(  # noqa: S603
            [*command, "lasting" if is_lasting else "once"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
        )

    def close(self) -> None:
        """End the process when it has done its write."""
        with self._turn:
            process = self._process
            if process is not None and process.stdin is not None:
                process.stdin.close()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_CLOSING_S)
            self._forget()

    def _forget(self) -> None:
        """End what there is at once, and close what belongs to it."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with suppress(BrokenPipeError):
                        pipe.close()
        if self._complaints is not None:
            self._complaints.close()
            self._complaints = None

    def run(self, change: Write, *, timeout_s: float, is_lasting: bool = True) -> Receipt:
        """Apply a change; see :meth:`graph.writing.Editor.write`.

        Args:
            change: What to do.
            timeout_s: Seconds after which the process is killed.
            is_lasting: Other changes will follow.

        Raises:
            GraphError: As :meth:`graph.writing.Editor.write`.
            StoreTimeoutError: It took too long; nothing has changed.
            StoreLimitError: It took too much memory; nothing has changed.
        """
        request = json.dumps(asdict(change)).encode() + b"\n"
        with self._turn:
            deadline = time.monotonic() + timeout_s
            answer = self._asked(request, deadline, is_lasting=is_lasting)
            if answer is None and self._ended_by_itself():  # between two writes
                answer = self._asked(request, deadline, is_lasting=is_lasting)
            if answer is None:
                error = self._reason(timeout_s, deadline)
                self._forget()
                if is_lasting:
                    self.start()
                raise error
        return _receipt(json.loads(answer))

    def _asked(self, request: bytes, deadline: float, *, is_lasting: bool) -> bytes | None:
        """Send a request; return the answer, or ``None`` when there is none in time."""
        self.start(is_lasting=is_lasting)
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise TypeError("a process without pipes")
        sending = threading.Thread(target=_send, args=(process.stdin, request), daemon=True)
        sending.start()  # a long request fills the pipe of a process that is still starting
        said = bytearray()
        while not said.endswith(b"\n"):
            left_s = deadline - time.monotonic()
            if left_s <= 0 or not _has_said(process.stdout, left_s):
                return None
            part = os.read(process.stdout.fileno(), 65_536)
            if not part:
                process.wait()
                return None
            said += part
        return bytes(said)

    def _ended_by_itself(self) -> bool:
        return self._process is not None and self._process.poll() == 0

    def _reason(self, timeout_s: float, deadline: float) -> errors.GraphError:
        """Tell why there is no answer."""
        code = None if self._process is None else self._process.poll()
        if code is None and time.monotonic() >= deadline:
            return errors.StoreTimeoutError(timeout_s)
        words = ""
        if self._complaints is not None:
            self._complaints.seek(0)
            words = self._complaints.read().decode("utf-8", "replace")
        if (code or 0) < 0 or "memory allocation" in words or "MemoryError" in words:
            return errors.StoreLimitError("the write needed more memory than it may use")
        logger.error("the writer ended with %s: %s", code, words[-_COMPLAINT:])
        return errors.StoreUnavailableError("the writer ended; it has been logged")


def _has_said(pipe: IO[bytes], timeout_s: float) -> bool:
    """Wait until there is something to read; select() cannot when many files are open."""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        return bool(selector.select(timeout_s))


def _send(pipe: IO[bytes], request: bytes) -> None:
    with suppress(BrokenPipeError, ValueError):  # the process has ended, as its reader notices
        pipe.write(request)
        pipe.flush()


def run(home: Path, change: Write, *, timeout_s: float, memory_bytes: int) -> Receipt:
    """Apply one change in a process of its own; see :meth:`WriterProcess.run`.

    Args:
        home: Directory of the store.
        change: What to do.
        timeout_s: Seconds after which the process is killed.
        memory_bytes: Address space that the process may have.

    Raises:
        GraphError: As :meth:`WriterProcess.run`.
    """
    with closing(WriterProcess(home, memory_bytes=memory_bytes)) as process:
        return process.run(change, timeout_s=timeout_s, is_lasting=False)


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
        facts = {name: _tuples(value) for name, value in described.items()}
        described = Description(**facts, visibility=visibility)
    facts = {name: _tuples(value) for name, value in said.items()}
    return Write(**facts | {"kind": Kind(facts["kind"])}, description=described)


def _answer(editor: Editor, line: bytes) -> dict[str, Any]:
    try:
        return asdict(editor.write(_change(json.loads(line))))
    except errors.GraphError as error:
        facts = {k: v for k, v in vars(error).items() if not isinstance(v, Path)}
        return {"error": type(error).__name__, "message": str(error), "facts": facts}


def _get_ready(editor: Editor) -> None:
    try:
        editor.get_ready()
    except errors.GraphError as error:  # the next write will tell who waits for it
        logger.info("not ready for the next write: %s", error)


def main(arguments: list[str]) -> None:
    """Apply the changes that come on standard input, until it ends.

    Args:
        arguments: Directory of the store, memory limit in bytes, and ``lasting`` or ``once``.
    """
    home, memory_bytes, manner = arguments
    give_up_rights(int(memory_bytes), keeps_writing=True)
    with closing(Editor(Path(home))) as editor:
        if manner == "lasting":
            prepare()
            _get_ready(editor)
        for number, line in enumerate(sys.stdin.buffer, start=1):
            said = json.dumps(_answer(editor, line)).encode()
            sys.stdout.buffer.write(said + b"\n")
            sys.stdout.buffer.flush()
            if manner != "lasting" or number == _WRITES:
                return
            _get_ready(editor)


if __name__ == "__main__":
    main(sys.argv[1:])
