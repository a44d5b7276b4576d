"""Where the members of a consortium are, and between which places work is handed over."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.geography import WIDTH, project
from api.pages.reading import local
from api.schemas.consortium import ConsortiumOut, MemberOut

__all__ = ["Handover", "Pin", "Sites", "Town", "draw_sites"]

_RING = 15.0
_NEAR = 24.0
_PIN = 13.0
_LETTER = 8.2
_SIDES = ("start", "end", "below", "above")

_Box = tuple[float, float, float, float]
"""Left, top, right and bottom, SVG units."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A member on the map, SVG units."""

    member: MemberOut
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Town:
    """The name of a town with its place, SVG units; ``anchor`` as in SVG."""

    name: str
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Handover:
    """A line between two members that hand work over, SVG units."""

    x1: float
    y1: float
    x2: float
    y2: float
    label: str


@dataclass(frozen=True, slots=True)
class Sites:
    """The map of a consortium.

    Attributes:
        pins: Members with a known place.
        towns: Names of their towns, each once.
        handovers: Lines between different places, each once.
        districts: Official keys of the districts with a member.
        elsewhere: Members without a known place.
    """

    pins: tuple[Pin, ...]
    towns: tuple[Town, ...]
    handovers: tuple[Handover, ...]
    districts: frozenset[str]
    elsewhere: tuple[MemberOut, ...]


def draw_sites(document: ConsortiumOut) -> Sites:
    """Place the members; those of one town stand in a ring around it."""
    towns = _towns(document.members)
    pins = {p.member.iri: p for at, group in towns.items() for p in _ring(at, group)}
    return Sites(
        pins=tuple(pins.values()),
        towns=_write(towns, tuple(pins.values())),
        handovers=_handovers(document, pins),
        districts=frozenset(local(m.district.iri) for m in document.members if m.district),
        elsewhere=tuple(m for m in document.members if m.iri not in pins),
    )


def _towns(members: Sequence[MemberOut]) -> dict[tuple[float, float], list[MemberOut]]:
    """Gather members whose points would cover each other, at the point of the first."""
    towns: dict[tuple[float, float], list[MemberOut]] = {}
    for member in members:
        if member.latitude is None or member.longitude is None:
            continue
        at = project(member.latitude, member.longitude)
        near = [town for town in towns if math.dist(town, at) < _NEAR]
        towns.setdefault(near[0] if near else at, []).append(member)
    return towns


def _radius(group: Sequence[MemberOut]) -> float:
    return _RING * max(1.0, len(group) / 4)


def _ring(at: tuple[float, float], group: Sequence[MemberOut]) -> list[Pin]:
    radius = 0.0 if len(group) == 1 else _radius(group)
    pins = []
    for position, member in enumerate(group):
        angle = 2 * math.pi * position / len(group) - math.pi / 2
        x, y = at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle)
        pins.append(Pin(member, round(x, 1), round(y, 1)))
    return pins


def _write(
    towns: Mapping[tuple[float, float], Sequence[MemberOut]], pins: Sequence[Pin]
) -> tuple[Town, ...]:
    """Write each name where it covers least: right of the town, left, below or above."""
    taken = [(pin.x - _PIN, pin.y - _PIN, pin.x + _PIN, pin.y + _PIN) for pin in pins]
    written = []
    for at, group in towns.items():
        name = ", ".join(dict.fromkeys(member.town for member in group))
        reach = _PIN + 7 if len(group) == 1 else _PIN + 7 + _radius(group)
        places = [_place(name, at, reach, side) for side in _SIDES]
        town, box = min(places, key=lambda place: _covered(place[1], taken))
        taken.append(box)
        written.append(town)
    return tuple(written)


def _place(name: str, at: tuple[float, float], reach: float, side: str) -> tuple[Town, _Box]:
    """Return a name at one side of its town, with the box that it covers."""
    x, y = at
    width = _LETTER * len(name)
    if side in ("start", "end"):
        sign = 1 if side == "start" else -1
        left = x + reach if sign > 0 else x - reach - width
        town = Town(name, round(x + sign * reach, 1), round(y + 5, 1), side)
        return town, (left, y - 9, left + width, y + 9)
    base = y + reach + 12 if side == "below" else y - reach
    box = (x - width / 2, base - 14, x + width / 2, base + 4)
    return Town(name, round(x, 1), round(base, 1), "middle"), box


def _covered(box: _Box, taken: Sequence[_Box]) -> float:
    """Return how much of other things a box covers, or of the paper around the map."""
    paper = [(-9e3, -9e3, 0, 9e3), (WIDTH, -9e3, 9e3, 9e3)]
    return sum(
        max(0, min(box[2], other[2]) - max(box[0], other[0]))
        * max(0, min(box[3], other[3]) - max(box[1], other[1]))
        for other in [*taken, *paper]
    )


def _handovers(document: ConsortiumOut, pins: Mapping[str, Pin]) -> tuple[Handover, ...]:
    lines: dict[tuple[str, str], Handover] = {}
    for interface in document.interfaces:
        ends = sorted((interface.from_organisation, interface.to_organisation), key=lambda o: o.iri)
        pair = (ends[0].iri, ends[1].iri)
        if interface.internal or not all(end in pins for end in pair):
            continue
        a, b = pins[pair[0]], pins[pair[1]]
        label = f"{ends[0].name} \u2013 {ends[1].name}: {interface.text}"
        lines.setdefault(pair, Handover(a.x, a.y, b.x, b.y, label))
    return tuple(lines.values())
