"""One function for each kind of rule that facts can decide."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from graph.eligibility.values import (
    Change,
    ChangeKind,
    Criterion,
    Partner,
    Programme,
    ProjectFacts,
    RuleCheck,
    RuleReason,
)
from graph.model import Truth

__all__ = ["CHECKABLE", "EU", "Case"]

# ISO 3166 codes of the member states of the European Union.
EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE"}
    | {"IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)
_YES, _NO, _UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
_THURINGIA = "16"


@dataclass(frozen=True, slots=True)
class Case:
    """Partners and project held against one programme."""

    programme: Programme
    partners: tuple[Partner, ...]
    project: ProjectFacts

    @property
    def companies(self) -> tuple[Partner, ...]:
        """The partners that are companies."""
        return tuple(p for p in self.partners if p.is_company)

    def small_truths(self) -> Mapping[str, Truth]:
        """Whether each partner is a small or medium enterprise, by IRI."""
        return {p.iri: p.is_small for p in self.partners}


def _iris(partners: Iterable[Partner]) -> tuple[str, ...]:
    return tuple(p.iri for p in partners)


def _at_least(
    rule: Criterion, sure: int, possible: int, ask: Iterable[Partner], kind: ChangeKind
) -> RuleCheck:
    """Answer a rule that counts: ``possible`` includes those of whom it is not known."""
    needed = rule.number or 0.0
    change = (Change(kind, max(int(needed - sure), 1)),)
    if sure >= needed:
        return RuleCheck(rule, _YES, RuleReason.MET, sure)
    if possible >= needed:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING, sure, _iris(ask), change)
    return RuleCheck(rule, _NO, RuleReason.TOO_FEW, sure, (), change)


def _employees(rule: Criterion, case: Case) -> RuleCheck:
    """Every company stays below the limit, or below the higher one beside an SME."""
    limit = rule.number or 0.0
    large = [p for p in case.companies if p.employees is not None and p.employees >= limit]
    unknown = [p for p in case.companies if p.employees is None]
    excepted = [p for p in large if _is_excepted(p, case)]
    failing = [p for p in large if p not in excepted]
    if failing:
        partners = _iris(failing)
        change = (Change(ChangeKind.REPLACE_LARGE, len(failing), partners),)
        return RuleCheck(rule, _NO, RuleReason.TOO_LARGE, len(failing), partners, change)
    if unknown or not case.companies:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING, None, _iris(unknown))
    reason = RuleReason.MET_BY_EXCEPTION if excepted else RuleReason.MET
    return RuleCheck(rule, _YES, reason, len(case.companies), _iris(excepted))


def _is_excepted(partner: Partner, case: Case) -> bool:
    """A larger company is allowed where it works with an SME, when the programme says so."""
    kind = "employees-max-if-cooperating-with-sme"
    limits = [c.number for c in case.programme.criteria if c.kind == kind and c.number is not None]
    has_small = any(p.is_small is _YES for p in case.companies if p.iri != partner.iri)
    return bool(limits) and has_small and (partner.employees or 0) < min(limits)


def _exception(rule: Criterion, case: Case) -> RuleCheck:
    """The higher limit only widens ``employees-max``; alone it forbids nothing but its own."""
    limit = rule.number or 0.0
    failing = [p for p in case.companies if p.employees is not None and p.employees >= limit]
    if failing:
        partners = _iris(failing)
        change = (Change(ChangeKind.REPLACE_LARGE, len(failing), partners),)
        return RuleCheck(rule, _NO, RuleReason.TOO_LARGE, len(failing), partners, change)
    unknown = [p for p in case.companies if p.employees is None]
    if unknown:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING, None, _iris(unknown))
    return RuleCheck(rule, _YES, RuleReason.MET, len(case.companies))


def _companies(rule: Criterion, case: Case) -> RuleCheck:
    count = len(case.companies)
    return _at_least(rule, count, count, (), ChangeKind.ADD_COMPANIES)


def _small(rule: Criterion, case: Case) -> RuleCheck:
    truths = case.small_truths()
    sure = sum(t is _YES for t in truths.values())
    ask = [p for p in case.partners if truths[p.iri] is _UNKNOWN]
    return _at_least(rule, sure, sure + len(ask), ask, ChangeKind.ADD_SMALL_COMPANY)


def _research(rule: Criterion, case: Case) -> RuleCheck:
    count = sum(p.kind == "ResearchInstitution" for p in case.partners)
    return _at_least(rule, count, count, (), ChangeKind.ADD_RESEARCH)


def _entities(rule: Criterion, case: Case) -> RuleCheck:
    """Count partners; that they are independent of each other, no graph proves.

    Partners tied by shares count once. Enough of them is an ``UNKNOWN`` that asks for the
    independence; too few is a ``NO``.
    """
    present = {p.iri for p in case.partners}
    tied = [p for p in case.partners if p.owners & present]
    groups = _independent(case.partners)
    needed = rule.number or 0.0
    if groups < needed:
        change = (Change(ChangeKind.ADD_PARTNERS, int(needed - groups)),)
        return RuleCheck(rule, _NO, RuleReason.TOO_FEW, groups, _iris(tied), change)
    return RuleCheck(rule, _UNKNOWN, RuleReason.INDEPENDENCE_OPEN, groups, _iris(case.partners))


def _independent(partners: tuple[Partner, ...]) -> int:
    """Number of groups of partners that are tied by shares, directly or through others."""
    group = {p.iri: p.iri for p in partners}

    def root(iri: str) -> str:
        while group[iri] != iri:
            iri = group[iri]
        return iri

    for partner in partners:
        for owner in partner.owners & group.keys():
            group[root(partner.iri)] = root(owner)
    return len({root(iri) for iri in group})


def _countries(rule: Criterion, case: Case) -> RuleCheck:
    known = {p.country for p in case.partners if p.country is not None}
    ask = [p for p in case.partners if p.country is None]
    return _at_least(rule, len(known), len(known) + len(ask), ask, ChangeKind.ADD_COUNTRIES)


def _member_states(rule: Criterion, case: Case) -> RuleCheck:
    sure = sum(p.country in EU for p in case.partners)
    ask = [p for p in case.partners if p.country is None]
    return _at_least(rule, sure, sure + len(ask), ask, ChangeKind.ADD_MEMBER_STATE)


def _site(rule: Criterion, case: Case) -> RuleCheck:
    """Every company has its main site in Germany, the only place the rules of the graph name."""
    outside = [p for p in case.companies if p.country not in {None, "DE"}]
    unknown = [p for p in case.companies if p.country is None]
    return _inside(rule, outside, unknown, case.companies)


def _location(rule: Criterion, case: Case) -> RuleCheck:
    """The project is carried out in Thuringia; a partner outside may not do its part there."""
    outside = [p for p in case.partners if p.state not in {None, _THURINGIA}]
    unknown = [p for p in case.partners if p.state is None and p.country in {None, "DE"}]
    outside += [p for p in case.partners if p.state is None and p.country not in {None, "DE"}]
    return _inside(rule, outside, unknown, case.partners)


def _inside(
    rule: Criterion, outside: list[Partner], unknown: list[Partner], everyone: tuple[Partner, ...]
) -> RuleCheck:
    if outside:
        partners = _iris(outside)
        change = (Change(ChangeKind.REPLACE_OUTSIDE, len(outside), partners),)
        return RuleCheck(rule, _NO, RuleReason.OUTSIDE, len(outside), partners, change)
    if unknown or not everyone:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING, None, _iris(unknown))
    return RuleCheck(rule, _YES, RuleReason.MET, len(everyone))


def _duration(rule: Criterion, case: Case) -> RuleCheck:
    months = case.project.duration_months
    if months is None:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING)
    if months <= (rule.number or 0.0):
        return RuleCheck(rule, _YES, RuleReason.MET, months)
    change = (Change(ChangeKind.SHORTEN),)
    return RuleCheck(rule, _NO, RuleReason.TOO_LONG, months, (), change)


def _civilian(rule: Criterion, case: Case) -> RuleCheck:
    if case.project.is_civilian is None:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING)
    if case.project.is_civilian:
        return RuleCheck(rule, _YES, RuleReason.MET)
    change = (Change(ChangeKind.CHANGE_PURPOSE),)
    return RuleCheck(rule, _NO, RuleReason.NOT_ALLOWED, None, (), change)


def _field(rule: Criterion, case: Case) -> RuleCheck:
    if case.project.innovation_field is None:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING)
    allowed = {value.casefold() for value in rule.values}
    if case.project.innovation_field.casefold() in allowed:
        return RuleCheck(rule, _YES, RuleReason.MET)
    change = (Change(ChangeKind.CHANGE_PURPOSE),)
    return RuleCheck(rule, _NO, RuleReason.NOT_ALLOWED, None, (), change)


def _largest_share(rule: Criterion, case: Case) -> RuleCheck:
    """No partner and no country has more than the share; shares must be known of all."""
    shares = case.project.budget_shares
    missing = [p for p in case.partners if p.iri not in shares or p.country is None]
    if missing or not case.partners:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING, None, _iris(missing))
    by_country: dict[str | None, float] = {}
    for partner in case.partners:
        own = by_country.get(partner.country, 0.0)
        by_country[partner.country] = own + shares[partner.iri]
    largest = round(max(*by_country.values(), *shares.values()) * 100, 6)
    if largest <= (rule.number or 0.0):
        return RuleCheck(rule, _YES, RuleReason.MET, largest)
    change = (Change(ChangeKind.SHARE_BUDGET),)
    return RuleCheck(rule, _NO, RuleReason.SHARE_MISSED, largest, (), change)


def _small_share(rule: Criterion, case: Case) -> RuleCheck:
    shares, truths = case.project.budget_shares, case.small_truths()
    missing = [p for p in case.partners if p.iri not in shares]
    if missing or not case.partners:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING, None, _iris(missing))
    needed = rule.number or 0.0
    sure = round(sum(s for iri, s in shares.items() if truths.get(iri) is _YES) * 100, 6)
    ask = [p for p in case.partners if truths[p.iri] is _UNKNOWN]
    possible = round(sure + sum(shares[p.iri] for p in ask) * 100, 6)
    if sure >= needed:
        return RuleCheck(rule, _YES, RuleReason.MET, sure)
    change = (Change(ChangeKind.SHARE_BUDGET),)
    if possible >= needed:
        return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING, sure, _iris(ask), change)
    return RuleCheck(rule, _NO, RuleReason.SHARE_MISSED, sure, (), change)


def _lead(rule: Criterion, case: Case) -> RuleCheck:
    """The lead is an innovative SME: that it is innovative, a person must say."""
    lead = next((p for p in case.partners if p.iri == case.project.lead), None)
    if lead is not None and lead.is_small is _NO:
        change = (Change(ChangeKind.CHANGE_LEAD, 1, (lead.iri,)),)
        return RuleCheck(rule, _NO, RuleReason.NOT_ALLOWED, None, (lead.iri,), change)
    asked = (lead.iri,) if lead else ()
    return RuleCheck(rule, _UNKNOWN, RuleReason.FACT_MISSING, None, asked)


CHECKABLE: Mapping[str, Callable[[Criterion, Case], RuleCheck]] = {
    "civilian": _civilian,
    "duration": _duration,
    "employees-max": _employees,
    "employees-max-if-cooperating-with-sme": _exception,
    "lead": _lead,
    "location": _location,
    "max-share-single": _largest_share,
    "min-companies": _companies,
    "min-companies-cooperation-project": _companies,
    "min-companies-international-network": _companies,
    "min-companies-national-network": _companies,
    "min-countries": _countries,
    "min-entities": _entities,
    "min-independent-partners": _entities,
    "min-member-state-entities": _member_states,
    "min-research-orgs": _research,
    "requires-sme": _small,
    "ris-field": _field,
    "site": _site,
    "sme-budget-share": _small_share,
}
"""What decides each kind of rule; a kind that is not here is for a person."""
