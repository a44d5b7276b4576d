"""Whenever time runs out, the answer is valid and claims no more than is proven."""

import sys
from collections import Counter
from dataclasses import replace
from functools import partial
from itertools import count

import pytest

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium import Suggestion, promising, suggest
from graph.consortium import solve as solving
from graph.consortium.answer import Examined, MemberReason, Status
from graph.consortium.solve import solve
from graph.matching import match
from graph.model import Enquiry, GroupRule, GroupTrait, Landscape, Truth
from graph.settings import Settings
from tests.consortium.test_narrow import valid
from tests.consortium.test_time import Watch

SETTINGS = Settings(reference_year=2026, time_budget_s=60)
BARE = replace(SETTINGS, front_extra=0, alternatives=0, replacements=False)
TICK_S = 0.002
"""How much time goes by between two looks at the clock."""

Case = tuple[Enquiry, Landscape, Suggestion]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Have time go by with each look only, and everybody be looked for among few first."""
    ticks, counted = count(), Counter[str]()

    def now() -> float:
        counted["looks"] += 1
        return next(ticks) * TICK_S

    monkeypatch.setattr("graph.consortium.control.perf_counter", now)
    module = sys.modules[suggest.__module__]  # the package gives its name to the function
    monkeypatch.setattr(module, "solve", partial(solve, narrow_above=0))
    return counted


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    """Return enquiries that somebody can serve, with what is best."""
    asked = [(e, landscape, suggest(e, landscape, SETTINGS)) for e, landscape in valid(22)]
    return [case for case in asked if case[2].members]


def served(suggestion: Suggestion) -> tuple[int, ...]:
    """Return how many slots of each rank are served, the first counting most."""
    mandatory = {r.iri: r.is_mandatory for r in suggestion.enquiry.requirements}
    ranks = Counter(
        2 * (not mandatory[a.requirement]) + a.is_second_source for a in suggestion.assignments
    )
    return tuple(ranks[rank] for rank in range(4))


def check_valid(cut: Suggestion, landscape: Landscape) -> None:
    """Compare members with what is asked of each and of all together."""
    enquiry = cut.enquiry
    able = {m.requirement.iri: set(m.names) for m in match(enquiry, landscape, SETTINGS)}
    assert all(a.organisation in able[a.requirement] for a in cut.assignments)
    assert all(a.candidates == len(able[a.requirement]) for a in cut.assignments)
    for member in cut.members:
        is_alone = any(len(able[a.requirement]) == 1 for a in member.assignments)
        assert MemberReason.ONLY_CANDIDATE not in member.reasons or is_alone
    members = {m.organisation for m in cut.members}
    name = {
        iri: organisation.same_as or iri for iri, organisation in landscape.organisations.items()
    }
    assert {name[iri] for iri in enquiry.pinned} <= members
    assert not {name.get(iri) for iri in enquiry.excluded} & members
    assert not any({name.get(a), name.get(b)} <= members for a, b in enquiry.conflicts)
    assert enquiry.max_members is None or len(members) <= enquiry.max_members
    assert all(group.truth is not Truth.NO for group in cut.groups)


def check_claims(cut: Suggestion, best: Suggestion) -> None:
    """Compare what is said to be proven with the optimum."""
    assert best.cost is not None
    assert cut.cost is not None
    proof = cut.proof
    if proof.coverage_proven:
        assert served(cut) == served(best)
    if served(cut) != served(best):
        assert served(cut) < served(best)
        return
    assert len(cut.members) >= len(best.members)
    if proof.fewest_members_proven:
        assert len(cut.members) == len(best.members)
    if len(cut.members) == len(best.members):
        assert cut.cost.total_km >= best.cost.total_km
        assert proof.lower_bound_km is not None
        assert proof.lower_bound_km <= best.cost.total_km
        if proof.cost_proven:
            assert cut.cost == best.cost
    assert (cut.status is Status.OPTIMAL) <= (cut.cost == best.cost)


def check_beside(cut: Suggestion, best: Suggestion) -> None:
    """What is said to be proven of what surrounds the suggestion is what it is in the end."""
    if cut.proof.examined is not Examined.EVERYBODY:
        assert len(cut.front) <= 1
        assert all(a.members == len(cut.members) for a in cut.alternatives)
        found = [m.replacement for m in cut.members if m.replacement is not None]
        assert all(r.lost_requirements or r.reoptimised or not r.is_decided for r in found)
    if cut.status is not Status.OPTIMAL:
        return
    proven = {p.members: p.cost_km for p in best.front if p.is_proven}
    for point in cut.front:
        if point.is_proven and point.members in proven:
            assert point.cost_km == proven[point.members]
    known = {m.organisation: m for m in best.members}
    for member in cut.members:
        other = known.get(member.organisation)
        if other is None or member.replacement is None or other.replacement is None:
            continue
        assert member.replacement.lost_requirements == other.replacement.lost_requirements
        if member.replacement.is_decided and other.replacement.is_decided:
            assert member.replacement.reoptimised == other.replacement.reoptimised


@pytest.mark.parametrize("sizes", [promising._SIZES, ((1, 1),)])
def test_time_that_ends_at_any_look(
    sizes: tuple[tuple[int, int], ...],
    looks: Counter[str],
    cases: list[Case],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With as many who serve much as ever, and with hardly anybody."""
    monkeypatch.setattr(promising, "_SIZES", sizes)
    examined: Counter[Examined] = Counter()
    nothing = every = 0
    for enquiry, landscape, best in cases:
        looks.clear()
        whole = suggest(enquiry, landscape, replace(SETTINGS, time_budget_s=1e6))
        assert replace(whole, run=best.run, proof=best.proof) == best
        for look in range(looks["looks"] + 2):
            cut = suggest(enquiry, landscape, replace(SETTINGS, time_budget_s=look * TICK_S))
            every += 1
            examined[cut.proof.examined] += 1
            if cut.status is Status.UNDECIDED:
                nothing += 1
                continue
            check_valid(cut, landscape)
            check_claims(cut, best)
            check_beside(cut, best)

    assert min(examined[one] for one in Examined) > 100
    assert nothing < every / (20 if len(sizes) > 1 else 4)


