"""The landscape read from the reference graph, held against the tables it comes from."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from graph.errors import StoreCorruptError
from graph.model import Landscape, Limit, Truth
from graph.reading import read_landscape
from graph.resources import data_text
from graph.store import EmbeddedStore, MemoryStore

ID = "https://w3id.org/verbund/id/"
SCHEME = "https://w3id.org/verbund/scheme/"


@pytest.fixture(scope="module")
def landscape(reference: EmbeddedStore) -> Landscape:
    return read_landscape(reference)


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(data_text(f"{name}.csv").splitlines()))


def test_every_claim_of_a_possible_member_is_read(landscape: Landscape) -> None:
    rows = [
        r
        for r in table("capabilities")
        if f"{ID}org-{r['organisation']}" in landscape.organisations
    ]

    assert len(landscape.claims) == len(rows)
    by_organisation = Counter(c.organisation.removeprefix(f"{ID}org-") for c in landscape.claims)
    assert by_organisation == Counter(r["organisation"] for r in rows)


def test_claim_keeps_term_step_limit_and_source(landscape: Landscape) -> None:
    claims = [
        c
        for c in landscape.claims
        if c.organisation == f"{ID}org-avermann-laser-kant-zentrum" and c.term == "Abkanten"
    ]

    assert len(claims) == 1
    assert claims[0].limits == (Limit(f"{SCHEME}dimension/workpiece-length", None, 12000.0),)
    assert claims[0].steps == {f"{SCHEME}value-chain/trennen-blech"}
    assert claims[0].detail == "bis 12 m Länge"
    assert claims[0].source.startswith("http")


def test_closing_plant_is_not_active(landscape: Landscape) -> None:
    plant = landscape.organisations[f"{ID}org-ihi-charging-systems-international"]

    assert plant.is_active is Truth.NO


def test_doubtful_status_is_unknown(landscape: Landscape) -> None:
    assert landscape.organisations[f"{ID}org-mitec-automotive"].is_active is Truth.UNKNOWN


def test_size_is_unknown_unless_stated(landscape: Landscape) -> None:
    small = landscape.organisations[f"{ID}org-edelstahlbau-tannroda"]
    large = landscape.organisations[f"{ID}org-n3-engine-overhaul-services"]
    unknown = landscape.organisations[f"{ID}org-3di"]

    assert (small.is_small, large.is_small) == (Truth.YES, Truth.NO)
    assert unknown.is_small is Truth.UNKNOWN


def test_ties_name_two_different_organisations_in_order(landscape: Landscape) -> None:
    assert landscape.ties
    assert all(tie.first < tie.second for tie in landscape.ties)
    assert all(tie.source for tie in landscape.ties)


def test_partners_of_one_project_are_tied(landscape: Landscape) -> None:
    pair = {f"{ID}org-asphericon", f"{ID}org-iof"}
    shared = [t.context for t in landscape.ties if {t.first, t.second} == pair]

    assert f"{ID}project-fo-plus-1" in shared


def test_labels_follow_the_language(reference: EmbeddedStore) -> None:
    drehen = f"{SCHEME}competence/drehen"

    assert read_landscape(reference, "de").scheme.competences[drehen].label == "Drehen"
    assert read_landscape(reference, "en").scheme.competences[drehen].label == "Turning"


def test_reading_twice_gives_the_same(reference: EmbeddedStore, landscape: Landscape) -> None:
    assert read_landscape(reference) == landscape


def test_value_of_the_wrong_kind_is_reported() -> None:
    broken = (Path(__file__).parent / "broken-latitude.ttl").read_text(encoding="utf-8")

    with pytest.raises(StoreCorruptError, match="latitude should be a number"):
        read_landscape(MemoryStore.parse(broken, "turtle"))


def test_sectors_and_state_are_read(landscape: Landscape) -> None:
    jena = landscape.organisations[f"{ID}org-asphericon"]

    assert jena.place is not None
    assert jena.place.state == "http://dcat-ap.de/def/politicalGeocoding/stateKey/16"
    assert f"{SCHEME}sector/optics-photonics" in jena.sectors
    with_class = [
        o for o in landscape.organisations.values() if any("wz2008" in s for s in o.sectors)
    ]
    assert len(with_class) > 50
