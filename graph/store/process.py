"""One worker process, seen from its parent's event loop."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from graph.errors import StoreUnavailableError
from graph.store import worker
from graph.store.worker import HEADER

__all__ = ["WorkerProcess"]

_START_LIMIT_S = 30.0
_READ_AHEAD = 262_144
_POLITE = 10
_COMPLAINT = 8_192


class WorkerProcess:
    """A running worker.

    Attributes:
        given_up: What the worker cannot do: ``memory``, ``network``, ``programs``, ``writing``.
        is_polite: It runs with lower priority, and should be replaced once it is done.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        complaints: IO[bytes],
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._complaints = complaints
        self.given_up: tuple[str, ...] = ()
        self.is_polite = False

    @classmethod
    async def start(cls, memory_bytes: int) -> "WorkerProcess":
        """Start a process and wait until it is ready (some 60 ms).

        Raises:
            StoreUnavailableError: It does not start.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            # The interpreter and the script are our own; -I keeps the environment out.
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-I", worker.__file__, str(theirs.fileno()), str(memory_bytes)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=(complaints := tempfile.TemporaryFile()),  # noqa: SIM115 - lives as long
                cwd=Path(worker.__file__).parent,
                # Each arena of the C library reserves 64 MiB of address space, which is limited;
                # how many there are depends on how busy the machine is.
                env=os.environ | {"MALLOC_ARENA_MAX": "2"},
            )
        reader, writer = await asyncio.open_unix_connection(sock=ours, limit=_READ_AHEAD)
        started = cls(process, reader, writer, complaints)
        try:
            async with asyncio.timeout(_START_LIMIT_S):
                _, content = await started.receive()
        except (TimeoutError, EOFError) as error:
            await started.kill()
            raise StoreUnavailableError("a query worker did not start") from error
        started.given_up = tuple(json.loads(content))
        return started

    @property
    def process_id(self) -> int:
        """Number of the process."""
        return self._process.pid

    def send(self, request: dict[str, Any]) -> None:
        """Send a request; it fits into the socket's buffer or is queued by the event loop."""
        content = json.dumps(request).encode()
        self._writer.write(HEADER.pack(b"Q", len(content)) + content)

    async def receive(self) -> tuple[bytes, bytes]:
        """Wait for the next frame; return its letter and content.

        Raises:
            EOFError: The process has ended.
        """
        try:
            letter, length = HEADER.unpack(await self._reader.readexactly(HEADER.size))
            return letter, await self._reader.readexactly(length)
        except ConnectionError as error:
            raise EOFError from error

    def be_polite(self) -> None:
        """Let other processes go first; this cannot be taken back."""
        self.is_polite = True
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self.process_id, _POLITE)

    async def last_words(self) -> tuple[int, str]:
        """Wait for the end of the process; return its exit code and what it complained of."""
        code = await asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        self._complaints.seek(0)
        return code, self._complaints.read(_COMPLAINT).decode("utf-8", "replace")

    def strike(self) -> None:
        """End the process at once, whatever it does."""
        self._process.kill()

    async def kill(self) -> None:
        """End the process and wait until it is gone."""
        self.strike()
        self._writer.close()
        await asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        self._complaints.close()
