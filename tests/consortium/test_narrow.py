"""Looking first at who can be in the fewest members changes the time and never the answer."""

from collections.abc import Callable
from random import Random

import pytest

from graph.consortium.control import INFINITE, Clock
from graph.consortium.narrow import narrowed
from graph.consortium.solve import Solved, prove, solve
from graph.errors import EnquiryError
from graph.matching import index_of, match
from graph.matching.reach import claims_of, reach
from graph.model import Enquiry, Landscape
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


def test_reach_is_who_matches() -> None:
    for enquiry, landscape in valid(150):
        index = index_of(landscape)

        masks, rows = reach(enquiry, index, SETTINGS, lambda: None)

        for bit, matches in enumerate(match(enquiry, landscape, SETTINGS)):
            able = [n for n in range(len(masks)) if masks[n] >> bit & 1]
            assert able == matches.organisations.tolist()
            assert rows[bit].tolist() == matches.rows[matches.is_fit].tolist()


@pytest.mark.parametrize("find", [prove, solve])
def test_looking_at_few_first_changes_nothing(find: Callable[..., Solved]) -> None:
    narrow = 0
    for enquiry, landscape in valid(400):
        whole = solve(enquiry, landscape, SETTINGS, Clock(60), INFINITE)

        first = find(enquiry, landscape, SETTINGS, Clock(60), 0)

        assert told(first) == told(whole)
        known = narrowed(enquiry, index_of(landscape), SETTINGS, Clock(60), 0)
        narrow += known is not None
    assert narrow > 100  # it was tried where it can be


def test_few_claims_are_looked_at_once() -> None:
    enquiry, landscape = valid(20)[0]

    assert narrowed(enquiry, index_of(landscape), SETTINGS, Clock(60)) is None
