"""Organisations that can serve the same and are near each other, looked at as one.

A neighbourhood knows the least that any of its organisations asks for each slot and a cap of the
Earth that holds them all. What rules it out rules out every one of them, so that a search among
tens of thousands looks at some hundreds.
"""

import numpy as np
from numpy.typing import NDArray

from graph.matching.geography import EARTH_RADIUS_KM

__all__ = ["Neighbourhoods", "along_a_curve", "order_of"]

_LARGEST = 256
"""Most organisations of one neighbourhood."""

_GRID = 1 << 10
"""Cells of the map on each side, by which organisations are put in order."""

_QUARTER = np.pi / 2
"""A quarter of the way around the Earth, radians."""

_LAST_BITS = 1e-12
"""What rounding may change of a cosine."""

_LAST_DIGITS = 1e-6
"""What rounding may change of an angle, radians; six metres on the ground."""

Numbers = NDArray[np.int64]
Angles = NDArray[np.float64]


class Neighbourhoods:
    """Organisations, numbered, in groups.

    Attributes:
        masks: Slots that every organisation of a neighbourhood can serve, as bits.
        cost: Least cost of each slot, shape (slots, neighbourhoods).
        sizes: Number of organisations.
        least: Least that handing over to anybody costs.
        centres: Middle of each, a unit vector, shape (3, neighbourhoods); NaN if unknown.
        radii: Angle from there to the farthest organisation, radians.
    """

    def __init__(self, masks: Numbers, cost: Numbers, directions: Angles, least: Numbers) -> None:
        """Group organisations that follow each other, in the order of :func:`order_of`.

        Args:
            masks: Slots of each organisation, as bits.
            cost: Cost of each slot, shape (slots, organisations).
            directions: Place of each as a unit vector, shape (3, organisations); NaN if unknown.
            least: Least that handing over to anybody costs each organisation.
        """
        self._starts = _cuts(masks, np.isnan(directions[0]))
        self.sizes = np.diff(np.append(self._starts, len(masks)))
        self.masks = masks[self._starts]
        self.cost = np.minimum.reduceat(cost, self._starts, axis=1)
        self.least = np.minimum.reduceat(least, self._starts)
        self.centres, self.radii = self._caps(directions)
        self._cosines, self._sines = np.cos(self.radii), np.sin(self.radii)

    def __len__(self) -> int:
        """Return the number of neighbourhoods."""
        return len(self._starts)

    def members(self, chosen: Numbers) -> Numbers:
        """Return the organisations of the chosen neighbourhoods, one after the other."""
        sizes = self.sizes[chosen]
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        members: Numbers = np.repeat(self._starts[chosen], sizes) + within
        return members

    def least_km(self, directions: Angles, chosen: Numbers) -> Angles:
        """Return how far each of some neighbourhoods is at least, kilometres.

        Args:
            directions: A point beside each as a unit vector, shape (3, chosen); NaN where nothing
                is known.
            chosen: Numbers of neighbourhoods.
        """
        cosines = np.clip((directions * self.centres[:, chosen]).sum(axis=0), -1.0, 1.0)
        angles = np.arccos(cosines, out=cosines)
        angles -= self.radii[chosen]
        angles[np.isnan(angles)] = 0.0  # who is anywhere may be near
        least: Angles = np.maximum(angles, 0.0, out=angles) * EARTH_RADIUS_KM
        return least

    def within(self, directions: Angles, angles: Angles, chosen: Numbers) -> NDArray[np.bool_]:
        """Tell which neighbourhoods somebody within an angle of the point beside each can be from.

        Args:
            directions: Points as unit vectors, shape (3, chosen); NaN where nothing is known.
            angles: For each point, radians.
            chosen: Numbers of neighbourhoods.
        """
        # Beyond the sum of both angles: its cosine, without asking for one for each pair.
        apart = (directions * self.centres[:, chosen]).sum(axis=0)
        apart -= np.cos(angles) * self._cosines[chosen]
        apart += np.sin(angles) * self._sines[chosen]
        is_near: NDArray[np.bool_] = ~(apart < -_LAST_BITS)
        is_near[angles > _QUARTER] = True  # beyond that the sum can be more than half the Earth
        is_near[self.radii[chosen] > _QUARTER] = True
        return is_near

    def _caps(self, directions: Angles) -> tuple[Angles, Angles]:
        """Return the middle of each neighbourhood, a unit vector, and its angular radius."""
        centres = np.add.reduceat(directions, self._starts, axis=1)
        with np.errstate(invalid="ignore"):
            centres /= np.sqrt((centres**2).sum(axis=0))
            around = np.repeat(centres, self.sizes, axis=1)
            angles = np.arccos(np.clip((directions * around).sum(axis=0), -1.0, 1.0))
        return centres, np.maximum.reduceat(angles, self._starts) + _LAST_DIGITS


def order_of(masks: Numbers, places: Numbers) -> Numbers:
    """Return the order in which organisations that are much alike follow each other.

    Args:
        masks: Slots of each organisation, as bits.
        places: Number of the place of each along a curve; see :func:`along_a_curve`.
    """
    bits = len(masks).bit_length()
    # The number of each goes along in the key: numbers are sorted faster than an order is found.
    keys = (masks * (_GRID**2 + 1) + places) << bits | np.arange(len(masks))
    keys.sort()
    order: Numbers = keys & (1 << bits) - 1
    return order


def _cuts(masks: Numbers, is_unknown: NDArray[np.bool_]) -> Numbers:
    """Return where the neighbourhoods begin among organisations in order."""
    is_other = np.ones(len(masks), dtype=bool)
    is_other[1:] = (np.diff(masks) != 0) | np.diff(is_unknown)
    starts = np.flatnonzero(is_other)
    within = np.arange(len(masks)) - starts[np.cumsum(is_other) - 1]
    cuts: Numbers = np.flatnonzero(within % _LARGEST == 0)
    return cuts


def along_a_curve(directions: Angles) -> Numbers:
    """Return a number for each place such that near numbers are near places (Morton, 1966).

    Unknown places come last.
    """
    is_known = ~np.isnan(directions[0])
    height = np.arcsin(np.clip(directions[2], -1.0, 1.0))
    around = np.arctan2(directions[1], directions[0])
    code = np.zeros(directions.shape[1], dtype=np.int64)
    for bit, angle in enumerate((height, around)):
        known = angle[is_known]
        low, high = known.min(initial=np.inf), known.max(initial=-np.inf)
        width = max(high - low, _LAST_DIGITS)
        cells = ((known - low) / width * (_GRID - 1)).astype(np.int64)
        code[is_known] |= _spread_bits(cells) << bit
    code[~is_known] = _GRID**2
    return code


def _spread_bits(numbers: Numbers) -> Numbers:
    """Return numbers with a zero between each two of their ten bits."""
    spread = np.zeros_like(numbers)
    for bit in range(10):
        spread |= (numbers >> bit & 1) << 2 * bit
    return spread
