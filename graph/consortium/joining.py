"""Who may join teams, looked at for many teams at a time."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from graph.consortium.conditions import Conditions
from graph.consortium.control import Clock
from graph.consortium.roster import CANNOT, Roster
from graph.consortium.team_costs import Unknown, team_costs
from graph.consortium.vicinity import Near, Teams, Vicinity
from graph.matching.geography import EARTH_RADIUS_KM, cosines
from graph.matching.index import runs_of

__all__ = ["Joining"]

_TOGETHER = 256
"""Teams that are held against all neighbourhoods at once."""

_MORE_TOGETHER = 256
"""Teams that are held against those that were near before their last member joined."""

_AT_ONCE = 6_000
"""Organisations that are looked at between two looks at the clock."""

_LAST_DIGITS = 1e-9
"""What rounding may change of a cosine."""

_BROAD, _ANYBODY = -1, -2
"""Rules: whoever serves as many open slots as the average of those to come must; anybody."""

Numbers = NDArray[np.int64]
Angles = NDArray[np.float64]


class Joining:
    """Finds who may join teams.

    Attributes:
        vicinity: Where those who join can be from.
        is_out: Organisations that no better consortium has.
        rank: Order of the organisations; of several that a team could have been given next, it
            is given the first, so that no team comes twice.
    """

    def __init__(
        self,
        roster: Roster,
        vicinity: Vicinity,
        members: int,
        conditions: Conditions,
        clock: Clock,
    ) -> None:
        """Begin with all organisations; see :class:`graph.consortium.teams.TeamSearch`."""
        self._roster = roster
        self.vicinity = vicinity
        self._groups = vicinity.groups
        self._members = members
        self._conditions = conditions
        self._clock = clock
        self._least = int(roster.least.min())
        serves = self._groups.masks >> np.array(roster.slots)[:, None] & 1
        self._serving = serves * self._groups.sizes  # organisations by slot and neighbourhood
        self.is_out = np.zeros(len(roster.masks), dtype=bool)
        self.rank = np.arange(len(roster.masks))

    def larger(self, teams: Teams) -> Iterator[tuple[Teams, Numbers]]:
        """Yield teams with one member more that can be completed for less than ``best``.

        With what they cost at least when they are complete.

        Raises:
            OutOfTimeError: The clock says so.
        """
        for some in self._neighbours(teams):
            self._clock.check()
            for near in self.vicinity.near(some):
                if len(near.team):
                    yield from self._larger(near)

    def _larger(self, near: Near) -> Iterator[tuple[Teams, Numbers]]:
        """Yield teams that some become with one member more; see :meth:`larger`."""
        left = self._members - near.teams.members.shape[1]
        lows = self.vicinity.lows(near)
        rules = self._rules(near, left)
        masks = self._groups.masks[near.group]
        is_next = _obeys(masks, rules[near.team], near.open[near.team], left)
        is_last_but_one = left == 2 and self.vicinity.is_bounded and near.teams.members.shape[1] > 0
        is_kept = left > 2 and self.vicinity.is_bounded
        origin = self.vicinity.keep(near) if is_kept else np.arange(len(near.teams))
        is_near = np.zeros((len(near.teams), len(self._groups)), dtype=bool)
        if is_last_but_one:
            is_near[near.team, near.group] = True
        for team, organisation in self._spelt_out(near, is_next):
            joins = self._may_join(near, team, organisation, lows, left)
            team, organisation = team[joins], organisation[joins]
            larger = Teams(
                np.column_stack([near.teams.members[team], organisation]),
                np.column_stack([near.teams.rules[team], rules[team]]),
                origin[team],
            )
            if not len(team):
                continue
            if is_last_but_one:
                yield self.vicinity.before_last(larger, is_near)
                continue
            others = self._others(near, larger, team, lows) if left > 1 else None
            yield larger, team_costs(self._roster, larger.members, self._clock, others)

    def _neighbours(self, teams: Teams) -> Iterator[Teams]:
        """Yield teams in parts, teams of which the first members are near together."""
        if not teams.members.shape[1]:
            yield teams
            return
        order = np.argsort(self._roster.places[teams.members[:, 0]], kind="stable")
        count = _TOGETHER if teams.members.shape[1] == 1 else _MORE_TOGETHER
        for start in range(0, len(order), count):
            yield teams.some(order[start : start + count])

    def _rules(self, near: Near, left: int) -> Numbers:
        """Return for each team who comes next: as few as are easily found.

        Somebody serves each open slot; and somebody serves as many as the average.
        """
        if left == 1:
            return np.full(len(near.teams), _ANYBODY)
        slots = np.array(self._roster.slots)
        masks, open_slots = self._groups.masks[near.group], near.open[near.team]
        is_broad = _obeys(masks, np.full(len(masks), _BROAD), open_slots, left)
        counts = np.zeros((len(slots) + 1, len(near.teams)), dtype=np.int64)
        present, starts = runs_of(near.team)
        serving = self._serving.take(near.group, axis=1)
        counts[:-1, present] = np.add.reduceat(serving, starts, axis=1)
        broad = self._groups.sizes[near.group] * is_broad
        counts[-1, present] = np.add.reduceat(broad, starts)
        counts[:-1][near.open >> slots[:, None] & 1 == 0] = len(self.rank) + 1
        fewest: Numbers = np.append(slots, _BROAD)[counts.argmin(axis=0)]
        return np.where(near.open == 0, _ANYBODY, fewest)

    def _spelt_out(
        self, near: Near, is_next: NDArray[np.bool_]
    ) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield team and organisation for everybody of some pairs."""
        team, group = near.team[is_next], near.group[is_next]
        sizes = self._groups.sizes[group]
        part = np.cumsum(sizes) // _AT_ONCE
        cuts = np.searchsorted(part, np.arange(1, int(part.max(initial=0)) + 1))
        for span in np.split(np.arange(len(team)), cuts):
            self._clock.check()
            yield np.repeat(team[span], sizes[span]), self._groups.members(group[span])

    def _may_join(
        self, near: Near, team: Numbers, organisation: Numbers, lows: Numbers, left: int
    ) -> Numbers:
        """Return which pairs of a team and an organisation are to be looked at."""
        roster, members = self._roster, near.teams.members
        joins = ~self.is_out[organisation]
        masks, rank = roster.masks[organisation], self.rank[organisation]
        for level, member in enumerate(members.T):
            rules, room = near.teams.rules[team, level], self._members - level
            open_slots = self.vicinity.open(members[:, :level])[team]
            was_next = _obeys(masks, rules, open_slots, room)
            joins &= (organisation != member[team]) & ~(was_next & (rank < self.rank[member[team]]))
        kept = np.flatnonzero(joins)
        if self.vicinity.is_bounded and members.shape[1]:
            kept = kept[self._is_within(near, team[kept], organisation[kept], lows, left)]
        if not self._conditions.is_empty:
            kept = kept[self._is_allowed(near, team[kept], organisation[kept], left)]
        return kept

    def _is_within(
        self, near: Near, team: Numbers, organisation: Numbers, lows: Numbers, left: int
    ) -> NDArray[np.bool_]:
        """Tell which organisations are near enough to complete a team for what may be paid."""
        roster, members = self._roster, near.teams.members
        known = self.vicinity.handing_over(members)[team]
        least = roster.least[organisation]
        if left == 1:
            others = roster.cost.take(organisation, axis=1)
            smallest = np.minimum(roster.least[members].min(axis=1)[team], least)
            handovers = known + least - smallest
        else:
            others = lows.take(team, axis=1)
            handovers = known + least + self._least * (left - 2)
        radii = self.vicinity.radii_km(near.own.take(team, axis=1), others, handovers)
        farthest = np.cos(np.clip(radii / EARTH_RADIUS_KM, 0.0, np.pi)) - _LAST_DIGITS
        is_far = np.zeros(len(team), dtype=bool)
        for member in members.T:
            places = roster.directions
            is_far |= cosines(places, member[team], places, organisation) < farthest
        return ~is_far

    def _is_allowed(
        self, near: Near, team: Numbers, organisation: Numbers, left: int
    ) -> NDArray[np.bool_]:
        """Tell which organisations the conditions on members allow to join."""
        owners = self._roster.organisations
        allowed = np.ones(len(team), dtype=bool)
        for number in np.unique(team).tolist():
            own = team == number
            members = owners[near.teams.members[number]].tolist()
            others = owners[organisation[own]]
            allowed[own] = self._conditions.may_join(others, members, left)
            allowed[own] &= self._conditions.without_partners(others, members)
        return allowed

    def _others(self, near: Near, teams: Teams, team: Numbers, lows: Numbers) -> Unknown:
        """Return what those who are still to come ask at least of teams made from ``team``."""
        left = self._members - teams.members.shape[1]
        rests = self.vicinity.rests.least(self.vicinity.open(teams.members), left)
        handovers = [nearest[team] for nearest in self._nearest(near)]
        handovers.append(self._roster.least[teams.members[:, -1]])
        return Unknown(np.maximum(lows.take(team, axis=1), rests), np.stack(handovers))

    def _nearest(self, near: Near) -> Iterator[Numbers]:
        """Yield for each member what handing over to somebody from there costs, by team."""
        present, starts = runs_of(near.team)
        handovers = self._roster.instance.handovers
        for member, km in zip(near.teams.members.T, near.km, strict=True):
            least = np.maximum(
                self._roster.least[member][near.team], self._groups.least[near.group]
            )
            if self._roster.is_simple:
                least = least + handovers.least_distance_costs(km)
            nearest = np.full(len(near.teams), CANNOT, dtype=np.int64)
            nearest[present] = np.minimum.reduceat(least, starts)
            yield nearest


def _obeys(masks: Numbers, rules: Numbers, open_slots: Numbers, left: int) -> NDArray[np.bool_]:
    """Tell who is among those of whom one comes next, by what they serve and what is open."""
    served = np.bitwise_count(masks & open_slots).astype(np.int64)
    is_broad = served * left >= np.bitwise_count(open_slots)
    serves = masks >> np.maximum(rules, 0) & 1 == 1
    obeys: NDArray[np.bool_] = np.where(rules >= 0, serves, is_broad | (rules == _ANYBODY))
    return obeys
