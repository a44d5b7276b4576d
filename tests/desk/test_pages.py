"""The desk as pages: forms that change an enquiry, and what they say when they cannot."""

import html
import re
from collections.abc import Iterator
from datetime import date

import pytest
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.desk import read_desk_enquiry
from graph.projects import Edit, MilestoneKind, Plan, add_milestone, find_project, start
from graph.store import EmbeddedStore
from tests.access.planting import plant_harvest

from .houses import NOW, House

FORM = {"title": "Wellen <b>gesucht</b>", "requester": "Ausland AG", "channel": "visit"}


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    settings = Settings(home=house.home, ad_hoc_workers=1, page_workers=1, rate_burst=10_000)
    app = create_app(settings, EmbeddedStore(house.home))
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as opened:
        opened.headers["sec-fetch-site"] = "same-origin"  # as browsers do
        yield opened


def signed_in(client: TestClient, house: House, role: Role) -> None:
    """Sign in as a browser does."""
    key = KeyStore(house.home).make(role, "test")[1]
    page = client.get("/de/sign-in")
    [token] = re.findall(r'name="form" value="(\w+)"', page.text)
    assert client.post("/de/sign-in", data={"key": key, "form": token}).status_code == 303


def hidden(text: str, name: str) -> str:
    found: list[str] = re.findall(rf'name="{name}" value="(\w+)"', text)
    return found[0]


def test_an_enquiry_is_worked_on_with_forms(client: TestClient, house: House) -> None:
    signed_in(client, house, Role.COORDINATOR)
    desk = client.get("/de/desk")
    assert desk.status_code == 200
    token = {"form_token": hidden(desk.text, "form_token")}
    made = client.post("/de/desk", data=FORM | token)
    assert made.status_code == 303, made.text
    path = made.headers["location"]

    page = client.get(path)
    assert "Wellen &lt;b&gt;gesucht" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    stale = hidden(page.text, "tag")
    needed = {"competences": "Drehen\nSchweißen", "tag": stale} | token
    assert client.post(f"{path}/requirements", data=needed).status_code == 303
    page = client.get(path)
    assert "eingeordnet" in page.text
    assert page.text.index("Schweißen") > page.text.index("Drehen")

    again = client.post(f"{path}/status", data={"status": "closed", "tag": stale} | token)
    assert again.status_code == 412
    assert "Jemand anders hat dies inzwischen geändert" in again.text
    tag = {"tag": hidden(page.text, "tag")}
    illegal = client.post(f"{path}/status", data={"status": "won"} | tag | token)
    assert (illegal.status_code, "darf auf den jetzigen nicht folgen" in illegal.text) == (
        409,
        True,
    )
    unknown = client.post(f"{path}/referral", data={"organisation": "Niemand"} | tag | token)
    assert (unknown.status_code, "heißt so: Niemand" in unknown.text) == (404, True)
    empty = client.post(f"{path}/referral", data=tag | token)
    assert (empty.status_code, "Organisation: Diese Angabe" in empty.text) == (422, True)
    assert client.post(f"{path}/nothing", data=tag | token).status_code == 404
    done = client.post(f"{path}/shortlist", data={"suggestion": "true"} | tag | token)
    assert done.status_code == 303, done.text
    assert "Dreherei Nord GmbH" in client.get(path.replace("/de/", "/en/")).text
    assert "Wer sich treffen sollte" in client.get("/de/desk/needs").text
    assert client.get("/de/desk/enquiries/1999-0001").status_code == 404


def test_forms_of_other_sites_change_nothing(client: TestClient, house: House) -> None:
    signed_in(client, house, Role.COORDINATOR)

    assert client.post("/de/desk", data=FORM).status_code == 403
    assert client.post("/de/desk", data=FORM | {"form_token": "0" * 64}).status_code == 403
    assert "Ausland AG" not in client.get("/de/desk").text


PAGES = ("/de/desk", "/en/desk/needs", "/de/desk/enquiries/2026-0001")


