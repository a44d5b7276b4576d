"""Who has worked with whom, how strongly, and what that is worth at a hand-over."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.matching import Index, index_of
from graph.model import Landscape, Tie
from graph.settings import Settings

if TYPE_CHECKING:
    import networkx as nx

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
        self._lay_out()

    def _lay_out(self) -> None:
        """Lay ties and memberships out by organisation, so that few are looked at at a time."""
        count = len(self._clusters)
        near = [self._neighbours.get(i, {}) for i in range(count)]
        self._tie_starts = np.cumsum([0, *(len(n) for n in near)])
        self._partners = np.array([j for n in near for j in n], dtype=np.int64)
        effective = np.array([value for n in near for value in n.values()], dtype=np.float64)
        self._tie_worths = self._weights.project_bonus_km * (1 - 0.5**effective)
        self._cluster_starts = np.cumsum([0, *(len(c) for c in self._clusters)])
        self._joined = np.array([c for own in self._clusters for c in own], dtype=np.int64)
        most = self._weights.cluster_bonus_km * np.diff(self._cluster_starts).astype(np.float64)
        tied = np.flatnonzero(np.diff(self._tie_starts))
        if len(tied):
            most[tied] += np.maximum.reduceat(self._tie_worths, self._tie_starts[tied])
        self._most_km = np.minimum(np.ceil(most), np.rint(self._kappa)).astype(np.int64)

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
        """Return the bonus of each pair, shape (rows, columns), of distinct organisations."""
        bonus = np.zeros((len(rows), len(columns)), dtype=np.int64)
        first, second, km = self.bonus_pairs(rows, columns)
        bonus[first, second] = km
        return bonus

    def bonus_pairs(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return position in rows, position in columns and bonus of each pair that has one."""
        first, second, worth = self.worth_pairs(rows, columns)
        # Multiples of a weight are added in any order; rounding away the last bits of that
        # keeps the whole number from depending on it.
        bonus = np.rint(np.minimum(worth.round(9), self._kappa)).astype(np.int64)
        return first, second, bonus

    def most_km(self, organisations: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each organisation what its bonus with any other does not exceed."""
        most: NDArray[np.int64] = self._most_km[organisations]
        return most

    def worth_pairs(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return what shared history is worth before kappa limits it, of pairs that have some.

        Args:
            rows: Organisation numbers, each once.
            columns: Organisation numbers, each once; at least one.
        """
        order = np.argsort(columns)
        tied_rows, at = _spread(self._tie_starts, rows)
        places = np.searchsorted(columns[order], self._partners[at])
        places = np.minimum(places, len(columns) - 1)
        known = columns[order][places] == self._partners[at]
        near_rows, near_columns = self._in_one_cluster(rows, columns)
        first = np.concatenate([tied_rows[known], near_rows])
        second = np.concatenate([order[places[known]], near_columns])
        cluster = np.full(len(near_rows), float(self._weights.cluster_bonus_km))
        worth = np.concatenate([self._tie_worths[at[known]], cluster])
        keys, inverse = np.unique(first * len(columns) + second, return_inverse=True)
        total = np.bincount(inverse, weights=worth, minlength=len(keys)).astype(np.float64)
        width = max(len(columns), 1)
        return keys // width, keys % width, total

    def _in_one_cluster(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return positions of pairs that share a cluster, once for each that they share."""
        row, at_row = _spread(self._cluster_starts, rows)
        column, at_column = _spread(self._cluster_starts, columns)
        order = np.argsort(self._joined[at_column], kind="stable")
        clusters = self._joined[at_column][order]
        first = np.searchsorted(clusters, self._joined[at_row], side="left")
        last = np.searchsorted(clusters, self._joined[at_row], side="right")
        repeats, positions = _spans(first, last)
        return row[repeats], column[order[positions]]


def _spread(
    starts: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return position in ``rows`` and number of each value that belongs to one of the rows."""
    return _spans(starts[rows], starts[rows + 1])


def _spans(
    first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each number of each span the number of the span and the number itself."""
    counts = last - first
    spans = np.repeat(np.arange(len(first)), counts)
    offsets = np.arange(len(spans)) - np.repeat(np.cumsum(counts) - counts, counts)
    return spans, first[spans] + offsets


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
    import networkx as nx  # a third of a second that a suggestion does not need

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
