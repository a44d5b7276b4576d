"""The enquiry as numbers: entries (slot, organisation, cost), hand-overs and conditions."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import Clock
from graph.consortium.handover_costs import Handovers

__all__ = ["Capacity", "Group", "Instance", "masks_of"]

_KEPT_BLOCK = 40_000
"""Blocks up to so many pairs are kept for further searches of the same instance (160 kB)."""


@dataclass(frozen=True, slots=True)
class Group:
    """A condition on how many members are of a group.

    Attributes:
        counts_low: Organisations that count for ``at_least``.
        counts_high: Organisations that count for ``at_most``.
        at_least: Fewest members.
        at_most: Most members.
    """

    counts_low: NDArray[np.bool_]
    counts_high: NDArray[np.bool_]
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """What one source can make for several slots together.

    Attributes:
        entries: Entries that draw on it, ascending, all of one organisation.
        loads: How much each of them needs.
        available: How much there is.
    """

    entries: NDArray[np.int64]
    loads: NDArray[np.float64]
    available: float


@dataclass(frozen=True)
class Instance:
    """What the search needs to know.

    An *entry* is an organisation that can serve a slot; entries are sorted by slot, then by
    organisation; it has several of one slot where it can serve it with several claims. A *slot* is
    a requirement, or its second source.

    Attributes:
        slots: Number of slots.
        organisations: Number of organisations.
        slot: Slot of each entry.
        organisation: Organisation of each entry.
        cost: Cost of each match.
        masks: What each organisation can serve, as bits.
        handovers: Costs between entries.
        twins: Slot of a requirement and slot of its second source.
        conflicts: Pairs of organisations that must not both be members.
        forced: Organisations that must serve something, ascending.
        groups: Conditions on members.
        capacities: What is used up by several slots together.
    """

    slots: int
    organisations: int
    slot: NDArray[np.int64]
    organisation: NDArray[np.int64]
    cost: NDArray[np.int64]
    masks: NDArray[np.int64]
    handovers: Handovers
    twins: tuple[tuple[int, int], ...] = ()
    conflicts: tuple[tuple[int, int], ...] = ()
    forced: tuple[int, ...] = ()
    groups: tuple[Group, ...] = ()
    capacities: tuple[Capacity, ...] = ()
    _kept: dict[tuple[int, int], NDArray[np.int32]] = field(
        default_factory=dict, repr=False, compare=False
    )

    @property
    def coverable(self) -> int:
        """Slots that anybody can serve, as bits."""
        return int(np.bitwise_or.reduce(self.masks)) if len(self.masks) else 0

    @cached_property
    def has_doubles(self) -> bool:
        """Some organisation has several entries of one slot, with different claims."""
        is_same = (np.diff(self.slot) == 0) & (np.diff(self.organisation) == 0)
        return bool(is_same.any())

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """First entry of each slot, and the number of entries at the end."""
        return np.searchsorted(self.slot, np.arange(self.slots + 1))

    def block(
        self,
        r: int,
        s: int,
        one: NDArray[np.int64],
        two: NDArray[np.int64],
        clock: Clock | None = None,
    ) -> NDArray[np.int32]:
        """Return what entries ``one`` of slot ``r`` and ``two`` of slot ``s`` cost together.

        Small blocks are computed once for the whole instance.

        Raises:
            OutOfTimeError: The clock says so.
        """
        first, second = int(self.starts[r]), int(self.starts[s])
        sizes = int(self.starts[r + 1]) - first, int(self.starts[s + 1]) - second
        if sizes[0] * sizes[1] > _KEPT_BLOCK:
            return self._costs(one, two, clock)
        if (r, s) not in self._kept:
            every = np.arange(first, first + sizes[0]), np.arange(second, second + sizes[1])
            self._kept[r, s] = self._costs(*every, None)
        kept: NDArray[np.int32] = self._kept[r, s][one[:, None] - first, two - second]
        return kept

    def _costs(
        self, one: NDArray[np.int64], two: NDArray[np.int64], clock: Clock | None
    ) -> NDArray[np.int32]:
        owners = self.organisation[one], self.organisation[two]
        return self.handovers.block(one, two, *owners, clock)


def masks_of(
    slot: NDArray[np.int64], organisation: NDArray[np.int64], count: int
) -> NDArray[np.int64]:
    """Return the slots of each of ``count`` organisations, as bits.

    Args:
        slot: Slot of each entry, ascending.
        organisation: Organisation of each entry.
        count: Number of organisations.
    """
    masks = np.zeros(count, dtype=np.int64)
    cuts = np.searchsorted(slot, np.arange(int(slot.max(initial=-1)) + 2))
    for number, (first, last) in enumerate(pairwise(cuts.tolist())):
        masks[organisation[first:last]] |= 1 << number  # each once, or with several claims
    return masks
