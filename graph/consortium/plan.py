"""The lexicographic objective: cover most, with fewest members, at least cost."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import INFINITE, Clock, Outcome, Pruning
from graph.consortium.cover import IMPOSSIBLE, cover_table
from graph.consortium.instance import Group, Instance
from graph.consortium.search import search

__all__ = ["KEPT_SHARE", "NOTHING", "Plan", "Planner", "Query"]

KEPT_SHARE = 0.2
"""Share of the time that is kept for a first valid answer when the proof does not end."""

_GRACE_S = 0.03
"""Least time for that, even if the time is up."""

_KEPT_FOR_LARGER = 0.4
"""Share of it that is kept for one member more, which is easier; of that the half for the next."""


@dataclass(frozen=True, slots=True)
class Query:
    """What one search asks beyond the instance.

    Attributes:
        bound: Only consortia that cost less.
        without: Organisations that must not be members.
        groups: Further conditions.
        only: Which entries may be used; ``None`` for all.
    """

    bound: int = INFINITE
    without: frozenset[int] = frozenset()
    groups: tuple[Group, ...] = ()
    only: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The best consortium and what is proven about it.

    Attributes:
        targets: Sets of slots that are the best possible coverage, as bits; ascending.
        members: Members that serve something.
        outcome: What the search found with so many members.
        coverage_proven: No consortium covers more.
        members_proven: None that covers as much has fewer members.
        is_feasible: A consortium was found. If not, and coverage is proven, nobody can meet the
            conditions.
    """

    targets: tuple[int, ...]
    members: int
    outcome: Outcome
    coverage_proven: bool
    members_proven: bool
    is_feasible: bool


NOTHING = Outcome((), 0, 0, is_complete=True, nodes=0, entries_left=0)
"""Of a search that was not needed."""


