"""Exact teams on small made-up co-authorship graphs, beside trying every team."""

from itertools import combinations, product
from pathlib import Path
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.teams import FAR, approximate_team, exact_team, main, read_tasks, skills_of
from graph.consortium.control import Clock
from graph.consortium.handover_costs import MatrixHandovers
from graph.consortium.instance import Instance
from graph.consortium.plan import Planner, Query

GML = """graph [
  node [ id 0 label "ada" skills "optics" ]
  node [ id 1 label "ben" skills "milling; optics" ]
  node [ id 2 label "cai" skills "welding" ]
  node [ id 3 label "dea" skills "milling" ]
  edge [ source 0 target 3 weight 0.5 ]
  edge [ source 1 target 2 weight 3.0 ]
  edge [ source 2 target 3 weight 1.25 ]
]
"""


def by_trying_all(
    network: "nx.Graph[str]", holders: dict[str, list[str]], task: tuple[str, ...]
) -> float:
    length = dict(nx.all_pairs_dijkstra_path_length(network, weight="weight"))
    return min(
        sum(length[a].get(b, FAR) for a, b in combinations(team, 2))
        for team in product(*(holders[skill] for skill in task))
    )


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_team_is_the_closest_and_the_rule_at_most_twice_as_far(random: Random) -> None:
    skills = ["a", "b", "c", "d"][: random.randint(1, 4)]
    network: nx.Graph[str] = nx.Graph()
    for person in range(random.randint(len(skills), 7)):
        own = {skills[person]} if person < len(skills) else set()
        own |= {s for s in skills if random.random() < 0.3}
        network.add_node(f"p{person}", skills=sorted(own))
    for a, b in combinations(sorted(network), 2):
        if random.random() < 0.4:
            network.add_edge(a, b, weight=random.choice([0.25, 0.5, 1.0]))
    holders, task = skills_of(network), tuple(skills)

    exact = exact_team(network, holders, task, 60)
    rule = approximate_team(network, holders, task)

    assert exact.is_proven
    assert exact.distance == pytest.approx(by_trying_all(network, holders, task))
    assert exact.distance <= rule.distance + 1e-9
    if exact.distance < FAR:
        assert rule.distance <= 2 * exact.distance + 1e-9


def test_folder_of_graphs_and_tasks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "made-up.gml").write_text(GML, encoding="utf-8")
    (tmp_path / "made-up.tasks").write_text("optics; milling; welding\n\n", encoding="utf-8")

    main([str(tmp_path)])

    head, row = capsys.readouterr().out.splitlines()
    assert head.split()[:4] == ["graph", "skills", "people", "exact"]
    # ada, dea, cai: 0.5 + 1.25 + 1.75; ben for two skills and cai would be 6.
    assert row.split()[:5] == ["made-up", "3", "3", "3.500", "yes"]
    assert read_tasks(tmp_path / "made-up.tasks") == [("optics", "milling", "welding")]


def test_skill_that_nobody_has_is_said() -> None:
    network: nx.Graph[str] = nx.parse_gml(GML)

    with pytest.raises(KeyError):
        exact_team(network, skills_of(network), ("gilding",), 60)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False))
def test_bound_of_many_handovers_leaves_the_optimum(random: Random) -> None:
    """Asked for something below the optimum plus one, the search must not rule it out."""
    slots, each = 5, 3
    count = slots * each
    costs = np.array([[random.randint(1, 20) for _ in range(count)] for _ in range(count)])
    costs = costs + costs.T
    slot = np.repeat(np.arange(slots), each)
    pairs = tuple(combinations(range(slots), 2))
    instance = Instance(
        slots=slots,
        organisations=count,
        slot=slot,
        organisation=np.arange(count),
        cost=np.array([random.randint(0, 9) for _ in range(count)]),
        masks=np.int64(1) << slot,
        handovers=MatrixHandovers(pairs, costs),
    )
    teams = product(*(range(s * each, (s + 1) * each) for s in range(slots)))
    best = min(
        int(instance.cost[list(team)].sum() + sum(costs[a, b] for a, b in combinations(team, 2)))
        for team in teams
    )
    planner = Planner(instance, (0,) * slots, slots, Clock(60))

    found = planner.best((31,), slots, Query(bound=best + 1), Clock(60))

    assert found.cost == best
    assert not planner.best((31,), slots, Query(bound=best), Clock(60)).is_found
