"""The pool of worker processes of an embedded store."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

from rdflib.term import Identifier

from graph.store.asking import KeepingRunner, Question
from graph.store.dataset import Dataset
from graph.store.embedded import EmbeddedStore
from graph.store.formats import require
from graph.store.guard import check
from graph.store.lanes import WorkerLane
from graph.store.process import WorkerProcess
from graph.store.protocol import Visibility
from graph.store.runner import Answer, Begun, Lane, QueryRequest, RunLimits, Tell
from graph.store.runs import Parts, Run, Watch
from graph.store.turns import TakenBackError
from graph.store.worker import Manner
from graph.vocabulary import BASE

__all__ = ["WorkerPool", "run_once"]

_SOON_S = 0.05
"""What has not come by then is worth a task that waits for it."""


class WorkerPool(KeepingRunner[EmbeddedStore]):
    """Answers queries in processes that can be ended; follows the newest generation.

    Attributes:
        watch: What looks after the clocks of all its queries.
    """

    def __init__(self, store: EmbeddedStore, limits: RunLimits | None = None) -> None:
        super().__init__(limits or RunLimits())
        self._stores = {store.visibility: store}
        self._home = store.home
        self._lanes: dict[Lane, WorkerLane] = {}
        self.watch = Watch()

    async def start(self) -> None:
        """Start the workers.

        Raises:
            StoreUnavailableError: A worker does not start.
        """
        self._lanes = {
            lane: WorkerLane(size, self._limits) for lane, size in self._limits.workers.items()
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

    def _begin(self, question: Question[EmbeddedStore], tell: Tell) -> Begun | None:
        """Give a query to a worker, if there is one."""
        request = question.request
        self._clients.enter(request)
        worker = self._lanes[request.lane].find(request.client, may_follow=True)
        if worker is None:
            self._clients.leave(request)
            return None
        return _Brief(self, question, worker, self._message(question), tell)

    def whole(self, question: Question[EmbeddedStore], content: bytes) -> Answer:
        """Return an answer that has come in one piece, and let its client ask on."""
        self._clients.leave(question.request)
        answer = Answer(question.request.media_type, question.store.version, content)
        self._keep(question, answer)
        return answer

    def run_in(self, worker: WorkerProcess, request: QueryRequest) -> Run:
        """Return what looks after a query in a worker that has been found for it."""
        leave = partial(self._clients.leave, request)
        return Run(self._limits, self._lanes[request.lane], worker, self.watch, leave)

    async def waited(self, question: Question[EmbeddedStore], run: Run) -> Answer:
        """Wait for the answer to what has been begun."""
        answer = await self._finished(question, run)
        self._keep(question, answer)
        return answer

    async def _answer(self, question: Question[EmbeddedStore]) -> Answer:
        """Run a query in a worker of its lane."""
        return await self._finished(question, await self._begun(question, may_follow=True))

    async def _finished(self, question: Question[EmbeddedStore], run: Run) -> Answer:
        """Return what a run gives, or another in its place if it was taken back."""
        media_type, version = question.request.media_type, question.store.version
        while True:
            try:
                content = await run.collected()
            except TakenBackError:  # it was sent ahead, behind one that takes long
                run.end()
                run = await self._begun(question, may_follow=False)
                continue
            except BaseException:
                run.end()
                raise
            if content is None:
                return Answer(media_type, version, None, Parts(run), run.is_cut)
            run.end()
            return Answer(media_type, version, content, None, run.is_cut)

    async def _begun(self, question: Question[EmbeddedStore], *, may_follow: bool) -> Run:
        """Give a query to a worker.

        Raises:
            StoreBusyError: There is none, or the client has too many queries already.
        """
        request = question.request
        self._clients.enter(request)
        lane = self._lanes[request.lane]
        worker = lane.find(request.client, may_follow=may_follow)
        if worker is None:
            try:
                worker = await lane.wait(request.client)
            except BaseException:
                self._clients.leave(request)
                raise
        run = self.run_in(worker, request)
        run.begin(self._message(question))
        return run

    def _message(self, question: Question[EmbeddedStore]) -> bytes:
        """Return the request to a worker."""
        request = question.request
        of_many = (question.dataset, request.media_type, request.max_rows)
        manner = _manner(question.store.path, *of_many, self._limits.result_max_bytes)
        return manner + question.text.encode("utf-8")


class _Brief:
    """A query whose answer is expected at once; see :class:`graph.store.runner.Begun`.

    As long as it is, there is nothing to look after but that it comes soon. A :class:`Run` takes
    over what does not.
    """

    __slots__ = ("_pool", "_question", "_run", "_started", "_tell", "_turn", "_worker")

    def __init__(
        self,
        pool: WorkerPool,
        question: Question[EmbeddedStore],
        worker: WorkerProcess,
        message: bytes,
        tell: Tell,
    ) -> None:
        self._pool = pool
        self._question = question
        self._worker = worker
        self._tell = tell
        self._run: Run | None = None
        self._started = time.monotonic()
        self._turn = worker.turns.ask(message)
        pool.watch.add(self)
        self._turn.listen(self._hear)

    def look(self, now: float) -> None:
        """Give up hope when it is time (:class:`graph.store.runs.Watch`)."""
        if now - self._started > _SOON_S:
            self._turn.leave_to_wait()

    def _hear(self, content: bytes | None) -> None:
        self._pool.watch.drop(self)
        if content is not None:
            self._tell(self._pool.whole(self._question, content))
            return
        self._run = self._pool.run_in(self._worker, self._question.request)
        self._run.take_over(self._turn, self._started)
        self._tell(None)

    async def answer(self) -> Answer:
        """Wait for the answer."""
        if self._run is None:
            raise RuntimeError("the answer has been told, or will be")
        return await self._pool.waited(self._question, self._run)

    def end(self) -> None:
        """End it."""
        if self._run is not None:
            self._run.end()


@lru_cache(maxsize=256)
def _manner(
    path: Path, dataset: Dataset | None, media_type: str, max_rows: int | None, max_bytes: int
) -> bytes:
    """Return the first part of the request to a worker, the same for many queries."""
    manner: Manner = {
        "path": str(path),
        "base": BASE,
        "default": None if dataset is None else list(dataset.default),
        "named": None if dataset is None else list(dataset.named),
        "media_type": media_type,
        "max_rows": max_rows,
        "max_bytes": max_bytes,
    }
    return json.dumps(manner).encode() + b"\0"


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
