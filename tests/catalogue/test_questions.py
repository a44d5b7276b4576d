"""The questions to the model: all are answered, completely, soundly, and on the real data."""

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest
import yaml

from graph.catalogue import catalogue, find
from graph.matching.geography import great_circle_km
from graph.resources import data_text
from graph.store import EmbeddedStore
from graph.vocabulary import ID, SCHEME

from .test_catalogue import VALUES

TRAPS: dict[str, list[str]] = yaml.safe_load(
    (Path(__file__).parent / "traps.yaml").read_text(encoding="utf-8")
)
INVENTED = "http://example.org/id/"
QUESTIONS = {f"CQ{number:02}" for number in range(1, 26)}


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(data_text(f"{name}.csv").splitlines()))


def ask(store: EmbeddedStore, name: str, **values: str) -> list[dict[str, str]]:
    rows = store.select(find(name).bound(values))
    return [{column: str(term) for column, term in row.items()} for row in rows]


def test_every_competency_question_has_one_query() -> None:
    answered = sorted(query.competency_question for query in catalogue().values())

    assert [number for number in answered if number] == sorted(QUESTIONS)


@pytest.mark.parametrize("name", TRAPS)
def test_traps_do_not_come(name: str, office_store: EmbeddedStore, office: ox.Store) -> None:
    traps = {INVENTED + trap for trap in TRAPS[name]}
    described = {quad.subject.value for quad in office if isinstance(quad.subject, ox.NamedNode)}

    rows = ask(office_store, name, **VALUES.get(name, {}))

    assert traps <= described, "a trap that is not there catches nothing"
    assert rows
    assert {value for row in rows for value in row.values()} & traps == set()


# each trap is one fact away from being caught: with the fact changed, the thing comes
@pytest.mark.parametrize(
    ("name", "changed", "thing"),
    [
        ("candidates-for-enquiry", {"today": "2024-06-30"}, "claim-delta-milling"),
        ("certificates-ending", {"before": "2030-01-02"}, "certificate-gamma"),
        ("certified-at-site", {"today": "2024-05-01"}, "claim-beta-milling"),
        ("contacts-for-enquiry", {"enquiry": INVENTED + "enquiry-1"}, None),
        ("members-of-consortium", {"consortium": INVENTED + "consortium-2"}, "org-delta"),
        ("overdue-replies", {"today": "2025-02-02"}, "referral-pending"),
        ("programmes-beyond-state", {"today": "2024-01-31"}, "programme-late"),
        ("projects-by-phase", {"today": "2025-06-02"}, "milestone-next"),
        ("providers-within-distance", {"distance": "112"}, "org-delta"),
        ("requirements-without-provider", {}, "requirement-2-2"),
    ],
)
def test_trap_comes_when_its_fact_is_changed(
    name: str, changed: dict[str, str], thing: str | None, office_store: EmbeddedStore
) -> None:
    rows = ask(office_store, name, **VALUES.get(name, {}) | changed)

    found = {value for row in rows for value in row.values()}
    assert (INVENTED + thing in found) if thing else not rows


def test_what_is_internal_is_seen_inside_only(
    office_store: EmbeddedStore, inside_store: EmbeddedStore
) -> None:
    asked = {"enquiry": INVENTED + "enquiry-4", "today": "2025-01-01"}

    assert ask(office_store, "candidates-for-enquiry", **asked) == []
    claims = [row["claim"] for row in ask(inside_store, "candidates-for-enquiry", **asked)]
    assert claims == [INVENTED + "claim-alpha-coating"]


def test_what_is_internal_changes_no_public_number(
    office_store: EmbeddedStore, inside_store: EmbeddedStore
) -> None:
    public = ask(office_store, "competences-that-unlock-enquiries")
    inside = ask(inside_store, "competences-that-unlock-enquiries")

    assert [row["unlocked"] for row in public] == ["2"]
    assert inside == []
    organisation = {"organisation": INVENTED + "org-alpha"}
    names = [row["graph"] for row in ask(office_store, "graphs-on-organisation", **organisation)]
    assert all("internal" not in name for name in names)


# --- on the real data, against its tables ---------------------------------------------------------


def test_steps_are_counted_as_the_table_says(reference: EmbeddedStore) -> None:
    # one organisation with two entries counts once
    first = {r["second"]: r["first"] for r in table("identity") if r["decision"] == "same"}
    assert first
    organisations = defaultdict(set)
    for row in table("capabilities"):
        organisations[row["step"]].add(first.get(row["organisation"], row["organisation"]))

    rows = ask(reference, "thin-steps", most="1000")

    # the table names steps in words of its own, one for each step
    counts = [int(row["organisations"]) for row in rows]
    assert sorted(filter(None, counts)) == sorted(map(len, organisations.values()))


def test_chain_up_to_assembly_is_what_precedes_it(reference: EmbeddedStore) -> None:
    rows = ask(reference, "coverage-up-to-step", last="montage")

    steps = {row["step"].removeprefix(SCHEME + "value-chain/") for row in rows}
    assert {"montage", "konstruktion", "zerspanen", "fuegen"} <= steps
    assert steps.isdisjoint({"service"})


