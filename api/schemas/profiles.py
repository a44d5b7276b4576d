"""What clients send about profiles and get of them."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.schemas.consortium import NamedOut

__all__ = [
    "CompletenessOut",
    "DifferenceOut",
    "EffectOut",
    "FaultOut",
    "FormFieldOut",
    "FormOptionOut",
    "FormOut",
    "FormSectionOut",
    "MissingOut",
    "ProfileIn",
    "RenewalOut",
    "ReviewIn",
    "ReviewOut",
    "StatementOut",
    "SubmissionLineOut",
    "SubmissionOut",
    "SubmittedOut",
]

Entry = Annotated[dict[str, Annotated[list[str], Field(max_length=50)]], Field(max_length=40)]
Entries = Annotated[list[Entry], Field(max_length=200)]


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class ProfileIn(BaseModel):
    """What an organisation says of itself: for each section of the form its entries.

    Each entry has the values of its fields by their names; `GET /api/v1/profiles/form` says
    which there are. A choice is given by IRI, by the last part of the IRI, or by its name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: Annotated[
        str | None,
        Field(max_length=500, description="IRI, identifier or name of a known organisation"),
    ] = None
    entries: Annotated[
        dict[str, Annotated[list[Entry], Field(max_length=200)]], Field(max_length=9)
    ]
    language: Literal["de", "en"] = "de"


class ReviewIn(BaseModel):
    """Why a submission is published or rejected; no names of people."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rationale: Annotated[str, Field(min_length=3, max_length=2000)]


class FormOptionOut(_Output):
    """One allowed value."""

    iri: str
    label: dict[str, str]


class FormFieldOut(_Output):
    """One thing to ask for; see :class:`graph.profiles.Field`."""

    name: str
    path: str
    label: dict[str, str]
    hint: dict[str, str]
    kind: str
    is_required: bool
    is_recommended: bool
    is_repeatable: bool
    languages: list[str]
    pattern: str
    min_length: int
    minimum: str | None
    maximum: str | None
    scheme: str
    options: list[FormOptionOut]
    messages: dict[str, dict[str, str]] | None


class FormSectionOut(_Output):
    """One kind of thing to describe."""

    name: str
    cls: str
    label: dict[str, str]
    is_repeatable: bool
    is_required: bool
    fields: list[FormFieldOut]


class FormOut(_Output):
    """Everything to ask for, derived from the shapes."""

    sections: list[FormSectionOut]


class FaultOut(_Output):
    """What is wrong or could be better, at its field."""

    section: str
    number: int
    field: str
    code: str
    message: str
    is_grave: bool


class SubmittedOut(_Output):
    """What has become of a profile that was checked or submitted.

    Attributes:
        id: Identifier of the submission; empty when nothing was submitted.
        organisation: IRI of the organisation that it describes.
        faults: What is wrong; a grave fault stands in the way of submission.
    """

    id: str
    organisation: str
    faults: list[FaultOut]


class ReviewOut(_Output):
    """What was decided."""

    at: datetime
    rationale: str


class StatementOut(_Output):
    """One statement, terms written as in Turtle, with names where there are any."""

    subject: str
    predicate: str
    value: str
    text: str


class DifferenceOut(_Output):
    """What a publication would change."""

    added: list[StatementOut]
    removed: list[StatementOut]
    kept: int
    known_elsewhere: list[StatementOut]


class SubmissionLineOut(_Output):
    """A submission in a list."""

    id: str
    iri: str
    organisation: NamedOut
    status: str
    submitted_at: datetime
    statements: int


class SubmissionOut(SubmissionLineOut):
    """A submission with what its publication would change."""

    review: ReviewOut | None
    difference: DifferenceOut | None


class MissingOut(_Output):
    """What a profile leaves open."""

    severity: str
    code: str
    about: NamedOut
    message: str


class EffectOut(_Output):
    """What would come of stating one more fact, as the engine answers with it."""

    kind: str
    about: NamedOut
    text: str
    enters: list[NamedOut]
    settles: list[str]


class CompletenessOut(_Output):
    """How complete a profile is; `share` is 0.0-1.0."""

    organisation: NamedOut
    share: float
    missing: list[MissingOut]


class RenewalOut(_Output):
    """A fact to be renewed; `counts` says how matching takes it on the day."""

    fact: str
    kind: str
    label: str
    organisation: NamedOut
    reason: str
    text: str
    through: date | None
    year: int | None
    counts: Literal["yes", "no", "unknown"]
