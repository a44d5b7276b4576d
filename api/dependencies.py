"""What request handlers ask for."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.settings import Settings
from graph.store import Store, Visibility
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


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        client: What its queries are counted by: its address.
        visibility: What it may see.
    """

    client: str
    visibility: Visibility


# Dependencies are coroutines: FastAPI runs plain functions in a thread, which costs 0.1 ms each.


async def settings_of(request: Request) -> Settings:
    """Return how the server runs."""
    return cast(Settings, request.app.state.settings)


async def store_of(request: Request) -> Store:
    """Return the newest generation; the request keeps to it."""
    newest = cast(Store, request.app.state.store).latest()
    request.app.state.store = newest
    return newest


async def runner_of(request: Request) -> QueryRunner:
    """Return what runs queries of strangers."""
    return cast(QueryRunner, request.app.state.runner)


async def caller_of(request: Request) -> Caller:
    """Return the anonymous caller; roles come with keys."""
    address = request.client.host if request.client else "unknown"
    return Caller(address, Visibility.PUBLIC)


@dataclass(frozen=True, slots=True)
class Served:
    """All of the above."""

    settings: Settings
    store: Store
    runner: QueryRunner
    caller: Caller


async def served(request: Request) -> Served:
    """Return all of the above at once, for paths where each tenth of a millisecond counts."""
    return Served(
        await settings_of(request),
        await store_of(request),
        await runner_of(request),
        await caller_of(request),
    )


SettingsDep = Annotated[Settings, Depends(settings_of)]
StoreDep = Annotated[Store, Depends(store_of)]
RunnerDep = Annotated[QueryRunner, Depends(runner_of)]
CallerDep = Annotated[Caller, Depends(caller_of)]
