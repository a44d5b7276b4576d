"""Writes over HTTP: one after the other, each in a process of its own, each noted."""

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict

from api.access.audit import AuditLog, Fact
from api.access.caller import Caller
from api.access.roles import Role
from api.dependencies import caller_of
from api.settings import Settings
from graph.errors import GraphError
from graph.writer import WriterProcess
from graph.writing import Kind, Receipt, Write

__all__ = ["RECEIPTS", "ReceiptOut", "Writer", "WriterDep", "conditions"]


class FindingOut(BaseModel):
    """One thing that a shape or a check found."""

    model_config = ConfigDict(from_attributes=True)

    severity: str
    focus: str
    path: str
    value: str
    shape: str
    message: str


class ReceiptOut(BaseModel):
    """What a write did.

    Attributes:
        version: Graph version that answers now; give it as `If-Match` of the next write.
        before: Graph version before; equal to `version` when nothing changed.
        created: Graphs that are new.
        changed: Graphs whose statements or description changed.
        added: Number of new statements.
        removed: Number of statements that are gone.
        findings: Warnings and hints about what changed.
    """

    model_config = ConfigDict(from_attributes=True)

    version: str
    before: str
    created: list[str]
    changed: list[str]
    added: int
    removed: int
    findings: list[FindingOut]


RECEIPTS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The request cannot be read, or uses LOAD or SERVICE"},
    401: {"description": "No key was sent"},
    403: {"description": "The role may not write, or nobody writes to this graph"},
    412: {"description": "The graph is not in the state that the write is meant for"},
    422: {"description": "The result would break a shape or a check; nothing was written"},
    503: {"description": "Somebody else is writing"},
    504: {"description": "The write took too long; nothing was written"},
}


class Writer:
    """Applies the writes of one application."""

    def __init__(self, settings: Settings, audit: AuditLog) -> None:
        self._settings = settings
        self._audit = audit
        self._turn = asyncio.Lock()
        memory_bytes = settings.write_memory_mib * 1024**2
        self._process = WriterProcess(settings.home, memory_bytes=memory_bytes)

    def start(self) -> None:
        """Let the process that writes get ready, so that the first write need not wait for it."""
        self._process.start()

    async def close(self) -> None:
        """End it, after the write that it is at."""
        await asyncio.to_thread(self._process.close)

    async def apply(self, caller: Caller, change: Write) -> Receipt:
        """Apply a change and note it.

        A client that goes away does not end its write: it would never know what came of it.

        Raises:
            UnauthorizedError: The caller has no key.
            ForbiddenError: It is no coordinator.
            GraphError: See :meth:`graph.writer.WriterProcess.run`.
        """
        caller.require(Role.COORDINATOR)
        return await asyncio.shield(asyncio.ensure_future(self._in_turn(caller, change)))

    async def renew(self) -> Receipt:
        """Derive anew what validity has changed since; nobody asks for it but the calendar.

        Raises:
            GraphError: See :meth:`graph.writer.WriterProcess.run`.
        """
        return await asyncio.shield(asyncio.ensure_future(self._in_turn(None, Write(Kind.RENEW))))

    async def _in_turn(self, caller: Caller | None, change: Write) -> Receipt:
        async with self._turn:
            return await asyncio.to_thread(self._run, caller, change)

    def _run(self, caller: Caller | None, change: Write) -> Receipt:
        facts: dict[str, Fact] = {"by": "calendar"}
        if caller is not None:
            facts = {"key": caller.key, "role": caller.role.value, "address": caller.address}
        facts |= {"kind": change.kind.value, "graph": change.graph}
        # noted before it begins, so that no write is without a line, whatever happens
        self._audit.note("write-begun", **facts)
        try:
            receipt = self._process.run(change, timeout_s=self._settings.write_timeout_s)
        except GraphError as error:
            self._audit.note("write-refused", **facts, reason=type(error).__name__)
            raise
        facts |= {"version": receipt.version, "before": receipt.before}
        facts |= {"added": receipt.added, "removed": receipt.removed}
        self._audit.note("write-done", **facts, changed=list(receipt.changed))
        return receipt


def conditions(request: Request, change: Write) -> Write:
    """Return a change with what `If-Match` and `If-None-Match` demand (RFC 9110, 13.1).

    A tag is that of a GET of a graph, or a version in quotes.
    """
    match = request.headers.get("if-match")
    if match is not None and match.strip() != "*":
        # a weak tag never matches here
        tags = [tag.strip() for tag in match.split(",") if not tag.strip().startswith("W/")]
        versions = tuple(tag.strip('"').partition("/")[0] for tag in tags)
        change = replace(change, expected=versions or ("no strong tag",))
    return replace(
        change,
        must_exist=match is not None and match.strip() == "*",
        must_be_new=request.headers.get("if-none-match", "").strip() == "*",
    )


async def writer_of(request: Request) -> Writer:
    """Return what applies writes, to a caller that may write.

    Raises:
        UnauthorizedError: The caller has no key.
        ForbiddenError: It is no coordinator.
    """
    caller = await caller_of(request)
    caller.require(Role.COORDINATOR)
    found: Writer = request.app.state.writer
    return found


WriterDep = Annotated[Writer, Depends(writer_of)]
