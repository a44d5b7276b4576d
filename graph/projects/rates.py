"""Whether a financial plan keeps the rates and ceilings of a programme, three-valued.

The rules are an extract with sources (``data/funding_criteria.csv``); what counts is the current
guideline. A rate depends on facts that the graph may not hold, such as the size of a company. So
two limits are computed: the one that is sure whatever the open facts turn out to be, and the
highest one possible. Up to the first a plan is *yes*, beyond the second *no*, in between
*unknown*, with the facts to ask for. Everything is exact: amounts are compared, never quotients.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from graph.eligibility import Criterion, Partner, Programme
from graph.model import Truth
from graph.projects.values import BudgetLine, Money, ResearchCategory, total

__all__ = ["AmountCheck", "AmountReason", "OpenFact", "PlanFacts", "Size", "check_amounts"]

_YES, _NO, _UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN


class Size(StrEnum):
    """Size of a company by head count (2003/361/EC, article 2)."""

    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class OpenFact(StrEnum):
    """What must be asked for to decide."""

    EMPLOYEES = "employees"
    RESEARCH_CATEGORY = "research-category"
    STRUCTURALLY_WEAK = "structurally-weak"
    YOUNG = "young"


class AmountReason(StrEnum):
    """What an answer rests on; texts are made elsewhere."""

    WITHIN = "within"
    ABOVE = "above"
    FACT_MISSING = "fact-missing"
    NO_RULE = "no-rule"
    NOTHING_PLANNED = "nothing-planned"


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a plan says beside its amounts.

    Attributes:
        research: How far the work is from the market; ``None`` while that is open.
        structurally_weak: The companies are in a structurally weak region; ``None`` when open.
        young: IRIs of the companies that are young as the programme means it; ``None`` when open.
    """

    research: ResearchCategory | None = None
    structurally_weak: bool | None = None
    young: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class AmountCheck:
    """The answer to one rate or ceiling.

    Attributes:
        organisation: IRI of the partner concerned; empty for the whole project.
        is_rate: Found and limits are percent; otherwise euros.
        found: What is planned; a rate is rounded to hundredths here, never where it is compared.
        truth: Whether the plan keeps the limit.
        reason: What the answer rests on.
        sure: The limit that holds whatever the open facts are; ``None`` when none does.
        possible: The highest limit that open facts leave; ``None`` when there is none.
        criteria: The rules that the answer rests on, with their sources.
        ask: The facts that would decide.
    """

    organisation: str
    is_rate: bool
    found: Decimal | None
    truth: Truth
    reason: AmountReason
    sure: Decimal | None = None
    possible: Decimal | None = None
    criteria: tuple[Criterion, ...] = ()
    ask: tuple[OpenFact, ...] = ()


@dataclass(frozen=True, slots=True)
class _When:
    """When a rate holds."""

    size: Size
    research: ResearchCategory | None = None
    needs: OpenFact | None = None
    alone: bool | None = None


def _rates() -> Iterator[tuple[str, _When]]:
    yield "cooperation-rate-small", _When(Size.SMALL)
    yield "cooperation-rate-small-young", _When(Size.SMALL, needs=OpenFact.YOUNG)
    weak = OpenFact.STRUCTURALLY_WEAK
    yield "cooperation-rate-small-structurally-weak", _When(Size.SMALL, needs=weak)
    yield "cooperation-rate-medium", _When(Size.MEDIUM)
    yield "cooperation-rate-midcap", _When(Size.LARGE)
    categories = {
        "industrial": ResearchCategory.INDUSTRIAL,
        "experimental": ResearchCategory.EXPERIMENTAL,
    }
    for setting, alone in (("verbund", False), ("individual", True)):
        for word, research in categories.items():
            for size in Size:
                yield f"{setting}-{word}-rate-{size}", _When(size, research, alone=alone)


RATES: Final[Mapping[str, _When]] = dict(_rates())
"""When each kind of rate holds; a kind that is not here is for a person."""

