"""One query in one worker, with its clocks."""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable
from typing import Any, Protocol

from graph.errors import (
    GraphError,
    QueryRefusedError,
    StoreCorruptError,
    StoreLimitError,
    StoreTimeoutError,
    StoreUnavailableError,
)
from graph.store.lanes import WorkerLane
from graph.store.process import WorkerProcess
from graph.store.runner import RunLimits
from graph.store.syntax import engine_error
from graph.store.turns import Turn

__all__ = ["Parts", "Run", "Watch", "Watched"]

_WHOLE_BYTES = 262_144  # a result up to here is sent with its length, not in parts
_SLOW_AFTER_S = 0.25
"""A worker that has said nothing for so long is slow; one that sends rows is not."""
_LONG_AFTER_S = 1.0
"""After this a worker is slow, whatever it sends."""
_LOOK_EVERY_S = 0.025


class Watched(Protocol):
    """What has clocks."""

    def look(self, now: float) -> None:
        """Do what is due.

        Args:
            now: Monotonic time, seconds.
        """
        ...


class Watch:
    """Looks after the clocks of all runs with one timer.

    A timer for each clock of each query would take a small query longer than its guard.
    """

    def __init__(self) -> None:
        """Look after nothing yet."""
        self._watched: set[Watched] = set()
        self._timer: asyncio.TimerHandle | None = None

    def add(self, watched: Watched) -> None:
        """Look after something from now on."""
        self._watched.add(watched)
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_LOOK_EVERY_S, self._look)

    def drop(self, watched: Watched) -> None:
        """Look after it no longer."""
        self._watched.discard(watched)

    def _look(self) -> None:
        now = time.monotonic()
        for one in tuple(self._watched):
            one.look(now)
        again = asyncio.get_running_loop().call_later
        self._timer = again(_LOOK_EVERY_S, self._look) if self._watched else None


