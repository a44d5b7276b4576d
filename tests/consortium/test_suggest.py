"""From enquiry to suggestion, on tiny landscapes; compared with a naive reading of the rules."""

from dataclasses import replace
from functools import partial
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.consortium import Suggestion, suggest
from graph.consortium.answer import GapReason, LeadReason, MemberReason, Status
from graph.consortium.control import INFINITE, Pruning
from graph.errors import EnquiryError
from graph.matching import CheckKind, match
from graph.model import (
    Claim,
    Competence,
    CompetenceScheme,
    Dimension,
    Enquiry,
    FitRule,
    GroupRule,
    GroupTrait,
    Landscape,
    Limit,
    Organisation,
    Place,
    Requirement,
    Tie,
    Truth,
)
from graph.settings import Settings

from .landscapes import random_enquiry, random_landscape
from .naive import naive_answer, naive_candidates

randoms = st.randoms(use_true_random=False)
SETTINGS = Settings(reference_year=2026, time_budget_s=60)


def served(suggestion: Suggestion) -> tuple[int, ...]:
    mandatory = {r.iri: r.is_mandatory for r in suggestion.enquiry.requirements}
    ranks = [
        (0 if mandatory[a.requirement] else 2) + a.is_second_source for a in suggestion.assignments
    ]
    return tuple(ranks.count(rank) for rank in range(4))


@settings(max_examples=120, deadline=None)
@given(randoms)
def test_suggestion_is_the_naive_optimum(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)
    naive = naive_answer(enquiry, landscape, SETTINGS)

    suggestion = suggest(enquiry, landscape, SETTINGS)

    if naive.coverage is None:
        assert suggestion.status is Status.INFEASIBLE
        assert not suggestion.members
        return
    assert suggestion.status is Status.OPTIMAL
    assert suggestion.cost is not None
    assert served(suggestion) == naive.coverage
    assert len(suggestion.members) == naive.members
    assert suggestion.cost.total_km == naive.cost_km


@settings(max_examples=200, deadline=None)
@given(randoms, st.sampled_from([(0, INFINITE), (INFINITE, 0), (0, 0)]))
def test_reduction_by_distance_and_teams_keep_the_optimum(
    random: Random, above: tuple[int, int]
) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)
    naive = naive_answer(enquiry, landscape, SETTINGS)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("graph.consortium.plan.Pruning", partial(Pruning, True, True, True, *above))
        patch.setattr("graph.consortium.reduction._PER_SLOT", 1)
        suggestion = suggest(enquiry, landscape, SETTINGS)

    if naive.coverage is not None:
        assert suggestion.status is Status.OPTIMAL
        assert suggestion.cost is not None
        assert suggestion.cost.total_km == naive.cost_km
        assert all(point.is_proven for point in suggestion.front)


def test_too_many_pairs_give_a_valid_answer_with_a_bound() -> None:
    landscape = landscape_of(
        claim("a", "milling"), claim("b", "welding"), claim("c", "milling", 0.9), b=SUHL
    )

    with pytest.MonkeyPatch.context() as patch:
        pruning = partial(Pruning, reduce_above=0, teams_above=INFINITE)
        patch.setattr("graph.consortium.plan.Pruning", pruning)
        patch.setattr("graph.consortium.search.MOST_PAIRS", -1)
        patch.setattr("graph.consortium.search.LARGEST_BLOCK", 0)
        suggestion = suggest(enquiry_of("milling", "welding"), landscape, SETTINGS)

    assert suggestion.status is Status.FEASIBLE
    assert suggestion.cost is not None
    assert suggestion.proof.lower_bound_km is not None
    assert 0 < suggestion.proof.lower_bound_km < suggestion.cost.total_km
    assert not suggestion.proof.cost_proven


