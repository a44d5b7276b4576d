"""Looking first at who can be in the fewest members changes the time and never the answer."""

from collections import Counter
from collections.abc import Callable
from random import Random

import numpy as np
import pytest

from graph.consortium import solve as solving
from graph.consortium.control import INFINITE, Clock
from graph.consortium.narrow import Narrowed, narrowed, survey
from graph.consortium.solve import Solved, prove, solve
from graph.errors import EnquiryError
from graph.matching import holders, index_of, match
from graph.matching.reach import claims_of, reach
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
from tests.consortium.landscapes import random_enquiry, random_landscape

SETTINGS = Settings(reference_year=2026, time_budget_s=60)


def posed(seed: int) -> tuple[Enquiry, Landscape]:
    random = Random(seed)  # noqa: S311 - no secret
    landscape = random_landscape(random)
    return random_enquiry(random, landscape), landscape


def valid(seeds: int) -> list[tuple[Enquiry, Landscape]]:
    """Return the random enquiries that can be answered as they are put."""
    found = []
    for enquiry, landscape in map(posed, range(seeds)):
        try:
            claims_of(enquiry, index_of(landscape))
        except EnquiryError:
            continue
        found.append((enquiry, landscape))
    return found


def told(solved: Solved) -> tuple[int, bool, list[tuple[int, int]]]:
    """Return the cost, whether it is feasible, and who serves which slot."""
    instance, plan = solved.problem.instance, solved.plan
    chosen = list(plan.outcome.entries)
    owners = solved.problem.numbers[instance.organisation[chosen]]
    pairs = zip(instance.slot[chosen].tolist(), owners.tolist(), strict=True)
    return plan.outcome.cost, plan.is_feasible, sorted(pairs)


def looked_at_first(enquiry: Enquiry, landscape: Landscape) -> Narrowed | None:
    seen = survey(enquiry, index_of(landscape), SETTINGS, Clock(60))
    found = narrowed(SETTINGS, Clock(60), seen)
    return found if found is not None and found.plan.is_feasible else None


@pytest.mark.parametrize(("written_down", "few"), [(1 << 40, 1), (1 << 40, 4), (1, 4)])
def test_reach_is_who_matches(written_down: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """All by what they state, some, and nearly all one by one."""
    monkeypatch.setattr(holders, "_WRITTEN_DOWN", written_down)
    monkeypatch.setattr(holders, "_FEW", few)
    for enquiry, landscape in valid(150):
        index = index_of(landscape)

        reached = reach(enquiry, index, SETTINGS, lambda: None)

        several, masks = reached.of_several()
        everybody = np.arange(len(index.organisations))
        rows = reached.rows(everybody)
        whole = match(enquiry, landscape, SETTINGS)
        for bit, matches in enumerate(whole):
            assert reached.who(bit).tolist() == matches.organisations.tolist()
            assert reached.how_many(bit) == len(matches)
            assert sorted(rows[bit].tolist()) == sorted(matches.rows.tolist())
        able = Counter(o for matches in whole for o in matches.organisations.tolist())
        assert several.tolist() == sorted(o for o, count in able.items() if count > 1)
        assert np.bitwise_count(masks).tolist() == [able[o] for o in several.tolist()]


@pytest.mark.parametrize("find", [prove, solve])
def test_looking_at_few_first_changes_nothing(find: Callable[..., Solved]) -> None:
    narrow = 0
    for enquiry, landscape in valid(1200):
        whole = solve(enquiry, landscape, SETTINGS, Clock(60), INFINITE)

        first = find(enquiry, landscape, SETTINGS, Clock(60), 0)

        assert told(first) == told(whole)
        known = looked_at_first(enquiry, landscape)
        narrow += known is not None
    assert narrow > 300  # it was tried where it can be


def test_few_claims_are_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    enquiry, landscape = valid(20)[0]
    monkeypatch.setattr(solving, "narrowed", None)  # would fail if it were called

    assert solve(enquiry, landscape, SETTINGS, Clock(60)).problem.is_whole


SCHEME = CompetenceScheme(
    {"a": Competence("a", "A")}, dimensions={"year": Dimension("year", FitRule.TOTAL)}
)


def test_claims_that_state_totals_are_left_to_the_whole_search() -> None:
    """What an organisation makes in all is a sum of claims, which the first look leaves out."""
    claims = tuple(Claim(c, "o", "a", limits=(Limit("year", 1, 60),)) for c in ("c1", "c2"))
    landscape = Landscape("test", SCHEME, {"o": Organisation("o", "O")}, claims)
    asked = tuple(Requirement(r, "a", limits=(Limit("year", 40, 40),)) for r in ("r1", "r2"))
    enquiry = Enquiry("e", "E", asked)

    assert looked_at_first(enquiry, landscape) is None
    found = told(prove(enquiry, landscape, SETTINGS, Clock(60), 0))
    assert found == told(solve(enquiry, landscape, SETTINGS, Clock(60), INFINITE))


def test_second_source_that_nobody_can_be_does_not_stop_the_first_look() -> None:
    landscape = Landscape("test", SCHEME, {"o": Organisation("o", "O")}, (Claim("c", "o", "a"),))
    enquiry = Enquiry("e", "E", (Requirement("r", "a", needs_second_source=True),))

    found = looked_at_first(enquiry, landscape)

    assert found is not None
    assert found.plan.members == 1
