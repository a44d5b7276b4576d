"""Who can serve which slot with which claim, and what a claim can make for several slots."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.consortium.instance import Capacity
from graph.matching import Index, Matches
from graph.model import Claim, FitRule

__all__ = ["Entries", "entries_of"]


@dataclass(frozen=True, slots=True)
class Entries:
    """Columns of all entries, ascending by slot, then organisation, then cost.

    Attributes:
        slot: Slot by entry.
        owner: Number of the organisation in the index.
        candidate: Number of the candidate within the matches of the slot.
        chosen: Number of the claim within them.
        claim: Row of the claim in the index.
        cost: Cost of the match.
    """

    slot: NDArray[np.int64]
    owner: NDArray[np.int64]
    candidate: NDArray[np.int64]
    chosen: NDArray[np.int64]
    claim: NDArray[np.int64]
    cost: NDArray[np.int64]

    @property
    def has_doubles(self) -> bool:
        """Some organisation has several entries of one slot."""
        is_same = (np.diff(self.slot) == 0) & (np.diff(self.owner) == 0)
        return bool(is_same.any())


def entries_of(
    matches: tuple[Matches, ...], requirement: list[int], barred: list[int], index: Index
) -> tuple[Entries, tuple[Capacity, ...]]:
    """Return who can serve which slot with which claim, and what claims can make together.

    An organisation serves a requirement with its best claim. Where what that claim states of a
    total does not suffice for all requirements that it is the best one for, the other claims of
    the organisation may serve them as well.

    Args:
        matches: Candidates of each requirement.
        requirement: Number of the requirement of each slot.
        barred: Organisations that must not be members.
        index: The landscape.
    """
    best = _best_entries(matches, requirement, barred)
    tight = _capacities(matches, best, requirement, index)
    if not tight:
        return best, ()
    entries = _with_other_claims(best, tight, matches, requirement, index)
    return entries, _capacities(matches, entries, requirement, index)


def _with_other_claims(
    best: Entries,
    tight: tuple[Capacity, ...],
    matches: tuple[Matches, ...],
    requirement: list[int],
    index: Index,
) -> Entries:
    """Add the other fit claims of who has too little for what its best claims are needed for."""
    parts = [np.stack([best.slot, best.owner, best.candidate, best.chosen])]
    for entry in np.unique(np.concatenate([capacity.entries for capacity in tight])).tolist():
        m = matches[requirement[int(best.slot[entry])]]
        others = np.flatnonzero((m.owners == best.owner[entry]) & m.is_fit)
        others = others[others != best.chosen[entry]]
        part = np.repeat(parts[0][:, [entry]], len(others), axis=1)
        part[3] = others
        parts.append(part)
    columns = np.concatenate(parts, axis=1)
    slot, owner, _, chosen = columns
    of = [matches[requirement[s]] for s in slot.tolist()]
    claim = np.array([m.rows[n] for m, n in zip(of, chosen.tolist(), strict=True)])
    cost = np.array([m.costs[n] for m, n in zip(of, chosen.tolist(), strict=True)])
    order = np.lexsort((index.claim_rank[claim], cost, owner, slot))
    slot, owner, candidate, chosen = columns[:, order]
    return Entries(slot, owner, candidate, chosen, claim[order], cost[order])


def _best_entries(
    matches: tuple[Matches, ...], requirement: list[int], barred: list[int]
) -> Entries:
    chosen = [matches[r] for r in requirement]
    able = [_not_among(barred, m.organisations) for m in chosen]
    for second in range(len(matches), len(chosen)):
        if len(able[second]) < 2:  # nobody is their own second source
            able[second] = able[second][:0]
    best = [m.best[numbers] for m, numbers in zip(chosen, able, strict=True)]
    pairs = list(zip(chosen, best, strict=True))
    return Entries(
        slot=np.repeat(np.arange(len(chosen), dtype=np.int64), [len(numbers) for numbers in able]),
        owner=np.concatenate(
            [m.organisations[numbers] for m, numbers in zip(chosen, able, strict=True)]
        ),
        candidate=np.concatenate(able),
        chosen=np.concatenate(best),
        claim=np.concatenate([m.rows[numbers] for m, numbers in pairs]),
        cost=np.concatenate([m.costs[numbers] for m, numbers in pairs]),
    )


def _not_among(barred: list[int], organisations: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the positions of the organisations that may be members."""
    if not barred:
        return np.arange(len(organisations))
    return np.flatnonzero(~np.isin(organisations, barred))


def _capacities(
    matches: tuple[Matches, ...], entries: Entries, requirement: list[int], index: Index
) -> tuple[Capacity, ...]:
    """Return what a claim states of a total and several requirements ask of it together.

    Only for dimensions whose fit rule adds up (pieces or tonnes in a year). What two claims of
    an organisation state are two quantities, since sources state them for a process.
    """
    asked = _totals(matches, index)
    drawn: dict[tuple[int, str], dict[int, float]] = {}
    slots = [slot for slot, number in enumerate(requirement) if asked[number]]
    for slot in slots if len(slots) > 1 else ():
        for entry, dimension, load in _draws(asked[requirement[slot]], slot, entries, index):
            drawn.setdefault((int(entries.claim[entry]), dimension), {})[entry] = load
    return tuple(
        Capacity(np.array(sorted(loads)), np.array([loads[e] for e in sorted(loads)]), most)
        for (row, dimension), loads in sorted(drawn.items())
        for most in [_stated_most(index.claims[row], dimension)]
        if sum(loads.values()) > most
    )


def _draws(
    asked: dict[str, float], slot: int, entries: Entries, index: Index
) -> Iterator[tuple[int, str, float]]:
    """Yield entry, dimension and amount where a claim states a total that a slot asks for."""
    numbers = np.flatnonzero(entries.slot == slot)
    is_stated = index.limits.spread(
        entries.claim[numbers], lambda limits: any(x.dimension in asked for x in limits)
    )
    for entry in numbers[is_stated == 1].tolist():
        claim = index.claims[int(entries.claim[entry])]
        for dimension in sorted({limit.dimension for limit in claim.limits} & asked.keys()):
            yield entry, dimension, asked[dimension]


def _totals(matches: tuple[Matches, ...], index: Index) -> list[dict[str, float]]:
    """Return what each requirement asks of dimensions that add up."""
    dimensions = index.landscape.scheme.dimensions
    return [
        {
            limit.dimension: amount
            for limit in m.requirement.limits
            for amount in [limit.minimum if limit.maximum is None else limit.maximum]
            if amount is not None and dimensions[limit.dimension].fit_rule is FitRule.TOTAL
        }
        for m in matches
    ]


def _stated_most(claim: Claim, dimension: str) -> float:
    """Return the largest total that a claim states."""
    stated = [limit.maximum for limit in claim.limits if limit.dimension == dimension]
    return max(math.inf if maximum is None else maximum for maximum in stated)
