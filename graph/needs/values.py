"""R&D needs and initiatives: plain values. No person's data: organisations only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

__all__ = ["Initiative", "Need", "NeedStatus", "NewInitiative", "NewNeed"]


class NeedStatus(StrEnum):
    """How far a need has been dealt with; see ``scheme/need-status``."""

    OPEN = "open"
    ADDRESSED = "addressed"
    SOLVED = "solved"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class NewNeed:
    """A need as it is recorded.

    Attributes:
        title: Title by language tag; German is needed.
        raised_by: IRIs of the organisations that have it; at least one.
        competences: IRIs of what it needs; at least one.
        topic: IRI of a field of the innovation strategy, or empty.
        text: What it is about; addresses and numbers of persons are taken out.
        language: Language tag of the text.
    """

    title: Mapping[str, str]
    raised_by: tuple[str, ...]
    competences: tuple[str, ...]
    topic: str = ""
    text: str = ""
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Need:
    """A recorded need.

    Attributes:
        iri: Identifier.
        said: What was recorded.
        status: How far it has been dealt with.
        created: Day of recording, or ``None``.
        addressed_by: IRIs of organisations and projects that take care of it, sorted.
    """

    iri: str
    said: NewNeed
    status: NeedStatus
    created: date | None = None
    addressed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewInitiative:
    """An initiative as it is recorded.

    Attributes:
        title: Title by language tag; German is needed.
        topics: IRIs of fields of the innovation strategy; at least one.
        bundles: IRIs of needs and projects.
        text: What it is about.
        language: Language tag of the text.
    """

    title: Mapping[str, str]
    topics: tuple[str, ...]
    bundles: tuple[str, ...] = ()
    text: str = ""
    language: str = "de"


@dataclass(frozen=True, slots=True)
class Initiative:
    """A recorded initiative with its identifier."""

    iri: str
    said: NewInitiative
