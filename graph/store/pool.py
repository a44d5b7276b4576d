"""The pool of worker processes of an embedded store."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing, contextmanager
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
from graph.store.bindings import with_bindings
from graph.store.cache import AnswerCache
from graph.store.dataset import Dataset
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


class WorkerPool:
    """Answers queries in processes that can be ended; follows the newest generation."""

    def __init__(self, store: EmbeddedStore, limits: RunLimits | None = None) -> None:
        self._limits = limits or RunLimits()
        self._stores = {store.visibility: store}
        self._home = store.home
        self._clients: Counter[str] = Counter()
        self._cache = AnswerCache(self._limits.cache_bytes)
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

    def cached(self, request: QueryRequest) -> Answer | None:
        """Return the answer at once if it is kept; see :class:`graph.store.runner.QueryRunner`."""
        if not request.query.is_repeatable:
            return None
        return self._cache.get(self._question(request).key)

    def _question(self, request: QueryRequest) -> "_Question":
        store = self.store(request.visibility)
        dataset = request.dataset or request.query.dataset
        if dataset is not None:
            dataset.require_within(store.graphs())
        return _Question(request, store, dataset, self._limits.result_max_bytes)

    async def run(self, request: QueryRequest) -> Answer:
        """Answer a query; see :class:`graph.store.runner.QueryRunner`."""
        question = self._question(request)
        if request.query.is_repeatable and (found := self._cache.get(question.key)):
            return found
        version = question.store.version
        run = _Run(self._limits)
        parts = self._run(run, request, question.message())
        held = bytearray()
        async for part in parts:
            held += part
            if len(held) > _WHOLE_BYTES:
                rest = _rest(bytes(held), parts)
                return Answer(request.media_type, version, None, rest, run.is_cut)
        answer = Answer(request.media_type, version, bytes(held), None, run.is_cut)
        if request.query.is_repeatable:
            self._cache.put(question.key, answer)
        return answer

    async def _run(
        self, run: "_Run", request: QueryRequest, message: dict[str, Any]
    ) -> AsyncGenerator[bytes, None]:
        """Yield the parts of a result from a worker of the lane."""
        with self._admitted(request):
            lane = self._lanes[request.lane]
            worker = await lane.take()
            try:
                async for part in run.parts(worker, message):
                    yield part
            finally:
                lane.give_back(worker, is_usable=run.is_finished)

    @contextmanager
    def _admitted(self, request: QueryRequest) -> Iterator[None]:
        """Count the query of a client.

        Raises:
            StoreBusyError: The client has too many already.
        """
        client = request.client
        if client is None or request.lane is not Lane.AD_HOC:
            yield
            return
        if self._clients[client] >= self._limits.per_client:
            raise StoreBusyError(f"you have {self._clients[client]} queries running already")
        self._clients[client] += 1
        try:
            yield
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]


class _Question:
    """What is asked of which generation.

    Attributes:
        key: Equal for questions that have the same answer.
    """

    def __init__(
        self, request: QueryRequest, store: EmbeddedStore, dataset: Dataset | None, max_bytes: int
    ) -> None:
        self.store = store
        self._request = request
        self._dataset = dataset
        self._max_bytes = max_bytes
        self._text = with_bindings(request.query.text, request.bindings)
        asked = (self._text, dataset, request.media_type, request.max_rows)
        self.key = (store.version, request.visibility, asked)

    def message(self) -> dict[str, Any]:
        """Return the request to a worker."""
        return {
            "path": str(self.store.path),
            "query": self._text,
            "base": BASE,
            "default": None if self._dataset is None else self._dataset.default,
            "named": None if self._dataset is None else self._dataset.named,
            "media_type": self._request.media_type,
            "max_rows": self._request.max_rows,
            "max_bytes": self._max_bytes,
        }


class _Run:
    """One query in one worker, with its clocks.

    Attributes:
        is_cut: The worker left rows out.
        is_finished: The worker is ready for the next query.
    """

    def __init__(self, limits: RunLimits) -> None:
        self._limits = limits
        self._started = 0.0
        self._is_overdue = False
        self.is_cut = False
        self.is_finished = False

    async def parts(
        self, worker: WorkerProcess, message: dict[str, Any]
    ) -> AsyncGenerator[bytes, None]:
        """Yield the parts of the result.

        Only the time that the engine takes counts against the limit of the query. While the
        client reads slowly, this generator rests and the worker waits; the second clock ends that.
        """
        loop = asyncio.get_running_loop()
        self._started = time.monotonic()
        clocks = (
            loop.call_later(self._limits.delivery_timeout_s, self._overdue, worker),
            loop.call_later(_POLITE_AFTER_S, worker.be_polite),
        )
        try:
            worker.send(message)
            left_s = self._limits.timeout_s
            while not self.is_finished:
                before = time.monotonic()
                letter, content = await self._receive(worker, left_s)
                left_s -= time.monotonic() - before
                if letter == b"D":
                    yield content
                elif letter == b"K":
                    self.is_cut = json.loads(content)["is_cut"]
                else:
                    self.is_finished = True
                    if letter == b"X":
                        raise self._error(json.loads(content))
        finally:
            for clock in clocks:
                clock.cancel()

    def _overdue(self, worker: WorkerProcess) -> None:
        """End a worker whose result nobody has read in time."""
        self._is_overdue = True
        worker.strike()

    async def _receive(self, worker: WorkerProcess, left_s: float) -> tuple[bytes, bytes]:
        try:
            async with asyncio.timeout(left_s):
                return await worker.receive()
        except TimeoutError:
            raise StoreTimeoutError(
                self._limits.timeout_s, time.monotonic() - self._started
            ) from None
        except EOFError:
            raise await self._death(worker) from None

    async def _death(self, worker: WorkerProcess) -> GraphError:
        """Tell why a worker has ended."""
        elapsed_s = time.monotonic() - self._started
        if self._is_overdue:
            return StoreTimeoutError(self._limits.delivery_timeout_s, elapsed_s)
        code, words = await worker.last_words()
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


async def _rest(first: bytes, parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Yield what has been read and the rest; closing it closes the rest."""
    async with aclosing(parts):
        yield first
        async for part in parts:
            yield part


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
