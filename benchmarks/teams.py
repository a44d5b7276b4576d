"""Team formation as in the literature: the exact least sum of distances beside the 2-approximation.

    python -m benchmarks.teams FOLDER
    python -m benchmarks.teams --synthetic 200 1000 5000 --tasks 20

FOLDER holds co-authorship graphs ``NAME.gml`` and their tasks ``NAME.tasks``. A node of a graph
has an attribute ``skills`` (a list, or text separated by ``;``), an edge may have a ``weight``,
which is its length (1 otherwise), counted in parts of ``1 / SCALE``. A line of the tasks is one
task: skills separated by ``;``. With ``--synthetic`` the folder is made of invented people
(``benchmarks/coauthors.py``).

A team gives each skill to one holder; it costs the sum, over all pairs of skills, of the distance
between their holders [1]_. The exact answer is the engine's, with every pair of skills handing
over; the rule beside it takes the holder of some skill with the least sum of distances to the
nearest holders of the others, which is at most twice the optimum. The search begins with it.

Columns, for each graph and number of skills:

``proven``      share of the tasks whose answer is proven to be the closest team
``gap``         largest share of the cost that lies above the proven bound, where it is not
``p50``, ``p95``  milliseconds of processor time to that answer; ``rule`` p50 of the rule alone
``time x``      the one as a multiple of the other, p50
``cost x``      cost of the rule as a multiple of the optimum, mean and largest
``optimal``     share of the tasks in which the rule is optimal

Distances are computed once for each graph, before; both need them. ``--solver`` puts the same
tasks to toulbar2 (``uv pip install --group bench``) and exits 1 when it proves another optimum.
``--without-ascent`` shows what the bounds of decision 25 are worth.

References:
    .. [1] Kargar, M. and An, A. (2011). Discovering top-k teams of experts with/without a leader
       in social networks. CIKM '11, 985-994.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from benchmarks.coauthors import SKILLS, write_folder
from benchmarks.consortium_solvers import timed
from benchmarks.lengths import FAR, SCALE, lengths_between
from benchmarks.toulbar import solve_with_toulbar2
from graph.consortium.control import Clock, Pruning
from graph.consortium.handover_costs import MatrixHandovers
from graph.consortium.instance import Instance
from graph.consortium.plan import Planner, Query

__all__ = ["Experts", "Team", "approximate_team", "exact_team", "main", "read_tasks", "skills_of"]


@dataclass(frozen=True, slots=True)
class Team:
    """Who has which skill in a team.

    Attributes:
        holders: Holder of each skill, in the order of the task.
        distance: Sum of distances over all pairs of skills.
        lower_bound: No team is closer than that.
    """

    holders: tuple[str, ...]
    distance: float
    lower_bound: float

    @property
    def is_proven(self) -> bool:
        """No team is closer."""
        return self.lower_bound == self.distance

    @property
    def gap(self) -> float:
        """Share of the distance that lies above the proven bound."""
        return 1 - self.lower_bound / self.distance if self.distance else 0.0


@dataclass(frozen=True, slots=True)
class Experts:
    """Those who have a skill that is asked for.

    Attributes:
        people: Their names, sorted.
        able: Numbers of those who have each skill, ascending.
        lengths: Shortest path between each two, in parts of ``1 / SCALE``.
    """

    people: tuple[str, ...]
    able: dict[str, NDArray[np.int64]]
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, network: "nx.Graph[str]", tasks: Iterable[Sequence[str]]) -> "Experts":
        """Return the experts of some tasks.

        Raises:
            KeyError: Nobody has one of the skills.
        """
        holders = skills_of(network)
        skills = sorted({skill for task in tasks for skill in task})
        people = sorted({person for skill in skills for person in holders[skill]})
        number = {person: i for i, person in enumerate(people)}
        able = {skill: np.array([number[p] for p in holders[skill]]) for skill in skills}
        return cls(tuple(people), able, lengths_between(network, people))


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


def _instance(experts: Experts, task: Sequence[str]) -> Instance:
    """Return the task as a problem in which a person is a member once for each skill.

    One search then finds the best team of any number of people: whoever has several skills
    hands over to themselves, at no distance.
    """
    able = [experts.able[skill] for skill in task]
    slot = np.repeat(np.arange(len(task)), [len(own) for own in able])
    person = np.concatenate(able)
    pairs = tuple(combinations(range(len(task)), 2))
    return Instance(
        slots=len(task),
        organisations=len(slot),
        slot=slot,
        organisation=np.arange(len(slot)),
        cost=np.zeros(len(slot), dtype=np.int64),
        masks=np.int64(1) << slot,
        handovers=MatrixHandovers(pairs, experts.lengths[np.ix_(person, person)].astype(np.int64)),
    )


def exact_team(
    experts: Experts, task: Sequence[str], budget_s: float, pruning: Pruning | None = None
) -> Team:
    """Return the team with the least sum of distances, any number of people.

    When the budget does not suffice, it is the best team found, with the bound that is proven.

    Raises:
        KeyError: Nobody has one of the skills.
    """
    clock = Clock(budget_s)
    first = approximate_team(experts, task)
    instance = _instance(experts, task)
    planner = Planner(instance, (0,) * len(task), len(task), clock, pruning)
    bound = round(first.distance * SCALE) + 1
    found = planner.best(((1 << len(task)) - 1,), len(task), Query(bound=bound), clock)
    least = max(first.lower_bound, min(found.lower_bound, bound - 1) / SCALE)
    if not found.is_found:
        return Team(first.holders, first.distance, least)
    person = np.concatenate([experts.able[skill] for skill in task])
    holders = tuple(experts.people[person[entry]] for entry in found.entries)
    return Team(holders, found.cost / SCALE, least)


def approximate_team(experts: Experts, task: Sequence[str]) -> Team:
    """Return the team around the holder with the nearest holders of the other skills.

    No holder of any team can be nearer to the others, and a team counts each distance at both
    ends: half of that least sum, once for each skill, is the bound.

    Raises:
        KeyError: Nobody has one of the skills.
    """
    able = [experts.able[skill] for skill in task]
    best, team = len(task) * FAR * SCALE + 1, (0,) * len(task)
    for own in able:
        around = experts.lengths[own]
        sums = sum(around[:, other].min(axis=1).astype(np.int64) for other in able)
        least = int(np.min(sums))
        if least < best:
            best, centre = least, int(own[int(np.argmin(sums))])
            team = tuple(int(other[int(experts.lengths[centre, other].argmin())]) for other in able)
    total = sum(int(experts.lengths[a, b]) for a, b in combinations(team, 2))
    holders = tuple(experts.people[n] for n in team)
    return Team(holders, total / SCALE, len(task) * best / 2 / SCALE)


@dataclass(frozen=True, slots=True)
class Row:
    """One task answered; milliseconds of processor time."""

    exact: Team
    rule: Team
    exact_ms: float
    rule_ms: float
    is_same: bool | None

    @property
    def cost_ratio(self) -> float:
        """Cost of the rule as a multiple of the exact team's."""
        return self.rule.distance / self.exact.distance if self.exact.distance else 1.0


