"""Where the members of a consortium are, and between which places work is handed over."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.geography import project
from api.pages.reading import local
from api.schemas.consortium import ConsortiumOut, MemberOut

__all__ = ["Handover", "Pin", "Sites", "Town", "draw_sites"]

_RING = 15.0
_NEAR = 24.0


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
        towns=tuple(_town(at, group, list(towns)) for at, group in towns.items()),
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


def _ring(at: tuple[float, float], group: Sequence[MemberOut]) -> list[Pin]:
    radius = 0.0 if len(group) == 1 else _RING * max(1.0, len(group) / 4)
    pins = []
    for position, member in enumerate(group):
        angle = 2 * math.pi * position / len(group) - math.pi / 2
        x, y = at[0] + radius * math.cos(angle), at[1] + radius * math.sin(angle)
        pins.append(Pin(member, round(x, 1), round(y, 1)))
    return pins


def _town(
    at: tuple[float, float], group: Sequence[MemberOut], others: Sequence[tuple[float, float]]
) -> Town:
    """Write the name where no other town is near: right, else left, else below."""
    reach = 20 if len(group) == 1 else 20 + _RING * max(1.0, len(group) / 4)
    near = [o for o in others if o != at and abs(o[1] - at[1]) < 26]
    right = any(0 < o[0] - at[0] < 120 for o in near)
    left = any(0 < at[0] - o[0] < 120 for o in near)
    name = ", ".join(dict.fromkeys(member.town for member in group))
    if not right and at[0] < 600:
        return Town(name, round(at[0] + reach, 1), round(at[1] + 5, 1), "start")
    if not left:
        return Town(name, round(at[0] - reach, 1), round(at[1] + 5, 1), "end")
    return Town(name, at[0], round(at[1] + reach + 14, 1), "middle")


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
