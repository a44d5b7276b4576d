"""A node of the search."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.consortium.ascent import Ascent

__all__ = ["Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """A partial assignment.

    Attributes:
        open: Slots still to serve, as bits.
        size: Members so far.
        covered: Slots that they can serve, as bits.
        paid: Cost of what is assigned.
        live: Numbers of the entries still possible, ascending.
        cost: Cost of each of them, with the hand-overs to what is assigned.
        ascent: The same costs moved about for a better bound, where that is done.
    """

    open: int
    size: int
    covered: int
    paid: int
    live: NDArray[np.int64]
    cost: NDArray[np.int64]
    ascent: Ascent | None = None

    def among(self, keep: NDArray[np.bool_]) -> "Node":
        """Return the node with some of its live entries only."""
        if keep.all():
            return self
        ascent = None if self.ascent is None else self.ascent.among(keep)
        return replace(self, live=self.live[keep], cost=self.cost[keep], ascent=ascent)
