"""What clients send and get of needs, initiatives and meetings."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.consortium import NamedOut
from api.schemas.enquiry import Word
from api.schemas.matches import MatchOut
from api.schemas.understanding import MAX_TEXT
from graph.needs import NeedStatus

__all__ = [
    "BundleIn",
    "FacilityOut",
    "InitiativeIn",
    "InitiativeOut",
    "LinkOut",
    "MeetingOut",
    "NeedStatusIn",
    "PastProjectOut",
    "ResearchMatchOut",
    "ResearchNeedIn",
    "ResearchNeedOut",
]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True)


Title = Annotated[str, Field(min_length=2, max_length=300)]
Text = Annotated[str, Field(max_length=MAX_TEXT, description="No person's data")]
Tongue = Annotated[str, Field(pattern="^(de|en)$", description="Language of the text")]


class ResearchNeedIn(_Input):
    """A need as it is recorded."""

    title: Title
    title_en: Annotated[str, Field(max_length=300)] = ""
    raised_by: Annotated[list[Word], Field(min_length=1, max_length=20)]
    competences: Annotated[list[Word], Field(min_length=1, max_length=20)]
    topic: Annotated[str, Field(max_length=300, description="Field of RIS3, by IRI or label")] = ""
    text: Text = ""
    language: Tongue = "de"


class NeedStatusIn(_Input):
    """How far a need has been dealt with, and who takes care of it."""

    status: NeedStatus
    addressed_by: Annotated[
        list[Word], Field(max_length=20, description="Organisations, or IRIs of projects")
    ] = []


class InitiativeIn(_Input):
    """An initiative as it is recorded."""

    title: Title
    title_en: Annotated[str, Field(max_length=300)] = ""
    topics: Annotated[list[Word], Field(min_length=1, max_length=10)]
    bundles: Annotated[list[Word], Field(max_length=100, description="Needs and projects")] = []
    text: Text = ""
    language: Tongue = "de"


class BundleIn(_Input):
    """What comes into an initiative and what goes out of it."""

    add: Annotated[list[Word], Field(max_length=100)] = []
    remove: Annotated[list[Word], Field(max_length=100)] = []
    topics: Annotated[list[Word], Field(max_length=10)] = []


class ResearchNeedOut(_Output):
    """A recorded need."""

    iri: str
    id: str
    name: str
    status: NeedStatus
    raised_by: list[NamedOut]
    competences: list[NamedOut]
    topic: NamedOut | None
    text: str
    created: date | None
    addressed_by: list[NamedOut]


class InitiativeOut(_Output):
    """A recorded initiative."""

    iri: str
    id: str
    name: str
    topics: list[NamedOut]
    bundles: list[NamedOut]
    text: str


class FacilityOut(_Output):
    """Equipment that a source names, or a centre."""

    iri: str
    name: str
    source: str


class PastProjectOut(_Output):
    """A project whose words name what is needed."""

    iri: str
    name: str
    year: int | None
    competences: list[NamedOut]
    source: str


class ResearchMatchOut(_Output):
    """A research organisation or centre that answers a need.

    Attributes:
        answered: How many of the competences needed it answers.
    """

    organisation: NamedOut
    answered: int
    required: int
    score: float
    matches: list[MatchOut]
    facilities: list[FacilityOut]
    projects: list[PastProjectOut]


class LinkOut(_Output):
    """One step of the chain from one organisation to the other."""

    giver: NamedOut
    taker: NamedOut
    step: NamedOut
    next_step: NamedOut
    claims: list[str]
    evidence: float
    scarcity: float
    worth_km: float


class MeetingOut(_Output):
    """Two organisations that should meet; worth and score in kilometre equivalents."""

    first: NamedOut
    second: NamedOut
    score_km: float
    distance_km: float
    links: list[LinkOut]
    demands: list[NamedOut]
    clusters: list[NamedOut]
    text: str
