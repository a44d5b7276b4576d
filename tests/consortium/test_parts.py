"""Cover table, hand-overs and bounds, each on its own."""

from itertools import combinations, product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.consortium.bound import forest_of, marginals
from graph.consortium.control import Clock
from graph.consortium.cover import IMPOSSIBLE, cover_table, maximal_masks
from graph.consortium.handover import handovers, steps_after
from graph.model import Competence, CompetenceScheme, Requirement


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 31), max_size=7))
def test_cover_table_is_the_least_number(masks: list[int]) -> None:
    table = cover_table(np.array(masks, dtype=np.int64), 5)

    for wanted in range(32):
        sizes = [
            size
            for size in range(len(masks) + 1)
            for chosen in combinations(masks, size)
            if wanted & ~int(np.bitwise_or.reduce(np.array([0, *chosen]))) == 0
        ]
        assert table[wanted] == min(sizes, default=IMPOSSIBLE)


def test_part_of_another_mask_is_not_maximal() -> None:
    assert maximal_masks(np.array([0b001, 0b011, 0b110, 0b011, 0])) == [0b011, 0b110]


def test_cover_table_of_nobody() -> None:
    assert cover_table(np.zeros(0, dtype=np.int64), 2).tolist() == [0, *[IMPOSSIBLE] * 3]


DIAMOND = {"s1": frozenset({"s2", "s3"}), "s2": frozenset({"s4"}), "s3": frozenset({"s4"})}
SCHEME = CompetenceScheme(
    {f"c{i}": Competence(f"c{i}", "C", None, f"s{i}") for i in range(1, 5)}
    | {"loose": Competence("loose", "L")},
    DIAMOND,
)


def edges(*competences: str) -> set[tuple[int, int]]:
    requirements = [Requirement(f"r{i}", c) for i, c in enumerate(competences)]
    return set(handovers(requirements, SCHEME, steps_after(DIAMOND)))


def test_chain_is_reduced_to_direct_handovers() -> None:
    assert edges("c1", "c2", "c4") == {(0, 1), (1, 2)}


def test_missing_step_is_bridged() -> None:
    assert edges("c1", "c4") == {(0, 1)}


def test_branches_join_again() -> None:
    assert edges("c1", "c2", "c3", "c4") == {(0, 1), (0, 2), (1, 3), (2, 3)}


def test_steps_without_order_hand_nothing_over() -> None:
    assert edges("c2", "c3") == set()


def test_order_of_the_enquiry_does_not_turn_the_chain() -> None:
    assert edges("c4", "c1") == {(1, 0)}


def test_same_step_is_passed_in_the_order_of_the_enquiry() -> None:
    assert edges("c1", "c2", "c2", "c4") == {(0, 1), (1, 2), (2, 3)}


def test_no_step_no_handover() -> None:
    assert edges("c1", "loose") == set()


def test_required_step_overrules_the_typical_one() -> None:
    requirements = [Requirement("a", "c1", step="s4"), Requirement("b", "c2")]

    assert handovers(requirements, SCHEME, steps_after(DIAMOND)) == ((1, 0),)


def test_steps_in_a_circle_are_refused() -> None:
    with pytest.raises(ValueError, match="comes after itself"):
        steps_after({"s1": frozenset({"s2"}), "s2": frozenset({"s1"})})


@settings(max_examples=100, deadline=None)
@given(st.randoms(use_true_random=False))
def test_marginals_are_exact_on_a_forest(random: Random) -> None:
    sizes = [random.randint(1, 3) for _ in range(4)]
    parents = [None, *(random.choice([None, *range(i)]) for i in range(1, 4))]
    links = [(p, s) for s, p in enumerate(parents) if p is not None]
    costs = {
        s: np.array([random.randint(0, 9) for _ in range(n)], dtype=np.int64)
        for s, n in enumerate(sizes)
    }
    blocks = {}
    for p, s in links:
        block = [[random.randint(0, 9) for _ in range(sizes[s])] for _ in range(sizes[p])]
        blocks[p, s] = np.array(block, dtype=np.int32)
        blocks[s, p] = blocks[p, s].T

    total, full = marginals(forest_of(range(4), links), costs, blocks)

    sums = {
        chosen: sum(int(costs[s][x]) for s, x in enumerate(chosen))
        + sum(int(blocks[p, s][chosen[p], chosen[s]]) for p, s in links)
        for chosen in product(*(range(n) for n in sizes))
    }
    assert total == min(sums.values())
    for slot in range(4):
        for x in range(sizes[slot]):
            assert full[slot][x] == min(v for c, v in sums.items() if c[slot] == x)


def test_forest_leaves_out_what_closes_a_circle() -> None:
    assert forest_of([0, 1, 2], [(0, 1), (1, 2), (0, 2)]) == ((0, None), (1, 0), (2, 0))


def test_clock_stops_when_time_is_up_or_somebody_cancels() -> None:
    assert Clock(0.0).is_over
    assert not Clock(60.0).is_over
    cancelled = Clock(60.0, lambda: True)
    assert cancelled.is_over
    assert cancelled.is_cancelled
