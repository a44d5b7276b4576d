"""Materials, certificates, places, and what they belong to."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from graph.understanding import Lexicon, Proposal, RequirementProposal, count_gaps
from graph.understanding.words import word_lists
from tests.understanding.conftest import Read


def requirement(proposal: Proposal, slug: str) -> RequirementProposal:
    return next(r for r in proposal.requirements if r.competence.endswith(f"/{slug}"))


def dimensions(found: RequirementProposal) -> set[str]:
    return {x.limit.dimension.rpartition("/")[2] for x in found.limits}


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("1.4404", "edelstahl-v4a"),
        ("1.4301", "edelstahl-v2a"),
        ("EN AW-6082", "aluminium"),
        ("S355J2+N", "baustahl"),
        ("C45", "verguetungsstahl"),
        ("16MnCr5", "einsatzstahl"),
        ("PEEK", "peek"),
        ("Ti6Al4V", "titan"),
        ("CuZn39Pb3", "messing"),
        ("GJS-400-15", "sphaeroguss"),
        ("1.2379", "hochlegierter-werkzeugstahl"),
        ("Al2O3", "aluminiumoxid"),
        ("Edelstahlplatten", "edelstahl"),
    ],
)
def test_designations_lead_to_materials(read: Read, words: str, slug: str) -> None:
    proposal = read(f"Fräsen von Teilen: {words}.")
    found = [*proposal.materials, *(m for r in proposal.requirements for m in r.materials)]

    assert [m.concept.rpartition("/")[2] for m in found] == [slug]


def test_every_designation_names_a_material_of_the_scheme(lexicon: Lexicon) -> None:
    slugs = {slug for slug, _ in word_lists().designations}

    assert slugs <= lexicon.material_iris.keys()


def test_material_that_is_not_wanted_is_left_out(read: Read) -> None:
    proposal = read("Fräsen, kein Aluminium.")

    assert proposal.materials == ()
    assert requirement(proposal, "fraesen").materials == ()


def test_limits_go_to_the_requirement_beside_them(read: Read) -> None:
    proposal = read("CNC-Drehen Ø 30 mm, Schleifen auf Ra 0,2. 500 Stück/Jahr.")

    assert dimensions(requirement(proposal, "drehen")) == {"workpiece-diameter"}
    assert dimensions(requirement(proposal, "schleifen")) == {"surface-roughness"}
    assert [x.limit.minimum for x in proposal.limits] == [500.0]


def test_welding_certificate_goes_to_welding_and_iso_9001_to_all(read: Read) -> None:
    proposal = read("Fräsen und Schweißen mit DIN EN ISO 3834. Der Lieferant hat ISO 9001:2015.")

    [own] = requirement(proposal, "schweissen").certificates
    assert own.concept.endswith("/iso-3834")
    assert requirement(proposal, "fraesen").certificates == ()


def test_own_certificate_of_the_requester_is_not_demanded(read: Read) -> None:
    proposal = read("Wir sind nach ISO 9001 zertifiziert. Gesucht: Fräsen.")

    assert proposal.certificates == ()


def test_place_distance_and_region(read: Read) -> None:
    near = read("Fräsen im Umkreis von 50 km um Jena.")
    region = read("Fräsen, Lieferant aus der Region Gera.")

    assert near.max_distance_km == 50.0
    assert near.places[0].place is not None
    assert region.places[0].is_condition
    assert region.places[0].district is not None


@pytest.mark.parametrize("words", ["50 km um Jena", "50 km rund um Jena", "50 km around Jena"])
def test_distance_may_come_before_the_place(read: Read, words: str) -> None:
    found = read(f"Fräsen, {words}.")

    assert found.max_distance_km == 50.0
    assert found.places[0].place is not None
    assert read("Fräsen von 50 km Rohr.").max_distance_km is None


def test_delivery_place_is_no_condition(read: Read) -> None:
    [place] = read("Fräsen, Lieferung nach Jena.").places

    assert not place.is_condition


def test_gaps_of_many_texts_are_counted_together(read: Read) -> None:
    proposals = [read("Wir brauchen Zauberverfahren."), read("Zauberverfahren, Elfentechnik.")]

    assert count_gaps(proposals) == [("Zauberverfahren", 2), ("Elfentechnik", 1)]


def _labelled() -> list[dict[str, Any]]:
    folder = Path(__file__).parents[2] / "benchmarks"
    sets = sorted(folder.glob("understanding_*.toml"))
    return [t for s in sets for t in tomllib.loads(s.read_text(encoding="utf-8"))["text"]]


def test_labelled_sets_have_all_splits_and_no_text_twice() -> None:
    labelled = _labelled()

    texts = [t["text"] for t in labelled]
    assert len(set(texts)) == len(texts) >= 100
    assert {t["split"] for t in labelled} == {"development", "held-out", "third", "fourth"}


def test_labelled_competences_exist(lexicon: Lexicon) -> None:
    known = {iri.rpartition("/")[2] for iri in lexicon.scheme.competences}

    assert {slug for t in _labelled() for slug in t["competences"]} <= known
