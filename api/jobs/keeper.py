"""Keeping jobs: who may start how many, what became of each, and who waits for news.

Each job is a folder ``<home>/jobs/<id>`` with ``state.json`` and, when it is done,
``result.json``; both are replaced in one step. So a server that starts again knows its jobs, and
says of those that were running that they were interrupted.
"""

import asyncio
import json
import logging
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from api.access.caller import Caller
from api.access.files import replace_file
from api.errors import JobNotDoneError, TooManyJobsError, UnknownJobError
from api.jobs.limits import JobLimits
from graph.errors import GraphError

__all__ = ["Finish", "Job", "JobKeeper", "State"]

logger = logging.getLogger(__name__)

Finish = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]
"""What the server does itself with the result of a job before the job is done."""

_KEPT_FOR = timedelta(days=1)
_LINE_BYTES = 256 * 1024**2


class State(StrEnum):
    """How a job stands; the last four are final."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def is_final(self) -> bool:
        """Tell whether nothing will happen any more."""
        return self not in (State.WAITING, State.RUNNING)


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands.

    Attributes:
        id: Its name, which nobody can guess.
        kind: What it does.
        client: Whose it is.
        state: How it stands.
        done: Parts that are done.
        total: Parts that there are; 0 while that is not known.
        made_at: When it was asked for, ISO 8601.
        changed_at: When it changed last.
        error: Why it failed, or an empty string.
        step: Number of changes so far; events are numbered by it.
        stage: What it is doing, where it has several stages; parts are counted in each.
    """

    id: str
    kind: str
    client: str
    state: State
    done: int
    total: int
    made_at: str
    changed_at: str
    error: str = ""
    step: int = 0
    stage: str = ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class JobKeeper:
    """The jobs of one server."""

    def __init__(self, home: Path, limits: JobLimits) -> None:
        """Read the jobs that there are; those that ran are interrupted.

        Args:
            home: Directory of the store.
            limits: How much work there may be.
        """
        self._home = home
        self._folder = home / "jobs"
        self._limits = limits
        self._places = asyncio.Semaphore(limits.running)
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._finishing: dict[str, asyncio.Task[None]] = {}
        self._news = asyncio.Condition()
        self._jobs: dict[str, Job] = {}
        for path in sorted(self._folder.glob("*/state.json")):
            self._read(path)

    def _read(self, path: Path) -> None:
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            job = Job(**(values | {"state": State(values["state"])}))
        except (OSError, ValueError, TypeError, KeyError) as error:
            logger.warning("%s is no job: %s", path, error)
            return
        self._jobs[job.id] = job
        if not job.state.is_final:
            self._put(replace(job, state=State.INTERRUPTED, error="the server was stopped"))

    def start(
        self,
        caller: Caller,
        work: BaseModel,
        *,
        time_s: float | None = None,
        finish: Finish | None = None,
    ) -> Job:
        """Start a job, or let it wait for its turn.

        Args:
            caller: Whose it is.
            work: What to do.
            time_s: Time that it may run; that of the limits when omitted.
            finish: Called with the result, here and not in the process of the job; what it
                returns is the result. What has begun so is not cut off by a cancellation.

        Raises:
            TooManyJobsError: There is no place for another one, of this client or at all.
        """
        self._clear_away()
        unfinished = [job for job in self._jobs.values() if not job.state.is_final]
        mine = sum(job.client == caller.client for job in unfinished)
        if mine >= self._limits.per_client:
            raise TooManyJobsError(f"you have {mine} jobs already; wait for one, or cancel one")
        if len(unfinished) >= self._limits.running + self._limits.waiting:
            raise TooManyJobsError("all places for jobs are taken; try again later")
        now, values = _now(), work.model_dump(mode="json")
        name = secrets.token_urlsafe(16)
        job = Job(name, values["kind"], caller.client, State.WAITING, 0, 0, now, now)
        self._put(job)
        order = {
            "work": values,
            "home": str(self._home),
            "visibility": caller.visibility.value,
            "memory_bytes": self._limits.memory_bytes,
        }
        running = self._run(name, json.dumps(order), time_s or self._limits.time_s, finish)
        self._tasks[name] = asyncio.create_task(running)
        self._tasks[name].add_done_callback(lambda _: self._tasks.pop(name, None))
        return job

    def of(self, caller: Caller) -> list[Job]:
        """Return the jobs of a client, the newest first."""
        found = [job for job in self._jobs.values() if job.client == caller.client]
        return sorted(found, key=lambda job: (job.made_at, job.id), reverse=True)

    def find(self, caller: Caller, name: str) -> Job:
        """Return one job of a client.

        Raises:
            UnknownJobError: There is none of this name, or it is somebody else's.
        """
        job = self._jobs.get(name)
        if job is None or job.client != caller.client:
            raise UnknownJobError(f"you have no job {name!r}")
        return job

    def result(self, caller: Caller, name: str) -> str:
        """Return the result of a job as JSON text.

        Raises:
            UnknownJobError: There is no such job.
            JobNotDoneError: It has no result.
        """
        job = self.find(caller, name)
        if job.state is not State.DONE:
            raise JobNotDoneError(f"the job is {job.state}; its result is there when it is done")
        return (self._folder / name / "result.json").read_text(encoding="utf-8")

    async def cancel(self, caller: Caller, name: str) -> Job:
        """End a job; one that has ended is cleared away.

        Raises:
            UnknownJobError: There is no such job.
        """
        job = self.find(caller, name)
        if job.state.is_final:
            self._remove(name)
            return job
        await self._end(name)
        if not self._jobs[name].state.is_final:  # it had not begun
            await self._change(name, state=State.CANCELLED)
        return self._jobs[name]

    async def _end(self, name: str) -> None:
        """End the work of a job; what is being finished is waited for."""
        if name in self._finishing:
            await asyncio.shield(self._finishing[name])
        elif (task := self._tasks.get(name)) is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def follow(self, caller: Caller, name: str, after: int = -1) -> AsyncIterator[Job]:
        """Yield a job as it stands and at each change, until it has ended.

        A change that comes while the one before is being read stands for both.

        Args:
            caller: Whose it is.
            name: Its name.
            after: Number of the change that is known already.
        """
        job = self.find(caller, name)
        while True:
            if job.step > after:
                yield job
                after = job.step
            if job.state.is_final:
                return
            async with self._news:
                await self._news.wait_for(partial(self._has_changed, job))
            job = self.find(caller, name)

    def _has_changed(self, job: Job) -> bool:
        return self._jobs.get(job.id) != job

    async def close(self) -> None:
        """End all jobs; they are interrupted."""
        for name in list(self._tasks):
            await self._end(name)
            if not self._jobs[name].state.is_final or self._jobs[name].state is State.CANCELLED:
                await self._change(name, state=State.INTERRUPTED, error="the server was stopped")

    async def _run(self, name: str, order: str, time_s: float, finish: Finish | None) -> None:
        async with self._places:
            await self._change(name, state=State.RUNNING)
            try:
                async with asyncio.timeout(time_s):
                    result = await self._work(name, order)
            except TimeoutError:
                await self._change(name, state=State.FAILED, error=f"longer than {time_s:g} s")
                return
            except asyncio.CancelledError:
                await self._change(name, state=State.CANCELLED)
                raise
        if result is not None:
            self._finishing[name] = asyncio.create_task(self._finish(name, result, finish))
            self._finishing[name].add_done_callback(lambda _: self._finishing.pop(name, None))
            await asyncio.shield(self._finishing[name])

    async def _work(self, name: str, order: str) -> dict[str, Any] | None:
        """Have a process do the work; however this ends, the process ends too."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "api.jobs.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_BYTES,
        )
        if process.stdin is None or process.stdout is None:
            raise TypeError("both are pipes")
        result: dict[str, Any] | None = None
        try:
            process.stdin.write(order.encode() + b"\n")
            await process.stdin.drain()
            async for line in process.stdout:
                said = json.loads(line)
                result = said.get("result", result)
                await self._hear(name, said)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
            await process.wait()
        if result is None and not self._jobs[name].state.is_final:
            await self._change(name, state=State.FAILED, error="its process has ended early")
        return result

    async def _hear(self, name: str, said: dict[str, Any]) -> None:
        if "error" in said:
            await self._change(name, state=State.FAILED, error=said["error"])
        elif "result" not in said:
            await self._change(
                name, done=said["done"], total=said["total"], stage=said.get("stage", "")
            )

    async def _finish(self, name: str, result: dict[str, Any], finish: Finish | None) -> None:
        try:
            made = result if finish is None else await finish(result)
        except GraphError as error:
            reason = f"{type(error).__name__}: {error}"
            await self._change(name, state=State.FAILED, error=reason)
            return
        text = json.dumps(made, ensure_ascii=False).encode()
        await asyncio.to_thread(replace_file, self._folder / name / "result.json", text)
        await self._change(name, state=State.DONE)

    async def _change(self, name: str, **values: Any) -> None:
        job = self._jobs[name]
        self._put(replace(job, changed_at=_now(), step=job.step + 1, **values))
        async with self._news:
            self._news.notify_all()

    def _put(self, job: Job) -> None:
        folder = self._folder / job.id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        replace_file(folder / "state.json", json.dumps(asdict(job)).encode())
        self._jobs[job.id] = job

    def _clear_away(self) -> None:
        oldest = (datetime.now(UTC) - _KEPT_FOR).isoformat(timespec="milliseconds")
        for job in list(self._jobs.values()):
            if job.state.is_final and job.changed_at < oldest:
                self._remove(job.id)

    def _remove(self, name: str) -> None:
        shutil.rmtree(self._folder / name, ignore_errors=True)
        self._jobs.pop(name, None)
