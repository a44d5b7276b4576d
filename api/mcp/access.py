"""On whose behalf a tool works: what it may see, and what runs its queries."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import Request

from api.access.caller import Caller
from api.access.keys import KeyStore
from api.dependencies import served
from api.errors import UnauthorizedError
from api.settings import Settings
from api.stores import open_store, runner_of
from graph.store import EmbeddedStore, Store, Visibility
from graph.store.runner import QueryRunner

__all__ = ["Access", "AccessOf", "local_access", "remote_access"]

KEY_VARIABLE = "VERBUND_KEY"


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

    The key is read from the environment variable ``VERBUND_KEY``.

    Raises:
        UnauthorizedError: The key is unknown, revoked or expired.
        StoreUnavailableError: Nothing has been loaded yet.
    """
    caller = Caller("stdio", Visibility.PUBLIC)
    token = os.environ.get(KEY_VARIABLE)
    if token:
        key = KeyStore(settings.home).verify(token)
        if key is None:
            raise UnauthorizedError("the key in VERBUND_KEY is unknown, revoked or expired")
        caller = Caller(f"key:{key.id}", key.role.visibility, key.role, key.id)
    store = open_store(settings)
    if isinstance(store, EmbeddedStore):
        store = EmbeddedStore(store.home, caller.visibility)
    runner = runner_of(store, settings.run_limits())
    await runner.start()

    async def access_of(_: object) -> Access:
        return Access(store.latest(), runner, caller)

    try:
        yield access_of
    finally:
        await runner.close()
