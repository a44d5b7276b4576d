"""Funding checks of a suggestion or of named organisations, in names and sentences."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from api.asking import Asked, from_graph, landscape_of, programme_groups, words_of
from api.i18n import Texts, texts
from api.i18n import noop as _noop
from api.schemas.consortium import NamedOut
from api.schemas.funding import (
    ChangeOut,
    CriterionOut,
    DeadlineOut,
    FundingOut,
    GroupRuleOut,
    ProgrammeOut,
    RuleOut,
)
from graph.consortium import suggest
from graph.eligibility import (
    Change,
    ChangeKind,
    Criterion,
    Partner,
    Programme,
    ProgrammeCheck,
    ProjectFacts,
    RuleCheck,
    RuleReason,
    Verdict,
    check_programmes,
    group_rules,
)
from graph.funding import find_programme, read_partners, read_programmes
from graph.model import GroupRule, Truth
from graph.settings import Settings
from graph.store import Store

__all__ = ["check_enquiry", "check_funding", "check_organisations", "criterion_out"]


_VERDICT = {
    Verdict.ELIGIBLE: _noop("Eligible as far as the rules of the graph say."),
    Verdict.NOT_ELIGIBLE: _noop("Not eligible: {rules}."),
    Verdict.UNKNOWN: _noop("Unknown, to be asked: {rules}."),
}
_REASON = {
    RuleReason.MET: _noop("met"),
    RuleReason.MET_BY_EXCEPTION: _noop("met, because a small or medium enterprise takes part"),
    RuleReason.TOO_FEW: _noop("only {found} of {value}"),
    RuleReason.TOO_LARGE: _noop("too many employees: {partners}"),
    RuleReason.OUTSIDE: _noop("known site elsewhere: {partners}"),
    RuleReason.SHARE_MISSED: _noop("{found} %, the rule says {value} %"),
    RuleReason.TOO_LONG: _noop("{found} months, the rule says {value}"),
    RuleReason.NOT_ALLOWED: _noop("what is stated is not what the rule allows"),
    RuleReason.FACT_MISSING: _noop("not known, to be asked: {partners}"),
    RuleReason.INDEPENDENCE_OPEN: _noop("enough partners; confirm that they are independent"),
    RuleReason.FOR_A_PERSON: _noop("to be read by a person"),
}
_CHANGE = {
    ChangeKind.ADD_PARTNERS: _noop("add {count} independent partner(s)"),
    ChangeKind.ADD_COMPANIES: _noop("add {count} company(ies)"),
    ChangeKind.ADD_SMALL_COMPANY: _noop("add or confirm {count} small or medium enterprise(s)"),
    ChangeKind.ADD_RESEARCH: _noop("add {count} research institution(s)"),
    ChangeKind.ADD_COUNTRIES: _noop("add partners from {count} further country(ies)"),
    ChangeKind.ADD_MEMBER_STATE: _noop("add {count} partner(s) from an EU member state"),
    ChangeKind.REPLACE_LARGE: _noop("replace or leave out: {partners}"),
    ChangeKind.REPLACE_OUTSIDE: _noop("replace, or name a site that qualifies: {partners}"),
    ChangeKind.SHARE_BUDGET: _noop("share the budget differently"),
    ChangeKind.SHORTEN: _noop("plan a shorter project"),
    ChangeKind.CHANGE_PURPOSE: _noop("change the subject of the project"),
    ChangeKind.CHANGE_LEAD: _noop("let another partner lead"),
}
_LEVEL = {
    "state": _noop("Programme of the state"),
    "federal": _noop("Federal programme"),
    "eu": _noop("Programme of the European Union"),
    "eureka": _noop("Programme of the European network Eureka"),
}
_DEADLINE = {
    Truth.YES: _noop("Applications until {day}."),
    Truth.NO: _noop("The last deadline known, {day}, has passed. Ask {funder} for the next call."),
    Truth.UNKNOWN: _noop("No deadline is stated: ask {funder}. Source of {year}."),
}
_CAUTION = _noop(
    "These rules are an extract with sources of different age. Check the current guideline of the "
    "programme before you rely on any answer."
)


def check_enquiry(
    store: Store,
    enquiry: str,
    programme: str | None = None,
    language: str = "de",
    project: ProjectFacts | None = None,
    *,
    demand: bool = False,
    day: date | None = None,
) -> FundingOut:
    """Hold the suggested consortium of an enquiry against one programme or all.

    Args:
        store: Where the graph lives.
        enquiry: IRI, number or title of an enquiry of the graph.
        programme: IRI, identifier or name; all when omitted.
        language: Language of names and sentences.
        project: What only the partners know; the proposed lead leads unless it says otherwise.
        demand: Search members that satisfy the rules of the programme that count members.
        day: Day on which deadlines are judged; today when omitted.

    Raises:
        UnknownEnquiryError: The graph has no such enquiry.
        UnknownTermError: No programme is called so.
    """
    facts = project or ProjectFacts()
    groups = (
        programme_groups(store, programme, facts.kind, language) if demand and programme else ()
    )
    members, lead = _suggested(store, from_graph(enquiry), language, groups)
    facts = facts if facts.lead else replace(facts, lead=lead)
    return check_funding(store, members, facts, programme, language, day)


def _suggested(
    store: Store, asked: Asked, language: str, groups: tuple[GroupRule, ...]
) -> tuple[list[str], str | None]:
    """Return the members of the suggestion for an enquiry and its lead."""
    settings = Settings(reference_year=datetime.now(UTC).year)
    landscape = landscape_of(store, language)
    enquiry = asked.resolve(store, words_of(store, language), language)
    enquiry = replace(enquiry, groups=enquiry.groups + groups)
    quick = replace(settings, alternatives=0, replacements=False, front_extra=0)
    found = suggest(enquiry, landscape, quick)
    lead = found.lead.organisation if found.lead else None
    return [member.organisation for member in found.members], lead


def check_funding(
    store: Store,
    organisations: Iterable[str],
    project: ProjectFacts | None = None,
    programme: str | None = None,
    language: str = "de",
    day: date | None = None,
) -> FundingOut:
    """Hold organisations against one programme or all.

    Args:
        store: Where the graph lives.
        organisations: IRIs of organisations of the graph.
        project: What only the partners know.
        programme: IRI, identifier or name; all when omitted.
        language: Language of names and sentences.
        day: Day on which deadlines are judged; today when omitted.

    Raises:
        UnknownTermError: No programme is called so.
    """
    landscape = landscape_of(store, language)
    today = day or datetime.now(UTC).date()
    programmes = read_programmes(store, landscape.labels)
    chosen = (find_programme(programmes, programme),) if programme else programmes
    partners = read_partners(store, landscape, organisations)
    facts = project or ProjectFacts()
    presenter = _Presenter(partners, texts(language), facts.kind)
    return FundingOut(
        caution=presenter.texts(_CAUTION),
        partners=[NamedOut(iri=p.iri, name=p.name) for p in partners],
        programmes=[
            presenter.programme(c) for c in check_programmes(chosen, partners, facts, today)
        ],
    )


def check_organisations(
    store: Store,
    words: Iterable[str],
    project: ProjectFacts | None = None,
    programme: str | None = None,
    language: str = "de",
    day: date | None = None,
) -> FundingOut:
    """Hold organisations that are named by IRI, identifier or name, as :func:`check_funding` does.

    Raises:
        UnknownTermError: An organisation or the programme is not known.
    """
    known = words_of(store, language)
    partners = [known.organisation(word) for word in words]
    return check_funding(store, partners, project, programme, language, day)


def criterion_out(found: Criterion) -> CriterionOut:
    """Return a rule as clients get it."""
    return CriterionOut(
        iri=found.iri,
        kind=found.kind,
        label=found.label or found.kind,
        operator=found.operator,
        values=list(found.values),
        unit=found.unit,
        applies_to=found.applies_to,
        statement=found.statement,
        source=found.source,
        source_year=found.source_year,
        note=found.note,
    )


class _Presenter:
    def __init__(self, partners: tuple[Partner, ...], wording: Texts, kind: str) -> None:
        self.names = {p.iri: p.name for p in partners}
        self.texts = wording
        self.kind = kind

    def programme(self, found: ProgrammeCheck) -> ProgrammeOut:
        rules = group_rules(found.programme, self.kind)
        return ProgrammeOut(
            iri=found.programme.iri,
            name=found.programme.name,
            funder=found.programme.funder,
            level=found.programme.level,
            regions=list(found.programme.regions),
            region_text=self.region(found.programme),
            deadline=self.deadline(found),
            sources=list(found.programme.sources),
            verdict=found.verdict.value,
            text=self.verdict(found),
            rules=[self.rule(check) for check in found.checks],
            for_a_person=[criterion_out(c) for c in found.for_a_person],
            not_applicable=[criterion_out(c) for c in found.not_applicable],
            group_rules=[
                GroupRuleOut(
                    name=r.name, trait=r.trait.value, values=sorted(r.values), at_least=r.at_least
                )
                for r in rules
            ],
        )

    def region(self, found: Programme) -> str:
        """Say who runs it and where it finances, as far as that is stated."""
        level = self.texts(_LEVEL[found.level]) if found.level in _LEVEL else ""
        places = [value for rule in found.places for value in rule.values] + list(found.regions)
        where = (
            self.texts("for {places}", places=", ".join(dict.fromkeys(places)))
            if places
            else self.texts("no region is stated")
        )
        return ", ".join(word for word in (level, where) if word) + "."

    def deadline(self, found: ProgrammeCheck) -> DeadlineOut:
        programme, known = found.programme, found.deadline
        text = self.texts(
            _DEADLINE[known.truth],
            day="" if known.day is None else self.texts.day(known.day),
            funder=programme.funder or self.texts("the office of the programme"),
            year=programme.source_year or self.texts("unknown date"),
        )
        return DeadlineOut(truth=known.truth.value, day=known.day, text=text)

    def verdict(self, found: ProgrammeCheck) -> str:
        truth = {Verdict.NOT_ELIGIBLE: "no", Verdict.UNKNOWN: "unknown"}.get(found.verdict)
        if found.verdict is Verdict.UNKNOWN and not found.checks:
            return self.texts("Unknown: the graph holds no rule that decides.")
        reasons = [
            f"{c.criterion.label or c.criterion.kind} ({self.reason(c)})"
            for c in found.checks
            if c.truth.value == truth
        ]
        if found.deadline.truth is Truth.NO:
            reasons.insert(0, self.deadline(found).text.removesuffix("."))
        return self.texts(_VERDICT[found.verdict], rules="; ".join(reasons))

    def rule(self, check: RuleCheck) -> RuleOut:
        return RuleOut(
            rule=criterion_out(check.criterion),
            truth=check.truth.value,
            reason=check.reason.value,
            text=self.reason(check),
            partners=self.named(check.partners),
            changes=[self.change(c) for c in check.changes],
        )

    def named(self, iris: Iterable[str]) -> list[NamedOut]:
        return [NamedOut(iri=iri, name=self.names[iri]) for iri in iris]

    def reason(self, check: RuleCheck) -> str:
        values = check.criterion.values
        return self.texts(
            _REASON[check.reason],
            found="?" if check.found is None else f"{check.found:g}",
            value=values[0] if values else "?",
            partners=self.listed(check.partners),
        )

    def listed(self, iris: Iterable[str]) -> str:
        return ", ".join(self.names[iri] for iri in iris) or self.texts("the partners")

    def change(self, found: Change) -> ChangeOut:
        text = self.texts(
            _CHANGE[found.kind], count=found.count, partners=self.listed(found.partners)
        )
        return ChangeOut(code=found.kind.value, text=text, partners=self.named(found.partners))