class Run:
    """One query in one worker.

    Only the time that the engine takes counts against the limit of the query. While the client
    reads slowly, nobody takes the next part and the worker waits; the second clock ends that.

    Attributes:
        is_cut: The worker left rows out.
        is_finished: The worker has said all.
        has_more: There is more than has been collected.
    """

    __slots__ = (
        *("_ended", "_heard", "_is_overdue", "_lane", "_left_s", "_limits", "_started", "_turn"),
        *("_waiting", "_waits_since", "_watch", "_worker", "has_more", "is_cut", "is_finished"),
    )

    def __init__(
        self,
        limits: RunLimits,
        lane: WorkerLane,
        worker: WorkerProcess,
        watch: Watch,
        ended: Callable[[], None],
    ) -> None:
        """Prepare a run.

        Args:
            limits: Its limits.
            lane: Where the worker comes from.
            worker: What runs it.
            watch: What looks at its clocks.
            ended: Called once when it is over.
        """
        self._limits = limits
        self._lane = lane
        self._worker = worker
        self._ended: Callable[[], None] | None = ended
        self._watch = watch
        self._started = self._heard = 0.0
        self._left_s = limits.timeout_s
        self._waits_since: float | None = None
        self._is_overdue = False
        self._waiting: deque[bytes] = deque()
        self.is_cut = False
        self.is_finished = False
        self.has_more = False

    def begin(self, message: bytes) -> None:
        """Send the request and start the clocks."""
        self._started = self._heard = time.monotonic()
        self._turn = self._worker.turns.ask(message)
        self._watch.add(self)

    def take_over(self, turn: Turn, started: float) -> None:
        """Go on with what somebody else has begun.

        Args:
            turn: What has been asked.
            started: When (monotonic, seconds).
        """
        self._turn = turn
        self._started = started
        self._stop_waiting(started)
        self._watch.add(self)

    def look(self, now: float) -> None:
        """Do what is due.

        Args:
            now: Monotonic time, seconds.
        """
        turn, worker = self._turn, self._worker
        is_at_work = turn.began is not None and not turn.is_over
        is_slow = now - self._heard > _SLOW_AFTER_S or now - self._started > _LONG_AFTER_S
        if is_at_work and is_slow and not worker.is_polite:
            self._lane.set_aside(worker)
        if self._waits_since is not None and now - self._waits_since > self._left_s:
            turn.fail(TimeoutError())
        if not self._is_overdue and now - self._started > self._limits.delivery_timeout_s:
            self._is_overdue = True
            if not turn.is_over:
                worker.strike()

    def end(self) -> None:
        """Give the worker back; done once, however often it is called."""
        ended, self._ended = self._ended, None
        if ended is not None:
            self._watch.drop(self)
            if not self._turn.is_over:
                self._lane.give_up(self._worker, self._turn)
            ended()

    async def collected(self) -> bytes | None:
        """Return the result, or ``None`` when it is too long to be held: then take the parts.

        Raises:
            GraphError: See :meth:`graph.store.runner.QueryRunner.run`.
        """
        if len(frames := await self._received()) == 1 and frames[0][0] == b"E":
            self.is_finished = True  # nearly always: a small answer is one frame
            return frames[0][1]
        for letter, content in frames:
            self._take(letter, content)
        held: list[bytes] = []
        size = 0
        while (part := await self.part()) is not None:
            held.append(part)
            size += len(part)
            if size > _WHOLE_BYTES:
                self._waiting.extendleft(reversed(held))
                self.has_more = True
                return None
        return held[0] if len(held) == 1 else b"".join(held)

    async def part(self) -> bytes | None:
        """Return the next part of the result, ``None`` at its end.

        Raises:
            GraphError: See :meth:`graph.store.runner.QueryRunner.run`.
        """
        while not self._waiting:
            if self.is_finished:
                return None
            for letter, content in await self._received():
                self._take(letter, content)
        return self._waiting.popleft()

    def _take(self, letter: bytes, content: bytes) -> None:
        if letter in (b"D", b"E") and content:
            self._waiting.append(content)
        if letter == b"K":
            self.is_cut = True
        elif letter != b"D":
            self.is_finished = True
            if letter == b"X":
                raise self._error(json.loads(content))

    async def _received(self) -> list[tuple[bytes, bytes]]:
        self._waits_since = since = time.monotonic()
        try:
            return await self._turn.frames()
        except TimeoutError:
            raise StoreTimeoutError(
                self._limits.timeout_s, time.monotonic() - self._started
            ) from None
        except EOFError:
            raise await self._death() from None
        finally:
            self._stop_waiting(since)

    def _stop_waiting(self, since: float) -> None:
        """Take the time that the engine took from what is left to it."""
        self._waits_since = None
        self._heard = time.monotonic()
        self._left_s -= self._heard - since

    async def _death(self) -> GraphError:
        """Tell why a worker has ended."""
        elapsed_s = time.monotonic() - self._started
        if self._is_overdue:
            return StoreTimeoutError(self._limits.delivery_timeout_s, elapsed_s)
        code, words = await self._worker.last_words()
        if "total order" in words:  # Rust's sort panics, and the engine with it
            return QueryRefusedError(
                "the engine cannot sort values of kinds that have no common order, such as texts "
                "with and without a language and numbers; sort by STR(...) of them"
            )
        if code < 0:
            return StoreLimitError(
                f"the query needed more than the {self._limits.memory_bytes >> 20} MiB of memory "
                "it may use; narrow it, sort less, or add LIMIT to its sub-selects"
            )
        return StoreUnavailableError("the query worker ended; please report this query")

    def _error(self, said: dict[str, str]) -> GraphError:
        if said["error"] == "syntax":
            return engine_error(said["message"])
        if said["error"] == "too-long":
            return StoreLimitError(
                f"the result is longer than {self._limits.result_max_bytes} bytes; "
                "narrow the query, page it with LIMIT, or download the data"
            )
        if said["error"] == "evaluation":
            return QueryRefusedError(f"the engine cannot run this: {said['message']}")
        if said["error"] == "corrupt":
            return StoreCorruptError(f"{said['message']}; load the graph again")
        return StoreUnavailableError(f"the engine failed: {said['message']}")


class Parts(AsyncGenerator[bytes, None]):
    """The parts of a long result; closing it ends the query, also before the first part."""

    def __init__(self, run: Run) -> None:
        """Take the parts of a run from now on."""
        self._run = run

    async def asend(self, value: None) -> bytes:
        """Return the next part."""
        try:
            part = await self._run.part()
        except BaseException:
            self._run.end()
            raise
        if part is None:
            self._run.end()
            raise StopAsyncIteration
        return part

    async def athrow(self, *reason: Any) -> bytes:
        """End the query and pass on why."""
        self._run.end()
        error = reason[-1] if isinstance(reason[-1], BaseException) else reason[0]
        raise error