@settings(max_examples=80, deadline=None)
@given(randoms)
def test_matches_are_those_of_looking_at_every_claim(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)

    for matches in match(enquiry, landscape, SETTINGS):
        naive = naive_candidates(matches.requirement, enquiry, landscape, SETTINGS)

        assert {c.organisation: (c.cost_km, c.claim.iri) for c in matches} == {
            root: (c.cost_km, c.claim.iri) for root, c in naive.items()
        }


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_parts_of_a_suggestion_agree(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)

    suggestion = suggest(enquiry, landscape, SETTINGS)

    if suggestion.cost is None:
        return
    cost = suggestion.cost
    assert cost.match_km == sum(a.cost_km for a in suggestion.assignments)
    assert cost.total_km == cost.match_km + sum(i.cost_km for i in suggestion.interfaces)
    assert suggestion.proof.lower_bound_km == cost.total_km
    taken = {(a.requirement, a.is_second_source) for a in suggestion.assignments}
    for requirement in enquiry.requirements:
        gaps = [g for g in suggestion.gaps if g.requirement == requirement.iri]
        wanted = {(requirement.iri, False)}
        if requirement.needs_second_source and (requirement.iri, False) in taken:
            wanted.add((requirement.iri, True))
        assert len(gaps) == len(wanted - taken)
    if suggestion.front:
        assert suggestion.front[0].cost_km == cost.total_km
    pinned = {a for m in suggestion.members for a in m.reasons if a is MemberReason.PINNED}
    free = len(suggestion.members)
    for alternative in suggestion.alternatives:
        assert alternative.shared <= alternative.allowed_shared
        if not pinned:
            assert alternative.allowed_shared == free - max(1, free // 2)
        assert alternative.is_proven
        if alternative.members == len(suggestion.members):
            assert alternative.more_km >= 0


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_replacement_is_the_optimum_without_the_member(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = replace(random_enquiry(random, landscape), pinned=frozenset(), lead=None)
    suggestion = suggest(enquiry, landscape, SETTINGS)

    for member in suggestion.members:
        excluded = enquiry.excluded | {member.organisation}
        naive = naive_answer(replace(enquiry, excluded=excluded), landscape, SETTINGS)
        found = member.replacement
        assert found is not None
        if naive.coverage == served(suggestion) and found.reoptimised is not None:
            assert found.reoptimised.cost_km == naive.cost_km
            assert len(found.reoptimised.organisations) == naive.members
        else:
            assert found.reoptimised is None
        if found.drop_in is not None and found.reoptimised is not None:
            assert found.reoptimised.extra_members == 0
            assert found.drop_in.loss_km >= found.reoptimised.loss_km


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_order_of_the_landscape_does_not_matter(random: Random) -> None:
    landscape = random_landscape(random)
    enquiry = random_enquiry(random, landscape)
    organisations = list(landscape.organisations.items())
    claims, ties = list(landscape.claims), list(landscape.ties)
    random.shuffle(organisations)
    random.shuffle(claims)
    random.shuffle(ties)
    shuffled = replace(
        landscape, organisations=dict(organisations), claims=tuple(claims), ties=tuple(ties)
    )

    first = suggest(enquiry, landscape, SETTINGS)
    second = suggest(enquiry, shuffled, SETTINGS)

    assert without_time(first) == without_time(second)


def without_time(suggestion: Suggestion) -> Suggestion:
    return replace(suggestion, run=replace(suggestion.run, elapsed_ms=0.0))


JENA = Place(50.93, 11.59, "Jena", "d1")
ERFURT = Place(50.98, 11.03, "Erfurt", "d2")
SUHL = Place(50.61, 10.69, "Suhl", "d3")

SCHEME = CompetenceScheme(
    competences={
        "milling": Competence("milling", "Milling", None, "cut", frozenset({"grinding"})),
        "grinding": Competence("grinding", "Grinding", None, "cut"),
        "welding": Competence("welding", "Welding", None, "join"),
        "coating": Competence("coating", "Coating", None, "coat"),
    },
    precedes={"cut": frozenset({"join"}), "join": frozenset({"coat"})},
)


def claim(organisation: str, competence: str, confidence: float = 1.0) -> Claim:
    return Claim(
        iri=f"{organisation}-{competence}",
        organisation=organisation,
        competence=competence,
        confidence=confidence,
        evidence_year=2026,
        source=f"https://example.org/{organisation}",
    )


def landscape_of(*claims: Claim, ties: tuple[Tie, ...] = (), **places: Place | None) -> Landscape:
    names = sorted({c.organisation for c in claims} | set(places))
    organisations = {n: Organisation(n, n.upper(), place=places.get(n, JENA)) for n in names}
    return Landscape("v1", SCHEME, organisations, claims, ties)


def enquiry_of(*competences: str) -> Enquiry:
    requirements = tuple(Requirement(f"r{i}", c) for i, c in enumerate(competences))
    return Enquiry("e", "E", requirements)


def test_one_that_can_do_all_is_best() -> None:
    landscape = landscape_of(
        claim("a", "milling"), claim("b", "welding"), claim("c", "milling", 0.1),
        claim("c", "welding", 0.1),
    )  # fmt: skip

    suggestion = suggest(enquiry_of("milling", "welding"), landscape, SETTINGS)

    assert [m.organisation for m in suggestion.members] == ["c"]
    assert suggestion.lead is not None
    assert suggestion.lead.reason is LeadReason.ONLY_MEMBER
    assert [(p.members, p.cost_km) for p in suggestion.front] == [(1, 108), (2, 40)]
    assert suggestion.front[1].break_even_km == 68
    assert suggestion.interfaces[0].is_internal


def test_joint_project_beats_nearness() -> None:
    tie = Tie("a", "far", "p", "project", "P", 2026)
    landscape = landscape_of(
        claim("a", "milling"), claim("far", "welding"), claim("near", "welding"),
        ties=(tie,), far=Place(50.93, 11.72),
    )  # fmt: skip

    suggestion = suggest(enquiry_of("milling", "welding"), landscape, SETTINGS)

    (interface,) = suggestion.interfaces
    assert interface.to_organisation == "far"
    assert interface.ties == (tie,)
    assert (interface.kappa_km, interface.bonus_km, interface.distance_cost_km) == (40, 15, 9)
    (assignment,) = (a for a in suggestion.assignments if a.requirement == "r1")
    assert assignment.next_best is not None
    assert assignment.next_best.organisation == "near"


def test_unknown_place_costs_the_stated_distance() -> None:
    landscape = landscape_of(claim("a", "milling"), claim("b", "welding"), b=None)

    suggestion = suggest(enquiry_of("milling", "welding"), landscape, SETTINGS)

    (interface,) = suggestion.interfaces
    assert interface.distance_km is None
    assert interface.distance_cost_km == 150


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


def test_pinned_is_in_and_says_so() -> None:
    enquiry = replace(enquiry_of("milling"), pinned=frozenset({"b"}))
    landscape = landscape_of(claim("a", "milling"), claim("b", "milling", 0.2))

    suggestion = suggest(enquiry, landscape, SETTINGS)

    (member,) = suggestion.members
    assert member.organisation == "b"
    assert member.reasons == (MemberReason.PINNED,)


def test_pinned_one_that_fits_nothing_is_a_member_without_work() -> None:
    enquiry = replace(enquiry_of("milling"), pinned=frozenset({"z"}))
    landscape = landscape_of(claim("a", "milling"), z=ERFURT)

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert {m.organisation: len(m.assignments) for m in suggestion.members} == {"a": 1, "z": 0}
    assert suggestion.front[0].members == 2


def test_demanded_lead_leads() -> None:
    enquiry = replace(enquiry_of("milling", "welding"), lead="b")
    landscape = landscape_of(claim("a", "milling"), claim("a", "welding"), claim("b", "welding"))

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert suggestion.lead is not None
    assert suggestion.lead.organisation == "b"
    assert suggestion.lead.reason is LeadReason.DEMANDED
    assert suggestion.members[0].organisation == "b"


def test_conflict_keeps_two_apart() -> None:
    enquiry = replace(enquiry_of("milling", "welding"), conflicts=frozenset({("b", "a")}))
    landscape = landscape_of(
        claim("a", "milling"), claim("b", "welding"), claim("c", "welding", 0.1)
    )

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert {m.organisation for m in suggestion.members} == {"a", "c"}


def test_second_source_is_somebody_else() -> None:
    requirement = Requirement("r0", "milling", needs_second_source=True)
    enquiry = Enquiry("e", "E", (requirement,))

    both = suggest(enquiry, landscape_of(claim("a", "milling"), claim("b", "milling")), SETTINGS)
    alone = suggest(enquiry, landscape_of(claim("a", "milling")), SETTINGS)

    assert [a.is_second_source for a in both.assignments] == [False, True]
    assert not both.gaps
    (gap,) = alone.gaps
    assert gap.is_second_source
    assert gap.reason is GapReason.NO_SECOND_SOURCE


def test_group_rule_met_on_doubt_says_so() -> None:
    rule = GroupRule("small", GroupTrait.SMALL, at_least=1)
    landscape = landscape_of(claim("a", "milling"))

    mild = suggest(replace(enquiry_of("milling"), groups=(rule,)), landscape, SETTINGS)
    strict_rule = replace(rule, is_strict=True)
    strict = suggest(replace(enquiry_of("milling"), groups=(strict_rule,)), landscape, SETTINGS)

    assert mild.groups[0].truth is Truth.UNKNOWN
    assert strict.status is Status.INFEASIBLE


def test_two_entries_of_one_organisation_are_one_member() -> None:
    landscape = landscape_of(claim("a", "milling"), claim("a2", "welding"), claim("b", "welding"))
    organisations = dict(landscape.organisations)
    organisations["a2"] = replace(organisations["a2"], same_as="a")
    landscape = replace(landscape, organisations=organisations)

    suggestion = suggest(enquiry_of("milling", "welding"), landscape, SETTINGS)

    assert [m.organisation for m in suggestion.members] == ["a"]


def test_same_competence_twice_is_no_error() -> None:
    landscape = landscape_of(claim("a", "milling"), claim("b", "milling"))

    suggestion = suggest(enquiry_of("milling", "milling"), landscape, SETTINGS)

    assert len(suggestion.members) == 1
    assert len(suggestion.assignments) == 2


def test_nobody_at_all() -> None:
    suggestion = suggest(enquiry_of("milling"), landscape_of(claim("a", "welding")), SETTINGS)

    assert suggestion.status is Status.OPTIMAL
    assert not suggestion.members
    assert suggestion.lead is None
    assert suggestion.coverage == 0
    assert suggestion.cost is not None
    assert suggestion.cost.total_km == 0


def test_single_point_of_failure_is_named() -> None:
    landscape = landscape_of(claim("a", "milling"), claim("b", "welding"), claim("c", "welding"))

    suggestion = suggest(enquiry_of("milling", "welding"), landscape, SETTINGS)

    by_name = {m.organisation: m for m in suggestion.members}
    assert by_name["a"].replacement is not None
    assert by_name["a"].replacement.lost_requirements == ("r0",)
    assert MemberReason.ONLY_CANDIDATE in by_name["a"].reasons
    assert by_name["b"].replacement is not None
    assert by_name["b"].replacement.drop_in is not None
    assert by_name["b"].replacement.drop_in.organisation == "c"


def test_cancelled_at_once_is_undecided() -> None:
    landscape = landscape_of(claim("a", "milling"))

    suggestion = suggest(enquiry_of("milling"), landscape, SETTINGS, is_cancelled=lambda: True)

    assert suggestion.status is Status.UNDECIDED
    assert suggestion.gaps[0].reason is GapReason.TIME_LIMIT
    assert not suggestion.members


def test_no_time_still_finds_something() -> None:
    landscape = landscape_of(claim("a", "milling"), claim("b", "welding"))
    hurried = replace(SETTINGS, time_budget_s=0.0)

    suggestion = suggest(enquiry_of("milling", "welding"), landscape, hurried)

    assert len(suggestion.members) == 2


LANDSCAPE = landscape_of(claim("a", "milling"), claim("b", "welding"))
ONE = enquiry_of("milling")


@pytest.mark.parametrize(
    ("enquiry", "message"),
    [
        (enquiry_of(), "at least one requirement"),
        (enquiry_of("flying"), "is not known"),
        (replace(ONE, requirements=ONE.requirements * 2), "occurs twice"),
        (enquiry_of(*["milling"] * 25), "more than 24"),
        (replace(ONE, max_distance_km=10.0), "needs the place"),
        (replace(ONE, max_distance_km=-1.0, place=JENA), "at least 0"),
        (replace(ONE, pinned=frozenset({"x"})), "is not known"),
        (replace(ONE, lead="x"), "is not known"),
        (replace(ONE, pinned=frozenset({"a"}), excluded=frozenset({"a"})), "both pinned and"),
        (replace(ONE, max_members=0), "at most 0"),
        (replace(ONE, pinned=frozenset({"a", "b"}), max_members=1), "2 are needed"),
        (
            replace(ONE, pinned=frozenset({"a", "b"}), conflicts=frozenset({("a", "b")})),
            "must not be together",
        ),
        (
            replace(ONE, groups=(GroupRule("g", GroupTrait.SMALL, at_least=2, at_most=1),)),
            "cannot be met",
        ),
    ],
)
def test_enquiry_that_cannot_be_answered_is_refused(enquiry: Enquiry, message: str) -> None:
    with pytest.raises(EnquiryError, match=message):
        suggest(enquiry, LANDSCAPE, SETTINGS)


def test_member_without_work_counts_for_the_groups() -> None:
    small = GroupRule("small", GroupTrait.SMALL, at_least=1, is_strict=True)
    research = GroupRule("research", GroupTrait.KIND, frozenset({"ResearchInstitution"}), at_most=1)
    landscape = landscape_of(claim("a", "milling"), claim("b", "milling", 0.1))
    organisations = dict(landscape.organisations)
    organisations["a"] = replace(organisations["a"], kind="ResearchInstitution")
    organisations["z"] = Organisation("z", "Z", kind="ResearchInstitution", is_small=Truth.YES)
    landscape = replace(landscape, organisations=organisations)
    enquiry = replace(enquiry_of("milling"), groups=(small, research), pinned=frozenset({"z"}))

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert {m.organisation for m in suggestion.members} == {"b", "z"}
    assert [count.truth for count in suggestion.groups] == [Truth.YES, Truth.YES]


def test_pinned_member_can_be_replaced_too() -> None:
    enquiry = replace(enquiry_of("milling"), pinned=frozenset({"b"}))
    landscape = landscape_of(claim("a", "milling"), claim("b", "milling", 0.2))

    (member,) = suggest(enquiry, landscape, SETTINGS).members

    assert member.replacement is not None
    assert member.replacement.reoptimised is not None
    assert member.replacement.reoptimised.organisations == ("a",)
    assert member.replacement.reoptimised.loss_km == -48


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


GROUPS = [
    (GroupTrait.SECTOR, {"optics"}, replace(Organisation("a", "A"), sectors=frozenset({"optics"}))),
    (GroupTrait.STATE, {"t"}, Organisation("a", "A", place=replace(JENA, state="t"))),
    (GroupTrait.DISTRICT, {"d1"}, Organisation("a", "A", place=JENA)),
    (GroupTrait.CLUSTER, {"k"}, Organisation("a", "A", clusters=frozenset({"k"}))),
    (GroupTrait.KIND, {"ResearchInstitution"}, Organisation("a", "A", "ResearchInstitution")),
    (GroupTrait.LISTED, {"a"}, Organisation("a", "A")),
    (GroupTrait.SMALL, set(), Organisation("a", "A", is_small=Truth.YES)),
]


@pytest.mark.parametrize(("trait", "values", "inside"), GROUPS, ids=[g[0] for g in GROUPS])
def test_members_of_a_group_can_be_demanded_and_limited(
    trait: GroupTrait, values: set[str], inside: Organisation
) -> None:
    claims = claim("a", "milling", confidence=0.5), claim("b", "milling")
    other = Organisation(
        "b", "B", place=replace(ERFURT, state="x"), is_small=Truth.NO, sectors=frozenset({"wood"})
    )
    landscape = replace(landscape_of(*claims), organisations={"a": inside, "b": other})
    rule = GroupRule("rule", trait, frozenset(values), is_strict=True)

    demanded = suggest(replace(ONE, groups=(replace(rule, at_least=1),)), landscape, SETTINGS)
    limited = suggest(replace(ONE, groups=(replace(rule, at_most=0),)), landscape, SETTINGS)

    assert [m.organisation for m in demanded.members] == ["a"]  # though it costs more
    assert [m.organisation for m in limited.members] == ["b"]


@pytest.mark.parametrize("trait", [GroupTrait.SECTOR, GroupTrait.STATE, GroupTrait.DISTRICT])
def test_group_of_which_nothing_is_known_rests_on_doubt(trait: GroupTrait) -> None:
    rule = GroupRule("rule", trait, frozenset({"x"}), at_least=1)
    landscape = landscape_of(claim("a", "milling"), a=None)

    doubtful = suggest(replace(ONE, groups=(rule,)), landscape, SETTINGS)
    strict = replace(ONE, groups=(replace(rule, is_strict=True),))

    assert [group.truth for group in doubtful.groups] == [Truth.UNKNOWN]
    assert suggest(strict, landscape, SETTINGS).status is Status.INFEASIBLE
