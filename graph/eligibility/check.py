"""Holding partners and their project against whole programmes."""

from collections.abc import Iterable
from datetime import date

from graph.eligibility.deadlines import Deadline, deadline_on
from graph.eligibility.rules import CHECKABLE, Case
from graph.eligibility.values import (
    Criterion,
    Partner,
    Programme,
    ProgrammeCheck,
    ProjectFacts,
    RuleCheck,
    RuleReason,
    Verdict,
)
from graph.model import Truth

__all__ = ["check_programme", "check_programmes", "is_for_project"]

# Rules of these groups decide; the others say what money there is and how to ask for it.
_DECIDING = frozenset({"eligibility", "consortium"})
# Kinds that hold for one kind of project only; every other rule holds for all.
_PROJECT_OF = {
    "min-companies-cooperation-project": "cooperation",
    "min-companies-national-network": "national-network",
    "min-companies-international-network": "international-network",
    "min-independent-partners": "cooperation",
    "requires-sme": "cooperation",
}


def is_for_project(criterion: Criterion, kind: str) -> bool:
    """Tell whether a rule holds for a kind of project."""
    return _PROJECT_OF.get(criterion.kind, kind) == kind


def check_programme(
    programme: Programme,
    partners: Iterable[Partner],
    project: ProjectFacts | None = None,
    today: date | None = None,
) -> ProgrammeCheck:
    """Answer whether partners are eligible under one programme.

    A rule that no fact can decide leaves the verdict open, so ``ELIGIBLE`` is rare and honest.

    Args:
        programme: The programme with its rules.
        partners: Who applies; entries of one organisation must be given once.
        project: What only the partners know; asked for when missing.
        today: Day on which deadlines are judged; none is when it is omitted.
    """
    facts = project or ProjectFacts()
    case = Case(programme, tuple(sorted(partners, key=lambda p: p.iri)), facts)
    deciding = [c for c in programme.criteria if c.type in _DECIDING]
    fitting = [c for c in deciding if is_for_project(c, facts.kind)]
    checks = tuple(_check(criterion, case) for criterion in fitting)
    deadline = deadline_on(programme.deadlines, today) if today else Deadline(Truth.UNKNOWN)
    is_over = deadline.truth is Truth.NO
    return ProgrammeCheck(
        programme=programme,
        verdict=Verdict.NOT_ELIGIBLE if is_over else _verdict(checks),
        checks=checks,
        for_a_person=tuple(c for c in programme.criteria if c.type not in _DECIDING),
        not_applicable=tuple(c for c in deciding if c not in fitting),
        deadline=deadline,
    )


def check_programmes(
    programmes: Iterable[Programme],
    partners: Iterable[Partner],
    project: ProjectFacts | None = None,
    today: date | None = None,
) -> tuple[ProgrammeCheck, ...]:
    """Answer for each programme: eligible ones first, then the open, then the others."""
    given = tuple(partners)
    found = [check_programme(programme, given, project, today) for programme in programmes]
    order = (Verdict.ELIGIBLE, Verdict.UNKNOWN, Verdict.NOT_ELIGIBLE)
    return tuple(sorted(found, key=lambda c: (order.index(c.verdict), c.programme.iri)))


def _check(criterion: Criterion, case: Case) -> RuleCheck:
    decide = CHECKABLE.get(criterion.kind)
    if decide is None:
        return RuleCheck(criterion, Truth.UNKNOWN, RuleReason.FOR_A_PERSON)
    return decide(criterion, case)


def _verdict(checks: tuple[RuleCheck, ...]) -> Verdict:
    """No rule known means nothing is known."""
    truths = {check.truth for check in checks}
    if Truth.NO in truths:
        return Verdict.NOT_ELIGIBLE
    return Verdict.ELIGIBLE if truths == {Truth.YES} else Verdict.UNKNOWN
