"""Make an instance smaller before hand-overs are computed, when there are very many entries.

The cost of every pair of entries of two slots is a table; with ten thousands of entries it does
not fit. So, first, a good consortium is found among few promising entries. Then an entry stays
only if its own cost, the least costs of the other slots and the distance to the nearest entry
of the scarcest slot can beat it. What is dropped can be part of no better consortium.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from graph.consortium.bound import forest_of
from graph.consortium.control import Clock
from graph.consortium.instance import Instance

__all__ = [
    "LARGEST_BLOCK",
    "entry_bounds",
    "largest_block",
    "nearby",
    "promising",
]

LARGEST_BLOCK = 20_000_000
"""Most pairs of entries of two slots that are computed (80 MB); beyond, the search gives up."""

_PER_SLOT = 150

Entries = NDArray[np.int64]


def largest_block(instance: Instance, entries: Entries) -> int:
    """Return how many pairs the largest block of hand-overs between the entries has."""
    sizes = np.bincount(instance.slot[entries], minlength=instance.slots).tolist()
    return max((sizes[r] * sizes[s] for r, s in instance.handovers.edges), default=0)


def _first_of_each_slot(instance: Instance, ordered: Entries, count: int) -> Entries:
    """Return the first entries of each slot in the order given."""
    by_slot = ordered[np.argsort(instance.slot[ordered], kind="stable")]
    slots = instance.slot[by_slot]
    starts = np.searchsorted(slots, slots)
    return by_slot[np.arange(len(by_slot)) - starts < count]


def _order(first: Entries, second: Entries) -> Entries:
    """Return the order by one key, then by another; one sort of both at once is far faster."""
    width = int(second.max(initial=0)) + 1
    return np.argsort(first * width + second, kind="stable")


def promising(instance: Instance, entries: Entries, target: int, clock: Clock) -> Entries:
    """Return for each slot the cheapest entries and those of organisations that serve most.

    Raises:
        OutOfTimeError: The clock says so.
    """
    cost, owner = instance.cost[entries], instance.organisation[entries]
    served = np.bitwise_count(instance.masks[owner] & target).astype(np.int64)
    cheap = entries[_order(cost, owner)]
    clock.check()
    broad = entries[
        _order((instance.slots - served) * (int(cost.max(initial=0)) + 1) + cost, owner)
    ]
    clock.check()
    chosen = [_first_of_each_slot(instance, order, _PER_SLOT) for order in (cheap, broad)]
    return np.unique(np.concatenate(chosen))


def nearby(instance: Instance, entries: Entries, solution: Sequence[int], clock: Clock) -> Entries:
    """Return for each slot the entries of least cost and distance from a solution, and itself.

    Raises:
        OutOfTimeError: The clock says so.
    """
    anchors = np.array(solution, dtype=np.int64)
    price = instance.cost[entries] + instance.handovers.nearest_costs(entries, anchors, clock)
    order = entries[np.lexsort((instance.organisation[entries], price))]
    return np.union1d(_first_of_each_slot(instance, order, 2 * _PER_SLOT), anchors)


def entry_bounds(
    instance: Instance, entries: Entries, clock: Clock | None = None
) -> NDArray[np.int64]:
    """Return for each entry a lower bound of the cost of any consortium that uses it.

    Args:
        instance: The problem.
        entries: Entries to consider, ascending; every slot asked for has some.
        clock: When to stop.

    Raises:
        OutOfTimeError: The clock says so.
    """
    slot, cost = instance.slot[entries], instance.cost[entries]
    slots, starts = np.unique(slot, return_index=True)
    least = np.minimum.reduceat(cost, starts)
    bounds: NDArray[np.int64] = cost + int(least.sum()) - least[np.searchsorted(slots, slot)]
    if not instance.handovers.has_one_site_each(instance.organisation):
        return bounds
    counts = np.bincount(slot, minlength=instance.slots)
    for tree in _trees(slots.tolist(), instance.handovers.edges):
        anchor = min(tree, key=lambda s: (int(counts[s]), s))
        inside = np.isin(slot, tree)
        near = instance.handovers.nearest_costs(entries[inside], entries[slot == anchor], clock)
        # Each hand-over on the way is rounded by at most one half, but for the last digits.
        bounds[inside] += np.floor(np.maximum(near - 0.5 * len(tree) - 1e-6, 0)).astype(np.int64)
    return bounds


def _trees(slots: list[int], edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the slots that hand-overs connect, more than one each."""
    trees: list[list[int]] = []
    for slot, parent in forest_of(slots, edges):
        if parent is None:
            trees.append([])
        trees[-1].append(slot)
    return [tree for tree in trees if len(tree) > 1]