_PARTNER_CEILINGS: Final = {
    "max-eligible-cost-company": "Company",
    "max-eligible-cost-research": "ResearchInstitution",
}
_PROJECT_CEILINGS: Final = frozenset(
    {"grant-per-alliance", "max-grant-joint-project", "max-grant-total"}
)


def check_amounts(
    programme: Programme,
    partners: Iterable[Partner],
    budget: Iterable[BudgetLine],
    facts: PlanFacts | None = None,
) -> tuple[AmountCheck, ...]:
    """Hold a financial plan against the rates and ceilings of a programme.

    Args:
        programme: The programme with its rules.
        partners: Who takes part, with the facts known of them.
        budget: The financial plan.
        facts: What it says beside its amounts; open when omitted.

    Returns:
        The rate of each partner by IRI, its ceiling where there is one, then what the programme
        allows for the whole project.
    """
    known = tuple(sorted(partners, key=lambda p: p.iri))
    lines = tuple(budget)
    case = _Case(programme, facts or PlanFacts(), is_alone=len(known) == 1)
    found: list[AmountCheck] = []
    for partner in known:
        money = total(line.money for line in lines if line.organisation == partner.iri)
        found.append(case.rate(partner, money))
        found += case.ceilings(partner, money)
    return (*found, *case.project_ceilings(total(line.money for line in lines)))


_Limit = tuple[Decimal, Criterion]
"""A limit and the rule that states it."""

