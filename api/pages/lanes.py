"""The lanes of a consortium: requirements in the order of the value chain against members."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.schemas.consortium import (
    AssignmentOut,
    ConsortiumOut,
    GapOut,
    MemberOut,
    NamedOut,
    RequirementOut,
)

__all__ = ["Cell", "Group", "Row", "draw_lanes", "letters"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a requirement meets a member.

    Attributes:
        member: The member of the column.
        assignment: What the member does here, or ``None``.
        could_serve: The member does not do it but could.
    """

    member: MemberOut
    assignment: AssignmentOut | None
    could_serve: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One requirement.

    Attributes:
        requirement: The requirement.
        cells: One for each member, in their order; what a gap has too are the hollow dots.
        gap: Why nobody serves it; ``None`` when somebody does.
        outside: How many organisations outside the consortium could serve it.
    """

    requirement: RequirementOut
    cells: tuple[Cell, ...]
    gap: GapOut | None
    outside: int


@dataclass(frozen=True, slots=True)
class Group:
    """The requirements of one step; ``step`` is ``None`` where none is known."""

    step: NamedOut | None
    rows: tuple[Row, ...]


def letters(members: Sequence[MemberOut]) -> dict[str, str]:
    """Return the letter of each member: A, B, ... Z, AA, AB, ..."""
    return {member.iri: _letter(position) for position, member in enumerate(members)}


def _letter(position: int) -> str:
    before, last = divmod(position, 26)
    return (_letter(before - 1) if before else "") + chr(ord("A") + last)


def draw_lanes(document: ConsortiumOut, order: Mapping[str, int]) -> tuple[Group, ...]:
    """Lay out the table.

    Args:
        document: The suggestion.
        order: Place of each value-chain step; unknown ones come last.
    """
    gaps = {gap.requirement: gap for gap in document.gaps}
    groups: dict[str, list[Row]] = {}
    steps: dict[str, NamedOut | None] = {}
    for requirement in document.enquiry.requirements:
        key = requirement.step.iri if requirement.step else ""
        steps[key] = requirement.step
        groups.setdefault(key, []).append(_row(requirement, document.members, gaps))
    ranked = sorted(groups, key=lambda key: order.get(key, len(order)))
    return tuple(Group(steps[key], tuple(groups[key])) for key in ranked)


def _row(
    requirement: RequirementOut, members: Sequence[MemberOut], gaps: Mapping[str, GapOut]
) -> Row:
    cells = tuple(_cell(requirement, member) for member in members)
    able = sum(cell.assignment is not None or cell.could_serve for cell in cells)
    return Row(
        requirement=requirement,
        cells=cells,
        gap=gaps.get(requirement.iri),
        outside=max(0, requirement.candidates - able),
    )


def _cell(requirement: RequirementOut, member: MemberOut) -> Cell:
    served = [a for a in member.assignments if a.requirement == requirement.iri]
    return Cell(
        member=member,
        assignment=served[0] if served else None,
        could_serve=not served and requirement.iri in member.could_serve,
    )
