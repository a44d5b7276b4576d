"""What is open, why, and what would close it."""

from dataclasses import replace
from typing import Any

import pytest

from graph.consortium import Suggestion, suggest
from graph.consortium.answer import GapReason, Status
from graph.matching import CheckKind
from graph.model import (
    Competence,
    CompetenceScheme,
    Dimension,
    Enquiry,
    FitRule,
    Limit,
    Organisation,
    Requirement,
    Truth,
)

from .small import ERFURT, JENA, ONE, SCHEME, SETTINGS, SUHL, claim, enquiry_of, landscape_of


def served(suggestion: Suggestion) -> tuple[int, ...]:
    mandatory = {r.iri: r.is_mandatory for r in suggestion.enquiry.requirements}
    ranks = [
        (0 if mandatory[a.requirement] else 2) + a.is_second_source for a in suggestion.assignments
    ]
    return tuple(ranks.count(rank) for rank in range(4))


def test_gap_says_why_and_what_is_near() -> None:
    landscape = landscape_of(claim("a", "grinding"), claim("b", "welding"))

    suggestion = suggest(enquiry_of("milling", "welding"), landscape, SETTINGS)

    (gap,) = suggestion.gaps
    assert (gap.requirement, gap.reason, gap.claims) == ("r0", GapReason.NO_CLAIM, 0)
    assert [(n.competence, n.organisations, n.is_related) for n in gap.nearest] == [
        ("grinding", ("a",), True)
    ]
    assert suggestion.status is Status.OPTIMAL
    assert suggestion.coverage == 0.5


def test_near_miss_names_the_one_filter() -> None:
    enquiry = replace(enquiry_of("milling"), place=JENA, max_distance_km=20.0)
    landscape = landscape_of(claim("a", "milling"), a=SUHL)

    (gap,) = suggest(enquiry, landscape, SETTINGS).gaps

    assert gap.reason is GapReason.TOO_FAR
    (miss,) = gap.near_misses
    assert miss.organisation == "a"
    assert miss.failed.distance_km == pytest.approx(72.5, abs=0.5)
    assert miss.failed.allowed_km == 20


def test_who_fails_one_demand_gives_the_reason_and_who_fails_two_is_no_near_miss() -> None:
    landscape = landscape_of(
        replace(claim("a", "milling"), steps=frozenset({"join"})),
        *(replace(claim(o, "milling"), materials=frozenset({"glass"})) for o in "bc"),
        b=SUHL,
        c=SUHL,
    )
    requirement = Requirement("r0", "milling", step="cut", materials=frozenset({"steel"}))
    enquiry = Enquiry("e", "E", (requirement,), place=JENA, max_distance_km=20.0)

    (gap,) = suggest(enquiry, landscape, SETTINGS).gaps

    assert gap.reason is GapReason.STEP_MISMATCH
    assert dict(gap.failures) == {
        CheckKind.STEP: 1,
        CheckKind.MATERIAL: 2,
        CheckKind.DISTANCE: 2,
    }
    assert [miss.organisation for miss in gap.near_misses] == ["a"]


def test_excluded_by_the_enquirer_is_a_reason() -> None:
    enquiry = replace(enquiry_of("milling"), excluded=frozenset({"a"}))

    (gap,) = suggest(enquiry, landscape_of(claim("a", "milling")), SETTINGS).gaps

    assert gap.reason is GapReason.EXCLUDED


def test_member_limit_leaves_the_less_important_open() -> None:
    enquiry = replace(enquiry_of("milling", "welding", "coating"), max_members=2)
    wished = replace(enquiry.requirements[1], is_mandatory=False)
    enquiry = replace(
        enquiry, requirements=(enquiry.requirements[0], wished, enquiry.requirements[2])
    )
    landscape = landscape_of(claim("a", "milling"), claim("b", "welding"), claim("c", "coating"))

    suggestion = suggest(enquiry, landscape, SETTINGS)

    (gap,) = suggestion.gaps
    assert gap.requirement == "r1"
    assert gap.reason is GapReason.MEMBER_LIMIT
    assert gap.candidates == ("b",)


def test_nobody_at_all() -> None:
    suggestion = suggest(enquiry_of("milling"), landscape_of(claim("a", "welding")), SETTINGS)

    assert suggestion.status is Status.OPTIMAL
    assert not suggestion.members
    assert suggestion.lead is None
    assert suggestion.coverage == 0
    assert suggestion.cost is not None
    assert suggestion.cost.total_km == 0


def test_cheapest_relaxation_says_what_it_brings() -> None:
    enquiry = replace(enquiry_of("milling", "welding"), place=JENA, max_distance_km=20.0)
    landscape = landscape_of(
        claim("a", "milling"), claim("e", "welding"), claim("s", "welding"), e=ERFURT, s=SUHL
    )

    (relaxation,) = suggest(enquiry, landscape, SETTINGS).relaxations

    assert (relaxation.requirement, relaxation.kind) == ("r1", CheckKind.DISTANCE)
    assert (relaxation.organisation, relaxation.allowed_km) == ("e", 40)
    assert (relaxation.served, relaxation.members) == (2, 2)
    again = suggest(replace(enquiry, max_distance_km=40.0), landscape, SETTINGS)
    assert again.cost is not None
    assert relaxation.cost_km == again.cost.total_km


