"""Exact search for the best consortium with a given number of members.

First, what cannot be part of it is dropped: by the cover table, and by distance where entries
are very many. Then either the slots are filled one after the other (``forward``), or members
are chosen one after the other (``teams``) where the hand-overs of all entries are too many.
"""

import numpy as np
from numpy.typing import NDArray

from graph.consortium.conditions import Conditions
from graph.consortium.control import INFINITE, Clock, Outcome, OutOfTimeError, Pruning
from graph.consortium.forward import ForwardChecking
from graph.consortium.instance import Group, Instance
from graph.consortium.reduction import (
    LARGEST_BLOCK,
    entry_bounds,
    largest_block,
    nearby,
    promising,
)
from graph.consortium.sites import MOST_PAIRS, pairs_of_sites, site_marginals
from graph.consortium.teams import TeamSearch

__all__ = ["search"]

_LOOSE = 40
"""How many times more pairs it pays to compute when the number of members says little."""

_LOOSE_SITES = 5
"""The same for pairs of places."""


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
    run = _Search(instance, table, target, members, clock, bound, groups, pruning or Pruning())
    return run.solve(without, only)


class _Search:
    """One search: what is kept of the entries, and the incumbent."""

    def __init__(
        self,
        instance: Instance,
        table: NDArray[np.uint8],
        target: int,
        members: int,
        clock: Clock,
        bound: int,
        groups: tuple[Group, ...],
        pruning: Pruning,
    ) -> None:
        self.instance = instance
        self.table = table
        self.target = target
        self.members = members
        self.clock = clock
        self.best = bound
        self.conditions = Conditions(instance, groups)
        self.pruning = pruning
        self.found: tuple[int, ...] = ()
        self.nodes = 0
        self.is_stopped = False
        self.floor = 0

    def solve(self, without: frozenset[int], only: NDArray[np.bool_] | None) -> Outcome:
        """Run the search; see :func:`search`."""
        kept = self._root_entries(without, only)
        open_bound = 0
        try:
            pairs = largest_block(self.instance, kept)
            if pairs > self.pruning.reduce_above and not self._is_for_teams(pairs):
                kept = self._reduce(kept)
            open_bound = self._search(kept)
        except OutOfTimeError:
            self.is_stopped = True
        cost = self.best if self.found else INFINITE
        bound = min(cost, max(self.floor, open_bound)) if self.is_stopped else cost
        return Outcome(self.found, cost, bound, not self.is_stopped, self.nodes, len(kept))

    @property
    def _is_tight(self) -> bool:
        """Fewer members could not cover the target, so that few can be together."""
        return int(self.table[self.target]) == self.members

    @property
    def _teams_can_bound(self) -> bool:
        """Each organisation has one place for each slot, so that hand-overs can be bounded."""
        instance = self.instance
        return not instance.has_doubles or instance.handovers.has_one_site_each(
            instance.organisation
        )

    def _is_for_teams(self, pairs: int) -> bool:
        """Tell whether members are chosen before it is asked who does what."""
        limit = self.pruning.teams_above * (1 if self._is_tight else _LOOSE)
        return pairs > limit and self._teams_can_bound

    def _search(self, kept: NDArray[np.int64]) -> int:
        """Search among the entries that are left; returns a bound of what was not examined."""
        pairs = largest_block(self.instance, kept)
        if self._is_for_teams(pairs):
            return self._search_teams(kept)
        if pairs > LARGEST_BLOCK:
            self.is_stopped = True
            return 0
        return self._search_entries(kept)

    def _search_entries(self, kept: NDArray[np.int64]) -> int:
        search = ForwardChecking(
            self.instance,
            self.table,
            kept,
            self.members,
            self.clock,
            self.best,
            self.conditions,
            self.pruning,
        )
        open_bound = search.run(self.target)
        self.nodes += search.nodes
        self.is_stopped |= search.is_stopped
        if search.found:
            self.best, self.found = search.best, search.found
        return open_bound

    def _search_teams(self, kept: NDArray[np.int64]) -> int:
        search = TeamSearch(
            self.instance, self.table, kept, self.target, self.members, self.conditions, self.clock
        )

        def settle(entries: NDArray[np.int64]) -> int | None:
            self._search_entries(entries)
            return None if self.is_stopped else self.best

        open_bound = search.run(self.best, settle)
        self.nodes += search.nodes
        self.is_stopped |= search.is_stopped
        return open_bound

    def _reduce(self, kept: NDArray[np.int64]) -> NDArray[np.int64]:
        """Find a good consortium among few entries and drop entries that cannot beat it."""
        instance = self.instance
        if not self._serves_all(kept):
            return kept
        few = promising(instance, kept, self.target, self.clock)
        needed = kept[np.isin(instance.organisation[kept], instance.forced)]
        self._try(np.union1d(few, needed))
        if self.found:
            self._try(np.union1d(nearby(instance, kept, self.found, self.clock), needed))
        kept = self._better(kept, entry_bounds(instance, kept, self.clock))
        most = MOST_PAIRS // (_LOOSE_SITES if self._is_tight else 1)
        if self._serves_all(kept) and pairs_of_sites(instance, kept) <= most:
            kept = self._better(kept, site_marginals(instance, kept, self.clock))
        return kept

    def _serves_all(self, kept: NDArray[np.int64]) -> bool:
        return len(np.unique(self.instance.slot[kept])) == self.target.bit_count()

    def _better(self, kept: NDArray[np.int64], bounds: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the entries that can beat the incumbent; note what no consortium is below."""
        starts = np.unique(self.instance.slot[kept], return_index=True)[1]
        self.floor = max(self.floor, int(np.minimum.reduceat(bounds, starts).max()))
        return kept[bounds < self.best]

    def _try(self, entries: NDArray[np.int64]) -> None:
        """Improve the incumbent with a search among some entries, which proves nothing."""
        self._search_entries(entries)
        self.is_stopped = False

    def _root_entries(
        self, without: frozenset[int], only: NDArray[np.bool_] | None
    ) -> NDArray[np.int64]:
        instance = self.instance
        wanted = (self.target >> instance.slot) & 1 == 1
        if only is not None:
            wanted &= only
        if without:
            wanted &= ~np.isin(instance.organisation, sorted(without))
        if self.pruning.cover:
            rest = self.target & ~instance.masks[instance.organisation]
            wanted &= self.table[rest].astype(np.int64) + 1 <= self.members
        return np.flatnonzero(wanted)
