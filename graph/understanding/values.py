"""What reading an enquiry gives: plain values with the exact place in the text.

Every ``start`` and ``end`` counts characters of the text as it was given, from 0, ``end`` not
included; ``text[start:end]`` are the words. Scores are shares 0.0-1.0.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graph.model import Limit, Place

__all__ = [
    "ConceptMention",
    "DateMention",
    "DateRole",
    "LabelKind",
    "LimitMention",
    "Mention",
    "PlaceMention",
    "Proposal",
    "Rejection",
    "RequirementProposal",
    "Silence",
    "Span",
    "VocabularyGap",
    "Way",
    "WordLabel",
]


class LabelKind(StrEnum):
    """Which of the three SKOS labels a word is."""

    PREFERRED = "preferred"
    ALTERNATIVE = "alternative"
    HIDDEN = "hidden"


class Way(StrEnum):
    """How words lead to a concept, best first."""

    EXACT = "exact"
    INFLECTED = "inflected"
    COMPOUND = "compound"
    DESIGNATION = "designation"
    TYPO = "typo"


class Silence(StrEnum):
    """Why words that name a competence are no requirement."""

    NEGATED = "negated"
    OWN = "own"
    APPLICATION = "application"
    BROADER = "broader"
    PRODUCT = "product"


class DateRole(StrEnum):
    """What happens on a date."""

    DELIVERY = "delivery"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class WordLabel:
    """One label of one concept.

    Attributes:
        concept: IRI.
        text: The label as written.
        language: ``de`` or ``en``; anything else counts for both.
        kind: Which label it is.
    """

    concept: str
    text: str
    language: str
    kind: LabelKind


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the text with its words."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Words that name a competence.

    Attributes:
        concept: IRI of the competence that fits best.
        span: The words.
        score: How sure the reading is.
        way: How the words lead there.
        label: The label that was met.
        kind: Which label it is.
        alternatives: Other competences the same words can mean, best first, with their scores.
    """

    concept: str
    span: Span
    score: float
    way: Way
    label: str
    kind: LabelKind
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class ConceptMention:
    """Words that name a material or a type of certificate."""

    concept: str
    span: Span
    score: float = 1.0
    way: Way = Way.EXACT


@dataclass(frozen=True, slots=True)
class LimitMention:
    """Words that state a limit.

    Attributes:
        limit: The range in the reference unit of its dimension.
        span: The words.
        note: What was assumed in reading it, or an empty string.
    """

    limit: Limit
    span: Span
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """Words that name a town, a district or the state.

    Attributes:
        span: The words.
        place: The town, or ``None`` for a district or the state.
        district: IRI of the district key, or ``None``.
        is_condition: The words ask for members from there; otherwise work is needed there.
    """

    span: Span
    place: Place | None = None
    district: str | None = None
    is_condition: bool = False


@dataclass(frozen=True, slots=True)
class DateMention:
    """Words that name a last day."""

    day: date
    span: Span
    role: DateRole = DateRole.DELIVERY


@dataclass(frozen=True, slots=True)
class Rejection:
    """A mention that was read and is no requirement, with the reason."""

    mention: Mention
    reason: Silence


@dataclass(frozen=True, slots=True)
class VocabularyGap:
    """A word that looks like a trade term and that no label explains.

    Attributes:
        word: As written at its first place.
        count: How often it stands in the text.
        spans: Where.
    """

    word: str
    count: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class RequirementProposal:
    """One requirement as read; a person confirms it.

    Attributes:
        competence: IRI.
        mentions: All words that led to it, in the order of the text.
        score: The best score of its mentions.
        alternatives: Other competences with their scores, best first.
        step: IRI of the value-chain step where the competence is typically used, or ``None``.
        limits: Limits bound to it.
        materials: Materials bound to it.
        certificates: Certificate types bound to it.
    """

    competence: str
    mentions: tuple[Mention, ...]
    score: float
    alternatives: tuple[tuple[str, float], ...] = ()
    step: str | None = None
    limits: tuple[LimitMention, ...] = ()
    materials: tuple[ConceptMention, ...] = ()
    certificates: tuple[ConceptMention, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an enquiry in free text seems to ask; nothing is asked until a person confirms.

    Attributes:
        text: The text as given; all spans count in it.
        language: ``de`` or ``en``, the one that the text is mostly in.
        requirements: In the order of the text.
        limits: Limits of the enquiry as a whole.
        materials: Materials that no single requirement is named with.
        certificates: Certificate types that hold for every member.
        places: Towns and districts in the order of the text.
        max_distance_km: Largest distance asked for, or ``None``.
        dates: Last days in the order of the text.
        gaps: Words that look like trade terms and match nothing, most frequent first.
        rejected: What was read and is no requirement.
    """

    text: str
    language: str
    requirements: tuple[RequirementProposal, ...] = ()
    limits: tuple[LimitMention, ...] = ()
    materials: tuple[ConceptMention, ...] = ()
    certificates: tuple[ConceptMention, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    max_distance_km: float | None = None
    dates: tuple[DateMention, ...] = ()
    gaps: tuple[VocabularyGap, ...] = ()
    rejected: tuple[Rejection, ...] = ()

    @property
    def due_date(self) -> date | None:
        """The last day of delivery: the latest that the text names, or ``None``."""
        days = [d.day for d in self.dates if d.role is DateRole.DELIVERY]
        return max(days, default=None)
