"""Each check, each relation and the cost of a match, on tiny hand-written landscapes."""

from dataclasses import replace

import numpy as np
import pytest

from graph.errors import EnquiryError
from graph.matching import Candidate, CheckKind, CheckReason, Grade, Index, Relation, match
from graph.matching import checks as c
from graph.matching.geography import great_circle_km
from graph.matching.index import CompetenceOrder, index_of
from graph.model import (
    Certificate,
    Claim,
    Competence,
    CompetenceScheme,
    Dimension,
    Enquiry,
    FitRule,
    Landscape,
    Limit,
    Organisation,
    Place,
    Requirement,
    Truth,
)
from graph.settings import Settings, default_weights

YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
MATERIALS = {"steel": "metal", "stainless": "steel", "aluminium": "metal", "quartz": "glass"}
SETTINGS = Settings(reference_year=2026)

SCHEME = CompetenceScheme(
    competences={
        iri: Competence(iri, iri.title(), broader)
        for iri, broader in [
            ("machining", None),
            ("milling", "machining"),
            ("five-axis", "milling"),
            ("turning", "machining"),
            ("joining", None),
        ]
    },
    dimensions={"length": Dimension("length", FitRule.RANGE)},
    materials=MATERIALS,
)


@pytest.mark.parametrize(
    ("stated", "truth", "reason"),
    [
        (set(), UNKNOWN, CheckReason.NOT_STATED),
        ({"steel"}, YES, CheckReason.STATED),
        ({"glass", "steel"}, YES, CheckReason.STATED),
        ({"stainless"}, YES, CheckReason.NARROWER_STATED),
        ({"metal"}, UNKNOWN, CheckReason.BROADER_STATED),
        ({"aluminium"}, UNKNOWN, CheckReason.SAME_FAMILY_STATED),
        ({"glass"}, NO, CheckReason.OTHER_STATED),
        ({"quartz", "wood"}, NO, CheckReason.OTHER_STATED),
    ],
)
def test_material(stated: set[str], truth: Truth, reason: CheckReason) -> None:
    check = c.check_material("steel", frozenset(stated), MATERIALS)

    assert (check.truth, check.reason) == (truth, reason)


def test_circle_of_materials_does_not_hang() -> None:
    check = c.check_material("a", frozenset({"x"}), {"a": "b", "b": "a"})

    assert check.truth is NO


@pytest.mark.parametrize(
    ("stated", "truth"), [(set(), UNKNOWN), ({"cut"}, YES), ({"cut", "join"}, YES), ({"join"}, NO)]
)
def test_step(stated: set[str], truth: Truth) -> None:
    assert c.check_step("cut", frozenset(stated)).truth is truth


@pytest.mark.parametrize(
    ("required", "offered", "truth"),
    [
        ((None, 800.0), (None, 1000.0), YES),
        ((None, 1000.0), (None, 1000.0), YES),
        ((None, 1200.0), (None, 1000.0), NO),
        ((5.0, 800.0), (10.0, 1000.0), NO),
        ((10.0, None), (10.0, 1000.0), YES),
        ((1200.0, None), (10.0, 1000.0), NO),
        ((None, 5.0), (10.0, 1000.0), NO),
        ((5.0, 800.0), (None, 1000.0), YES),
        ((5.0, 800.0), (1.0, None), YES),
        ((5.0, 800.0), (None, None), UNKNOWN),
        ((None, None), (10.0, 20.0), YES),
    ],
)
def test_range_limit(
    required: tuple[float | None, float | None],
    offered: tuple[float | None, float | None],
    truth: Truth,
) -> None:
    check = c.check_limit(Limit("d", *required), [Limit("d", *offered)], FitRule.RANGE)

    assert check.truth is truth


@pytest.mark.parametrize(
    ("required", "offered", "truth"),
    [
        ((None, 0.02), (0.01, None), YES),
        ((None, 0.01), (0.01, 0.5), YES),
        ((None, 0.005), (0.01, None), NO),
        ((0.02, None), (None, 0.01), YES),
        ((None, 0.02), (None, None), UNKNOWN),
        ((None, None), (0.01, None), YES),
    ],
)
def test_at_most_limit(
    required: tuple[float | None, float | None],
    offered: tuple[float | None, float | None],
    truth: Truth,
) -> None:
    check = c.check_limit(Limit("d", *required), [Limit("d", *offered)], FitRule.AT_MOST)

    assert check.truth is truth


