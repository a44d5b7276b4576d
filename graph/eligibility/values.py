"""Programmes, partners and answers as plain values.

Shares are 0.0-1.0, durations months. Every ``iri`` is the identifier of the thing in the graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from graph.eligibility.deadlines import Deadline
from graph.model import Truth

__all__ = [
    "Change",
    "ChangeKind",
    "Criterion",
    "Partner",
    "Programme",
    "ProgrammeCheck",
    "ProjectFacts",
    "RuleCheck",
    "RuleReason",
    "Verdict",
]


_PLACE_KINDS = frozenset({"location", "site"})


class Verdict(StrEnum):
    """Answer for one programme; ``ELIGIBLE`` needs every rule known to be met."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not-eligible"
    UNKNOWN = "unknown"


class RuleReason(StrEnum):
    """What the answer to one rule rests on; texts are made elsewhere."""

    MET = "met"
    MET_BY_EXCEPTION = "met-by-exception"
    TOO_FEW = "too-few"
    TOO_LARGE = "too-large"
    OUTSIDE = "outside"
    SHARE_MISSED = "share-missed"
    TOO_LONG = "too-long"
    NOT_ALLOWED = "not-allowed"
    FACT_MISSING = "fact-missing"
    INDEPENDENCE_OPEN = "independence-open"
    FOR_A_PERSON = "for-a-person"


class ChangeKind(StrEnum):
    """What would help."""

    ADD_PARTNERS = "add-partners"
    ADD_COMPANIES = "add-companies"
    ADD_SMALL_COMPANY = "add-small-company"
    ADD_RESEARCH = "add-research"
    ADD_COUNTRIES = "add-countries"
    ADD_MEMBER_STATE = "add-member-state"
    REPLACE_LARGE = "replace-large"
    REPLACE_OUTSIDE = "replace-outside"
    SHARE_BUDGET = "share-budget"
    SHORTEN = "shorten"
    CHANGE_PURPOSE = "change-purpose"
    CHANGE_LEAD = "change-lead"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One rule of a programme as its source states it.

    Attributes:
        iri: Identifier.
        kind: Slug of the criterion kind, such as ``employees-max``.
        type: Slug of its group: basis, eligibility, consortium, funding, application, scope.
        operator: ``<``, ``<=``, ``>=``, ``is``, ``in``, ``one_of`` or ``between``.
        values: The value, or each allowed one; numbers as written.
        unit: Unit in words.
        applies_to: What it applies to, in words.
        statement: Wording in German, or an empty string.
        source: URL of the page that states it.
        source_year: Year of the source; ``None`` when the page shows none.
        note: What the source leaves open.
        label: Name of the kind to show.
    """

    iri: str
    kind: str
    type: str
    operator: str
    values: tuple[str, ...]
    unit: str = ""
    applies_to: str = ""
    statement: str = ""
    source: str = ""
    source_year: int | None = None
    note: str = ""
    label: str = ""

    @property
    def number(self) -> float | None:
        """The value as a number, or ``None`` when it is none."""
        try:
            return float(self.values[0])
        except (IndexError, ValueError):
            return None


@dataclass(frozen=True, slots=True)
class Programme:
    """A funding programme with the rules known of it.

    Attributes:
        iri: Identifier.
        name: Name to show.
        funder: Who finances it, in words.
        level: Slug of the level at which it is run: ``state``, ``federal``, ``eu``, ``eureka``.
        criteria: Its rules.
        regions: NUTS codes of the territories in which it finances, where stated.
        deadlines: Last days of its calls, where stated.
        sources: Pages that describe it.
    """

    iri: str
    name: str
    funder: str = ""
    level: str = ""
    criteria: tuple[Criterion, ...] = ()
    regions: tuple[str, ...] = ()
    deadlines: tuple[date, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def source_year(self) -> int | None:
        """Year of the newest source of a rule; ``None`` when no source shows its date."""
        return max((c.source_year for c in self.criteria if c.source_year), default=None)

    @property
    def places(self) -> tuple[Criterion, ...]:
        """The rules that say where a project or a partner must be."""
        return tuple(c for c in self.criteria if c.kind in _PLACE_KINDS)


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner with the facts that rules ask for.

    Attributes:
        iri: Identifier of the organisation.
        name: Name to show.
        kind: Local name of its class, such as ``Company`` or ``ResearchInstitution``.
        employees: Head count; ``None`` when not known. Linked firms are not in it.
        state: Official key of the German state of its main site (``16``), or ``None``.
        country: ISO 3166 code of the country of its main site, or ``None``.
        owners: IRIs of organisations that a source ties to it by shares.
    """

    iri: str
    name: str
    kind: str = "Company"
    employees: int | None = None
    state: str | None = None
    country: str | None = None
    owners: frozenset[str] = frozenset()

    @property
    def is_company(self) -> bool:
        """It is a company."""
        return self.kind == "Company"

    @property
    def is_small(self) -> Truth:
        """It has fewer than 250 employees (2003/361/EC, article 2); only companies can be SMEs."""
        if not self.is_company:
            return Truth.NO
        if self.employees is None:
            return Truth.UNKNOWN
        return Truth.YES if self.employees < 250 else Truth.NO


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What only the partners know of their project; missing facts are asked for.

    Attributes:
        kind: ``cooperation``, ``national-network``, ``international-network`` or ``individual``.
        duration_months: Planned duration.
        is_civilian: The purpose is civilian.
        innovation_field: Field of the innovation strategy, as its label says.
        budget_shares: Share of each partner in the budget by IRI.
        lead: IRI of the leading partner.
    """

    kind: str = "cooperation"
    duration_months: int | None = None
    is_civilian: bool | None = None
    innovation_field: str | None = None
    budget_shares: Mapping[str, float] = field(default_factory=dict)
    lead: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What to change, how often, and whom it concerns."""

    kind: ChangeKind
    count: int = 1
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCheck:
    """The answer to one rule.

    Attributes:
        criterion: The rule.
        truth: Whether it is met.
        reason: What the answer rests on.
        found: The number that was counted, or ``None``.
        partners: IRIs of the partners that fail or that must be asked.
        changes: What would make it met.
    """

    criterion: Criterion
    truth: Truth
    reason: RuleReason
    found: float | None = None
    partners: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeCheck:
    """The answer for one programme.

    Attributes:
        programme: The programme.
        verdict: ``NOT_ELIGIBLE`` when a rule is known to be missed, ``ELIGIBLE`` when all are
            known to be met, ``UNKNOWN`` in between.
        checks: The rules that decide, in the order of the graph.
        for_a_person: Rules that a person must read: guideline, rates, largest grants.
        not_applicable: Rules of other kinds of project.
        deadline: Whether it takes applications; one that has passed is a ``NOT_ELIGIBLE``.
    """

    programme: Programme
    verdict: Verdict
    checks: tuple[RuleCheck, ...]
    for_a_person: tuple[Criterion, ...] = ()
    not_applicable: tuple[Criterion, ...] = ()
    deadline: Deadline = field(default_factory=lambda: Deadline(Truth.UNKNOWN))
