"""Translate an enquiry and its matches into an instance of the search, and back."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import Clock
from graph.consortium.cover import MOST_SLOTS
from graph.consortium.handover import handovers, steps_after
from graph.consortium.handover_costs import Handovers
from graph.consortium.instance import Capacity, Group, Instance
from graph.errors import EnquiryError
from graph.matching import Index, Matches
from graph.matching.index import distinct
from graph.model import (
    Claim,
    Enquiry,
    FitRule,
    GroupRule,
    GroupTrait,
    Organisation,
    Truth,
)
from graph.network import Cooperation
from graph.settings import Settings

__all__ = ["Problem", "belongs", "pose", "slots_of", "wanted"]


@dataclass(frozen=True)
class Problem:
    """An instance together with what its numbers mean.

    Slots are the requirements in the order of the enquiry, then the second sources.

    Attributes:
        enquiry: The enquiry.
        index: The landscape.
        matches: Candidates of each requirement.
        cooperation: Ties between organisations.
        instance: What the search sees.
        requirement: Number of the requirement of each slot.
        candidate: Number of the candidate within its matches, by entry.
        numbers: Number in the index of each compact organisation, ascending.
        idle: Numbers in the index of pinned organisations that no requirement fits.
        ranks: For each slot how much it counts: 0 mandatory, 1 second source of a mandatory
            one, 2 wished for, 3 second source of a wished-for one.
        most: Most members that serve something.
        unknown_distance_km: Stands for the distance when a place is not known.
    """

    enquiry: Enquiry
    index: Index
    matches: tuple[Matches, ...]
    cooperation: Cooperation
    instance: Instance
    requirement: tuple[int, ...]
    candidate: NDArray[np.int64]
    numbers: NDArray[np.int64]
    idle: tuple[int, ...]
    ranks: tuple[int, ...]
    most: int
    unknown_distance_km: int

    @property
    def is_second_source(self) -> tuple[bool, ...]:
        """Whether each slot is a second source."""
        count = len(self.matches)
        return tuple(slot >= count for slot in range(len(self.requirement)))

    def organisation(self, compact: int) -> Organisation:
        """Return the organisation of a compact number."""
        return self.index.organisations[int(self.numbers[compact])]


def pose(
    enquiry: Enquiry,
    index: Index,
    matches: tuple[Matches, ...],
    settings: Settings,
    clock: Clock,
) -> Problem:
    """Set up the search for a valid enquiry.

    Raises:
        OutOfTimeError: Somebody has cancelled.
        EnquiryError: There are more requirements, second sources included, than can be solved.
    """
    requirement = slots_of(enquiry)
    pinned = wanted(enquiry, index)
    idle = tuple(n for n in pinned if not any(_is_in(n, m.organisations) for m in matches))
    entries = _entries(matches, requirement, _barred(enquiry, index, idle))
    clock.heed()
    numbers, organisation = distinct(entries.owner, len(index.organisations))
    cooperation = Cooperation.of(index, settings)
    sites = index.places.rows[entries.claim].astype(np.int64)
    clock.heed()
    instance = Instance(
        slots=len(requirement),
        organisations=len(numbers),
        slot=entries.slot,
        organisation=organisation,
        cost=entries.cost,
        masks=_masks(organisation, entries.slot, len(numbers)),
        handovers=Handovers(
            _edges(enquiry, index),
            sites,
            index.coordinates,
            cooperation,
            numbers,
            settings.weights.handover,
        ),
        twins=tuple((requirement[s], s) for s in range(len(matches), len(requirement))),
        conflicts=_conflicts(enquiry, index, numbers),
        forced=tuple(int(np.searchsorted(numbers, n)) for n in pinned if _is_in(n, numbers)),
        groups=tuple(_group(rule, numbers, idle, index) for rule in enquiry.groups),
        capacities=_capacities(matches, entries, requirement, index),
    )
    most = len(requirement) if enquiry.max_members is None else enquiry.max_members - len(idle)
    return Problem(
        enquiry=enquiry,
        index=index,
        matches=matches,
        cooperation=cooperation,
        instance=instance,
        requirement=tuple(requirement),
        candidate=entries.candidate,
        numbers=numbers,
        idle=idle,
        ranks=_ranks(enquiry, requirement),
        most=most,
        unknown_distance_km=round(settings.weights.handover.unknown_distance_km),
    )


def wanted(enquiry: Enquiry, index: Index) -> list[int]:
    """Return the numbers in the index of those who must be members, ascending."""
    names = enquiry.pinned | ({enquiry.lead} if enquiry.lead is not None else set())
    return sorted({index.position[iri] for iri in names})


def _masks(
    organisation: NDArray[np.int64], slot: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Return the slots of each of ``count`` organisations, as bits."""
    masks = np.zeros(count, dtype=np.int64)
    for number in np.unique(slot).tolist():
        masks[organisation[slot == number]] |= 1 << number  # each organisation once
    return masks


def _ranks(enquiry: Enquiry, requirement: list[int]) -> tuple[int, ...]:
    """Return how much each slot counts; see :class:`Problem`."""
    count = len(enquiry.requirements)
    return tuple(
        (0 if enquiry.requirements[r].is_mandatory else 2) + (slot >= count)
        for slot, r in enumerate(requirement)
    )


