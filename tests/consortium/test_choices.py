"""Who is chosen and why, in landscapes of which a person can say it."""

from dataclasses import replace

from graph.consortium import suggest
from graph.consortium.answer import GapReason, LeadReason, MemberReason, Status
from graph.model import (
    Place,
    Tie,
)

from .small import SETTINGS, claim, enquiry_of, landscape_of


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


def test_equal_claims_are_decided_by_their_iri() -> None:
    """The same whichever the sources name first."""
    first, second = (replace(claim("a", "milling"), iri=iri) for iri in ("c1", "c2"))

    for claims in ((first, second), (second, first)):
        suggestion = suggest(enquiry_of("milling"), landscape_of(*claims), SETTINGS)
        assert [a.evidence.claim for a in suggestion.assignments] == ["c1"]
