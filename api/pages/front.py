"""Members against cost as a small picture: what one member more would save."""

from collections.abc import Sequence
from dataclasses import dataclass

from api.schemas.consortium import FrontOut

__all__ = ["Front", "Spot", "draw_front"]

_WIDTH, _HEIGHT = 420, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 54, 40, 30, 44


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of the front, SVG units; ``bound_y`` is where its lower bound lies."""

    point: FrontOut
    x: float
    y: float
    bound_y: float | None


@dataclass(frozen=True, slots=True)
class Front:
    """The picture with its size and base line, SVG units."""

    width: int
    height: int
    base: int
    spots: tuple[Spot, ...]


def draw_front(points: Sequence[FrontOut]) -> Front:
    """Place each number of members for which a consortium was found; cost begins at zero."""
    found = [(p, p.cost_km) for p in points if p.cost_km is not None]
    most = max((cost for _, cost in found), default=1) or 1
    width = _WIDTH - _LEFT - _RIGHT
    base = _HEIGHT - _BOTTOM

    def height(cost: int) -> float:
        return round(base - (base - _TOP) * max(cost, 0) / most, 1)

    spots = []
    for position, (point, cost) in enumerate(found):
        share = 0.5 if len(found) == 1 else position / (len(found) - 1)
        bound = point.lower_bound_km
        bound_y = None if point.proven or bound is None else height(bound)
        spots.append(Spot(point, round(_LEFT + width * share, 1), height(cost), bound_y))
    return Front(_WIDTH, _HEIGHT, base, tuple(spots))
