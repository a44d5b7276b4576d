"""Projects that the office supports, as plain values.

Amounts are euros, exact decimals with at most two places. Every ``iri`` is the identifier of the
thing in the graph.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

__all__ = [
    "BudgetLine",
    "CostCategory",
    "Milestone",
    "MilestoneKind",
    "Money",
    "Phase",
    "Plan",
    "Project",
    "ProjectPartner",
    "ResearchCategory",
    "total",
]


class Phase(StrEnum):
    """Phases of ``scheme/project-phase``, in their order."""

    PREPARATION = "preparation"
    EXECUTION = "execution"
    ACCOUNTING = "accounting"


class MilestoneKind(StrEnum):
    """Kinds of ``scheme/milestone-kind``, in their order."""

    OUTLINE = "outline"
    APPLICATION = "application"
    APPROVAL = "approval"
    PAYMENT_REQUEST = "payment-request"
    INTERIM_REPORT = "interim-report"
    PROOF_OF_USE = "proof-of-use"


class CostCategory(StrEnum):
    """Categories of ``scheme/cost-category``."""

    PERSONNEL = "personnel"
    MATERIAL = "material"
    EQUIPMENT = "equipment"
    SUBCONTRACT = "subcontract"
    TRAVEL = "travel"
    OVERHEAD = "overhead"
    OTHER = "other"


class ResearchCategory(StrEnum):
    """Categories of ``scheme/research-category``."""

    FUNDAMENTAL = "fundamental-research"
    INDUSTRIAL = "industrial-research"
    EXPERIMENTAL = "experimental-development"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a project is begun with.

    Attributes:
        name: Its name in German.
        name_en: Its name in English; empty when it has none.
        description: What it is about; no names of people, no bank data.
        kind: Slug of ``scheme/project-kind``.
        programme: IRI of the programme under which funding is sought, or ``None``.
        research: How far the work is from the market, or ``None`` while that is open.
        topic: IRI of a field of the innovation strategy, or ``None``.
        start: First day, or ``None`` while that is open.
        end: Last day, or ``None`` while that is open.
        origin: IRI of the enquiry or need that it comes from, or ``None``.
    """

    name: str
    name_en: str = ""
    description: str = ""
    kind: str = "r-and-d-project"
    programme: str | None = None
    research: ResearchCategory | None = None
    topic: str | None = None
    start: date | None = None
    end: date | None = None
    origin: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A date of a project.

    Attributes:
        iri: Identifier.
        kind: What must be there.
        due: Day by which it must be done.
        done: Day on which it was done, or ``None``.
        description: What tells it from others of its kind; may be empty.
    """

    iri: str
    kind: MilestoneKind
    due: date
    done: date | None = None
    description: str = ""

    def is_overdue(self, day: date) -> bool:
        """Tell whether it was due before a day and was not done by then."""
        return self.due < day and (self.done is None or self.done > day)


@dataclass(frozen=True, slots=True)
class ProjectPartner:
    """An organisation in a project.

    Attributes:
        iri: Identifier of the membership.
        organisation: Identifier of the organisation.
        name: Its name.
        role: Slug of ``scheme/role``.
    """

    iri: str
    organisation: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Money:
    """What is planned, claimed and paid; euros.

    Attributes:
        cost: Expenses planned.
        grant: Subsidy planned for them.
        claimed: Subsidy requested so far.
        paid: Subsidy received so far.
    """

    cost: Decimal = Decimal(0)
    grant: Decimal = Decimal(0)
    claimed: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    def __add__(self, other: "Money") -> "Money":
        """Return the sums, without rounding."""
        return Money(
            self.cost + other.cost,
            self.grant + other.grant,
            self.claimed + other.claimed,
            self.paid + other.paid,
        )

    @property
    def own_share(self) -> Decimal:
        """What the partners pay themselves."""
        return self.cost - self.grant

    @property
    def open_claims(self) -> Decimal:
        """What is requested and not received."""
        return self.claimed - self.paid


def total(amounts: Iterable[Money]) -> Money:
    """Return the sum of amounts; nothing sums to zero."""
    return sum(amounts, Money())


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One position of the financial plan.

    Attributes:
        iri: Identifier.
        organisation: IRI of the partner that has the expenses.
        category: What the money is spent on.
        money: The amounts.
    """

    iri: str
    organisation: str
    category: CostCategory
    money: Money


@dataclass(frozen=True, slots=True)
class Project:
    """A project that the office supports.

    Attributes:
        iri: Identifier.
        plan: What it is.
        phase: Where it stands.
        partners: Who takes part, by name.
        milestones: Its dates, the earliest first.
        budget: Its financial plan, by partner and category.
        changed_at: When it was changed last.
    """

    iri: str
    plan: Plan
    phase: Phase
    changed_at: datetime
    partners: tuple[ProjectPartner, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    budget: tuple[BudgetLine, ...] = ()

    @property
    def identifier(self) -> str:
        """Last part of the IRI, such as ``project-5f3c…``."""
        return self.iri.rpartition("/")[2]

    def overdue(self, day: date) -> tuple[Milestone, ...]:
        """Return the milestones that are overdue on a day, the longest overdue first."""
        return tuple(m for m in self.milestones if m.is_overdue(day))
