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
from typing import IO

from graph.errors import StoreUnavailableError
from graph.store import worker
from graph.store.worker import HEADER

__all__ = ["WorkerProcess"]

_START_LIMIT_S = 30.0
_READ_AHEAD = 262_144
_POLITE = 10
_COMPLAINT = 8_192


Frame = tuple[bytes, bytes]
"""Letter and content, see :mod:`graph.store.worker`."""


class _Frames(asyncio.Protocol):
    """What comes from a worker; one future a wait, where a stream would take several.

    Reading stops while nobody takes what has come: that is the back pressure.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._waiting: asyncio.Future[list[Frame]] | None = None
        self._is_paused = False
        self._is_over = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        waiting = self._waiting
        if waiting is not None and not self._buffer and not waiting.done():
            # nearly always: one whole frame, and somebody who waits for it
            letter, length = HEADER.unpack_from(data) if len(data) >= HEADER.size else (b"", 0)
            if letter and len(data) == HEADER.size + length:
                waiting.set_result([(letter, data[HEADER.size :])])
                return
        self._buffer += data
        if len(self._buffer) > _READ_AHEAD and self._transport and not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()
        self._wake()

    def connection_lost(self, error: Exception | None) -> None:
        self._is_over = True
        self._wake()

    def _wake(self) -> None:
        """Give the frames that are there to who waits, or say that there will be none."""
        if self._waiting is None or self._waiting.done():
            return
        if found := self._taken():
            self._waiting.set_result(found)
        elif self._is_over:
            self._waiting.set_exception(EOFError())

    def _taken(self) -> list[Frame]:
        """Return the frames that have come in full."""
        found: list[Frame] = []
        buffer, start = self._buffer, 0
        while len(buffer) - start >= HEADER.size:
            letter, length = HEADER.unpack_from(buffer, start)
            end = start + HEADER.size + length
            if len(buffer) < end:
                break
            found.append((letter, bytes(buffer[start + HEADER.size : end])))
            start = end
        del buffer[:start]
        if self._is_paused and self._transport and not self._transport.is_closing():
            self._is_paused = False
            self._transport.resume_reading()
        return found

    def next(self) -> asyncio.Future[list[Frame]]:
        """Return what will be the frames that are there, at least one.

        Raises:
            TimeoutError: (when awaited) The wait was ended by :meth:`stop_waiting`.
            EOFError: (when awaited) The process has ended.
        """
        self._waiting = waiting = asyncio.get_running_loop().create_future()
        if self._buffer or self._is_over:
            self._wake()
        return waiting

    def stop_waiting(self) -> None:
        """End the wait for frames, if there is one."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(TimeoutError())


class WorkerProcess:
    """A running worker.

    Attributes:
        given_up: What the worker cannot do: ``memory``, ``network``, ``programs``, ``writing``.
        is_polite: It runs with lower priority, and should be replaced once it is done.
    """

    def __init__(
        self,
        process: subprocess.Popen[bytes],
        transport: asyncio.Transport,
        frames: _Frames,
        complaints: IO[bytes],
    ) -> None:
        self._process = process
        self._transport = transport
        self._frames = frames
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
        ours.setblocking(False)
        loop = asyncio.get_running_loop()
        transport, frames = await loop.create_unix_connection(_Frames, sock=ours)
        started = cls(process, transport, frames, complaints)
        try:
            async with asyncio.timeout(_START_LIMIT_S):
                [(_, content)] = await frames.next()
        except (TimeoutError, EOFError) as error:
            await started.kill()
            raise StoreUnavailableError("a query worker did not start") from error
        started.given_up = tuple(json.loads(content))
        return started

    @property
    def process_id(self) -> int:
        """Number of the process."""
        return self._process.pid

    def send(self, request: bytes) -> None:
        """Send a request; it fits into the socket's buffer or is queued by the event loop."""
        self._transport.write(HEADER.pack(b"Q", len(request)) + request)

    def receive(self) -> asyncio.Future[list[Frame]]:
        """Return what will be all frames that are there when the next one has come.

        Raises:
            TimeoutError: (when awaited) The wait was ended by :meth:`stop_waiting`.
            EOFError: (when awaited) The process has ended.
        """
        return self._frames.next()

    def stop_waiting(self) -> None:
        """End the wait for what comes next, if there is one."""
        self._frames.stop_waiting()

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
        self._transport.close()
        await asyncio.get_running_loop().run_in_executor(None, self._process.wait)
        self._complaints.close()
