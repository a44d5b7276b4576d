"""Distances on the sphere."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "EARTH_RADIUS_KM",
    "chords_km",
    "cosines",
    "great_circle_km",
    "pairwise_km",
    "unit_vectors",
]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG)."""


def great_circle_km(
    latitude_1: ArrayLike, longitude_1: ArrayLike, latitude_2: ArrayLike, longitude_2: ArrayLike
) -> NDArray[np.float64]:
    """Return the great-circle distance by the haversine formula, kilometres.

    Args:
        latitude_1: Degrees north of the first points; arrays are broadcast.
        longitude_1: Degrees east of the first points.
        latitude_2: Degrees north of the second points.
        longitude_2: Degrees east of the second points.
    """
    phi_1, phi_2 = np.radians(latitude_1), np.radians(latitude_2)
    half_phi = (phi_2 - phi_1) / 2
    half_lambda = (np.radians(longitude_2) - np.radians(longitude_1)) / 2
    chord = np.sin(half_phi) ** 2 + np.cos(phi_1) * np.cos(phi_2) * np.sin(half_lambda) ** 2
    # Rounding may lift the chord of antipodes above one, where arcsin ends.
    distance: NDArray[np.float64] = (
        2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    )
    return distance


def pairwise_km(
    latitude_1: NDArray[np.float64],
    longitude_1: NDArray[np.float64],
    latitude_2: NDArray[np.float64],
    longitude_2: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the great-circle distance of every pair, shape (first, second), kilometres.

    From the chord through the sphere, so that only one function is evaluated for a pair; equal
    to :func:`great_circle_km` but for the last digits. NaN where a place is not known.

    Args:
        latitude_1: Degrees north of the first points.
        longitude_1: Degrees east of the first points.
        latitude_2: Degrees north of the second points.
        longitude_2: Degrees east of the second points.
    """
    one, two = unit_vectors(latitude_1, longitude_1), unit_vectors(latitude_2, longitude_2)
    return chords_km(one[:, :, None], two[:, None, :])


def chords_km(one: NDArray[np.float64], two: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the great-circle distance of points from the chord between them, kilometres.

    Args:
        one: Points as unit vectors along the first axis; NaN where not known.
        two: Points likewise; the other axes are broadcast.
    """
    square = np.zeros(np.broadcast_shapes(one.shape, two.shape)[1:])
    for axis in range(3):
        step = one[axis] - two[axis]
        square += np.multiply(step, step, out=step)
    half_chord = np.sqrt(square, out=square)
    half_chord /= 2
    distance = np.arcsin(np.minimum(half_chord, 1.0, out=half_chord), out=half_chord)
    distance *= 2 * EARTH_RADIUS_KM
    return distance


def cosines(
    one: NDArray[np.float64],
    first: NDArray[np.int64],
    two: NDArray[np.float64],
    second: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the cosine of the angle between points, as seen from the middle of the Earth.

    Axis by axis, for picking columns of all axes at once takes several times as long.

    Args:
        one: Points as unit vectors along the first axis; NaN where not known.
        first: Number of the first point of each pair.
        two: Points likewise.
        second: Number of the second point of each pair.
    """
    total = np.zeros(len(first))
    for axis in range(3):
        total += one[axis][first] * two[axis][second]
    return total


def unit_vectors(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return points of the sphere as vectors of length one, shape (3, points)."""
    phi, lambda_ = np.radians(latitude), np.radians(longitude)
    return np.stack([np.cos(phi) * np.cos(lambda_), np.cos(phi) * np.sin(lambda_), np.sin(phi)])
