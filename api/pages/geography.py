"""The map of Thuringia: district borders as SVG paths, and where a point lies on it.

The borders are ``data/thueringen_kreise_npm.geojson`` (© GeoBasis-DE / BKG, data changed). An
equirectangular projection at the middle latitude is exact enough for 200 km, and keeps north up.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from graph.resources import data_text

__all__ = ["HEIGHT", "WIDTH", "District", "Projection", "districts", "project", "projection"]

WIDTH = 720
"""Width of the drawing, SVG units."""

_MARGIN = 10
_GRID = 8
_FILE = "thueringen_kreise_npm.geojson"

Ring = list[list[float]]


@dataclass(frozen=True, slots=True)
class District:
    """One district or district-free town.

    Attributes:
        key: Official key (AGS), such as ``16053``.
        name: Name.
        path: Border as the ``d`` of an SVG path.
        x: Where a label or number fits, SVG units.
        y: Likewise.
    """

    key: str
    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Projection:
    """From degrees to SVG units.

    ``x = margin + (longitude - west) * squeeze * scale``,
    ``y = margin + (north - latitude) * scale``.
    """

    west: float
    north: float
    scale: float
    squeeze: float
    margin: float


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    north: float
    scale: float
    squeeze: float
    height: int

    def point(self, latitude: float, longitude: float) -> tuple[float, float]:
        return (
            _MARGIN + (longitude - self.west) * self.squeeze * self.scale,
            _MARGIN + (self.north - latitude) * self.scale,
        )


def _rings(geometry: dict[str, object]) -> Iterator[Ring]:
    polygons = geometry["coordinates"]
    if not isinstance(polygons, list):
        raise TypeError(f"{_FILE}: coordinates are no list")
    for polygon in [polygons] if geometry["type"] == "Polygon" else polygons:
        yield from polygon


@cache
def _features() -> tuple[tuple[str, str, tuple[Ring, ...]], ...]:
    document = json.loads(data_text(_FILE))
    return tuple(
        (f["properties"]["ags"], f["properties"]["name"], tuple(_rings(f["geometry"])))
        for f in sorted(document["features"], key=lambda f: str(f["properties"]["ags"]))
    )


@cache
def _frame() -> _Frame:
    points = [p for _, _, rings in _features() for ring in rings for p in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * _MARGIN) / ((east - west) * squeeze)
    return _Frame(west, north, scale, squeeze, math.ceil((north - south) * scale) + 2 * _MARGIN)


def project(latitude: float, longitude: float) -> tuple[float, float]:
    """Return where a point lies on the map, SVG units.

    Args:
        latitude: Degrees north, WGS 84.
        longitude: Degrees east, WGS 84.
    """
    x, y = _frame().point(latitude, longitude)
    return round(x, 1), round(y, 1)


def projection() -> Projection:
    """Return what :func:`project` does, for drawing elsewhere."""
    frame = _frame()
    return Projection(frame.west, frame.north, frame.scale, frame.squeeze, _MARGIN)


def _path(rings: tuple[Ring, ...]) -> str:
    """Draw rings in whole units, relative, leaving out points that round to the one before.

    Neighbours round alike, so no gap opens between them.
    """
    pieces = []
    for ring in rings:
        points = [tuple(round(v) for v in _frame().point(p[1], p[0])) for p in ring]
        steps = [f"{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(points) if a != b]
        pieces.append(f"M{points[0][0]} {points[0][1]}l{' '.join(steps)}z")
    return "".join(pieces)


def _roomiest(rings: tuple[Ring, ...]) -> tuple[float, float]:
    """Return the point of a grid inside the border that is farthest from it: room for a number.

    A hole, such as a town inside its district, is outside.
    """
    borders = [[_frame().point(p[1], p[0]) for p in ring] for ring in rings]
    points = [point for border in borders for point in border]
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    best = (-1.0, points[0])
    for x in range(round(min(xs)), round(max(xs)), _GRID):
        for y in range(round(min(ys)), round(max(ys)), _GRID):
            if _is_inside((x, y), borders):
                room = min(math.hypot(p[0] - x, p[1] - y) for p in points)
                best = max(best, (room, (float(x), float(y))))
    return best[1]


def _is_inside(point: tuple[float, float], borders: list[list[tuple[float, float]]]) -> bool:
    """Tell whether a ray from the point crosses the borders an odd number of times."""
    x, y = point
    crossings = 0
    for border in borders:
        for a, b in pairwise(border):
            if (a[1] > y) != (b[1] > y):
                crossings += x < a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1])
    return crossings % 2 == 1


@cache
def districts() -> tuple[District, ...]:
    """Return all districts, ordered by key; read once."""
    return tuple(
        District(key, name, _path(rings), *_roomiest(rings)) for key, name, rings in _features()
    )


HEIGHT = _frame().height
"""Height of the drawing, SVG units."""