def test_limit_of_another_dimension_says_nothing() -> None:
    check = c.check_limit(Limit("d", None, 1.0), [Limit("other", None, 0.1)], FitRule.RANGE)

    assert (check.truth, check.found_limit) == (UNKNOWN, None)


def test_one_of_two_machines_is_enough() -> None:
    small, large = Limit("d", None, 100.0), Limit("d", None, 900.0)

    check = c.check_limit(Limit("d", None, 500.0), [small, large], FitRule.RANGE)

    assert (check.truth, check.found_limit) == (YES, large)


@pytest.mark.parametrize(
    ("ends", "truth", "reason"),
    [
        ([], UNKNOWN, CheckReason.NOT_STATED),
        ([None], YES, CheckReason.HELD),
        (["2027-01-31"], YES, CheckReason.HELD),
        (["2026-06-30"], UNKNOWN, CheckReason.EXPIRES_IN_REFERENCE_YEAR),
        (["2025-12-31"], NO, CheckReason.EXPIRED),
        (["2025-12-31", "2028-01-01"], YES, CheckReason.HELD),
    ],
)
def test_certificate(ends: list[str | None], truth: Truth, reason: CheckReason) -> None:
    held = [Certificate(f"c{i}", "iso", end) for i, end in enumerate(ends)]

    check = c.check_certificate("iso", [*held, Certificate("x", "other", None)], 2026)

    assert (check.truth, check.reason) == (truth, reason)


def test_district() -> None:
    wanted = frozenset({"d1"})

    truths = [
        c.check_district(wanted, place).truth
        for place in (
            Place(50, 11, district="d1"),
            Place(50, 11, district="d2"),
            Place(50, 11),
            None,
        )
    ]

    assert truths == [YES, NO, UNKNOWN, UNKNOWN]


def test_distance() -> None:
    jena, erfurt = Place(50.9272, 11.5892), Place(50.9787, 11.0328)

    near, far = c.check_distance(jena, erfurt, 40), c.check_distance(jena, erfurt, 39)

    assert near.distance_km == pytest.approx(39.4, abs=0.2)
    assert (near.truth, far.truth) == (YES, NO)
    assert c.check_distance(jena, None, 40).truth is UNKNOWN


def test_great_circle_of_known_points() -> None:
    assert great_circle_km(0, 0, 0, 180) == pytest.approx(20015.1, abs=0.1)
    assert great_circle_km(50, 11, 50, 11) == 0
    assert great_circle_km(0, 0, 0, 1) == pytest.approx(111.195, abs=0.001)


@pytest.mark.parametrize("truth", list(Truth))
def test_status_is_taken_over(truth: Truth) -> None:
    assert c.check_status(truth).truth is truth


def claim(iri: str, competence: str, organisation: str = "a", **facts: object) -> Claim:
    plain = Claim(iri, organisation, competence, confidence=1.0, evidence_year=2026)
    return replace(plain, **facts)  # type: ignore[arg-type]


def landscape_of(*claims: Claim, **organisations: Organisation) -> Landscape:
    names = {c.organisation for c in claims}
    every = {name: Organisation(name, name.upper()) for name in names} | organisations
    return Landscape("v", SCHEME, every, claims)


def candidates(
    landscape: Landscape, requirement: Requirement, **demands: object
) -> list[Candidate]:
    enquiry = replace(Enquiry("e", "E", (requirement,)), **demands)  # type: ignore[arg-type]
    (matches,) = match(enquiry, landscape, SETTINGS)
    return list(matches)


MILLING = Requirement("r", "milling")


@pytest.mark.parametrize(
    ("competence", "relation", "grade", "cost_km"),
    [
        ("milling", Relation.EXACT, Grade.FULL, 0),
        ("five-axis", Relation.NARROWER, Grade.FULL, 6),
        ("machining", Relation.BROADER, Grade.TO_BE_CONFIRMED, 24),
    ],
)
def test_relation_of_a_claim(
    competence: str, relation: Relation, grade: Grade, cost_km: int
) -> None:
    (found,) = candidates(landscape_of(claim("k", competence)), MILLING)

    assert (found.relation, found.grade, found.cost_km) == (relation, grade, cost_km)


@pytest.mark.parametrize("competence", ["turning", "joining"])
def test_siblings_and_strangers_never_match(competence: str) -> None:
    assert candidates(landscape_of(claim("k", competence)), MILLING) == []


