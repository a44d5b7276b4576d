"""Every page in a real browser: accessible light and dark, narrow enough, asking no other host."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jinja2 import Environment, Template
from playwright.sync_api import Browser

from api.app import create_app
from api.dependencies import store_of
from api.i18n import LANGUAGES
from api.settings import Settings
from graph.errors import StoreUnavailableError
from graph.store import EmbeddedStore
from tests.desk.conftest import valley
from tests.serving import serving

from .every_page import (
    ADDRESSES,
    DOCUMENTS,
    SHOWN,
    Address,
    is_of,
    other_paths,
    page_routes,
    unlisted_routes,
)
from .houses import Houses, houses_of
from .visiting import Visit, violations

__all__ = ["valley"]

UNFOLD = """
  const folds = [...document.querySelectorAll('details')];
  folds.slice(0, 60).forEach(one => { one.open = true; });
"""
"""Opens what is folded; of the thousand branches of a tree, which are alike, the first."""


@pytest.fixture(scope="module")
def houses(home: Path, valley: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Houses]:
    with houses_of(home, valley, tmp_path_factory.mktemp("office") / "home") as found:
        yield found


@pytest.fixture
def opened(browser: Browser, houses: Houses, address: Address) -> Iterator[Visit]:
    """A window of whom the address is for."""
    visit = houses.visit(browser, address.visitor)
    yield visit
    visit.close()


def slug(address: Address) -> str:
    """Name a picture of a page."""
    return re.sub(r"[^A-Za-z0-9]+", "-", str(address))[:80].strip("-")


def test_every_page_has_an_address_to_look_at(app: FastAPI) -> None:
    assert unlisted_routes(app) == set()
    assert SHOWN.keys() - page_routes(app) == set()
    assert page_routes(app) >= DOCUMENTS


def test_page_that_nobody_listed_is_noticed(reference: EmbeddedStore, home: Path) -> None:
    app = create_app(Settings(home=home), reference)
    app.add_api_route("/en/new-page/{name}", lambda: None)

    assert unlisted_routes(app) == {"new-page/{name}"}


@pytest.mark.parametrize("route", SHOWN)
def test_addresses_show_their_own_route(route: str) -> None:
    assert all(is_of(route, path) for path in SHOWN[route])


def test_browsers_are_given_pages_in_a_language_and_the_reference_only(
    app: FastAPI, client: TestClient
) -> None:
    paths = other_paths(app)
    answers = {path: client.get(path, headers={"Accept": "text/html"}) for path in paths}

    shown = {p for p, a in answers.items() if "html" in a.headers.get("content-type", "")}
    assert shown == {"/docs"}
    assert answers["/"].status_code == answers["/def"].status_code == 303


def test_every_template_is_looked_at(houses: Houses, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: set[str] = set()
    take = Environment.get_template

    def noting(self: Environment, name: str, *rest: Any, **more: Any) -> Template:
        seen.add(name)
        return take(self, name, *rest, **more)

    monkeypatch.setattr(Environment, "get_template", noting)
    every = {file.name for file in files("api").joinpath("templates").iterdir()}
    first = [paths[0] for paths in SHOWN.values()]
    for address in sorted(ADDRESSES, key=lambda one: one.path not in first):
        if every - seen != {"unavailable.html", "reference.html"}:
            houses.read(address, "de")

    assert every - seen == {"unavailable.html", "reference.html"}


def looked_at() -> list[Any]:
    """Every address in German, and one of each route in English."""
    first = {paths[0] for paths in SHOWN.values()}
    return [
        pytest.param(address, language, id=f"{language}-{address}")
        for language in LANGUAGES
        for address in ADDRESSES
        if language == "de" or address.path in first
    ]


@pytest.mark.parametrize(("address", "language"), looked_at())
def test_page_is_accessible_light_and_dark_and_fits_a_phone(
    opened: Visit, houses: Houses, address: Address, language: str
) -> None:
    """One visit for all three, for each takes a second or two.

    Colours do not depend on the language: German pages are looked at in both, English ones dark.
    """
    page = opened.open(houses.path(address, language))
    page.evaluate(UNFOLD)

    if language == "de":
        opened.picture(f"page-{slug(address)}")
        assert violations(page) == []
        page.emulate_media(color_scheme="dark")
        assert violations(page, only=("color-contrast", "link-in-text-block")) == []
    else:
        page.emulate_media(color_scheme="dark")
        assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_reference_of_the_api_is_accessible(browser: Browser, houses: Houses) -> None:
    visit = houses.visit(browser)
    page = visit.open("/docs")
    page.wait_for_selector(".opblock-summary-control")
    page.wait_for_selector("#servers[aria-label]")

    assert violations(page) == []
    for method in ("get", "post", "put", "patch", "delete"):
        operation = page.locator(f".opblock-{method}:has([data-path^='/api/v1/'])").first
        operation.locator(".opblock-summary-control").click()
        operation.locator(".responses-wrapper").wait_for()
    page.wait_for_selector(".opblock-post .microlight[tabindex]")
    assert violations(page) == []
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    visit.close()


def test_page_that_stands_for_a_silent_store_is_accessible(
    browser: Browser, home: Path, reference: EmbeddedStore
) -> None:
    def failing() -> None:
        raise StoreUnavailableError("no answer")

    app = create_app(Settings(home=home, rate_per_s=0), reference)
    app.dependency_overrides[store_of] = failing
    with serving(app) as base:
        visit = Visit(browser, base)
        page = visit.open("/de/organisations")
        assert page.locator("h1").is_visible()
        assert violations(page) == []
        visit.context.close()
