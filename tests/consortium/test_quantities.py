"""Quantities where sources state them: lot size and annual quantity are limits like others."""

from dataclasses import replace

import pytest

from graph.consortium import suggest
from graph.consortium.answer import GapReason, Status
from graph.matching import CheckKind
from graph.model import (
    Claim,
    Competence,
    CompetenceScheme,
    Dimension,
    Enquiry,
    FitRule,
    Landscape,
    Limit,
    Organisation,
    Requirement,
)
from graph.settings import Settings

SETTINGS = Settings(reference_year=2026, time_budget_s=60)
SCHEME = CompetenceScheme(
    {"a": Competence("a", "A")},
    dimensions={name: Dimension(name, FitRule.RANGE) for name in ("lot-size", "annual-quantity")},
)


def landscape(*limits: Limit) -> Landscape:
    claim = Claim("c", "o", "a", limits=limits, evidence_year=2026)
    return Landscape("test", SCHEME, {"o": Organisation("o", "O")}, (claim,))


def asked(*limits: Limit) -> Enquiry:
    return Enquiry("e", "E", (Requirement("r", "a", limits=limits),))


@pytest.mark.parametrize("dimension", ["lot-size", "annual-quantity"])
@pytest.mark.parametrize(
    ("stated", "needed", "is_served", "cost"),
    [
        ((1, 5_000), (500, 500), True, 0),
        ((1, 5_000), (5_000, 5_000), True, 0),
        ((1, 5_000), (5_001, 5_001), False, None),
        ((100, None), (1, 1), False, None),  # no single parts
        ((1, None), (80_000, 80_000), True, 0),
    ],
)
def test_quantity_must_lie_within_what_is_stated(
    dimension: str,
    stated: tuple[float, float | None],
    needed: tuple[float, float],
    is_served: bool,
    cost: int | None,
) -> None:
    suggestion = suggest(
        asked(Limit(dimension, *needed)), landscape(Limit(dimension, *stated)), SETTINGS
    )

    assert bool(suggestion.members) == is_served
    if is_served:
        assert suggestion.assignments[0].cost_km == cost
    else:
        assert [g.reason for g in suggestion.gaps] == [GapReason.LIMIT_MISSED]
        assert suggestion.gaps[0].near_misses[0].failed.required == dimension
        assert [r.kind for r in suggestion.relaxations] == [CheckKind.LIMIT]


def test_quantity_that_nobody_states_is_unknown_and_costs() -> None:
    enquiry = asked(Limit("annual-quantity", 20_000, 20_000))

    suggestion = suggest(enquiry, landscape(Limit("lot-size", 1, 50)), SETTINGS)
    strict = suggest(replace(enquiry, strict_unknowns=True), landscape(), SETTINGS)

    assert suggestion.assignments[0].cost_km == SETTINGS.weights.unknown.limit_km
    assert strict.gaps[0].reason is GapReason.NOT_CONFIRMED


TOTALS = CompetenceScheme(
    {"a": Competence("a", "A"), "b": Competence("b", "B", "a")},
    dimensions={
        "year": Dimension("year", FitRule.TOTAL),
        "lot-size": Dimension("lot-size", FitRule.RANGE),
    },
)


def two_makers(dimension: str, needed: tuple[float, float], *, second_claim: bool = False) -> bool:
    """Tell whether one maker of a thousand serves two requirements, beside a dearer second one."""
    claims = [
        Claim("c1", "o1", "a", limits=(Limit(dimension, 1, 1_000),), evidence_year=2026),
        Claim("c2", "o2", "a", limits=(Limit(dimension, 1, 1_000),), evidence_year=2019),
    ]
    if second_claim:
        claims.append(replace(claims[0], iri="c3", competence="b"))
    asked = ("b" if second_claim else "a"), "a"
    requirements = tuple(
        Requirement(f"r{n}", competence, limits=(Limit(dimension, x, x),))
        for n, (competence, x) in enumerate(zip(asked, needed, strict=True))
    )
    names = {o: Organisation(o, o) for o in ("o1", "o2")}
    suggestion = suggest(
        Enquiry("e", "E", requirements),
        Landscape("test", TOTALS, names, tuple(claims)),
        SETTINGS,
    )
    assert suggestion.coverage == 1
    assert suggestion.status is Status.OPTIMAL
    return len(suggestion.members) == 1


@pytest.mark.parametrize(("needed", "is_enough"), [((400, 600), True), ((400, 601), False)])
def test_what_one_claim_makes_in_a_year_adds_up(
    needed: tuple[float, float], is_enough: bool
) -> None:
    assert two_makers("year", needed) == is_enough


def test_lot_sizes_do_not_add_up() -> None:
    assert two_makers("lot-size", (900, 900))


def test_two_claims_are_two_quantities() -> None:
    assert not two_makers("year", (900, 900))
    assert two_makers("year", (900, 900), second_claim=True)


@pytest.mark.parametrize(("largest", "is_enough"), [(1_800, True), (1_799, False), (None, True)])
def test_of_totals_stated_several_times_the_largest_counts(
    largest: float | None, is_enough: bool
) -> None:
    asked = (Limit("year", 900, 900),)
    stated = Limit("year", 1, 1_000), Limit("year", 1, largest)
    maker = Claim("c", "o", "a", limits=stated, evidence_year=2026)
    enquiry = Enquiry("e", "E", tuple(Requirement(f"r{n}", "a", limits=asked) for n in range(2)))

    suggestion = suggest(
        enquiry, Landscape("test", TOTALS, {"o": Organisation("o", "O")}, (maker,)), SETTINGS
    )

    assert (suggestion.coverage == 1) == is_enough


def test_nobody_is_left_when_capacity_is_used_up() -> None:
    limits = (Limit("year", 600, 600),)
    claim = Claim("c", "o", "a", limits=(Limit("year", 1, 1_000),), evidence_year=2026)
    enquiry = Enquiry("e", "E", tuple(Requirement(f"r{n}", "a", limits=limits) for n in range(2)))

    suggestion = suggest(
        enquiry, Landscape("test", TOTALS, {"o": Organisation("o", "O")}, (claim,)), SETTINGS
    )

    assert suggestion.status is Status.OPTIMAL
    assert len(suggestion.assignments) == 1
    assert [gap.reason for gap in suggestion.gaps] == [GapReason.CAPACITY]


def test_another_claim_of_the_member_takes_over() -> None:
    """The best claim suffices for one of two requirements; the dearer one serves the other."""
    limits = (Limit("year", 600, 600),)
    best = Claim("c1", "o", "a", limits=(Limit("year", 1, 1_000),), evidence_year=2026)
    dearer = replace(best, iri="c2", evidence_year=2012)
    enquiry = Enquiry("e", "E", tuple(Requirement(f"r{n}", "a", limits=limits) for n in range(2)))
    names = {"o": Organisation("o", "O")}

    suggestion = suggest(enquiry, Landscape("test", TOTALS, names, (best, dearer)), SETTINGS)

    assert suggestion.coverage == 1
    assert len(suggestion.members) == 1
    assert {a.evidence.claim for a in suggestion.assignments} == {"c1", "c2"}
    costs = {a.evidence.claim: a.cost_km for a in suggestion.assignments}
    assert costs["c1"] == 0 < costs["c2"]
    assert suggestion.cost is not None
    assert suggestion.cost.total_km == costs["c2"]