class Planner:
    """Asks the search in the order of the objective."""

    def __init__(
        self,
        instance: Instance,
        ranks: tuple[int, ...],
        most: int,
        clock: Clock,
        pruning: Pruning | None = None,
        table: NDArray[np.uint8] | None = None,
        none: tuple[int, int] = (0, 0),
    ) -> None:
        """Compute the cover table, unless one is given.

        Args:
            instance: The problem.
            ranks: How much each slot counts.
            most: Most members that serve something.
            clock: When to stop.
            pruning: Switches for tests; all on by default.
            table: Cover table of the instance's masks, or of more than these.
            none: A target, and up to how many members no consortium is known to serve it.

        Raises:
            OutOfTimeError: Somebody has cancelled.
        """
        self.instance = instance
        self.ranks = ranks
        self.most = most
        self.clock = clock
        self.pruning = pruning or Pruning()
        self.table = cover_table(instance.masks, instance.slots, clock) if table is None else table
        self.nodes = 0
        self._none = none

    def search_clock(self) -> Clock:
        """Return a clock that leaves time for a first valid answer when the proof does not end."""
        return self.clock.short_of(KEPT_SHARE)

    def variant(self, instance: Instance) -> "Planner":
        """Return a planner for a changed instance that shares the clock and the switches."""
        return Planner(instance, self.ranks, self.most, self.clock, self.pruning)

    def best(self, targets: tuple[int, ...], members: int, query: Query, clock: Clock) -> Outcome:
        """Return the best consortium of exactly ``members`` members over several targets."""
        found: tuple[int, ...] = ()
        bound, is_complete, left = query.bound, True, 0
        cost = lower = INFINITE
        for target in targets:
            if int(self.table[target]) > members:
                continue
            outcome = search(
                self.instance,
                self.table,
                target,
                members,
                clock,
                bound=bound,
                without=query.without,
                groups=query.groups,
                only=query.only,
                pruning=self.pruning,
            )
            self.nodes += outcome.nodes
            left += outcome.entries_left
            is_complete &= outcome.is_complete
            lower = min(lower, outcome.lower_bound)
            if outcome.is_found:
                found, cost, bound = outcome.entries, outcome.cost, outcome.cost
        return Outcome(found, cost, min(lower, cost), is_complete, self.nodes, left)

    def fewest(
        self, targets: tuple[int, ...], query: Query, start: int, stop: int
    ) -> tuple[int, Outcome] | None:
        """Return the first number of members with a consortium, and the best of these.

        ``None`` when there is none from ``start`` to ``stop`` or time ran out.
        """
        for members in range(start, stop + 1):
            outcome = self.best(targets, members, query, self.clock)
            if outcome.is_found:
                return members, outcome
            if not outcome.is_complete:
                return None
        return None

    def plan(self) -> Plan:
        """Solve the lexicographic objective.

        Raises:
            OutOfTimeError: Somebody has cancelled before a consortium was found.
        """
        if not self.can_be_met():
            return Plan((), 0, NOTHING, True, True, is_feasible=False)
        clock = self.search_clock()
        for targets in self._levels():
            if targets == (0,):
                return self._empty()
            for members in self._sizes(targets):
                outcome = self.best(targets, members, Query(), clock)
                if outcome.is_found:
                    return Plan(targets, members, outcome, True, True, is_feasible=True)
                if not outcome.is_complete:
                    return self._late(targets, members)
        return Plan((), 0, NOTHING, True, True, is_feasible=False)

    def _empty(self) -> Plan:
        """Return the consortium of nobody, unless the conditions ask for somebody."""
        is_feasible = not self.instance.forced and all(
            g.at_least <= 0 <= g.at_most for g in self.instance.groups
        )
        return Plan((0,), 0, NOTHING, True, True, is_feasible)

    def _late(self, targets: tuple[int, ...], members: int) -> Plan:
        """Look shortly for any consortium after the time is up.

        That nothing covers more, and nothing with fewer members as much, is proven by then.
        """
        clock = self.clock.grace(_GRACE_S)
        kept = _KEPT_FOR_LARGER
        for size in range(members, self._largest(targets) + 1):
            outcome = self.best(targets, size, Query(), clock.short_of(kept))
            kept /= 2
            if outcome.is_found:
                return Plan(targets, size, outcome, True, size == members, is_feasible=True)
            if clock.is_over:
                break
        return Plan((), 0, replace(NOTHING, is_complete=False), False, False, is_feasible=False)

    def _largest(self, targets: tuple[int, ...]) -> int:
        return min(max(target.bit_count() for target in targets), self.most)

    def most_covered(self) -> tuple[int, ...]:
        """Return the sets of slots that count most of all that may be covered."""
        return next(self._levels())

    def fewest_possible(self, targets: tuple[int, ...]) -> int:
        """Return a number of members below which no target is covered, nor are all conditions."""
        least = min(int(self.table[target]) for target in targets)
        wanted = max((group.at_least for group in self.instance.groups), default=0)
        known = self._none[1] + 1 if targets == (self._none[0],) else 1
        return max(least, wanted, len(self.instance.forced), known)

    def _sizes(self, targets: tuple[int, ...]) -> range:
        return range(self.fewest_possible(targets), self._largest(targets) + 1)

    def can_be_met(self) -> bool:
        """Tell whether the conditions on members can be met at all, as far as that is easy."""
        instance = self.instance
        for group in instance.groups:
            if int(group.counts_low.sum()) < group.at_least or group.at_most < 0:
                return False
            if int(group.counts_high[list(instance.forced)].sum()) > group.at_most:
                return False
        forced = set(instance.forced)
        if any(a in forced and b in forced for a, b in instance.conflicts):
            return False
        return len(forced) <= self.most and self._all_can_work(instance.forced)

    def _all_can_work(self, forced: tuple[int, ...]) -> bool:
        """Tell whether each forced organisation can have a slot of its own (matching)."""
        holder: dict[int, int] = {}

        def place(organisation: int, seen: set[int]) -> bool:
            mask = int(self.instance.masks[organisation])
            for slot in range(self.instance.slots):
                if mask >> slot & 1 and slot not in seen:
                    seen.add(slot)
                    if slot not in holder or place(holder[slot], seen):
                        holder[slot] = organisation
                        return True
            return False

        return all(place(organisation, set()) for organisation in forced)

    def _levels(self) -> Iterator[tuple[int, ...]]:
        """Yield sets of slots that count the same, those that count most first.

        The first level is nearly always the last one looked at, so the others are worked out
        only when it is given up.

        Raises:
            OutOfTimeError: Somebody has cancelled.
        """
        full = self.instance.coverable
        for first, second in self.instance.twins:
            if not full >> first & 1:
                full &= ~(1 << second)
        if int(self.table[full]) <= self.most or not full:
            yield (full,)
            if not full:
                return
        sets = np.flatnonzero(self.table <= min(self.most, IMPOSSIBLE - 1))
        self.clock.heed()
        sets = sets[sets & ~full == 0]
        for first, second in self.instance.twins:  # no second source without a first
            sets = sets[(sets >> first & 1) >= (sets >> second & 1)]
        key = np.zeros(len(sets), dtype=np.int64)
        for rank in range(4):
            self.clock.heed()
            bits = sum(1 << slot for slot, own in enumerate(self.ranks) if own == rank)
            key = key * 32 + np.bitwise_count(sets & bits)
        order = np.argsort(-key, kind="stable")
        cuts = np.flatnonzero(np.diff(key[order])) + 1
        for level in np.split(sets[order], cuts):
            if level.tolist() != [full]:
                yield tuple(level.tolist())
