"""What request handlers ask for."""

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from api.settings import Settings
from graph.store import Store, Visibility
from graph.store.runner import QueryRunner

__all__ = ["Caller", "CallerDep", "RunnerDep", "SettingsDep", "StoreDep"]


def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


def _store(request: Request) -> Store:
    """Return the newest generation; the request keeps to it."""
    newest = cast(Store, request.app.state.store).latest()
    request.app.state.store = newest
    return newest


def _runner(request: Request) -> QueryRunner:
    return cast(QueryRunner, request.app.state.runner)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Attributes:
        client: What its queries are counted by: its address.
        visibility: What it may see.
    """

    client: str
    visibility: Visibility


def _caller(request: Request) -> Caller:
    """Return the anonymous caller; roles come with keys."""
    address = request.client.host if request.client else "unknown"
    return Caller(address, Visibility.PUBLIC)


SettingsDep = Annotated[Settings, Depends(_settings)]
StoreDep = Annotated[Store, Depends(_store)]
RunnerDep = Annotated[QueryRunner, Depends(_runner)]
CallerDep = Annotated[Caller, Depends(_caller)]
