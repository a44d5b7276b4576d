"""Queries of strangers on a remote store: the same lanes and errors as the embedded pool.

What the pool does with processes, the server does in its own way here. This side bounds how many
requests of each lane are on their way, how many wait, and how long.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from graph.errors import StoreBusyError
from graph.store.bindings import with_bindings
from graph.store.cache import AnswerCache
from graph.store.dataset import Dataset
from graph.store.protocol import Visibility
from graph.store.remote.results import written
from graph.store.remote.store import RemoteStore
from graph.store.runner import Answer, Lane, QueryRequest, RunLimits

__all__ = ["RemoteRunner"]

_T = TypeVar("_T")


class _Lane:
    """The threads of one lane and those who wait for them."""

    def __init__(self, size: int, limits: RunLimits) -> None:
        self._limits = limits
        self._threads = ThreadPoolExecutor(size, thread_name_prefix="verbund-remote")
        self._free = asyncio.Semaphore(size)
        self._waiting = 0

    async def run(self, work: Callable[[], _T]) -> _T:
        """Do some work in a thread.

        A request that is on its way cannot be called back; so when its client goes away, its
        place becomes free only once the server has answered or the time is over.

        Raises:
            StoreBusyError: Too many wait already, or the wait took too long.
        """
        if self._waiting >= self._limits.waiting and self._free.locked():
            raise StoreBusyError(f"{self._waiting} queries are waiting already")
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.wait_s):
                await self._free.acquire()
        except TimeoutError:
            raise StoreBusyError(f"no place became free in {self._limits.wait_s:g} s") from None
        finally:
            self._waiting -= 1
        loop = asyncio.get_running_loop()
        future = self._threads.submit(work)
        future.add_done_callback(lambda _: self._release(loop))
        return await asyncio.wrap_future(_unstoppable(future))

    def _release(self, loop: asyncio.AbstractEventLoop) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(self._free.release)

    def close(self) -> None:
        self._threads.shutdown(wait=True, cancel_futures=True)


def _unstoppable(future: Future[_T]) -> Future[_T]:
    """Return a future that follows another one, and whose end does not end that one."""
    follower: Future[_T] = Future()

    def follow(done: Future[_T]) -> None:
        if not follower.set_running_or_notify_cancel():
            return
        if error := done.exception():
            follower.set_exception(error)
        else:
            follower.set_result(done.result())

    future.add_done_callback(follow)
    return follower


class RemoteRunner:
    """Answers queries on a server; follows its newest graph version."""

    def __init__(self, store: RemoteStore, limits: RunLimits | None = None) -> None:
        self._limits = limits or RunLimits()
        self._endpoint = store.endpoint
        self._refresh_s = store.refresh_s
        self._stores = {store.visibility: store}
        self._clients: Counter[str] = Counter()
        self._cache = AnswerCache(self._limits.cache_bytes)
        self._lanes: dict[Lane, _Lane] = {}

    async def start(self) -> None:
        """Make room for the lanes; threads start when they are needed."""
        self._lanes = {
            lane: _Lane(size, self._limits) for lane, size in self._limits.workers.items()
        }

    async def close(self) -> None:
        """Wait for the requests that are on their way."""
        await asyncio.gather(*(asyncio.to_thread(lane.close) for lane in self._lanes.values()))

    def store(self, visibility: Visibility) -> RemoteStore:
        """Return the newest version as seen with a visibility.

        Raises:
            StoreError: The server does not answer, or holds nothing of ours.
        """
        store = self._stores.get(visibility)
        newest = (
            store.latest() if store else RemoteStore(self._endpoint, visibility, self._refresh_s)
        )
        self._stores[visibility] = newest
        return newest

    def cached(self, request: QueryRequest) -> Answer | None:
        """Return the answer at once if it is kept; see :class:`graph.store.runner.QueryRunner`."""
        if not request.query.is_repeatable:
            return None
        return self._cache.get(_Question(request, self.store(request.visibility)).key)

    async def run(self, request: QueryRequest) -> Answer:
        """Answer a query; see :class:`graph.store.runner.QueryRunner`."""
        question = _Question(request, self.store(request.visibility))
        if request.query.is_repeatable and (found := self._cache.get(question.key)):
            return found
        with self._admitted(request):
            answer = await self._lanes[request.lane].run(question.answer)
        if request.query.is_repeatable:
            self._cache.put(question.key, answer)
        return answer

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
    """What is asked of which version.

    Attributes:
        key: Equal for questions that have the same answer.
    """

    def __init__(self, request: QueryRequest, store: RemoteStore) -> None:
        self._request = request
        self._store = store
        self._dataset: Dataset | None = request.dataset or request.query.dataset
        if self._dataset is not None:
            self._dataset.require_within(store.graphs())
        self._text = with_bindings(request.query.text, request.bindings)
        asked = (self._text, self._dataset, request.media_type, request.max_rows)
        self.key = (store.version, request.visibility, asked)

    def answer(self) -> Answer:
        """Ask the server."""
        form, media_type = self._request.query.form, self._request.media_type
        reply = self._store.ask(self._text, form, self._dataset)
        content, is_cut = written(reply, form, media_type, self._request.max_rows)
        return Answer(media_type, self._store.version, content, None, is_cut)
