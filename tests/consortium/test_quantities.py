"""Quantities where sources state them: lot size and annual quantity are limits like others."""

from dataclasses import replace

import pytest

from graph.consortium import suggest
from graph.consortium.answer import GapReason
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
