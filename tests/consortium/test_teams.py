"""Exact teams on small made-up co-authorship graphs, beside trying every team."""

from itertools import combinations, product
from pathlib import Path
from random import Random

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.coauthors import HOLDERS, SKILLS, synthetic_coauthors, synthetic_tasks, write_folder
from benchmarks.lengths import FAR, SCALE, lengths_between
from benchmarks.teams import (
    Experts,
    Row,
    Team,
    approximate_team,
    exact_team,
    main,
    read_tasks,
    report,
    skills_of,
)
from graph.consortium.control import Clock
from graph.consortium.plan import Planner, Query

from .dense import dense_instance

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

randoms = st.randoms(use_true_random=False)


def random_network(random: Random, skills: list[str], people: int) -> "nx.Graph[str]":
    network: nx.Graph[str] = nx.Graph()
    for person in range(people):
        own = {skills[person]} if person < len(skills) else set()
        own |= {s for s in skills if random.random() < 0.3}
        network.add_node(f"p{person}", skills=sorted(own))
    for a, b in combinations(sorted(network), 2):
        if random.random() < 0.4:
            network.add_edge(a, b, weight=random.choice([0.25, 0.5, 1.0]))
    return network


def distance_of(network: "nx.Graph[str]", team: tuple[str, ...]) -> float:
    length = dict(nx.all_pairs_dijkstra_path_length(network, weight="weight"))
    return sum(length[a].get(b, FAR) for a, b in combinations(team, 2))


def by_trying_all(network: "nx.Graph[str]", task: tuple[str, ...]) -> float:
    holders = skills_of(network)
    teams = product(*(holders[skill] for skill in task))
    length = dict(nx.all_pairs_dijkstra_path_length(network, weight="weight"))
    return min(sum(length[a].get(b, FAR) for a, b in combinations(team, 2)) for team in teams)


@settings(max_examples=60, deadline=None)
@given(randoms)
def test_team_is_the_closest_and_the_rule_at_most_twice_as_far(random: Random) -> None:
    task = tuple(["a", "b", "c", "d", "e"][: random.randint(1, 5)])
    network = random_network(random, list(task), random.randint(len(task), 7))
    experts = Experts.of(network, [task])
    optimum = by_trying_all(network, task)

    exact = exact_team(experts, task, 60)
    rule = approximate_team(experts, task)

    assert exact.is_proven
    assert exact.distance == pytest.approx(optimum) == distance_of(network, exact.holders)
    assert all(
        skill in network.nodes[p]["skills"] for skill, p in zip(task, exact.holders, strict=True)
    )
    assert rule.lower_bound <= optimum + 1e-9
    assert rule.distance == pytest.approx(distance_of(network, rule.holders))
    assert optimum <= rule.distance + 1e-9
    if optimum < FAR:
        assert rule.distance <= 2 * optimum + 1e-9


def test_rule_that_is_not_optimal() -> None:
    """Everybody is near the middle, but three are nearer to each other."""
    network: nx.Graph[str] = nx.Graph()
    skills = ["a", "b", "c", "d"]
    for skill in skills:
        network.add_node(f"far-{skill}", skills=[skill])
        network.add_node(f"near-{skill}", skills=[skill])
    for a, b in combinations(skills, 2):
        network.add_edge(f"near-{a}", f"near-{b}", weight=1.0)
    for skill in "bcd":
        network.add_edge("far-a", f"far-{skill}", weight=0.9)
    experts = Experts.of(network, [skills])

    rule, exact = approximate_team(experts, skills), exact_team(experts, skills, 60)

    assert rule.distance == pytest.approx(3 * 0.9 + 3 * 1.8)
    assert exact.distance == pytest.approx(6.0)
    assert exact.holders == ("near-a", "near-b", "near-c", "near-d")
    row = Row(exact, rule, exact_ms=2.0, rule_ms=1.0, is_same=None)
    # skills, tasks, proven, gap, p50, p95, rule, time x, cost x, largest, optimal
    wanted = ["4", "1", "100.0%", "0.0%", "2.0", "2.0", "1.00", "2.0", "1.350", "1.350", "0.0%"]
    assert report(4, [row]).split() == wanted


def test_without_time_nothing_is_proven_but_the_bound() -> None:
    network = synthetic_coauthors(400, seed=1)
    tasks = synthetic_tasks(network, 8, 8, seed=1)
    experts = Experts.of(network, tasks)
    rules = {task: approximate_team(experts, task) for task in tasks}
    hard = {task: rule for task, rule in rules.items() if not rule.is_proven}

    assert len(hard) > 3
    for task, rule in hard.items():
        cut, exact = exact_team(experts, task, 0), exact_team(experts, task, 60)

        assert exact.is_proven
        assert not cut.is_proven
        assert rule.lower_bound <= cut.lower_bound <= exact.distance
        assert exact.distance <= cut.distance <= rule.distance
        assert cut.gap == pytest.approx(1 - cut.lower_bound / cut.distance) != 0


def test_what_is_not_proven_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--synthetic", "400", "--tasks", "4", "--budget", "0"])

    rows = [line.split() for line in capsys.readouterr().out.splitlines()[2:]]
    assert rows[-1][0] == "10"
    assert float(rows[-1][2].rstrip("%")) < 100
    assert 0 < float(rows[-1][3].rstrip("%")) < 50


