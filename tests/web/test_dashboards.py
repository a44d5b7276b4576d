"""The dashboards: the numbers are those of their questions, and each leads to its question."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.pages.dashboards import (
    bars,
    broker_bars,
    catalogue_rows,
    cluster_map,
    district_map,
    evidence_lines,
    single_points,
    status_bars,
    unknown_words,
    years,
)
from api.settings import Settings
from graph.store import EmbeddedStore, Store

from .test_pages import read

Opened = Callable[..., AbstractContextManager[TestClient]]
QUESTIONS = [
    "brokers",
    "coverage-by-step-and-cluster",
    "coverage-by-step-and-district",
    "evidence-by-step",
    "freshness-by-year",
    "single-points-of-failure",
    "words-without-concept",
]


def total(store: Store, name: str, column: str) -> int:
    return sum(int(str(row[column])) for row in catalogue_rows(store, name, "en"))


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_panel_leads_to_its_question_and_to_the_workbench(
    client: TestClient, language: str
) -> None:
    links = set(read(client, f"/{language}/dashboards").links)

    for name in QUESTIONS:
        assert f"/{language}/queries/{name}" in links
        assert f"/{language}/workbench?catalogue={name}" in links


def test_page_is_the_same_when_asked_again(client: TestClient) -> None:
    assert client.get("/de/dashboards").text == client.get("/de/dashboards").text


def test_heat_map_of_districts_holds_every_step_and_district(reference: EmbeddedStore) -> None:
    found = district_map(reference, "en")

    name = "coverage-by-step-and-district"
    assert (len(found.lines), len(found.columns)) == (21, 22)
    assert sum(c.value for line in found.lines for c in line.cells) == total(
        reference, name, "organisations"
    )
    assert found.filled == len(catalogue_rows(reference, name, "en"))
    assert found.size == 21 * 22
    optics = next(line for line in found.lines if line.slug == "optikfertigung")
    jena = [key for key, _ in found.columns].index("16053")
    [row] = [
        row
        for row in catalogue_rows(reference, name, "en")
        if "/optikfertigung" in str(row["step"]) and str(row["district"]).endswith("16053")
    ]
    assert optics.cells[jena].value == int(str(row["organisations"])) > 0


def test_heat_map_of_clusters_adds_up(reference: EmbeddedStore) -> None:
    found = cluster_map(reference, "de")

    assert sum(c.value for line in found.lines for c in line.cells) == total(
        reference, "coverage-by-step-and-cluster", "members"
    )
    assert [label for _, label in found.columns] == sorted(
        (label for _, label in found.columns), key=str.casefold
    )


def test_shades_follow_the_scale(reference: EmbeddedStore) -> None:
    cells = {(c.value, c.shade) for line in district_map(reference, "en").lines for c in line.cells}

    expected = {0: 0, 1: 1, 2: 2, 3: 2, 4: 3, 6: 3, 7: 4, 9: 4, 10: 5, 12: 5}
    assert {pair for pair in cells if pair[0] in expected} <= set(expected.items())
    assert {shade for _, shade in cells} == {0, 1, 2, 3, 4, 5}


def test_single_points_hold_every_competence_once(reference: EmbeddedStore) -> None:
    found = single_points(reference, "en")

    counts = [len(one.competences) for one in found]
    assert sum(counts) == len(catalogue_rows(reference, "single-points-of-failure", "en"))
    assert counts == sorted(counts, reverse=True)


def test_bridges_are_those_of_the_question_in_its_order(reference: EmbeddedStore) -> None:
    found = broker_bars(reference, "en", most=3)

    rows = catalogue_rows(reference, "brokers", "en")[:3]
    assert [bar.iri for bar in found] == [str(row["organisation"]) for row in rows]
    assert found[0].share == 1
    assert found[0].more["partners"] == int(str(rows[0]["partners"]))


def test_years_have_no_break_and_lose_no_claim(reference: EmbeddedStore) -> None:
    shown, older, undated = years(reference, "en", most=5)

    assert [one.year for one in shown] == list(range(shown[0].year, shown[0].year + 5))
    assert sum(one.claims for one in shown) + older + undated == total(
        reference, "freshness-by-year", "claims"
    )
    assert older > 0
    assert undated > 0
    assert all(0 <= one.share <= 1 for one in shown)


def test_evidence_of_a_step_is_a_part_of_its_claims(reference: EmbeddedStore) -> None:
    lines = evidence_lines(reference, "en")

    assert len(lines) == 21
    for line in lines:
        for part in ("stated", "certain", "undated"):
            assert 0 <= int(line[part]) <= int(line["claims"])


def test_unknown_words_are_counted_whole(reference: EmbeddedStore) -> None:
    shown, count = unknown_words(reference, "de", most=2)

    assert len(shown) == 2
    assert count == len(catalogue_rows(reference, "words-without-concept", "de"))


def test_states_count_every_enquiry(reference: EmbeddedStore) -> None:
    assert sum(bar.value for bar in status_bars(reference, "en")) == 10


def test_bars_of_nothing_are_none() -> None:
    assert bars([]) == ()
    assert [bar.share for bar in bars([("", "a", 0, {}), ("", "b", 0, {})])] == [0, 0]


@pytest.mark.parametrize("role", [Role.ANONYMOUS, Role.PARTNER, Role.COORDINATOR])
def test_only_coordinators_see_the_states_of_enquiries(
    home: Path, tmp_path: Path, reference: EmbeddedStore, role: Role
) -> None:
    settings = Settings(home=tmp_path)
    headers = {}
    if role is not Role.ANONYMOUS:
        headers["Authorization"] = f"Bearer {KeyStore(tmp_path).make(role, 'test')[1]}"
    app = create_app(settings, reference)
    app.state.narrower = dict.fromkeys(("partners", "internal"), reference)
    with TestClient(app) as client:
        page = client.get("/en/dashboards", headers=headers)

    assert page.status_code == 200
    is_shown = "Enquiries by state" in page.text
    assert is_shown is (role is Role.COORDINATOR)


def test_page_is_small(client: TestClient) -> None:
    page = client.get("/de/dashboards")

    scripts = re.findall(r"<script", page.text)
    assert scripts == []
    assert len(page.content) < 100_000
