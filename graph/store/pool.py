"""The pool of worker processes of an embedded store."""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import replace
from typing import Any

from rdflib.term import Identifier

from graph.errors import (
    GraphError,
    QueryRefusedError,
    StoreBusyError,
    StoreCorruptError,
    StoreLimitError,
    StoreTimeoutError,
    StoreUnavailableError,
)
from graph.store.asking import KeepingRunner, Question
from graph.store.embedded import EmbeddedStore
from graph.store.formats import require
from graph.store.guard import check
from graph.store.process import WorkerProcess
from graph.store.protocol import Visibility
from graph.store.runner import Answer, Lane, QueryRequest, RunLimits
from graph.store.syntax import engine_error
from graph.vocabulary import BASE

__all__ = ["WorkerPool", "run_once"]

_WHOLE_BYTES = 262_144  # a result up to here is sent with its length, not in parts
_POLITE_AFTER_S = 0.5


class _Lane:
    """The workers of one lane and those who wait for them."""

    def __init__(self, size: int, limits: RunLimits) -> None:
        self._size = size
        self._limits = limits
        self._idle: asyncio.Queue[WorkerProcess] = asyncio.Queue()
        self._everyone: set[WorkerProcess] = set()
        self._chores: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._is_open = True

    async def start(self) -> None:
        await asyncio.gather(*(self._add() for _ in range(self._size)))

    async def _add(self) -> None:
        worker = await WorkerProcess.start(self._limits.memory_bytes)
        self._everyone.add(worker)
        if self._is_open:
            self._idle.put_nowait(worker)
        else:
            await worker.kill()

    async def take(self) -> WorkerProcess:
        """Wait for a worker.

        Raises:
            StoreBusyError: Too many wait already, or the wait took too long.
        """
        if not self._idle.empty():
            return self._idle.get_nowait()
        if self._waiting >= self._limits.waiting:
            raise StoreBusyError(f"{self._waiting} queries are waiting already")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.wait_s):
                return await self._idle.get()
        except TimeoutError:
            raise StoreBusyError(f"no worker became free in {self._limits.wait_s:g} s") from None
        finally:
            self._waiting -= 1

    def give_back(self, worker: WorkerProcess, *, is_usable: bool) -> None:
        """Return a worker; one that is not usable is ended and replaced meanwhile."""
        if is_usable and not worker.is_polite:
            self._idle.put_nowait(worker)
            return
        worker.strike()
        chore = asyncio.get_running_loop().create_task(self._replace(worker))
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)

    async def _replace(self, worker: WorkerProcess) -> None:
        self._everyone.discard(worker)
        await worker.kill()
        if self._is_open:
            await self._add()

    async def close(self) -> None:
        self._is_open = False
        await asyncio.gather(*self._chores)
        await asyncio.gather(*(worker.kill() for worker in self._everyone))

    def processes(self) -> list[WorkerProcess]:
        return list(self._everyone)


class WorkerPool(KeepingRunner[EmbeddedStore]):
    """Answers queries in processes that can be ended; follows the newest generation."""

    def __init__(self, store: EmbeddedStore, limits: RunLimits | None = None) -> None:
        super().__init__(limits or RunLimits())
        self._stores = {store.visibility: store}
        self._home = store.home
        self._lanes: dict[Lane, _Lane] = {}

    async def start(self) -> None:
        """Start the workers.

        Raises:
            StoreUnavailableError: A worker does not start.
        """
        self._lanes = {
            lane: _Lane(size, self._limits) for lane, size in self._limits.workers.items()
        }
        await asyncio.gather(*(lane.start() for lane in self._lanes.values()))

    async def close(self) -> None:
        """End all workers."""
        await asyncio.gather(*(lane.close() for lane in self._lanes.values()))

    def processes(self, lane: Lane) -> list[WorkerProcess]:
        """Return the workers of a lane."""
        return self._lanes[lane].processes()

    def store(self, visibility: Visibility) -> EmbeddedStore:
        """Return the newest generation as seen with a visibility.

        Raises:
            StoreUnavailableError: Nothing has been loaded yet.
            StoreCorruptError: The files cannot be read.
        """
        store = self._stores.get(visibility)
        newest = store.latest() if store else EmbeddedStore(self._home, visibility)
        self._stores[visibility] = newest
        return newest

    async def _answer(self, question: Question[EmbeddedStore]) -> Answer:
        """Run a query in a worker of its lane."""
        run = await self._begun(question)
        content: bytes | None = None
        try:
            content = await run.collected()
        finally:
            if content is not None or not run.has_more:
                run.end()
        media_type, version = question.request.media_type, question.store.version
        parts = None if content is not None else _Parts(run)
        return Answer(media_type, version, content, parts, run.is_cut)

    async def _begun(self, question: Question[EmbeddedStore]) -> "_Run":
        """Give a query to a worker.

        Raises:
            StoreBusyError: There is none, or the client has too many queries already.
        """
        request = question.request
        self._clients.enter(request)
        lane = self._lanes[request.lane]
        try:
            worker = await lane.take()
        except BaseException:
            self._clients.leave(request)
            raise
        run = _Run(self._limits, worker, lambda: self._ended(lane, run, request))
        run.begin(_message(question, self._limits.result_max_bytes))
        return run

    def _ended(self, lane: _Lane, run: "_Run", request: QueryRequest) -> None:
        lane.give_back(run.worker, is_usable=run.is_finished)
        self._clients.leave(request)


