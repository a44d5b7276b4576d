"""Harvests that run beside the server, each in a process of its own."""

import asyncio
import logging
import threading

from api.access.audit import AuditLog
from api.access.caller import Caller
from api.access.writes import Writer
from api.settings import Settings
from graph.errors import GraphError, SourceBusyError
from graph.harvest import accept, is_published_at_once, is_running, read_source, settled
from graph.harvest import sources_folder as folder_of
from graph.harvest.process import run

__all__ = ["Harvester"]

logger = logging.getLogger(__name__)


class Harvester:
    """Starts harvests for one application, and publishes those that need nobody."""

    def __init__(self, settings: Settings, writer: Writer, audit: AuditLog) -> None:
        self._settings = settings
        self._writer = writer
        self._audit = audit
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._stop = threading.Event()

    def start(self, caller: Caller, name: str) -> None:
        """Begin a harvest.

        Raises:
            UnknownSourceError: The source is not described.
            SourceFormatError: Its description is not one.
            SourceBusyError: It is being harvested already.
        """
        home = self._settings.home
        read_source(folder_of(home), name)
        if name in self._tasks or is_running(home, name):
            raise SourceBusyError(name)
        self._audit.note("harvest-begun", key=caller.key, role=caller.role.value, source=name)
        task = asyncio.create_task(self._run(caller, name))
        self._tasks[name] = task
        task.add_done_callback(lambda _: self._tasks.pop(name, None))

    async def _run(self, caller: Caller, name: str) -> None:
        """Harvest, and publish what passes by itself; what fails is noted, not raised."""
        home, limits = self._settings.home, self._settings
        try:
            report = await asyncio.to_thread(
                run,
                home,
                name,
                timeout_s=limits.harvest_timeout_s,
                memory_bytes=limits.write_memory_mib * 1024**2,
                stop=self._stop,
            )
            self._audit.note("harvest-done", source=name, state=report.state.value)
            if await asyncio.to_thread(is_published_at_once, home, report):
                change = accept(home, name, report.digest, by_person=False)
                await self._writer.apply(caller, change)
                settled(home, name, report.digest)
        except GraphError as error:
            # who asked is gone; the report and the log say what happened
            logger.warning("harvest of %s: %s", name, error)
            self._audit.note("harvest-failed", source=name, reason=type(error).__name__)

    async def close(self) -> None:
        """Stop what runs; a harvest that is cut off goes on where it was, next time."""
        self._stop.set()
        await asyncio.gather(*self._tasks.values())