def test_claim_above_the_direct_parent_says_too_little() -> None:
    requirement = Requirement("r", "five-axis")

    assert candidates(landscape_of(claim("k", "machining")), requirement) == []


def test_best_claim_is_the_cheapest_and_ties_go_by_iri() -> None:
    landscape = landscape_of(
        claim("k3", "milling", confidence=0.5), claim("k2", "milling"), claim("k1", "milling")
    )

    (found,) = candidates(landscape, MILLING)

    assert found.claim.iri == "k1"
    assert [c.iri for c in found.other_claims] == ["k2", "k3"]


def test_claims_that_cost_more_alike_do_not_take_the_place_of_the_cheapest() -> None:
    """However early their IRIs are."""
    landscape = landscape_of(
        claim("k1", "milling", confidence=0.5),
        claim("k2", "milling", confidence=0.5),
        claim("k3", "milling", confidence=0.9),
    )

    (found,) = candidates(landscape, MILLING)

    assert found.claim.iri == "k3"


def test_weights_and_year_decide_anew_for_the_same_landscape() -> None:
    landscape = landscape_of(claim("k", "milling", evidence_year=2018))
    enquiry = Enquiry("e", "E", (MILLING,))
    weights = replace(SETTINGS.weights.match, freshness_half_life_years=4)
    fading = replace(SETTINGS, weights=replace(SETTINGS.weights, match=weights))
    earlier = replace(SETTINGS, reference_year=2018)

    costs = [
        int(match(enquiry, landscape, settings)[0].best_costs[0])
        for settings in (SETTINGS, fading, earlier, SETTINGS)
    ]

    assert costs == [30, 36, 0, 30]


def test_cost_counts_confidence_age_and_unknowns() -> None:
    requirement = replace(MILLING, materials=frozenset({"steel"}))
    landscape = landscape_of(claim("k", "milling", confidence=0.8, evidence_year=2018))

    (found,) = candidates(landscape, requirement)

    # 60 * (1 - 1.0 * 0.8 * 0.5) for a claim of half-life age, and 8 for the unknown material.
    assert found.cost_km == 36 + 8
    assert found.score == pytest.approx(0.4)
    assert [check.kind for check in found.unknowns] == [CheckKind.MATERIAL]


@pytest.mark.parametrize(
    ("year", "cost_km"), [(2026, 0), (2030, 0), (2018, 30), (1950, 36), (None, 24)]
)
def test_freshness(year: int | None, cost_km: int) -> None:
    (found,) = candidates(landscape_of(claim("k", "milling", evidence_year=year)), MILLING)

    assert found.cost_km == cost_km


def test_closing_is_out_and_doubtful_costs() -> None:
    landscape = landscape_of(
        claim("k1", "milling", "a"),
        claim("k2", "milling", "b"),
        a=Organisation("a", "A", is_active=Truth.NO),
        b=Organisation("b", "B", is_active=Truth.UNKNOWN),
    )

    (found,) = candidates(landscape, MILLING)

    assert (found.organisation, found.cost_km) == ("b", 25)


def test_strict_enquiry_takes_no_unknown() -> None:
    landscape = landscape_of(claim("k", "milling"))
    requirement = replace(MILLING, certificate_types=frozenset({"iso"}))

    assert len(candidates(landscape, requirement)) == 1
    assert candidates(landscape, requirement, strict_unknowns=True) == []


def test_certificate_for_every_member_is_asked_of_each_requirement() -> None:
    expired = Certificate("x", "iso", "2020-01-01")
    landscape = landscape_of(
        claim("k1", "milling", "a"),
        claim("k2", "milling", "b"),
        a=Organisation("a", "A", certificates=(expired,)),
    )

    found = candidates(landscape, MILLING, member_certificate_types=frozenset({"iso"}))

    assert [f.organisation for f in found] == ["b"]


def test_excluding_one_entry_excludes_the_organisation() -> None:
    landscape = landscape_of(
        claim("k1", "milling", "a"),
        a=Organisation("a", "A", same_as="a2"),
        a2=Organisation("a2", "A2", same_as="a2"),
    )

    assert candidates(landscape, MILLING, excluded=frozenset({"a2"})) == []
    (found,) = candidates(landscape, MILLING)
    assert found.organisation == "a2"


