"""The pages in a real browser: accessibility, sizes, keyboard, no request to elsewhere.

Playwright comes from PyPI and drives the system's Chromium; its own browsers are not installed.
Without Chromium the tests are skipped, except where ``CI`` is ``true``: there they fail.
"""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = [
    "",
    "consortia?enquiry=E13",
    "consortia?enquiry=E19&max_members=3",
    "consortia?competence=quux",
    "organisations?q=a",
    "organisations/asphericon",
    "organisations/optonet",
    "competences",
    "competences/optikfertigung",
    "queries",
    "queries/weak-claims",
    "resources/id/site-asphericon",
    "resources/shape/graph-visibility",
    "about",
    "no/such/page",
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium_path() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        message = "no chromium on this machine: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="module")
def base(home: Path, reference: EmbeddedStore) -> Iterator[str]:
    """Address of a running application over the shipped reference graph."""
    app = create_app(Settings(home=home), reference)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    limit = time.monotonic() + 30
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < limit, "the server did not start in time"
        time.sleep(0.01)
    [listening] = server.servers[0].sockets
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


class Visit:
    """A browser window that fails on requests to elsewhere and on errors in its console."""

    def __init__(self, browser: Browser, base: str, **settings: object) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=base,
            **settings,  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.elsewhere: list[str] = []
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.context.route("**/*", self._guard)

    def _guard(self, route: Route) -> None:
        if urlsplit(route.request.url).hostname == "127.0.0.1":
            route.continue_()
        else:
            self.elsewhere.append(route.request.url)
            route.abort()

    def open(self, path: str) -> Page:
        self.page.goto(path)
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return self.page

    def close(self) -> None:
        self.context.close()
        assert self.elsewhere == []
        # The status of a page that says what is missing is an error to the console.
        assert [e for e in self.errors if "404" not in e and "422" not in e] == []


@pytest.fixture
def visit(browser: Browser, base: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    settings = {"viewport": {"width": 1280, "height": 900}} | getattr(request, "param", {})
    opened = Visit(browser, base, **settings)
    yield opened
    opened.close()


LIGHT, DARK = {"color_scheme": "light"}, {"color_scheme": "dark"}
PHONE = {"viewport": {"width": 360, "height": 740}}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": STANDARDS}})
    return [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]


@pytest.mark.parametrize(
    ("visit", "language"),
    [(LIGHT, "de"), (DARK, "en")],
    indirect=["visit"],
    ids=["light-de", "dark-en"],
)
@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible(visit: Visit, language: str, path: str) -> None:
    assert violations(visit.open(f"/{language}/{path}")) == []


def test_check_of_accessibility_can_fail(visit: Visit) -> None:
    page = visit.open("/de/")
    page.evaluate("document.documentElement.removeAttribute('lang')")

    assert any("html-has-lang" in line for line in violations(page))


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_phone_never_scrolls_sideways(visit: Visit, path: str) -> None:
    page = visit.open(f"/de/{path}")

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_keyboard_begins_with_the_skip_link_and_is_always_seen(visit: Visit) -> None:
    page = visit.open("/de/consortia?enquiry=E13")
    words = []
    for _ in range(15):
        page.keyboard.press("Tab")
        focus = "(() => { const e = document.activeElement; return [e.textContent.trim(), "
        focus += "getComputedStyle(e).outlineStyle]; })()"
        text, outline = page.evaluate(focus)
        words.append(text)
        assert outline != "none", text

    assert words[0] == "Zum Inhalt springen"
    page.keyboard.press("Shift+Tab")


@pytest.mark.parametrize("visit", [{"java_script_enabled": False}], indirect=True)
def test_enquiry_is_asked_and_a_member_left_out_without_javascript(visit: Visit) -> None:
    page = visit.page
    page.goto("/de/")
    page.get_by_label("Was brauchen Sie?").fill("Fräsen, Kleben")
    page.get_by_role("button", name="Konsortium finden").click()
    first = page.locator(".member h3 a").first.inner_text()

    page.get_by_role("link", name=f"Ohne lösen {first}").click()

    assert page.get_by_text(f"ohne {first}").first.is_visible()
    assert first not in page.locator(".member h3").all_inner_texts()


def test_lanes_are_a_table_that_names_its_gap(visit: Visit) -> None:
    page = visit.open("/en/consortia?enquiry=E13")

    row = page.get_by_role("table", name="Which member serves which requirement").get_by_role(
        "row", name="Kältetechnik"
    )

    assert row.get_by_text("Gap").is_visible()


def test_font_is_our_own(visit: Visit) -> None:
    page = visit.open("/de/")

    assert page.evaluate("document.fonts.check('16px Inter')")


def test_print_fits_a4_landscape(visit: Visit, tmp_path: Path) -> None:
    page = visit.open("/de/consortia?enquiry=E13")
    page.emulate_media(media="print")

    content = page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True, tagged=True)

    assert content.startswith(b"%PDF")
    assert not page.locator("nav[aria-label=Hauptmenü]").is_visible()
    assert page.locator("figure svg.map").is_visible()
