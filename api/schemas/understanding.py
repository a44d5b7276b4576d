"""What understanding an enquiry sends and gets."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.consortium import NamedOut
from api.schemas.enquiry import EnquiryIn

__all__ = [
    "MAX_TEXT",
    "AlternativeReadingOut",
    "ConceptReadingOut",
    "DateReadingOut",
    "LimitReadingOut",
    "PlaceReadingOut",
    "ProposalOut",
    "RejectedOut",
    "RequirementReadingOut",
    "TextIn",
    "VocabularyGapOut",
    "WordsOut",
]

MAX_TEXT = 20_000
"""Most characters of an enquiry that is read."""


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True)


class TextIn(BaseModel):
    """An enquiry in free text, German or English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    language: Annotated[
        Literal["de", "en"] | None, Field(description="Language of the text; found when missing")
    ] = None


class WordsOut(_Output):
    """Words of the text; ``start`` and ``end`` count its characters from 0, ``end`` excluded."""

    words: str
    start: int
    end: int
    way: Annotated[str, Field(description="exact, inflected, compound, designation or typo")] = ""
    score: float = 1.0


class AlternativeReadingOut(_Output):
    """Another competence that can be meant."""

    competence: NamedOut
    score: float


class LimitReadingOut(_Output):
    """A limit in the reference unit of its dimension with the words that state it."""

    dimension: NamedOut
    minimum: float | None
    maximum: float | None
    unit: str
    evidence: WordsOut
    note: Annotated[str, Field(description="What was assumed in reading it")] = ""


class ConceptReadingOut(_Output):
    """A material or type of certificate with the words that name it."""

    concept: NamedOut
    evidence: WordsOut


class RequirementReadingOut(_Output):
    """One requirement as read."""

    competence: NamedOut
    score: float
    step: NamedOut | None
    evidence: list[WordsOut]
    alternatives: list[AlternativeReadingOut]
    limits: list[LimitReadingOut]
    materials: list[ConceptReadingOut]
    certificates: list[ConceptReadingOut]


class PlaceReadingOut(_Output):
    """A town or district; ``condition`` when members must come from there."""

    evidence: WordsOut
    latitude: float | None
    longitude: float | None
    district: NamedOut | None
    condition: bool


class DateReadingOut(_Output):
    """A last day and what happens on it: ``delivery`` or ``offer``."""

    day: date
    role: str
    evidence: WordsOut


class VocabularyGapOut(_Output):
    """A word that looks like a trade term and that no label explains."""

    word: str
    count: int
    evidence: list[WordsOut]


class RejectedOut(_Output):
    """What was read and is no requirement, with the reason."""

    competence: NamedOut
    evidence: WordsOut
    reason: str
    text: str


class ProposalOut(_Output):
    """What the text seems to ask; a person confirms it.

    ``enquiry`` is ready for ``POST /api/v1/consortia``; it is null when no requirement was found.
    Limits of the enquiry as a whole, such as a number of pieces, are listed and not in it: a
    person says which requirement they hold for.
    """

    language: str
    requirements: list[RequirementReadingOut]
    limits: list[LimitReadingOut]
    materials: list[ConceptReadingOut]
    certificates: list[ConceptReadingOut]
    places: list[PlaceReadingOut]
    max_distance_km: float | None
    due_date: date | None
    dates: list[DateReadingOut]
    gaps: list[VocabularyGapOut]
    rejected: list[RejectedOut]
    enquiry: EnquiryIn | None