def answer(
    experts: Experts, task: Sequence[str], budget_s: float, pruning: Pruning, *, with_solver: bool
) -> Row:
    """Answer a task by the engine, by the rule and, if asked, by toulbar2."""
    exact_ms, exact = timed(lambda: exact_team(experts, task, budget_s, pruning), 0.02)
    rule_ms, rule = timed(lambda: approximate_team(experts, task), 0.02)
    is_same = None
    if with_solver:
        instance = _instance(experts, task)
        theirs = solve_with_toulbar2(instance, (1 << len(task)) - 1, None)
        is_same = theirs is None or not exact.is_proven or theirs / SCALE == exact.distance
    return Row(exact, rule, exact_ms, rule_ms, is_same)


HEADS = ("skills", "tasks", "proven", "gap", "p50", "p95", "rule", "time x", "cost x", "largest",
         "optimal")  # fmt: skip


def report(skills: int, rows: list[Row]) -> str:
    """Return one line of the table."""
    exact_ms = np.array([row.exact_ms for row in rows])
    rule_ms = np.array([row.rule_ms for row in rows])
    ratios = np.array([row.cost_ratio for row in rows])
    cells = [
        f"{skills:8} {len(rows):8}",
        f"{np.mean([row.exact.is_proven for row in rows]):8.1%}",
        f"{max(row.exact.gap for row in rows):8.1%}",
        f"{np.median(exact_ms):8.1f} {np.percentile(exact_ms, 95):8.1f}",
        f"{np.median(rule_ms):8.2f} {np.median(exact_ms) / np.median(rule_ms):8.1f}",
        f"{ratios.mean():8.3f} {ratios.max():8.3f} {(ratios == 1).mean():8.1%}",
    ]
    if rows[0].is_same is not None:
        cells.append(f"{'same' if all(row.is_same for row in rows) else 'DIFFERENT':>9}")
    return " ".join(cells)


