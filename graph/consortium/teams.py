"""Search over teams: who is in, before who does what.

Where few members serve many slots, whole continents of organisations can serve each slot, and a
table of the hand-overs between all of them does not fit. But few of them can be together: what
two leave open, the third must cover. So members are chosen one after the other. Teams are looked
at many at a time, the most promising first, and in ever larger batches: the first ones find a
good consortium, the others have little left to beat it with.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from graph.consortium.conditions import Conditions
from graph.consortium.control import INFINITE, Clock, OutOfTimeError
from graph.consortium.instance import Instance
from graph.consortium.joining import Joining
from graph.consortium.roster import Roster
from graph.consortium.vicinity import Teams, Vicinity

__all__ = ["TeamSearch"]

_FIRST_BATCH = 16
"""Teams that are looked at together at first."""

_GROWTH = 8
"""How many times more are looked at together next."""

_SEEDS = 16
"""First members around whom a consortium is looked for before any other."""

_REACHES_KM = (100.0, 400.0)
"""How far around them."""

_STEP = 512
"""Teams after which it is looked at how many larger ones there are."""

_MOST_KEPT = 100_000
"""Larger teams that are kept before they are looked at; those before them wait."""

Numbers = NDArray[np.int64]
Settle = Callable[[Numbers], int | None]


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
        self.members = members
        self.clock = clock
        self.is_stopped = False
        self.nodes = 0
        clock.check()
        self.roster = Roster(instance, entries, target, clock)
        self.vicinity = Vicinity(self.roster, table, target, members, clock)
        self.joining = Joining(self.roster, self.vicinity, members, conditions, clock)

    def run(self, best: int, settle: Settle) -> int:
        """Search everything that can cost less than ``best``.

        Args:
            best: Only consortia that cost less.
            settle: Searches the entries of a promising team; returns the least cost known then,
                ``None`` when time did not suffice.

        Returns:
            A lower bound of what was not examined; ``INFINITE`` when all was.
        """
        self.vicinity.best = best
        self.settle = settle
        lowest = int(self.roster.cost.min(axis=1)[self.roster.slots].sum())
        try:
            teams, bounds, _ = self._larger(Teams.nobody(), 0, 1)
            lowest = max(lowest, int(bounds.min(initial=INFINITE)))
            self.joining.rank[teams.members[:, 0]] = np.arange(len(teams)) - len(teams)
            self._look_near_by(teams, bounds)
        except OutOfTimeError:
            self.is_stopped = True
        return lowest if self.is_stopped else self._descend(teams, bounds)

    def _look_near_by(self, teams: Teams, bounds: Numbers) -> None:
        """Find a consortium around some members, the most promising first; proves nothing.

        A good one rules out what is far away, before anything there is looked at.
        """
        if self.members == 1 or not self.vicinity.is_bounded:
            return
        best = self.vicinity.best
        for self.vicinity.reach_km in _REACHES_KM:
            self._visit(teams.some(slice(_SEEDS)), bounds[:_SEEDS])
            if self.is_stopped or self.vicinity.best < best:
                break
        self.vicinity.reach_km = np.inf

    def _visit(self, teams: Teams, bounds: Numbers) -> int:
        """Search below some teams, the most promising first.

        Args:
            teams: Teams that others are to complete, ascending by bound.
            bounds: What each costs at least when it is complete.
        """
        start, batch = 0, _FIRST_BATCH
        while start < len(teams) and bounds[start] < self.vicinity.best:
            good = int(np.searchsorted(bounds, self.vicinity.best))
            if teams.members.shape[1] == 1:
                self.joining.is_out[teams.members[good:, 0]] = True
            stop = min(start + batch, good)
            kept = self.vicinity.kept
            try:
                larger, larger_bounds, stop = self._larger(teams, start, stop)
                below = self._descend(larger, larger_bounds)
            except OutOfTimeError:
                self.is_stopped, below = True, 0
            if self.is_stopped:
                rest = int(bounds[stop]) if stop < len(bounds) else INFINITE
                return min(max(below, int(bounds[start])), rest)
            self.vicinity.forget(kept)
            start, batch = stop, batch * _GROWTH
        return INFINITE

    def _descend(self, teams: Teams, bounds: Numbers) -> int:
        """Search below larger teams, or settle them when they are complete."""
        if teams.members.shape[1] < self.members:
            return self._visit(teams, bounds)
        for number, bound in enumerate(bounds.tolist()):
            if bound >= self.vicinity.best:
                break
            best = self.settle(self.roster.entries_of(teams.members[number]))
            if best is None:
                self.is_stopped = True
                return int(bound)
            self.vicinity.best = best
        return INFINITE

    def _larger(self, teams: Teams, start: int, stop: int) -> tuple[Teams, Numbers, int]:
        """Return what some teams become with one member more, ascending by bound.

        Returns:
            The larger teams, their bounds, and the first of the teams that was not looked at.
        """
        parts, bounds = [], []
        kept = 0
        step = max(1, min(_STEP, stop - start))
        while start < stop and kept < _MOST_KEPT:
            some = teams.some(slice(start, min(start + step, stop)))
            start += len(some)
            self.nodes += len(some)
            for larger, costs in self.joining.larger(some):
                good = np.flatnonzero(costs < self.vicinity.best)
                parts.append(larger.some(good))
                bounds.append(costs[good])
                kept += len(good)
        if not kept:
            return Teams.none(teams.members.shape[1] + 1), np.zeros(0, dtype=np.int64), start
        costs = np.concatenate(bounds)
        order = np.argsort(costs, kind="stable")
        return Teams.joined(parts).some(order), costs[order], start
