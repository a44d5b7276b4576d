"""Who may join teams, looked at for many teams at a time.

Organisations are ruled out by neighbourhood first: by what they must cover, and by how far they
can be from every member for what may still be paid.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.consortium.conditions import Conditions
from graph.consortium.control import INFINITE, Clock
from graph.consortium.neighbourhoods import Neighbourhoods
from graph.consortium.rests import Rests
from graph.consortium.roster import CANNOT, Roster
from graph.consortium.team_costs import Unknown, team_costs
from graph.matching.geography import EARTH_RADIUS_KM

__all__ = ["Joining", "Teams"]

_TOGETHER = 32
"""Teams that are held against all neighbourhoods at once."""

_AT_ONCE = 16_000
"""Organisations that are looked at between two looks at the clock."""

_LAST_METRES = 1e-2
"""What rounding may change of a distance, kilometres."""

_LAST_DIGITS = 1e-9
"""What rounding may change of a cosine."""

_BROAD, _ANYBODY = -1, -2
"""Rules: whoever serves as many open slots as the average of those to come must; anybody."""

Numbers = NDArray[np.int64]
Angles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Teams:
    """Teams of equally many members that others are to complete.

    Attributes:
        members: Shape (teams, members).
        rules: Which organisations each member was chosen among: those who serve that slot, or
            one of the rules above; shape (teams, members).
    """

    members: Numbers
    rules: Numbers

    def __len__(self) -> int:
        """Return the number of teams."""
        return len(self.members)

    def some(self, chosen: Numbers | slice) -> "Teams":
        """Return some of them."""
        return Teams(self.members[chosen], self.rules[chosen])

    @classmethod
    def joined(cls, parts: list["Teams"]) -> "Teams":
        """Return all teams of some parts, of which there is one at least."""
        members = np.concatenate([part.members for part in parts])
        return cls(members, np.concatenate([part.rules for part in parts]))


@dataclass(frozen=True, slots=True)
class _Near:
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

    def some(self, kept: NDArray[np.bool_]) -> "_Near":
        """Return some of the pairs."""
        pairs = self.team[kept], self.group[kept], self.km[:, kept]
        return _Near(self.teams, self.open, self.own, *pairs)

    def within(self, radii_km: Angles) -> "_Near":
        """Return the pairs that can be so near to every member of the team, a radius for each."""
        is_far: NDArray[np.bool_] = np.any(self.km > radii_km, axis=0)
        return self.some(~is_far)


class Joining:
    """Finds who may join teams.

    Attributes:
        best: Only teams that can be completed for less are looked for.
        reach_km: Only those at most so far from every member are looked at.
        is_out: Organisations that no better consortium has.
        rank: Order of the organisations; of several that a team could have been given next, it
            is given the first, so that no team comes twice.
    """

    def __init__(
        self,
        roster: Roster,
        table: NDArray[np.uint8],
        target: int,
        members: int,
        conditions: Conditions,
        clock: Clock,
    ) -> None:
        """Group the organisations; see :class:`graph.consortium.teams.TeamSearch`.

        Raises:
            OutOfTimeError: The clock says so.
        """
        self._roster = roster
        self._table = table
        self._target = target
        self._members = members
        self._conditions = conditions
        self._clock = clock
        clock.check()
        self._groups = Neighbourhoods(roster.masks, roster.cost, roster.directions, roster.least)
        clock.check()
        self.best = INFINITE
        self.reach_km = np.inf
        self._rests = Rests(self._groups.masks, self._groups.cost, table, clock)
        self._lowest = self._groups.cost.min(axis=1)
        self._least = int(roster.least.min())
        self.is_out = np.zeros(len(roster.masks), dtype=bool)
        self.rank = np.arange(len(roster.masks))

    @property
    def is_bounded(self) -> bool:
        """How far members are apart says something about what they cost together."""
        return self._roster.is_simple and self._roster.is_connected

    def larger(self, teams: Teams) -> Iterator[tuple[Teams, Unknown | None]]:
        """Yield teams with one member more that can be completed for less than ``best``.

        With what those who are still to come ask at least, unless the teams are complete.

        Raises:
            OutOfTimeError: The clock says so.
        """
        left = self._members - teams.members.shape[1]
        for some in self._neighbours(teams):
            self._clock.check()
            near = self._near(some, left)
            if not len(near.team):
                continue
            lows = self._lows(near)
            rules = self._rules(near, left)
            masks = self._groups.masks[near.group]
            is_next = _obeys(masks, rules[near.team], near.open[near.team], left)
            for team, organisation in self._spelt_out(near, is_next):
                joins = self._may_join(near, team, organisation, lows, left)
                if len(joins):
                    yield self._joined(near, rules, team[joins], organisation[joins], lows, left)

    def _neighbours(self, teams: Teams) -> Iterator[Teams]:
        """Yield teams in parts, teams of which the first members are near together."""
        if not teams.members.shape[1]:
            yield teams
            return
        order = np.argsort(self._roster.places[teams.members[:, 0]], kind="stable")
        for start in range(0, len(order), _TOGETHER):
            yield teams.some(order[start : start + _TOGETHER])

    def _near(self, teams: Teams, left: int) -> _Near:
        """Return the neighbourhoods that those who complete some teams can be from."""
        roster, groups, members = self._roster, self._groups, teams.members
        is_bounded = self.is_bounded and members.shape[1] > 0
        open_slots = self._open(members)
        own = roster.cost[:, members].min(axis=2, initial=CANNOT)
        among = np.arange(len(groups))
        angles = np.zeros(len(teams))
        if is_bounded:
            lowest = np.broadcast_to(self._lowest[:, None], own.shape)
            km = self._radii_km(own, lowest, self._handing_over(members) + self._least * (left - 1))
            angles = np.clip(km / EARTH_RADIUS_KM, 0.0, np.pi)
            among = self._around(roster.directions[:, members[:, 0]], angles)
        fit = self._table[open_slots[:, None] & ~groups.masks[among]] < left
        for member in members.T if is_bounded else ():
            fit &= groups.within(roster.directions[:, member], angles, among)
        team, at = np.nonzero(fit)
        group = among[at]
        km = np.zeros((members.shape[1], len(team)))
        for number, member in enumerate(members.T if is_bounded else ()):
            km[number] = groups.least_km(roster.directions[:, member[team]], group)
        near = _Near(teams, open_slots, own, team, group, km)
        return self._nearer(near, left) if is_bounded else near

    def _nearer(self, near: _Near, left: int) -> _Near:
        """Return the pairs that are left when it is known what those from there ask at least."""
        groups, members = self._groups, near.teams.members
        known = self._handing_over(members)
        if left > 1:
            radii = self._radii_km(near.own, self._lows(near), known + self._least * (left - 1))
            return near.within(radii[near.team])
        least = groups.least[near.group]
        smallest = self._roster.least[members].min(axis=1)[near.team]
        handovers = known[near.team] + least - np.minimum(smallest, least)
        radii = self._radii_km(near.own[:, near.team], groups.cost[:, near.group], handovers)
        near = near.within(radii)
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
        every = np.arange(len(self._groups))
        is_near = self._groups.within(middle[:, None], farthest + angles.max(keepdims=True), every)
        return np.flatnonzero(is_near[0])

    def _open(self, members: Numbers) -> Numbers:
        """Return the slots that nobody of a team serves, as bits, by team."""
        served = np.bitwise_or.reduce(self._roster.masks[members], axis=1, initial=0)
        open_slots: Numbers = self._target & ~served
        return open_slots

    def _handing_over(self, members: Numbers) -> Numbers:
        """Return what handing over costs teams at least, before anybody else joins.

        Each member but one has a hand-over of its own on the way to that one. It is somebody of
        those to come who has none, or another adds what that one has not.
        """
        least: Numbers = self._roster.least[members].sum(axis=1)
        return least

    def _radii_km(self, own: Numbers, others: Numbers, handovers: Numbers) -> Angles:
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

    def _lows(self, near: _Near) -> Numbers:
        """Return by team the least cost of each slot in the neighbourhoods, (slots, teams)."""
        lows = np.full(near.own.shape, CANNOT, dtype=np.int64)
        present, starts = np.unique(near.team, return_index=True)
        lows[:, present] = np.minimum.reduceat(self._groups.cost[:, near.group], starts, axis=1)
        return lows

    def _rules(self, near: _Near, left: int) -> Numbers:
        """Return for each team who comes next: as few as are easily found.

        Somebody serves each open slot; and somebody serves as many as the average.
        """
        if left == 1:
            return np.full(len(near.teams), _ANYBODY)
        sizes = self._groups.sizes[near.group].astype(np.float64)
        masks, open_slots = self._groups.masks[near.group], near.open[near.team]
        rules = [*self._roster.slots, _BROAD]
        counts = np.empty((len(rules), len(near.teams)))
        for number, rule in enumerate(rules):
            is_in = _obeys(masks, np.full(len(masks), rule), open_slots, left)
            counts[number] = np.bincount(near.team, sizes * is_in, len(near.teams))
            if rule >= 0:
                counts[number, near.open >> rule & 1 == 0] = np.inf
        fewest: Numbers = np.array(rules)[counts.argmin(axis=0)]
        return np.where(near.open == 0, _ANYBODY, fewest)

    def _spelt_out(
        self, near: _Near, is_next: NDArray[np.bool_]
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
        self, near: _Near, team: Numbers, organisation: Numbers, lows: Numbers, left: int
    ) -> Numbers:
        """Return which pairs of a team and an organisation are to be looked at."""
        roster, members = self._roster, near.teams.members
        joins = ~self.is_out[organisation]
        masks, rank = roster.masks[organisation], self.rank[organisation]
        for level, member in enumerate(members.T):
            rules, room = near.teams.rules[team, level], self._members - level
            open_slots = self._open(members[:, :level])[team]
            was_next = _obeys(masks, rules, open_slots, room)
            joins &= (organisation != member[team]) & ~(was_next & (rank < self.rank[member[team]]))
        kept = np.flatnonzero(joins)
        if self.is_bounded and members.shape[1]:
            kept = kept[self._is_within(near, team[kept], organisation[kept], lows, left)]
        if not self._conditions.is_empty:
            kept = kept[self._is_allowed(near, team[kept], organisation[kept], left)]
        return kept

    def _is_within(
        self, near: _Near, team: Numbers, organisation: Numbers, lows: Numbers, left: int
    ) -> NDArray[np.bool_]:
        """Tell which organisations are near enough to complete a team for what may be paid."""
        roster, members = self._roster, near.teams.members
        known = self._handing_over(members)[team]
        least = roster.least[organisation]
        if left == 1:
            others = roster.cost[:, organisation]
            smallest = np.minimum(roster.least[members].min(axis=1)[team], least)
            handovers = known + least - smallest
        else:
            others = lows[:, team]
            handovers = known + least + self._least * (left - 2)
        radii = self._radii_km(near.own[:, team], others, handovers)
        farthest = np.cos(np.clip(radii / EARTH_RADIUS_KM, 0.0, np.pi)) - _LAST_DIGITS
        is_far = np.zeros(len(team), dtype=bool)
        for member in members.T:
            places = roster.directions[:, member[team]], roster.directions[:, organisation]
            is_far |= (places[0] * places[1]).sum(axis=0) < farthest
        return ~is_far

    def _is_allowed(
        self, near: _Near, team: Numbers, organisation: Numbers, left: int
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

    def _joined(
        self,
        near: _Near,
        rules: Numbers,
        team: Numbers,
        organisation: Numbers,
        lows: Numbers,
        left: int,
    ) -> tuple[Teams, Unknown | None]:
        """Return teams with those who join them, and what the others ask at least."""
        teams = Teams(
            np.column_stack([near.teams.members[team], organisation]),
            np.column_stack([near.teams.rules[team], rules[team]]),
        )
        if left == 1:
            return teams, None
        rests = near.open[team] & ~self._roster.masks[organisation]
        cost = np.maximum(lows[:, team], self._rests.least(rests, left - 1))
        handovers = [nearest[team] for nearest in self._nearest(near)]
        return teams, Unknown(cost, np.stack([*handovers, self._roster.least[organisation]]))

    def _nearest(self, near: _Near) -> Iterator[Numbers]:
        """Yield for each member what handing over to somebody from there costs, by team."""
        present, starts = np.unique(near.team, return_index=True)
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
