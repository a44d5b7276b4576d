"""The value chain of Thuringia as a picture: steps as circles, what follows what as lines.

A step stands right of everything that precedes it. The area of a circle is the number of
organisations, so a thin place is seen at once; the number stands beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from api.pages.reading import Step

__all__ = ["Chain", "Link", "Node", "draw_chain"]

_COLUMN = 107
_WIDE_COLUMN = 150
_ROW = 60
_LARGEST = 25.0
_SMALLEST = 4.0
_TOP = 14
_LINE_OF_TEXT = 14
_NARROW = 15
_WIDE = 22


@dataclass(frozen=True, slots=True)
class Node:
    """A step at its place.

    Attributes:
        step: The step.
        x: Middle of the circle, SVG units.
        y: Likewise.
        radius: Radius, SVG units; the area is proportional to the number of organisations.
        lines: The label, broken into lines.
        is_thin: Fewer than ``thin_below`` organisations.
    """

    step: Step
    x: float
    y: float
    radius: float
    lines: tuple[str, ...]
    is_thin: bool


@dataclass(frozen=True, slots=True)
class Link:
    """That one step follows another, as the ``d`` of an SVG path."""

    path: str


@dataclass(frozen=True, slots=True)
class Chain:
    """The whole picture with its size in SVG units."""

    width: int
    height: int
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


def draw_chain(steps: Sequence[Step], thin_below: int = 10) -> Chain:
    """Place every step.

    Args:
        steps: The steps in their order of display; what precedes what has no cycle.
        thin_below: A step with fewer organisations is marked as thin.
    """
    columns = _columns(steps)
    height = max((_height(column) for column in columns), default=_ROW) + 2 * _TOP
    most = max((step.organisations for step in steps), default=1) or 1
    nodes: dict[str, Node] = {}
    left = 0
    for column in columns:
        width = _width(column)
        row = _row(column)
        top = (height - _height(column)) / 2
        for position, step in enumerate(column):
            nodes[step.iri] = Node(
                step=step,
                x=left + width / 2,
                y=round(top + position * row + row / 2 - 12, 1),
                radius=round(_radius(step.organisations, most), 1),
                lines=_lines(step, column),
                is_thin=step.organisations < thin_below,
            )
        left += width
    return Chain(left, height, tuple(nodes[s.iri] for s in steps), tuple(_links(steps, nodes)))


def _width(column: Sequence[Step]) -> int:
    return _WIDE_COLUMN if len(column) > 4 else _COLUMN


def _lines(step: Step, column: Sequence[Step]) -> tuple[str, ...]:
    return _broken(step.label, _WIDE if _width(column) > _COLUMN else _NARROW)


def _row(column: Sequence[Step]) -> int:
    """Return the height of each row of a column: labels of several lines need more."""
    longest = max(len(_lines(step, column)) for step in column)
    return _ROW + _LINE_OF_TEXT * (longest - 1)


def _height(column: Sequence[Step]) -> int:
    return len(column) * _row(column)


def _columns(steps: Sequence[Step]) -> list[list[Step]]:
    """Group the steps by the longest way that leads to them."""
    order = {step.iri: position for position, step in enumerate(steps)}
    import networkx as nx  # not needed by other pages

    network: nx.DiGraph[str] = nx.DiGraph()
    network.add_nodes_from(order)
    network.add_edges_from((s.iri, n) for s in steps for n in s.following if n in order)
    return [
        [steps[position] for position in sorted(order[iri] for iri in layer)]
        for layer in nx.topological_generations(network)
    ]


def _radius(organisations: int, most: int) -> float:
    return max(_SMALLEST, _LARGEST * math.sqrt(organisations / most))


def _broken(label: str, longest: int) -> tuple[str, ...]:
    """Break a label between words, each line as long as fits."""
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= longest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def _links(steps: Sequence[Step], nodes: dict[str, Node]) -> list[Link]:
    return [
        Link(_curve(nodes[step.iri], nodes[iri]))
        for step in steps
        for iri in step.following
        if iri in nodes
    ]


def _curve(a: Node, b: Node) -> str:
    start, end = a.x + a.radius + 2, b.x - b.radius - 2
    middle = round((start + end) / 2, 1)
    return f"M{start:g} {a.y:g}C{middle:g} {a.y:g} {middle:g} {b.y:g} {end:g} {b.y:g}"
