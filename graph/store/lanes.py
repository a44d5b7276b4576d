"""The workers of one lane, and those who wait for them."""

import asyncio
import logging
from collections import deque

from graph.errors import StoreBusyError, StoreUnavailableError
from graph.store.process import WorkerProcess
from graph.store.runner import RunLimits

__all__ = ["WorkerLane"]

logger = logging.getLogger(__name__)

_PAUSE_S = 1.0
"""After a worker that does not start; the machine may be out of memory or processes."""


class WorkerLane:
    """A fixed number of workers; who asks while all are busy waits in turn.

    The worker that was used last is taken first: what it needs is still in the processor's cache,
    and the others sleep on.
    """

    def __init__(self, size: int, limits: RunLimits) -> None:
        """Prepare a lane.

        Args:
            size: Workers.
            limits: How many may wait, how long, and the memory of a worker.
        """
        self._size = size
        self._limits = limits
        self._idle: list[WorkerProcess] = []
        self._waiting: deque[asyncio.Future[WorkerProcess]] = deque()
        self._everyone: set[WorkerProcess] = set()
        self._chores: set[asyncio.Task[None]] = set()
        self._is_open = True

    async def start(self) -> None:
        """Start the workers.

        Raises:
            StoreUnavailableError: One does not start.
        """
        await asyncio.gather(*(self._add() for _ in range(self._size)))

    async def _add(self) -> None:
        worker = await WorkerProcess.start(self._limits.memory_bytes)
        self._everyone.add(worker)
        if self._is_open:
            self._hand_on(worker)
        else:
            await worker.kill()

    def _hand_on(self, worker: WorkerProcess) -> None:
        """Give a worker to who has waited longest, or let it rest."""
        while self._waiting:
            first = self._waiting.popleft()
            if not first.done():  # who has given up is still in the queue
                first.set_result(worker)
                return
        self._idle.append(worker)

    async def take(self) -> WorkerProcess:
        """Wait for a worker.

        Raises:
            StoreBusyError: Too many wait already, or the wait took too long.
        """
        if self._idle:
            return self._idle.pop()
        waiting = sum(not one.done() for one in self._waiting)
        if waiting >= self._limits.waiting:
            raise StoreBusyError(f"{waiting} queries are waiting already")
        turn: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(self._limits.wait_s):
                return await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():  # it came in the same moment
                self._hand_on(turn.result())
            if isinstance(error, TimeoutError):
                wait_s = self._limits.wait_s
                raise StoreBusyError(f"no worker became free in {wait_s:g} s") from None
            raise

    def give_back(self, worker: WorkerProcess, *, is_usable: bool) -> None:
        """Return a worker; one that is not usable is ended and replaced meanwhile."""
        if is_usable and not worker.is_polite:
            self._hand_on(worker)
            return
        worker.strike()
        chore = asyncio.get_running_loop().create_task(self._replace(worker))
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)

    async def _replace(self, worker: WorkerProcess) -> None:
        self._everyone.discard(worker)
        await worker.kill()
        is_missing = self._is_open
        while is_missing and self._is_open:
            try:
                await self._add()
                is_missing = False
            except (StoreUnavailableError, OSError) as error:  # a lane never loses a place
                logger.warning("a query worker is missing, trying again: %s", error)
                await asyncio.sleep(_PAUSE_S)

    async def close(self) -> None:
        """End all workers."""
        self._is_open = False
        await asyncio.gather(*self._chores)
        await asyncio.gather(*(worker.kill() for worker in self._everyone))

    def processes(self) -> list[WorkerProcess]:
        """Return all workers."""
        return list(self._everyone)
