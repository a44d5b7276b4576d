"""A real browser for tests of pages.

Playwright comes from PyPI and drives the system's Chromium; its own browsers are not installed.
The one without a user interface is the same engine and opens a window in a third of the time.
Without Chromium the tests are skipped, except where ``CI`` is ``true``: there they fail.
"""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route

__all__ = [
    "ARGUMENTS",
    "DARK",
    "LIGHT",
    "PHONE",
    "STANDARDS",
    "Visit",
    "chromium_path",
    "violations",
]

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_PATIENCE_MS = 120_000  # a machine may have much else to do
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium_path() -> str:
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        message = "no chromium on this machine: apt-get install chromium-headless-shell"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return found


class Visit:
    """A browser window that fails on requests to elsewhere and on errors in its console."""

    def __init__(self, browser: Browser, base: str, **settings: object) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=base,
            **settings,  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.page.set_default_navigation_timeout(_PATIENCE_MS)
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

    def picture(self, name: str) -> None:
        """Keep how the page looks now, in the folder ``VERBUND_PICTURES`` where CI collects."""
        folder = os.environ.get("VERBUND_PICTURES")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    def close(self) -> None:
        self.context.close()
        assert self.elsewhere == []
        # The status of a page that says what is missing is an error to the console.
        told = ("403", "404", "422")
        assert [e for e in self.errors if not any(status in e for status in told)] == []


LIGHT, DARK = {"color_scheme": "light"}, {"color_scheme": "dark"}
PHONE = {"viewport": {"width": 360, "height": 740}}


def violations(page: Page, only: Sequence[str] = ()) -> list[str]:
    """Return what axe finds wrong by our standards, or by a few rules only."""
    kind, values = ("rule", list(only)) if only else ("tag", STANDARDS)
    page.wait_for_load_state("load")  # after a click the new page may still lack its style
    # naming only what is wrong halves the time, for pages have thousands of nodes that are right
    options = {"runOnly": {"type": kind, "values": values}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options)
    return [
        f"{v['id']}: {node['target']} {node['failureSummary']}"
        for v in found.response["violations"]
        for node in v["nodes"]
    ]
