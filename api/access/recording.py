"""Records over HTTP: who changes one says which state of it they have read, so nothing is lost.

A record is answered with its tag as ``ETag``; a change sends the tag back in ``If-Match``. What
happens to another record in between does not disturb (:mod:`graph.records`).
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from api.access.caller import Caller
from api.access.roles import Role
from api.access.writes import RECEIPTS, Writer
from api.dependencies import caller_of, store_of
from api.errors import PreconditionRequiredError
from graph.errors import VersionConflictError
from graph.records import Entry
from graph.store import Store

__all__ = [
    "CHANGES",
    "CREATES",
    "READS",
    "CoordinatorDep",
    "Recorder",
    "RecorderDep",
    "coordinator_of",
]

_TRIES = 5
"""How often a new record is tried when somebody else gets in first."""

READS: dict[int | str, dict[str, Any]] = {
    401: {"description": "No key was sent"},
    403: {"description": "The role may not see this"},
    404: {"description": "There is no such record"},
}

CREATES: dict[int | str, dict[str, Any]] = {
    **RECEIPTS,
    404: {"description": "A word names nothing known"},
    409: {"description": "What it rests on is in a state in which this cannot be done"},
    412: {"description": "Others have been quicker, each time"},
}
CHANGES: dict[int | str, dict[str, Any]] = {
    **RECEIPTS,
    404: {"description": "There is no such record, or a word names nothing known"},
    409: {"description": "The record is in a state in which this cannot be done"},
    412: {"description": "Somebody else has changed the record since it was read"},
    428: {"description": "`If-Match` is missing: send the `ETag` that the record was read with"},
}


async def coordinator_of(request: Request) -> Caller:
    """Return the caller.

    Raises:
        UnauthorizedError: It has no key.
        ForbiddenError: It is no coordinator.
    """
    caller = await caller_of(request)
    caller.require(Role.COORDINATOR)
    return caller


CoordinatorDep = Annotated[Caller, Depends(coordinator_of)]


@dataclass(frozen=True, slots=True)
class Recorder:
    """Applies changes of records for one request.

    Attributes:
        request: The request.
        caller: Who asks; a coordinator.
        store: The generation that the request began with.
    """

    request: Request
    caller: Caller
    store: Store

    @property
    def tag(self) -> str:
        """The tag in ``If-Match``; empty for ``*``, which takes any state.

        Raises:
            PreconditionRequiredError: There is none.
        """
        sent = self.request.headers.get("if-match", "").strip()
        if not sent:
            raise PreconditionRequiredError(
                "send the ETag that you have read the record with as If-Match"
            )
        if sent == "*":
            return ""
        # a weak tag never matches here (RFC 9110, 13.1.1)
        return sent.removeprefix('"').removesuffix('"') if sent.startswith('"') else "weak"

    async def change(
        self, make: Callable[[Store, str], Entry], *, tag: str | None = None
    ) -> tuple[str, Store]:
        """Change a record that is there.

        Args:
            make: Returns the change, from the store and the tag that the client has read.
            tag: The tag where a form holds it; that of ``If-Match`` when omitted.

        Returns:
            IRI of the record, and the generation that has the change.

        Raises:
            PreconditionRequiredError: The client does not say what it has read.
            VersionConflictError: Somebody else has changed the record.
        """
        read = self.tag if tag is None else tag
        entry = await asyncio.to_thread(make, self.store, read)
        return await self._applied(entry)

    async def create(self, make: Callable[[Store], Entry]) -> tuple[str, Store]:
        """Make a new record; tried again when somebody else has taken its number first.

        Raises:
            VersionConflictError: Others got in first each time.
        """
        store = self.store
        for left in reversed(range(_TRIES)):
            entry = await asyncio.to_thread(make, store)
            try:
                return await self._applied(entry)
            except VersionConflictError:
                if not left:
                    raise
                store = await store_of(self.request)
        raise AssertionError("the last try returns or raises")

    async def _applied(self, entry: Entry) -> tuple[str, Store]:
        writer: Writer = self.request.app.state.writer
        await writer.apply(self.caller, entry.write)
        return entry.record, await store_of(self.request)


async def recorder_of(request: Request, caller: CoordinatorDep) -> Recorder:
    """Return what applies changes, to a coordinator."""
    return Recorder(request, caller, await store_of(request))


RecorderDep = Annotated[Recorder, Depends(recorder_of)]
