"""How much a suggestion hangs on weights and members."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.consortium import Suggestion, suggest
from graph.consortium.answer import WeightRange
from graph.consortium.control import Clock
from graph.consortium.sensitivity import interval, terms_of
from graph.consortium.solve import solve
from graph.model import Claim, Enquiry, Landscape, Organisation, Place, Requirement, Tie
from graph.settings import Settings, default_weights

from .landscapes import SCHEME, random_enquiry, random_landscape

randoms = st.randoms(use_true_random=False)
SETTINGS = Settings(reference_year=2026, time_budget_s=60)

HERE = Place(50.0, 11.0)
NEAR, FAR = Place(50.1, 11.0), Place(50.5, 11.0)


def landscape(near_confidence: float = 0.5, *ties: Tie) -> Landscape:
    """One does ``a1``; ``b1`` is done nearby with little evidence, or far away with more."""
    organisations = {
        name: Organisation(name, name.upper(), place=place)
        for name, place in (("one", HERE), ("near", NEAR), ("far", FAR))
    }
    claims = (
        Claim("c1", "one", "a1", evidence_year=2026),
        Claim("c2", "near", "b1", confidence=near_confidence, evidence_year=2026),
        Claim("c3", "far", "b1", confidence=1.0, evidence_year=2026),
    )
    return Landscape("test", SCHEME, organisations, claims, ties)


ENQUIRY = Enquiry("e", "E", (Requirement("r1", "a1"), Requirement("r2", "b1")))


def with_weights(**changes: float) -> Settings:
    weights = default_weights()
    handover = {k: v for k, v in changes.items() if k != "beta_km"}
    match = {k: v for k, v in changes.items() if k == "beta_km"}
    return replace(
        SETTINGS,
        weights=replace(
            weights,
            match=replace(weights.match, **match),
            handover=replace(weights.handover, **handover),
        ),
    )


def members(suggestion: Suggestion) -> set[str]:
    return {m.organisation for m in suggestion.members}


def range_of(suggestion: Suggestion, weight: str) -> WeightRange:
    assert suggestion.sensitivity is not None
    return next(r for r in suggestion.sensitivity.ranges if r.weight == weight)


def test_beta_beyond_its_range_lets_the_rival_win() -> None:
    suggestion = suggest(ENQUIRY, landscape(), SETTINGS)
    found = range_of(suggestion, "match.beta_km")

    # 44.5 km farther away against half of beta.
    assert members(suggestion) == {"one", "near"}
    assert found.low == 0.0
    assert found.high is not None
    assert found.high == pytest.approx(2 * 44.5, abs=1.5)
    assert found.high_rival == ("far", "one")
    inside = suggest(ENQUIRY, landscape(), with_weights(beta_km=found.high - 3))
    outside = suggest(ENQUIRY, landscape(), with_weights(beta_km=found.high + 3))
    assert members(inside) == {"one", "near"}
    assert members(outside) == {"one", "far"}


def test_weight_of_distance_below_its_range_lets_the_rival_win() -> None:
    suggestion = suggest(ENQUIRY, landscape(), SETTINGS)
    found = range_of(suggestion, "handover.distance_weight")

    assert found.high is None
    assert found.low_rival == ("far", "one")
    inside = suggest(ENQUIRY, landscape(), with_weights(distance_weight=found.low + 0.05))
    outside = suggest(ENQUIRY, landscape(), with_weights(distance_weight=found.low - 0.05))
    assert members(inside) == {"one", "near"}
    assert members(outside) == {"one", "far"}


def test_kappa_counts_only_as_far_as_shared_history_takes_it_off() -> None:
    ties = tuple(
        Tie("far", "one", f"p{i}", "project", year=2026) for i in range(4)
    )  # worth 28 of a kappa of 40, so 28 at least are needed for it to count in full
    suggestion = suggest(ENQUIRY, landscape(0.5, *ties), SETTINGS)
    found = range_of(suggestion, "handover.kappa_km")

    assert members(suggestion) == {"one", "far"}
    assert found.high is None
    assert found.low_rival == ("near", "one")
    below = suggest(ENQUIRY, landscape(0.5, *ties), with_weights(kappa_km=found.low - 2))
    above = suggest(ENQUIRY, landscape(0.5, *ties), with_weights(kappa_km=found.low + 2))
    assert members(below) == {"one", "near"}
    assert members(above) == {"one", "far"}


def test_price_of_a_member_that_makes_the_fewest_the_cheapest() -> None:
    both = Organisation("both", "BOTH", place=FAR)
    base = landscape(1.0)
    claims = tuple(
        Claim(f"c-{competence}", "both", competence, confidence=0.1, evidence_year=2026)
        for competence in ("a1", "b1")
    )
    changed = replace(
        base, organisations={**base.organisations, "both": both}, claims=base.claims + claims
    )

    suggestion = suggest(ENQUIRY, changed, SETTINGS)

    costs = {p.members: p.cost_km for p in suggestion.front}
    assert suggestion.sensitivity is not None
    assert costs == {1: 108, 2: 51}
    assert suggestion.sensitivity.member_price_km == 108 - 51
    assert suggestion.alternatives
    assert suggestion.sensitivity.compared == 0  # all that differ are cheaper today


THREE = Enquiry("e", "E", tuple(Requirement(f"r{n}", c) for n, c in enumerate(("a1", "a2", "b1"))))


def one_for_all_or_three(confidence: float, *ties: Tie) -> Landscape:
    """One organisation does all three with some evidence, three do one each with the best."""
    able = {"all": ("a1", "a2", "b1"), "x": ("a1",), "y": ("a2",), "z": ("b1",)}
    claims = tuple(
        Claim(f"{o}-{c}", o, c, confidence=confidence if o == "all" else 1.0, evidence_year=2026)
        for o, competences in able.items()
        for c in competences
    )
    names = {name: Organisation(name, name.upper(), place=HERE) for name in able}
    return Landscape("test", SCHEME, names, claims, ties)


def test_price_is_for_each_member_more() -> None:
    """Only three who know each other are cheaper than one; two are not."""
    ties = [
        Tie(*pair, f"p{pair}{n}", "project", year=2026)
        for pair in (("x", "y"), ("x", "z"), ("y", "z"))
        for n in range(4)
    ]

    suggestion = suggest(THREE, one_for_all_or_three(0.5, *ties), SETTINGS)

    one, two, three = suggestion.front
    assert (one.cost_km, two.cost_km, three.cost_km) == (90, 100, 24)
    assert [p.is_efficient for p in suggestion.front] == [True, False, True]
    assert three.break_even_km == (90 - 24) / 2
    assert suggestion.sensitivity is not None
    assert suggestion.sensitivity.member_price_km == (90 - 24) / 2


def test_one_member_more_for_nothing_is_not_efficient() -> None:
    suggestion = suggest(THREE, one_for_all_or_three(1.0), with_weights(kappa_km=0.0))

    assert [p.cost_km for p in suggestion.front] == [0, 0, 0]
    assert [p.is_efficient for p in suggestion.front] == [True, False, False]


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_terms_add_up_to_the_cost(random: Random) -> None:
    drawn = random_landscape(random)
    enquiry = random_enquiry(random, drawn)
    solved = solve(enquiry, drawn, SETTINGS, Clock(60))
    entries = solved.plan.outcome.entries
    weights = SETTINGS.weights
    matches = [
        solved.problem.matches[solved.problem.requirement[int(solved.problem.instance.slot[e])]]
        for e in entries
    ]
    unknown = 0.0
    for e, found in zip(entries, matches, strict=True):
        number, claim = int(solved.problem.candidate[e]), int(solved.problem.chosen[e])
        # The end of a claim costs what that of a certificate does.
        kinds = [
            check.kind.replace("validity", "certificate")
            for check in found.candidate(number, claim).unknowns
        ]
        unknown += sum(getattr(weights.unknown, f"{kind}_km") for kind in kinds)

    terms = terms_of(solved.problem, entries, weights.handover.unknown_distance_km)

    total = (
        unknown
        + weights.match.beta_km * terms.missing_worth
        + weights.handover.distance_weight * terms.distance_km
        + terms.cooperation_km(weights.handover.kappa_km)
    )
    rounded = len(entries) + 2 * len(terms.bonuses_km)
    assert total == pytest.approx(solved.plan.outcome.cost, abs=0.5 * rounded + 1e-6)


@settings(max_examples=150, deadline=None)
@given(randoms)
def test_interval_ends_where_the_lead_ends(random: Random) -> None:
    turns = sorted(random.uniform(0, 100) for _ in range(random.randint(0, 4)))
    slopes = [random.choice([-2.0, -0.5, 0.0, 1.0]) for _ in range(len(turns) + 1)]
    start, base = random.uniform(0, 100), random.choice([0.0, 5.0, 20.0])

    def height(value: float) -> float:
        total, here = 0.0, 0.0
        for slope, stop in zip(slopes, [*turns, float("inf")], strict=True):
            total += slope * (min(value, stop) - here)
            if value <= stop:
                break
            here = stop
        return total

    def lead(value: float) -> float:
        return base + height(value) - height(start)

    low, high = interval(lead, start, turns)

    assert low <= start <= high
    for step in range(101):
        value = low + (min(high, 500.0) - low) * step / 100
        assert lead(value) >= -1e-6
    if low > 0:
        assert lead(low) == pytest.approx(0, abs=1e-6)
        # where the lead only touches zero, rounding may end the interval there
        assert min((lead(low - 10**-k) for k in range(2, 7) if low > 10**-k), default=-1) < 1e-5
    if high < float("inf"):
        assert lead(high) == pytest.approx(0, abs=1e-6)
        assert min(lead(high + 10**-k) for k in range(2, 7)) < 1e-5


def test_second_source_must_lie_in_the_area() -> None:
    suggestion = suggest(ENQUIRY, landscape(), SETTINGS)

    assert suggestion.robustness is not None
    assert suggestion.robustness.area_km == 50.0
    assert suggestion.robustness.second_source_share == 0.5  # far is 44.5 km from near
    assert suggestion.robustness.without_second_source == ("r1",)
    assert suggestion.robustness.single_points == ("one",)

    moved = replace(landscape(), organisations={
        **landscape().organisations, "far": Organisation("far", "FAR", place=Place(53.0, 11.0)),
    })  # fmt: skip
    far_away = suggest(ENQUIRY, moved, SETTINGS).robustness
    assert far_away is not None
    assert far_away.second_source_share == 0.0


def test_worst_to_lose_is_whom_nobody_replaces() -> None:
    suggestion = suggest(ENQUIRY, landscape(), SETTINGS)

    assert suggestion.robustness is not None
    assert suggestion.robustness.worst == "one"
    assert suggestion.robustness.worst_loss_km is None


def test_worst_to_lose_is_whose_replacement_costs_most() -> None:
    base = landscape()
    two = Organisation("two", "TWO", place=FAR)
    changed = replace(
        base,
        organisations={**base.organisations, "two": two},
        claims=(*base.claims, Claim("c4", "two", "a1", confidence=0.1, evidence_year=2026)),
    )

    suggestion = suggest(ENQUIRY, changed, SETTINGS)

    losses = {
        m.organisation: m.replacement.reoptimised.loss_km
        for m in suggestion.members
        if m.replacement and m.replacement.reoptimised
    }
    assert suggestion.robustness is not None
    assert suggestion.robustness.single_points == ()
    assert suggestion.robustness.worst == max(losses, key=lambda o: losses[o])
    assert suggestion.robustness.worst_loss_km == max(losses.values())


def test_a_member_more_weighs_more_than_what_it_costs() -> None:
    """Two others can do what one does, cheaply; the dear one is one for one."""
    able = {
        "both": (("a1", 1.0), ("a2", 1.0)),
        "x": (("a1", 0.9),),
        "y": (("a2", 0.9),),
        "solo": (("b1", 1.0),),
        "poor": (("b1", 0.1),),
    }
    claims = tuple(
        Claim(f"{o}-{c}", o, c, confidence=confidence, evidence_year=2026)
        for o, own in able.items()
        for c, confidence in own
    )
    names = {name: Organisation(name, name.upper(), place=HERE) for name in able}
    changed = Landscape("test", SCHEME, names, claims)

    suggestion = suggest(THREE, changed, with_weights(kappa_km=0.0))

    assert members(suggestion) == {"both", "solo"}
    assert suggestion.robustness is not None
    assert suggestion.robustness.worst == "both"
    assert suggestion.robustness.worst_extra_members == 1
    assert suggestion.robustness.worst_loss_km == 12


def test_nothing_served_hangs_on_nothing() -> None:
    nobody = replace(landscape(), claims=())

    suggestion = suggest(ENQUIRY, nobody, SETTINGS)

    assert suggestion.sensitivity is None
    assert suggestion.robustness is None
