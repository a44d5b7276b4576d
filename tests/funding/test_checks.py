"""Funding checks on the shipped graph: reading, HTTP, command line."""

import csv
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.funding import check_funding
from api.settings import Settings
from graph.eligibility import Programme
from graph.errors import UnknownTermError
from graph.funding import find_programme, read_partners, read_programmes
from graph.model import Landscape
from graph.reading import read_landscape
from graph.resources import data_text
from graph.store import EmbeddedStore, Visibility, publish


@pytest.fixture(scope="module")
def landscape(reference: EmbeddedStore) -> Landscape:
    return read_landscape(reference)


@pytest.fixture(scope="module")
def programmes(reference: EmbeddedStore, landscape: Landscape) -> tuple[Programme, ...]:
    return read_programmes(reference, landscape.labels)


@pytest.fixture(scope="module")
def client(home: Path, reference: EmbeddedStore) -> Iterator[TestClient]:
    settings = Settings(home=home, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings, reference)) as opened:
        yield opened


def test_rules_are_those_of_the_table(programmes: tuple[Programme, ...]) -> None:
    found = {
        (p.iri.rpartition("programme-")[2], c.kind, c.operator, c.source_year)
        for p in programmes
        for c in p.criteria
    }

    wanted = {
        (
            row["programme"],
            row["kind"],
            row["operator"],
            int(row["evidence_year"]) if row["evidence_year"] else None,
        )
        for row in csv.DictReader(data_text("funding_criteria.csv").splitlines())
    }
    assert found == wanted


def test_allowed_values_stay_apart(programmes: tuple[Programme, ...]) -> None:
    field = next(
        c for c in find_programme(programmes, "fti-th-tech").criteria if c.kind == "ris-field"
    )

    assert len(field.values) == 5


def test_unknown_programme_is_an_error(programmes: tuple[Programme, ...]) -> None:
    with pytest.raises(UnknownTermError):
        find_programme(programmes, "zimt")


def test_facts_of_partners(reference: EmbeddedStore, landscape: Landscape) -> None:
    iri = next(i for i in landscape.organisations if i.endswith("/org-hahner-technik"))

    [partner] = read_partners(reference, landscape, [iri, iri])

    assert (partner.employees, partner.state, partner.country) == (50, "16", "DE")


def test_every_answer_says_why_whom_and_from_where(client: TestClient) -> None:
    answer = client.get("/api/v1/funding/checks", params={"enquiry": "E05"}).json()["data"]

    assert "geltende Richtlinie" in answer["caution"]
    assert len(answer["programmes"]) == 11
    rules = [r for p in answer["programmes"] for r in p["rules"]]
    assert all(r["rule"]["source"].startswith("http") for r in rules)
    assert all("{" not in r["text"] for r in rules)
    horizon = next(p for p in answer["programmes"] if p["iri"].endswith("programme-heu"))
    assert horizon["verdict"] == "not-eligible"
    changes = [c["code"] for r in horizon["rules"] for c in r["changes"]]
    assert "add-countries" in changes


def test_search_satisfies_the_rules_that_are_demanded(client: TestClient) -> None:
    asked = {"enquiry": "E05", "programme": "thzm"}
    freely = client.get("/api/v1/funding/checks", params=asked).json()["data"]
    demanded = client.get("/api/v1/funding/checks", params=asked | {"demand": "true"}).json()[
        "data"
    ]

    assert freely["programmes"][0]["verdict"] == "not-eligible"
    assert demanded["programmes"][0]["verdict"] == "eligible"


def test_named_organisations_in_english(client: TestClient) -> None:
    answer = client.get(
        "/api/v1/funding/checks",
        params={"organisation": ["hahner-technik"], "programme": "zim", "lang": "en"},
    ).json()["data"]

    [zim] = answer["programmes"]
    assert zim["verdict"] == "not-eligible"
    assert "only 1 of 2" in zim["text"]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({}, 400),
        ({"enquiry": "E05", "organisation": "x"}, 400),
        ({"enquiry": "E05", "demand": "true"}, 400),
        ({"enquiry": "E99"}, 404),
        ({"enquiry": "E05", "programme": "nothing"}, 404),
        ({"enquiry": "E05", "duration_months": "0"}, 422),
    ],
)
def test_unusable_question(client: TestClient, params: dict[str, str], status: int) -> None:
    assert client.get("/api/v1/funding/checks", params=params).status_code == status


