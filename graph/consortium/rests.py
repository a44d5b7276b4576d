"""What those who come last ask at least for each slot, given what they must cover."""

import numpy as np
from numpy.typing import NDArray

from graph.consortium.blocks import in_parts
from graph.consortium.contributors import Contributors
from graph.consortium.control import Clock
from graph.consortium.roster import CANNOT

__all__ = ["Rests"]

_AT_ONCE = 64
"""Sets of slots that somebody serves, cheapest first, looked at in one step."""

_SETS = 10_000
"""Sets that are looked at between two looks at the clock; their costs fit into a cache."""

_FEW = 2
"""So many that are to cover a rest must help with much of it, so that few can."""

Numbers = NDArray[np.int64]


class Rests:
    """Least cost of each slot among those who can help to cover a rest.

    Attributes:
        masks: Distinct sets of slots that somebody serves, as bits.
        cost: Least cost of each slot of who serves just these, shape (slots, sets).
    """

    def __init__(
        self, contributors: Contributors, cost: Numbers, table: NDArray[np.uint8], clock: Clock
    ) -> None:
        """Take what some serve.

        Args:
            contributors: Who contributes to which rest.
            cost: What each neighbourhood asks for each slot, shape (slots, neighbourhoods).
            table: Cover table.
            clock: When to stop.
        """
        self._contributors = contributors
        self.masks = contributors.masks
        self.cost = np.minimum.reduceat(cost, contributors.first, axis=1)
        self._table = table
        self._clock = clock
        self._order = [np.argsort(own, kind="stable") for own in self.cost]
        self._known: dict[tuple[int, int], Numbers] = {}

    def least(self, rests: Numbers, count: int) -> Numbers:
        """Return the least cost of each slot among those who cover each rest, (slots, rests).

        Of those who leave no more open than ``count - 1`` others can cover.

        Args:
            rests: Slots to cover, as bits.
            count: How many are to cover them.

        Raises:
            OutOfTimeError: The clock says so.
        """
        few, at = np.unique(rests, return_inverse=True)
        new = [rest for rest in few.tolist() if (rest, count) not in self._known]
        if new:
            find = self._of_few if count <= _FEW else self._of_several
            costs = find(np.array(new, dtype=np.int64), count)
            self._known |= {(r, count): own for r, own in zip(new, costs.T, strict=True)}
        own = np.stack([self._known[rest, count] for rest in few.tolist()], axis=1)
        return own.take(at, axis=1)

    def _of_few(self, rests: Numbers, count: int) -> Numbers:
        """Return the costs of all who help to cover a rest, where these are few."""
        least = np.full((len(self.cost), len(rests)), CANNOT, dtype=np.int64)
        ends, own = self._contributors.sets(rests, count)
        for span in in_parts(np.diff(ends), _SETS):
            self._clock.check()
            first, last = ends[[span.start, span.stop]]
            present = span.start + np.flatnonzero(np.diff(ends[span.start : span.stop + 1]))
            if len(present):
                costs = self.cost.take(own[first:last], axis=1)
                least[:, present] = np.minimum.reduceat(costs, ends[present] - first, axis=1)
        return least

    def _of_several(self, rests: Numbers, count: int) -> Numbers:
        """Return the costs of who helps to cover a rest: nearly all, so the cheapest come first."""
        least = np.full((len(self.cost), len(rests)), CANNOT, dtype=np.int64)
        for slot, order in enumerate(self._order):
            self._clock.check()
            left = np.arange(len(rests))
            for start in range(0, int((self.cost[slot] < CANNOT).sum()), _AT_ONCE):
                some = order[start : start + _AT_ONCE]
                fit = self._table[rests[left, None] & ~self.masks[some]] < count
                is_found = fit.any(axis=1)
                first = some[fit[is_found].argmax(axis=1)]
                least[slot, left[is_found]] = self.cost[slot, first]
                left = left[~is_found]
                if not len(left):
                    break
        return least
