"""The desk as pages: forms that change an enquiry, and what they say when they cannot."""

import html
import re
import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.keeping import Aside
from api.pages.entering import amount_of
from api.settings import Settings
from graph.desk import read_desk_enquiry
from graph.identity import Proposal, open_proposals
from graph.projects import Edit, MilestoneKind, Plan, add_milestone, find_project, start
from graph.store import EmbeddedStore, Store, Visibility
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
    assert made.headers["location"].endswith("?done=1")
    assert 'role="status">Gespeichert: Eingang.' in client.get(made.headers["location"]).text
    path = made.headers["location"].partition("?")[0]

    page = client.get(path)
    assert 'role="status"' not in page.text
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
    assert (empty.status_code, "Diese Angabe wird gebraucht" in empty.text) == (422, True)
    assert client.post(f"{path}/nothing", data=tag | token).status_code == 404
    done = client.post(f"{path}/shortlist", data={"suggestion": "true"} | tag | token)
    assert done.status_code == 303, done.text
    assert "Dreherei Nord GmbH" in client.get(path.replace("/de/", "/en/")).text
    assert "Wer sich treffen sollte" in client.get("/de/desk/needs").text
    assert client.get("/de/desk/enquiries/1999-0001").status_code == 404


def started(client: TestClient, house: House, **more: str) -> tuple[str, dict[str, str]]:
    """Take in an enquiry; its page, and the token of the forms."""
    signed_in(client, house, Role.COORDINATOR)
    token = {"form_token": hidden(client.get("/de/desk").text, "form_token")}
    made = client.post("/de/desk", data=FORM | more | token)
    return made.headers["location"].partition("?")[0], token


def opened(text: str) -> list[str]:
    """The forms of an enquiry that are open."""
    return re.findall(r'<details class="action" id="do-([a-z]+)" open>', text)


def test_what_was_understood_is_filled_in_until_it_is_confirmed(
    client: TestClient, house: House
) -> None:
    path, token = started(client, house, text="Wir suchen Drehen und Schweißen.")
    page = client.get(path).text

    assert opened(page) == ["requirements"]
    [proposed] = re.findall(r'name="competences"[^>]*>([^<]*)<', page)
    assert proposed.splitlines() == ["Drehen", "Schweißen"]
    assert '<mark class="competence" title="Drehen">' in page
    needed = {"competences": "Drehen", "tag": hidden(page, "tag")}
    client.post(f"{path}/requirements", data=needed | token)
    page = client.get(path).text
    assert re.findall(r'name="competences"[^>]*>([^<]*)<', page) == ["Drehen"]
    assert "<mark" not in page
    assert opened(page) != ["requirements"]


def test_a_form_that_cannot_be_taken_stays_open_as_it_was(client: TestClient, house: House) -> None:
    path, token = started(client, house)
    tag = {"tag": hidden(client.get(path).text, "tag")}
    given = {
        "organisation": "Niemand",
        "reply_by": "2026-12-24",
        "note": "Eilt",
        "has_consent": "true",
    }
    page = client.post(f"{path}/referral", data=given | tag | token).text

    assert opened(page) == ["referral"]
    [field] = re.findall(r'<input id="referral-organisation"[^>]*>', page)
    assert 'value="Niemand"' in field
    assert 'aria-invalid="true" aria-describedby="fault-referral-organisation" autofocus' in field
    assert 'id="fault-referral-organisation">Nichts Bekanntes heißt so: Niemand' in page
    assert re.search(r'id="referral-reply"[^>]*value="2026-12-24"', page)
    assert re.search(r'id="referral-note"[^>]*value="Eilt"', page)
    assert re.search(r'name="has_consent"[^>]* checked', page)
    assert 'id="offer-note"' not in page
    assert page.count('aria-invalid="true"') == 1


def test_who_could_take_care_is_offered_and_somebody_else_may_be_named(
    client: TestClient, house: House
) -> None:
    path, token = started(client, house)
    page = client.get(path).text
    needed = {"competences": "Drehen", "tag": hidden(page, "tag")}
    client.post(f"{path}/requirements", data=needed | token)
    page = client.get(path).text
    bodies = re.findall(r'type="radio" name="body" value="([^"]+)"', page)
    assert opened(page) == ["assignment"]
    assert bodies

    given = {"body": bodies[0], "other": "Netz Zerspanung", "tag": hidden(page, "tag")}
    client.post(f"{path}/assignment", data=given | token)
    enquiry = read_desk_enquiry(house(), path.rpartition("/")[2])
    assert enquiry.responsible.endswith("org-netz")
    given = {"body": bodies[0], "tag": hidden(client.get(path).text, "tag")}
    client.post(f"{path}/assignment", data=given | token)
    assert read_desk_enquiry(house(), enquiry.number).responsible == bodies[0]


