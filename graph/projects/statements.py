"""What is said in the graph of a project and its parts."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from rdflib import XSD, Literal, URIRef
from rdflib.namespace import DCTERMS, ORG, RDF, SKOS

from graph.projects.reading import HOUSE
from graph.projects.values import BudgetLine, Milestone, Phase, Plan, Project, ProjectPartner
from graph.records import Triple
from graph.vocabulary import PREFIXES, SCHEME, VB

__all__ = [
    "of_budget_line",
    "of_change",
    "of_milestone",
    "of_partner",
    "of_phase",
    "of_plan",
]

_START: Final = URIRef(f"{PREFIXES['schema']}startDate")
_END: Final = URIRef(f"{PREFIXES['schema']}endDate")
_FUNDED: Final = frozenset({Phase.EXECUTION, Phase.ACCOUNTING})


def of_plan(node: URIRef, plan: Plan, phase: Phase) -> Iterator[Triple]:
    """Yield what a plan says; a programme funds only what is past preparation."""
    yield node, SKOS.prefLabel, Literal(plan.name, lang="de")
    yield node, VB.projectKind, SCHEME[f"project-kind/{plan.kind}"]
    yield node, DCTERMS.source, URIRef(plan.origin) if plan.origin else HOUSE
    if plan.name_en:
        yield node, SKOS.prefLabel, Literal(plan.name_en, lang="en")
    if plan.description:
        yield node, DCTERMS.description, Literal(plan.description)
    if plan.research:
        yield node, VB.researchCategory, SCHEME[f"research-category/{plan.research}"]
    if plan.topic:
        yield node, VB.topic, URIRef(plan.topic)
    for name, day in ((_START, plan.start), (_END, plan.end)):
        if day:
            yield node, name, _day(day)
    if plan.programme:
        yield node, VB.seeksFundingUnder, URIRef(plan.programme)
        if phase in _FUNDED:
            yield node, VB.fundedUnder, URIRef(plan.programme)


def of_phase(node: URIRef, phase: Phase) -> Triple:
    """Return where a project stands."""
    return node, VB.phase, SCHEME[f"project-phase/{phase}"]


def of_change(node: URIRef, at: datetime) -> Triple:
    """Return when a project was changed last."""
    return node, DCTERMS.modified, Literal(at.isoformat(), datatype=XSD.dateTime, normalize=False)


def of_milestone(project: Project, milestone: Milestone) -> Iterator[Triple]:
    """Yield a milestone and its place in a project."""
    node = URIRef(milestone.iri)
    yield URIRef(project.iri), VB.hasMilestone, node
    yield node, RDF.type, VB.Milestone
    yield node, VB.milestoneKind, SCHEME[f"milestone-kind/{milestone.kind}"]
    yield node, VB.dueDate, _day(milestone.due)
    if milestone.done:
        yield node, VB.doneDate, _day(milestone.done)
    if milestone.description:
        yield node, DCTERMS.description, Literal(milestone.description)


def of_partner(project: Project, partner: ProjectPartner) -> Iterator[Triple]:
    """Yield the membership of a partner."""
    node = URIRef(partner.iri)
    yield node, RDF.type, ORG.Membership
    yield node, ORG.organization, URIRef(project.iri)
    yield node, ORG.member, URIRef(partner.organisation)
    yield node, ORG.role, SCHEME[f"role/{partner.role}"]
    yield node, DCTERMS.source, HOUSE


def of_budget_line(project: Project, line: BudgetLine) -> Iterator[Triple]:
    """Yield a budget line and its place in a project."""
    node, money = URIRef(line.iri), line.money
    yield URIRef(project.iri), VB.hasBudgetLine, node
    yield node, RDF.type, VB.BudgetLine
    yield node, VB.budgetedFor, URIRef(line.organisation)
    yield node, VB.costCategory, SCHEME[f"cost-category/{line.category}"]
    yield node, VB.plannedCostEur, _amount(money.cost)
    yield node, VB.plannedGrantEur, _amount(money.grant)
    yield node, VB.claimedEur, _amount(money.claimed)
    yield node, VB.paidEur, _amount(money.paid)


def _day(day: date) -> Literal:
    return Literal(day.isoformat(), datatype=XSD.date)


def _amount(amount: Decimal) -> Literal:
    """Return an amount written out, never with an exponent."""
    return Literal(f"{amount:f}", datatype=XSD.decimal, normalize=False)
