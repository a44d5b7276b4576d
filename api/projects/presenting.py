"""Projects as clients get them, with names in their language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from rdflib import Literal

from api.funding import criterion_out
from api.i18n import Texts, texts
from api.i18n import noop as _noop
from api.keeping import kept
from api.schemas.consortium import NamedOut
from api.schemas.projects import (
    AmountCheckOut,
    BudgetLineOut,
    CodeOut,
    DueOut,
    MilestoneOut,
    MoneyOut,
    PartnerOut,
    PartnerTotalOut,
    ProjectLineOut,
    ProjectOut,
)
from graph.projects import (
    AmountCheck,
    AmountReason,
    DueDate,
    Milestone,
    Money,
    OpenFact,
    Project,
    total,
)
from graph.reading import rows
from graph.store import Row, Store
from graph.vocabulary import SCHEME

__all__ = ["ProjectPresenter", "presenter_of"]

_SCHEMES = (
    *("cost-category", "milestone-kind", "project-kind", "project-phase"),
    *("research-category", "ris-field", "role"),
)


_REASON = {
    AmountReason.WITHIN: _noop("within the limit of {sure}"),
    AmountReason.ABOVE: _noop("above the limit of {possible}"),
    AmountReason.FACT_MISSING: _noop("{possible} at most; to be asked: {facts}"),
    AmountReason.NO_RULE: _noop("the graph holds no rule that decides"),
    AmountReason.NOTHING_PLANNED: _noop("nothing is planned yet"),
}
_FACT = {
    OpenFact.EMPLOYEES: _noop("number of employees"),
    OpenFact.RESEARCH_CATEGORY: _noop("research category"),
    OpenFact.STRUCTURALLY_WEAK: _noop("whether the region counts as structurally weak"),
    OpenFact.YOUNG: _noop("whether the company counts as young"),
}


@dataclass(frozen=True, slots=True)
class ProjectPresenter:
    """Names of one generation in one language.

    Attributes:
        labels: Labels of concepts and programmes by IRI.
        texts: Sentences.
        language: Tag of both.
    """

    labels: dict[str, str]
    texts: Texts
    language: str

    def code(self, scheme: str, code: str) -> CodeOut:
        """Return an entry of a list with its name."""
        return CodeOut(code=code, name=self.labels.get(str(SCHEME[f"{scheme}/{code}"]), code))

    def named(self, iri: str | None) -> NamedOut | None:
        """Return a thing with its name; ``None`` for none."""
        return None if iri is None else NamedOut(iri=iri, name=self.labels.get(iri, iri))

    def name(self, project: Project) -> str:
        """Return the name of a project in the language, or the German one."""
        return (self.language == "en" and project.plan.name_en) or project.plan.name

    def line(self, project: Project, day: date) -> ProjectLineOut:
        """Return a project as a line of a list."""
        open_dates = [m.due for m in project.milestones if m.done is None]
        return ProjectLineOut(
            iri=project.iri,
            id=project.identifier,
            name=self.name(project),
            phase=self.code("project-phase", project.phase),
            partners=len(project.partners),
            overdue=len(project.overdue(day)),
            next_due=min(open_dates, default=None),
            total=money_out(total(line.money for line in project.budget)),
        )

    def project(self, project: Project, day: date) -> ProjectOut:
        """Return a project with everything that is recorded of it."""
        plan = project.plan
        return ProjectOut(
            iri=project.iri,
            id=project.identifier,
            name=plan.name,
            name_en=plan.name_en,
            description=plan.description,
            kind=self.code("project-kind", plan.kind),
            phase=self.code("project-phase", project.phase),
            programme=self.named(plan.programme),
            research=self.code("research-category", plan.research) if plan.research else None,
            topic=self.named(plan.topic),
            start=plan.start,
            end=plan.end,
            origin=plan.origin,
            changed_at=project.changed_at,
            day=day,
            partners=self.partners(project),
            milestones=[self.milestone(m, day) for m in project.milestones],
            budget=self.budget(project),
            totals=self.totals(project),
            total=money_out(total(line.money for line in project.budget)),
        )

    def partners(self, project: Project) -> list[PartnerOut]:
        """Return who takes part."""
        return [
            PartnerOut(
                id=p.iri.rpartition("/")[2],
                organisation=NamedOut(iri=p.organisation, name=p.name),
                role=self.code("role", p.role),
            )
            for p in project.partners
        ]

    def budget(self, project: Project) -> list[BudgetLineOut]:
        """Return the financial plan."""
        names = {p.organisation: p.name for p in project.partners}
        return [
            BudgetLineOut(
                id=line.iri.rpartition("/")[2],
                organisation=NamedOut(
                    iri=line.organisation, name=names.get(line.organisation, line.organisation)
                ),
                category=self.code("cost-category", line.category),
                money=money_out(line.money),
            )
            for line in project.budget
        ]

    def totals(self, project: Project) -> list[PartnerTotalOut]:
        """Return the sums of each partner."""
        return [
            PartnerTotalOut(
                organisation=NamedOut(iri=p.organisation, name=p.name),
                money=money_out(
                    total(x.money for x in project.budget if x.organisation == p.organisation)
                ),
            )
            for p in project.partners
        ]

    def milestone(self, milestone: Milestone, day: date) -> MilestoneOut:
        """Return a milestone as of a day."""
        return MilestoneOut(
            id=milestone.iri.rpartition("/")[2],
            iri=milestone.iri,
            kind=self.code("milestone-kind", milestone.kind),
            due=milestone.due,
            done=milestone.done,
            description=milestone.description,
            overdue=milestone.is_overdue(day),
        )

    def due(self, found: Iterable[DueDate], day: date) -> list[DueOut]:
        """Return milestones that are late or come soon."""
        return [
            DueOut(
                project=NamedOut(iri=d.project.iri, name=self.name(d.project)),
                milestone=self.milestone(d.milestone, day),
                days_late=d.days_late,
            )
            for d in found
        ]

    def amounts(self, found: Iterable[AmountCheck], project: Project) -> list[AmountCheckOut]:
        """Return the answers to rates and ceilings, with their rules."""
        names = {p.organisation: p.name for p in project.partners}
        return [self._amount(check, names) for check in found]

    def _amount(self, check: AmountCheck, names: dict[str, str]) -> AmountCheckOut:
        iri = check.organisation
        return AmountCheckOut(
            organisation=NamedOut(iri=iri, name=names.get(iri, iri)) if iri else None,
            measure="rate" if check.is_rate else "euros",
            found=check.found,
            truth=check.truth.value,
            reason=check.reason.value,
            text=self._reason(check),
            sure=check.sure,
            possible=check.possible,
            ask=[CodeOut(code=f.value, name=self.texts(_FACT[f])) for f in check.ask],
            rules=[criterion_out(c) for c in check.criteria],
        )

    def _reason(self, check: AmountCheck) -> str:
        unit = " %" if check.is_rate else " €"
        return self.texts(
            _REASON[check.reason],
            sure=f"{check.sure}{unit}",
            possible=f"{check.possible}{unit}",
            facts=", ".join(self.texts(_FACT[f]) for f in check.ask),
        )


def money_out(money: Money) -> MoneyOut:
    """Return amounts with what follows from them."""
    return MoneyOut(
        cost=money.cost,
        grant=money.grant,
        claimed=money.claimed,
        paid=money.paid,
        own_share=money.own_share,
        open_claims=money.open_claims,
    )


@kept
def presenter_of(store: Store, language: str) -> ProjectPresenter:
    """Return the names of a generation in a language, German where there are no others."""
    ranked: dict[str, tuple[int, str]] = {}
    found = [row for name in _SCHEMES for row in _labels(store, name)]
    found += [
        {"concept": row["programme"], "label": row["name"]} for row in rows(store, "programmes")
    ]
    for row in found:
        label = row["label"]
        tag = label.language if isinstance(label, Literal) else None
        rank = 0 if tag == language else 1 if tag == "de" else 2
        iri = str(row["concept"])
        ranked[iri] = min(ranked.get(iri, (3, "")), (rank, str(label)))
    labels = {iri: label for iri, (_, label) in ranked.items()}
    return ProjectPresenter(labels, texts(language), language)


def _labels(store: Store, scheme: str) -> list[Row]:
    found = rows(store, "scheme-labels", {"scheme": SCHEME[scheme]})
    return [row for row in found if str(row["kind"]) == "preferred"]
