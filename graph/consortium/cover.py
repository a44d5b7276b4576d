"""The least number of organisations that cover a set of requirements: exact, for all sets."""

from functools import reduce
from operator import or_
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import Clock

__all__ = ["IMPOSSIBLE", "MOST_SLOTS", "cover_table", "maximal_masks"]

IMPOSSIBLE = 255
"""Entry of the table for a set that no number of organisations covers."""

MOST_SLOTS = 24
"""Largest number of bits: the table has ``2 ** 24`` bytes then."""


def maximal_masks(masks: NDArray[np.int64]) -> list[int]:
    """Return the masks that are not part of another one, the largest first."""
    distinct = np.unique(masks)
    rest = distinct[np.argsort(-np.bitwise_count(distinct).astype(np.int64), kind="stable")]
    rest = rest[rest != 0]
    kept: list[int] = []
    while len(rest):
        kept.append(int(rest[0]))
        rest = rest[rest & ~rest[0] != 0]
    return kept


def cover_table(
    masks: NDArray[np.int64] | NDArray[np.int32], slots: int, clock: Clock | None = None
) -> NDArray[np.uint8]:
    """Return for each set of requirements the least number of organisations that cover it.

    Sets are bit masks. First, breadth-first, the least number of masks whose union is exactly
    each set; then the minimum over supersets, one bit at a time. Only maximal masks can matter.
    Once so many masks cover everything that can be covered, no other set needs more.

    Args:
        masks: What each organisation can serve, as bits.
        slots: Number of bits, at most ``MOST_SLOTS``.
        clock: Says whether somebody has cancelled.

    Returns:
        Table of shape ``(2 ** slots,)``; ``IMPOSSIBLE`` where there is no cover.

    Raises:
        OutOfTimeError: Somebody has cancelled.

    Note:
        Takes ``O(2 ** slots * (maximal masks + slots))`` time and ``2 ** slots`` bytes times
        three.
    """
    table = np.full(1 << slots, IMPOSSIBLE, dtype=np.uint8)
    table[0] = 0
    occurs = np.zeros(1 << slots, dtype=bool)
    occurs[masks] = True  # a million masks are not sorted to find a few thousand
    maximal = maximal_masks(np.flatnonzero(occurs))
    full = reduce(or_, maximal, 0)
    _spread_to_subsets(occurs, slots, np.logical_or)  # now: one mask covers the set
    reached = np.zeros(1, dtype=np.int64)
    level = 0
    while len(reached):
        level += 1
        if occurs[full & ~reached].any():
            table[full] = min(level, int(table[full]))
            break
        fresh = np.zeros(1 << slots, dtype=bool)
        for mask in maximal:
            if clock is not None:
                clock.heed()
            fresh[reached | mask] = True
        fresh &= table == IMPOSSIBLE
        reached = np.flatnonzero(fresh)
        table[reached] = level
    _spread_to_subsets(table, slots, np.minimum, clock)
    return table


def _spread_to_subsets(
    table: NDArray[Any], slots: int, least: np.ufunc, clock: Clock | None = None
) -> None:
    """Give each set what is the least, or true, for any set that holds it; in place."""
    cube = table.reshape((2,) * slots)
    for axis in range(slots):
        if clock is not None:
            clock.heed()
        without, within = np.split(cube, 2, axis=axis)  # views
        least(without, within, out=without)
