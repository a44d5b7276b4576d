"""The workers of one lane, and those who wait for them."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial

from graph.errors import StoreBusyError, StoreUnavailableError
from graph.store.process import WorkerProcess
from graph.store.runner import RunLimits
from graph.store.turns import Turn

__all__ = ["WorkerLane"]

logger = logging.getLogger(__name__)

_PAUSE_S = 1.0
"""After a worker that does not start; the machine may be out of memory or processes."""

_MOST_AHEAD = 8
"""Requests that one worker may have."""
_BRIEF_S = 0.001
"""Only a worker that lately took less for a request is sent one ahead."""
_YOUNG_S = 0.002
"""Only behind a request that is younger."""
_TAKEN_BACK_AFTER_S = 0.005
"""So long a request waits behind another at most; it is the other that is slow, not the queue."""

_UNWANTED_S = 0.05
"""What has been taken back is passed over in no time; a worker that is at it longer runs it."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    client: str | None
    turn: asyncio.Future[WorkerProcess]


class WorkerLane:
    """A fixed number of workers; who asks while all are busy waits in turn.

    The worker that was used last is taken first: what it needs is still in the processor's cache,
    and the others sleep on. For the same reason a request goes behind another that has just begun,
    when requests are brief here; if that one is not, it is taken back and another worker asked.

    A worker that is at one query for long gets a lower priority. When places get short it is set
    aside and another takes its place, until as many are aside as there are places. One client
    holds at most all places but one. So neither one client nor a few slow queries keep the others
    waiting.
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
        self._waiting: deque[_Waiting] = deque()
        self._everyone: set[WorkerProcess] = set()
        self._aside: set[WorkerProcess] = set()
        self._held: dict[str, int] = {}
        self._latest: WorkerProcess | None = None
        self._clock: asyncio.TimerHandle | None = None
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
        worker.turns.rested = partial(self._rested, worker)
        worker.turns.unwanted = self._look_soon
        if self._is_open:
            self._hand_on(worker)
        else:
            await worker.kill()

    # --- taking -------------------------------------------------------------------------------

    def find(self, client: str | None, *, may_follow: bool) -> WorkerProcess | None:
        """Return a worker that can be asked at once, if there is one.

        Args:
            client: Who asks; ``None`` is not counted.
            may_follow: The worker may have something else to do first.
        """
        latest = self._latest
        # a worker that is fed on and on would never come to those who wait
        may_follow &= not self._waiting
        if may_follow and latest is not None and _takes_another(latest):
            self._look_soon()
            return latest
        while self._idle and self._may_hold_another(client):
            worker = self._idle.pop()
            if not worker.turns.is_lost:
                return self._hold(worker, client)
            self._replace(worker)  # it ended while it had nothing to do
        return None

    async def wait(self, client: str | None) -> WorkerProcess:
        """Wait for a worker.

        Raises:
            StoreBusyError: Too many wait already, or the wait took too long.
        """
        waiting = sum(not one.turn.done() for one in self._waiting)
        if waiting >= self._limits.waiting:
            raise StoreBusyError(f"{waiting} queries are waiting already")
        turn: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        self._waiting.append(one := _Waiting(client, turn))
        self._make_places()
        try:
            async with asyncio.timeout(self._limits.wait_s):
                return await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled():  # it came in the same moment
                self._rested(turn.result())
            elif one in self._waiting:
                self._waiting.remove(one)
            if isinstance(error, TimeoutError):
                wait_s = self._limits.wait_s
                raise StoreBusyError(f"no worker became free in {wait_s:g} s") from None
            raise

    def _may_hold_another(self, client: str | None) -> bool:
        return client is None or self._held.get(client, 0) < max(1, self._size - 1)

    def _hold(self, worker: WorkerProcess, client: str | None) -> WorkerProcess:
        worker.holder = client
        if client is not None:
            self._held[client] = self._held.get(client, 0) + 1
        self._latest = worker
        return worker

    def _let_go(self, worker: WorkerProcess) -> None:
        """Count a worker no longer as held by who holds it."""
        client, worker.holder = worker.holder, None
        if client is not None:
            count = self._held.pop(client)
            if count > 1:
                self._held[client] = count - 1

    # --- giving back --------------------------------------------------------------------------

    def _rested(self, worker: WorkerProcess) -> None:
        """Take back a worker that has nothing to do."""
        if worker not in self._everyone:
            return
        if worker.is_polite:
            self._replace(worker)
            return
        self._let_go(worker)
        self._hand_on(worker)

    def _hand_on(self, worker: WorkerProcess) -> None:
        """Give a worker to who has waited longest, or let it rest.

        Whom it is given to may be new to the count of places, so others are looked at, too.
        """
        self._idle.append(worker)
        for one in tuple(self._waiting):
            if not self._idle:
                break
            if one.turn.done():  # who has given up is still in the queue
                self._waiting.remove(one)
            elif self._may_hold_another(one.client):
                self._waiting.remove(one)
                one.turn.set_result(self._hold(self._idle.pop(), one.client))

    def give_up(self, worker: WorkerProcess, turn: Turn) -> None:
        """End what nobody waits for any more: its worker, if that is at it."""
        if worker in self._everyone and len(worker.turns) and worker.turns.first is not turn:
            turn.take_back()
            worker.take_back()
        else:
            self._replace(worker)

    def set_aside(self, worker: WorkerProcess) -> None:
        """Let others go before a worker that is slow, and give its place to another."""
        worker.be_polite()
        worker.take_back()
        if self._waiting or not self._idle:
            self._make_places()

    def _make_places(self) -> None:
        """Start another worker for each that is slow; to start one takes some 60 ms of a processor.

        So it is done only when somebody waits, or would have to.
        """
        for worker in tuple(self._everyone - self._aside):
            if worker.is_polite and len(worker.turns) and len(self._aside) < self._size:
                self._aside.add(worker)
                self._let_go(worker)
                self._do(self._fill())

    def _replace(self, worker: WorkerProcess) -> None:
        """End a worker; another takes its place, if it has one."""
        if worker not in self._everyone:
            return
        self._everyone.discard(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        is_missing = worker not in self._aside
        self._aside.discard(worker)
        self._let_go(worker)
        worker.strike()
        worker.take_back()
        self._do(self._renew(worker, is_missing=is_missing))

    def _do(self, work: Coroutine[None, None, None]) -> None:
        chore = asyncio.get_running_loop().create_task(work)
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)

    async def _renew(self, worker: WorkerProcess, *, is_missing: bool) -> None:
        await worker.kill()
        if is_missing:
            await self._fill()

    async def _fill(self) -> None:
        """Start a worker for an empty place, however often that takes."""
        is_missing = self._is_open
        while is_missing and self._is_open:
            try:
                await self._add()
                is_missing = False
            except (StoreUnavailableError, OSError) as error:  # a lane never loses a place
                logger.warning("a query worker is missing, trying again: %s", error)
                await asyncio.sleep(_PAUSE_S)

    # --- taking back what was sent ahead ------------------------------------------------------

    def _look_soon(self, *, is_again: bool = False) -> None:
        if self._clock is None:
            due = asyncio.get_running_loop().call_later
            self._clock = due(_TAKEN_BACK_AFTER_S, self._look, time.monotonic(), is_again)

    def _look(self, since: float, is_again: bool) -> None:
        """Take back what waits behind something slow.

        A look that comes late says that this process was held up, and perhaps not the worker,
        whose answer may be there already. So there is another, but that one counts.
        """
        self._clock = None
        now = time.monotonic()
        if not is_again and now - since > 2 * _TAKEN_BACK_AFTER_S:
            self._look_soon(is_again=True)
            return
        for worker in tuple(self._everyone):
            first = worker.turns.first if len(worker.turns) else None
            age_s = 0.0 if first is None or first.began is None else now - first.began
            if first is not None and first.is_over and age_s > _UNWANTED_S:
                self._replace(worker)  # it was taken back in the moment in which it was begun
            elif first is not None and (first.is_over or age_s <= _TAKEN_BACK_AFTER_S):
                self._look_soon()
            elif len(worker.turns) > 1:
                worker.take_back()

    # --- the end ------------------------------------------------------------------------------

    async def close(self) -> None:
        """End all workers."""
        self._is_open = False
        if self._clock is not None:
            self._clock.cancel()
        await asyncio.gather(*self._chores)
        await asyncio.gather(*(worker.kill() for worker in self._everyone))

    def processes(self) -> list[WorkerProcess]:
        """Return all workers."""
        return list(self._everyone)


def _takes_another(worker: WorkerProcess) -> bool:
    """Tell whether a worker is busy for a moment only, as far as one can know."""
    turns = worker.turns
    if not 0 < len(turns) < _MOST_AHEAD or turns.usual_s > _BRIEF_S:
        return False
    if turns.is_lost or worker.is_polite:
        return False
    first = turns.first
    return first.began is not None and time.monotonic() - first.began < _YOUNG_S
