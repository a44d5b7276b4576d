"""Search over teams: who is in, before who does what.

Where few members serve many slots, whole continents of organisations can serve each slot, and a
table of the hand-overs between all of them does not fit. But few of them can be together: what
two leave open, the third must cover. So members are chosen one after the other, and for all
organisations that may come next the least cost of the whole is found at once, by dynamic
programming along the forest of hand-overs over who of the few serves which slot.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from graph.consortium.blocks import parts_of
from graph.consortium.bound import Forest, forest_of
from graph.consortium.conditions import Conditions
from graph.consortium.control import INFINITE, Clock, OutOfTimeError
from graph.consortium.instance import Instance
from graph.consortium.neighbourhoods import Neighbourhoods
from graph.matching.geography import EARTH_RADIUS_KM

__all__ = ["TeamSearch"]

_CANNOT = INFINITE << 5
"""Cost of a slot for who cannot serve it; larger than any sum of costs that can be paid."""

_LAST_METRES = 1e-2
"""What rounding may change of a distance, kilometres."""

_LAST_DIGITS = 1e-9
"""What rounding may change of a cosine."""

Numbers = NDArray[np.int64]
Settle = Callable[[Numbers], int | None]
Unknown = tuple[Numbers, Numbers]
"""What somebody unknown asks for each slot, (slots, chosen), and for the distance, (chosen,)."""


class TeamSearch:
    """Finds the best consortium of exactly so many members among some entries.

    The bound of a team is exact for the forest of hand-overs; what it leaves out (other
    hand-overs, second sources, that each member serves something) only adds cost. A team whose
    bound is good enough is handed to ``settle``, which knows all conditions.
    """

    def __init__(
        self,
        instance: Instance,
        table: NDArray[np.uint8],
        entries: Numbers,
        target: int,
        members: int,
        conditions: Conditions,
        clock: Clock,
    ) -> None:
        """Lay the entries out by slot and organisation.

        Args:
            instance: The problem.
            table: Cover table.
            entries: Entries that may be used.
            target: Slots to serve, as bits.
            members: Number of members.
            conditions: What is asked of the members together.
            clock: When to stop.

        Raises:
            OutOfTimeError: The clock says so.
        """
        self.table = table
        self.target = target
        self.members = members
        self.conditions = conditions
        self.clock = clock
        self.is_stopped = False
        self.nodes = 0
        self.organisations, at = np.unique(instance.organisation[entries], return_inverse=True)
        self.slots = [s for s in range(instance.slots) if target >> s & 1]
        shape = instance.slots, len(self.organisations)
        self.cost = np.full(shape, _CANNOT, dtype=np.int64)
        np.minimum.at(self.cost, (instance.slot[entries], at), instance.cost[entries])
        self.entry = np.full(shape, -1, dtype=np.int64)
        self.entry[instance.slot[entries], at] = entries
        self.entries, self.entry_owner = entries, at
        self.masks = np.zeros(len(self.organisations), dtype=np.int64)
        np.bitwise_or.at(self.masks, at, np.int64(1) << instance.slot[entries])
        self.instance = instance
        self.forest: Forest = forest_of(self.slots, instance.handovers.edges)
        self.is_simple = instance.handovers.has_one_site_each(instance.organisation)
        self.is_connected = sum(parent is None for _, parent in self.forest) == 1
        self.any_entry = self.entry.max(axis=0)
        self.directions = instance.handovers.directions(self.any_entry)
        self.least = instance.handovers.least_costs(self.organisations)
        joined = [(p, s) for s, p in self.forest if p is not None]
        self.ends = [*joined, *((s, p) for p, s in joined)]  # slots of a member and of another
        self.rows: dict[int, dict[tuple[int, int], Numbers]] = {}
        self.written: dict[int, list[tuple[Numbers, Numbers]]] = {}  # rows, and where
        self.blank: list[Numbers] = []  # rows that hold nothing, to be written on again
        clock.check()
        self.neighbourhoods = Neighbourhoods(self.masks, self.cost, self.directions)
        clock.check()
        self.is_out = np.zeros(len(self.organisations), dtype=bool)  # in the team, or tried before

    def run(self, best: int, settle: Settle) -> int:
        """Search everything that can cost less than ``best``.

        Args:
            best: Only consortia that cost less.
            settle: Searches the entries of a promising team; returns the least cost known then,
                ``None`` when time did not suffice.

        Returns:
            A lower bound of what was not examined; ``INFINITE`` when all was.
        """
        self.best = best
        self.settle = settle
        return self._visit(())

    def _visit(self, team: tuple[int, ...]) -> int:
        """Search below a team that others are to complete."""
        self.nodes += 1
        left = self.members - len(team)
        open_slots = self.target
        for member in team:
            open_slots &= ~int(self.masks[member])
        near = self._near(team, open_slots, left)
        able = self._able(team, near, left)
        chosen = self._next(able, open_slots, left)
        if not len(chosen):
            return INFINITE
        try:
            if team:
                self._measure(team[-1], able)
            unknown = self._unknown(able, chosen, near, open_slots, left) if left > 1 else None
            bounds = self._bounds(team, able, chosen, unknown)
            return self._branch(team, chosen, bounds, left)
        except OutOfTimeError:
            self.is_stopped = True
            return int(self.cost.min(axis=1)[self.slots].sum())
        finally:
            self.is_out[chosen] = False
            if team:
                self._forget(team[-1])

    def _branch(self, team: tuple[int, ...], chosen: Numbers, bounds: Numbers, left: int) -> int:
        """Let one after the other of the chosen join, the most promising first."""
        order = np.argsort(bounds, kind="stable")
        for position, number in enumerate(order.tolist()):
            bound = int(bounds[number])
            if bound >= self.best:
                break
            self.is_out[chosen[number]] = True
            below = self._descend((*team, int(chosen[number])), left)
            if self.is_stopped:
                rest = int(bounds[order[position + 1 :]].min(initial=INFINITE))
                return min(max(below, bound), rest)
        return INFINITE

    def _near(self, team: tuple[int, ...], open_slots: int, left: int) -> Numbers:
        """Return the neighbourhoods that members of a completed team can be from."""
        groups = self.neighbourhoods
        fit = np.flatnonzero(self.table[open_slots & ~groups.masks] < left)
        if not team or not (self.is_simple and self.is_connected) or not len(fit):
            return fit
        radii = self._radii_km(team, groups.cost[:, fit], left)
        apart = groups.least_km(self.directions[:, list(team)], fit)
        near: Numbers = fit[(apart <= radii).all(axis=0)]
        return near

    def _radii_km(self, team: tuple[int, ...], cost: Numbers, left: int) -> NDArray[np.float64]:
        """Return how far from each member of a team others can be for what may be paid.

        What lies between two members of a connected chain is at least as far as they are apart.

        Args:
            team: Some of the members, not none.
            cost: What the others ask for each slot, shape (slots, others).
            left: How many of the others are to come.
        """
        by_team = self.cost[:, list(team)].min(axis=1, keepdims=True)
        others = cost if left == 1 else cost.min(axis=1, keepdims=True)
        match = np.minimum(by_team, others)[self.slots].sum(axis=0)
        handover = int(self.least[list(team)].max())  # each member hands over to another
        # Each hand-over on the way is rounded by at most one half.
        spare = self.best - match - handover + 0.5 * len(self.slots)
        return self.instance.handovers.radii_km(spare.astype(np.float64)) + _LAST_METRES

    def _descend(self, team: tuple[int, ...], left: int) -> int:
        """Visit a team with one member more, or settle it when it is complete."""
        if self.clock.is_over:
            self.is_stopped = True
            return 0
        if left > 1:
            return self._visit(team)
        best = self.settle(self.entries[np.isin(self.entry_owner, team)])
        if best is None:
            self.is_stopped = True
        else:
            self.best = best
        return 0

    def _able(self, team: tuple[int, ...], near: Numbers, left: int) -> Numbers:
        """Return who may be in a team that is completed by as many as are left."""
        others = self.neighbourhoods.members(near)
        others = others[~self.is_out[others]]
        if team and left == 1 and self.is_simple and self.is_connected:
            others = self._within_reach(team, others)
        members = self.organisations[list(team)].tolist()
        owners = self.organisations[others]
        able = self.conditions.may_join(owners, members, left)
        able &= self.conditions.without_partners(owners, members)
        fit: Numbers = others[able]
        return fit

    def _within_reach(self, team: tuple[int, ...], others: Numbers) -> Numbers:
        """Return who is near enough to complete a team for what may be paid."""
        radii = self._radii_km(team, self.cost[:, others], 1)
        cosines = self.directions[:, list(team)].T @ self.directions[:, others]
        is_far = cosines < np.cos(np.clip(radii / EARTH_RADIUS_KM, 0.0, np.pi)) - _LAST_DIGITS
        near: Numbers = others[~is_far.any(axis=0)]
        return near

    def _unknown(
        self, able: Numbers, chosen: Numbers, near: Numbers, open_slots: int, left: int
    ) -> tuple[Numbers, Numbers]:
        """Return what those who come after each of the chosen ask at least.

        They must be able to cover what the chosen one leaves open.

        Returns:
            Least cost of each slot, shape (slots, chosen), and least cost of the distance from
            each of the chosen to one of them.
        """
        kinds, kind = np.unique(self.masks[chosen], return_inverse=True)
        cost = np.empty((len(self.cost), len(chosen)), dtype=np.int64)
        apart = np.zeros(len(chosen), dtype=np.int64)
        groups = self.neighbourhoods
        least = self.cost[:, able].min(axis=1)
        for number, mask in enumerate(kinds.tolist()):
            own = np.flatnonzero(kind == number)
            fit = near[self.table[open_slots & ~mask & ~groups.masks[near]] < left - 1]
            asked = groups.cost[:, fit].min(axis=1, initial=_CANNOT)
            cost[:, own] = np.maximum(asked, least)[:, None]
            if self.is_simple and len(fit):
                apart[own] = self._least_distance_costs(chosen[own], fit)
        return cost, apart

    def _least_distance_costs(self, numbers: Numbers, near: Numbers) -> Numbers:
        """Return what the distance to the nearest of some neighbourhoods costs."""
        least = np.empty(len(numbers))
        for part in parts_of(len(numbers), len(near), self.clock):
            km = self.neighbourhoods.least_km(self.directions[:, numbers[part]], near)
            least[part] = km.min(axis=1)
        return self.instance.handovers.least_distance_costs(least)

    def _next(self, able: Numbers, open_slots: int, left: int) -> Numbers:
        """Return organisations of which every completed team has one, as few as are easily found.

        Somebody serves each open slot; and somebody serves as many as the average.
        """
        if not open_slots or not len(able):
            return able
        masks = self.masks[able]
        served = np.bitwise_count(masks & open_slots)
        choices = [served * left >= open_slots.bit_count()]
        choices += [masks >> s & 1 == 1 for s in self.slots if open_slots >> s & 1]
        best = choices[0] if left == 1 else min(choices, key=lambda choice: int(choice.sum()))
        chosen: Numbers = able[best]
        return chosen

    def _measure(self, member: int, others: Numbers) -> None:
        """Compute what a member and each of the others pay to hand over to each other."""
        rows: dict[tuple[int, int], Numbers] = {}
        self.written[member] = []
        if self.is_simple:
            row = self._row(int(self.any_entry[member]), self.any_entry, member, others)
            rows = dict.fromkeys(self.ends, row)
        else:
            for r, s in self.ends:
                rows[r, s] = self._row(int(self.entry[r, member]), self.entry[s], member, others)
        self.rows[member] = rows

    def _forget(self, member: int) -> None:
        """Give up what :meth:`_measure` has written.

        A row is as long as there are organisations: kept for each member that was tried, they
        would take gigabytes.
        """
        del self.rows[member]
        for row, where in self.written.pop(member):
            row[where] = _CANNOT
            self.blank.append(row)

    def _row(self, own: int, entries: Numbers, member: int, others: Numbers) -> Numbers:
        """Return what one entry and those of others cost together, by number of the other."""
        row = self.blank.pop() if self.blank else np.full(len(self.masks), _CANNOT, dtype=np.int64)
        theirs = others[entries[others] >= 0]
        self.written[member].append((row, theirs))
        if own >= 0 and len(theirs):
            owners = int(self.organisations[member]), self.organisations[theirs]
            row[theirs] = self.instance.handovers.from_one(own, entries[theirs], *owners)
        return row

    def _bounds(
        self, team: tuple[int, ...], able: Numbers, chosen: Numbers, unknown: Unknown | None
    ) -> Numbers:
        """Return for each of the chosen the least cost of a team with it.

        Who serves a slot is a member, the chosen one, or, when more than one is left, somebody
        unknown.
        """
        costs = self._costs(team, chosen, unknown)
        total = np.zeros(len(chosen), dtype=np.int64)
        shared = self._pairs(*self.ends[0], team, able, chosen, unknown) if self.ends else None
        for slot, parent in reversed(self.forest):
            if parent is None:
                total += costs[slot].min(axis=0)
                continue
            pairs = shared if self.is_simple else None
            if pairs is None:
                pairs = self._pairs(parent, slot, team, able, chosen, unknown)
            costs[parent] += (pairs + costs[slot]).min(axis=1)
        return total

    def _costs(self, team: tuple[int, ...], chosen: Numbers, unknown: Unknown | None) -> Numbers:
        """Return what each slot costs by who serves it, shape (slots, those, chosen)."""
        size = len(team) + 1 + (unknown is not None)
        costs = np.empty((len(self.cost), size, len(chosen)), dtype=np.int64)
        costs[:, : len(team)] = self.cost[:, list(team), None]
        costs[:, len(team)] = self.cost[:, chosen]
        if unknown is not None:
            costs[:, -1] = unknown[0]
        return costs

    def _pairs(
        self,
        first: int,
        second: int,
        team: Sequence[int],
        able: Numbers,
        chosen: Numbers,
        unknown: Unknown | None,
    ) -> Numbers:
        """Return what handing over costs by who serves the two slots, (those, those, chosen)."""
        size = len(team) + 1 + (unknown is not None)
        pairs = np.zeros((size, size, len(chosen)), dtype=np.int64)
        new = len(team)
        for number, member in enumerate(team):
            there, back = self.rows[member][first, second], self.rows[member][second, first]
            for other in range(number + 1, new):
                pairs[number, other] = there[team[other]]
                pairs[other, number] = back[team[other]]
            pairs[number, new], pairs[new, number] = there[chosen], back[chosen]
            if unknown is not None:
                pairs[number, -1], pairs[-1, number] = there[able].min(), back[able].min()
        if unknown is not None:
            pairs[new, -1] = pairs[-1, new] = self.least[chosen] + unknown[1]
        return pairs
