"""Lower bounds: exact least costs along a forest of hand-overs."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from graph.consortium.blocks import least_over_columns, least_over_rows
from graph.consortium.control import Clock

__all__ = ["Forest", "forest_of", "marginals"]

Costs = NDArray[np.int64]
Forest = tuple[tuple[int, int | None], ...]
"""Slots with their parents, each parent before its children."""


def forest_of(slots: Sequence[int], edges: Sequence[tuple[int, int]]) -> Forest:
    """Return a spanning forest of the hand-overs between ``slots``; other edges are left out."""
    neighbours: dict[int, list[int]] = {slot: [] for slot in slots}
    for r, s in edges:
        if r in neighbours and s in neighbours:
            neighbours[r].append(s)
            neighbours[s].append(r)
    forest: list[tuple[int, int | None]] = []
    seen: set[int] = set()
    for root in slots:
        queue: list[tuple[int, int | None]] = [(root, None)]
        for slot, parent in queue:
            if slot in seen:
                continue
            seen.add(slot)
            forest.append((slot, parent))
            queue.extend((other, slot) for other in neighbours[slot] if other not in seen)
    return tuple(forest)


def marginals(
    forest: Forest,
    costs: Mapping[int, Costs],
    handovers: Mapping[tuple[int, int], NDArray[np.int32]],
    clock: Clock | None = None,
) -> tuple[int, dict[int, Costs]]:
    """Return the least total cost along a forest, also for each choice in each slot.

    Dynamic programming from the leaves up and from the roots down; exact for the forest, so a
    lower bound once there are more hand-overs or conditions, all of which only add cost.

    Args:
        forest: Slots with their parents.
        costs: Cost of each choice, by slot.
        handovers: Cost of each pair of choices, shape (choices of parent, choices of child), by
            (parent, child).
        clock: When to stop.

    Returns:
        The least total, and by slot the least total with each choice.

    Raises:
        OutOfTimeError: The clock says so.
    """
    up = {slot: costs[slot].copy() for slot, _ in forest}
    message: dict[int, Costs] = {}
    for slot, parent in reversed(forest):
        if parent is not None:
            message[slot] = least_over_columns(handovers[parent, slot], up[slot], clock)
            up[parent] += message[slot]
    total = sum(int(up[slot].min()) for slot, parent in forest if parent is None)
    full: dict[int, Costs] = {}
    for slot, parent in forest:
        if parent is None:
            full[slot] = up[slot] + (total - int(up[slot].min()))
        else:
            rest = full[parent] - message[slot]
            full[slot] = up[slot] + least_over_rows(handovers[parent, slot], rest, clock)
    return total, full