def test_command(home: Path) -> None:
    runner = CliRunner(env={"VERBUND_HOME": str(home)})

    done = runner.invoke(app, ["funding", "E05", "--programme", "zim", "--lang", "en"])
    drawn = runner.invoke(app, ["funding", "E05", "--programme", "zim", "--format", "table"])

    assert json.loads(done.stdout)["programmes"][0]["name"].startswith("Zentrales")
    assert "geltende Richtlinie" in " ".join(drawn.stdout.split())


def test_command_checks_named_organisations(home: Path) -> None:
    given = ["funding", "-o", "hahner-technik", "--programme", "zim", "--home", str(home)]
    answer = CliRunner().invoke(app, [*given, "--day", "2026-11-25", "--format", "json"])

    [zim] = json.loads(answer.stdout)["programmes"]
    assert zim["verdict"] == "not-eligible"
    assert zim["deadline"]["truth"] == "unknown"
    for wrong in ([], ["E05", "-o", "hahner-technik"]):
        refused = CliRunner().invoke(app, ["funding", *wrong, "--home", str(home)])
        assert refused.exit_code == 2


def test_command_needs_a_programme_to_demand(home: Path) -> None:
    runner = CliRunner(env={"VERBUND_HOME": str(home)})

    assert runner.invoke(app, ["funding", "E05", "--demand"]).exit_code == 2


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, small_quads: list[ox.Quad]) -> EmbeddedStore:
    """A landscape with one programme of which region and deadline are stated."""
    folder = tmp_path_factory.mktemp("office")
    engine = ox.Store()
    engine.load(path=str(Path(__file__).parents[1] / "data" / "small-office.trig"))
    publish(folder, {Visibility.PUBLIC: [*small_quads, *engine]}, "office-1")
    return EmbeddedStore(folder)


def test_stated_deadline_decides_on_its_day(office: EmbeddedStore) -> None:
    programme = find_programme(read_programmes(office, {}), "Programm Q")
    last = programme.deadlines[-1]
    after = last + timedelta(days=1)

    in_time = check_funding(office, [], None, programme.iri, "de", last).programmes[0]
    late = check_funding(office, [], None, programme.iri, "de", after).programmes[0]

    written = f"{last.day:02}.{last.month:02}.{last.year}"
    assert in_time.deadline.text == f"Anträge bis {written}."
    assert (in_time.deadline.truth, in_time.deadline.day) == ("yes", last)
    assert (late.verdict, late.deadline.truth) == ("not-eligible", "no")
    assert late.text.startswith(f"Nicht förderfähig: Die letzte bekannte Frist, der {written}")
    saxony = check_funding(office, [], None, "Programm Sachsen", "de", last).programmes[0]
    assert saxony.regions == ["DED"]
    assert saxony.region_text == "Programm des Landes, für DED."


def test_level_region_and_deadline_are_said(client: TestClient) -> None:
    answer = client.get("/api/v1/funding/checks", params={"enquiry": "E05", "lang": "en"})
    found = {p["iri"].rpartition("-")[2]: p for p in answer.json()["data"]["programmes"]}

    assert {p["level"] for p in found.values()} == {"state", "federal", "eu", "eureka"}
    tech = found["tech"]
    assert tech["region_text"] == "Programme of the state, for Thüringen."
    assert tech["deadline"]["truth"] == "unknown"
    assert tech["deadline"]["text"].startswith("No deadline is stated: ask Freistaat Thüringen")
    assert tech["deadline"]["text"].endswith("Source of unknown date.")
    assert found["eurostars"]["deadline"]["text"].endswith("Source of 2024.")
    assert "no region is stated" in found["heu"]["region_text"]
    assert all(p["sources"] for p in found.values())
