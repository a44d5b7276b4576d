"""Changes of supported projects, each as one write that its caller applies.

Every change notes when it was made on the project itself. So two changes of one project, even of
different parts, never pass on the same reading: the tag of the project has moved on
(:mod:`graph.records`). The shapes of ``shapes/projects.ttl`` refuse what is inconsistent.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Final, TypeVar

from rdflib import URIRef
from rdflib.namespace import ORG, RDF

from graph.errors import RecordStateError, UnknownRecordError
from graph.projects.reading import PROJECTS
from graph.projects.statements import (
    of_budget_line,
    of_change,
    of_milestone,
    of_partner,
    of_phase,
    of_plan,
)
from graph.projects.values import (
    BudgetLine,
    CostCategory,
    Milestone,
    MilestoneKind,
    Money,
    Phase,
    Plan,
    Project,
    ProjectPartner,
)
from graph.records import Triple, change, mint, tag_of, unchanged_since
from graph.store import Store
from graph.vocabulary import VB
from graph.writing import Write

__all__ = [
    "Edit",
    "add_budget_line",
    "add_milestone",
    "add_partner",
    "book",
    "complete_milestone",
    "move_milestone",
    "remove_budget_line",
    "remove_milestone",
    "remove_partner",
    "revise",
    "set_phase",
    "start",
]

_TYPES: Final = (VB.ResearchProject, VB.Project, ORG.OrganizationalCollaboration)
_FUNDED: Final = frozenset({Phase.EXECUTION, Phase.ACCOUNTING})

Part = TypeVar("Part", ProjectPartner, Milestone, BudgetLine)


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of one project that is being made.

    Attributes:
        store: Where the project was read.
        project: It, as it was read.
        tag: Tag of the reading that the change rests on; empty for that of ``store``.
        now: Time to note; ``None`` for the current one.
    """

    store: Store
    project: Project
    tag: str = ""
    now: datetime | None = None

    @property
    def node(self) -> URIRef:
        """The project."""
        return URIRef(self.project.iri)

    def write(self, add: Iterable[Triple] = (), remove: Iterable[Triple] = ()) -> Write:
        """Return the write that replaces statements, on condition that nobody else did.

        Raises:
            VersionConflictError: Somebody has changed the project since it was read.
        """
        tag = self.tag or tag_of(self.store, self.node, PROJECTS)
        now = self.now or datetime.now(UTC)
        return change(
            PROJECTS,
            add=[*add, of_change(self.node, now)],
            remove=[*remove, of_change(self.node, self.project.changed_at)],
            condition=unchanged_since(self.store, self.node, PROJECTS, tag),
        )


def start(plan: Plan, now: datetime | None = None) -> tuple[str, Write]:
    """Return identifier and write of a new project, in preparation.

    Args:
        plan: What it is.
        now: Time to note; the current one by default.
    """
    node = mint("project")
    said = [*of_plan(node, plan, Phase.PREPARATION), of_phase(node, Phase.PREPARATION)]
    kinds: list[Triple] = [(node, RDF.type, kind) for kind in _TYPES]
    changed = of_change(node, now or datetime.now(UTC))
    return str(node), change(PROJECTS, add=[*kinds, *said, changed])


def revise(edit: Edit, plan: Plan) -> Write:
    """Return the write that puts another plan in place of a project's own.

    Raises:
        VersionConflictError: Somebody else has changed the project, as from every function here.
    """
    phase = edit.project.phase
    before = of_plan(edit.node, edit.project.plan, phase)
    return edit.write(of_plan(edit.node, plan, phase), before)


def set_phase(edit: Edit, phase: Phase) -> Write:
    """Return the write that moves a project into a phase.

    With execution, the programme under which funding was sought becomes the one that funds.

    Raises:
        RecordStateError: It waits for an approval that has not come.
    """
    project = edit.project
    approvals = [m for m in project.milestones if m.kind is MilestoneKind.APPROVAL]
    if phase in _FUNDED and approvals and not any(m.done for m in approvals):
        raise RecordStateError("the approval is still open; note the day on which it came first")
    before = [*of_plan(edit.node, project.plan, project.phase), of_phase(edit.node, project.phase)]
    return edit.write(
        [*of_plan(edit.node, project.plan, phase), of_phase(edit.node, phase)], before
    )


