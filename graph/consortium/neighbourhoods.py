"""Organisations that can serve the same and are near each other, looked at as one.

A neighbourhood knows the least that any of its organisations asks for each slot and a cap of the
Earth that holds them all. What rules it out rules out every one of them, so that a search among
tens of thousands looks at some hundreds.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from graph.matching.geography import EARTH_RADIUS_KM, cosines
from graph.matching.index import in_order
from graph.matching.points import CURVE

__all__ = ["Neighbourhoods", "order_of"]

_LARGEST = 256
"""Most organisations of one neighbourhood."""

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

    def __init__(
        self,
        masks: Numbers,
        cost: Numbers,
        directions: Angles,
        least: Numbers,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        """Group organisations that follow each other, in the order of :func:`order_of`.

        Args:
            masks: Slots of each organisation, as bits.
            cost: Cost of each slot, shape (slots, organisations).
            directions: Place of each as a unit vector, shape (3, organisations); NaN if unknown.
            least: Least that handing over to anybody costs each organisation.
            check: Called between what takes some milliseconds; what it raises ends the work.
        """
        self._starts = _cuts(masks, np.isnan(directions[0]))
        self.sizes = np.diff(np.append(self._starts, len(masks)))
        self.masks = masks[self._starts]
        check()
        self.cost = np.minimum.reduceat(cost, self._starts, axis=1)
        self.least = np.minimum.reduceat(least, self._starts)
        check()
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

    def least_km(self, directions: Angles, at: Numbers, chosen: Numbers) -> Angles:
        """Return how far each of some neighbourhoods is at least, kilometres.

        Args:
            directions: Points as unit vectors, shape (3, points); NaN where nothing is known.
            at: Number of the point beside each neighbourhood.
            chosen: Numbers of neighbourhoods.
        """
        apart = np.clip(cosines(directions, at, self.centres, chosen), -1.0, 1.0)
        angles = np.arccos(apart, out=apart)
        angles -= self.radii[chosen]
        angles[np.isnan(angles)] = 0.0  # who is anywhere may be near
        least: Angles = np.maximum(angles, 0.0, out=angles) * EARTH_RADIUS_KM
        return least

    def within(
        self, points: Angles, angles: Angles, beside: Numbers, chosen: Numbers
    ) -> NDArray[np.bool_]:
        """Tell which neighbourhoods somebody within an angle of the point beside each can be from.

        Args:
            points: Unit vectors, shape (3, points); NaN where nothing is known.
            angles: For each point, radians.
            beside: Number of the point beside each neighbourhood.
            chosen: Numbers of neighbourhoods.
        """
        # Beyond the sum of both angles: its cosine, without asking for one for each pair.
        apart = cosines(points, beside, self.centres, chosen)
        apart -= np.cos(angles)[beside] * self._cosines[chosen]
        apart += np.sin(angles)[beside] * self._sines[chosen]
        is_near: NDArray[np.bool_] = ~(apart < -_LAST_BITS)
        # Beyond a quarter the sum can be more than half the Earth.
        is_near |= (angles > _QUARTER)[beside] | (self.radii > _QUARTER)[chosen]
        return is_near

    def _caps(self, directions: Angles) -> tuple[Angles, Angles]:
        """Return the middle of each neighbourhood, a unit vector, and its angular radius."""
        centres = np.add.reduceat(directions, self._starts, axis=1)
        with np.errstate(invalid="ignore"):
            centres /= np.sqrt((centres**2).sum(axis=0))
            around = np.repeat(centres, self.sizes, axis=1)
            farthest = np.minimum.reduceat((directions * around).sum(axis=0), self._starts)
        return centres, np.arccos(np.clip(farthest, -1.0, 1.0)) + _LAST_DIGITS


def order_of(masks: Numbers, places: Numbers) -> Numbers:
    """Return the order in which organisations that are much alike follow each other.

    Args:
        masks: Slots of each organisation, as bits.
        places: Number of the place of each along a curve; see :class:`Points`.
    """
    return in_order(masks * CURVE + places)


def _cuts(masks: Numbers, is_unknown: NDArray[np.bool_]) -> Numbers:
    """Return where the neighbourhoods begin among organisations in order."""
    is_other = np.ones(len(masks), dtype=bool)
    is_other[1:] = (np.diff(masks) != 0) | np.diff(is_unknown)
    starts = np.flatnonzero(is_other)
    within = np.arange(len(masks)) - starts[np.cumsum(is_other) - 1]
    cuts: Numbers = np.flatnonzero(within % _LARGEST == 0)
    return cuts
