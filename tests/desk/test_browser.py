"""A day of a coordinator in a real browser: from an e-mail to an order, also without script."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.desk import Status, read_desk_enquiry
from graph.store import EmbeddedStore, Visibility
from tests.serving import chromium, serving
from tests.web.office import session_cookie
from tests.web.visiting import PHONE, Visit, violations

TEXT = "Wir suchen Drehen und Beschichten. Fragen an einkauf@ausland.example"
SLOW_MS = 90_000
"""A change is validated in a process of its own, which starts with the first."""


@pytest.fixture
def home(valley: Path, tmp_path: Path) -> Path:
    shutil.copytree(valley, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def base(home: Path) -> Iterator[str]:
    settings = Settings(home=home, ad_hoc_workers=1, page_workers=1, rate_burst=10_000)
    with serving(create_app(settings, EmbeddedStore(home))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def visit(
    browser: Browser, base: str, home: Path, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    opened = Visit(browser, base, **getattr(request, "param", {}))
    opened.page.set_default_timeout(SLOW_MS)
    cookie = session_cookie(home, base, Role.COORDINATOR)
    opened.context.add_cookies([cookie])  # type: ignore[list-item]
    yield opened
    opened.close()


def said(page: Page, text: str) -> None:
    expect(page.get_by_role("status")).to_have_text(text, timeout=SLOW_MS)


def unfold(page: Page, heading: str) -> None:
    if page.get_by_role("form", name=heading).count() == 0:
        page.locator("summary", has_text=heading).click()


def send(page: Page, heading: str) -> None:
    page.get_by_role("form", name=heading).get_by_role("button", name=heading).click()


@pytest.mark.parametrize(
    "visit",
    [{}, {"java_script_enabled": False}, PHONE],
    indirect=True,
    ids=["wide", "plain", "phone"],
)
def test_enquiry_from_receipt_to_order(visit: Visit, home: Path) -> None:
    page = visit.page
    page.goto("/de/desk")
    page.get_by_role("link", name="Anfrage aufnehmen").click()
    page.get_by_label("Text der Anfrage").fill(TEXT)
    page.get_by_label("Titel auf Deutsch").fill("Harte Wellen")
    page.get_by_label("Organisation, die anfragt").fill("Ausland AG")
    page.get_by_role("button", name="Aufnehmen").click()
    said(page, "Gespeichert: Eingang.")
    assert "ausland.example" not in page.content()
    visit.picture("desk-enquiry-received")

    # what comes next is open, and what was understood of the text is in it
    expect(page.get_by_label("Kompetenzen, eine je Zeile")).to_have_value("Drehen\nBeschichten")
    send(page, "Bestätigen, was gebraucht wird")
    said(page, "Gespeichert: Anforderungen bestätigt.")
    assert page.get_by_role("radio").first.is_checked()
    send(page, "Zuständigkeit festlegen")
    said(page, "Gespeichert: Zuordnung.")

    unfold(page, "Weitergeben")
    page.get_by_role("form", name="Weitergeben").get_by_label("Organisation").fill(
        "Netz Zerspanung"
    )
    send(page, "Weitergeben")
    said(page, "Gespeichert: Weitergabe.")
    unfold(page, "Rückmeldung vermerken")
    page.get_by_label("Ergebnis").select_option("accepted")
    send(page, "Rückmeldung vermerken")
    said(page, "Gespeichert: Rückmeldung.")
    row = page.get_by_role("table", name="Weitergegeben").get_by_role("row", name="Netz Zerspanung")
    expect(row).to_contain_text("zugesagt")

    assert page.get_by_label("Den Vorschlag des Programms übernehmen").is_checked()
    send(page, "Engere Wahl ändern")
    said(page, "Gespeichert: Auswahl geändert.")
    send(page, "Konsortium aus der engeren Wahl anbieten")
    said(page, "Gespeichert: Konsortium vorgeschlagen.")
    expect(page.get_by_role("link", name="Konsortium 1")).to_be_visible()
    page.get_by_label("Stand", exact=True).select_option("answered")
    send(page, "Stand ändern")
    visit.picture("desk-enquiry-answered")

    enquiry = read_desk_enquiry(EmbeddedStore(home, Visibility.INTERNAL), "2026-0001")
    assert enquiry.status is Status.ANSWERED
    assert page.get_by_role("listitem").filter(has=page.locator("time")).count() == len(
        enquiry.events
    )
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_refused_form_has_the_focus_where_it_is_wrong(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/desk")
    page.get_by_label("Title in German").fill("Wellen")
    page.get_by_label("Organisation that asks").fill("Ausland AG")
    page.get_by_label("District or state, by name or key").fill("Atlantis")
    page.keyboard.press("Enter")

    region = page.get_by_label("District or state, by name or key")
    expect(region).to_be_focused(timeout=SLOW_MS)
    expect(region).to_have_accessible_description("Nothing known is called so: Atlantis.")
    expect(page.get_by_label("Title in German")).to_have_value("Wellen")
    assert violations(page) == []
    visit.errors.clear()  # the status of a form that was not taken


def test_desk_is_worked_at_with_the_keyboard_alone(visit: Visit) -> None:
    page = visit.page
    page.goto("/en/desk")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    words = {"Title in German": "Wellen", "Organisation that asks": "Ausland AG"}
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        label, outline = page.evaluate(
            "(e => [(e.labels?.[0] ?? e).textContent.trim(), getComputedStyle(e).outlineStyle])"
            "(document.activeElement)"
        )
        assert outline != "none", label
        seen.append(label)
        if label in words:
            page.keyboard.type(words[label])
        if label == "Take in":
            break
    page.keyboard.press("Enter")

    said(page, "Saved: receipt.")
    assert seen.index("Enquiries of the desk") < seen.index("Text of the enquiry")
    assert page.get_by_role("heading", level=1).inner_text() == "2026-0001 Wellen"
