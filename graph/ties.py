"""Ties and memberships laid out by organisation, so that few are looked at at a time."""

from collections.abc import Sequence
from operator import lt

import numpy as np
from numpy.typing import NDArray

from graph.matching import Index
from graph.matching.index import Column
from graph.model import Tie

__all__ = ["Ties", "found"]

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Ties:
    """Who is tied to whom in an index, whatever that is worth.

    Attributes:
        count: Number of organisations.
        years: Year of each tie, NaN where not known.
        pair: Number of the pair of each tie.
        pairs: Number of pairs.
        tied: Organisation times ``count`` plus partner, for both ends of each pair, ascending.
        partners: The partner in each of these.
        starts: Where the partners of each organisation begin, and their number at the end.
        pair_of_partner: Number of the pair of each partner.
        memberships: Organisation times ``cluster_count`` plus cluster, ascending.
        clusters: The cluster in each of these.
        cluster_starts: Where the clusters of each organisation begin, and their number at the end.
        cluster_count: Number of clusters, at least one.
    """

    def __init__(self, index: Index) -> None:
        """Lay out what an index has; :meth:`of` keeps it."""
        self.count = len(index.organisations)
        every = _in_order(index.landscape.ties)
        ends = _ends(every, index)
        is_cluster = np.fromiter((t.kind == "cluster" for t in every), bool, len(every))
        self._lay_out_ties(every, ends, is_cluster)
        joins = (ends[0] >= 0) & is_cluster
        self._lay_out_clusters(index, every, ends[:, joins], np.flatnonzero(joins))

    @classmethod
    def of(cls, index: Index) -> "Ties":
        """Return the ties of an index, laid out at the first call."""
        return index.keep("ties", lambda: cls(index))

    def _lay_out_ties(self, every: Sequence[Tie], ends: Numbers, is_cluster: Flags) -> None:
        """Keep each context once for each pair, in order of the pairs."""
        rows = np.flatnonzero((ends[0] >= 0) & ~is_cluster)
        keys = ends[0, rows] * self.count + ends[1, rows]
        order = np.argsort(keys, kind="stable")  # in a pair they stay in order of context
        keys, rows = keys[order], rows[order]
        is_first = np.ones(len(rows), dtype=bool)
        for at in np.flatnonzero(keys[1:] == keys[:-1]).tolist():
            is_first[at + 1] = every[rows[at]].context != every[rows[at + 1]].context
        keys, rows = keys[is_first], rows[is_first]
        self._ties = [every[row] for row in rows.tolist()]
        years = [np.nan if tie.year is None else tie.year for tie in self._ties]
        self.years = np.array(years, dtype=np.float64)
        self._pairs, self._firsts, self.pair = np.unique(
            keys, return_index=True, return_inverse=True
        )
        self.pairs = len(self._pairs)
        i, j = np.divmod(self._pairs, max(self.count, 1))
        both = np.concatenate([self._pairs, j * self.count + i])
        order = np.argsort(both)
        self.tied = both[order]
        self.partners = self.tied % max(self.count, 1)
        self.starts = np.searchsorted(self.tied, np.arange(self.count + 1) * self.count)
        self.pair_of_partner = order % max(self.pairs, 1)

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
        members = np.repeat(np.arange(self.count), [len(own) for own in joined])
        own = np.concatenate([*joined, np.array([], dtype=np.int64)])
        of_ties = np.array([number[c] for c in contexts], dtype=np.int64)
        width = self.cluster_count = max(len(self._names), 1)
        self.memberships = np.unique(
            np.concatenate([members * width + own, *(ends * width + of_ties)])
        )
        self.clusters = self.memberships % width
        self.cluster_starts = np.searchsorted(self.memberships, np.arange(self.count + 1) * width)

    def between(self, i: int, j: int) -> list[Tie]:
        """Return the projects and relations of two organisations."""
        key = min(i, j) * self.count + max(i, j)
        at = int(np.searchsorted(self._pairs, key))
        if at == len(self._pairs) or int(self._pairs[at]) != key:
            return []
        last = int(self._firsts[at + 1]) if at + 1 < len(self._pairs) else len(self._ties)
        return self._ties[int(self._firsts[at]) : last]

    def shared_clusters(self, i: int, j: int) -> tuple[str, ...]:
        """Return the IRIs of the clusters that both belong to, sorted."""
        one, two = (self.clusters[slice(*self.cluster_starts[n : n + 2])] for n in (i, j))
        return tuple(self._names[n] for n in np.intersect1d(one, two).tolist())


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


def found(keys: Numbers, wanted: Numbers) -> tuple[Numbers, Flags]:
    """Return where each wanted number would be among ascending keys, and whether it is there."""
    at = np.searchsorted(keys, wanted)
    if not len(keys):
        return at, np.zeros(len(wanted), dtype=bool)
    at = np.minimum(at, len(keys) - 1)
    return at, keys[at] == wanted
