"""Shortest paths in a network of people, in whole numbers, from many people at once."""

from collections.abc import Sequence

import networkx as nx
import numpy as np
from numpy.typing import NDArray

__all__ = ["FAR", "SCALE", "lengths_between"]

SCALE = 10_000
"""Lengths are counted in so many parts of one, for the engine's costs are whole numbers."""

FAR = 10_000
"""Distance of people between whom there is no path."""

_AT_ONCE = 64


def lengths_between(network: "nx.Graph[str]", people: Sequence[str]) -> NDArray[np.int32]:
    """Return the length of the shortest path between each two people, shape (people, people).

    Edges are shortened for everybody at once until nothing becomes shorter (Bellman and Ford);
    paths have few edges in such networks, so that this ends soon.

    Args:
        network: Edges may have a ``weight``, not negative; 1 otherwise.
        people: Nodes.

    Returns:
        Lengths in parts of ``1 / SCALE``, each edge rounded; ``FAR`` of them without a path.
    """
    number = {node: i for i, node in enumerate(network)}
    there = np.array([number[person] for person in people], dtype=np.int64)
    edges = [
        (number[a], number[b], round(weight * SCALE))
        for one, two, weight in network.edges(data="weight", default=1)
        for a, b in ((one, two), (two, one))
    ]
    into = np.array(sorted(edges), dtype=np.int32).reshape(-1, 3)
    ends, starts = np.unique(into[:, 0], return_index=True)
    table = np.full((len(people), len(people)), FAR * SCALE, dtype=np.int32)
    for first in range(0, len(people), _AT_ONCE):
        own = there[first : first + _AT_ONCE]
        lengths = np.full((len(number), len(own)), FAR * SCALE, dtype=np.int32)
        lengths[own, np.arange(len(own))] = 0
        while len(edges):
            reached = np.minimum.reduceat(lengths[into[:, 1]] + into[:, 2:], starts, axis=0)
            if (reached >= lengths[ends]).all():
                break
            lengths[ends] = np.minimum(lengths[ends], reached)
        table[first : first + _AT_ONCE] = lengths[there].T
    return table
