"""Forward checking: the exact search over who serves which slot.

A node is a partial assignment. Of every entry that is still possible its cost is known, with the
hand-overs to what is already assigned. Of each open slot the least such cost must be paid;
entries that lift the sum to the incumbent are dropped, and so are entries whose choice leaves
more to cover than the members still allowed can cover (the cover table).
"""

import numpy as np
from numpy.typing import NDArray

from graph.consortium.ascent import MOST_ENTRIES, Ascent
from graph.consortium.blocks import gathered
from graph.consortium.bound import forest_of, marginals
from graph.consortium.conditions import Conditions
from graph.consortium.control import INFINITE, Clock, OutOfTimeError, Pruning
from graph.consortium.instance import Instance
from graph.consortium.node import Node

__all__ = ["ForwardChecking"]


_ROUNDING = 1e-6
"""What adding up quantities may differ by."""

_FORBIDDEN = 1 << 30
"""Cost of a pair that cannot be, larger than any that is paid."""

_FEW = 64
"""So few entries are held against each other in one go."""

_SWEEPS = 100
"""Most sweeps of the ascent at one node; nearly always it gains too little long before."""


class ForwardChecking:
    """State of one search: entries that may be used, team, incumbent.

    Attributes:
        best: Cost of the incumbent, or the bound that was given.
        found: Entry of each slot of the incumbent; empty when none was found.
        nodes: Partial assignments examined.
        is_stopped: Time did not suffice.
    """

    def __init__(
        self,
        instance: Instance,
        table: NDArray[np.uint8],
        kept: NDArray[np.int64],
        members: int,
        clock: Clock,
        best: int,
        conditions: Conditions,
        pruning: Pruning,
    ) -> None:
        """Take the entries ``kept`` of the instance, ascending."""
        self.instance = instance
        self.table = table
        self.members = members
        self.clock = clock
        self.best = best
        self.conditions = conditions
        self.pruning = pruning
        self.found: tuple[int, ...] = ()
        self.nodes = 0
        self.is_stopped = False
        self.kept = kept
        self.slot = instance.slot[kept]
        self.owner = instance.organisation[kept]
        self.mask = instance.masks[self.owner]
        self.starts = np.searchsorted(self.slot, np.arange(instance.slots + 1))
        self.in_team = np.zeros(instance.organisations, dtype=bool)
        self.team: list[int] = []
        self.blocks: dict[tuple[int, int], NDArray[np.int32]] = {}
        self.chosen: dict[int, int] = {}
        self.twin = dict(instance.twins) | {b: a for a, b in instance.twins}
        self.neighbours: dict[int, list[int]] = {slot: [] for slot in range(instance.slots)}
        for r, s in instance.handovers.edges:
            self.neighbours[r].append(s)
            self.neighbours[s].append(r)
        self._take_capacities()

    def run(self, target: int) -> int:
        """Search for something cheaper than ``best`` that serves the target.

        Returns:
            A lower bound of everything that was not examined; ``INFINITE`` when all was.
        """
        slots = [s for s in range(self.instance.slots) if target >> s & 1]
        is_served = all(self.starts[s] < self.starts[s + 1] for s in slots)
        if not is_served or not 1 <= self.members <= len(slots):
            return INFINITE
        costs = self.instance.cost[self.kept]
        try:
            self._fill_blocks(slots)
            self._take_nearest()
        except OutOfTimeError:
            self.is_stopped = True
            return int(np.minimum.reduceat(costs, self.starts[slots]).sum())
        return self._visit(Node(target, 0, 0, 0, np.arange(len(self.kept)), costs))

    def _take_capacities(self) -> None:
        """Note for each entry the capacities that it draws on, and how much."""
        self.free = [capacity.available for capacity in self.instance.capacities]
        self.draws: dict[int, list[tuple[int, float]]] = {}
        self.drawers: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
        for number, capacity in enumerate(self.instance.capacities):
            at = np.flatnonzero(np.isin(self.kept, capacity.entries))
            loads = capacity.loads[np.searchsorted(capacity.entries, self.kept[at])]
            self.drawers.append((at, loads))
            for entry, load in zip(at.tolist(), loads.tolist(), strict=True):
                self.draws.setdefault(entry, []).append((number, load))

    def _fill_blocks(self, slots: list[int]) -> None:
        few = self._between_few() if len(self.kept) <= _FEW else None
        for r, s in self.instance.handovers.edges:
            self.clock.check()
            if r in slots and s in slots:
                if few is None:
                    ends = self._entries_of(r), self._entries_of(s)
                    block = self.instance.block(r, s, *ends, self.clock)
                else:
                    block = few[slice(*self.starts[r : r + 2]), slice(*self.starts[s : s + 2])]
                self.blocks[r, s], self.blocks[s, r] = block, block.T

    def _between_few(self) -> NDArray[np.int32]:
        """Return what all pairs of few entries cost together, sooner than slot by slot."""
        one, two = np.divmod(np.arange(len(self.kept) ** 2), len(self.kept))
        ends = self.kept[one], self.kept[two]
        costs = self.instance.handovers.between(*ends, self.owner[one], self.owner[two])
        costs[self.owner[one] == self.owner[two]] = 0  # nothing is charged within one
        return costs.astype(np.int32).reshape(len(self.kept), -1)

    def _take_nearest(self) -> None:
        """Note for each entry what the nearest one of each slot that it hands over to costs."""
        served = {slot for ends in self.blocks for slot in ends}
        self.is_dense = len(self.blocks) // 2 > len(served)
        if not self.is_dense:
            return
        self.nearest = np.zeros((len(self.kept), self.instance.slots), dtype=np.int64)
        for (r, s), block in self.blocks.items():
            self.clock.check()
            self.nearest[self.starts[r] : self.starts[r + 1], s] = block.min(axis=1)

    def _entries_of(self, slot: int) -> NDArray[np.int64]:
        return self.kept[self.starts[slot] : self.starts[slot + 1]]

    def _visit(self, node: Node) -> int:
        """Search below a node.

        Returns:
            A lower bound of everything below that was not examined; ``INFINITE`` when all was.
        """
        self.nodes += 1
        if self.clock.is_over:
            self.is_stopped = True
            return node.paid
        if not node.open:
            self._accept(node)
            return INFINITE
        if not self._can_finish(node):
            return INFINITE
        node = node.among(self._possible(node))
        try:
            bounds = self._bounds(node)
        except OutOfTimeError:
            self.is_stopped = True
            return node.paid + self._least(node)
        if bounds is None:
            return INFINITE
        if self.pruning.costs:
            good = bounds < self.best
            node, bounds = node.among(good), bounds[good]
            if self._climbs(node):
                bounds = np.maximum(bounds, self._climbed_bounds(node))
                good = bounds < self.best
                node, bounds = node.among(good), bounds[good]
        return self._branch(node, bounds)

    def _climbs(self, node: Node) -> bool:
        """Tell whether costs are moved about at a node for better bounds.

        They are where the open slots hand over to each other more than along a forest, there is
        something to choose, and each slot brings a member of its own. Where members are fewer,
        what they can cover together rules out most, of which the ascent knows nothing.
        """
        count = node.open.bit_count()
        if not self.is_dense or self.members - node.size != count:
            return False
        is_worth_it = self.pruning.ascent_above * count < len(node.live) <= MOST_ENTRIES
        joined = sum(r < s and node.open >> r & node.open >> s & 1 for r, s in self.blocks)
        return is_worth_it and joined >= count

    def _climbed_bounds(self, node: Node) -> NDArray[np.int64]:
        """Return bounds by dual ascent; see :class:`Ascent`."""
        slots, cuts = self._slots(node)
        local = {s: node.live[cuts[s] : cuts[s + 1]] - self.starts[s] for s in slots}
        handovers = {}
        for (r, s), block in self.blocks.items():
            if r < s and r in local and s in local:
                one, two = local[r] + self.starts[r], local[s] + self.starts[s]
                is_same = self.owner[one][:, None] == self.owner[two]
                # Each slot brings a member of its own, so nobody serves two.
                handovers[r, s] = np.where(is_same, _FORBIDDEN, block[local[r][:, None], local[s]])
        ascent = Ascent.of(self.slot[node.live], node.paid, node.cost, handovers)
        ascent.climb(self.best, _SWEEPS, self.clock)
        return ascent.bounds()

    def _slots(self, node: Node) -> tuple[list[int], NDArray[np.int64]]:
        """Return the open slots, and where the live entries of every slot begin."""
        slots = [s for s in range(self.instance.slots) if node.open >> s & 1]
        return slots, np.searchsorted(node.live, self.starts)

    def _least(self, node: Node) -> int:
        """Return the sum of the least costs of the open slots, each of which has an entry."""
        slots, cuts = self._slots(node)
        return int(np.minimum.reduceat(node.cost, cuts[slots]).sum())

    def _accept(self, node: Node) -> None:
        """Take a complete assignment; its size and the maxima of groups were seen to on the way."""
        if node.paid >= self.best:
            return
        if self.conditions.are_met(self.team):
            self.best = node.paid
            self.found = tuple(int(self.kept[self.chosen[s]]) for s in sorted(self.chosen))

    def _can_finish(self, node: Node) -> bool:
        """Tell whether the members that can still join can cover what is open.

        That enough slots are left for them is seen to in :meth:`_possible`.
        """
        if not self.pruning.cover:
            return True
        return node.size + int(self.table[node.open & ~node.covered]) <= self.members

    def _possible(self, node: Node) -> NDArray[np.bool_]:
        """Tell which live entries leave a way to finish with the right number of members."""
        owners = self.owner[node.live]
        room = self.members - node.size
        joining = self.conditions.may_join(owners, self.team, room)
        if self.pruning.cover and room > 0:
            rest = (node.open & ~node.covered) & ~self.mask[node.live]
            joining &= self.table[rest].astype(np.int64) < room
        # A member may take one more slot only if enough slots are left for those to come.
        can_stay = node.open.bit_count() - 1 >= room
        result: NDArray[np.bool_] = np.where(self.in_team[owners], can_stay, joining)
        return result

    def _bounds(self, node: Node) -> NDArray[np.int64] | None:
        """Return for each live entry a lower bound of any consortium with it.

        ``None`` when some open slot has no entry left.
        """
        slots, cuts = self._slots(node)
        first, last = cuts[slots], cuts[1:][slots]
        if (first == last).any():
            return None
        least = np.minimum.reduceat(node.cost, first)
        total = node.paid + int(least.sum())
        simple: NDArray[np.int64] = node.cost + np.repeat(total - least, last - first)
        if not self.pruning.costs or total >= self.best:
            return simple
        if not self.pruning.forest:
            return simple
        bounds = node.paid + self._forest_bounds(node)
        return np.maximum(bounds, self._shared_bounds(node)) if self.is_dense else bounds

    def _shared_bounds(self, node: Node) -> NDArray[np.int64]:
        """Return bounds to which each hand-over adds one half at either end.

        Where hand-overs are many more than a forest has, that sees the others as well.
        """
        slots, cuts = self._slots(node)
        shared = node.cost + self.nearest[node.live][:, slots].sum(axis=1) / 2
        first, last = cuts[slots], cuts[1:][slots]
        least = np.minimum.reduceat(shared, first)
        bounds = shared + np.repeat(least.sum() - least, last - first)
        whole: NDArray[np.int64] = node.paid + np.ceil(bounds).astype(np.int64)
        return whole

    def _forest_bounds(self, node: Node) -> NDArray[np.int64]:
        slots, cuts = self._slots(node)
        forest = forest_of(slots, self.instance.handovers.edges)
        local = {s: node.live[cuts[s] : cuts[s + 1]] - self.starts[s] for s in slots}
        handovers = {
            (parent, slot): gathered(
                self.blocks[parent, slot], local[parent], local[slot], self.clock
            )
            for slot, parent in forest
            if parent is not None
        }
        parts = {s: node.cost[cuts[s] : cuts[s + 1]] for s in slots}
        _, full = marginals(forest, parts, handovers, self.clock)
        return np.concatenate([full[s] for s in slots])

    def _branch(self, node: Node, bounds: NDArray[np.int64]) -> int:
        """Try the entries of the slot that has the fewest, the most promising first."""
        slots, cuts = self._slots(node)
        branch = min(slots, key=lambda s: (cuts[s + 1] - cuts[s], s))
        span = slice(int(cuts[branch]), int(cuts[branch + 1]))
        order = np.argsort(bounds[span], kind="stable") + span.start
        for position, number in enumerate(order.tolist()):
            if self.pruning.costs and bounds[number] >= self.best:
                break
            below = self._descend(branch, int(node.live[number]), self._child(node, branch, number))
            if self.is_stopped:
                rest = bounds[order[position + 1 :]]
                return int(min(max(below, bounds[number]), rest.min(initial=INFINITE)))
        return INFINITE

    def _descend(self, slot: int, entry: int, child: Node) -> int:
        """Visit a child with its choice entered into the state, and take it back."""
        owner = int(self.owner[entry])
        is_new = not self.in_team[owner]
        if is_new:
            self.in_team[owner] = True
            self.team.append(owner)
        self.chosen[slot] = entry
        self._draw(entry, 1)
        below = self._visit(child)
        self._draw(entry, -1)
        del self.chosen[slot]
        if is_new:
            self.in_team[owner] = False
            self.team.pop()
        return below

    def _draw(self, entry: int, sign: int) -> None:
        """Take what an entry needs off its capacities, or give it back."""
        for number, load in self.draws.get(entry, ()):
            self.free[number] -= sign * load

    def _has_room(self, entry: int, live: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which entries still fit into the capacities when one more is drawn on."""
        fits = np.full(len(live), True)
        for number, load in self.draws.get(entry, ()):
            entries, loads = self.drawers[number]
            over = entries[loads > self.free[number] - load + _ROUNDING]
            fits &= ~np.isin(live, over)
        return fits

    def _child(self, node: Node, slot: int, number: int) -> Node:
        """Return the node after choosing a live entry, by its number, for ``slot``."""
        entry = int(node.live[number])
        owner = int(self.owner[entry])
        keep = self._compatible(node.live, slot, entry)
        live, cost = node.live[keep], node.cost[keep]
        cuts = np.searchsorted(live, self.starts)
        own = entry - int(self.starts[slot])
        for other in self.neighbours[slot]:
            if node.open >> other & 1:
                span = slice(int(cuts[other]), int(cuts[other + 1]))
                local = live[span] - self.starts[other]
                cost[span] += self.blocks[slot, other][own, local]
        return Node(
            open=node.open & ~(1 << slot),
            size=node.size + (not self.in_team[owner]),
            covered=node.covered | int(self.mask[entry]),
            paid=node.paid + int(node.cost[number]),
            live=live,
            cost=cost,
        )

    def _compatible(self, live: NDArray[np.int64], slot: int, entry: int) -> NDArray[np.bool_]:
        """Tell which entries of other slots may be chosen beside ``entry`` for ``slot``."""
        owner = int(self.owner[entry])
        keep: NDArray[np.bool_] = self.slot[live] != slot
        if slot in self.twin:
            keep &= (self.slot[live] != self.twin[slot]) | (self.owner[live] != owner)
        partners = self.conditions.partners
        if owner in partners:
            keep &= ~np.isin(self.owner[live], partners[owner])
        if entry in self.draws:
            keep &= self._has_room(entry, live)
        return keep
