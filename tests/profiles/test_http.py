"""Profiles over HTTP: who may submit, who may review, and who sees what."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.profiles import form_of, submit
from graph.store import EmbeddedStore
from graph.vocabulary import ID
from tests.profiles.conftest import NEW, described
from tests.projects.conftest import Office
from tests.projects.test_http import opened

URL = "/api/v1/profiles"
HIDDEN = "Neu & Söhne GmbH"


@contextmanager
def clients(office: Office, *roles: Role | None) -> Iterator[list[TestClient]]:
    """Clients of one application, one for each role."""
    settings = Settings(home=office.home, ad_hoc_workers=1, page_workers=1)
    app = create_app(settings, EmbeddedStore(office.home))
    with TestClient(app, raise_server_exceptions=False) as first:
        found = []
        for role in roles:
            headers = {}
            if role is not None:
                _, token = KeyStore(office.home).make(role, "a test")
                headers = {"Authorization": f"Bearer {token}"}
            client = TestClient(first.app, headers=headers, raise_server_exceptions=False)
            client.portal = first.portal
            found.append(client)
        yield found


def test_the_form_is_for_everybody(office: Office) -> None:
    with opened(office, None) as client:
        found = client.get(f"{URL}/form")

    assert found.status_code == 200
    sections = {s["name"]: s for s in found.json()["data"]["sections"]}
    competence = next(f for f in sections["claim"]["fields"] if f["name"] == "competence")
    assert {"milling", "turning", "cutting"} == {o["label"]["en"] for o in competence["options"]}


def test_a_check_keeps_nothing_and_names_the_field(office: Office) -> None:
    entries = {**NEW, "employees": [{"value": ["viele"], "source": ["x"]}]}
    before = EmbeddedStore(office.home).version
    with opened(office, None) as client:
        found = client.post(f"{URL}/checks", json={"entries": entries})

    faults = {(f["section"], f["field"]): f["message"] for f in found.json()["data"]["faults"]}
    assert faults[("employees", "value")] == "Das ist keine ganze Zahl."
    assert EmbeddedStore(office.home).version == before


def test_from_a_submission_to_a_published_profile(office: Office) -> None:
    with clients(office, None, Role.PARTNER, Role.COORDINATOR) as (anybody, partner, office_desk):
        refused = anybody.post(f"{URL}/submissions", json={"entries": NEW})
        assert refused.status_code == 401
        made = partner.post(f"{URL}/submissions", json={"entries": NEW})
        assert made.status_code == 201, made.text
        address = made.headers["Location"]
        organisation = made.json()["data"]["organisation"]

        assert anybody.get(address).status_code == 401
        assert partner.get(address).status_code == 403
        shown = office_desk.get(address)
        assert shown.status_code == 200, shown.text
        data = shown.json()["data"]
        assert (data["status"], data["organisation"]["name"]) == ("submitted", HIDDEN)
        assert len(data["difference"]["added"]) == data["statements"]
        assert data["difference"]["removed"] == []

        page = office_desk.get(f"/de/desk/submissions/{data['id']}").text
        assert "<h3>Neu &amp; Söhne GmbH" in page
        assert "skos:" not in page
        assert "id:claim-" not in page

        path = f"/id/{organisation.rpartition('/')[2]}"
        assert anybody.get(path, headers={"Accept": "text/turtle"}).status_code == 404
        review = {"rationale": "Angaben belegt"}
        assert office_desk.post(f"{address}/publication", json=review).status_code == 428
        assert (
            partner.post(f"{address}/publication", json=review, headers={"If-Match": "*"})
        ).status_code == 403
        done = office_desk.post(
            f"{address}/publication", json=review, headers={"If-Match": shown.headers["ETag"]}
        )
        assert done.status_code == 200, done.text
        assert done.json()["data"]["review"]["rationale"] == "Angaben belegt"

        again = office_desk.post(
            f"{address}/rejection", json=review, headers={"If-Match": done.headers["ETag"]}
        )
        assert again.status_code == 409
        published = anybody.get(path, headers={"Accept": "text/turtle"})
        assert published.status_code == 200
        assert HIDDEN in published.text
        [listed] = office_desk.get(f"{URL}/submissions").json()["data"]
        assert listed["status"] == "published"


def test_a_faulty_profile_is_not_submitted(office: Office) -> None:
    entries = {**NEW, "claim": [{**NEW["claim"][0], "detail": ["an v.name@example.org"]}]}
    with opened(office, Role.PARTNER) as client:
        found = client.post(f"{URL}/submissions", json={"entries": entries})

    assert found.status_code == 422
    assert [(f["section"], f["number"], f["code"]) for f in found.json()["report"]] == [
        ("claim", "0", "offer-text-mail")
    ]


def test_completeness_effects_and_renewals(office: Office) -> None:
    with clients(office, None, Role.PARTNER, Role.COORDINATOR) as (anybody, partner, office_desk):
        found = anybody.get(f"{URL}/small/completeness", params={"lang": "en"})
        assert found.status_code == 200, found.text
        assert found.json()["data"]["share"] == round(5 / 9, 4)
        assert "No site is stated" in found.json()["data"]["missing"][0]["message"]

        assert anybody.get(f"{URL}/small/effects").status_code == 401
        assert partner.get(f"{URL}/small/effects").json()["data"] == []

        assert partner.get(f"{URL}/renewals").status_code == 403
        due = office_desk.get(f"{URL}/renewals", params={"day": "2027-01-01"}).json()["data"]
        assert [(r["label"], r["text"], r["counts"]) for r in due] == [
            ("ISO 9001", "abgelaufen am 2026-03-31", "no"),
            ("Fräsen", "belegt für 2015", "yes"),
        ]


SEARCH = """SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }
FILTER(CONTAINS(STR(?o), "Söhne") || CONTAINS(STR(?g), "submission")) }"""


@pytest.mark.parametrize("role", [None, Role.PARTNER])
def test_nothing_of_a_submission_leaves_by_any_channel(office: Office, role: Role | None) -> None:
    """Neither its words nor that there is one."""
    iri = office.made(submit(described(form_of(office.store))))
    name = iri.rpartition("/")[2]
    paths = [
        *("/", "/organisations", "/graphs", "/catalog", "/feed", "/dumps", "/queries"),
        *(f"/id/{name}", f"/resource?iri={iri}", f"/graphs?graph={ID[name]}", "/graphs?default"),
        *("/api/v1/organisations", "/api/v1/organisations?q=Söhne", "/api/v1/graphs"),
        *(f"{URL}/submissions", f"{URL}/submissions/{name}", f"{URL}/renewals"),
    ]
    with opened(office, role) as client:
        for accept in ("text/html", "application/json", "text/turtle", "text/csv"):
            for path in paths:
                answer = client.get(path, headers={"Accept": accept})
                assert "Söhne" not in answer.text.replace("q=Söhne", ""), path
                assert name not in answer.text.replace(iri, "").replace(path, ""), path
        found = client.get("/sparql", params={"query": SEARCH}, headers={"Accept": "text/csv"})
        assert found.status_code == 200
        assert len(found.text.splitlines()) == 1
