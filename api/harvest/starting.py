"""Harvests as jobs: each in a process of its own, followed and cancelled like any other."""

import asyncio
import logging
from functools import partial
from typing import Any

from api.access.audit import AuditLog
from api.access.caller import Caller
from api.access.roles import Role
from api.access.writes import Writer
from api.jobs.keeper import Job, JobKeeper
from api.jobs.work import HarvestIn
from api.settings import Settings
from graph.errors import GraphError, NothingStagedError, SourceBusyError
from graph.harvest import (
    State,
    accept,
    is_published_at_once,
    is_running,
    read_report,
    read_source,
    settled,
)
from graph.harvest import sources_folder as folder_of

__all__ = ["Harvester"]

logger = logging.getLogger(__name__)


class Harvester:
    """Starts harvests for one application, and publishes those that need nobody."""

    def __init__(
        self, settings: Settings, jobs: JobKeeper, writer: Writer, audit: AuditLog
    ) -> None:
        self._settings = settings
        self._jobs = jobs
        self._writer = writer
        self._audit = audit
        self._started: dict[str, tuple[Caller, str]] = {}

    def start(self, caller: Caller, name: str) -> Job:
        """Begin a harvest, or let it wait for its turn.

        Raises:
            UnauthorizedError: The caller has no key.
            ForbiddenError: It is no coordinator.
            UnknownSourceError: The source is not described.
            SourceFormatError: Its description is not one.
            SourceBusyError: It is being harvested already, or waits for it.
            TooManyJobsError: There is no place for another job.
        """
        caller.require(Role.COORDINATOR)
        home = self._settings.home
        read_source(folder_of(home), name)
        if self.is_busy(name):
            raise SourceBusyError(name)
        job = self._jobs.start(
            caller,
            HarvestIn(kind="harvest", source=name),
            time_s=self._settings.harvest_timeout_s,
            finish=partial(self._finish, caller, name),
        )
        self._started[name] = caller, job.id
        self._audit.note("harvest-begun", key=caller.key, role=caller.role.value, source=name)
        return job

    def is_busy(self, name: str) -> bool:
        """Tell whether a source is being harvested, by a job or by hand, or waits for it."""
        return self.job_of(name) is not None or is_running(self._settings.home, name)

    def job_of(self, name: str) -> Job | None:
        """Return the job that harvests a source now or waits for it, whoever started it."""
        if name not in self._started:
            return None
        caller, job_id = self._started[name]
        job = next((one for one in self._jobs.of(caller) if one.id == job_id), None)
        return None if job is None or job.state.is_final else job

    async def cancel(self, caller: Caller, name: str) -> Job:
        """End the harvest of a source, whoever started it; the next one goes on where it was.

        Raises:
            UnauthorizedError: The caller has no key.
            ForbiddenError: It is no coordinator.
            NothingStagedError: None has been started here.
        """
        caller.require(Role.COORDINATOR)
        job = self.job_of(name)
        if job is None:
            raise NothingStagedError(name, "is not being harvested by a job of this server")
        starter, _ = self._started[name]
        ended = await self._jobs.cancel(starter, job.id)
        self._audit.note("harvest-cancelled", key=caller.key, role=caller.role.value, source=name)
        return ended

    async def _finish(self, caller: Caller, name: str, said: dict[str, Any]) -> dict[str, Any]:
        """Publish what passes by itself; the job is done after that."""
        home = self._settings.home
        report = await asyncio.to_thread(read_report, home, name)
        if report is None or report.digest != said["digest"]:
            raise NothingStagedError(name, "another harvest has come in between")
        self._audit.note("harvest-done", source=name, state=report.state.value)
        if not await asyncio.to_thread(is_published_at_once, home, report):
            return said
        try:
            change = await asyncio.to_thread(accept, home, name, report.digest, by_person=False)
            await self._writer.apply(caller, change)
            await asyncio.to_thread(settled, home, name, report.digest)
        except GraphError as error:
            logger.warning("harvest of %s: %s", name, error)
            self._audit.note("harvest-failed", source=name, reason=type(error).__name__)
            raise
        return said | {"state": State.PUBLISHED.value}
