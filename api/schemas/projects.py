"""What clients send about projects and get of them. Amounts are euros, written as text."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from api.schemas.consortium import NamedOut
from api.schemas.funding import CriterionOut
from graph.projects import CostCategory, MilestoneKind, Money, Phase, ResearchCategory

__all__ = [
    "AmountCheckOut",
    "AmountsIn",
    "BudgetLineIn",
    "BudgetLineOut",
    "CodeOut",
    "DoneIn",
    "DueIn",
    "DueOut",
    "IdeaIn",
    "MilestoneIn",
    "MilestoneOut",
    "MoneyOut",
    "PartnerIn",
    "PartnerOut",
    "PartnerTotalOut",
    "PhaseIn",
    "PlanIn",
    "ProjectLineOut",
    "ProjectOut",
]


def _exact(value: Any) -> Any:
    """Refuse a JSON number with a fraction: on the way it has been a binary fraction."""
    if isinstance(value, float):
        raise ValueError('write amounts as text, such as "1234.50"')  # noqa: TRY004 (pydantic's)
    return value


_EUROS_SCHEMA = {
    "description": "Euros; amounts with cents as text",
    "examples": ["1234.50"],
    "anyOf": [
        {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"},
        {"type": "integer", "minimum": 0, "maximum": 10**12 - 1},
    ],
}
Euros = Annotated[
    Decimal,
    BeforeValidator(_exact),
    Field(ge=0, max_digits=14, decimal_places=2),
    WithJsonSchema(_EUROS_SCHEMA),
]
Name = Annotated[str, Field(min_length=1, max_length=300)]


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True)


class PlanIn(_Input):
    """What a project is. No names of people, no bank data."""

    name: Name
    name_en: Annotated[str, Field(max_length=300)] = ""
    description: Annotated[str, Field(max_length=5000)] = ""
    kind: Annotated[str, Field(pattern="^[a-z0-9-]+$", max_length=60)] = "r-and-d-project"
    programme: Annotated[str | None, Field(description="IRI, identifier or name")] = None
    research: ResearchCategory | None = None
    topic: Annotated[str | None, Field(description="Field of the innovation strategy")] = None
    start: date | None = None
    end: date | None = None
    origin: Annotated[
        str | None,
        Field(pattern='^https?://[^\\s<>"{}|\\\\^`]+$', description="Enquiry or need it is from"),
    ] = None


class PhaseIn(_Input):
    """Where a project stands."""

    phase: Phase


class MilestoneIn(_Input):
    """A date to keep."""

    kind: MilestoneKind
    due: date
    description: Annotated[str, Field(max_length=300)] = ""


class DueIn(_Input):
    """A new due date."""

    due: date


class DoneIn(_Input):
    """The day on which a milestone was done; null opens it again."""

    done: date | None


class IdeaIn(_Input):
    """A project of which nothing is recorded."""

    partners: Annotated[list[str], Field(min_length=1, max_length=24)]
    kind: Literal["cooperation", "national-network", "international-network", "individual"] = (
        "cooperation"
    )
    duration_months: Annotated[int | None, Field(ge=1, le=120)] = None
    civilian: bool | None = None
    field: Annotated[str | None, Field(max_length=200, description="As the rules word it")] = None
    programme: Annotated[str | None, Field(max_length=300)] = None


class PartnerIn(_Input):
    """Who takes part."""

    organisation: Annotated[str, Field(max_length=500, description="IRI, identifier or name")]
    role: Annotated[str, Field(pattern="^[a-z0-9-]+$", max_length=60)] = "partner"


class AmountsIn(_Input):
    """What is planned, claimed and paid."""

    cost: Euros
    grant: Euros = Decimal(0)
    claimed: Euros = Decimal(0)
    paid: Euros = Decimal(0)

    def money(self) -> Money:
        """Return the amounts as the core has them."""
        return Money(self.cost, self.grant, self.claimed, self.paid)


class BudgetLineIn(AmountsIn):
    """What a partner plans for one category."""

    organisation: Annotated[str, Field(max_length=500, description="IRI, identifier or name")]
    category: CostCategory


class CodeOut(_Output):
    """An entry of a list, with its name."""

    code: str
    name: str


class MoneyOut(_Output):
    """Amounts in euros."""

    cost: Decimal
    grant: Decimal
    claimed: Decimal
    paid: Decimal
    own_share: Decimal
    open_claims: Decimal


class MilestoneOut(_Output):
    """A date of a project."""

    id: str
    iri: str
    kind: CodeOut
    due: date
    done: date | None
    description: str
    overdue: bool


class PartnerOut(_Output):
    """An organisation in a project."""

    id: str
    organisation: NamedOut
    role: CodeOut


class BudgetLineOut(_Output):
    """One position of the financial plan."""

    id: str
    organisation: NamedOut
    category: CodeOut
    money: MoneyOut


class PartnerTotalOut(_Output):
    """What one partner plans, has claimed and got."""

    organisation: NamedOut
    money: MoneyOut


class ProjectLineOut(_Output):
    """A project in a list."""

    iri: str
    id: str
    name: str
    phase: CodeOut
    partners: int
    overdue: int
    next_due: date | None
    total: MoneyOut


class ProjectOut(_Output):
    """A project with everything that is recorded of it; `overdue` is as of `day`."""

    iri: str
    id: str
    name: str
    name_en: str
    description: str
    kind: CodeOut
    phase: CodeOut
    programme: NamedOut | None
    research: CodeOut | None
    topic: NamedOut | None
    start: date | None
    end: date | None
    origin: str | None
    changed_at: datetime
    day: date
    partners: list[PartnerOut]
    milestones: list[MilestoneOut]
    budget: list[BudgetLineOut]
    totals: list[PartnerTotalOut]
    total: MoneyOut


class DueOut(_Output):
    """A milestone that is late or comes soon; `days_late` is negative before the due date."""

    project: NamedOut
    milestone: MilestoneOut
    days_late: int


class AmountCheckOut(_Output):
    """The answer to one rate (percent) or ceiling (euros) of a programme."""

    organisation: NamedOut | None
    measure: Literal["rate", "euros"]
    found: Decimal | None
    truth: Literal["yes", "no", "unknown"]
    reason: str
    text: str
    sure: Decimal | None
    possible: Decimal | None
    ask: list[CodeOut]
    rules: list[CriterionOut]
