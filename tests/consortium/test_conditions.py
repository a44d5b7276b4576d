"""What an enquirer may ask of the members, and what cannot be asked."""

from dataclasses import replace

import pytest

from graph.consortium import suggest
from graph.consortium.answer import GapReason, LeadReason, MemberReason, Status, Suggestion
from graph.consortium.control import Clock
from graph.consortium.problem import pose
from graph.errors import EnquiryError
from graph.matching import index_of, match
from graph.model import (
    Enquiry,
    GroupRule,
    GroupTrait,
    Organisation,
    Requirement,
    Truth,
)

from .small import ERFURT, JENA, ONE, SETTINGS, claim, enquiry_of, landscape_of

LANDSCAPE = landscape_of(claim("a", "milling"), claim("b", "welding"))
GROUPS = [
    (GroupTrait.SECTOR, {"optics"}, replace(Organisation("a", "A"), sectors=frozenset({"optics"}))),
    (GroupTrait.STATE, {"t"}, Organisation("a", "A", place=replace(JENA, state="t"))),
    (GroupTrait.DISTRICT, {"d1"}, Organisation("a", "A", place=JENA)),
    (GroupTrait.CLUSTER, {"k"}, Organisation("a", "A", clusters=frozenset({"k"}))),
    (GroupTrait.KIND, {"ResearchInstitution"}, Organisation("a", "A", "ResearchInstitution")),
    (GroupTrait.LISTED, {"a"}, Organisation("a", "A")),
    (GroupTrait.SMALL, set(), Organisation("a", "A", is_small=Truth.YES)),
]


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


@pytest.mark.parametrize(("others", "coverable"), [((), 0b01), (("b",), 0b11)])
def test_second_source_is_not_even_searched_for_where_one_alone_can(
    others: tuple[str, ...], coverable: int
) -> None:
    enquiry = Enquiry("e", "E", (Requirement("r0", "milling", needs_second_source=True),))
    landscape = landscape_of(*(claim(o, "milling") for o in ("a", *others)))

    matches = match(enquiry, landscape, SETTINGS)
    problem = pose(enquiry, index_of(landscape), matches, SETTINGS, Clock(60))

    assert problem.instance.coverable == coverable


def mild_and_strict(rule: GroupRule) -> tuple[Suggestion, Suggestion]:
    """Return what is suggested where nobody knows whether the one company is of a group."""
    landscape = landscape_of(claim("a", "milling"))
    rules = (rule, replace(rule, is_strict=True))
    mild, strict = (
        suggest(replace(enquiry_of("milling"), groups=(one,)), landscape, SETTINGS) for one in rules
    )
    return mild, strict


def test_group_rule_met_on_doubt_says_so() -> None:
    mild, strict = mild_and_strict(GroupRule("small", GroupTrait.SMALL, at_least=1))

    assert mild.groups[0].truth is Truth.UNKNOWN
    assert strict.status is Status.INFEASIBLE


def test_doubt_counts_against_a_maximum_only_where_the_rule_is_strict() -> None:
    mild, strict = mild_and_strict(GroupRule("small", GroupTrait.SMALL, at_most=0))

    assert [m.organisation for m in mild.members] == ["a"]
    assert mild.groups[0].truth is Truth.UNKNOWN
    assert not strict.members
    assert len(strict.gaps) == 1


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
