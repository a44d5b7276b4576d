"""Places as points of the sphere, and in an order in which near ones are near each other."""

import numpy as np
from numpy.typing import NDArray

from graph.matching.geography import unit_vectors
from graph.matching.index import Index

__all__ = ["CURVE", "Points", "along_a_curve", "points_of"]

_GRID = 1 << 10
"""Cells of the map on each side, by which places are put in order."""

CURVE = _GRID**2 + 1
"""Numbers of places along a curve are below that."""

_LEAST_WIDTH = 1e-6
"""Least width of the map, radians."""

Numbers = NDArray[np.int64]
Angles = NDArray[np.float64]


class Points:
    """Places, by number.

    Attributes:
        latitude: Degrees north; NaN where not known.
        longitude: Degrees east.
        vectors: Unit vectors, shape (3, places).
        curve: Number of each along a curve; see :func:`along_a_curve`.
    """

    def __init__(self, latitude: Angles, longitude: Angles) -> None:
        """Compute what enquiries ask of places."""
        self.latitude = latitude
        self.longitude = longitude
        self.vectors = unit_vectors(latitude, longitude)
        self.curve = along_a_curve(self.vectors)


def points_of(index: Index) -> Points:
    """Return the places of the claims of an index, made at the first call."""
    return index.keep("points", lambda: Points(*index.coordinates))


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
        width = max(high - low, _LEAST_WIDTH)
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
