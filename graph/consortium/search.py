"""Exact search for the best consortium with a given number of members.

Forward checking: a node is a partial assignment. Of every entry that is still possible its cost
is known, with the hand-overs to what is already assigned. Of each open slot the least such cost
must be paid; entries that lift the sum to the incumbent are dropped, and so are entries whose
choice leaves more to cover than the members still allowed can cover (the cover table).
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from graph.consortium.blocks import gathered
from graph.consortium.bound import forest_of, marginals
from graph.consortium.control import INFINITE, Clock, Outcome, OutOfTimeError, Pruning
from graph.consortium.instance import Group, Instance
from graph.consortium.node import Node
from graph.consortium.reduction import (
    LARGEST_BLOCK,
    REDUCE_ABOVE,
    entry_bounds,
    largest_block,
    nearby,
    promising,
)

__all__ = ["search"]


def search(
    instance: Instance,
    table: NDArray[np.uint8],
    target: int,
    members: int,
    clock: Clock,
    bound: int = INFINITE,
    without: frozenset[int] = frozenset(),
    groups: tuple[Group, ...] = (),
    only: NDArray[np.bool_] | None = None,
    pruning: Pruning | None = None,
) -> Outcome:
    """Find the cheapest consortium of exactly ``members`` members that serves ``target``.

    Every member serves at least one slot. Equal costs are decided by the order of the search,
    which follows cost and then the order of organisations, so the answer is deterministic.

    Args:
        instance: The problem.
        table: Cover table of the instance's masks, or of more than these.
        target: Slots to serve, as bits.
        members: Number of members.
        clock: When to stop.
        bound: Only consortia that cost less are looked for.
        without: Organisations that must not be members.
        groups: Conditions on top of those of the instance.
        only: Which entries may be used; all by default.
        pruning: Switches for tests; all on by default.

    Returns:
        The best consortium, or the proof that there is none below ``bound``.
    """
    run = _Search(
        instance, table, members, clock, bound, instance.groups + groups, pruning or Pruning()
    )
    return run.solve(target, without, only)


class _Search:
    """State of one search: entries kept at the root, team, incumbent."""

    def __init__(
        self,
        instance: Instance,
        table: NDArray[np.uint8],
        members: int,
        clock: Clock,
        bound: int,
        groups: tuple[Group, ...],
        pruning: Pruning,
    ) -> None:
        self.instance = instance
        self.table = table
        self.members = members
        self.clock = clock
        self.best = bound
        self.groups = groups
        self.pruning = pruning
        self.found: tuple[int, ...] = ()
        self.nodes = 0
        self.is_stopped = False
        self.in_team = np.zeros(instance.organisations, dtype=bool)
        self.blocks: dict[tuple[int, int], NDArray[np.int32]] = {}
        self.chosen: dict[int, int] = {}
        self.partners: dict[int, list[int]] = {}
        for first, second in instance.conflicts:
            self.partners.setdefault(first, []).append(second)
            self.partners.setdefault(second, []).append(first)
        self.twin = dict(instance.twins) | {b: a for a, b in instance.twins}
        self.neighbours: dict[int, list[int]] = {slot: [] for slot in range(instance.slots)}
        for r, s in instance.handovers.edges:
            self.neighbours[r].append(s)
            self.neighbours[s].append(r)

    def solve(
        self, target: int, without: frozenset[int], only: NDArray[np.bool_] | None
    ) -> Outcome:
        """Run the search; see :func:`search`."""
        kept = self._root_entries(target, without, only)
        wanted = [s for s in range(self.instance.slots) if target >> s & 1]
        floor = 0
        if self.pruning.reduction and largest_block(self.instance, kept) > REDUCE_ABOVE:
            try:
                kept, floor = self._reduce(kept, target, wanted)
            except OutOfTimeError:
                self.is_stopped = True
        self.kept = kept
        self.slot = self.instance.slot[kept]
        self.owner = self.instance.organisation[kept]
        self.mask = self.instance.masks[self.owner]
        self.starts = np.searchsorted(self.slot, np.arange(self.instance.slots + 1))
        is_served = all(self.starts[s] < self.starts[s + 1] for s in wanted)
        open_bound = INFINITE
        if self.is_stopped:
            open_bound = floor
        elif is_served and 1 <= self.members <= len(wanted):
            open_bound = max(floor, self._start(target, wanted))
        cost = self.best if self.found else INFINITE
        bound = min(cost, open_bound) if self.is_stopped else cost
        return Outcome(self.found, cost, bound, not self.is_stopped, self.nodes, len(kept))

    def _reduce(
        self, kept: NDArray[np.int64], target: int, wanted: list[int]
    ) -> tuple[NDArray[np.int64], int]:
        """Find a good consortium among few entries and drop entries that cannot beat it.

        Returns:
            The entries that are left, and a lower bound of every consortium.
        """
        instance = self.instance
        if len(np.unique(instance.slot[kept])) < len(wanted):
            return kept, 0
        few = promising(instance, kept, target)
        needed = kept[np.isin(instance.organisation[kept], instance.forced)]
        self._try(np.union1d(few, needed), target)
        if self.found:
            self._try(np.union1d(nearby(instance, kept, self.found, self.clock), needed), target)
        bounds = entry_bounds(instance, kept, self.clock)
        starts = np.searchsorted(instance.slot[kept], wanted)
        floor = int(np.minimum.reduceat(bounds, starts).max())
        kept = kept[bounds < self.best]
        if largest_block(instance, kept) > LARGEST_BLOCK:
            self.is_stopped = True
        return kept, floor

    def _try(self, entries: NDArray[np.int64], target: int) -> None:
        """Improve the incumbent with a search among some entries."""
        only = np.zeros(len(self.instance.slot), dtype=bool)
        only[entries] = True
        inner = _Search(
            self.instance,
            self.table,
            self.members,
            self.clock,
            self.best,
            self.groups,
            replace(self.pruning, reduction=False),
        )
        outcome = inner.solve(target, frozenset(), only)
        self.nodes += outcome.nodes
        if outcome.is_found:
            self.best, self.found = outcome.cost, outcome.entries

    def _start(self, target: int, slots: list[int]) -> int:
        """Compute the hand-overs, which takes time, and visit the root."""
        live = np.arange(len(self.kept))
        costs = self.instance.cost[self.kept]
        self.blocks = {}
        try:
            self._fill_blocks(slots)
        except OutOfTimeError:
            self.is_stopped = True
            return int(np.minimum.reduceat(costs, self.starts[slots]).sum())
        return self._visit(Node(target, 0, 0, 0, live, costs))

    def _fill_blocks(self, slots: list[int]) -> None:
        for r, s in self.instance.handovers.edges:
            self.clock.check()
            if r in slots and s in slots:
                ends = self._entries_of(r), self._entries_of(s)
                block = self.instance.block(r, s, *ends, self.clock)
                self.blocks[r, s], self.blocks[s, r] = block, block.T

    def _entries_of(self, slot: int) -> NDArray[np.int64]:
        return self.kept[self.starts[slot] : self.starts[slot + 1]]

    def _root_entries(
        self, target: int, without: frozenset[int], only: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        instance = self.instance
        wanted = (target >> instance.slot) & 1 == 1
        if only is not None:
            wanted &= only
        if without:
            wanted &= ~np.isin(instance.organisation, sorted(without))
        if self.pruning.cover:
            rest = target & ~instance.masks[instance.organisation]
            wanted &= self.table[rest].astype(np.int64) + 1 <= self.members
        return np.flatnonzero(wanted)

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
        possible = self._possible(node)
        live, cost = node.live[possible], node.cost[possible]
        try:
            bounds = self._bounds(node, live, cost)
        except OutOfTimeError:
            self.is_stopped = True
            return node.paid + self._least(node, live, cost)
        if bounds is None:
            return INFINITE
        if self.pruning.costs:
            good = bounds < self.best
            live, cost, bounds = live[good], cost[good], bounds[good]
        return self._branch(node, live, cost, bounds)

    def _least(self, node: Node, live: NDArray[np.int64], cost: NDArray[np.int64]) -> int:
        """Return the sum of the least costs of the open slots, each of which has an entry."""
        slots = [s for s in range(self.instance.slots) if node.open >> s & 1]
        cuts = np.searchsorted(live, self.starts)
        return int(np.minimum.reduceat(cost, cuts[slots]).sum())

    def _accept(self, node: Node) -> None:
        """Take a complete assignment; its size and the maxima of groups were seen to on the way."""
        if node.paid >= self.best:
            return
        is_valid = all(
            int(self.in_team[group.counts_low].sum()) >= group.at_least for group in self.groups
        ) and all(self.in_team[o] for o in self.instance.forced)
        if is_valid:
            self.best = node.paid
            self.found = tuple(int(self.kept[self.chosen[s]]) for s in sorted(self.chosen))

    def _can_finish(self, node: Node) -> bool:
        """Tell whether so many members can still join and cover what is open."""
        if node.size + node.open.bit_count() < self.members:
            return False
        if not self.pruning.cover:
            return True
        return node.size + int(self.table[node.open & ~node.covered]) <= self.members

    def _possible(self, node: Node) -> NDArray[np.bool_]:
        """Tell which live entries leave a way to finish with the right number of members."""
        owners = self.owner[node.live]
        room = self.members - node.size
        joining = self._may_join(owners, room)
        if self.pruning.cover and room > 0:
            rest = (node.open & ~node.covered) & ~self.mask[node.live]
            joining &= self.table[rest].astype(np.int64) < room
        # A member may take one more slot only if enough slots are left for those to come.
        can_stay = node.open.bit_count() - 1 >= room
        result: NDArray[np.bool_] = np.where(self.in_team[owners], can_stay, joining)
        return result

    def _may_join(self, owners: NDArray[np.int64], room: int) -> NDArray[np.bool_]:
        """Tell which organisations the conditions on members let join now."""
        allowed = np.full(len(owners), room > 0)
        for group in self.groups:
            if int(self.in_team[group.counts_high].sum()) >= group.at_most:
                allowed &= ~group.counts_high[owners]
            if group.at_least - int(self.in_team[group.counts_low].sum()) >= room:
                allowed &= group.counts_low[owners]
        missing = [o for o in self.instance.forced if not self.in_team[o]]
        if len(missing) >= room and missing:
            allowed &= np.isin(owners, missing)
        return allowed

    def _bounds(
        self, node: Node, live: NDArray[np.int64], cost: NDArray[np.int64]
    ) -> NDArray[np.int64] | None:
        """Return for each live entry a lower bound of any consortium with it.

        ``None`` when some open slot has no entry left.
        """
        slots = [s for s in range(self.instance.slots) if node.open >> s & 1]
        cuts = np.searchsorted(live, self.starts)
        first, last = cuts[slots], cuts[1:][slots]
        if (first == last).any():
            return None
        least = np.minimum.reduceat(cost, first)
        total = node.paid + int(least.sum())
        simple: NDArray[np.int64] = cost + np.repeat(total - least, last - first)
        if not (self.pruning.costs and self.pruning.forest) or total >= self.best:
            return simple
        return node.paid + self._forest_bounds(slots, cuts, live, cost)

    def _forest_bounds(
        self,
        slots: list[int],
        cuts: NDArray[np.int64],
        live: NDArray[np.int64],
        cost: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        forest = forest_of(slots, self.instance.handovers.edges)
        local = {s: live[cuts[s] : cuts[s + 1]] - self.starts[s] for s in slots}
        handovers = {
            (parent, slot): gathered(
                self.blocks[parent, slot], local[parent], local[slot], self.clock
            )
            for slot, parent in forest
            if parent is not None
        }
        parts = {s: cost[cuts[s] : cuts[s + 1]] for s in slots}
        _, full = marginals(forest, parts, handovers, self.clock)
        return np.concatenate([full[s] for s in slots])

    def _branch(
        self,
        node: Node,
        live: NDArray[np.int64],
        cost: NDArray[np.int64],
        bounds: NDArray[np.int64],
    ) -> int:
        """Try the entries of the slot that has the fewest, the most promising first."""
        cuts = np.searchsorted(live, self.starts)
        slots = [s for s in range(self.instance.slots) if node.open >> s & 1]
        branch = min(slots, key=lambda s: (cuts[s + 1] - cuts[s], s))
        span = slice(int(cuts[branch]), int(cuts[branch + 1]))
        order = np.argsort(bounds[span], kind="stable") + span.start
        for position, number in enumerate(order.tolist()):
            if self.pruning.costs and bounds[number] >= self.best:
                break
            child = self._child(node, branch, int(live[number]), int(cost[number]), live, cost)
            below = self._descend(branch, int(live[number]), child)
            if self.is_stopped:
                rest = bounds[order[position + 1 :]]
                return int(min(max(below, bounds[number]), rest.min(initial=INFINITE)))
        return INFINITE

    def _descend(self, slot: int, entry: int, child: Node) -> int:
        """Visit a child with its choice entered into the state, and take it back."""
        owner = int(self.owner[entry])
        was_member = bool(self.in_team[owner])
        self.in_team[owner] = True
        self.chosen[slot] = entry
        below = self._visit(child)
        del self.chosen[slot]
        self.in_team[owner] = was_member
        return below

    def _child(
        self,
        node: Node,
        slot: int,
        entry: int,
        price: int,
        live: NDArray[np.int64],
        cost: NDArray[np.int64],
    ) -> Node:
        """Return the node after choosing ``entry`` for ``slot``."""
        owner = int(self.owner[entry])
        keep = self.slot[live] != slot
        if slot in self.twin:
            keep &= (self.slot[live] != self.twin[slot]) | (self.owner[live] != owner)
        if owner in self.partners:
            keep &= ~np.isin(self.owner[live], self.partners[owner])
        live, cost = live[keep], cost[keep]
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
            paid=node.paid + price,
            live=live,
            cost=cost,
        )