def slots_of(enquiry: Enquiry) -> list[int]:
    """Return the requirement of each slot: every one of them, then those with a second source.

    Raises:
        EnquiryError: There are more than can be solved.
    """
    requirement = [*range(len(enquiry.requirements))]
    requirement += [n for n, r in enumerate(enquiry.requirements) if r.needs_second_source]
    if len(requirement) > MOST_SLOTS:
        raise EnquiryError(
            f"{len(requirement)} requirements (second sources included) are more than "
            f"{MOST_SLOTS}; split the enquiry"
        )
    return requirement


def _edges(enquiry: Enquiry, index: Index) -> tuple[tuple[int, int], ...]:
    scheme = index.landscape.scheme
    return handovers(enquiry.requirements, scheme, steps_after(scheme.precedes))


@dataclass(frozen=True, slots=True)
class _Entries:
    """Columns of all entries: slot, organisation number, candidate number, claim row, cost."""

    slot: NDArray[np.int64]
    owner: NDArray[np.int64]
    candidate: NDArray[np.int64]
    claim: NDArray[np.int64]
    cost: NDArray[np.int64]


def _entries(matches: tuple[Matches, ...], requirement: list[int], barred: list[int]) -> _Entries:
    chosen = [matches[r] for r in requirement]
    able = [np.flatnonzero(~np.isin(m.organisations, barred)) for m in chosen]
    for second in range(len(matches), len(chosen)):
        if len(able[second]) < 2:  # nobody is their own second source
            able[second] = able[second][:0]
    best = [m.best[numbers] for m, numbers in zip(chosen, able, strict=True)]
    pairs = list(zip(chosen, best, strict=True))
    return _Entries(
        slot=np.repeat(np.arange(len(chosen), dtype=np.int64), [len(numbers) for numbers in able]),
        owner=np.concatenate([m.owners[numbers] for m, numbers in pairs]),
        candidate=np.concatenate(able),
        claim=np.concatenate([m.rows[numbers] for m, numbers in pairs]),
        cost=np.concatenate([m.costs[numbers] for m, numbers in pairs]),
    )


def _capacities(
    matches: tuple[Matches, ...], entries: _Entries, requirement: list[int], index: Index
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
    asked: dict[str, float], slot: int, entries: _Entries, index: Index
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


def _barred(enquiry: Enquiry, index: Index, idle: tuple[int, ...]) -> list[int]:
    """Return the organisations that must not be together with a member that is set already."""
    pairs = [(index.position.get(a), index.position.get(b)) for a, b in enquiry.conflicts]
    barred = {b for a, b in pairs if a in idle} | {a for a, b in pairs if b in idle}
    return sorted(number for number in barred if number is not None)


def _conflicts(
    enquiry: Enquiry, index: Index, numbers: NDArray[np.int64]
) -> tuple[tuple[int, int], ...]:
    """Return pairs of compact organisations that must not both be members."""
    pairs = set()
    for names in enquiry.conflicts:
        own = sorted({index.position.get(iri, -1) for iri in names})
        if len(own) == 2 and all(_is_in(n, numbers) for n in own):
            pairs.add(
                (int(np.searchsorted(numbers, own[0])), int(np.searchsorted(numbers, own[1])))
            )
    return tuple(sorted(pairs))


def _is_in(number: int, numbers: NDArray[np.int64]) -> bool:
    """Tell whether ascending numbers hold one."""
    at = int(np.searchsorted(numbers, number))
    return at < len(numbers) and int(numbers[at]) == number


def belongs(rule: GroupRule, organisation: Organisation, index: Index) -> Truth:
    """Tell whether an organisation is of the group that a rule counts."""
    if rule.trait is GroupTrait.SMALL:
        return organisation.is_small
    if rule.trait is GroupTrait.DISTRICT:
        if organisation.place is None or organisation.place.district is None:
            return Truth.UNKNOWN
        return _truth(organisation.place.district in rule.values)
    if rule.trait is GroupTrait.KIND:
        return _truth(organisation.kind in rule.values)
    if rule.trait is GroupTrait.CLUSTER:
        return _truth(bool(organisation.clusters & rule.values))
    own = index.position[organisation.iri]
    return _truth(any(index.position.get(iri) == own for iri in rule.values))


def _truth(value: bool) -> Truth:
    return Truth.YES if value else Truth.NO


def _group(
    rule: GroupRule, numbers: NDArray[np.int64], idle: tuple[int, ...], index: Index
) -> Group:
    """Translate a rule, less what members without work already count for."""
    low_truths = {Truth.YES} if rule.is_strict else {Truth.YES, Truth.UNKNOWN}
    high_truths = {Truth.YES, Truth.UNKNOWN} if rule.is_strict else {Truth.YES}
    truths = [belongs(rule, index.organisations[n], index) for n in numbers.tolist()]
    already = [belongs(rule, index.organisations[n], index) for n in idle]
    most = len(numbers) + len(idle) if rule.at_most is None else rule.at_most
    return Group(
        counts_low=np.array([t in low_truths for t in truths], dtype=bool),
        counts_high=np.array([t in high_truths for t in truths], dtype=bool),
        at_least=rule.at_least - sum(t in low_truths for t in already),
        at_most=most - sum(t in high_truths for t in already),
    )
