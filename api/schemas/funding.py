"""What a funding check answers."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from api.schemas.consortium import NamedOut

__all__ = [
    "ChangeOut",
    "CriterionOut",
    "DeadlineOut",
    "FundingOut",
    "GroupRuleOut",
    "ProgrammeOut",
    "RuleOut",
]


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True)


class CriterionOut(_Output):
    """A rule as its source states it; ``source_year`` is null when the page shows no date."""

    iri: str
    kind: str
    label: str
    operator: str
    values: list[str]
    unit: str
    applies_to: str
    statement: str
    source: str
    source_year: int | None
    note: str


class ChangeOut(_Output):
    """What would help: code and sentence."""

    code: str
    text: str
    partners: list[NamedOut]


class RuleOut(_Output):
    """The answer to one rule: ``yes``, ``no`` or ``unknown`` with whom to ask."""

    rule: CriterionOut
    truth: str
    reason: str
    text: str
    partners: list[NamedOut]
    changes: list[ChangeOut]


class GroupRuleOut(_Output):
    """A rule that the consortium search can be asked to satisfy."""

    name: str
    trait: str
    values: list[str]
    at_least: int


class DeadlineOut(_Output):
    """Whether a programme takes applications: ``yes`` until the day, ``no`` since it, ``unknown``.

    Where no deadline is stated the text says whom to ask, and of which year the source is.
    """

    truth: str
    day: date | None
    text: str


class ProgrammeOut(_Output):
    """The answer for one programme: ``eligible``, ``not-eligible`` or ``unknown``.

    ``level`` is who runs it (``state``, ``federal``, ``eu``, ``eureka``), ``regions`` are the NUTS
    codes in which it finances, as far as sources state them; ``region_text`` says both.
    """

    iri: str
    name: str
    funder: str
    level: str
    regions: list[str]
    region_text: str
    deadline: DeadlineOut
    sources: list[str]
    verdict: str
    text: str
    rules: list[RuleOut]
    for_a_person: list[CriterionOut]
    not_applicable: list[CriterionOut]
    group_rules: list[GroupRuleOut]


class FundingOut(_Output):
    """Answers for every programme, with the caution that always holds."""

    caution: str
    partners: list[NamedOut]
    programmes: list[ProgrammeOut]
