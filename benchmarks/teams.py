"""Team formation as in the literature: the exact least sum of distances beside the 2-approximation.

    python -m benchmarks.teams FOLDER

FOLDER holds co-authorship graphs ``NAME.gml`` and their tasks ``NAME.tasks``. A node of a graph
has an attribute ``skills`` (a list, or text separated by ``;``), an edge may have a ``weight``,
which is its length (1 otherwise). A line of the tasks is one task: skills separated by ``;``.

A team gives each skill to one holder; it costs the sum, over all pairs of skills, of the distance
between their holders [1]_. The exact answer is the engine's, with every pair of skills handing
over; the rule beside it takes the holder of some skill with the least sum of distances to the
nearest holders of the others, which is at most twice the optimum.

References:
    .. [1] Kargar, M. and An, A. (2011). Discovering top-k teams of experts with/without a leader
       in social networks. CIKM '11, 985-994.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from time import perf_counter

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import Clock
from graph.consortium.handover_costs import MatrixHandovers
from graph.consortium.instance import Instance
from graph.consortium.plan import Planner, Query

__all__ = ["Team", "approximate_team", "exact_team", "main", "read_tasks", "skills_of"]

SCALE = 10_000
"""Distances are counted in so many parts of one, for the engine's costs are whole numbers."""

FAR = 10_000
"""Distance of people between whom there is no path."""


@dataclass(frozen=True, slots=True)
class Team:
    """Who has which skill in a team.

    Attributes:
        holders: Holder of each skill, in the order of the task.
        distance: Sum of distances over all pairs of skills.
        is_proven: No team is closer.
    """

    holders: tuple[str, ...]
    distance: float
    is_proven: bool


def skills_of(network: "nx.Graph[str]") -> dict[str, list[str]]:
    """Return the holders of each skill, sorted."""
    holders: dict[str, list[str]] = {}
    for node in sorted(network):
        stated = network.nodes[node].get("skills", "")
        skills = stated.split(";") if isinstance(stated, str) else stated
        for skill in sorted({s.strip() for s in skills} - {""}):
            holders.setdefault(skill, []).append(node)
    return holders


def read_tasks(path: Path) -> list[tuple[str, ...]]:
    """Return the tasks of a file; empty lines are left out."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [tuple(s.strip() for s in line.split(";")) for line in lines if line.strip()]


def distances(network: "nx.Graph[str]", people: Sequence[str]) -> NDArray[np.float64]:
    """Return the length of the shortest path between each two people, shape (people, people)."""
    number = {person: i for i, person in enumerate(people)}
    table = np.full((len(people), len(people)), float(FAR))
    for person, row in number.items():
        lengths = nx.single_source_dijkstra_path_length(network, person, weight="weight")
        for other, length in lengths.items():
            if other in number:
                table[row, number[other]] = length
    return table


def _people(task: Sequence[str], holders: dict[str, list[str]]) -> list[str]:
    return sorted({person for skill in task for person in holders[skill]})


def exact_team(
    network: "nx.Graph[str]", holders: dict[str, list[str]], task: Sequence[str], budget_s: float
) -> Team:
    """Return the team with the least sum of distances, any number of people.

    Raises:
        KeyError: Nobody has one of the skills.
    """
    people = _people(task, holders)
    number = {person: i for i, person in enumerate(people)}
    entries = [(s, number[p]) for s, skill in enumerate(task) for p in holders[skill]]
    owner = np.array([person for _, person in entries])
    lengths = np.rint(distances(network, people) * SCALE).astype(np.int64)
    masks = np.zeros(len(people), dtype=np.int64)
    for slot, person in entries:
        masks[person] |= 1 << slot
    pairs = tuple(combinations(range(len(task)), 2))
    instance = Instance(
        slots=len(task),
        organisations=len(people),
        slot=np.array([slot for slot, _ in entries]),
        organisation=owner,
        cost=np.zeros(len(entries), dtype=np.int64),
        masks=masks,
        handovers=MatrixHandovers(pairs, lengths[np.ix_(owner, owner)]),
    )
    clock = Clock(budget_s)
    planner = Planner(instance, (0,) * len(task), len(task), clock)
    target, bound = (1 << len(task)) - 1, len(pairs) * FAR * SCALE + 1
    found: tuple[int, ...] = ()
    is_proven = True
    for members in range(1, len(task) + 1):
        outcome = planner.best((target,), members, Query(bound=bound), clock)
        is_proven &= outcome.is_complete
        if outcome.is_found:
            found, bound = outcome.entries, outcome.cost
    return Team(tuple(people[owner[e]] for e in found), bound / SCALE, is_proven)


def approximate_team(
    network: "nx.Graph[str]", holders: dict[str, list[str]], task: Sequence[str]
) -> Team:
    """Return the team around the holder with the nearest holders of the other skills.

    Raises:
        KeyError: Nobody has one of the skills.
    """
    people = _people(task, holders)
    number = {person: i for i, person in enumerate(people)}
    table = distances(network, people)
    able = [np.array([number[p] for p in holders[skill]]) for skill in task]
    nearest = np.stack([table[:, own].min(axis=1) for own in able], axis=1)
    best, team = float("inf"), (0,) * len(task)
    for slot, own in enumerate(able):
        sums = np.delete(nearest[own], slot, axis=1).sum(axis=1)
        centre = int(own[int(sums.argmin())])
        if sums.min() < best:
            best = float(sums.min())
            team = tuple(
                centre if s == slot else int(a[int(table[centre, a].argmin())])
                for s, a in enumerate(able)
            )
    total = sum(float(table[a, b]) for a, b in combinations(team, 2))
    return Team(tuple(people[n] for n in team), total, is_proven=False)


def main(arguments: list[str] | None = None) -> None:
    """Answer every task of every graph of a folder and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--budget", type=float, default=10.0, help="seconds for each task")
    given = parser.parse_args(arguments)
    heads = ("skills", "people", "exact", "proven", "ms", "2-approx", "ratio")
    print(f"{'graph':20} " + " ".join(f"{head:>8}" for head in heads))
    for path in sorted(given.folder.glob("*.gml")):
        network: nx.Graph[str] = nx.read_gml(path)
        holders = skills_of(network)
        for task in read_tasks(path.with_suffix(".tasks")):
            started = perf_counter()
            exact = exact_team(network, holders, task, given.budget)
            took_ms = (perf_counter() - started) * 1000
            rule = approximate_team(network, holders, task)
            if rule.distance < exact.distance:  # what is not proven may be worse
                exact = replace(rule, is_proven=False)
            ratio = rule.distance / exact.distance if exact.distance else 1.0
            print(
                f"{path.stem:20} {len(task):8} {len(set(exact.holders)):8} {exact.distance:8.3f} "
                f"{'yes' if exact.is_proven else 'no':>8} {took_ms:8.0f} "
                f"{rule.distance:8.3f} {ratio:8.2f}"
            )


if __name__ == "__main__":
    main()
