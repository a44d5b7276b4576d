"""Where those who complete teams can be from, by neighbourhood, for many teams at a time.

A neighbourhood is ruled out by what its organisations must cover, by how far away they can be
for what may still be paid, and by what a team with the best of each of them would cost.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import INFINITE, Clock
from graph.consortium.neighbourhoods import Neighbourhoods
from graph.consortium.rests import Rests
from graph.consortium.roster import CANNOT, Roster
from graph.consortium.team_costs import Unknown, team_costs
from graph.matching.geography import EARTH_RADIUS_KM

__all__ = ["Near", "Teams", "Vicinity"]

_LAST_METRES = 1e-2
"""What rounding may change of a distance, kilometres."""

_PAIRS = 25_000
"""Pairs of a team and a neighbourhood between two looks at the clock, some milliseconds."""

_MOST_TEAMS = 1 << 9
"""More teams than are ever looked at together."""

Numbers = NDArray[np.int64]
Angles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Teams:
    """Teams of equally many members that others are to complete.

    Attributes:
        members: Shape (teams, members).
        rules: Which organisations each member was chosen among; shape (teams, members).
        origin: What was near the team that each was made from; see :meth:`Vicinity.keep`.
    """

    members: Numbers
    rules: Numbers
    origin: Numbers

    def __len__(self) -> int:
        """Return the number of teams."""
        return len(self.members)

    def some(self, chosen: Numbers | slice) -> "Teams":
        """Return some of them."""
        return Teams(self.members[chosen], self.rules[chosen], self.origin[chosen])

    @classmethod
    def joined(cls, parts: list["Teams"]) -> "Teams":
        """Return all teams of some parts, of which there is one at least."""
        columns = ([part.members, part.rules, part.origin] for part in parts)
        return cls(*map(np.concatenate, zip(*columns, strict=True)))

    @classmethod
    def none(cls, size: int) -> "Teams":
        """Return no team of so many members."""
        nothing = np.zeros((0, size), dtype=np.int64)
        return cls(nothing, nothing, np.zeros(0, dtype=np.int64))

    @classmethod
    def nobody(cls) -> "Teams":
        """Return one team without members."""
        nothing = np.zeros((1, 0), dtype=np.int64)
        return cls(nothing, nothing, np.zeros(1, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Near:
    """Some teams, and the neighbourhoods that those who complete them can be from.

    Attributes:
        teams: The teams.
        open: Slots that nobody of a team serves, as bits.
        own: Least cost of each slot in the team, shape (slots of the instance, teams).
        team: Number of the team of each pair, ascending.
        group: Neighbourhood of each pair.
        km: Least distance of each pair by member, shape (members, pairs).
    """

    teams: Teams
    open: Numbers
    own: Numbers
    team: Numbers
    group: Numbers
    km: Angles

    def some(self, kept: NDArray[np.bool_]) -> "Near":
        """Return some of the pairs."""
        pairs = self.team[kept], self.group[kept], self.km[:, kept]
        return Near(self.teams, self.open, self.own, *pairs)

    def within(self, radii_km: Angles) -> "Near":
        """Return the pairs that can be so near to every member of the team, a radius for each."""
        is_far: NDArray[np.bool_] = np.any(self.km > radii_km, axis=0)
        return self.some(~is_far)


class Vicinity:
    """Finds the neighbourhoods.

    Attributes:
        groups: All neighbourhoods.
        rests: What those who come last ask at least.
        best: Only teams that can be completed for less are looked for.
        reach_km: Only those at most so far from every member are looked at.
    """

    def __init__(
        self, roster: Roster, table: NDArray[np.uint8], target: int, members: int, clock: Clock
    ) -> None:
        """Group the organisations.

        Args:
            roster: Who serves what.
            table: Cover table.
            target: Slots to serve, as bits.
            members: Number of members of a complete team.
            clock: When to stop.

        Raises:
            OutOfTimeError: The clock says so.
        """
        clock.check()
        self._roster = roster
        self._table = table
        self._target = target
        self._members = members
        self._clock = clock
        self.groups = Neighbourhoods(roster.masks, roster.cost, roster.directions, roster.least)
        clock.check()
        self.rests = Rests(self.groups.masks, self.groups.cost, table, clock)
        self.best = INFINITE
        self.reach_km = np.inf
        self._least = int(roster.least.min())
        self._kept: list[tuple[Numbers, Numbers]] = []

    @property
    def is_bounded(self) -> bool:
        """How far members are apart says something about what they cost together."""
        return self._roster.is_simple and self._roster.is_connected

    def near(self, teams: Teams) -> Iterator[Near]:
        """Yield the neighbourhoods that those who complete some teams can be from.

        In parts of the teams, with a look at the clock between.

        Raises:
            OutOfTimeError: The clock says so.
        """
        is_bounded = self.is_bounded and teams.members.shape[1] > 0
        is_kept = is_bounded and teams.members.shape[1] > 1
        for some, team, group in self._those_kept(teams) if is_kept else self._every(teams):
            self._clock.check()
            members = some.members
            open_slots = self.open(members)
            own = self._roster.cost[:, members].min(axis=2, initial=CANNOT)
            km = np.zeros((members.shape[1], len(team)))
            for number, member in enumerate(members.T if is_bounded else ()):
                places = self._roster.directions[:, member[team]]
                km[number] = self.groups.least_km(places, group)
            near = Near(some, open_slots, own, team, group, km)
            yield self._nearer(near) if is_bounded else near

    def keep(self, near: Near) -> Numbers:
        """Remember what is near some teams, for teams with one member more.

        Returns:
            What :attr:`Teams.origin` of these is, by team.
        """
        if self.is_bounded:
            starts = np.searchsorted(near.team, np.arange(len(near.teams) + 1))
            self._kept.append((starts, near.group))
        return (len(self._kept) - 1) * _MOST_TEAMS + np.arange(len(near.teams))

    @property
    def kept(self) -> int:
        """How much is remembered."""
        return len(self._kept)

    def forget(self, kept: int) -> None:
        """Give up what was remembered since ``kept`` was as much; no team has it as origin."""
        del self._kept[kept:]

    def _those_kept(self, teams: Teams) -> Iterator[tuple[Teams, Numbers, Numbers]]:
        """Yield some teams, and the pairs of what was near the teams that they were made from."""
        lists = []
        for part, number in zip(*np.divmod(teams.origin, _MOST_TEAMS), strict=True):
            starts, groups = self._kept[part]
            lists.append(groups[starts[number] : starts[number + 1]])
        left = self._members - teams.members.shape[1]
        for span in _parts(np.array([len(own) for own in lists])):
            some = teams.some(span)
            group = np.concatenate(lists[span])
            team = np.repeat(np.arange(len(some)), [len(own) for own in lists[span]])
            fit = self._table[self.open(some.members)[team] & ~self.groups.masks[group]] < left
            yield some, team[fit], group[fit]

    def _every(self, teams: Teams) -> Iterator[tuple[Teams, Numbers, Numbers]]:
        """Yield some teams, and the pairs of all that fit, and are near where that is bounded."""
        roster, members = self._roster, teams.members
        left = self._members - members.shape[1]
        open_slots = self.open(members)
        among = np.arange(len(self.groups))
        is_near: NDArray[np.bool_] | None = None
        if self.is_bounded and members.shape[1]:
            own = roster.cost[:, members].min(axis=2, initial=CANNOT)
            others = self.rests.least(open_slots, left)
            km = self.radii_km(own, others, self.handing_over(members) + self._least * (left - 1))
            angles = np.clip(km / EARTH_RADIUS_KM, 0.0, np.pi)
            places = roster.directions[:, members[:, 0]]
            among = self._around(places, angles)
            is_near = self.groups.within(places, angles, among)
            self._clock.check()
        fit = self._table[open_slots[:, None] & ~self.groups.masks[among]] < left
        team, at = np.nonzero(fit if is_near is None else fit & is_near)
        counts = np.bincount(team, minlength=len(teams))
        for span in _parts(counts):
            first, last = np.searchsorted(team, [span.start, span.stop])
            yield teams.some(span), team[first:last] - span.start, among[at[first:last]]

    def _nearer(self, near: Near) -> Near:
        """Return the pairs that are left when it is known what those from there ask at least."""
        groups, members = self.groups, near.teams.members
        left = self._members - members.shape[1]
        known = self.handing_over(members)
        if left > 1:
            radii = self.radii_km(near.own, self.lows(near), known + self._least * (left - 1))
            return near.within(radii[near.team])
        least = groups.least[near.group]
        smallest = self._roster.least[members].min(axis=1)[near.team]
        handovers = known[near.team] + least - np.minimum(smallest, least)
        radii = self.radii_km(near.own[:, near.team], groups.cost[:, near.group], handovers)
        near = near.within(radii)
        self._clock.check()
        handovers = np.maximum(self._roster.least[members[near.team]].T, groups.least[near.group])
        handovers += self._roster.instance.handovers.least_distance_costs(near.km)
        anybody = Unknown(groups.cost[:, near.group], handovers)
        costs = team_costs(self._roster, members[near.team], self._clock, anybody)
        return near.some(costs < self.best)

    def _around(self, places: Angles, angles: Angles) -> Numbers:
        """Return the neighbourhoods that are near one of some places, by the cap that has all."""
        with np.errstate(invalid="ignore"):
            middle = places.sum(axis=1)
            middle /= np.sqrt((middle**2).sum())
        farthest = np.arccos(np.clip(middle @ places, -1.0, 1.0)).max()
        every = np.arange(len(self.groups))
        is_near = self.groups.within(middle[:, None], farthest + angles.max(keepdims=True), every)
        return np.flatnonzero(is_near[0])

    def open(self, members: Numbers) -> Numbers:
        """Return the slots that nobody of a team serves, as bits, by team."""
        served = np.bitwise_or.reduce(self._roster.masks[members], axis=1, initial=0)
        open_slots: Numbers = self._target & ~served
        return open_slots

    def handing_over(self, members: Numbers) -> Numbers:
        """Return what handing over costs teams at least, before anybody else joins.

        Each member but one has a hand-over of its own on the way to that one. It is somebody of
        those to come who has none, or another adds what that one has not.
        """
        least: Numbers = self._roster.least[members].sum(axis=1)
        return least

    def radii_km(self, own: Numbers, others: Numbers, handovers: Numbers) -> Angles:
        """Return how far from each member others can be for what may be paid.

        What lies between two members of a connected chain is at least as far as they are apart.

        Args:
            own: Least cost of each slot in the team, shape (slots of the instance, teams).
            others: The same among those to come.
            handovers: What hand-overs cost at least but for the distance, by team.
        """
        slots = self._roster.slots
        match = np.minimum(own, others)[slots].sum(axis=0)
        # Each hand-over on the way is rounded by at most one half.
        spare = self.best - match - handovers + 0.5 * len(slots)
        radii = self._roster.instance.handovers.radii_km(spare.astype(np.float64)) + _LAST_METRES
        return np.minimum(radii, self.reach_km)

    def lows(self, near: Near) -> Numbers:
        """Return by team the least cost of each slot in the neighbourhoods, (slots, teams)."""
        lows = np.full(near.own.shape, CANNOT, dtype=np.int64)
        present, starts = np.unique(near.team, return_index=True)
        lows[:, present] = np.minimum.reduceat(self.groups.cost[:, near.group], starts, axis=1)
        return lows


def _parts(counts: Numbers) -> Iterator[slice]:
    """Yield slices of some teams that have not many pairs in all, or of a single team."""
    part = np.cumsum(counts) // _PAIRS
    cuts = np.flatnonzero(np.diff(part)) + 1
    for first, last in pairwise([0, *cuts.tolist(), len(counts)]):
        yield slice(first, last)
