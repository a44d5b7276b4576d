"""The pool of worker processes of an embedded store."""

import asyncio
import json
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
from graph.store.runner import Answer, Lane, QueryRequest, RunLimits
from graph.store.runs import Parts, Run, Watch
from graph.store.turns import TakenBackError
from graph.store.worker import Manner
from graph.vocabulary import BASE

__all__ = ["WorkerPool", "run_once"]


class WorkerPool(KeepingRunner[EmbeddedStore]):
    """Answers queries in processes that can be ended; follows the newest generation."""

    def __init__(self, store: EmbeddedStore, limits: RunLimits | None = None) -> None:
        super().__init__(limits or RunLimits())
        self._stores = {store.visibility: store}
        self._home = store.home
        self._lanes: dict[Lane, WorkerLane] = {}
        self._watch = Watch()

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

    async def _answer(self, question: Question[EmbeddedStore]) -> Answer:
        """Run a query in a worker of its lane."""
        media_type, version = question.request.media_type, question.store.version
        may_follow = True
        while True:
            run = await self._begun(question, may_follow=may_follow)
            content: bytes | None = None
            try:
                content = await run.collected()
            except TakenBackError:  # it was sent ahead, behind one that takes long
                may_follow = False
                continue
            finally:
                if content is not None or not run.has_more:
                    run.end()
            parts = None if content is not None else Parts(run)
            return Answer(media_type, version, content, parts, run.is_cut)

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
        run = Run(self._limits, lane, worker, self._watch, partial(self._clients.leave, request))
        run.begin(self._message(question))
        return run

    def _message(self, question: Question[EmbeddedStore]) -> bytes:
        """Return the request to a worker."""
        request = question.request
        of_many = (question.dataset, request.media_type, request.max_rows)
        manner = _manner(question.store.path, *of_many, self._limits.result_max_bytes)
        return manner + question.text.encode("utf-8")


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
