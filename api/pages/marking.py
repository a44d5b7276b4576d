"""A text with the words marked that were understood, and what they were taken for."""

from collections.abc import Iterator
from dataclasses import dataclass

from api.schemas.understanding import ProposalOut, RequirementReadingOut, WordsOut

__all__ = ["Piece", "mark"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text.

    Attributes:
        text: The words.
        kind: ``competence``, ``material``, ``limit``, ``certificate``, ``place``, ``date``,
            ``unknown`` (looks like a trade term, nothing explains it), ``rejected``, or an empty
            string for what says nothing.
        meaning: What it was taken for, or an empty string.
        number: Number of the requirement that it belongs to; 0 for none.
    """

    text: str
    kind: str = ""
    meaning: str = ""
    number: int = 0


_Found = tuple[WordsOut, str, str, int]


def mark(text: str, proposal: ProposalOut) -> tuple[Piece, ...]:
    """Cut a text into pieces; where readings overlap the first and then the longer one counts."""
    found = sorted(_readings(proposal), key=lambda one: (one[0].start, -one[0].end))
    pieces: list[Piece] = []
    at = 0
    for words, kind, meaning, number in found:
        if words.start < at or words.end <= words.start:
            continue
        pieces += [Piece(text[at : words.start])] if words.start > at else []
        pieces.append(Piece(text[words.start : words.end], kind, meaning, number))
        at = words.end
    return (*pieces, Piece(text[at:])) if at < len(text) else tuple(pieces)


def _readings(proposal: ProposalOut) -> Iterator[_Found]:
    for number, requirement in enumerate(proposal.requirements, 1):
        yield from _of_requirement(requirement, number)
    for limit in proposal.limits:
        yield limit.evidence, "limit", limit.dimension.name, 0
    for material in proposal.materials:
        yield material.evidence, "material", material.concept.name, 0
    for certificate in proposal.certificates:
        yield certificate.evidence, "certificate", certificate.concept.name, 0
    for place in proposal.places:
        yield place.evidence, "place", place.district.name if place.district else "", 0
    for day in proposal.dates:
        yield day.evidence, "date", day.day.isoformat(), 0
    for rejected in proposal.rejected:
        yield rejected.evidence, "rejected", rejected.text, 0
    for gap in proposal.gaps:
        for evidence in gap.evidence:
            yield evidence, "unknown", "", 0


def _of_requirement(found: RequirementReadingOut, number: int) -> Iterator[_Found]:
    for evidence in found.evidence:
        yield evidence, "competence", found.competence.name, number
    for limit in found.limits:
        yield limit.evidence, "limit", limit.dimension.name, number
    for material in found.materials:
        yield material.evidence, "material", material.concept.name, number
    for certificate in found.certificates:
        yield certificate.evidence, "certificate", certificate.concept.name, number
