"""Who has worked with whom, how strongly, and what that is worth at a hand-over."""

from collections.abc import Iterable, Sequence
from operator import lt
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.matching import Index, index_of
from graph.matching.index import Column
from graph.model import Landscape, Tie
from graph.settings import Settings

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Cooperation", "brokers", "collaboration_network"]

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


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
        """Lay ties and memberships out by organisation, so that few are looked at at a time."""
        self._weights = settings.weights.cooperation
        self._kappa = settings.weights.handover.kappa_km
        self._year = settings.reference_year
        self._count = len(index.organisations)
        every = _in_order(index.landscape.ties)
        ends = _ends(every, index)
        is_cluster = np.fromiter((t.kind == "cluster" for t in every), bool, len(every))
        self._lay_out_ties(every, ends, is_cluster)
        joins = (ends[0] >= 0) & is_cluster
        self._lay_out_clusters(index, every, ends[:, joins], np.flatnonzero(joins))
        self._most_km = self._most()

    def _lay_out_ties(self, every: Sequence[Tie], ends: Numbers, is_cluster: Flags) -> None:
        """Keep each context once for each pair, and what all of a pair are worth."""
        rows = np.flatnonzero((ends[0] >= 0) & ~is_cluster)
        keys = ends[0, rows] * self._count + ends[1, rows]
        order = np.argsort(keys, kind="stable")  # in a pair they stay in order of context
        keys, rows = keys[order], rows[order]
        is_first = np.ones(len(rows), dtype=bool)
        for at in np.flatnonzero(keys[1:] == keys[:-1]).tolist():
            is_first[at + 1] = every[rows[at]].context != every[rows[at + 1]].context
        keys, rows = keys[is_first], rows[is_first]
        self._ties = [every[row] for row in rows.tolist()]
        self._pairs, self._firsts, pair = np.unique(keys, return_index=True, return_inverse=True)
        effective = np.bincount(pair, weights=self._decays(), minlength=len(self._pairs))
        i, j = np.divmod(self._pairs, max(self._count, 1))
        both = np.concatenate([self._pairs, j * self._count + i])
        order = np.argsort(both)
        self._tied = both[order]  # organisation times their number plus partner, ascending
        self._partners = self._tied % max(self._count, 1)
        self._tie_starts = np.searchsorted(self._tied, np.arange(self._count + 1) * self._count)
        self._effective = np.concatenate([effective, effective])[order]
        self._tie_worths = self._weights.project_bonus_km * (1 - 0.5**self._effective)

    def _decays(self) -> NDArray[np.float64]:
        """Return how many recent projects each tie is worth."""
        unknown = self._weights.unknown_age_years
        ages = [unknown if t.year is None else max(self._year - t.year, 0) for t in self._ties]
        decays: NDArray[np.float64] = 0.5 ** (np.array(ages) / self._weights.half_life_years)
        return decays

    def _lay_out_clusters(
        self, index: Index, every: Sequence[Tie], ends: Numbers, rows: Numbers
    ) -> None:
        """Note who belongs to which cluster, whichever way that is known.

        Args:
            index: The index.
            every: All ties.
            ends: Organisations of the ties that stand for a cluster, shape (2, those).
            rows: Number of each of these ties.
        """
        stated: Column[frozenset[str]] = Column.of(o.clusters for o in index.organisations)
        contexts = [every[row].context for row in rows.tolist()]
        self._names = sorted(set().union(*stated.values, contexts))
        number = {iri: n for n, iri in enumerate(self._names)}
        sets = [np.array([number[c] for c in own], dtype=np.int64) for own in stated.values]
        joined = [sets[n] for n in stated.rows.tolist()]
        members = np.repeat(np.arange(self._count), [len(own) for own in joined])
        own = np.concatenate([*joined, np.array([], dtype=np.int64)])
        of_ties = np.array([number[c] for c in contexts], dtype=np.int64)
        width = max(len(self._names), 1)
        self._memberships = np.unique(
            np.concatenate([members * width + own, *(ends * width + of_ties)])
        )  # organisation times the number of clusters plus cluster, ascending
        self._joined = self._memberships % width
        self._cluster_starts = np.searchsorted(
            self._memberships, np.arange(self._count + 1) * width
        )

    def _most(self) -> Numbers:
        """Return for each organisation what its bonus with any other does not exceed."""
        most = self._weights.cluster_bonus_km * np.diff(self._cluster_starts).astype(np.float64)
        tied = np.flatnonzero(np.diff(self._tie_starts))
        if len(tied):
            most[tied] += np.maximum.reduceat(self._tie_worths, self._tie_starts[tied])
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
        key = min(i, j) * self._count + max(i, j)
        at = int(np.searchsorted(self._pairs, key))
        if at == len(self._pairs) or int(self._pairs[at]) != key:
            return ()
        last = int(self._firsts[at + 1]) if at + 1 < len(self._pairs) else len(self._ties)
        own = self._ties[int(self._firsts[at]) : last]
        return tuple(sorted(own, key=lambda t: (-(t.year or 0), t.context)))

    def shared_clusters(self, i: int, j: int) -> tuple[str, ...]:
        """Return the IRIs of the clusters that both belong to, sorted."""
        one, two = (self._joined[slice(*self._cluster_starts[n : n + 2])] for n in (i, j))
        return tuple(self._names[n] for n in np.intersect1d(one, two).tolist())

    def neighbours(self, i: int) -> dict[int, float]:
        """Return the organisations with a project or relation with ``i``: effective projects."""
        own = slice(*self._tie_starts[i : i + 2])
        partners, effective = self._partners[own].tolist(), self._effective[own].tolist()
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
        at, is_tied = _found(self._tied, one * self._count + two)
        worth[is_tied] = self._tie_worths[at[is_tied]]
        pair, own = _spread(self._cluster_starts, one)
        width = max(len(self._names), 1)
        _, is_shared = _found(self._memberships, two[pair] * width + self._joined[own])
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


def _in_order(ties: Sequence[Tie]) -> Sequence[Tie]:
    """Return ties in the order of their contexts, equal ones in that of their ends."""
    contexts = [tie.context for tie in ties]
    if all(map(lt, contexts, contexts[1:])):
        return ties
    return sorted(ties, key=lambda t: (t.context, t.first, t.second))


def _ends(ties: Sequence[Tie], index: Index) -> Numbers:
    """Return the organisations of each tie, the smaller number first, shape (2, ties).

    Both are ``-1`` where one is not known, or both are entries of one organisation.
    """
    get = index.position.get
    first = np.fromiter((get(t.first, -1) for t in ties), np.int64, len(ties))
    second = np.fromiter((get(t.second, -1) for t in ties), np.int64, len(ties))
    ends = np.stack([np.minimum(first, second), np.maximum(first, second)])
    ends[:, (ends[0] < 0) | (first == second)] = -1
    return ends


def _found(keys: Numbers, wanted: Numbers) -> tuple[Numbers, Flags]:
    """Return where each wanted number would be among ascending keys, and whether it is there."""
    at = np.searchsorted(keys, wanted)
    if not len(keys):
        return at, np.zeros(len(wanted), dtype=bool)
    at = np.minimum(at, len(keys) - 1)
    return at, keys[at] == wanted


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