_Rate = tuple[Decimal, Criterion, Truth]
"""The same, with whether the condition of the rule is met."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """The limits of one partner."""

    sure: _Limit | None
    possible: _Limit | None
    open_facts: frozenset[OpenFact] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class _Case:
    """A programme and what a plan says."""

    programme: Programme
    facts: PlanFacts
    is_alone: bool

    def rate(self, partner: Partner, money: Money) -> AmountCheck:
        """Answer for the rate of one partner."""
        if not money.cost:
            return AmountCheck(partner.iri, True, None, _UNKNOWN, AmountReason.NOTHING_PLANNED)
        percent = (money.grant * 100 / money.cost).quantize(Decimal("0.01"))
        limits = self._limits(partner) if partner.is_company else _Limits(None, None)
        if limits.possible is None:
            return AmountCheck(partner.iri, True, percent, _UNKNOWN, AmountReason.NO_RULE)

        def keeps(limit: _Limit | None) -> bool:
            return limit is not None and money.grant * 100 <= limit[0] * money.cost

        truth, reason = _UNKNOWN, AmountReason.FACT_MISSING
        rests_on = [limit[1] for limit in (limits.sure, limits.possible) if limit]
        if keeps(limits.sure):
            truth, reason, rests_on = _YES, AmountReason.WITHIN, rests_on[:1]
        elif not keeps(limits.possible):
            truth, reason, rests_on = _NO, AmountReason.ABOVE, rests_on[-1:]
        return AmountCheck(
            organisation=partner.iri,
            is_rate=True,
            found=percent,
            truth=truth,
            reason=reason,
            sure=limits.sure[0] if limits.sure else None,
            possible=limits.possible[0],
            criteria=tuple(dict.fromkeys(rests_on)),
            ask=tuple(sorted(limits.open_facts)) if truth is _UNKNOWN else (),
        )

    def ceilings(self, partner: Partner, money: Money) -> Iterator[AmountCheck]:
        """Yield the answers for what may count of a partner's cost."""
        for criterion in self.programme.criteria:
            if _PARTNER_CEILINGS.get(criterion.kind) == partner.kind:
                yield _ceiling(criterion, partner.iri, money.cost)

    def project_ceilings(self, money: Money) -> Iterator[AmountCheck]:
        """Yield the answers for what the whole project may get."""
        for criterion in self.programme.criteria:
            if criterion.kind in _PROJECT_CEILINGS:
                yield _ceiling(criterion, "", money.grant)

    def _limits(self, partner: Partner) -> _Limits:
        """Return what holds in each case that the open facts leave, and the facts behind it."""
        sizes = (_size(partner),) if partner.employees is not None else tuple(Size)
        categories = (self.facts.research,) if self.facts.research else tuple(ResearchCategory)
        cases = [self._fitting(partner, s, c) for s in sizes for c in categories]
        sure = [_highest(case, {_YES}) for case in cases]
        possible = [_highest(case, {_YES, _UNKNOWN}) for case in cases]
        known = [limit for limit in sure if limit is not None]
        open_facts = {
            need
            for case in cases
            for _, criterion, truth in case
            if truth is _UNKNOWN and (need := RATES[criterion.kind].needs)
        }
        if len({limit and limit[0] for limit in (*sure, *possible)}) > 1:
            open_facts |= {OpenFact.EMPLOYEES} if len(sizes) > 1 else set()
            if len(categories) > 1 and self._asks_category():
                open_facts.add(OpenFact.RESEARCH_CATEGORY)
        return _Limits(
            min(known, key=_by_limit) if len(known) == len(sure) else None,
            max((limit for limit in possible if limit), key=_by_limit, default=None),
            frozenset(open_facts),
        )

    def _fitting(self, partner: Partner, size: Size, category: ResearchCategory) -> list[_Rate]:
        """Return the rates of one case, each with whether its further condition is met."""
        return [
            (limit, criterion, self._extra(when, partner))
            for criterion in self.programme.criteria
            if (when := RATES.get(criterion.kind)) is not None
            and self._may_hold(when, size, category)
            and (limit := _limit(criterion)) is not None
        ]

    def _asks_category(self) -> bool:
        kinds = (RATES.get(criterion.kind) for criterion in self.programme.criteria)
        return any(when is not None and when.research for when in kinds)

    def _may_hold(self, when: _When, size: Size, category: ResearchCategory) -> bool:
        return (
            when.size is size
            and when.research in (None, category)
            and when.alone in (None, self.is_alone)
        )

    def _extra(self, when: _When, partner: Partner) -> Truth:
        """Tell whether the further condition of a rate is met."""
        if when.needs is OpenFact.YOUNG:
            if self.facts.young is None:
                return _UNKNOWN
            return _YES if partner.iri in self.facts.young else _NO
        if when.needs is OpenFact.STRUCTURALLY_WEAK:
            weak = self.facts.structurally_weak
            return _UNKNOWN if weak is None else _YES if weak else _NO
        return _YES


def _size(partner: Partner) -> Size:
    count = partner.employees or 0
    return Size.SMALL if count < 50 else Size.MEDIUM if count < 250 else Size.LARGE


def _highest(case: list[_Rate], truths: set[Truth]) -> _Limit | None:
    return max(((x, c) for x, c, truth in case if truth in truths), key=_by_limit, default=None)


def _by_limit(limit: _Limit) -> tuple[Decimal, str]:
    return limit[0], limit[1].iri


def _limit(criterion: Criterion) -> Decimal | None:
    """Return the value of a rule exactly as written; ``None`` when it is no number."""
    try:
        return Decimal(criterion.values[0])
    except (IndexError, InvalidOperation):
        return None


def _ceiling(criterion: Criterion, organisation: str, found: Decimal) -> AmountCheck:
    limit = _limit(criterion)
    if limit is None or criterion.operator not in ("<=", "<"):
        return AmountCheck(
            organisation, False, found, _UNKNOWN, AmountReason.NO_RULE, criteria=(criterion,)
        )
    if not found:
        truth, reason = _UNKNOWN, AmountReason.NOTHING_PLANNED
    elif found < limit or (found == limit and criterion.operator == "<="):
        truth, reason = _YES, AmountReason.WITHIN
    else:
        truth, reason = _NO, AmountReason.ABOVE
    return AmountCheck(organisation, False, found, truth, reason, limit, limit, (criterion,))
