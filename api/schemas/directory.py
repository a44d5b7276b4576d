"""What clients get of organisations, competences and claims."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.consortium import NamedOut

__all__ = [
    "BranchOut",
    "CertificateOut",
    "ClaimOut",
    "CompetenceDetailOut",
    "CompetenceOut",
    "LimitOut",
    "OrganisationDetailOut",
    "OrganisationOut",
    "TieOut",
    "TreeOut",
]

Share = Annotated[float, Field(ge=0, le=1)]


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True)


class OrganisationOut(_Output):
    """An organisation in a list; `small` and `active` are `yes`, `no` or `unknown`.

    Attributes:
        type: Class of the ontology, such as `Company`.
        latitude: Degrees north, WGS 84; often that of the town.
        longitude: Degrees east.
        small: Small or medium enterprise, as far as known.
        active: `no` when a source reports that it has closed.
        caution: What to know before relying on it.
        same_as: Entry that stands for the same organisation in other sources.
        claims: How many capability claims it makes.
    """

    iri: str
    id: str
    name: str
    type: str
    town: str
    district: NamedOut | None
    latitude: float | None
    longitude: float | None
    small: str
    active: str
    caution: str
    same_as: str | None
    clusters: list[NamedOut]
    claims: int


class LimitOut(_Output):
    """A stated range in the reference unit of its dimension."""

    dimension: NamedOut
    minimum: float | None
    maximum: float | None
    unit: str


class ClaimOut(_Output):
    """Who offers what, in whose words, on what evidence.

    Attributes:
        term: The trade term as the source words it.
        basis: `stated` when the source names it, `product` when it is inferred.
        evidence_year: Year of the evidence; null when the source shows none.
        source: Address of the page.
    """

    iri: str
    id: str
    organisation: NamedOut
    competence: NamedOut
    term: str | None
    detail: str | None
    steps: list[NamedOut]
    materials: list[NamedOut]
    limits: list[LimitOut]
    confidence: Share
    basis: str
    evidence_year: int | None
    source: str | None


class CertificateOut(_Output):
    """A certificate that a source says the organisation holds."""

    iri: str
    type: NamedOut
    valid_through: str | None
    source: str | None


class TieOut(_Output):
    """A documented collaboration with another organisation: project, relation or cluster."""

    partner: NamedOut
    context: NamedOut
    kind: str
    year: int | None
    source: str | None


class OrganisationDetailOut(OrganisationOut):
    """One organisation with everything that consortium assembly knows of it."""

    capabilities: list[ClaimOut]
    certificates: list[CertificateOut]
    ties: list[TieOut]


class CompetenceOut(_Output):
    """A competence in a list; `organisations` counts who claims it or something narrower."""

    iri: str
    id: str
    name: str
    broader: NamedOut | None
    step: NamedOut | None
    organisations: int


class BranchOut(_Output):
    """A competence of the tree with what is narrower, as deep as was asked for."""

    iri: str
    id: str
    name: str
    organisations: int
    narrower: list["BranchOut"]


class CompetenceDetailOut(CompetenceOut):
    """One competence: its place in the tree, its names, and who claims it.

    Attributes:
        names: Synonyms and labels in other languages.
        path: Broader competences, the direct one first.
        providers: Who claims it or something narrower, by name.
    """

    names: list[str]
    path: list[NamedOut]
    narrower: list[NamedOut]
    related: list[NamedOut]
    providers: list[NamedOut]


class TreeOut(_Output):
    """The tree below a competence, or below the top."""

    root: NamedOut | None
    narrower: list[BranchOut]
