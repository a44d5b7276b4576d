"""What is said of members: who leads, who comes next, who counts although they have no work."""

from dataclasses import replace

import pytest

from graph.consortium import suggest
from graph.consortium.answer import GapReason
from graph.model import Requirement, Tie, Truth

from .small import ONE, SETTINGS, claim, enquiry_of, landscape_of

CHAIN = enquiry_of("milling", "welding", "coating")
TRADES = {"a": "milling", "b": "welding", "c": "coating"}


def test_next_best_is_somebody_else() -> None:
    landscape = landscape_of(
        claim("a", "milling"), claim("b", "milling", 0.5), claim("c", "milling", 0.2)
    )

    (assignment,) = suggest(ONE, landscape, SETTINGS).assignments

    assert assignment.organisation == "a"
    assert assignment.next_best is not None
    assert assignment.next_best.organisation == "b"
    assert (assignment.next_best.cost_km, assignment.next_best.more_km) == (30, 30)


def test_who_knows_the_others_leads() -> None:
    """All are in one town; only shared history tells them apart."""
    ties = tuple(
        Tie(*pair, f"p-{pair[0]}{pair[1]}", "project", year=2026)
        for pair in (("a", "b"), ("b", "c"))
    )
    landscape = landscape_of(*(claim(o, c) for o, c in TRADES.items()), ties=ties)

    lead = suggest(CHAIN, landscape, SETTINGS).lead

    assert lead is not None
    assert (lead.organisation, lead.runner_up) == ("b", "a")


def test_who_may_be_closing_leads_last() -> None:
    landscape = landscape_of(*(claim(o, c) for o, c in TRADES.items()))
    doubtful = {"a": replace(landscape.organisations["a"], is_active=Truth.UNKNOWN)}
    landscape = replace(landscape, organisations={**landscape.organisations, **doubtful})

    lead = suggest(CHAIN, landscape, SETTINGS).lead

    assert lead is not None
    assert (lead.organisation, lead.runner_up) == ("b", "c")


def test_member_without_work_takes_a_place() -> None:
    landscape = landscape_of(claim("a", "milling"), claim("b", "welding"), z=None)
    enquiry = replace(enquiry_of("milling", "welding"), pinned=frozenset({"z"}), max_members=2)

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert len(suggestion.members) == 2
    assert [gap.reason for gap in suggestion.gaps] == [GapReason.MEMBER_LIMIT]


@pytest.mark.parametrize("pair", [("a", "z"), ("z", "a")])
def test_nobody_joins_who_is_in_conflict_with_a_member_without_work(pair: tuple[str, str]) -> None:
    landscape = landscape_of(claim("a", "milling"), claim("b", "milling", 0.5), z=None)
    enquiry = replace(ONE, pinned=frozenset({"z"}), conflicts=frozenset({pair}))

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert {m.organisation for m in suggestion.members} == {"b", "z"}


def test_what_is_mandatory_comes_before_what_is_cheap() -> None:
    landscape = landscape_of(claim("a", "milling", 0.1), claim("b", "welding"))
    requirements = (Requirement("r0", "milling"), Requirement("r1", "welding", is_mandatory=False))
    enquiry = replace(ONE, requirements=requirements, max_members=1)

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert [a.requirement for a in suggestion.assignments] == ["r0"]
