"""Random small instances in which every slot hands over to every other."""

from itertools import combinations
from random import Random

import numpy as np

from graph.consortium.handover_costs import MatrixHandovers
from graph.consortium.instance import Instance

__all__ = ["dense_instance"]


def dense_instance(
    random: Random, slots: int, most: int, edges: tuple[tuple[int, int], ...] | None = None
) -> Instance:
    """Draw an instance with one to ``most`` entries for each slot, each of its own organisation.

    Args:
        random: Where numbers come from.
        slots: Number of slots.
        most: Most entries of a slot.
        edges: Pairs of slots that hand over; every pair by default.
    """
    slot = np.repeat(np.arange(slots), [random.randint(1, most) for _ in range(slots)])
    count = len(slot)
    upper = np.triu([[random.randint(0, 20) for _ in range(count)] for _ in range(count)])
    costs = upper + upper.T
    pairs = tuple(combinations(range(slots), 2)) if edges is None else edges
    return Instance(
        slots=slots,
        organisations=count,
        slot=slot,
        organisation=np.arange(count),
        cost=np.array([random.randint(0, 9) for _ in range(count)]),
        masks=np.int64(1) << slot,
        handovers=MatrixHandovers(pairs, costs),
    )
