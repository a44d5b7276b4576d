"""Who has worked with whom, how strongly, and what that is worth at a hand-over."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.matching import Index, index_of
from graph.matching.index import spelt_out
from graph.model import Landscape, Tie
from graph.settings import Settings
from graph.ties import Ties, found

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Cooperation", "brokers", "collaboration_network"]

Numbers = NDArray[np.int64]


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
        """Work out what the ties of an index are worth."""
        self._weights = settings.weights.cooperation
        self._kappa = settings.weights.handover.kappa_km
        self._ties = Ties.of(index)
        years = self._ties.years
        age = np.maximum(settings.reference_year - years, 0)
        age[np.isnan(years)] = self._weights.unknown_age_years
        decays = 0.5 ** (age / self._weights.half_life_years)
        pairs = self._ties.pair
        self._effective = np.bincount(pairs, decays, self._ties.pairs)[self._ties.pair_of_partner]
        self._worths = self._weights.project_bonus_km * (1 - 0.5**self._effective)
        self._most_km = self._most()

    def _most(self) -> Numbers:
        """Return for each organisation what its bonus with any other does not exceed."""
        most = self._weights.cluster_bonus_km * np.diff(self._ties.cluster_starts).astype(
            np.float64
        )
        tied = np.flatnonzero(np.diff(self._ties.starts))
        if len(tied):
            most[tied] += np.maximum.reduceat(self._worths, self._ties.starts[tied])
        return np.minimum(np.ceil(most), np.rint(self._kappa)).astype(np.int64)

    @classmethod
    def of(cls, index: Index, settings: Settings) -> "Cooperation":
        """Return the cooperation of an index, built at the first call for these weights."""
        key = (
            settings.weights.cooperation,
            settings.weights.handover.kappa_km,
            settings.reference_year,
        )
        return index.remember(("cooperation", key), lambda: cls(index, settings))

    def ties(self, i: int, j: int) -> tuple[Tie, ...]:
        """Return projects and relations of two organisations, latest first, undated last."""
        own = self._ties.between(i, j)
        return tuple(sorted(own, key=lambda t: (-(t.year or 0), t.context)))

    def shared_clusters(self, i: int, j: int) -> tuple[str, ...]:
        """Return the IRIs of the clusters that both belong to, sorted."""
        return self._ties.shared_clusters(i, j)

    def neighbours(self, i: int) -> dict[int, float]:
        """Return the organisations with a project or relation with ``i``: effective projects."""
        own = slice(*self._ties.starts[i : i + 2])
        partners, effective = self._ties.partners[own].tolist(), self._effective[own].tolist()
        return dict(zip(partners, effective, strict=True))

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
        return first, second, self._bonus(worth)

    def bonus_of_each(self, one: Numbers, two: Numbers) -> Numbers:
        """Return the bonus of each organisation of ``one`` with the one beside it in ``two``."""
        worth = np.zeros(len(one))
        at, is_tied = found(self._ties.tied, one * self._ties.count + two)
        worth[is_tied] = self._worths[at[is_tied]]
        pair, own = _spread(self._ties.cluster_starts, one)
        width = self._ties.cluster_count
        _, is_shared = found(self._ties.memberships, two[pair] * width + self._ties.clusters[own])
        shared = np.bincount(pair[is_shared], minlength=len(one))
        return self._bonus(worth + self._weights.cluster_bonus_km * shared)

    def _bonus(self, worth: NDArray[np.float64]) -> Numbers:
        # Multiples of a weight are added in any order; rounding away the last bits of that
        # keeps the whole number from depending on it.
        return np.rint(np.minimum(worth.round(9), self._kappa)).astype(np.int64)

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
        tied_rows, at = _spread(self._ties.starts, rows)
        places = np.searchsorted(columns[order], self._ties.partners[at])
        places = np.minimum(places, len(columns) - 1)
        known = columns[order][places] == self._ties.partners[at]
        near_rows, near_columns = self._in_one_cluster(rows, columns)
        first = np.concatenate([tied_rows[known], near_rows])
        second = np.concatenate([order[places[known]], near_columns])
        cluster = np.full(len(near_rows), float(self._weights.cluster_bonus_km))
        worth = np.concatenate([self._worths[at[known]], cluster])
        keys, inverse = np.unique(first * len(columns) + second, return_inverse=True)
        total = np.bincount(inverse, weights=worth, minlength=len(keys)).astype(np.float64)
        width = max(len(columns), 1)
        return keys // width, keys % width, total

    def _in_one_cluster(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return positions of pairs that share a cluster, once for each that they share."""
        row, at_row = _spread(self._ties.cluster_starts, rows)
        column, at_column = _spread(self._ties.cluster_starts, columns)
        order = np.argsort(self._ties.clusters[at_column], kind="stable")
        clusters = self._ties.clusters[at_column][order]
        first = np.searchsorted(clusters, self._ties.clusters[at_row], side="left")
        last = np.searchsorted(clusters, self._ties.clusters[at_row], side="right")
        repeats, positions = spelt_out(first, last)
        return row[repeats], column[order[positions]]


def _spread(
    starts: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return position in ``rows`` and number of each value that belongs to one of the rows."""
    return spelt_out(starts[rows], starts[rows + 1])


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
