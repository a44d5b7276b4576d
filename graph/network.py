"""Who has worked with whom, how strongly, and what that is worth at a hand-over."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from graph.matching import Index, index_of
from graph.model import Landscape, Tie
from graph.settings import Settings

__all__ = ["Cooperation", "brokers", "collaboration_network"]


@dataclass(slots=True)
class _Pair:
    """Ties of one pair of organisations, and how many recent projects they are worth."""

    ties: list[Tie] = field(default_factory=list)
    effective: float = 0.0


class Cooperation:
    """Documented collaboration between the organisations of an index.

    A joint project or relation counts ``0.5 ** (age / half_life)`` effective projects; the same
    context counts once for a pair. Clusters count as shared memberships, whether they come from
    ``Organisation.clusters`` or from ties of kind ``cluster``. The bonus of a pair is

        min(kappa, project_bonus * (1 - 0.5 ** effective) + cluster_bonus * shared_clusters)

    so that each further project is worth less than the one before, and a hand-over never costs
    less than its distance.
    """

    def __init__(self, index: Index, settings: Settings) -> None:
        self._index = index
        self._weights = settings.weights.cooperation
        self._kappa = settings.weights.handover.kappa_km
        self._year = settings.reference_year
        self._pairs: dict[tuple[int, int], _Pair] = {}
        self._neighbours: dict[int, dict[int, float]] = {}
        clusters = [set(o.clusters) for o in index.organisations]
        for tie in sorted(index.landscape.ties, key=lambda t: (t.context, t.first, t.second)):
            self._add(tie, clusters)
        numbers = {iri: n for n, iri in enumerate(sorted(set().union(*clusters)))}
        self._clusters = [frozenset(numbers[c] for c in own) for own in clusters]
        self._names = sorted(numbers)

    @classmethod
    def of(cls, index: Index, settings: Settings) -> "Cooperation":
        """Return the cooperation of an index, built at the first call for these weights."""
        key = (
            settings.weights.cooperation,
            settings.weights.handover.kappa_km,
            settings.reference_year,
        )
        return index.remember(("cooperation", key), lambda: cls(index, settings))

    def _add(self, tie: Tie, clusters: list[set[str]]) -> None:
        position = self._index.position
        if tie.first not in position or tie.second not in position:
            return
        i, j = sorted((position[tie.first], position[tie.second]))
        if i == j:  # two entries of one organisation
            return
        if tie.kind == "cluster":
            clusters[i].add(tie.context)
            clusters[j].add(tie.context)
            return
        pair = self._pairs.setdefault((i, j), _Pair())
        if any(known.context == tie.context for known in pair.ties):
            return
        pair.ties.append(tie)
        pair.effective += self._decay(tie.year)
        self._neighbours.setdefault(i, {})[j] = pair.effective
        self._neighbours.setdefault(j, {})[i] = pair.effective

    def _decay(self, year: int | None) -> float:
        age = self._weights.unknown_age_years if year is None else max(self._year - year, 0)
        return float(0.5 ** (age / self._weights.half_life_years))

    def ties(self, i: int, j: int) -> tuple[Tie, ...]:
        """Return projects and relations of two organisations, latest first, undated last."""
        pair = self._pairs.get((min(i, j), max(i, j)))
        if pair is None:
            return ()
        return tuple(sorted(pair.ties, key=lambda t: (-(t.year or 0), t.context)))

    def shared_clusters(self, i: int, j: int) -> tuple[str, ...]:
        """Return the IRIs of the clusters that both belong to, sorted."""
        return tuple(self._names[n] for n in sorted(self._clusters[i] & self._clusters[j]))

    def neighbours(self, i: int) -> dict[int, float]:
        """Return the organisations with a project or relation with ``i``: effective projects."""
        return self._neighbours.get(i, {})

    def bonus_km(self, i: int, j: int) -> int:
        """Return what documented collaboration takes off one hand-over, kilometre equivalents."""
        return int(self.bonuses_km(np.array([i]), np.array([j]))[0, 0])

    def bonuses_km(self, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the bonus of each pair, shape (rows, columns), of distinct organisations.

        Few pairs have one, so only these are visited.
        """
        weights = self._weights
        bonus = np.zeros((len(rows), len(columns)))
        by_row, by_column = self._by_cluster(rows), self._by_cluster(columns)
        for cluster in by_row.keys() & by_column.keys():
            bonus[np.ix_(by_row[cluster], by_column[cluster])] += weights.cluster_bonus_km
        at = {j: column for column, j in enumerate(columns.tolist())}
        for row, i in enumerate(rows.tolist()):
            for j, effective in self.neighbours(i).items():
                if (column := at.get(j)) is not None:
                    bonus[row, column] += weights.project_bonus_km * (1 - 0.5**effective)
        # Multiples of a weight are added in any order; rounding away the last bits of that
        # keeps the whole number below from depending on it.
        return np.rint(np.minimum(bonus.round(9), self._kappa)).astype(np.int64)

    def _by_cluster(self, organisations: NDArray[np.int64]) -> dict[int, list[int]]:
        """Return the positions of the organisations of each cluster."""
        positions: dict[int, list[int]] = {}
        for position, number in enumerate(organisations.tolist()):
            for cluster in self._clusters[number]:
                positions.setdefault(cluster, []).append(position)
        return positions


def collaboration_network(landscape: Landscape, settings: Settings) -> "nx.Graph[str]":
    """Return the collaboration network of a landscape.

    Nodes are the IRIs that stand for organisations (attributes ``label``, ``kind``), edges the
    pairs with a joint project or relation (attributes ``ties``: count, ``strength``: effective
    projects, ``bonus_km``, ``latest``: year or ``None``, ``length``: ``1 / strength``, for
    shortest paths). Shared clusters enter the bonus of such pairs; alone they make no edge,
    for a cluster of a hundred members would make five thousand that say nothing.
    """
    index = index_of(landscape)
    cooperation = Cooperation(index, settings)
    network: nx.Graph[str] = nx.Graph()
    for organisation in index.organisations:
        network.add_node(organisation.iri, label=organisation.name, kind=organisation.kind)
    for i, organisation in enumerate(index.organisations):
        for j, strength in sorted(cooperation.neighbours(i).items()):
            if i < j:
                ties = cooperation.ties(i, j)
                network.add_edge(
                    organisation.iri,
                    index.organisations[j].iri,
                    ties=len(ties),
                    strength=strength,
                    bonus_km=cooperation.bonus_km(i, j),
                    latest=ties[0].year,
                    length=1 / strength,
                )
    return network


def brokers(first: int, second: int, cooperation: Cooperation, most: int = 3) -> tuple[int, ...]:
    """Return organisations that have worked with both, strongest weaker tie first.

    A chain of acquaintance is as strong as its weaker link; equal ones are ordered by number.
    """
    one, two = cooperation.neighbours(first), cooperation.neighbours(second)
    strength = {k: min(one[k], two[k]) for k in _common(one, two)}
    return tuple(sorted(strength, key=lambda k: (-strength[k], k))[:most])


def _common(one: Iterable[int], two: Iterable[int]) -> set[int]:
    return set(one) & set(two)