def test_cancelling_at_any_look(looks: Counter[str], cases: list[Case]) -> None:
    """However far it has come; what was found by then is valid, and nothing fails on the way."""
    found = 0
    for enquiry, landscape, best in cases:
        asked = Watch()
        suggest(enquiry, landscape, SETTINGS, asked)
        for patience in range(asked.asked):
            cut = suggest(enquiry, landscape, SETTINGS, Watch(patience))
            if cut.status is Status.UNDECIDED:
                continue
            found += 1
            check_valid(cut, landscape)
            check_claims(cut, best)
    assert found > 300


def conditioned(enquiry: Enquiry, best: Suggestion) -> list[Enquiry]:
    """Return the enquiry with conditions on members that the best consortium does not meet."""
    first, *others = sorted(m.organisation for m in best.members)
    able = [c.organisation for _, candidates in best.candidates for c in candidates]
    wanted = [one for one in able if one not in {first, *others}][:3]
    listed = GroupRule("listed", GroupTrait.LISTED, frozenset(wanted), at_least=1)
    twice = tuple(replace(r, needs_second_source=True) for r in enquiry.requirements[:1])
    return [
        enquiry,
        replace(enquiry, groups=(listed,)),
        replace(enquiry, pinned=frozenset(wanted[:1])),
        replace(enquiry, excluded=frozenset({first})),
        replace(enquiry, max_members=max(1, len(best.members) - 1)),
        replace(enquiry, requirements=twice + enquiry.requirements[1:]),
    ]


def test_what_some_find_is_not_said_to_be_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody is far more than are looked at, and nothing is known beforehand."""
    landscape = synthetic_landscape(Size.of(400), 1)
    plain = [synthetic_enquiry(8, seed) for seed in range(4)]
    asked = [c for e in plain for c in conditioned(e, suggest(e, landscape, BARE))]
    best = [suggest(enquiry, landscape, BARE) for enquiry in asked]
    monkeypatch.setattr(solving, "narrowed", lambda *_: None)
    monkeypatch.setattr(sys.modules[suggest.__module__], "solve", partial(solve, narrow_above=0))
    found: Counter[str] = Counter()
    for sizes in (promising._SIZES, ((0, 1),)):
        monkeypatch.setattr(promising, "_SIZES", sizes)
        for enquiry, optimum in zip(asked, best, strict=True):
            cut = suggest(enquiry, landscape, replace(SETTINGS, time_budget_s=0.0))
            if not optimum.members:
                continue
            assert cut.members
            assert cut.proof.examined is Examined.PROMISING
            check_valid(cut, landscape)
            check_claims(cut, optimum)
            found["dearer"] += cut.cost != optimum.cost
            found["larger"] += len(cut.members) > len(optimum.members)
            found["fewer served"] += served(cut) < served(optimum)
            found["proven"] += cut.proof.fewest_members_proven
    assert found["dearer"] > 20
    assert found["proven"] > 20
    assert found["larger"]
    assert found["fewer served"]
