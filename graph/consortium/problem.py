"""Translate an enquiry and its matches into an instance of the search, and back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.consortium.answer import Examined
from graph.consortium.control import Clock
from graph.consortium.cover import MOST_SLOTS
from graph.consortium.entries import Entries, entries_of
from graph.consortium.groups import group_of
from graph.consortium.handover import handovers, steps_after
from graph.consortium.handover_costs import Handovers
from graph.consortium.instance import Instance, masks_of
from graph.errors import EnquiryError
from graph.matching import Index, Matches
from graph.matching.index import distinct
from graph.matching.points import points_of
from graph.model import Enquiry, Organisation
from graph.network import Cooperation
from graph.settings import Settings

__all__ = ["Problem", "pose", "slots_of", "wanted"]


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
        chosen: Number of the claim within its matches, by entry: the candidate's best one, but
            for those who need another where what the best one states does not suffice for all.
        numbers: Number in the index of each compact organisation, ascending.
        idle: Numbers in the index of pinned organisations that no requirement fits.
        ranks: For each slot how much it counts: 0 mandatory, 1 second source of a mandatory
            one, 2 wished for, 3 second source of a wished-for one.
        most: Most members that serve something.
        unknown_distance_km: Stands for the distance when a place is not known.
        able: How many can serve each requirement, in the problem or not.
        candidates: How many can serve any.
        examined: Who is in the problem.
    """

    enquiry: Enquiry
    index: Index
    matches: tuple[Matches, ...]
    cooperation: Cooperation
    instance: Instance
    requirement: tuple[int, ...]
    candidate: NDArray[np.int64]
    chosen: NDArray[np.int64]
    numbers: NDArray[np.int64]
    idle: tuple[int, ...]
    ranks: tuple[int, ...]
    most: int
    unknown_distance_km: int
    able: tuple[int, ...]
    candidates: int
    examined: Examined = Examined.EVERYBODY

    @property
    def is_whole(self) -> bool:
        """Everybody who can serve something is in it."""
        return self.examined is Examined.EVERYBODY

    @property
    def is_second_source(self) -> tuple[bool, ...]:
        """Whether each slot is a second source."""
        count = len(self.matches)
        return tuple(slot >= count for slot in range(len(self.requirement)))

    def is_only(self, slot: int) -> bool:
        """Tell whether nobody but one organisation can serve a slot."""
        if not self.is_whole and self.able[self.requirement[slot]] > 1:
            return False
        instance = self.instance
        first, last = instance.starts[slot : slot + 2].tolist()
        own = instance.organisation[first:last]
        return first < last and bool((own == own[0]).all())

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
        OutOfTimeError: The clock says so.
        EnquiryError: There are more requirements, second sources included, than can be solved.
    """
    requirement = slots_of(enquiry)
    pinned = wanted(enquiry, index)
    idle = tuple(n for n in pinned if not any(_is_in(n, m.organisations) for m in matches))
    entries, capacities = entries_of(matches, requirement, _barred(enquiry, index, idle), index)
    clock.check()
    numbers, organisation = distinct(entries.owner, len(index.organisations))
    clock.check()
    cooperation = Cooperation.of(index, settings)
    instance = Instance(
        slots=len(requirement),
        organisations=len(numbers),
        slot=entries.slot,
        organisation=organisation,
        cost=entries.cost,
        masks=masks_of(entries.slot, organisation, len(numbers)),
        handovers=_handovers(enquiry, index, entries, numbers, settings),
        twins=tuple((requirement[s], s) for s in range(len(matches), len(requirement))),
        conflicts=_conflicts(enquiry, index, numbers),
        forced=tuple(int(np.searchsorted(numbers, n)) for n in pinned if _is_in(n, numbers)),
        groups=tuple(group_of(rule, numbers, idle, index) for rule in enquiry.groups),
        capacities=capacities,
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
        chosen=entries.chosen,
        numbers=numbers,
        idle=idle,
        ranks=_ranks(enquiry, requirement),
        most=most,
        unknown_distance_km=round(settings.weights.handover.unknown_distance_km),
        able=tuple(len(m) for m in matches),
        candidates=len(numbers),
    )


def _handovers(
    enquiry: Enquiry,
    index: Index,
    entries: Entries,
    numbers: NDArray[np.int64],
    settings: Settings,
) -> Handovers:
    """Return what handing over costs between the places of the claims."""
    return Handovers(
        _edges(enquiry, index),
        index.places.rows[entries.claim].astype(np.int64),
        points_of(index),
        Cooperation.of(index, settings),
        numbers,
        settings.weights.handover,
        has_doubles=entries.has_doubles,
    )


def wanted(enquiry: Enquiry, index: Index) -> list[int]:
    """Return the numbers in the index of those who must be members, ascending."""
    names = enquiry.pinned | ({enquiry.lead} if enquiry.lead is not None else set())
    return sorted({index.position[iri] for iri in names})


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
            "{count} requirements (second sources included) are more than {most}; "
            "split the enquiry",
            count=len(requirement),
            most=MOST_SLOTS,
        )
    return requirement


def _edges(enquiry: Enquiry, index: Index) -> tuple[tuple[int, int], ...]:
    scheme = index.landscape.scheme
    return handovers(enquiry.requirements, scheme, steps_after(scheme.precedes))


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
