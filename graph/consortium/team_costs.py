"""What teams cost at least: exact least costs along the forest of hand-overs, many at once."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import Clock
from graph.consortium.roster import CANNOT, Roster

__all__ = ["Unknown", "spanning_costs", "team_costs"]

_AT_ONCE = 3_000
"""Teams between two looks at the clock, a few milliseconds; their costs fit into a cache."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Somebody of whom only bounds are known, as one more member of each team.

    Attributes:
        cost: Least cost of each slot, shape (slots of the instance, teams).
        handover: Least that handing over to each member costs, shape (members, teams).
    """

    cost: Numbers
    handover: Numbers


def team_costs(
    roster: Roster, teams: Numbers, clock: Clock, unknown: Unknown | None = None
) -> Numbers:
    """Return for each team the least that its members cost together.

    Dynamic programming over who of the team serves which slot, exact for the forest of
    hand-overs. Other hand-overs, and that each member serves something, only add cost.

    Args:
        roster: Who serves what.
        teams: Members, shape (teams, members).
        clock: When to stop.
        unknown: Who serves as well; in several places at once, as far as costs go.

    Raises:
        OutOfTimeError: The clock says so.
    """
    total = np.empty(len(teams), dtype=np.int64)
    for start in range(0, len(teams), _AT_ONCE):
        clock.check()
        part = slice(start, start + _AT_ONCE)
        total[part] = _least(roster, teams[part], unknown, part)
    return total


def spanning_costs(roster: Roster, members: Numbers, team: Numbers, handovers: Numbers) -> Numbers:
    """Return what hand-overs between all of a team and one more cost at least, by pair.

    Where all slots hand over to each other, the members do: at least along a spanning tree,
    of which the least is found by adding one after the other (Prim, 1957). Of three it leaves
    out the dearest.

    Args:
        roster: The organisations.
        members: Members of each team, shape (teams, members).
        team: Team of each pair.
        handovers: What handing over between each member and the one more costs at least, shape
            (members, pairs).
    """
    size = members.shape[1]
    if size == 2:
        apart = roster.handover(None, *members.T)[team]
        least: Numbers = handovers.sum(axis=0) + apart - np.maximum(handovers.max(axis=0), apart)
        return least
    pairs = np.arange(len(team))
    costs = np.zeros((size, size, len(members)), dtype=np.int64)
    for one, two in combinations(range(size), 2):
        costs[one, two] = costs[two, one] = roster.handover(None, members[:, one], members[:, two])
    nearest = handovers.copy()
    total = np.zeros(len(team), dtype=np.int64)
    for _ in range(size):
        next_one = nearest.argmin(axis=0)
        total += nearest[next_one, pairs]
        further = costs[next_one, :, team].T
        nearest = np.where(nearest < CANNOT, np.minimum(nearest, further), CANNOT)
        nearest[next_one, pairs] = CANNOT
    return total


def _least(roster: Roster, teams: Numbers, unknown: Unknown | None, part: slice) -> Numbers:
    size = teams.shape[1] + (unknown is not None)
    costs = np.empty((len(roster.cost), size, len(teams)), dtype=np.int64)
    costs[:, : teams.shape[1]] = roster.cost.take(teams.T, axis=1)
    if unknown is not None:
        costs[:, -1] = unknown.cost[:, part]
    shared = _handovers(roster, None, teams, unknown, part) if roster.is_simple else None
    total = np.zeros(len(teams), dtype=np.int64)
    for slot, parent in reversed(roster.forest):
        own = costs[slot]
        if parent is None:
            total += own.min(axis=0)
            continue
        pairs = shared
        if pairs is None:
            pairs = _handovers(roster, (parent, slot), teams, unknown, part)
        costs[parent] += _passed_on(own, pairs)
    return total


def _passed_on(own: Numbers, pairs: dict[tuple[int, int], Numbers]) -> Numbers:
    """Return for each who may serve a slot the least that the slot handed over to costs."""
    least = own.copy()  # nothing is charged within one organisation
    for (giver, taker), cost in pairs.items():
        np.minimum(least[giver], own[taker] + cost, out=least[giver])
    return least


def _handovers(
    roster: Roster,
    edge: tuple[int, int] | None,
    teams: Numbers,
    unknown: Unknown | None,
    part: slice,
) -> dict[tuple[int, int], Numbers]:
    """Return by giver and taker what handing over costs each team."""
    size = teams.shape[1]
    pairs: dict[tuple[int, int], Numbers] = {}
    for giver in range(size):
        for taker in range(giver + 1, size):
            one, two = teams[:, giver], teams[:, taker]
            pairs[giver, taker] = roster.handover(edge, one, two)
            back = pairs[giver, taker] if edge is None else roster.handover(edge, two, one)
            pairs[taker, giver] = back
        if unknown is not None:
            pairs[giver, size] = pairs[size, giver] = unknown.handover[giver, part]
    return pairs