def test_relaxation_that_serves_more_comes_before_a_cheaper_one() -> None:
    requirements = (
        Requirement("r0", "milling"),
        Requirement("r1", "grinding", step="cut", is_mandatory=False),
        Requirement("r2", "welding", step="join"),
    )
    landscape = landscape_of(
        claim("a", "milling"),
        replace(claim("b", "grinding"), steps=frozenset({"join"})),
        replace(claim("s", "welding", 0.2), steps=frozenset({"cut"})),
        s=SUHL,
    )

    needed, wished = suggest(Enquiry("e", "E", requirements), landscape, SETTINGS).relaxations

    assert (needed.requirement, needed.mandatory_served, needed.served) == ("r2", 2, 2)
    assert (wished.requirement, wished.mandatory_served, wished.served) == ("r1", 1, 2)
    assert needed.cost_km > wished.cost_km


def test_relaxation_that_leaves_the_gap_open_is_none() -> None:
    """One member is allowed, and who is nearer and surer serves something else."""
    enquiry = replace(
        enquiry_of("milling", "welding"), place=JENA, max_distance_km=20.0, max_members=1
    )
    landscape = landscape_of(claim("a", "milling"), claim("e", "welding", 0.5), e=ERFURT)

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert [gap.requirement for gap in suggestion.gaps] == ["r1"]
    assert [miss.organisation for miss in suggestion.gaps[0].near_misses] == ["e"]
    assert suggestion.relaxations == ()


def test_exclusion_can_be_given_up_under_any_name() -> None:
    landscape = landscape_of(claim("a", "milling"))
    organisations = dict(landscape.organisations)
    organisations["a2"] = Organisation("a2", "A2", same_as="a")
    landscape = replace(landscape, organisations=organisations)
    enquiry = replace(enquiry_of("milling"), excluded=frozenset({"a2"}))

    (relaxation,) = suggest(enquiry, landscape, SETTINGS).relaxations

    assert (relaxation.kind, relaxation.organisation) == (CheckKind.ENQUIRER, "a")


def test_closing_cannot_be_relaxed() -> None:
    landscape = landscape_of(claim("a", "milling"))
    closing = {"a": replace(landscape.organisations["a"], is_active=Truth.NO)}

    suggestion = suggest(enquiry_of("milling"), replace(landscape, organisations=closing), SETTINGS)

    assert suggestion.gaps[0].reason is GapReason.CLOSING
    assert suggestion.relaxations == ()


@pytest.mark.parametrize(
    ("demand", "fact", "reason", "kind"),
    [
        ({"step": "join"}, {"steps": frozenset({"cut"})}, GapReason.STEP_MISMATCH, CheckKind.STEP),
        (
            {"materials": frozenset({"steel"})},
            {"materials": frozenset({"glass"})},
            GapReason.MATERIAL_MISSED,
            CheckKind.MATERIAL,
        ),
        (
            {"limits": (Limit("length", None, 9.0),)},
            {"limits": (Limit("length", None, 5.0),)},
            GapReason.LIMIT_MISSED,
            CheckKind.LIMIT,
        ),
    ],
)
def test_demand_of_one_requirement_can_be_given_up(
    demand: dict[str, Any], fact: dict[str, Any], reason: GapReason, kind: CheckKind
) -> None:
    scheme = replace(SCHEME, dimensions={"length": Dimension("length", FitRule.RANGE)})
    landscape = replace(landscape_of(replace(claim("a", "milling"), **fact)), scheme=scheme)
    enquiry = Enquiry("e", "E", (replace(Requirement("r0", "milling"), **demand),))

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert suggestion.gaps[0].reason is reason
    (relaxation,) = suggestion.relaxations
    assert (relaxation.kind, relaxation.organisation) == (kind, "a")


def test_strict_enquiry_names_what_is_not_confirmed() -> None:
    enquiry = replace(
        enquiry_of("milling"), strict_unknowns=True, member_certificate_types=frozenset({"iso"})
    )

    suggestion = suggest(enquiry, landscape_of(claim("a", "milling")), SETTINGS)

    assert suggestion.gaps[0].reason is GapReason.CERTIFICATE_MISSING
    assert suggestion.relaxations[0].organisation == "a"


@pytest.mark.parametrize(
    ("through", "cost"), [(None, 0), ("2027-01-01", 0), ("2026-02-28", 12), ("2025-12-31", None)]
)
def test_claim_that_has_ended_offers_nothing(through: str | None, cost: int | None) -> None:
    """One that ends in the reference year must be asked for, like a certificate."""
    offered = replace(claim("a", "milling"), valid_through=through)

    suggestion = suggest(ONE, landscape_of(offered), SETTINGS)

    if cost is None:
        assert [gap.reason for gap in suggestion.gaps] == [GapReason.CLAIM_EXPIRED]
        assert suggestion.gaps[0].near_misses[0].failed.found == (through,)
        assert not suggestion.relaxations  # it is not the enquirer's to give up
    else:
        endless = suggest(ONE, landscape_of(replace(offered, valid_through=None)), SETTINGS)
        assert endless.cost is not None
        assert suggestion.cost is not None
        assert suggestion.cost.total_km == endless.cost.total_km + cost


def test_addition_is_named_at_who_has_something_near() -> None:
    scheme = CompetenceScheme(
        {
            "cutting": Competence("cutting", "Cutting"),
            "milling": Competence("milling", "Milling", "cutting"),
            "grinding": Competence("grinding", "Grinding", "cutting"),
            "welding": Competence("welding", "Welding"),
        }
    )
    landscape = landscape_of(claim("a", "welding"), claim("b", "milling"))
    asked = enquiry_of("welding", "milling", "grinding")

    suggestion = suggest(asked, replace(landscape, scheme=scheme), SETTINGS)

    closing = [addition for addition in suggestion.additions if addition.saves is None]
    assert [(a.requirement, a.organisation, a.competence) for a in closing] == [
        ("r2", "b", "milling")
    ]
