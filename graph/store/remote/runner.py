"""Queries of strangers on a remote store: the same lanes and errors as the embedded pool.

What the pool does with processes, the server does in its own way here. This side bounds how many
requests of each lane are on their way, how many wait, and how long.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from graph.errors import StoreBusyError
from graph.store.asking import KeepingRunner, Question
from graph.store.protocol import Visibility
from graph.store.remote.results import written
from graph.store.remote.store import RemoteStore
from graph.store.runner import Answer, Lane, RunLimits

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


class RemoteRunner(KeepingRunner[RemoteStore]):
    """Answers queries on a server; follows its newest graph version."""

    def __init__(self, store: RemoteStore, limits: RunLimits | None = None) -> None:
        super().__init__(limits or RunLimits())
        self._endpoint = store.endpoint
        self._refresh_s = store.refresh_s
        self._stores = {store.visibility: store}
        self._lanes: dict[Lane, _Lane] = {}

    async def start(self) -> None:
        """Make room for the lanes, and see what there is for each visibility.

        Raises:
            StoreError: The server does not answer.
        """
        self._lanes = {
            lane: _Lane(size, self._limits) for lane, size in self._limits.workers.items()
        }
        # now and beside, so that no request has to wait for the server in the event loop
        await asyncio.gather(*(asyncio.to_thread(self.store, seen) for seen in Visibility))

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

    async def _answer(self, question: Question[RemoteStore]) -> Answer:
        request = question.request
        with self._clients.counting(request):
            return await self._lanes[request.lane].run(lambda: _asked(question))


def _asked(question: Question[RemoteStore]) -> Answer:
    """Ask the server."""
    request, store = question.request, question.store
    form, media_type = request.query.form, request.media_type
    reply = store.ask(question.text, form, question.dataset)
    content, is_cut = written(reply, form, media_type, request.max_rows)
    return Answer(media_type, store.version, content, None, is_cut)
