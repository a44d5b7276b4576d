"""Alternatives differ from the suggestion and from each other; replacements say what is lost."""

from dataclasses import replace

from graph.consortium import Suggestion, suggest

from .small import ONE, SETTINGS, claim, enquiry_of, landscape_of


def teams(suggestion: Suggestion) -> list[tuple[str, ...]]:
    return [alternative.organisations for alternative in suggestion.alternatives]


def test_each_alternative_keeps_away_from_those_before_it() -> None:
    landscape = landscape_of(
        *(claim(name, "milling", 1 - n / 10) for n, name in enumerate("abcdef"))
    )

    suggestion = suggest(ONE, landscape, SETTINGS)

    assert [m.organisation for m in suggestion.members] == ["a"]
    assert teams(suggestion) == [("b",), ("c",), ("d",)]
    assert [a.more_km for a in suggestion.alternatives] == [6, 12, 18]


def test_pinned_members_stay_in_every_alternative() -> None:
    landscape = landscape_of(
        claim("a", "milling"), claim("b", "welding"), claim("c", "welding", 0.5)
    )
    enquiry = replace(enquiry_of("milling", "welding"), pinned=frozenset({"a"}))

    suggestion = suggest(enquiry, landscape, SETTINGS)

    assert {m.organisation for m in suggestion.members} == {"a", "b"}
    assert teams(suggestion) == [("a", "c")]
    assert suggestion.alternatives[0].shared == suggestion.alternatives[0].allowed_shared == 1


def test_where_all_are_pinned_there_is_no_alternative() -> None:
    landscape = landscape_of(claim("a", "milling"), claim("b", "milling"))
    enquiry = replace(ONE, pinned=frozenset({"a"}))

    assert suggest(enquiry, landscape, SETTINGS).alternatives == ()


def test_half_of_the_members_are_exchanged() -> None:
    """Of three at least one; the alternative that exchanges least costs least."""
    landscape = landscape_of(
        *(claim(f"{c[0]}1", c) for c in ("milling", "welding", "coating")),
        *(claim(f"{c[0]}2", c, 0.5) for c in ("milling", "welding", "coating")),
    )

    suggestion = suggest(enquiry_of("milling", "welding", "coating"), landscape, SETTINGS)

    assert {m.organisation for m in suggestion.members} == {"m1", "w1", "c1"}
    first = suggestion.alternatives[0]
    assert first.allowed_shared == first.shared == 2
    assert first.more_km == 30


def test_two_members_more_can_replace_one() -> None:
    """Who does three things is replaced by three who do one each."""
    landscape = landscape_of(
        *(claim("all", c) for c in ("milling", "welding", "coating")),
        *(claim(c[0], c) for c in ("milling", "welding", "coating")),
    )

    (member,) = suggest(enquiry_of("milling", "welding", "coating"), landscape, SETTINGS).members

    assert member.organisation == "all"
    assert member.replacement is not None
    assert member.replacement.drop_in is None
    assert member.replacement.lost_requirements == ()
    assert member.replacement.reoptimised is not None
    assert member.replacement.reoptimised.organisations == ("c", "m", "w")
    assert member.replacement.reoptimised.extra_members == 2


def test_only_what_nobody_else_serves_is_lost() -> None:
    landscape = landscape_of(
        claim("a", "milling"), claim("a", "welding"), claim("b", "welding", 0.5)
    )

    (member,) = suggest(enquiry_of("milling", "welding"), landscape, SETTINGS).members

    assert member.replacement is not None
    assert member.replacement.lost_requirements == ("r0",)
