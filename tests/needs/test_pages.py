"""Needs and initiatives as pages: forms that record and change, and faults at their fields."""

import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.needs import NeedStatus, read_initiatives, read_needs
from graph.store import EmbeddedStore
from graph.vocabulary import SCHEME
from tests.desk.houses import House, competence, org

NEED = {
    "do": "need",
    "title": "Zähe <b>Schichten</b>",
    "title_en": "Tough layers",
    "raised_by": "Dreherei Nord GmbH",
    "competences": "Hartdrehen\n\nBeschichten",
}
TOPIC = str(SCHEME["ris-field/industrial-production-systems"])


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    settings = Settings(home=house.home, ad_hoc_workers=1, page_workers=1, rate_burst=10_000)
    app = create_app(settings, EmbeddedStore(house.home))
    key = KeyStore(house.home).make(Role.COORDINATOR, "test")[1]
    with TestClient(app, base_url="https://testserver", follow_redirects=False) as opened:
        opened.headers["sec-fetch-site"] = "same-origin"  # as browsers do
        [token] = re.findall(r'name="form" value="(\w+)"', opened.get("/de/sign-in").text)
        opened.post("/de/sign-in", data={"key": key, "form": token})
        yield opened


def sent(client: TestClient, path: str, at: str = "", **fields: str | list[str]) -> str:
    """Send the form of a page as a browser does; return where it leads."""
    page = client.get(at or path).text
    token = re.findall(r'name="form_token" value="(\w+)"', page)[0]
    tags = re.findall(r'name="tag" value="(\w+)"', page)
    hidden = {"form_token": token} | ({"tag": tags[0]} if tags else {})
    answer = client.post(path, data=hidden | fields)
    assert answer.status_code == 303, answer.text
    place, _, query = answer.headers["location"].partition("?")
    assert query in ("", "done=1")
    return place


def refused(client: TestClient, path: str, **fields: str) -> str:
    page = client.get(path).text
    token = re.findall(r'name="form_token" value="(\w+)"', page)[0]
    answer = client.post(path, data={"form_token": token} | fields)
    assert 400 <= answer.status_code < 500, answer.text
    return answer.text


def test_a_need_is_recorded_and_taken_care_of(client: TestClient, house: House) -> None:
    path = sent(client, "/de/desk/needs", **NEED)

    [need] = read_needs(house())
    assert need.said.raised_by == (org("dreherei"),)
    assert set(need.said.competences) == {competence("hartdrehen"), competence("beschichten")}
    page = client.get(path)
    assert "Zähe &lt;b&gt;Schichten" in page.text
    assert page.headers["cache-control"] == "private, no-store"
    assert f'href="{path}"' in client.get("/de/desk/needs").text
    assert "Tough layers" in client.get(path.replace("/de/", "/en/")).text

    sent(client, path, status="addressed", addressed_by="Harte Wellen")

    [need] = read_needs(house())
    assert need.status is NeedStatus.ADDRESSED
    assert "Harte Wellen" in client.get(path).text


def test_a_change_of_an_old_reading_is_refused(client: TestClient, house: House) -> None:
    path = sent(client, "/de/desk/needs", **NEED)
    [tag] = re.findall(r'name="tag" value="(\w+)"', client.get(path).text)
    sent(client, path, status="solved")

    said = refused(client, path, status="dropped", tag=tag)

    assert "inzwischen" in said
    assert read_needs(house())[0].status is NeedStatus.SOLVED
    assert refused(client, path, status="dropped")  # without a tag
    assert read_needs(house())[0].status is NeedStatus.SOLVED


def test_an_initiative_bundles_needs_projects_and_fields(client: TestClient, house: House) -> None:
    sent(client, "/de/desk/needs", **NEED)
    [need] = read_needs(house())
    said = {"title": "Harte Flächen", "topics": TOPIC, "projects": "Harte Wellen"}

    path = sent(client, "/de/desk/needs", do="initiative", bundles=[need.iri], **said)

    [initiative] = read_initiatives(house())
    assert len(initiative.said.bundles) == 2
    assert initiative.said.topics == (TOPIC,)
    page = client.get(path).text
    assert "Harte Wellen" in page
    assert "Zähe &lt;b&gt;Schichten" in page

    sent(client, path, remove=[need.iri], topics=str(SCHEME["ris-field/ict-production-services"]))

    [initiative] = read_initiatives(house())
    assert len(initiative.said.bundles) == 1
    assert len(initiative.said.topics) == 2


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"competences": "Zauberei"}, "competences", "Zauberei"),
        ({"raised_by": ""}, "raised_by", "wird gebraucht"),
        ({"title": ""}, "need-title", "wird gebraucht"),
        ({"title": "x" * 301}, "need-title", "zu lang"),
        ({"do": "initiative", "topics": ""}, "topics", "wird gebraucht"),
        ({"do": "initiative", "topics": TOPIC, "projects": "Nichts"}, "projects", "Nichts"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    client: TestClient, house: House, change: dict[str, str], field: str, message: str
) -> None:
    given = NEED | change
    if change.get("do") == "initiative":
        given = {"title": NEED["title"]} | change

    page = refused(client, "/de/desk/needs", **given)

    [said] = re.findall(rf'<p class="fault" id="fault-{field}">([^<]*)</p>', page)
    assert message in said
    assert page.count('aria-invalid="true"') == 1
    assert f'aria-describedby="fault-{field}"' in page
    if change.keys() != {"title"}:
        assert "Zähe &lt;b&gt;Schichten" in page  # nobody types it again
    assert read_needs(house()) == ()
    assert read_initiatives(house()) == ()


def test_nobody_else_sees_or_sends_them(client: TestClient, house: House) -> None:
    path = sent(client, "/de/desk/needs", **NEED)
    assert client.post("/de/desk/needs", data=NEED).status_code == 403  # another site made it
    client.cookies.clear()
    for one in ("/de/desk/needs", path):
        assert client.get(one).headers["location"].startswith("/de/sign-in")
        assert client.post(one, data=NEED).status_code == 303
    assert len(read_needs(house())) == 1
    partner = KeyStore(house.home).make(Role.PARTNER, "test")[1]
    key = {"Authorization": f"Bearer {partner}"}
    assert client.get(path, headers=key).status_code == 403


@pytest.mark.parametrize("path", ["/de/desk/needs/none", "/en/desk/initiatives/none"])
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