def test_candidates_have_the_competence_in_their_own_row(reference: EmbeddedStore) -> None:
    """Every claim that states the very competence comes for the requirement that asks for it."""
    rows = ask(reference, "candidates-for-enquiry", enquiry="enquiry-e01", today="2026-11-25")
    exact = reference.select(
        f"""PREFIX vb: <https://w3id.org/verbund/def#>
        SELECT ?requirement ?claim WHERE {{
          <{ID["enquiry-e01"]}> vb:hasRequirement ?requirement .
          ?requirement vb:requiredCompetence ?competence . ?claim vb:competence ?competence }}"""
    )

    came = {(row["requirement"], row["claim"]) for row in rows}
    assert exact
    assert {(str(row["requirement"]), str(row["claim"])) for row in exact} <= came


def test_open_enquiries_are_those_of_the_table(reference: EmbeddedStore) -> None:
    rows = ask(reference, "open-enquiries")

    numbers = {row["enquiry"].removeprefix(ID + "enquiry-").upper() for row in rows}
    assert numbers == {row["id"].upper() for row in table("enquiries")}
    assert all(0 < int(row["covered"]) <= int(row["mandatory"]) for row in rows)


def test_missing_competences_are_what_open_enquiries_lack(reference: EmbeddedStore) -> None:
    enquiries = ask(reference, "open-enquiries")
    lacking = sum(int(row["mandatory"]) - int(row["covered"]) for row in enquiries)

    missing = ask(reference, "requirements-without-provider")
    unlocking = ask(reference, "competences-that-unlock-enquiries")

    assert len(missing) == lacking
    assert {row["competence"] for row in unlocking} == {row["competence"] for row in missing}


def test_bridges_have_two_networks_in_the_table(reference: EmbeddedStore) -> None:
    groups = defaultdict(set)
    for row in table("memberships"):
        groups[row["organisation"]].add(row["network"])

    rows = ask(reference, "bridge-organisations")

    found = {row["organisation"].removeprefix(ID + "org-"): int(row["groups"]) for row in rows}
    assert found == {name: len(ids) for name, ids in groups.items() if len(ids) > 1}


def test_distance_is_the_great_circle(reference: EmbeddedStore) -> None:
    """The plain arithmetic of the query agrees with the sphere, at the edge of each circle."""
    values = {"competence": "fertigungsverfahren", "town": "Jena"}
    everywhere = ask(reference, "providers-within-distance", **values, distance="1000")
    centre = jena(reference)
    point = {row["site"]: (float(row["latitude"]), float(row["longitude"])) for row in everywhere}
    assert len(point) > 50

    for distance in (5, 20, 50, 80, 120):
        near = ask(reference, "providers-within-distance", **values, distance=str(distance))
        came = {row["site"] for row in near}
        for site, (latitude, longitude) in point.items():
            km = float(great_circle_km(*centre, latitude, longitude))
            if abs(km - distance) > 0.002 * distance:
                assert (site in came) == (km <= distance), (site, km)


def jena(store: EmbeddedStore) -> tuple[float, float]:
    rows = store.select(
        """PREFIX vb: <https://w3id.org/verbund/def#>
        PREFIX wgs: <http://www.w3.org/2003/01/geo/wgs84_pos#>
        SELECT ?lat ?long WHERE { ?s vb:town ?t ; wgs:lat ?lat ; wgs:long ?long .
          FILTER(STR(?t) = "Jena") }"""
    )
    mean = np.mean([(float(str(r["lat"])), float(str(r["long"]))) for r in rows], axis=0)
    return float(mean[0]), float(mean[1])


def test_enquiries_close_when_the_circle_is_wide(reference: EmbeddedStore) -> None:
    covered = {row["enquiry"]: row for row in ask(reference, "open-enquiries")}

    near = ask(reference, "enquiries-closable-within-distance", town="Jena", distance="1000")
    nowhere = ask(reference, "enquiries-closable-within-distance", town="Nirgendwo")

    # a claim without a site lies within no distance
    assert all(int(r["covered"]) <= int(covered[r["enquiry"]]["covered"]) for r in near)
    assert any(row["missing"] == "0" for row in near)
    assert {row["covered"] for row in nowhere} == {"0"}


def test_words_without_concept_are_no_label(reference: EmbeddedStore) -> None:
    labels = {
        str(row["label"])
        for row in reference.select(
            """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
            SELECT ?label {
              VALUES ?p { skos:prefLabel skos:altLabel skos:hiddenLabel }
              ?c ?p ?label . FILTER(LANG(?label) = "de") }"""
        )
    }

    words = {row["word"] for row in ask(reference, "words-without-concept")}

    assert words
    assert words & labels == set()


def test_programmes_beyond_the_state_are_those_of_the_table(reference: EmbeddedStore) -> None:
    rows = ask(reference, "programmes-beyond-state", today="2026-11-25")

    names = {row["programme"].removeprefix(ID + "programme-") for row in rows}
    assert names == {row["id"] for row in table("funding_programmes") if row["level"] != "state"}
