"""One worker process, seen from its parent's event loop."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from mmap import mmap
from pathlib import Path
from typing import IO

from graph.errors import StoreUnavailableError
from graph.store import worker
from graph.store.turns import Turns
from graph.store.worker import NUMBER_BYTES

__all__ = ["WorkerProcess"]

_START_LIMIT_S = 30.0
_POLITE = 10
_COMPLAINT = 8_192


class WorkerProcess:
    """A running worker.

    Attributes:
        turns: What it is asked.
        given_up: What the worker cannot do: ``memory``, ``network``, ``programs``, ``writing``.
        holder: Whose query it was taken for, where clients are counted.
        is_polite: It runs with lower priority, and should be replaced once it is done.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        turns: Turns,
        passed_over: memoryview,
        complaints: IO[bytes],
    ) -> None:
        self._process = process
        self._passed_over = passed_over
        self._complaints = complaints
        self.turns = turns
        self.given_up: tuple[str, ...] = ()
        self.is_polite = False
        self.holder: str | None = None

    @classmethod
    async def start(cls, memory_bytes: int) -> "WorkerProcess":
        """Start a process and wait until it is ready (some 60 ms).

        Raises:
            StoreUnavailableError: It does not start.
        """
        ours, theirs = socket.socketpair()
        with theirs, tempfile.TemporaryFile() as shared:
            shared.truncate(NUMBER_BYTES)
            passed_over = memoryview(mmap(shared.fileno(), NUMBER_BYTES)).cast("Q")
            inherited = (theirs.fileno(), shared.fileno())
            arguments = map(str, (*inherited, memory_bytes))
            # The interpreter and the script are our own; -I keeps the environment out.
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", worker.__file__, *arguments],
                pass_fds=inherited,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=(complaints := tempfile.TemporaryFile()),  # noqa: SIM115 - lives as long
                cwd=Path(worker.__file__).parent,
                # Each arena of the C library reserves 64 MiB of address space, which is limited;
                # how many there are depends on how busy the machine is.
                env=os.environ | {"MALLOC_ARENA_MAX": "2"},
            )
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        _, turns = await loop.create_unix_connection(Turns, sock=ours)
        started = cls(process, turns, passed_over, complaints)
        try:
            async with asyncio.timeout(_START_LIMIT_S):
                [(_, content)] = await turns.opening.frames()
        except (TimeoutError, EOFError) as error:
            await started.kill()
            raise StoreUnavailableError("a query worker did not start") from error
        started.given_up = tuple(json.loads(content))
        return started

    @property
    def process_id(self) -> int:
        """Number of the process."""
        return self._process.pid

    def take_back(self) -> None:
        """Have others asked for what has been asked after the first; this will pass it over."""
        self._passed_over[0] = self.turns.asked
        self.turns.take_back()

    def be_polite(self) -> None:
        """Let other processes go first; this cannot be taken back."""
        self.is_polite = True
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self.process_id, _POLITE)

    async def last_words(self) -> tuple[int, str]:
        """Wait for the end of the process; return its exit code and what it complained of."""
        code = await asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        if self._complaints.closed:  # it was ended meanwhile
            return code, ""
        self._complaints.seek(0)
        return code, self._complaints.read(_COMPLAINT).decode("utf-8", "replace")

    def strike(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()

    async def kill(self) -> None:
        """End the process and wait until it is gone."""
        self.strike()
        self.turns.close()
        await asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        self._complaints.close()