@pytest.mark.parametrize("path", PAGES)
def test_nobody_else_gets_in(client: TestClient, house: House, path: str) -> None:
    anonymous = client.get(path)
    assert anonymous.status_code == 303
    assert "/sign-in?next=" in anonymous.headers["location"]
    signed_in(client, house, Role.PARTNER)
    assert client.get(path).status_code == 403


def test_a_suggestion_is_taken_over_as_shortlist(client: TestClient, house: House) -> None:
    signed_in(client, house, Role.COORDINATOR)
    token = {"form_token": hidden(client.get("/de/desk").text, "form_token")}
    path = client.post("/de/desk", data=FORM | token).headers["location"]
    page = client.get("/de/consortia", params={"competence": ["Drehen", "Beschichten"]}).text
    [link] = re.findall(r'href="(/de/desk/shortlist\?[^"]+)"', page)

    form = client.get(html.unescape(link))
    members = re.findall(r'name="member" value="([^"]+)"', form.text)
    [lead] = re.findall(r'name="lead" value="([^"]*)"', form.text)
    [chosen] = re.findall(r'<option value="(2026-\d+ \w+)"', form.text)
    given = {"member": members, "lead": lead, "enquiry": chosen}
    made = client.post("/de/desk/shortlist", data=given | token)

    assert made.headers["location"] == path
    shortlist = read_desk_enquiry(house(), path.rpartition("/")[2]).shortlist
    assert shortlist is not None
    assert sorted(shortlist.organisations) == sorted(members)
    assert shortlist.lead == lead
    again = client.post("/de/desk/shortlist", data=given | token)  # of the reading before
    assert again.status_code == 412
    assert "inzwischen" in again.text


def test_only_coordinators_are_offered_to_take_over(client: TestClient, house: House) -> None:
    page = client.get("/de/consortia", params={"competence": "Drehen"}).text
    assert "/desk" not in page
    signed_in(client, house, Role.PARTNER)
    page = client.get("/de/consortia", params={"competence": "Drehen"}).text
    assert "/desk" not in page
    member = {"member": "Dreherei Nord GmbH"}
    assert client.get("/de/desk/shortlist", params=member).status_code == 403


def test_the_overview_counts_what_waits(client: TestClient, house: House) -> None:
    signed_in(client, house, Role.COORDINATOR)
    desk = client.get("/en/desk").text
    assert "to be classified" not in desk
    token = {"form_token": hidden(desk, "form_token")}
    for _ in range(2):
        client.post("/de/desk", data=FORM | {"due": "2026-01-01"} | token)
    iri, started = start(Plan("Geplant"), NOW)
    house.do(started)
    for day in (date(2026, 1, 1), date(2099, 1, 1)):
        edit = Edit(house(), find_project(house(), iri))
        house.do(add_milestone(edit, MilestoneKind.OUTLINE, day)[1])
    plant_harvest(house.home)

    desk = client.get("/en/desk").text

    for place, said in (
        ("desk#overdue", "2 enquiries, referrals or answers are overdue"),
        ("desk#enquiries", "2 enquiries are to be classified"),
        ("desk/projects", "1 date of a project has passed"),
        ("desk/harvest", "1 harvest is to be accepted"),
    ):
        assert f'<li><a href="/en/{place}">{said}</a>' in desk
    assert ">0 " not in desk  # what does not wait is not told


PLACES = ["", "/needs", "/projects", "/submissions", "/harvest", "/identity"]


def test_all_places_of_the_desk_have_the_same_navigation(client: TestClient, house: House) -> None:
    signed_in(client, house, Role.COORDINATOR)

    for place in PLACES:
        page = client.get(f"/de/desk{place}").text
        [tabs] = re.findall(r'<nav class="tabs".*?</nav>', page)
        assert re.findall(r'href="/de/desk([^"]*)"', tabs) == PLACES
        assert f'href="/de/desk{place}" aria-current="page"' in tabs
