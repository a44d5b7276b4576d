"""Least costs along the forest of hand-overs, between places instead of between entries.

Of two members that know nothing of each other only their places matter. So work that goes from
any of thousands of entries to any of thousands is looked at once for each pair of places; what
shared history takes off, and that nothing is charged within one organisation, is put right for
the few pairs it concerns. The result is that of ``bound.marginals``, without its tables.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graph.consortium.blocks import parts_of
from graph.consortium.bound import Forest, forest_of
from graph.consortium.control import INFINITE, Clock
from graph.consortium.instance import Instance

__all__ = ["MOST_PAIRS", "pairs_of_sites", "site_marginals"]

MOST_PAIRS = 150_000_000
"""Pairs of places, over all hand-overs, up to which this is done: about half a second."""

Costs = NDArray[np.int64]


def pairs_of_sites(instance: Instance, entries: Costs) -> int:
    """Return how many pairs of places the hand-overs between some entries have."""
    slot, site = instance.slot[entries], instance.handovers.sites(entries)
    cuts = np.searchsorted(slot, np.arange(instance.slots + 1))
    sizes = [len(np.unique(site[a:b])) for a, b in pairwise(cuts.tolist())]
    return sum(sizes[r] * sizes[s] for r, s in instance.handovers.edges)


def site_marginals(instance: Instance, entries: Costs, clock: Clock | None = None) -> Costs:
    """Return for each entry the least total cost along the forest with it.

    Args:
        instance: The problem.
        entries: Entries to consider, ascending.
        clock: When to stop.

    Raises:
        OutOfTimeError: The clock says so.
    """
    return _Marginals(instance, entries, clock).run()


class _Marginals:
    """Dynamic programming from the leaves up and from the roots down; see ``bound.marginals``."""

    def __init__(self, instance: Instance, entries: Costs, clock: Clock | None) -> None:
        self.instance = instance
        self.clock = clock
        slot = instance.slot[entries]
        slots, starts = np.unique(slot, return_index=True)
        self.parts = dict(zip(slots.tolist(), np.split(entries, starts[1:]), strict=True))
        self.forest: Forest = forest_of(list(self.parts), instance.handovers.edges)
        self.owners = {s: instance.organisation[part] for s, part in self.parts.items()}
        self.places = {
            s: np.unique(instance.handovers.sites(part), return_inverse=True)
            for s, part in self.parts.items()
        }

    def run(self) -> Costs:
        """Return the marginals in the order of the entries."""
        up = {s: self.instance.cost[part].copy() for s, part in self.parts.items()}
        message: dict[int, Costs] = {}
        for slot, parent in reversed(self.forest):
            if parent is not None:
                message[slot] = self._passed_on(up[slot], slot, parent)
                up[parent] += message[slot]
        total = sum(int(up[slot].min()) for slot, parent in self.forest if parent is None)
        full: dict[int, Costs] = {}
        for slot, parent in self.forest:
            if parent is None:
                full[slot] = up[slot] + (total - int(up[slot].min()))
            else:
                rest = full[parent] - message[slot]
                full[slot] = up[slot] + self._passed_on(rest, parent, slot)
        return np.concatenate([full[s] for s in self.parts])

    def _passed_on(self, costs: Costs, giver: int, taker: int) -> Costs:
        """Return for each entry of one slot the least of another slot and of handing over."""
        handovers = self.instance.handovers
        there, at_there = self.places[giver]
        here, at_here = self.places[taker]
        least = np.full(len(there), INFINITE, dtype=np.int64)
        np.minimum.at(least, at_there, costs)
        by_place = np.empty(len(here), dtype=np.int64)
        for part in parts_of(len(here), len(there), self.clock):
            by_place[part] = (handovers.costs_between(here[part], there) + least).min(axis=1)
        passed = by_place[at_here]
        own, other, cost = handovers.special_pairs(
            self.parts[taker], self.parts[giver], self.owners[taker], self.owners[giver]
        )
        np.minimum.at(passed, own, costs[other] + cost)
        return passed
