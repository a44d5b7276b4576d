"""On whose behalf a tool works: what it may see, and what runs its queries."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import Request

from api.access.audit import AuditLog
from api.access.caller import Caller
from api.access.keys import KeyStore, key_id
from api.access.limiter import Limiter
from api.dependencies import served
from api.errors import UnauthorizedError
from api.settings import Settings
from api.stores import open_store, runner_of
from graph.store import Store, Visibility
from graph.store.runner import QueryRunner

__all__ = ["Access", "AccessOf", "RefusedError", "local_access", "remote_access"]

KEY_VARIABLE = "VERBUND_KEY"
_ENDED = f"the key in {KEY_VARIABLE} is unknown, revoked or expired"


class RefusedError(Exception):
    """A call is not carried out: its key has ended, or too many calls have come."""


@dataclass(frozen=True, slots=True)
class Access:
    """What one call works with.

    Attributes:
        store: The generation as the caller may see it.
        runner: Runs queries, with the limits of the server.
        caller: Who asks.
    """

    store: Store
    runner: QueryRunner
    caller: Caller


AccessOf = Callable[[object], Awaitable[Access]]
"""Returns the access of the HTTP request that a call came with; ``None`` on standard input."""


async def remote_access(request: object) -> Access:
    """Return the access of an HTTP request that has passed the gate."""
    if not isinstance(request, Request):
        raise TypeError("tools of the server are called over HTTP")
    serving = served(request)
    return Access(serving.store, serving.runner, serving.caller)


@asynccontextmanager
async def local_access(settings: Settings) -> AsyncIterator[AccessOf]:
    """Give the access of a process on this machine: public, or what a key allows.

    The key is read from the environment variable ``VERBUND_KEY``. Calls are counted and keys noted
    as those of the server are; a key that ends while the process runs ends its access.

    Raises:
        UnauthorizedError: The key is unknown, revoked or expired.
        StoreUnavailableError: Nothing has been loaded yet.
    """
    keys = KeyStore(settings.home)
    caller = _local_caller(settings, keys)
    calls = Limiter(settings.rate_per_s, settings.rate_burst)
    store = open_store(settings, caller.visibility)
    runner = runner_of(store, settings.run_limits())
    await runner.start()

    async def access_of(_: object) -> Access:
        if caller.key and keys.valid(caller.key) is None:
            raise RefusedError(_ENDED)
        if calls.is_on and not (verdict := calls.take(caller.client)).is_allowed:
            raise RefusedError(f"too many calls; try again in {verdict.wait_s} s")
        return Access(store.latest(), runner, caller)

    try:
        yield access_of
    finally:
        await runner.close()


def _local_caller(settings: Settings, keys: KeyStore) -> Caller:
    """Return who calls, by the key in the environment.

    Raises:
        UnauthorizedError: The key is unknown, revoked or expired.
    """
    token = os.environ.get(KEY_VARIABLE)
    if not token:
        return Caller("stdio", Visibility.PUBLIC)
    audit = AuditLog(settings.home, settings.audit_max_mib * 1024**2)
    key = keys.verify(token)
    if key is None:
        audit.note("key-refused", key=key_id(token), by="mcp")
        raise UnauthorizedError(_ENDED)
    audit.note("key-used", key=key.id, role=key.role, by="mcp")
    return Caller(f"key:{key.id}", key.role.visibility, key.role, key.id)
