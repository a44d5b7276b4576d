"""Lower bounds where every slot hands over to many others: dual ascent on costs of pairs.

Of many hand-overs a forest sees a few. But costs may be moved between an entry and its pairs
without changing what any assignment costs; then the least cost of each slot, and the least of
each pair of slots, add up to a lower bound, and moving costs well lifts it. Slot after slot takes
what all its pairs charge at least, and hands it on in equal shares to the slots that come later;
then the same backwards. That is sequential tree-reweighted message passing [1]_ [2]_, whose bound
comes close to that of the linear relaxation; on distances it is nearly always the optimum itself.

References:
    .. [1] Kolmogorov, V. (2006). Convergent tree-reweighted message passing for energy
       minimization. IEEE Transactions on Pattern Analysis and Machine Intelligence, 28(10),
       1568-1583.
    .. [2] Kolmogorov, V. (2015). A new look at reweighted message passing. IEEE Transactions on
       Pattern Analysis and Machine Intelligence, 37(5), 919-930.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import Clock

__all__ = ["MOST_ENTRIES", "Ascent"]

MOST_ENTRIES = 1_000
"""Entries up to which this is done: a sweep looks at every pair of them a few times (10 ms)."""

_PARTS = 1 << 16
"""Costs are counted in so many parts, so that whole numbers can be shared out."""

_LEAST_GAIN = 1 / 100
"""Share of what is missing that two sweeps must gain for two more to be worth while."""

Costs = NDArray[np.int64]


class Ascent:
    """The problem below a node, with costs moved so that their minima say much.

    For every assignment the cost is that of its entries and pairs here, plus ``paid``: moving
    costs about never changes it. All are whole numbers, so nothing is rounded.

    Attributes:
        slot: Slot of each entry, ascending.
    """

    def __init__(self, slot: Costs, paid: int, cost: Costs, pairs: Costs, joined: Costs) -> None:
        """Take costs that are counted in parts; see :meth:`of` for others."""
        self.slot = slot
        self._paid = paid
        self._cost = cost
        self._pairs = pairs
        self._joined = joined

    @classmethod
    def of(
        cls,
        slot: Costs,
        paid: int,
        cost: Costs,
        handovers: Mapping[tuple[int, int], NDArray[np.int32]],
    ) -> "Ascent":
        """Put the costs together.

        Args:
            slot: Slot of each entry, ascending.
            paid: What is paid already.
            cost: Cost of each entry.
            handovers: Cost of each pair of entries, shape (entries of one slot, entries of the
                other), by the pair of slots; in one or both directions.
        """
        pairs = np.zeros((len(slot), len(slot)), dtype=np.int64)
        numbers = {*slot.tolist(), *(s for ends in handovers for s in ends)}
        joined = np.zeros((max(numbers) + 1, max(numbers) + 1), dtype=np.int64)
        for (r, s), block in handovers.items():
            one = slice(*np.searchsorted(slot, (r, r + 1)).tolist())
            two = slice(*np.searchsorted(slot, (s, s + 1)).tolist())
            pairs[one, two] = block
            pairs[two, one] = block.T
            joined[r, s] = joined[s, r] = 1
        return cls(slot, paid * _PARTS, cost * _PARTS, pairs * _PARTS, joined)

    def among(self, keep: NDArray[np.bool_]) -> "Ascent":
        """Return the same with some of the entries only."""
        if keep.all():
            return self
        pairs = self._pairs[np.ix_(keep, keep)]
        return Ascent(self.slot[keep], self._paid, self._cost[keep], pairs, self._joined)

    def given(self, number: int, keep: NDArray[np.bool_]) -> "Ascent":
        """Return what is left when an entry is chosen: some entries of the other slots."""
        return Ascent(
            self.slot[keep],
            self._paid + int(self._cost[number]),
            self._cost[keep] + self._pairs[number, keep],
            self._pairs[np.ix_(keep, keep)],
            self._joined,
        )

    def least(self) -> int:
        """Return a lower bound of what any assignment costs."""
        return -(-self._bound(_Layout(self.slot, self._joined)) // _PARTS)

    def climb(self, target: int, sweeps: int, clock: Clock) -> None:
        """Lift the bound, until it reaches the target, gains little or the clock says so.

        Args:
            target: Cost that nothing worth finding reaches.
            sweeps: Most sweeps, forwards and backwards counted together.
            clock: When to stop; looked at before each sweep.
        """
        layout = _Layout(self.slot, self._joined)
        bound = self._bound(layout)
        for _ in range(0, sweeps, 2):
            for order in (layout.places, layout.places[::-1]):
                if clock.is_over:
                    return
                self._sweep(layout, order)
            before, bound = bound, self._bound(layout)
            missing = target * _PARTS - bound
            if missing <= 0 or bound - before <= _LEAST_GAIN * min(missing, bound):
                return

    def _sweep(self, layout: "_Layout", order: list[int]) -> None:
        """Let each slot take what its pairs charge and hand it on to those that come later."""
        done = np.zeros(len(order), dtype=bool)
        for place in order:
            done[place] = True
            later = layout.joined[place] & ~done
            earlier = layout.joined[place] & done
            share = max(int(later.sum()), int(earlier.sum()))
            if share:
                self._hand_on(layout, place, later, share)

    def _hand_on(self, layout: "_Layout", place: int, later: NDArray[np.bool_], share: int) -> None:
        span = layout.spans[place]
        rows = self._pairs[span]
        taken = np.minimum.reduceat(rows, layout.starts, axis=1)
        cost = self._cost[span] + taken.sum(axis=1)
        given = cost // share
        self._cost[span] = cost - given * int(later.sum())
        taken -= given[:, None] * later
        rows -= taken[:, layout.place_of]
        passed = rows.min(axis=0) * later[layout.place_of]
        self._cost += passed
        rows -= passed
        self._pairs[:, span] = rows.T

    def _bound(self, layout: "_Layout") -> int:
        least = np.minimum.reduceat(self._cost, layout.starts).sum()
        return self._paid + int(least) + int(self._least_pairs(layout).sum()) // 2

    def _least_pairs(self, layout: "_Layout") -> Costs:
        """Return the least cost of each two slots, shape (slots, slots)."""
        rows = np.minimum.reduceat(self._pairs, layout.starts, axis=0)
        least: Costs = np.minimum.reduceat(rows, layout.starts, axis=1)
        return least

    def bounds(self) -> Costs:
        """Return for each entry a lower bound of what any assignment with it costs.

        With the entry given, the best entry of each slot that it hands over to is known exactly;
        of all other pairs of slots the least is added.
        """
        layout = _Layout(self.slot, self._joined)
        least = self._least_pairs(layout)
        rest = int(least.sum()) // 2 - least.sum(axis=1)
        around = np.minimum.reduceat(self._pairs + self._cost, layout.starts, axis=1)
        around[np.arange(len(self.slot)), layout.place_of] = self._cost
        bounds = self._paid + around.sum(axis=1) + rest[layout.place_of]
        whole: Costs = -(-bounds // _PARTS)
        return whole


class _Layout:
    """Where the entries of each slot stand, each slot having some."""

    def __init__(self, slot: Costs, joined: Costs) -> None:
        self.starts = np.flatnonzero(np.diff(slot, prepend=-1))
        ends = [*self.starts[1:].tolist(), len(slot)]
        self.spans = [slice(a, b) for a, b in zip(self.starts.tolist(), ends, strict=True)]
        self.places = list(range(len(self.starts)))
        slots = slot[self.starts]
        self.place_of = np.searchsorted(slots, slot)
        self.joined = joined[np.ix_(slots, slots)].astype(bool)
