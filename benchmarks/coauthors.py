"""Synthetic co-authorship graphs and tasks for team formation. NOBODY HERE IS A REAL PERSON.

    python -m benchmarks.coauthors FOLDER --people 200 1000 5000 --tasks 10

It writes what ``python -m benchmarks.teams FOLDER`` reads, made as the literature makes it from a
bibliography [1]_ [2]_: a person has the skills that occur in the titles of at least two of their
papers; the length of an edge is one minus the Jaccard index of two people's papers; tasks draw
skills that 5 to 50 people have, 4 to 10 of them. Only the papers are invented: a paper has a
field, its authors are mostly those who wrote together before, and its title takes most words
from the field's, some from everybody's. The same seed and size give the same files.

References:
    .. [1] Lappas, T., Liu, K. and Terzi, E. (2009). Finding a team of experts in social networks.
       KDD '09, 467-476.
    .. [2] Kargar, M. and An, A. (2011). Discovering top-k teams of experts with/without a leader
       in social networks. CIKM '11, 985-994.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np

__all__ = ["HOLDERS", "SKILLS", "main", "synthetic_coauthors", "synthetic_tasks", "write_folder"]

SKILLS = range(4, 11)
"""How many skills a task asks for."""

HOLDERS = range(5, 51)
"""How many people have a skill that a task asks for."""

FIELD_PEOPLE = 60
"""People to a field."""

FIELD_WORDS = 25
"""Words of a field's vocabulary, drawn from everybody's; fields share words."""

TITLE_WORDS = 5


class _Bibliography:
    """Papers that are written one after the other until there are enough people."""

    def __init__(self, people: int, seed: int) -> None:
        self.random = np.random.default_rng([seed, people])
        self.words = round(8 * people**0.5)
        fields = max(2, people // FIELD_PEOPLE)
        self.vocabularies = [
            self.random.choice(self.words, min(FIELD_WORDS, self.words), replace=False)
            for _ in range(fields)
        ]
        self.papers: list[tuple[tuple[int, ...], frozenset[int]]] = []
        self.members: list[list[int]] = [[] for _ in range(fields)]
        self.partners: list[list[int]] = []
        self.field: list[int] = []

    def write_paper(self) -> None:
        """Add one paper of a lead author, old or new, and who is found for it."""
        lead = self._lead()
        authors = {lead}
        for _ in range(1 + int(self.random.poisson(1.4))):
            authors.add(self._partner_of(lead))
        team = tuple(sorted(authors))
        for author in team:
            self.partners[author].extend(other for other in team if other != author)
        self.papers.append((team, self._title(self.field[lead])))

    def _lead(self) -> int:
        if not self.field or self.random.random() < 0.08:
            return self._newcomer(int(self.random.integers(len(self.members))))
        if self.random.random() < 0.5:
            return int(self.random.integers(len(self.field)))
        team, _ = self.papers[int(self.random.integers(len(self.papers)))]  # who writes, writes on
        return team[int(self.random.integers(len(team)))]

    def _partner_of(self, lead: int) -> int:
        chance, own = self.random.random(), self.field[lead]
        if chance < 0.62 and self.partners[lead]:
            return self.partners[lead][int(self.random.integers(len(self.partners[lead])))]
        if chance < 0.78:
            return self.members[own][int(self.random.integers(len(self.members[own])))]
        if chance < 0.82:
            return int(self.random.integers(len(self.field)))
        return self._newcomer(own)

    def _newcomer(self, field: int) -> int:
        person = len(self.field)
        self.field.append(field)
        self.members[field].append(person)
        self.partners.append([])
        return person

    def _title(self, field: int) -> frozenset[int]:
        own = self.vocabularies[field]
        ranks = np.minimum(self.random.zipf(1.4, TITLE_WORDS) - 1, len(own) - 1)
        words = own[ranks].tolist()
        words[-1] = int(self.random.integers(self.words))
        return frozenset(words)


def synthetic_coauthors(people: int, seed: int) -> "nx.Graph[str]":
    """Make the largest connected component of a co-authorship graph of at least so many people."""
    bibliography = _Bibliography(people, seed)
    while True:
        for _ in range(max(1, people // 50)):
            bibliography.write_paper()
        if len(bibliography.field) >= people:
            network = _component(bibliography)
            if len(network) >= people:
                return network


def _component(bibliography: _Bibliography) -> "nx.Graph[str]":
    papers: dict[int, set[int]] = {}
    counts: dict[int, Counter[int]] = {}
    for number, (team, title) in enumerate(bibliography.papers):
        for author in team:
            papers.setdefault(author, set()).add(number)
            counts.setdefault(author, Counter()).update(title)
    network: nx.Graph[str] = nx.Graph()
    for author, words in counts.items():
        skills = sorted(f"synthetic-{w:04d}" for w, times in words.items() if times >= 2)
        network.add_node(_name(author), skills=";".join(skills))
    for team, _ in bibliography.papers:
        for one, two in combinations(team, 2):
            jaccard = len(papers[one] & papers[two]) / len(papers[one] | papers[two])
            network.add_edge(_name(one), _name(two), weight=round(1 - jaccard, 4))
    largest = max(nx.connected_components(network), key=len, default=set())
    return nx.Graph(network.subgraph(sorted(largest)))


def _name(author: int) -> str:
    return f"synthetic-person-{author:05d}"


def synthetic_tasks(
    network: "nx.Graph[str]", skills: int, count: int, seed: int
) -> list[tuple[str, ...]]:
    """Draw tasks of so many skills, each of which ``HOLDERS`` people have."""
    held: Counter[str] = Counter()
    for node in network:
        held.update(skill for skill in network.nodes[node]["skills"].split(";") if skill)
    usable = sorted(skill for skill, people in held.items() if people in HOLDERS)
    random = np.random.default_rng([seed, skills])
    return [tuple(random.choice(usable, skills, replace=False).tolist()) for _ in range(count)]


def write_folder(
    folder: Path, people: Sequence[int], tasks: int, seed: int, skills: Sequence[int] = SKILLS
) -> None:
    """Write a graph of each size, and for each number of skills so many tasks."""
    folder.mkdir(parents=True, exist_ok=True)
    for size in people:
        network = synthetic_coauthors(size, seed)
        name = folder / f"synthetic-{size}-{seed}"
        nx.write_gml(network, name.with_suffix(".gml"))
        lines = [
            ";".join(task) for k in skills for task in synthetic_tasks(network, k, tasks, seed)
        ]
        name.with_suffix(".tasks").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> None:
    """Write a folder."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, nargs="+", default=[200, 1_000, 5_000])
    parser.add_argument("--tasks", type=int, default=10, help="for each number of skills")
    parser.add_argument("--skills", type=int, nargs="+", default=SKILLS)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    write_folder(given.folder, given.people, given.tasks, given.seed, given.skills)


if __name__ == "__main__":
    main()
