"""Who contributes to what teams leave open, by neighbourhood."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graph.consortium.blocks import parts_of
from graph.consortium.control import Clock
from graph.matching.index import spelt_out

__all__ = ["Contributors"]

Numbers = NDArray[np.int64]


class Contributors:
    """Neighbourhoods that can help to cover a rest, found once for each rest.

    Few rests are left by very many teams, and few sets of slots are served by very many
    neighbourhoods, so that what fits is asked of the sets.

    Attributes:
        masks: Distinct sets of slots that somebody serves, as bits, ascending.
        first: First neighbourhood of each.
    """

    def __init__(self, masks: Numbers, table: NDArray[np.uint8], clock: Clock) -> None:
        """Take what neighbourhoods serve.

        Args:
            masks: Slots of each neighbourhood, as bits, ascending.
            table: Cover table.
            clock: When to stop.
        """
        self.masks, self.first = np.unique(masks, return_index=True)
        self._last = np.append(self.first[1:], len(masks))
        self._short = np.min_scalar_type(len(table) - 1)
        self._table = table
        self._clock = clock
        self._known: dict[tuple[int, int], Numbers] = {}

    def pairs(
        self, rests: Numbers, count: int, among: NDArray[np.bool_] | None = None
    ) -> tuple[Numbers, Numbers]:
        """Return who leaves no more open than ``count - 1`` others can cover.

        Args:
            rests: Slots to cover, as bits.
            count: How many are to cover them.
            among: Which neighbourhoods are looked at; all by default.

        Returns:
            Number of the rest, ascending, and number of the neighbourhood of each pair.

        Raises:
            OutOfTimeError: The clock says so.
        """
        few, at = np.unique(rests, return_inverse=True)
        ends, own = self.sets(few, count)
        number, groups = spelt_out(self.first[own], self._last[own])
        ends = np.searchsorted(number, ends)
        if among is not None:
            kept = np.flatnonzero(among[groups])
            groups, ends = groups[kept], np.searchsorted(kept, ends)
        rest, places = spelt_out(ends[:-1][at], ends[1:][at])
        return rest, groups[places]

    def sets(self, rests: Numbers, count: int) -> tuple[Numbers, Numbers]:
        """Return the sets of slots that contribute.

        Args:
            rests: Slots to cover, as bits, each once.
            count: How many are to cover them.

        Returns:
            Where the sets of each rest begin, and where the last ones end; numbers of the sets.

        Raises:
            OutOfTimeError: The clock says so.
        """
        wanted = rests.tolist()
        self._find([rest for rest in wanted if (rest, count) not in self._known], count)
        own = [self._known[rest, count] for rest in wanted]
        return np.cumsum([0, *map(len, own)]), np.concatenate(own)

    def _find(self, rests: list[int], count: int) -> None:
        """Find what contributes to some new rests."""
        new = np.array(rests, dtype=np.int64)
        for part in parts_of(len(new), len(self.masks), self._clock):
            # Of a flat array what is set is found many times faster than of a table.
            rest, own = np.divmod(np.flatnonzero(self._fit(new[part], count)), len(self.masks))
            ends = np.searchsorted(rest, np.arange(len(new[part]) + 1)).tolist()
            for key, (first, last) in zip(rests[part], pairwise(ends), strict=True):
                self._known[key, count] = own[first:last]

    def _fit(self, rests: Numbers, count: int) -> NDArray[np.bool_]:
        """Tell which sets contribute, shape (rests, sets)."""
        if count == 1:  # nothing is left open, and short numbers are compared faster
            rests = rests.astype(self._short)
            fit: NDArray[np.bool_] = rests[:, None] & ~self.masks.astype(self._short) == 0
        else:
            fit = (self._table < count)[rests[:, None] & ~self.masks]
        return fit
