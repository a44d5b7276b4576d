"""Who contributes to what teams leave open, what is kept of it, and what joining costs at least."""

from random import Random
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium.contributors import Contributors
from graph.consortium.control import INFINITE, Clock
from graph.consortium.cover import cover_table
from graph.consortium.kept import Kept
from graph.consortium.problem import pose
from graph.consortium.roster import Roster
from graph.consortium.team_costs import spanning_costs
from graph.matching import index_of, match
from graph.settings import Settings

SETTINGS = Settings(reference_year=2026, time_budget_s=60)


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_all_are_found_who_leave_no_more_open_than_others_can_cover(random: Random) -> None:
    slots = random.choice([3, 9])
    masks = np.array(sorted(random.randrange(1, 1 << slots) for _ in range(random.randint(1, 40))))
    table = cover_table(masks, slots, Clock(60))
    contributors = Contributors(masks, table, Clock(60))
    for count in (1, 2, 3, 1):
        rests = np.array([random.randrange(1 << slots) for _ in range(random.randint(1, 30))])
        among = np.array([random.random() < 0.5 for _ in masks])
        every = [
            (number, group)
            for number, rest in enumerate(rests.tolist())
            for group, mask in enumerate(masks.tolist())
            if table[rest & ~mask] < count
        ]

        found = np.column_stack(contributors.pairs(rests, count))
        some = np.column_stack(contributors.pairs(rests, count, among))

        assert list(map(tuple, found.tolist())) == every
        assert list(map(tuple, some.tolist())) == [pair for pair in every if among[pair[1]]]


def test_what_is_kept_is_found_until_it_is_given_up() -> None:
    kept = Kept()
    first = kept.add(np.array([0, 0, 2]), 3, np.array([7, 8, 9]), np.array([10, 20, 30]))
    before = len(kept)
    second = kept.add(np.repeat([0, 1], 2_000), 2, np.arange(4_000), np.arange(4_000))

    assert kept.counts(first).tolist() == [2, 0, 1]
    assert kept.counts(second).tolist() == [2_000, 2_000]
    row, group = kept.pairs(np.array([first[2], second[1], first[0]]), 21)
    assert (row.tolist(), group.tolist()) == ([2, 2], [7, 8])
    row, group = kept.pairs(second, 2_001)
    assert (row.tolist(), group.tolist()) == ([0] * 2_000 + [1], [*range(2_001)])

    kept.forget(before)
    again = kept.add(np.array([0]), 1, np.array([5]), np.array([1]))

    assert again.tolist() == second[:1].tolist()
    assert kept.pairs(np.array([first[2], again[0]]), 31)[1].tolist() == [9, 5]


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_team_pays_a_spanning_tree_at_least(size: int) -> None:
    """And no more than the least one, as networkx finds it."""
    landscape = synthetic_landscape(Size.of(60), 1)
    index = index_of(landscape)
    enquiry = synthetic_enquiry(6, 1)
    posed = pose(enquiry, index, match(enquiry, landscape, SETTINGS), SETTINGS, Clock(60))
    instance = posed.instance
    roster = Roster(instance, np.arange(len(instance.slot)), (1 << 6) - 1, Clock(60))
    random = np.random.default_rng(size)
    members = np.stack([random.permutation(len(roster.masks))[:size] for _ in range(40)])
    team = np.repeat(np.arange(40), 3)
    handovers = random.integers(0, 300, (size, len(team)))

    least = spanning_costs(roster, members, team, handovers)

    for pair, own in enumerate(members[team]):
        graph: nx.Graph[Any] = nx.Graph()
        for one in range(size):
            graph.add_edge(one, "more", weight=int(handovers[one, pair]))
            for two in range(one):
                apart = roster.handover(None, own[[one]], own[[two]])
                graph.add_edge(one, two, weight=int(apart[0]))
        assert least[pair] == nx.minimum_spanning_tree(graph).size("weight")
    assert least.max() < INFINITE