def test_an_offer_has_an_amount_as_people_write_it(client: TestClient, house: House) -> None:
    path, token = started(client, house)
    needed = {"competences": "Drehen", "tag": hidden(client.get(path).text, "tag")}
    client.post(f"{path}/requirements", data=needed | token)
    offer = {"organisation": "Dreherei Nord GmbH", "requirement": "1", "kind": "binding"}
    tag = {"tag": hidden(client.get(path).text, "tag")}
    wrong = client.post(f"{path}/offer", data=offer | {"amount_eur": "viel"} | tag | token)
    assert (wrong.status_code, "Geben Sie Beträge in Euro" in wrong.text) == (422, True)

    given = offer | {"amount_eur": "12.345,60"} | tag | token
    assert client.post(f"{path}/offer", data=given).status_code == 303
    assert "12.345,60" in client.get(path).text


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        *(("1234.50", "1234.50"), ("1.234,5", "1234.5"), ("1,234.50", "1234.50")),
        *(("120.000", "120000"), ("1 234 567,89", "1234567.89"), ("0", "0")),
        *(("12.3456", None), ("1.2.3", None), ("1,23,456", None), ("-5", None), ("", None)),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str | None) -> None:
    assert amount_of(text) == (None if amount is None else Decimal(amount))


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


def test_who_gets_not_in_is_told_by_names_of_roles(client: TestClient, house: House) -> None:
    signed_in(client, house, Role.PARTNER)

    refused = client.get("/de/desk").text

    assert "Dazu gehört die Rolle Koordinierungsstelle; Ihr Schlüssel hat die Rolle" in refused
    assert "coordinator" not in refused.partition("<main")[2]


def test_a_suggestion_is_taken_over_as_shortlist(client: TestClient, house: House) -> None:
    signed_in(client, house, Role.COORDINATOR)
    token = {"form_token": hidden(client.get("/de/desk").text, "form_token")}
    path = client.post("/de/desk", data=FORM | token).headers["location"].partition("?")[0]
    page = client.get("/de/consortia", params={"competence": ["Drehen", "Beschichten"]}).text
    [link] = re.findall(r'href="(/de/desk/shortlist\?[^"]+)"', page)

    form = client.get(html.unescape(link))
    members = re.findall(r'name="member" value="([^"]+)"', form.text)
    [lead] = re.findall(r'name="lead" value="([^"]*)"', form.text)
    [chosen] = re.findall(r'<option value="(2026-\d+ \w+)"', form.text)
    given = {"member": members, "lead": lead, "enquiry": chosen}
    made = client.post("/de/desk/shortlist", data=given | token)

    assert made.headers["location"] == f"{path}?done=1"
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


def test_pairs_are_counted_beside_the_overview(
    client: TestClient, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()

    def slow(store: Store) -> list[Proposal]:
        assert may_go_on.wait(60)
        return open_proposals(store)

    pairs = Aside(slow)
    monkeypatch.setattr("api.pages.waiting.OPEN_PAIRS", pairs)
    signed_in(client, house, Role.COORDINATOR)
    desk = client.get("/en/desk").text
    assert "are being counted" in desk
    assert "Nothing waits." not in desk

    may_go_on.set()
    pairs.whole(client.app.state.narrower[Visibility.INTERNAL])  # type: ignore[attr-defined]
    assert "are being counted" not in client.get("/en/desk").text


PLACES = ["", "/needs", "/projects", "/submissions", "/harvest", "/identity"]


def test_all_places_of_the_desk_have_the_same_navigation(client: TestClient, house: House) -> None:
    signed_in(client, house, Role.COORDINATOR)

    for place in PLACES:
        page = client.get(f"/de/desk{place}").text
        [tabs] = re.findall(r'<nav class="tabs".*?</nav>', page)
        assert re.findall(r'href="/de/desk([^"]*)"', tabs) == PLACES
        assert f'href="/de/desk{place}" aria-current="page"' in tabs


@pytest.mark.parametrize("place", [*PLACES, "/enquiries/2026-0001"])
def test_pages_run_no_script_and_each_form_has_its_token(
    client: TestClient, house: House, place: str
) -> None:
    started(client, house)
    page = client.get(f"/en/desk{place}")

    policy = page.headers["content-security-policy"]
    assert {"script-src 'self'", "form-action 'self'", "frame-ancestors 'none'"} <= set(
        policy.split("; ")
    )
    assert "unsafe" not in policy
    assert re.findall(r"<script|\sstyle=|\son[a-z]+=|javascript:", page.text) == []
    forms = re.findall(r'<form[^>]*method="post".*?</form>', page.text, re.DOTALL)
    assert forms  # at least the one that signs out
    assert all(re.search(r'name="form_token" value="\w{64}"', form) for form in forms)
