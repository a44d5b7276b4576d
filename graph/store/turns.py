"""What is asked of one worker, in the order of asking, and the frames that answer it.

A worker that finds its next request in its socket goes on at once: it is not put to sleep and
woken again, and what it needs is still in the processor's caches. That makes a small query take
half the processor time (decision 0021). So requests may be sent ahead while the first of them is
young; one that turns out to take long gives those behind it back, see
:class:`graph.store.lanes.WorkerLane`.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from itertools import islice
from typing import cast

from graph.store.worker import HEADER

__all__ = ["Frame", "TakenBackError", "Turn", "Turns"]

Frame = tuple[bytes, bytes]
"""Letter and content, see :mod:`graph.store.worker`."""

_READ_AHEAD = 262_144
_LAST = frozenset((b"E", b"X", b"S", b"R"))
"""Letters of the frames with which an answer ends."""
_WEIGHT = 1 / 8
_LONGEST_S = 0.02
"""A query that takes longer counts as much as this in the mean: it is slow, however slow."""


class TakenBackError(Exception):
    """The worker will not come to this request; nothing has been answered, so ask another."""


class Turn:
    """One request and the frames that answer it.

    Attributes:
        number: Of the requests of this worker, from 1 on.
        began: When the worker could begin with it (monotonic, seconds); ``None`` before that.
        is_over: The worker has said all, or will not come to it.
    """

    __slots__ = (
        *("_failure", "_frames", "_listener", "_turns", "_waiting"),
        *("began", "is_over", "number", "size"),
    )

    def __init__(self, turns: "Turns", number: int) -> None:
        self._turns = turns
        self._frames: list[Frame] = []
        self._waiting: asyncio.Future[list[Frame]] | None = None
        self._failure: Exception | None = None
        self._listener: Callable[[bytes | None], None] | None = None
        self.number = number
        self.began: float | None = None
        self.is_over = False
        self.size = 0

    def frames(self) -> asyncio.Future[list[Frame]]:
        """Return what will be the frames that are there, at least one.

        Raises:
            TimeoutError: (when awaited) The wait was ended by :meth:`fail`.
            TakenBackError: (when awaited) The worker will not come to this.
            EOFError: (when awaited) The worker has ended in the middle of it.
        """
        self._waiting = waiting = asyncio.get_running_loop().create_future()
        if self._frames:
            waiting.set_result(self._frames)
            self._frames, self.size = [], 0
            self._turns.resume()
        elif self._failure is not None:
            waiting.set_exception(self._failure)
        return waiting

    def listen(self, listener: Callable[[bytes | None], None]) -> None:
        """Have the answer told as soon as it comes, if it is one frame.

        To be told by a call costs no turn of the event loop, as it does to be woken.

        Args:
            listener: Called once: with the whole answer, or with ``None`` when there is anything
                else to say; then ask for :meth:`frames`.
        """
        self._listener = listener
        if self._failure is not None:
            asyncio.get_running_loop().call_soon(self.leave_to_wait)

    def leave_to_wait(self) -> None:
        """Tell the listener, if there is one, that it is to wait for the answer."""
        listener, self._listener = self._listener, None
        if listener is not None:
            listener(None)

    def take(self, letter: bytes, content: bytes) -> None:
        """Take the next frame."""
        if self._listener is not None and letter == b"E":
            listener, self._listener = self._listener, None
            listener(content)
        elif self._waiting is not None and not self._waiting.done():
            self._waiting.set_result([(letter, content)])
        else:
            self._frames.append((letter, content))
            self.size += len(content)
            self.leave_to_wait()

    def fail(self, error: Exception) -> None:
        """End the wait for frames, now or when it begins."""
        self._failure = error
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(error)
        self.leave_to_wait()

    def take_back(self) -> None:
        """Have somebody else asked; what is still answered is dropped."""
        self.is_over = True
        self.fail(TakenBackError())


class Turns(asyncio.Protocol):
    """The connection to a worker.

    Reading stops while nobody takes what has come: that is the back pressure.

    Attributes:
        opening: What it says first, unasked; it counts as a turn.
        is_lost: The worker has ended.
        rested: Called when all has been answered.
        unwanted: Called when the worker comes to what has been taken back.
        usual_s: How long the worker took for a request lately, mean in seconds.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()  # to ask for it takes a call of the system
        self.opening = Turn(self, 1)
        self._queue = deque((self.opening,))
        self._unsent = bytearray()
        self._rest = bytearray()
        self._needed = HEADER.size
        self._is_paused = False
        self.is_lost = False
        self._asked = 1
        self.usual_s = 0.0
        self.rested: Callable[[], None] = lambda: None
        self.unwanted: Callable[[], None] = lambda: None

    def __len__(self) -> int:
        """Return how many requests are not answered."""
        return len(self._queue)

    @property
    def first(self) -> Turn:
        """What the worker is at."""
        return self._queue[0]

    @property
    def asked(self) -> int:
        """Number of the last request."""
        return self._asked

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Know where to write to."""
        # uvloop's transports are not instances of asyncio.Transport, though they do the same
        self._transport = cast(asyncio.Transport, transport)

    def ask(self, request: bytes) -> Turn:
        """Send a request; it fits into the socket's buffer or is queued by the event loop."""
        self._asked += 1
        turn = Turn(self, self._asked)
        if self.is_lost or self._transport is None:
            turn.fail(EOFError())
            return turn
        if not self._unsent:  # all that is asked at one time is sent by one call of the system
            self._loop.call_soon(self._send)
        self._unsent += HEADER.pack(b"Q", len(request))
        self._unsent += request
        if not self._queue:
            turn.began = time.monotonic()
        self._queue.append(turn)
        return turn

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, bytearray()
        if self._transport is not None and not self.is_lost:
            self._transport.write(unsent)

    def data_received(self, data: bytes) -> None:
        """Give frames to those who asked."""
        if self._rest:
            self._rest += data
            if len(self._rest) < self._needed:
                return
            data = bytes(self._rest)
            self._rest.clear()
        start, length = 0, len(data)
        while length - start >= HEADER.size:
            letter, size = HEADER.unpack_from(data, start)
            end = start + HEADER.size + size
            if end > length:
                self._needed = end - start
                break
            self._give(letter, data[start + HEADER.size : end])
            start = end
        else:
            self._needed = HEADER.size
        if start < length:
            self._rest += data[start:]
        if self._queue and self._queue[0].size > _READ_AHEAD and self._transport:
            self._is_paused = True
            self._transport.pause_reading()

    def _give(self, letter: bytes, content: bytes) -> None:
        """Give one frame to who is first."""
        turn = self._queue[0]
        is_last = letter in _LAST
        if is_last:
            self._go_on(is_done=letter != b"S")
        if not turn.is_over:  # else it has been taken back
            turn.is_over = is_last
            if letter == b"S":
                turn.fail(TakenBackError())
            else:
                turn.take(letter, content)
        if is_last and not self._queue:
            self.rested()

    def _go_on(self, *, is_done: bool) -> None:
        now = time.monotonic()
        done = self._queue.popleft()
        if is_done and done.began is not None:
            took_s = min(now - done.began, _LONGEST_S)
            self.usual_s += (took_s - self.usual_s) * _WEIGHT
        if self._queue:
            self._queue[0].began = now
            if self._queue[0].is_over:
                self.unwanted()

    def resume(self) -> None:
        """Read on, as somebody has taken what was there."""
        if self._is_paused and self._transport and not self._transport.is_closing():
            self._is_paused = False
            self._transport.resume_reading()

    def take_back(self) -> None:
        """Have others asked for all but the first; the worker says when it has passed them over."""
        for turn in islice(self._queue, 1, None):
            if not turn.is_over:
                turn.take_back()

    def connection_lost(self, error: Exception | None) -> None:
        """Tell all who wait; only the first has to do with the end."""
        self.is_lost = True
        self.take_back()
        if self._queue:
            self._queue[0].fail(EOFError())

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()