def _message(question: Question[EmbeddedStore], max_bytes: int) -> dict[str, Any]:
    """Return the request to a worker."""
    dataset = question.dataset
    return {
        "path": str(question.store.path),
        "query": question.text,
        "base": BASE,
        "default": None if dataset is None else dataset.default,
        "named": None if dataset is None else dataset.named,
        "media_type": question.request.media_type,
        "max_rows": question.request.max_rows,
        "max_bytes": max_bytes,
    }


class _Run:
    """One query in one worker, with its clocks.

    Only the time that the engine takes counts against the limit of the query. While the client
    reads slowly, nobody takes the next part and the worker waits; the second clock ends that.

    Attributes:
        worker: The worker.
        is_cut: The worker left rows out.
        is_finished: The worker is ready for the next query.
        has_more: There is more than has been collected.
    """

    def __init__(self, limits: RunLimits, worker: WorkerProcess, ended: Callable[[], None]) -> None:
        """Prepare a run.

        Args:
            limits: Its limits.
            worker: What runs it.
            ended: Called once when it is over.
        """
        self._limits = limits
        self._ended: Callable[[], None] | None = ended
        self._clocks: tuple[asyncio.TimerHandle, ...] = ()
        self._started = 0.0
        self._left_s = limits.timeout_s
        self._is_overdue = False
        self._waiting: deque[bytes] = deque()
        self.worker = worker
        self.is_cut = False
        self.is_finished = False
        self.has_more = False

    def begin(self, message: dict[str, Any]) -> None:
        """Send the request and start the clocks."""
        loop = asyncio.get_running_loop()
        self._started = time.monotonic()
        self._clocks = (
            loop.call_later(self._limits.delivery_timeout_s, self._overdue),
            loop.call_later(_POLITE_AFTER_S, self.worker.be_polite),
        )
        self.worker.send(message)

    def end(self) -> None:
        """Give the worker back; done once, however often it is called."""
        ended, self._ended = self._ended, None
        if ended is not None:
            for clock in self._clocks:
                clock.cancel()
            ended()

    async def collected(self) -> bytes | None:
        """Return the result, or ``None`` when it is too long to be held: then take the parts.

        Raises:
            GraphError: See :meth:`graph.store.runner.QueryRunner.run`.
        """
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
            before = time.monotonic()
            frames = await self._received()
            self._left_s -= time.monotonic() - before
            for letter, content in frames:
                self._take(letter, content)
        return self._waiting.popleft()

    def _take(self, letter: bytes, content: bytes) -> None:
        if letter == b"D":
            self._waiting.append(content)
        elif letter == b"K":
            self.is_cut = json.loads(content)["is_cut"]
        else:
            self.is_finished = True
            if letter == b"X":
                raise self._error(json.loads(content))

    def _overdue(self) -> None:
        """End a worker whose result nobody has read in time."""
        self._is_overdue = True
        self.worker.strike()

    async def _received(self) -> list[tuple[bytes, bytes]]:
        try:
            return await self.worker.receive(self._left_s)
        except TimeoutError:
            raise StoreTimeoutError(
                self._limits.timeout_s, time.monotonic() - self._started
            ) from None
        except EOFError:
            raise await self._death() from None

    async def _death(self) -> GraphError:
        """Tell why a worker has ended."""
        elapsed_s = time.monotonic() - self._started
        if self._is_overdue:
            return StoreTimeoutError(self._limits.delivery_timeout_s, elapsed_s)
        code, words = await self.worker.last_words()
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


class _Parts(AsyncGenerator[bytes, None]):
    """The parts of a long result; closing it ends the query, also before the first part."""

    def __init__(self, run: _Run) -> None:
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


def run_once(
    store: EmbeddedStore, query: str, media_type: str, bindings: Mapping[str, Identifier]
) -> bytes:
    """Answer one query of a stranger with a pool of one worker.

    Raises:
        GraphError: See :meth:`graph.store.protocol.Store.serialise`.
    """
    checked = check(query)
    require(checked.form, media_type)
    limits = replace(RunLimits(), workers={Lane.AD_HOC: 1}, cache_bytes=0)
    request = QueryRequest(checked, media_type, store.visibility, bindings)
    return asyncio.run(_run_once(WorkerPool(store, limits), request))


async def _run_once(pool: WorkerPool, request: QueryRequest) -> bytes:
    await pool.start()
    try:
        answer = await pool.run(request)
        if answer.parts is None:
            return answer.content or b""
        return b"".join([part async for part in answer.parts])
    finally:
        await pool.close()
