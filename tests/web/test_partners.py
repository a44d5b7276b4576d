"""The coordinators' pages: a duplicate confirmed, a harvest accepted, in a real browser."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Page, expect

from api.access.keys import KeyStore
from api.access.roles import Role
from api.access.sessions import COOKIE
from api.app import create_app
from api.settings import Settings
from graph.identity import decisions
from graph.resources import ontology_texts
from graph.store import EmbeddedStore, Visibility, publish
from graph.visibility import parts
from tests.serving import serving

from ..harvest.conftest import DESCRIPTION
from ..harvest.servers import Page as Served
from ..harvest.servers import Site, site
from ..harvest.test_harvest import TURTLE
from .visiting import Visit, violations

LANDSCAPE = Path(__file__).parents[1] / "identity" / "landscape.trig"
NO_SCRIPT = {"java_script_enabled": False}
ONE = "https://w3id.org/verbund/id/org-spindel"


@pytest.fixture(scope="module")
def partner() -> Iterator[Site]:
    with site() as found:
        found.pages["/data.ttl"] = Served(TURTLE.encode())
        yield found


@pytest.fixture(scope="module")
def own_home(partner: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The invented landscape, and the description of a partner."""
    engine = ox.Store()
    engine.load(path=str(LANDSCAPE))
    ontology = ox.NamedNode("https://w3id.org/verbund/graph/ontology")
    for _, text in ontology_texts():
        engine.load(text.encode(), ox.RdfFormat.TURTLE, to_graph=ontology)
    folder = tmp_path_factory.mktemp("partners") / "home"
    publish(folder, parts(engine, "partners-1"), "partners-1")
    sources = folder / "harvest" / "sources"
    sources.mkdir(parents=True)
    described = DESCRIPTION.format(base=partner.base)
    (sources / "partner.toml").write_text(described, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def token(own_home: Path) -> str:
    return KeyStore(own_home).make(Role.COORDINATOR, "a browser in a test")[1]


@pytest.fixture(scope="module")
def base(own_home: Path) -> Iterator[str]:
    settings = Settings(home=own_home, ad_hoc_workers=1, page_workers=1)
    app = create_app(settings, EmbeddedStore(own_home))
    with serving(app) as address:
        yield address


def signed_in(visit: Visit, path: str, token: str) -> Page:
    """Open a page that sends its reader to sign in first."""
    page = visit.page
    page.goto(path)
    page.set_default_timeout(60_000)
    page.locator("#key").fill(token)
    page.locator("form.fields button").click()
    page.wait_for_url(f"**{path}")
    return page


def test_confirm_a_duplicate(visit: Visit, own_home: Path, token: str) -> None:
    page = signed_in(visit, "/de/desk/identity", token)
    expect(page.locator("section")).to_have_count(3)
    assert violations(page) == []
    visit.picture("desk-identity")
    page.get_by_role("button", name="Dieselbe Organisation").first.click()
    expect(page.get_by_role("status")).to_be_visible(timeout=60_000)
    expect(page.locator("section")).to_have_count(2)
    visit.picture("desk-identity-decided")

    [made] = decisions(_inside(own_home))
    assert made.decision == "same"
    assert "de" in made.rationale


@pytest.mark.parametrize("visit", [NO_SCRIPT], indirect=True)
def test_second_duplicate_is_told_apart_without_script(
    visit: Visit, own_home: Path, token: str
) -> None:
    page = signed_in(visit, "/de/desk/identity", token)
    before = page.locator("section").count()
    page.get_by_role("button", name="Verschiedene Organisationen").first.click()
    expect(page.get_by_role("status")).to_be_visible(timeout=60_000)

    assert page.locator("section").count() < before
    assert "different" in {one.decision for one in decisions(_inside(own_home))}
    visit.picture("desk-identity-no-script")


def _inside(home: Path) -> EmbeddedStore:
    return EmbeddedStore(home, Visibility.INTERNAL)


def test_accept_a_harvest(visit: Visit, own_home: Path, token: str) -> None:
    page = signed_in(visit, "/en/desk/harvest", token)
    assert violations(page) == []
    page.get_by_role("link", name="Partner network").click()
    page.get_by_role("button", name="Harvest now").click()
    limit = time.monotonic() + 90
    accept = page.get_by_role("button", name="Publish it", exact=True)
    while not accept.count():
        assert time.monotonic() < limit, page.content()
        time.sleep(0.5)
        page.reload()
    expect(page.get_by_text("several names")).to_be_visible()
    assert violations(page) == []
    visit.picture("desk-harvest")
    accept.click()
    expect(accept).to_have_count(0, timeout=90_000)

    graphs = EmbeddedStore(own_home, Visibility.PUBLIC).graphs()
    assert "https://w3id.org/verbund/graph/source-partner" in graphs


@pytest.mark.parametrize("path", ["identity", "harvest", "harvest/partner"])
def test_only_coordinators_see_them(own_home: Path, path: str) -> None:
    settings = Settings(home=own_home, ad_hoc_workers=1, page_workers=1)
    reader = KeyStore(own_home).make(Role.PARTNER, "a reader")[1]
    with TestClient(
        create_app(settings, EmbeddedStore(own_home)), follow_redirects=False
    ) as client:
        assert "/sign-in" in client.get(f"/en/desk/{path}").headers["location"]
        headers = {"Authorization": f"Bearer {reader}"}
        assert client.get(f"/en/desk/{path}", headers=headers).status_code == 403
        assert client.post(f"/en/desk/{path}", headers=headers).status_code in (403, 405)


def test_forms_of_other_sites_change_nothing(own_home: Path, token: str) -> None:
    settings = Settings(home=own_home, ad_hoc_workers=1, page_workers=1)
    app = create_app(settings, EmbeddedStore(own_home))
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as client:
        page = client.get("/en/sign-in")
        found = re.search(r'name="form" value="([^"]*)"', page.text)
        assert found
        client.post("/en/sign-in", data={"form": found[1], "key": token})
        assert client.cookies.get(COOKIE)
        before = len(decisions(EmbeddedStore(own_home, Visibility.INTERNAL)))
        given = {"first": ONE, "second": f"{ONE}-3", "decision": "different"}
        elsewhere = client.post("/en/desk/identity", data=given)
        assert elsewhere.headers["location"] == "/en/sign-in"
        here = {"Sec-Fetch-Site": "same-origin"}  # and yet without the token of a form
        for path, fields in (("identity", given), ("harvest/partner", {"action": "reject"})):
            refused = client.post(f"/en/desk/{path}", data=fields, headers=here)
            assert refused.status_code == 403
    assert len(decisions(EmbeddedStore(own_home, Visibility.INTERNAL))) == before


def test_what_cannot_be_done_is_said(own_home: Path, token: str) -> None:
    settings = Settings(home=own_home, ad_hoc_workers=1, page_workers=1)
    headers = {"Authorization": f"Bearer {token}"}
    with TestClient(create_app(settings, EmbeddedStore(own_home)), headers=headers) as client:
        given = {"first": ONE, "second": ONE, "decision": "same"}
        assert client.post("/en/desk/identity", data=given).status_code == 422
        given = {"first": ONE, "second": f"{ONE}-3", "decision": "maybe"}
        assert client.post("/en/desk/identity", data=given).status_code == 422
        nothing = client.post("/en/desk/harvest/partner", data={"action": "accept", "digest": "x"})
        assert nothing.status_code == 409
        assert "What you looked at no longer waits." in nothing.text
        assert client.get("/en/desk/harvest/nobody").status_code == 404
        assert client.post("/en/desk/harvest/nobody", data={"action": "run"}).status_code == 404
