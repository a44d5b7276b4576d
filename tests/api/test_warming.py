"""The first visitor of a version finds the main pages made."""

import asyncio
import logging
from contextlib import suppress
from itertools import count

import pytest
from fastapi import FastAPI
from starlette.types import Message, Receive, Scope, Send

from api import warming
from api.app import create_app
from api.i18n import LANGUAGES
from api.settings import Settings
from api.warming import MAIN_PAGES, Warmer, keep_read
from graph.catalogue import Query, find
from graph.errors import StoreUnavailableError
from graph.store import EmbeddedStore, Store, Visibility


class Asked:
    """An application that notes what it is asked, and fails where it should."""

    def __init__(self, failing: str = "") -> None:
        self.paths: list[str] = []
        self.failing = failing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.paths.append(scope["path"])
        if scope["path"] == self.failing:
            raise ValueError(scope["path"])


async def running(warmer: Warmer, rounds: int = 20) -> None:
    task = asyncio.create_task(warmer.run())
    for _ in range(rounds):
        await asyncio.sleep(0.01)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warming, "_LOOK_EVERY_S", 0.01)


def test_each_page_is_asked_once_for_a_version() -> None:
    app = Asked()

    asyncio.run(running(Warmer(app, lambda: "v1")))

    assert len(app.paths) == len(MAIN_PAGES) * len(LANGUAGES)
    assert {"/de/dashboards", "/en/dashboards", "/de/", "/en/"} <= set(app.paths)


def test_more_is_done_once_for_a_version_when_its_pages_are_warm() -> None:
    app, done = Asked(), list[int]()
    versions = iter(["v1"] * 5 + ["v2"] * 200)

    async def then() -> None:
        done.append(len(app.paths))

    asyncio.run(running(Warmer(app, lambda: next(versions), then)))

    pages = len(MAIN_PAGES) * len(LANGUAGES)
    assert done == [pages, 2 * pages]


def test_a_new_version_is_warmed_too() -> None:
    app = Asked()
    versions = iter(["v1"] * 5 + ["v2"] * 200)

    asyncio.run(running(Warmer(app, lambda: next(versions)), 40))

    assert app.paths.count("/de/dashboards") == 2


def test_a_page_that_fails_leaves_the_others_warm(caplog: pytest.LogCaptureFixture) -> None:
    app = Asked(failing="/de/")

    with caplog.at_level(logging.ERROR):
        asyncio.run(Warmer(app, lambda: "v1").warm())

    assert "/en/about" in app.paths
    assert "/de/ could not be made ahead" in caplog.text


def test_a_store_that_does_not_answer_is_asked_again() -> None:
    app = Asked()
    tries = count()

    def version() -> str:
        if next(tries) == 0:
            raise StoreUnavailableError("away")
        return "v1"

    asyncio.run(running(Warmer(app, version)))

    assert "/de/dashboards" in app.paths


def test_who_warms_a_page_stays_until_it_is_made() -> None:
    """What watches for clients that hang up would else hear of the missing body for ever."""
    heard: list[str] = []

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        heard.append((await receive())["type"])
        with suppress(TimeoutError):
            heard.append((await asyncio.wait_for(receive(), 0.01))["type"])

    asyncio.run(Warmer(listening, lambda: "v1").warm())

    assert heard == ["http.request"] * len(MAIN_PAGES) * len(LANGUAGES)


def test_pages_of_the_application_are_made(
    small_store: EmbeddedStore, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(settings.model_copy(update={"warm_pages": True}), small_store)
    read: list[str] = []

    def noting(name: str) -> Query:
        read.append(name)
        return find(name)

    monkeypatch.setattr("api.pages.dashboards.find", noting)
    statuses = asyncio.run(_statuses(app))

    assert {path: s for path, s in statuses.items() if s >= 500} == {}
    assert statuses["/de/dashboards"] == statuses["/en/enquiry"] == 200
    assert "brokers" in read
    read.clear()
    asyncio.run(_statuses(app))
    assert read == []


async def _statuses(app: FastAPI) -> dict[str, int]:
    """Warm an application; return what it answered."""
    found: dict[str, int] = {}

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                found[scope["path"]] = message["status"]
            await send(message)

        await app(scope, receive, note)

    await Warmer(noting, lambda: "v1").warm()
    return found


def test_what_signed_in_people_see_is_read_ahead(
    small_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[tuple[Store, str]] = []
    monkeypatch.setattr(warming, "words_of", lambda store, language: read.append((store, language)))
    narrower = {Visibility.INTERNAL: small_store}

    async def looking() -> None:
        task = asyncio.create_task(keep_read(narrower))
        await asyncio.sleep(0.3)
        task.cancel()
        await asyncio.wait([task])

    asyncio.run(looking())

    assert read == [(small_store, language) for language in LANGUAGES]
