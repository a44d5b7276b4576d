"""What was found to be near teams, kept while teams made from these are looked at."""

import numpy as np
from numpy.typing import NDArray

from graph.matching.index import spelt_out

__all__ = ["Kept"]

_LEAST = 1 << 10

Numbers = NDArray[np.int64]


class _Growing:
    """Numbers that are added to at the end, and given up from there."""

    def __init__(self) -> None:
        self._values = np.empty(_LEAST, dtype=np.int64)
        self.size = 0

    @property
    def values(self) -> Numbers:
        """All of them."""
        return self._values[: self.size]

    def add(self, more: Numbers) -> None:
        """Add some at the end."""
        needed = self.size + len(more)
        if needed > len(self._values):
            grown = np.empty(max(needed, 2 * len(self._values)), dtype=np.int64)
            grown[: self.size] = self.values
            self._values = grown
        self._values[self.size : needed] = more
        self.size = needed


class Kept:
    """Neighbourhoods, and what a team with somebody from there costs at least, by row.

    A row is what is near one team. Rows are given up in the reverse order in which they came.
    """

    def __init__(self) -> None:
        self._ends = _Growing()
        self._ends.add(np.zeros(1, dtype=np.int64))
        self._groups = _Growing()
        self._bounds = _Growing()

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._ends.size - 1

    def add(self, row: Numbers, count: int, groups: Numbers, bounds: Numbers) -> Numbers:
        """Keep some rows.

        Args:
            row: Row of each neighbourhood among those added, ascending.
            count: How many rows are added.
            groups: Neighbourhoods.
            bounds: What a team with the best of each costs at least.

        Returns:
            Number of each row that was added.
        """
        first = len(self)
        ends = np.searchsorted(row, np.arange(1, count + 1))
        self._ends.add(self._groups.size + ends)
        self._groups.add(groups)
        self._bounds.add(bounds)
        return np.arange(first, first + count)

    def counts(self, rows: Numbers) -> Numbers:
        """Return how much is near, by row."""
        ends = self._ends.values
        counts: Numbers = ends[rows + 1] - ends[rows]
        return counts

    def pairs(self, rows: Numbers, best: int) -> tuple[Numbers, Numbers]:
        """Return what is near, as position in ``rows``, ascending, and neighbourhood.

        Only what costs less than ``best``.
        """
        ends = self._ends.values
        row, at = spelt_out(ends[rows], ends[rows + 1])
        is_good = self._bounds.values[at] < best
        return row[is_good], self._groups.values[at[is_good]]

    def forget(self, rows: int) -> None:
        """Give up all but the first rows."""
        self._ends.size = rows + 1
        self._groups.size = self._bounds.size = int(self._ends.values[rows])
