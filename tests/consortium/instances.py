"""Random small instances and an oracle that tries every assignment."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from random import Random

import numpy as np

from graph.consortium.control import INFINITE
from graph.consortium.handover_costs import MatrixHandovers
from graph.consortium.instance import Capacity, Group, Instance

__all__ = ["Case", "Optimum", "random_case", "solve_by_trying_all"]


@dataclass(frozen=True)
class Case:
    """An instance with what the planner needs beside it."""

    instance: Instance
    ranks: tuple[int, ...]
    most: int


@dataclass(frozen=True)
class Optimum:
    """The optimum by enumeration.

    Attributes:
        coverage: Slots served by rank; ``None`` when nobody can meet the conditions.
        members: Fewest members with that coverage.
        costs: Least cost by number of members, with that coverage.
    """

    coverage: tuple[int, ...] | None
    members: int
    costs: dict[int, int]


def random_case(random: Random, most: int = 4) -> Case:
    """Draw an instance of few slots and up to ``most + 2`` organisations, any mix of conditions."""
    requirements = random.randint(1, most)
    seconds = [r for r in range(requirements) if random.random() < 0.15][: most - requirements]
    slots = requirements + len(seconds)
    organisations = random.randint(1, most + 2)
    density = random.uniform(0.15, 0.7)
    able = [
        [r for r in range(requirements) if random.random() < density] for _ in range(organisations)
    ]
    claims = random.choice([[1], [1], [1] * 6 + [2]])  # by how many claims each can serve
    entries = [
        (slot, o)
        for slot in range(slots)
        for o in range(organisations)
        if ([*range(requirements), *seconds][slot]) in able[o]
        for _ in range(random.choice(claims))
    ]
    masks = np.zeros(organisations, dtype=np.int64)
    for slot, o in entries:
        masks[o] |= 1 << slot
    instance = Instance(
        slots=slots,
        organisations=organisations,
        slot=np.array([slot for slot, _ in entries], dtype=np.int64),
        organisation=np.array([o for _, o in entries], dtype=np.int64),
        cost=np.array([random.randint(0, 50) for _ in entries], dtype=np.int64),
        masks=masks,
        handovers=MatrixHandovers(_edges(requirements, random), _costs(len(entries), random)),
        twins=tuple((r, requirements + i) for i, r in enumerate(seconds)),
        conflicts=_conflicts(organisations, random),
        forced=_forced(masks, random),
        groups=_groups(organisations, random),
        capacities=_capacities(entries, random),
    )
    mandatory = [random.random() < 0.7 for _ in range(requirements)]
    ranks = [0 if mandatory[r] else 2 for r in range(requirements)]
    ranks += [1 if mandatory[r] else 3 for r in seconds]
    limit = random.randint(1, slots) if random.random() < 0.3 else slots
    return Case(instance, tuple(ranks), limit)


def _edges(requirements: int, random: Random) -> tuple[tuple[int, int], ...]:
    pairs = [(r, s) for r in range(requirements) for s in range(r + 1, requirements)]
    others = random.choice([0.2, 0.2, 1.0])  # now and then nearly everything hands over
    drawn = [p for p in pairs if random.random() < (0.9 if p[1] == p[0] + 1 else others)]
    return tuple(p if random.random() < 0.7 else (p[1], p[0]) for p in drawn)


def _costs(entries: int, random: Random) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    costs = np.zeros((entries, entries), dtype=np.int64)
    for i in range(entries):
        for j in range(i):
            costs[i, j] = costs[j, i] = random.randint(0, 60)
    return costs


def _conflicts(organisations: int, random: Random) -> tuple[tuple[int, int], ...]:
    pairs = [(i, j) for i in range(organisations) for j in range(i + 1, organisations)]
    share = random.choice([0.0, 0.0, 0.15])
    return tuple(pair for pair in pairs if random.random() < share)


def _forced(masks: np.ndarray[tuple[int], np.dtype[np.int64]], random: Random) -> tuple[int, ...]:
    share = random.choice([0.0, 0.0, 0.25])
    return tuple(o for o in range(len(masks)) if masks[o] and random.random() < share)


def _groups(organisations: int, random: Random) -> tuple[Group, ...]:
    groups = []
    for _ in range(random.choice([0, 0, 1, 2])):
        surely = np.array([random.random() < 0.5 for _ in range(organisations)], dtype=bool)
        perhaps = np.array([random.random() < 0.2 for _ in range(organisations)], dtype=bool)
        at_least = random.choice([0, 1, 1, 2])
        at_most = max(at_least, random.choice([1, 2, organisations]))
        groups.append(Group(surely | perhaps, surely, at_least, at_most))
    return tuple(groups)


def _capacities(entries: list[tuple[int, int]], random: Random) -> tuple[Capacity, ...]:
    """Draw what some organisations can make for several slots together."""
    share = random.choice([0.0, 0.0, 0.5])
    capacities = []
    for organisation in sorted({o for _, o in entries}):
        own = [e for e, (_, o) in enumerate(entries) if o == organisation]
        drawn = [e for e in own if random.random() < 0.8]
        if drawn and random.random() < share:
            loads = np.array([float(random.randint(1, 9)) for _ in drawn])
            # One alone always fits: what does not is no entry.
            most = random.uniform(float(loads.max()), float(loads.sum()) + 1)
            capacities.append(Capacity(np.array(drawn, dtype=np.int64), loads, most))
    return tuple(capacities)


def solve_by_trying_all(case: Case) -> Optimum:
    """Try every assignment of every set of slots; the definition of the problem, read aloud."""
    best: tuple[int, ...] | None = None
    costs: dict[int, int] = {}
    for coverage, members, cost in _valid_assignments(case):
        if best is None or coverage > best:
            best, costs = coverage, {}
        if coverage == best:
            costs[members] = min(cost, costs.get(members, INFINITE))
    return Optimum(best, min(costs, default=0), costs)


def _valid_assignments(case: Case) -> Iterator[tuple[tuple[int, ...], int, int]]:
    instance = case.instance
    choices = [
        [None, *np.flatnonzero(instance.slot == slot).tolist()] for slot in range(instance.slots)
    ]
    for chosen in product(*choices):
        owners = [None if e is None else int(instance.organisation[e]) for e in chosen]
        team = {o for o in owners if o is not None}
        is_valid = _is_valid(instance, owners, team) and _has_capacity(instance, chosen)
        if len(team) <= case.most and is_valid:
            served = [case.ranks[s] for s, e in enumerate(chosen) if e is not None]
            coverage = tuple(served.count(rank) for rank in range(4))
            yield coverage, len(team), _cost(instance, chosen)


def _is_valid(instance: Instance, owners: list[int | None], team: set[int]) -> bool:
    for first, second in instance.twins:
        if owners[second] is not None and owners[first] in (None, owners[second]):
            return False
    if any(a in team and b in team for a, b in instance.conflicts):
        return False
    if not set(instance.forced) <= team:
        return False
    return all(
        sum(bool(g.counts_low[o]) for o in team) >= g.at_least
        and sum(bool(g.counts_high[o]) for o in team) <= g.at_most
        for g in instance.groups
    )


def _has_capacity(instance: Instance, chosen: tuple[int | None, ...]) -> bool:
    return all(
        sum(
            load
            for entry, load in zip(c.entries.tolist(), c.loads.tolist(), strict=True)
            if entry in chosen
        )
        <= c.available
        for c in instance.capacities
    )


def _cost(instance: Instance, chosen: tuple[int | None, ...]) -> int:
    total = sum(int(instance.cost[e]) for e in chosen if e is not None)
    for r, s in instance.handovers.edges:
        one, two = chosen[r], chosen[s]
        if one is not None and two is not None:
            owners = instance.organisation[[one]], instance.organisation[[two]]
            block = instance.handovers.block(np.array([one]), np.array([two]), *owners)
            total += int(block[0, 0])
    return total
