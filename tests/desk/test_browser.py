"""The pages of the desk in a real browser: accessible, narrow, and worked on without script."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.desk import confirm_requirements, receive, refer
from graph.desk.referring import NewReferral
from graph.model import Requirement
from graph.reading import read_landscape
from graph.store import EmbeddedStore
from tests.serving import chromium, serving
from tests.web.visiting import DARK, LIGHT, PHONE, Visit, violations

from .houses import NOW, House, competence, enquiry, org

PAGES = ["desk", "desk/enquiries/2026-0001", "desk/needs"]


@pytest.fixture(scope="module")
def worked(valley: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house with an enquiry that has been passed on."""
    home = tmp_path_factory.mktemp("worked") / "home"
    shutil.copytree(valley, home)
    house = House(home)
    house.do(receive(house(), enquiry(text="Wir suchen Drehen."), now=NOW).write)
    scheme = read_landscape(house()).scheme
    wanted = [Requirement("x", competence("drehen"))]
    house.do(confirm_requirements(house(), "2026-0001", wanted, scheme, now=NOW).write)
    house.do(refer(house(), "2026-0001", NewReferral(org("netz")), now=NOW).write)
    return home


@pytest.fixture(scope="module")
def base(worked: Path) -> Iterator[str]:
    settings = Settings(home=worked, ad_hoc_workers=1, page_workers=1, rate_burst=10_000)
    with serving(create_app(settings, EmbeddedStore(worked))) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def visit(
    browser: Browser, base: str, worked: Path, request: pytest.FixtureRequest
) -> Iterator[Visit]:
    token = KeyStore(worked).make(Role.COORDINATOR, "test")[1]
    opened = Visit(browser, base, **request.param)
    opened.context.set_extra_http_headers({"Authorization": f"Bearer {token}"})
    yield opened
    opened.context.close()
    assert opened.elsewhere == []
    assert opened.errors == []


@pytest.mark.parametrize(
    ("visit", "language"),
    [(LIGHT, "de"), (DARK, "en")],
    indirect=["visit"],
    ids=["light-de", "dark-en"],
)
@pytest.mark.parametrize("path", PAGES)
def test_page_is_accessible(visit: Visit, language: str, path: str) -> None:
    page = visit.open(f"/{language}/{path}")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    visit.picture(f"desk-{language}-{path.rpartition('/')[2]}")

    assert violations(page) == []


@pytest.mark.parametrize("visit", [PHONE], indirect=True)
@pytest.mark.parametrize("path", PAGES)
def test_phone_never_scrolls_sideways(visit: Visit, path: str) -> None:
    page = visit.open(f"/de/{path}")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    visit.picture(f"desk-phone-{path.rpartition('/')[2]}")

    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("visit", [LIGHT], indirect=True)
def test_a_reply_is_noted_with_the_form(visit: Visit) -> None:
    page = visit.open("/en/desk/enquiries/2026-0001")
    page.locator("summary", has_text="Note a response").click()
    page.get_by_label("Outcome").select_option("accepted")
    page.get_by_role("button", name="Note a response").click()

    expect(page.get_by_role("status")).to_have_text("Saved: response.")
    row = page.get_by_role("table", name="Passed on").get_by_role("row", name="Netz Zerspanung")
    expect(row).to_contain_text("accepted")
