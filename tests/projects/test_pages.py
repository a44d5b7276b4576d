"""The pages of projects and profiles in a browser: signed in, without scripts, accessible."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from api.access.keys import KeyStore
from api.access.roles import Role
from api.access.sessions import COOKIE, SessionStore
from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore
from tests.profiles.conftest import HERE as PROFILES
from tests.projects.conftest import Office, landscape
from tests.serving import chromium, serving
from tests.web.visiting import PHONE, Visit, violations


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    folder = tmp_path_factory.mktemp("pages") / "home"
    return Office(landscape(folder, PROFILES / "competences.trig"))


@pytest.fixture(scope="module")
def base(office: Office) -> Iterator[str]:
    settings = Settings(home=office.home, ad_hoc_workers=1, page_workers=1)
    with serving(create_app(settings, EmbeddedStore(office.home))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


def visit(browser: Browser, base: str, office: Office, role: Role | None, **more: object) -> Visit:
    """A window without scripts, signed in with a role."""
    opened = Visit(browser, base, java_script_enabled=True, **more)
    opened.page.set_default_timeout(120_000)
    if role is not None:
        # a browser trusts its own machine with Secure cookies, but sets them for https only
        trusted = base.replace("http:", "https:")
        name, _, value = cookie_for(office, role).partition("=")
        cookie = {"name": name, "value": value, "url": trusted, "secure": True, "httpOnly": True}
        opened.context.add_cookies([cookie])  # type: ignore[list-item]
    return opened


def cookie_for(office: Office, role: Role) -> str:
    """The header of a session that has begun."""
    key, _ = KeyStore(office.home).make(role, "a test")
    return f"{COOKIE}={SessionStore(office.home, timedelta(hours=1)).begin(key)}"


def labelled(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).first.fill(text)


def test_a_project_from_page_to_page(browser: Browser, base: str, office: Office) -> None:
    desk = visit(browser, base, office, Role.COORDINATOR)
    page = desk.open("/de/desk/projects")
    assert violations(page) == []
    labelled(page, "Name", "Los <3>")
    page.get_by_role("button", name="Beginnen").click()
    assert page.locator("h1").inner_text() == "Los <3>"

    page.get_by_label("Organisation", exact=True).fill("Klein GmbH")
    page.get_by_role("button", name="Partner hinzufügen").click()
    page.get_by_label("Fällig", exact=True).fill("2026-01-31")
    page.get_by_role("button", name="Meilenstein hinzufügen").click()
    assert "überfällig" in page.inner_text("table")
    labelled(page, "Kosten, €", "1 234,50")
    labelled(page, "Förderung, €", "500")
    page.get_by_role("button", name="In den Finanzplan aufnehmen").click()
    assert "1.234,50" in page.inner_text("tfoot")
    assert violations(page) == []

    page.get_by_role("textbox", name="Abgerufen, €: Klein GmbH").fill("500,01")
    page.get_by_role("button", name="Buchen: Klein GmbH").click()
    assert "geplanten Förderung" in page.inner_text("[role=alert]") or "planned grant" in (
        page.inner_text("[role=alert]")
    )
    assert page.goto("/en/desk/projects") is not None
    assert violations(page) == []
    assert desk.elsewhere == []


def test_a_profile_from_the_form_to_its_publication(
    browser: Browser, base: str, office: Office
) -> None:
    partner = visit(browser, base, office, Role.PARTNER)
    page = partner.open("/de/profiles/new")
    assert violations(page) == []
    page.get_by_role("button", name="Zur Prüfung senden").click()
    assert page.locator("#faults").is_visible()
    assert violations(page) == []

    page.fill("#organisation-0-prefLabel", "Beispiel & Co. KG")
    page.select_option("#organisation-0-type", label="Unternehmen")
    page.select_option("#organisation-0-classification", index=1)
    page.fill("#organisation-0-source", "https://example.org")
    page.select_option("#claim-0-competence", label="Fräsen")
    page.fill("#claim-0-statedTerm", "5-Achs-Fräsen")
    page.fill("#claim-0-source", "https://example.org")
    page.get_by_role("button", name="Zur Prüfung senden").click()
    assert page.locator("h1").inner_text() == "Zur Prüfung gesendet"

    desk = visit(browser, base, office, Role.COORDINATOR)
    page = desk.open("/de/desk/submissions")
    assert violations(page) == []
    page.get_by_role("link", name="Beispiel & Co. KG").click()
    assert violations(page) == []
    page.fill("#rationale", "Angaben belegt")
    page.get_by_role("button", name="Veröffentlichen").click()
    assert "veröffentlicht" in page.inner_text(".lead")
    query = 'SELECT ?s { ?s ?p "Beispiel & Co. KG"@de }'
    assert len(EmbeddedStore(office.home).select(query)) == 1


def test_nobody_else_gets_to_the_desk(browser: Browser, base: str, office: Office) -> None:
    for path in ("/de/desk/projects", "/de/desk/submissions"):
        assert "/de/sign-in" in visit(browser, base, office, None).open(path).url
    refused = visit(browser, base, office, Role.PARTNER).open("/de/desk/projects")
    assert refused.locator("table").count() == 0


def test_a_form_of_another_site_is_refused(browser: Browser, base: str, office: Office) -> None:
    sent = urllib.request.Request(  # noqa: S310 (our own server)
        f"{base}/de/desk/projects",
        data=b"name=Untergeschoben&form_token=x",
        headers={"Cookie": cookie_for(office, Role.COORDINATOR), "Origin": base},
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(sent)  # noqa: S310
    with refused.value as answer:  # it holds a connection
        assert answer.code == 403
    desk = visit(browser, base, office, Role.COORDINATOR)
    assert "Untergeschoben" not in desk.open("/de/desk/projects").content()


def test_a_phone_never_scrolls_sideways(browser: Browser, base: str, office: Office) -> None:
    phone = visit(browser, base, office, Role.COORDINATOR, **PHONE)
    for path in ("/de/desk/projects", "/de/desk/submissions", "/de/profiles/new"):
        page = phone.open(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_templates_hold_no_scripts() -> None:
    folder = Path(__file__).parents[2] / "api" / "templates"
    for name in ("project", "projects", "profile-form", "submission", "submissions"):
        assert "<script" not in (folder / f"{name}.html").read_text(encoding="utf-8")


def test_the_desk_is_in_the_head_and_its_pages_lead_to_each_other(
    browser: Browser, base: str, office: Office
) -> None:
    desk = visit(browser, base, office, Role.COORDINATOR)
    page = desk.open("/de/")
    page.get_by_role("banner").get_by_role("link", name="Anfragestelle").click()
    tabs = page.get_by_role("navigation", name="Anfragestelle").get_by_role("link")
    paths = [tab.get_attribute("href") for tab in tabs.all()]

    assert len(paths) == 6
    for path in paths:
        assert path is not None
        desk.open(path)
        assert page.locator("nav.tabs [aria-current=page]").get_attribute("href") == path
        assert violations(page) == []

    partner = visit(browser, base, office, Role.PARTNER).open("/de/")
    assert partner.get_by_role("link", name="Anfragestelle").count() == 0