def add_milestone(
    edit: Edit, kind: MilestoneKind, due: date, description: str = ""
) -> tuple[str, Write]:
    """Return identifier and write of a new milestone."""
    node = mint("milestone")
    added = Milestone(str(node), kind, due, description=description)
    return str(node), edit.write(of_milestone(edit.project, added))


def move_milestone(edit: Edit, milestone: str, due: date) -> Write:
    """Return the write that gives a milestone another due date.

    Raises:
        UnknownRecordError: The project has no such milestone.
    """
    known = _part(edit.project.milestones, milestone, "milestone")
    after = of_milestone(edit.project, replace(known, due=due))
    return edit.write(after, of_milestone(edit.project, known))


def complete_milestone(edit: Edit, milestone: str, done: date | None) -> Write:
    """Return the write that notes when a milestone was done; ``None`` opens it again.

    Raises:
        UnknownRecordError: The project has no such milestone.
    """
    known = _part(edit.project.milestones, milestone, "milestone")
    after = of_milestone(edit.project, replace(known, done=done))
    return edit.write(after, of_milestone(edit.project, known))


def remove_milestone(edit: Edit, milestone: str) -> Write:
    """Return the write that removes a milestone.

    Raises:
        UnknownRecordError: The project has no such milestone.
    """
    known = _part(edit.project.milestones, milestone, "milestone")
    return edit.write((), of_milestone(edit.project, known))


def add_partner(edit: Edit, organisation: str, role: str = "partner") -> tuple[str, Write]:
    """Return identifier and write of a membership in a project.

    Args:
        edit: The project.
        organisation: IRI of an organisation of the graph.
        role: Slug of ``scheme/role``.

    Raises:
        RecordStateError: The organisation is a partner already.
    """
    if any(p.organisation == organisation for p in edit.project.partners):
        raise RecordStateError("this organisation is a partner of the project already")
    node = mint("membership")
    added = ProjectPartner(str(node), organisation, "", role)
    return str(node), edit.write(of_partner(edit.project, added))


def remove_partner(edit: Edit, membership: str) -> Write:
    """Return the write that takes a partner out of a project.

    Raises:
        UnknownRecordError: The project has no such partner.
        RecordStateError: Money is planned for it.
    """
    known = _part(edit.project.partners, membership, "partner")
    if any(line.organisation == known.organisation for line in edit.project.budget):
        raise RecordStateError("money is planned for this partner; remove its budget lines first")
    return edit.write((), of_partner(edit.project, known))


def add_budget_line(
    edit: Edit, organisation: str, category: CostCategory, money: Money
) -> tuple[str, Write]:
    """Return identifier and write of what a partner plans for one category.

    Raises:
        RecordStateError: The organisation is no partner, or has a line for the category already.
    """
    project = edit.project
    if all(p.organisation != organisation for p in project.partners):
        raise RecordStateError("budget lines are for partners; add the partner first")
    if any((x.organisation, x.category) == (organisation, category) for x in project.budget):
        raise RecordStateError("there is a budget line of this partner and category already")
    node = mint("budget-line")
    added = BudgetLine(str(node), organisation, category, money)
    return str(node), edit.write(of_budget_line(project, added))


def book(edit: Edit, line: str, money: Money) -> Write:
    """Return the write that puts new amounts in place of those of a budget line.

    Raises:
        UnknownRecordError: The project has no such budget line.
    """
    known = _part(edit.project.budget, line, "budget line")
    after = of_budget_line(edit.project, replace(known, money=money))
    return edit.write(after, of_budget_line(edit.project, known))


def remove_budget_line(edit: Edit, line: str) -> Write:
    """Return the write that removes a budget line.

    Raises:
        UnknownRecordError: The project has no such budget line.
    """
    known = _part(edit.project.budget, line, "budget line")
    return edit.write((), of_budget_line(edit.project, known))


def _part(parts: Iterable[Part], word: str, kind: str) -> Part:
    """Return the part with this IRI or identifier.

    Raises:
        UnknownRecordError: There is none.
    """
    for part in parts:
        if word in (part.iri, part.iri.rpartition("/")[2]):
            return part
    raise UnknownRecordError(word, kind=kind)
