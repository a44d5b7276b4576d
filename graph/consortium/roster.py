"""The entries of a search over teams, laid out by slot and organisation."""

from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graph.consortium.bound import Forest, forest_of
from graph.consortium.control import INFINITE, Clock
from graph.consortium.instance import Instance, masks_of
from graph.consortium.neighbourhoods import order_of
from graph.matching.index import distinct, in_order, spelt_out

__all__ = ["CANNOT", "Roster"]

CANNOT = INFINITE << 5
"""Cost of a slot for who cannot serve it; larger than any sum of costs that can be paid."""

Numbers = NDArray[np.int64]


class Roster:
    """Who of some organisations serves what, at what cost, and where.

    Attributes:
        instance: The problem.
        slots: Slots to serve, ascending.
        organisations: Organisations with an entry, those that are much alike one after the other;
            all else goes by their position here.
        places: Number of the place of each along a curve through the map.
        cost: Cost of each slot, shape (slots of the instance, organisations).
        masks: Slots of each organisation, as bits.
        least: Least that handing over to anybody costs, by organisation.
        directions: Place of each as a unit vector, shape (3, organisations); NaN if unknown.
        forest: Slots with their parents along hand-overs.
        is_simple: No organisation has two places, so that who serves decides what is paid.
        is_connected: All slots hand over to each other, if by others.
    """

    def __init__(self, instance: Instance, entries: Numbers, target: int, clock: Clock) -> None:
        """Lay them out.

        Args:
            instance: The problem.
            entries: Entries that may be used.
            target: Slots to serve, as bits.
            clock: When to stop; there can be very many.

        Raises:
            OutOfTimeError: The clock says so.
        """
        self.instance = instance
        handovers = instance.handovers
        self.slots = [s for s in range(instance.slots) if target >> s & 1]
        owners, at = distinct(instance.organisation[entries], instance.organisations)
        count = len(owners)
        entry = np.zeros(count, dtype=np.int64)
        entry[at] = entries  # one of them, whichever
        clock.check()
        places = handovers.along_a_curve(entry)
        masks = masks_of(instance.slot[entries], at, count)
        clock.check()
        order = order_of(masks, places)
        clock.check()
        position = np.empty(count, dtype=np.int64)
        position[order] = np.arange(count)
        at = position[at]
        self.organisations, self.places = owners[order], places[order]
        self._any_entry = entry[order]
        self._entries, self._owner = entries, at
        self.masks = masks[order]
        clock.check()
        self.cost = np.empty((instance.slots, count), dtype=np.int64)
        self._lay_out_costs(clock)
        clock.check()
        self.directions = handovers.directions(self._any_entry)
        clock.check()
        self.least = handovers.least_costs(self.organisations)
        self.forest: Forest = forest_of(self.slots, handovers.edges)
        joined = [(p, s) for s, p in self.forest if p is not None]
        self.is_simple = handovers.has_one_site_each(instance.organisation)
        self.is_connected = len(self.slots) - len(joined) == 1

    def _lay_out_costs(self, clock: Clock) -> None:
        """Note what each asks for each slot; the cheapest of several entries comes last."""
        instance, entries = self.instance, self._entries
        starts = np.searchsorted(entries, instance.starts)
        for slot, (first, last) in enumerate(pairwise(starts.tolist())):
            clock.check()
            cost, owner = instance.cost[entries[first:last]], self._owner[first:last]
            order = _dearest_first(cost) if instance.has_doubles else slice(None)
            self.cost[slot] = CANNOT
            self.cost[slot, owner[order]] = cost[order]

    @cached_property
    def _entry(self) -> Numbers:
        """Entry of each slot and organisation, ``-1`` where it cannot serve the slot."""
        table = np.full(self.cost.shape, -1, dtype=np.int64)
        table[self.instance.slot[self._entries], self._owner] = self._entries
        return table

    @cached_property
    def _keys(self) -> Numbers:
        """Slot and organisation of each entry in one number, ascending."""
        slot, owner = (of[self._entries] for of in (self.instance.slot, self.instance.organisation))
        keys: Numbers = slot * self.instance.organisations + owner
        return keys

    def entries_of(self, team: Numbers) -> Numbers:
        """Return the entries of some organisations, ascending."""
        starts = np.array(self.slots) * self.instance.organisations
        keys = np.sort((starts[:, None] + self.organisations[team]).ravel())
        first, last = (np.searchsorted(self._keys, keys, side) for side in ("left", "right"))
        return self._entries[spelt_out(first, last)[1]]

    def handover(self, edge: tuple[int, int] | None, one: Numbers, two: Numbers) -> Numbers:
        """Return what handing over costs, for each organisation of ``one`` and the one beside it.

        Args:
            edge: Slots that the two serve; ``None`` for any, where these do not matter.
            one: Organisations.
            two: Organisations, none its own neighbour.
        """
        r, s = edge or (-1, -1)
        first = self._any_entry[one] if edge is None else self._entry[r, one]
        second = self._any_entry[two] if edge is None else self._entry[s, two]
        able = np.flatnonzero((first >= 0) & (second >= 0))
        costs = np.full(len(one), CANNOT, dtype=np.int64)
        owners = self.organisations[one[able]], self.organisations[two[able]]
        costs[able] = self.instance.handovers.between(first[able], second[able], *owners)
        return costs


def _dearest_first(costs: Numbers) -> Numbers:
    """Return the order in which costs descend."""
    return in_order(int(costs.max(initial=0)) - costs)
