"""Two consortia for the same enquiry, requirement by requirement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.pages.addresses import ConsortiumAddress
from api.schemas.consortium import (
    AssignmentOut,
    ConsortiumOut,
    GapOut,
    MemberOut,
    NamedOut,
    RequirementOut,
)

__all__ = ["Comparison", "Duel", "Figure", "Side", "compare"]


@dataclass(frozen=True, slots=True)
class Side:
    """Who serves a requirement in one of the two; both are ``None`` where it stays open."""

    member: MemberOut | None
    assignment: AssignmentOut | None
    gap: GapOut | None


@dataclass(frozen=True, slots=True)
class Duel:
    """One requirement in both.

    Attributes:
        requirement: The requirement.
        sides: Who serves it, in the first and in the second.
    """

    requirement: RequirementOut
    sides: tuple[Side, Side]

    @property
    def is_same(self) -> bool:
        """Whether the same organisation serves it in both, or nobody does."""
        first, second = (side.member.iri if side.member else "" for side in self.sides)
        return first == second


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of both.

    Attributes:
        name: What it counts, as a code.
        values: The number in the first and in the second; ``None`` where it is not known.
        better: Position of the better one; ``None`` when neither is.
    """

    name: str
    values: tuple[float | None, float | None]
    better: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both consortia.

    Attributes:
        documents: The two suggestions.
        addresses: Where each has its page.
        figures: Numbers of both.
        duels: Requirements of both, those that differ marked by ``is_same``.
        shared: Members of both.
        only: Members of one alone, in the first and in the second.
    """

    documents: tuple[ConsortiumOut, ConsortiumOut]
    addresses: tuple[ConsortiumAddress, ConsortiumAddress]
    figures: tuple[Figure, ...]
    duels: tuple[Duel, ...]
    shared: tuple[NamedOut, ...]
    only: tuple[tuple[NamedOut, ...], tuple[NamedOut, ...]]


def compare(
    first: ConsortiumOut,
    second: ConsortiumOut,
    addresses: tuple[ConsortiumAddress, ConsortiumAddress],
) -> Comparison:
    """Set two suggestions for the same enquiry side by side."""
    sides = (_served(first), _served(second))
    ours, theirs = _names(first.members), _names(second.members)
    return Comparison(
        documents=(first, second),
        addresses=addresses,
        figures=_figures(first, second),
        duels=tuple(
            Duel(r, (sides[0][r.label, n], sides[1][r.label, n]))
            for n, r in enumerate(first.enquiry.requirements)
        ),
        shared=tuple(named for iri, named in ours.items() if iri in theirs),
        only=(
            tuple(named for iri, named in ours.items() if iri not in theirs),
            tuple(named for iri, named in theirs.items() if iri not in ours),
        ),
    )


def _names(members: Sequence[MemberOut]) -> dict[str, NamedOut]:
    return {m.iri: NamedOut(iri=m.iri, name=m.name) for m in members}


def _served(document: ConsortiumOut) -> Mapping[tuple[str, int], Side]:
    """Return who serves each requirement by its label and place.

    Their identifiers are made from the conditions too, so they differ between the two.
    """
    serving = {
        a.requirement: (m, a)
        for m in document.members
        for a in m.assignments
        if not a.second_source
    }
    gaps = {gap.requirement: gap for gap in document.gaps}
    found = {}
    for n, requirement in enumerate(document.enquiry.requirements):
        member, assignment = serving.get(requirement.iri, (None, None))
        found[requirement.label, n] = Side(member, assignment, gaps.get(requirement.iri))
    return found


def _figures(first: ConsortiumOut, second: ConsortiumOut) -> tuple[Figure, ...]:
    both = (_numbers(first), _numbers(second))
    more_is_better = {"coverage", "year"}
    figures = []
    for name in both[0]:
        a, b = both[0][name], both[1][name]
        better = None
        if a is not None and b is not None and a != b:
            better = 0 if (a > b) is (name in more_is_better) else 1
        figures.append(Figure(name, (a, b), better))
    return tuple(figures)


def _numbers(document: ConsortiumOut) -> dict[str, float | None]:
    assignments = [a for member in document.members for a in member.assignments]
    years = [a.evidence.year for a in assignments if a.evidence.year is not None]
    cost = document.cost
    return {
        "coverage": document.coverage,
        "members": float(len(document.members)),
        "effort": float(cost.total_km) if cost else None,
        "match": float(cost.match_km) if cost else None,
        "distance": float(cost.distance_km) if cost else None,
        "bonus": float(-cost.bonus_km) if cost else None,
        "questions": float(sum(len(a.to_be_confirmed) for a in assignments)),
        "single": (float(len(document.robustness.single_points)) if document.robustness else None),
        "year": float(min(years)) if years else None,
    }
