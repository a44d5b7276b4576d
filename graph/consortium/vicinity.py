"""Where those who complete teams can be from, by neighbourhood, for many teams at a time.

A neighbourhood is ruled out by what its organisations must cover, by how far away they can be
for what may still be paid, and by what a team with the best of each of them would cost.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.consortium.blocks import in_parts
from graph.consortium.contributors import Contributors
from graph.consortium.control import INFINITE, Clock
from graph.consortium.kept import Kept
from graph.consortium.neighbourhoods import Neighbourhoods
from graph.consortium.rests import Rests
from graph.consortium.roster import CANNOT, Roster
from graph.consortium.team_costs import Unknown, spanning_costs, team_costs
from graph.matching.geography import EARTH_RADIUS_KM
from graph.matching.index import runs_of

__all__ = ["Near", "Teams", "Vicinity"]

_LAST_METRES = 1e-2
"""What rounding may change of a distance, kilometres."""

_PAIRS = 25_000
"""Pairs of a team and a neighbourhood between two looks at the clock, some milliseconds."""

Numbers = NDArray[np.int64]
Angles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Teams:
    """Teams of equally many members that others are to complete.

    Attributes:
        members: Shape (teams, members).
        rules: Which organisations each member was chosen among; shape (teams, members).
        origin: Row of what was near the team that each was made from, or is near itself where
            one member is missing; see :class:`Kept`.
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

    def some(self, kept: NDArray[np.bool_] | Numbers) -> "Near":
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
        contributors: Who can help to cover a rest.
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
        self.groups = Neighbourhoods(
            roster.masks, roster.cost, roster.directions, roster.least, clock.check
        )
        clock.check()
        self.contributors = Contributors(self.groups.masks, table, clock)
        clock.check()
        self.rests = Rests(self.contributors, self.groups.cost, table, clock)
        self.best = INFINITE
        self.reach_km = np.inf
        self._least = int(roster.least.min())
        self._kept = Kept()

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
        size = teams.members.shape[1]
        is_kept = self.is_bounded and size > 1
        for some, team, group in self._those_kept(teams) if is_kept else self._every(teams):
            self._clock.check()
            near = self._between(some, team, group)
            # What is near teams that one member is missing from has been held against costs.
            is_known = not self.is_bounded or not size or (is_kept and self._members - size == 1)
            yield near if is_known else self._nearer(near)

    def _between(self, teams: Teams, team: Numbers, group: Numbers) -> Near:
        """Return pairs with what is asked of them."""
        members = teams.members
        km = np.zeros((members.shape[1], len(team)))
        for number, member in enumerate(members.T if self.is_bounded else ()):
            km[number] = self.groups.least_km(self._roster.directions, member[team], group)
        own = self._roster.cost.take(members, axis=1).min(axis=2, initial=CANNOT)
        return Near(teams, self.open(members), own, team, group, km)

    def keep(self, near: Near) -> Numbers:
        """Remember what is near some teams, for teams with one member more.

        Returns:
            What :attr:`Teams.origin` of these is, by team.
        """
        return self._kept.add(near.team, len(near.teams), near.group, np.zeros_like(near.group))

    @property
    def kept(self) -> int:
        """How much is remembered."""
        return len(self._kept)

    def forget(self, kept: int) -> None:
        """Give up what was remembered since ``kept`` was as much; no team has it as origin."""
        self._kept.forget(kept)

    def before_last(self, teams: Teams, is_near: NDArray[np.bool_]) -> tuple[Teams, Numbers]:
        """Return the teams that one more can complete, and what they cost then at least.

        What is near them is remembered.

        Args:
            teams: Teams that one member is missing from, with the number of the team that each
                was made from as origin.
            is_near: What is near these, shape (teams, neighbourhoods).

        Raises:
            OutOfTimeError: The clock says so.
        """
        rests = self.open(teams.members)
        among: NDArray[np.bool_] = np.any(is_near, axis=0)
        team, group = self.contributors.pairs(rests, 1, among)
        kept = is_near[teams.origin[team], group]
        team, group = team[kept], group[kept]
        parts, bounds = [Teams.none(teams.members.shape[1])], [np.zeros(0, dtype=np.int64)]
        for span in in_parts(np.bincount(team, minlength=len(teams)), _PAIRS):
            first, last = np.searchsorted(team, [span.start, span.stop])
            some = teams.some(span)
            pairs = self._between(some, team[first:last] - span.start, group[first:last])
            pairs, least = self._completed(pairs)
            if not len(least):
                continue
            present, starts = runs_of(pairs.team)
            rows = self._kept.add(pairs.team, len(some), pairs.group, least)[present]
            parts.append(Teams(some.members[present], some.rules[present], rows))
            bounds.append(np.minimum.reduceat(least, starts))
        return Teams.joined(parts), np.concatenate(bounds)

    def _completed(self, near: Near) -> tuple[Near, Numbers]:
        """Return the pairs that can cost less than ``best``, and what they cost at least."""
        groups, roster, members = self.groups, self._roster, near.teams.members
        self._clock.check()
        cost = groups.cost.take(near.group, axis=1)
        least = np.minimum(near.own.take(near.team, axis=1), cost)[roster.slots].sum(axis=0)
        handovers = np.maximum(roster.least[members[near.team]].T, groups.least[near.group])
        handovers += roster.instance.handovers.least_distance_costs(near.km)
        least += spanning_costs(roster, members, near.team, handovers)
        good = np.flatnonzero(least < self.best)
        self._clock.check()
        anybody = Unknown(cost.take(good, axis=1), handovers.take(good, axis=1))
        exact = team_costs(roster, members[near.team[good]], self._clock, anybody)
        least = np.maximum(least[good], exact)
        is_good = least < self.best
        return near.some(good[is_good]), least[is_good]

    def _those_kept(self, teams: Teams) -> Iterator[tuple[Teams, Numbers, Numbers]]:
        """Yield some teams, and the pairs of what was near the teams that they were made from."""
        left = self._members - teams.members.shape[1]
        open_slots = self.open(teams.members)
        for span in in_parts(self._kept.counts(teams.origin), _PAIRS):
            team, group = self._kept.pairs(teams.origin[span], self.best)
            rests = open_slots[span][team] & ~self.groups.masks[group]
            fit = self._table[rests] < left
            yield teams.some(span), team[fit], group[fit]

    def _every(self, teams: Teams) -> Iterator[tuple[Teams, Numbers, Numbers]]:
        """Yield some teams, and the pairs of all that fit, and are near where that is bounded."""
        members = teams.members
        left = self._members - members.shape[1]
        open_slots = self.open(members)
        radii: Angles | None = None
        among: NDArray[np.bool_] | None = None
        if self.is_bounded and members.shape[1]:
            own = self._roster.cost.take(members, axis=1).min(axis=2, initial=CANNOT)
            others = self.rests.least(open_slots, left)
            handovers = self.handing_over(members) + self._least * (left - 1)
            radii = self.radii_km(own, others, handovers)
            among = self._around(members[:, 0], radii)
            angles = np.clip(radii / EARTH_RADIUS_KM, 0.0, np.pi)
            points = self._roster.directions.take(members[:, 0], axis=1)
            self._clock.check()
        team, group = self.contributors.pairs(open_slots, left, among)
        for span in in_parts(np.bincount(team, minlength=len(teams)), _PAIRS):
            first, last = np.searchsorted(team, [span.start, span.stop])
            own_team, own_group = team[first:last], group[first:last]
            if radii is not None:
                is_near = self.groups.within(points, angles, own_team, own_group)
                own_team, own_group = own_team[is_near], own_group[is_near]
            yield teams.some(span), own_team - span.start, own_group

    def _nearer(self, near: Near) -> Near:
        """Return the pairs that are left when it is known what those from there ask at least."""
        members = near.teams.members
        left = self._members - members.shape[1]
        if left == 1:
            return self._completed(near)[0]
        handovers = self.handing_over(members) + self._least * (left - 1)
        return near.within(self.radii_km(near.own, self.lows(near), handovers)[near.team])

    def _around(self, members: Numbers, radii_km: Angles) -> NDArray[np.bool_]:
        """Tell which neighbourhoods are near one of some members, by the cap that has all."""
        places = self._roster.directions[:, members]
        with np.errstate(invalid="ignore"):
            middle = places.sum(axis=1)
            middle /= np.sqrt((middle**2).sum())
        farthest = np.arccos(np.clip(middle @ places, -1.0, 1.0)).max()
        reach_km = float(farthest * EARTH_RADIUS_KM + radii_km.max()) + _LAST_METRES
        every = np.arange(len(self.groups))
        km = self.groups.least_km(middle[:, None], np.zeros_like(every), every)
        is_near: NDArray[np.bool_] = ~(km > reach_km)
        return is_near

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
        present, starts = runs_of(near.team)
        costs = self.groups.cost.take(near.group, axis=1)
        lows[:, present] = np.minimum.reduceat(costs, starts, axis=1)
        return lows
