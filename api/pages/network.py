"""The collaboration network of a consortium as a drawing that is the same every time.

Members stand on an ellipse in their order. What ties them stands inside: clusters that several
of them belong to, and outside organisations that have worked with several of them.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from api.schemas.consortium import MemberOut
from graph.model import Landscape, Tie

__all__ = ["Edge", "Network", "Vertex", "draw_network"]

_WIDTH, _HEIGHT = 720, 420
_RADIUS_X, _RADIUS_Y = 165, 140
_MOST_INNER = 6
_APART = 78.0
_STEPS = 200


@dataclass(frozen=True, slots=True)
class Vertex:
    """Something drawn as a point.

    Attributes:
        iri: Identifier.
        name: Name to show.
        kind: ``member``, ``cluster`` or ``bridge``.
        x: SVG units.
        y: SVG units.
        label_x: Where the label begins or ends.
        label_y: Its base line.
        anchor: ``start``, ``middle`` or ``end``.
    """

    iri: str
    name: str
    kind: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Edge:
    """What ties two points.

    Attributes:
        first: One end.
        second: The other.
        labels: Names of the joint projects and relations, or of the cluster.
        sources: URLs of the pages that say so, sorted.
        width: Line width, SVG units; wider for more of them.
    """

    first: Vertex
    second: Vertex
    labels: tuple[str, ...]
    sources: tuple[str, ...]
    width: float

    @property
    def is_direct(self) -> bool:
        """Whether both ends are members."""
        return self.first.kind == self.second.kind == "member"


@dataclass(frozen=True, slots=True)
class Network:
    """The drawing; ``edges`` is empty when nothing is documented.

    Attributes:
        width: SVG units.
        height: SVG units.
        top: Where the drawing begins, SVG units.
        vertices: Members, then what stands inside.
        edges: Lines, ordered by their ends.
    """

    width: int
    height: int
    top: int
    vertices: tuple[Vertex, ...]
    edges: tuple[Edge, ...]


def draw_network(members: Sequence[MemberOut], landscape: Landscape) -> Network:
    """Draw what is documented between the members, and what could bring them together."""
    same_as = {iri: o.same_as or iri for iri, o in landscape.organisations.items()}
    places = {member.iri: _on_ellipse(n, len(members)) for n, member in enumerate(members)}
    ties = list(_between(landscape.ties, places, same_as))
    inner = _inner(ties, places, same_as, landscape)
    spots = _spread({key: _middle(ends, places) for key, (_, _, ends) in inner.items()})
    vertices = {m.iri: _member(m, *places[m.iri], alone=len(members) == 1) for m in members}
    for key, (name, kind, _) in inner.items():
        x, y = spots[key]
        vertices[key] = Vertex(key, name, kind, x, y, x, y + 22, "middle")
    pairs = _pairs(ties, places, inner, same_as)
    edges = tuple(_edge(vertices[a], vertices[b], found) for (a, b), found in sorted(pairs.items()))
    heights = [v.y for v in vertices.values()] or [_HEIGHT / 2]
    top, bottom = min(heights) - 48, max(heights) + 48
    return Network(_WIDTH, round(bottom - top), round(top), tuple(vertices.values()), edges)


def _on_ellipse(position: int, count: int) -> tuple[float, float]:
    if count == 1:
        return _WIDTH / 2, _HEIGHT / 2
    angle = 2 * math.pi * position / count - math.pi / 2
    return (
        round(_WIDTH / 2 + _RADIUS_X * math.cos(angle), 1),
        round(_HEIGHT / 2 + _RADIUS_Y * math.sin(angle), 1),
    )


def _between(
    ties: Iterable[Tie], members: Mapping[str, object], same_as: Mapping[str, str]
) -> Iterable[Tie]:
    """Yield the ties that touch a member, the two ends being different organisations."""
    for tie in ties:
        ends = {same_as.get(tie.first, tie.first), same_as.get(tie.second, tie.second)}
        if len(ends) == 2 and ends & members.keys():
            yield tie


Inner = dict[str, tuple[str, str, frozenset[str]]]


def _inner(
    ties: Iterable[Tie],
    members: Mapping[str, object],
    same_as: Mapping[str, str],
    landscape: Landscape,
) -> Inner:
    """Choose what stands inside: name, kind and the members it touches, most of them first."""
    touched: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, str] = {}
    names: dict[str, str] = {}
    for tie in ties:
        ends = [same_as.get(tie.first, tie.first), same_as.get(tie.second, tie.second)]
        ours = [end for end in ends if end in members]
        if tie.kind == "cluster":
            key, kind, name = tie.context, "cluster", tie.label
        elif len(ours) == 1:
            key = next(end for end in ends if end not in members)
            known = landscape.organisations.get(key)
            kind, name = "bridge", known.name if known else tie.label
        else:
            continue
        touched[key] |= set(ours)
        kinds[key], names[key] = kind, name
    shared = [key for key, ends in touched.items() if len(ends) > 1]
    shared.sort(key=lambda key: (kinds[key] == "bridge", -len(touched[key]), key))
    return {key: (names[key], kinds[key], frozenset(touched[key])) for key in shared[:_MOST_INNER]}


def _middle(ends: Iterable[str], places: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """Middle of some members, drawn halfway to the middle of the picture."""
    points = [places[end] for end in sorted(ends)]
    x = sum(p[0] for p in points) / len(points)
    y = sum(p[1] for p in points) / len(points)
    return (x + _WIDTH / 2) / 2, (y + _HEIGHT / 2) / 2


def _spread(spots: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
    """Push points apart until no two are nearer than their labels need."""
    moved = {key: [x + 0.01 * n, y + 7.0 * n] for n, (key, (x, y)) in enumerate(spots.items())}
    for _ in range(_STEPS):
        for a, b in combinations(moved.values(), 2):
            dx, dy = b[0] - a[0], (b[1] - a[1]) * 2  # labels are wider than high
            distance = math.hypot(dx, dy) or 0.01
            push = max(0.0, (_APART - distance) / 4)
            for point, sign in ((a, -1), (b, 1)):
                point[0] += sign * push * dx / distance
                point[1] += sign * push * dy / distance / 2
    return {
        key: (round(min(max(x, 150), _WIDTH - 150), 1), round(min(max(y, 120), _HEIGHT - 120), 1))
        for key, (x, y) in moved.items()
    }


def _member(member: MemberOut, x: float, y: float, *, alone: bool) -> Vertex:
    sideways = 0 if alone else (x - _WIDTH / 2) / _RADIUS_X
    if abs(sideways) > 0.35:
        side = 1 if sideways > 0 else -1
        anchor = "start" if side > 0 else "end"
        return Vertex(member.iri, member.name, "member", x, y, x + side * 24, y + 5, anchor)
    below = alone or y > _HEIGHT / 2
    return Vertex(member.iri, member.name, "member", x, y, x, y + 36 if below else y - 26, "middle")


def _pairs(
    ties: Iterable[Tie], members: Mapping[str, object], inner: Inner, same_as: Mapping[str, str]
) -> dict[tuple[str, str], list[Tie]]:
    """Collect the ties of each line to draw."""
    pairs: dict[tuple[str, str], list[Tie]] = defaultdict(list)
    for tie in ties:
        first, second = same_as.get(tie.first, tie.first), same_as.get(tie.second, tie.second)
        if tie.kind == "cluster":
            for end in (first, second):
                if tie.context in inner and end in members:
                    pairs[end, tie.context].append(tie)
        elif (first in members or first in inner) and (second in members or second in inner):
            pairs[min(first, second), max(first, second)].append(tie)
    return pairs


def _edge(first: Vertex, second: Vertex, ties: Sequence[Tie]) -> Edge:
    labels = tuple(sorted({tie.label for tie in ties if tie.label}))
    sources = tuple(sorted({tie.source for tie in ties if tie.source}))
    is_direct = first.kind == second.kind == "member"
    return Edge(first, second, labels, sources, min(6.0, 1.5 + len(labels)) if is_direct else 1.2)
