"""Organisations that can serve the same and are near each other, looked at as one.

A neighbourhood knows the least that any of its organisations asks for each slot and a cap of the
Earth that holds them all. What rules it out rules out every one of them, so that a search among
tens of thousands looks at some hundreds.
"""

import numpy as np
from numpy.typing import NDArray

from graph.matching.geography import EARTH_RADIUS_KM

__all__ = ["Neighbourhoods"]

_LARGEST = 64
"""Most organisations of one neighbourhood."""

_GRID = 1 << 10
"""Cells of the map on each side, by which organisations are put in order."""

_LAST_DIGITS = 1e-6
"""What rounding may change of an angle, radians; six metres on the ground."""

Numbers = NDArray[np.int64]
Angles = NDArray[np.float64]


class Neighbourhoods:
    """Organisations, numbered, in groups.

    Attributes:
        masks: Slots that every organisation of a neighbourhood can serve, as bits.
        cost: Least cost of each slot, shape (slots, neighbourhoods).
    """

    def __init__(self, masks: Numbers, cost: Numbers, directions: Angles) -> None:
        """Group organisations by what they can serve, then by place.

        Args:
            masks: Slots of each organisation, as bits.
            cost: Cost of each slot, shape (slots, organisations).
            directions: Place of each as a unit vector, shape (3, organisations); NaN if unknown.
        """
        places = _along_a_curve(directions)
        self._order = np.lexsort((places, masks))
        self._starts = _cuts(masks[self._order], np.isnan(directions[0])[self._order])
        self._sizes = np.diff(np.append(self._starts, len(masks)))
        self.masks = masks[self._order][self._starts]
        self.cost = np.minimum.reduceat(cost[:, self._order], self._starts, axis=1)
        self._centres, self._radii = self._caps(directions[:, self._order])

    def __len__(self) -> int:
        """Return the number of neighbourhoods."""
        return len(self._starts)

    def members(self, chosen: Numbers) -> Numbers:
        """Return the organisations of the chosen neighbourhoods, ascending."""
        sizes = self._sizes[chosen]
        within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.sort(self._order[np.repeat(self._starts[chosen], sizes) + within])

    def least_km(self, directions: Angles, chosen: Numbers) -> Angles:
        """Return how far each neighbourhood is at least, shape (points, chosen), kilometres.

        Args:
            directions: Points as unit vectors, shape (3, points); NaN where nothing is known.
            chosen: Numbers of neighbourhoods.
        """
        cosines = np.clip(directions.T @ self._centres[:, chosen], -1.0, 1.0)
        angles = np.arccos(cosines, out=cosines)
        angles -= self._radii[chosen]
        angles[np.isnan(angles)] = 0.0  # who is anywhere may be near
        return np.maximum(angles, 0.0, out=angles) * EARTH_RADIUS_KM

    def _caps(self, directions: Angles) -> tuple[Angles, Angles]:
        """Return the middle of each neighbourhood, a unit vector, and its angular radius."""
        centres = np.add.reduceat(directions, self._starts, axis=1)
        with np.errstate(invalid="ignore"):
            centres /= np.sqrt((centres**2).sum(axis=0))
            around = np.repeat(centres, self._sizes, axis=1)
            angles = np.arccos(np.clip((directions * around).sum(axis=0), -1.0, 1.0))
        return centres, np.maximum.reduceat(angles, self._starts) + _LAST_DIGITS


def _cuts(masks: Numbers, is_unknown: NDArray[np.bool_]) -> Numbers:
    """Return where the neighbourhoods begin among organisations in order."""
    is_other = np.ones(len(masks), dtype=bool)
    is_other[1:] = (np.diff(masks) != 0) | np.diff(is_unknown)
    starts = np.flatnonzero(is_other)
    within = np.arange(len(masks)) - starts[np.cumsum(is_other) - 1]
    cuts: Numbers = np.flatnonzero(within % _LARGEST == 0)
    return cuts


def _along_a_curve(directions: Angles) -> Numbers:
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
