"""What those who come last ask at least for each slot, given what they must cover."""

import numpy as np
from numpy.typing import NDArray

from graph.consortium.blocks import parts_of
from graph.consortium.control import Clock
from graph.consortium.roster import CANNOT

__all__ = ["Rests"]

_AT_ONCE = 64
"""Sets of slots that somebody serves, cheapest first, looked at in one step."""

Numbers = NDArray[np.int64]


class Rests:
    """Least cost of each slot among those who can help to cover a rest.

    Attributes:
        masks: Distinct sets of slots that somebody serves, as bits.
        cost: Least cost of each slot of who serves just these, shape (slots, sets).
    """

    def __init__(
        self, masks: Numbers, cost: Numbers, table: NDArray[np.uint8], clock: Clock
    ) -> None:
        """Take what some serve.

        Args:
            masks: What each serves, ascending, as bits.
            cost: What each asks for each slot, shape (slots, those).
            table: Cover table.
            clock: When to stop.
        """
        self.masks, starts = np.unique(masks, return_index=True)
        self.cost = np.minimum.reduceat(cost, starts, axis=1)
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
            find = self._of_one if count == 1 else self._of_several
            costs = find(np.array(new, dtype=np.int64), count)
            self._known |= {(r, count): own for r, own in zip(new, costs.T, strict=True)}
        own = np.stack([self._known[rest, count] for rest in few.tolist()], axis=1)
        return own.take(at, axis=1)

    def _of_one(self, rests: Numbers, _: int) -> Numbers:
        """Return the costs of who covers a rest alone: few do."""
        least = np.full((len(self.cost), len(rests)), CANNOT, dtype=np.int64)
        for part in parts_of(len(rests), len(self.masks), self._clock):
            fit = rests[part, None] & ~self.masks == 0
            at, who = np.divmod(np.flatnonzero(fit), len(self.masks))
            if not len(at):
                continue
            present, starts = np.unique(at, return_index=True)
            found = np.minimum.reduceat(self.cost.take(who, axis=1), starts, axis=1)
            least[:, part.start + present] = found
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
