"""Projects over HTTP: coordinators only, nothing overwritten, money exact."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient
from icalendar import Calendar

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.settings import Settings
from graph.projects import (
    CostCategory,
    MilestoneKind,
    Money,
    add_budget_line,
    add_milestone,
)
from graph.store import EmbeddedStore
from tests.projects.conftest import PROGRAMME, SMALL, Office

URL = "/api/v1/projects"


@contextmanager
def opened(office: Office, role: Role | None) -> Iterator[TestClient]:
    headers = {}
    if role is not None:
        _, token = KeyStore(office.home).make(role, "a test")
        headers = {"Authorization": f"Bearer {token}"}
    settings = Settings(home=office.home, ad_hoc_workers=1, page_workers=1)
    app = create_app(settings, EmbeddedStore(office.home))
    with TestClient(app, headers=headers, raise_server_exceptions=False) as client:
        yield client


def test_a_project_from_its_beginning_over_http(office: Office) -> None:
    with opened(office, Role.COORDINATOR) as client:
        made = client.post(URL, json={"name": "Los 3", "programme": "Programm P"})
        assert made.status_code == 201, made.text
        assert made.json()["data"]["programme"] == {"iri": PROGRAMME, "name": "Programm P"}
        address, tag = made.headers["Location"], made.headers["ETag"]

        joined = client.post(
            f"{address}/partners",
            json={"organisation": "Klein GmbH", "role": "coordinator"},
            headers={"If-Match": tag},
        )
        assert joined.status_code == 200, joined.text
        assert joined.json()["data"]["partners"][0]["role"] == {
            "code": "coordinator",
            "name": "Koordination",
        }

        line = {"organisation": SMALL, "category": "travel", "cost": "100.10", "grant": "45.04"}
        late = client.post(f"{address}/budget", json=line, headers={"If-Match": tag})
        assert late.status_code == 412, late.text

        planned = client.post(
            f"{address}/budget", json=line, headers={"If-Match": joined.headers["ETag"]}
        )
        assert planned.status_code == 200, planned.text
        assert planned.json()["data"]["total"] == {
            "cost": "100.10",
            "grant": "45.04",
            "claimed": "0.00",
            "paid": "0.00",
            "own_share": "55.06",
            "open_claims": "0.00",
        }

        read = client.get(address)
        assert read.json()["data"] == planned.json()["data"]
        assert read.headers["ETag"] == planned.headers["ETag"]
        assert "private" in read.headers["Cache-Control"]


@pytest.mark.parametrize("role", [None, Role.PARTNER])
def test_projects_are_for_coordinators(office: Office, project: str, role: Role | None) -> None:
    address = f"{URL}/{project.rpartition('/')[2]}"
    with opened(office, role) as client:
        for path in (URL, address, f"{URL}/overdue", f"{URL}/calendar.ics", f"{URL}/budget.csv"):
            answer = client.get(path)
            assert answer.status_code == (403 if role else 401), path
            assert "Trockenlauf" not in answer.text
        assert client.post(URL, json={"name": "x"}).status_code == (403 if role else 401)


def test_a_change_says_what_it_rests_on(office: Office, project: str) -> None:
    with opened(office, Role.COORDINATOR) as client:
        address = f"{URL}/{project.rpartition('/')[2]}"
        phase = {"phase": "execution"}
        assert client.put(f"{address}/phase", json=phase).status_code == 428
        stale = client.put(f"{address}/phase", json=phase, headers={"If-Match": '"old"'})
        assert stale.status_code == 412
        unknown = client.get(f"{URL}/project-none")
        assert (unknown.status_code, unknown.json()["kind"]) == (404, "project")


@pytest.mark.parametrize("cost", [100.1, "100.001", "-1", "NaN", "1e3x", None])
def test_an_amount_is_exact_or_refused(office: Office, project: str, cost: object) -> None:
    line = {"organisation": SMALL, "category": "travel", "cost": cost}
    with opened(office, Role.COORDINATOR) as client:
        address = f"{URL}/{project.rpartition('/')[2]}/budget"
        answer = client.post(address, json=line, headers={"If-Match": "*"})

    assert answer.status_code == 422


def test_lists_exports_and_checks(office: Office, project: str) -> None:
    office.made(
        add_milestone(office.edit(project), MilestoneKind.INTERIM_REPORT, date(2026, 3, 31))
    )
    soon = date.today() + timedelta(days=10)
    office.made(add_milestone(office.edit(project), MilestoneKind.PROOF_OF_USE, soon))
    money = Money(Decimal(100), Decimal(60))
    office.made(add_budget_line(office.edit(project), SMALL, CostCategory.TRAVEL, money))
    address = f"{URL}/{project.rpartition('/')[2]}"
    with opened(office, Role.COORDINATOR) as client:
        late = client.get(f"{URL}/overdue", params={"day": "2026-04-02"}).json()["data"]
        assert [(d["days_late"], d["milestone"]["kind"]["name"]) for d in late] == [
            (2, "Zwischennachweis")
        ]
        assert client.get(f"{URL}/overdue", params={"day": "2026-03-31"}).json()["data"] == []
        due = client.get(f"{URL}/due", params={"lang": "en"}).json()["data"]
        assert [d["milestone"]["kind"]["name"] for d in due] == ["proof of use"]

        calendar = client.get(f"{URL}/calendar.ics", params={"project": project})
        assert calendar.headers["Content-Type"].startswith("text/calendar")
        assert len(Calendar.from_ical(calendar.content).walk("VEVENT")) == 2
        budget = client.get(f"{URL}/budget.csv").content.decode("utf-8-sig")
        assert [row["grant_eur"] for row in csv.DictReader(io.StringIO(budget))] == ["60.00"]

        [listed] = client.get(URL, params={"phase": "preparation"}).json()["data"]
        assert (listed["name"], listed["partners"]) == ("Trockenlauf", 2)
        assert client.get(URL, params={"phase": "execution"}).json()["data"] == []

        funding = client.get(f"{address}/funding").json()["data"]["programmes"]
        assert [p["verdict"] for p in funding] == ["not-eligible"]
        assert "add 1 research" in client.get(f"{address}/funding", params={"lang": "en"}).text
        amounts = client.get(f"{address}/amounts").json()["data"]
        rates = {a["organisation"]["name"]: a for a in amounts if a["measure"] == "rate"}
        assert rates["Klein GmbH"]["truth"] == "no"
        assert rates["Klein GmbH"]["text"] == "über der Grenze von 50 %"
        assert rates["Klein GmbH"]["rules"][0]["source"] == "http://example.org/p"
        young = client.get(f"{address}/amounts", params={"young": "Mittel GmbH"}).json()["data"]
        small = [a for a in young if a["organisation"] and a["organisation"]["iri"] == SMALL]
        assert small[0]["text"] == "über der Grenze von 45 %"

        idea = {"partners": ["Klein GmbH", "Institut"], "programme": "programm p"}
        verdict = client.post(f"{URL}/ideas/funding", json=idea).json()["data"]["programmes"][0]
        assert verdict["verdict"] == "eligible"