def test_folder_of_graphs_and_tasks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "made-up.gml").write_text(GML, encoding="utf-8")
    (tmp_path / "made-up.tasks").write_text("optics; milling; welding\n\n", encoding="utf-8")

    status = main([str(tmp_path), "--each"])

    graph, head, row, team = capsys.readouterr().out.splitlines()
    assert status == 0
    assert graph.startswith("made-up: 4 people, 3 edges, 4 experts")
    assert head.split()[:4] == ["skills", "tasks", "proven", "gap"]
    assert row.split()[:4] == ["3", "1", "100.0%", "0.0%"]
    # ada, dea, cai: 0.5 + 1.25 + 1.75; ben for two skills and cai would be 6.
    assert team.split(" (")[0].strip() == "3.5000"
    assert team.endswith("optics=ada, milling=dea, welding=cai")
    assert read_tasks(tmp_path / "made-up.tasks") == [("optics", "milling", "welding")]


def test_synthetic_folder_in_one_command(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--synthetic", "60", "--tasks", "2", "--seed", "4"])

    graph, _, *rows = capsys.readouterr().out.splitlines()
    assert graph.startswith("synthetic-60-4: ")
    assert [row.split()[:3] for row in rows] == [[str(k), "2", "100.0%"] for k in SKILLS]


@pytest.mark.parametrize("arguments", [[], ["folder", "--synthetic", "60"]])
def test_either_a_folder_or_a_synthetic_one(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        main(arguments)


def test_skill_that_nobody_has_is_said() -> None:
    network: nx.Graph[str] = nx.parse_gml(GML)

    with pytest.raises(KeyError):
        Experts.of(network, [("gilding",)])


def test_gap_of_nothing_is_nothing() -> None:
    assert Team(("ada", "ada"), 0.0, 0.0).gap == 0


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_lengths_are_those_of_dijkstra(random: Random) -> None:
    network = random_network(random, ["a"], random.randint(1, 9))
    people = sorted(network)
    length = dict(nx.all_pairs_dijkstra_path_length(network, weight="weight"))

    lengths = lengths_between(network, people)

    wanted = [[round(length[a].get(b, FAR) * SCALE) for b in people] for a in people]
    assert lengths.tolist() == wanted


def test_lengths_of_more_people_than_at_once() -> None:
    path: nx.Graph[str] = nx.relabel_nodes(nx.path_graph(150), lambda n: f"p{n:03d}")

    lengths = lengths_between(path, [f"p{n:03d}" for n in range(150)])

    numbers = np.arange(150)
    assert (lengths == SCALE * abs(numbers[:, None] - numbers)).all()


def test_synthetic_people_say_so_and_are_the_same_each_time(tmp_path: Path) -> None:
    write_folder(tmp_path / "one", [80, 120], tasks=3, seed=5)
    write_folder(tmp_path / "two", [80, 120], tasks=3, seed=5)
    write_folder(tmp_path / "other", [80], tasks=3, seed=6)

    files = {p.name: p.read_bytes() for p in (tmp_path / "one").iterdir()}
    assert files == {p.name: p.read_bytes() for p in (tmp_path / "two").iterdir()}
    names = [f"synthetic-{n}-5.{ending}" for n in (120, 80) for ending in ("gml", "tasks")]
    assert sorted(files) == names
    other = (tmp_path / "other" / "synthetic-80-6.gml").read_bytes()
    assert other != files["synthetic-80-5.gml"]


def test_synthetic_network_is_as_the_literature_makes_it(tmp_path: Path) -> None:
    write_folder(tmp_path, [200], tasks=4, seed=2)
    network: nx.Graph[str] = nx.read_gml(tmp_path / "synthetic-200-2.gml")
    tasks = read_tasks(tmp_path / "synthetic-200-2.tasks")
    holders = skills_of(network)

    assert nx.is_connected(network)
    assert 200 <= len(network) < 250
    assert all(node.startswith("synthetic-person-") for node in network)
    assert all(skill.startswith("synthetic-") for skill in holders)
    assert all(0 <= network.edges[edge]["weight"] < 1 for edge in network.edges)
    assert [len(task) for task in tasks] == [k for k in SKILLS for _ in range(4)]
    assert all(len(set(task)) == len(task) for task in tasks)
    assert all(len(holders[skill]) in HOLDERS for task in tasks for skill in task)


@settings(max_examples=40, deadline=None)
@given(randoms)
def test_bound_of_many_handovers_leaves_the_optimum(random: Random) -> None:
    """Asked for something below the optimum plus one, the search must not rule it out."""
    instance = dense_instance(random, slots=5, most=3)
    choices = [np.flatnonzero(instance.slot == s).tolist() for s in range(5)]
    best = min(
        int(instance.cost[list(team)].sum())
        + sum(
            int(instance.handovers.costs_between(np.array([a]), np.array([b]))[0, 0])
            for a, b in combinations(team, 2)
        )
        for team in product(*choices)
    )
    planner = Planner(instance, (0,) * 5, 5, Clock(60))

    found = planner.best((31,), 5, Query(bound=best + 1), Clock(60))

    assert found.cost == best
    assert not planner.best((31,), 5, Query(bound=best), Clock(60)).is_found
