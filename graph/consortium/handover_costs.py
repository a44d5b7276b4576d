"""What it costs to hand over from one entry to another."""

import numpy as np
from numpy.typing import NDArray

from graph.consortium.blocks import parts_of
from graph.consortium.control import Clock
from graph.matching.geography import chords_km, great_circle_km, pairwise_km
from graph.matching.points import Points
from graph.network import Cooperation
from graph.settings import HandoverWeights

__all__ = ["Handovers", "MatrixHandovers"]


class Handovers:
    """Cost of handing over between entries, computed for as many as asked for.

    Attributes:
        edges: Pairs of slots that hand over.
    """

    def __init__(
        self,
        edges: tuple[tuple[int, int], ...],
        sites: NDArray[np.int64],
        points: Points,
        cooperation: Cooperation,
        numbers: NDArray[np.int64],
        weights: HandoverWeights,
        has_doubles: bool = False,
    ) -> None:
        """Bind to the entries.

        Args:
            edges: Pairs of slots.
            sites: Number of the place of each entry.
            points: All places.
            cooperation: Bonuses between organisation numbers.
            numbers: Number in the index of each compact organisation.
            weights: What distance and working together cost.
            has_doubles: Some organisation has several entries of one slot.
        """
        self.edges = edges
        self._sites = sites
        self._points = points
        self._latitude, self._longitude = points.latitude, points.longitude
        self._cooperation = cooperation
        self._numbers = numbers
        self._weights = weights
        self.has_doubles = has_doubles
        self._has_unknown = bool(np.isnan(self._latitude[sites]).any())

    def distances_km(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the great-circle distance of entries, shape (rows, columns); NaN if unknown."""
        one, first = np.unique(self._sites[rows], return_inverse=True)
        two, second = np.unique(self._sites[columns], return_inverse=True)
        latitude, longitude = self._latitude, self._longitude
        km = pairwise_km(latitude[one], longitude[one], latitude[two], longitude[two])
        spread: NDArray[np.float64] = km[first[:, None], second]
        return spread

    def distance_costs(
        self, rows: NDArray[np.int64], columns: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return what the distance of entries costs, shape (rows, columns)."""
        return self._site_costs(self._sites[rows], self._sites[columns])

    def _site_costs(self, one: NDArray[np.int64], two: NDArray[np.int64]) -> NDArray[np.int64]:
        latitude, longitude = self._latitude, self._longitude
        km = pairwise_km(latitude[one], longitude[one], latitude[two], longitude[two])
        km[np.isnan(km)] = self._weights.unknown_distance_km
        return np.rint(km * self._weights.distance_weight).astype(np.int64)

    def nearest_costs(
        self,
        entries: NDArray[np.int64],
        anchors: NDArray[np.int64],
        clock: Clock | None = None,
    ) -> NDArray[np.float64]:
        """Return for each entry the least distance cost to any anchor, not rounded.

        No chain of hand-overs from the entry to an anchor costs less in distance, by the
        triangle inequality; one that passes an unknown place costs the penalty at least.

        Raises:
            OutOfTimeError: The clock says so.
        """
        places, inverse = np.unique(self._sites[entries], return_inverse=True)
        ends = np.unique(self._sites[anchors])
        nearest = np.full(len(places), np.inf)
        for chunk in parts_of(len(ends), len(places), clock):
            part = ends[chunk]
            km = pairwise_km(
                self._latitude[places],
                self._longitude[places],
                self._latitude[part],
                self._longitude[part],
            )
            nearest = np.fmin(nearest, km.min(axis=1, initial=np.inf, where=~np.isnan(km)))
        nearest = np.where(np.isnan(self._latitude[places]), 0.0, nearest)
        nearest = np.minimum(nearest, self._weights.unknown_distance_km)
        costs: NDArray[np.float64] = nearest[inverse] * self._weights.distance_weight
        return costs

    def sites(self, entries: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the place of each entry."""
        numbers: NDArray[np.int64] = self._sites[entries]
        return numbers

    def costs_between(self, one: NDArray[np.int64], two: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the cost between places of members without shared history, (one, two)."""
        return self._site_costs(one, two) + self.kappa_km

    def special_pairs(
        self,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        row_owners: NDArray[np.int64],
        column_owners: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return position in rows, in columns and cost of pairs that places alone do not decide.

        These are organisations with shared history, and the same organisation twice.
        """
        first, second, bonus = self._tied(row_owners, column_owners)
        one, two = self._sites[rows[first]], self._sites[columns[second]]
        km = great_circle_km(
            self._latitude[one], self._longitude[one], self._latitude[two], self._longitude[two]
        )
        km[np.isnan(km)] = self._weights.unknown_distance_km
        apart = np.rint(km * self._weights.distance_weight).astype(np.int64)
        own_row, own_column = same_owner(row_owners, column_owners)
        return (
            np.concatenate([first, own_row]),
            np.concatenate([second, own_column]),
            np.concatenate([apart + self.kappa_km - bonus, np.zeros(len(own_row), dtype=np.int64)]),
        )

    def _tied(
        self, row_owners: NDArray[np.int64], column_owners: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return position in rows, in columns and bonus of pairs with shared history."""
        if not self.has_doubles:
            ends = self._numbers[row_owners], self._numbers[column_owners]
            return self._cooperation.bonus_pairs(*ends)
        one, two = np.unique(row_owners), np.unique(column_owners)
        first, second, bonus = self._cooperation.bonus_pairs(self._numbers[one], self._numbers[two])
        pair, row, column = _every_pair(one[first], two[second], row_owners, column_owners)
        return row, column, bonus[pair]

    def between(
        self,
        one: NDArray[np.int64],
        two: NDArray[np.int64],
        owners: NDArray[np.int64],
        other_owners: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Return the cost between each entry of ``one`` and the one beside it in ``two``.

        Args:
            one: Entries.
            two: Entries of other organisations, as many.
            owners: Compact organisation of each of the first.
            other_owners: Compact organisation of each of the second.
        """
        km = chords_km(self.directions(one), self.directions(two))
        km[np.isnan(km)] = self._weights.unknown_distance_km
        apart = np.rint(km * self._weights.distance_weight).astype(np.int64)
        bonus = self._cooperation.bonus_of_each(self._numbers[owners], self._numbers[other_owners])
        cost: NDArray[np.int64] = apart + self.kappa_km - bonus
        return cost

    def least_costs(self, owners: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return for each organisation the least that handing over to any other costs."""
        most = self._cooperation.most_km(self._numbers[owners])
        least: NDArray[np.int64] = self.kappa_km - most
        return least

    def directions(self, entries: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the place of each entry as a unit vector, shape (3, entries); NaN if unknown."""
        return self._points.vectors.take(self._sites[entries], axis=1)

    def along_a_curve(self, entries: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the place of each entry along a curve; see :class:`Points`."""
        numbers: NDArray[np.int64] = self._points.curve[self._sites[entries]]
        return numbers

    def radii_km(self, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return how far apart two places can be if what lies between costs no more."""
        weight = self._weights.distance_weight
        if not weight:
            return np.full(len(costs), np.inf)
        if not self._has_unknown:
            return costs / weight
        is_wide = costs >= self._weights.unknown_distance_km * weight
        # Work may take a way through a place that is not known.
        return np.where(is_wide, np.inf, costs / weight)

    def least_distance_costs(self, km: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return what handing over costs at least for a distance that is at least so many km."""
        if self._has_unknown:
            km = np.minimum(km, self._weights.unknown_distance_km)
        return np.rint(km * self._weights.distance_weight).astype(np.int64)

    def has_one_site_each(self, owners: NDArray[np.int64]) -> bool:
        """Tell whether no organisation has entries at different places.

        Within an organisation nothing is charged, so one with two places is a short cut that
        the triangle inequality does not know.
        """
        site = np.zeros(int(owners.max(initial=-1)) + 1, dtype=np.int64)
        site[owners] = self._sites  # one of them, whichever
        return bool((site[owners] == self._sites).all())

    @property
    def kappa_km(self) -> int:
        """What two members having to work together costs."""
        return round(self._weights.kappa_km)

    def block(
        self,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        row_owners: NDArray[np.int64],
        column_owners: NDArray[np.int64],
        clock: Clock | None = None,
    ) -> NDArray[np.int32]:
        """Return the cost between entries of two slots that hand over.

        Args:
            rows: Entries of one slot.
            columns: Entries of the other.
            row_owners: Compact organisation of each row, ascending.
            column_owners: Compact organisation of each column, ascending.
            clock: When to stop.

        Raises:
            OutOfTimeError: The clock says so.
        """
        one, first = np.unique(self._sites[rows], return_inverse=True)
        two, second = np.unique(self._sites[columns], return_inverse=True)
        table = np.empty((len(one), len(two)), dtype=np.int32)
        for part in parts_of(len(one), len(two), clock):
            table[part] = self._site_costs(one[part], two) + self.kappa_km
        cost = np.empty((len(rows), len(columns)), dtype=np.int32)
        for part in parts_of(len(rows), len(columns), clock):
            cost[part] = table[first[part]].take(second, axis=1)
        pairs = self._tied(row_owners, column_owners)
        cost[pairs[0], pairs[1]] -= pairs[2].astype(np.int32)
        own_row, own_column = same_owner(row_owners, column_owners)
        cost[own_row, own_column] = 0
        return cost


def same_owner(
    row_owners: NDArray[np.int64], column_owners: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return position in rows and in columns of every pair of one organisation.

    Args:
        row_owners: Organisation of each row, ascending.
        column_owners: Organisation of each column, ascending.
    """
    both = np.intersect1d(row_owners, column_owners)
    _, row, column = _every_pair(both, both, row_owners, column_owners)
    return row, column


def _every_pair(
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    row_owners: NDArray[np.int64],
    column_owners: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return number of the pair, row and column for all rows and columns of pairs of owners."""
    row = np.searchsorted(row_owners, first)
    column = np.searchsorted(column_owners, second)
    width = np.searchsorted(column_owners, second, side="right") - column
    counts = (np.searchsorted(row_owners, first, side="right") - row) * width
    pair = np.repeat(np.arange(len(first)), counts)
    within = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
    return pair, row[pair] + within // width[pair], column[pair] + within % width[pair]


class MatrixHandovers(Handovers):
    """Hand-over costs that are given, for experiments and tests."""

    def __init__(self, edges: tuple[tuple[int, int], ...], costs: NDArray[np.int64]) -> None:
        """Take a symmetric matrix of costs between entries."""
        self.edges = edges
        self._costs = costs

    def nearest_costs(
        self,
        entries: NDArray[np.int64],
        anchors: NDArray[np.int64],
        clock: Clock | None = None,
    ) -> NDArray[np.float64]:
        """Return zero: given costs need not obey the triangle inequality."""
        return np.zeros(len(entries))

    def between(
        self,
        one: NDArray[np.int64],
        two: NDArray[np.int64],
        owners: NDArray[np.int64],
        other_owners: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """Return the given costs."""
        costs: NDArray[np.int64] = self._costs[one, two]
        return costs

    def sites(self, entries: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return a place of its own for each entry."""
        return entries

    def costs_between(self, one: NDArray[np.int64], two: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the given costs."""
        costs: NDArray[np.int64] = self._costs[np.ix_(one, two)]
        return costs

    def special_pairs(
        self,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        row_owners: NDArray[np.int64],
        column_owners: NDArray[np.int64],
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the pairs of the same organisation, which cost nothing."""
        row, column = same_owner(row_owners, column_owners)
        return row, column, np.zeros(len(row), dtype=np.int64)

    def directions(self, entries: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return nothing known: given costs have no places."""
        return np.full((3, len(entries)), np.nan)

    def along_a_curve(self, entries: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the same for all: given costs have no places."""
        return np.zeros(len(entries), dtype=np.int64)

    def radii_km(self, costs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return infinity: given costs need not obey the triangle inequality."""
        return np.full(len(costs), np.inf)

    def least_distance_costs(self, km: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return zero: given costs know no distances."""
        return np.zeros(len(km), dtype=np.int64)

    def least_costs(self, owners: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return zero: nothing is known of others."""
        return np.zeros(len(owners), dtype=np.int64)

    def has_one_site_each(self, owners: NDArray[np.int64]) -> bool:
        """Tell that nothing is known of places."""
        return False

    def of(self, entries: NDArray[np.int64]) -> "MatrixHandovers":
        """Return the hand-overs between some of the entries, in the order given."""
        return MatrixHandovers(self.edges, self._costs[np.ix_(entries, entries)])

    def block(
        self,
        rows: NDArray[np.int64],
        columns: NDArray[np.int64],
        row_owners: NDArray[np.int64],
        column_owners: NDArray[np.int64],
        clock: Clock | None = None,
    ) -> NDArray[np.int32]:
        """Return the given costs; within one organisation nothing is charged."""
        cost = self._costs[np.ix_(rows, columns)].astype(np.int32)
        cost[row_owners[:, None] == column_owners] = 0
        return cost