def test_entries_of_one_organisation_are_merged() -> None:
    held = Certificate("x", "iso", None)
    landscape = landscape_of(
        a=Organisation("a", "A", caution="old", is_active=Truth.UNKNOWN, clusters=frozenset("k")),
        b=Organisation(
            "b", "B", same_as="a", place=Place(50, 11), certificates=(held,), is_small=Truth.YES
        ),
    )

    (merged,) = Index(landscape).organisations

    assert (merged.iri, merged.name, merged.caution) == ("a", "A", "old")
    assert merged.place == Place(50, 11)
    assert merged.certificates == (held,)
    assert merged.is_small is Truth.YES
    assert merged.is_active is Truth.UNKNOWN
    assert merged.clusters == frozenset("k")


def test_place_of_the_claim_comes_before_that_of_the_organisation() -> None:
    here, there = Place(50.93, 11.59), Place(53.5, 10.0)
    landscape = landscape_of(
        claim("k", "milling", place=here), a=Organisation("a", "A", place=there)
    )

    found = candidates(landscape, MILLING, place=here, max_distance_km=5.0)

    assert len(found) == 1


@pytest.mark.parametrize(
    ("place", "allowed_km", "is_strict", "count"),
    [
        (Place(50.9787, 11.0328), 40.0, False, 1),
        (Place(50.9787, 11.0328), 39.0, False, 0),
        (None, 39.0, False, 1),  # not known is not too far
        (None, 39.0, True, 0),
    ],
)
def test_who_is_too_far_is_no_candidate(
    place: Place | None, allowed_km: float, is_strict: bool, count: int
) -> None:
    landscape = landscape_of(claim("k", "milling"), a=Organisation("a", "A", place=place))
    jena = Place(50.9272, 11.5892)

    found = candidates(
        landscape, MILLING, place=jena, max_distance_km=allowed_km, strict_unknowns=is_strict
    )

    assert len(found) == count


def test_subtree_is_one_interval() -> None:
    order = CompetenceOrder(SCHEME)

    inside = {
        iri
        for iri in SCHEME.competences
        if order.first["milling"] <= order.first[iri] < order.last["milling"]
    }

    assert inside == {"milling", "five-axis"}
    assert sorted(order.first.values()) == list(range(len(SCHEME.competences)))


def test_cycle_of_competences_is_refused() -> None:
    scheme = CompetenceScheme({"a": Competence("a", "A", "b"), "b": Competence("b", "B", "a")})

    with pytest.raises(ValueError, match="cycle"):
        CompetenceOrder(scheme)


def test_index_is_built_once_for_a_landscape() -> None:
    landscape = landscape_of(claim("k", "milling"))

    assert index_of(landscape) is index_of(landscape)
    assert index_of(replace(landscape)) is not index_of(landscape)


def test_no_enquiry_looks_at_claims_elsewhere_in_the_tree() -> None:
    index = Index(landscape_of(*(claim(f"k{i}", "joining") for i in range(9))))

    assert len(index.rows_below("machining")) == 0
    assert len(index.rows_below("joining")) == 9


def test_unknown_dimension_is_refused() -> None:
    requirement = replace(MILLING, limits=(Limit("weight", None, 1.0),))

    with pytest.raises(EnquiryError, match="dimension weight is not known"):
        candidates(landscape_of(), requirement)


def test_empty_limit_is_refused() -> None:
    requirement = replace(MILLING, limits=(Limit("length", 5.0, 1.0),))

    with pytest.raises(EnquiryError, match="is empty"):
        candidates(landscape_of(), requirement)


def test_weights_file_has_exactly_the_weights() -> None:
    weights = default_weights()

    assert weights.match.beta_km == 60
    assert Settings(2026).parameters()["weights"]["handover"]["kappa_km"] == 40


def test_shown_checks_are_those_that_decided() -> None:
    requirement = replace(MILLING, limits=(Limit("length", None, 500.0),))
    fits = claim("k1", "milling", "a", limits=(Limit("length", None, 900.0),))
    misses = claim("k2", "milling", "b", limits=(Limit("length", None, 100.0),))
    enquiry = Enquiry("e", "E", (requirement,))

    (matches,) = match(enquiry, landscape_of(fits, misses), SETTINGS)

    for number, row in enumerate(matches.rows.tolist()):
        shown = matches.demands.checks(row)
        failed = sum(check.truth is NO for check in shown)
        assert failed == matches.outcomes.failed[number].sum()
    assert np.array_equal(matches.is_fit, [True, False])
