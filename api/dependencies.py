"""What request handlers ask for."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.access.caller import Caller
from api.access.gate import CALLER
from api.settings import Settings
from api.versions import note_read
from graph.store import EmbeddedStore, Store, Visibility
from graph.store.remote import RemoteRunner
from graph.store.runner import QueryRunner

__all__ = [
    "Caller",
    "CallerDep",
    "RunnerDep",
    "Served",
    "SettingsDep",
    "StoreDep",
    "served",
]


# Dependencies are coroutines: FastAPI runs plain functions in a thread, which costs 0.1 ms each.


async def settings_of(request: Request) -> Settings:
    """Return how the server runs."""
    return cast(Settings, request.app.state.settings)


async def store_of(request: Request) -> Store:
    """Return the newest generation as the caller may see it; the request keeps to it."""
    return _store_for(request, request.scope[CALLER])


def _store_for(request: Request, caller: Caller) -> Store:
    store = _newest(request, caller.visibility)
    note_read(request, store)
    return store


def _newest(request: Request, visibility: Visibility) -> Store:
    state = request.app.state
    if visibility is Visibility.PUBLIC:
        state.store = cast(Store, state.store).latest()
        return cast(Store, state.store)
    if isinstance(state.runner, RemoteRunner):
        return state.runner.store(visibility)
    known = state.narrower.get(visibility) or EmbeddedStore(state.store.home, visibility)
    state.narrower[visibility] = known.latest()
    return cast(Store, state.narrower[visibility])


async def runner_of(request: Request) -> QueryRunner:
    """Return what runs queries of strangers."""
    return cast(QueryRunner, request.app.state.runner)


async def caller_of(request: Request) -> Caller:
    """Return who asks, as the gate has found."""
    return cast(Caller, request.scope[CALLER])


@dataclass(frozen=True, slots=True)
class Served:
    """All of the above."""

    settings: Settings
    store: Store
    runner: QueryRunner
    caller: Caller


def served(request: Request) -> Served:
    """Return all of the above at once, for paths where each tenth of a millisecond counts."""
    caller = cast(Caller, request.scope[CALLER])
    state = request.app.state
    return Served(state.settings, _store_for(request, caller), state.runner, caller)


SettingsDep = Annotated[Settings, Depends(settings_of)]
StoreDep = Annotated[Store, Depends(store_of)]
RunnerDep = Annotated[QueryRunner, Depends(runner_of)]
CallerDep = Annotated[Caller, Depends(caller_of)]