def each(task: Sequence[str], row: Row) -> str:
    """Return what was found for one task."""
    return (
        f"    {row.exact.distance:.4f} (bound {row.exact.lower_bound:.4f}), "
        f"rule {row.rule.distance:.4f}: "
        + ", ".join(f"{s}={p}" for s, p in zip(task, row.exact.holders, strict=True))
    )


def measure(
    folder: Path, budget_s: float, pruning: Pruning, *, with_solver: bool, with_each: bool
) -> bool:
    """Answer every task of every graph of a folder; tells whether the solver agreed."""
    is_same = True
    for path in sorted(folder.glob("*.gml")):
        network: nx.Graph[str] = nx.read_gml(path)
        tasks = read_tasks(path.with_suffix(".tasks"))
        started = perf_counter()
        experts = Experts.of(network, tasks)
        print(
            f"{path.stem}: {len(network)} people, {network.number_of_edges()} edges, "
            f"{len(experts.people)} experts, distances in {perf_counter() - started:.1f} s"
        )
        print(" ".join(f"{head:>8}" for head in HEADS) + ("  toulbar2" if with_solver else ""))
        for skills in sorted({len(task) for task in tasks}):
            asked = [task for task in tasks if len(task) == skills]
            rows = [
                answer(experts, task, budget_s, pruning, with_solver=with_solver) for task in asked
            ]
            is_same &= all(row.is_same is not False for row in rows)
            print(report(skills, rows), flush=True)
            if with_each:
                print("\n".join(map(each, asked, rows)))
    return is_same


def main(arguments: list[str] | None = None) -> int:
    """Answer every task of every graph of a folder and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--synthetic", type=int, nargs="+", metavar="PEOPLE", default=[])
    parser.add_argument("--tasks", type=int, default=10, help="synthetic, of each size")
    parser.add_argument("--skills", type=int, nargs="+", default=SKILLS, help="synthetic")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--budget", type=float, default=10.0, help="seconds for each task")
    parser.add_argument("--each", action="store_true", help="print every team, too")
    parser.add_argument("--solver", action="store_true", help="put the tasks to toulbar2, too")
    parser.add_argument("--without-ascent", action="store_true", help="with weaker bounds")
    given = parser.parse_args(arguments)
    if (given.folder is None) == (not given.synthetic):
        parser.error("either a folder or --synthetic")
    with TemporaryDirectory() as made:
        folder = given.folder or Path(made)
        if given.synthetic:
            write_folder(folder, given.synthetic, given.tasks, given.seed, given.skills)
        pruning = Pruning(ascent=not given.without_ascent)
        is_same = measure(
            folder, given.budget, pruning, with_solver=given.solver, with_each=given.each
        )
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
