"""Projects that the coordination office supports, from the idea to the final account.

Records in ``graph/projects``, internal. Reading gives plain values, each change is a
:class:`graph.writing.Write` that is applied elsewhere (:mod:`graph.records`).
"""

from graph.projects.changes import (
    Edit,
    add_budget_line,
    add_milestone,
    add_partner,
    book,
    complete_milestone,
    move_milestone,
    remove_budget_line,
    remove_milestone,
    remove_partner,
    revise,
    set_phase,
    start,
)
from graph.projects.dates import DueDate, due_until, overdue
from graph.projects.exporting import budget_csv, calendar, milestones_csv
from graph.projects.funding import facts_of, partners_known
from graph.projects.rates import AmountCheck, AmountReason, OpenFact, PlanFacts, check_amounts
from graph.projects.reading import PROJECTS, find_project, read_projects
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
    ResearchCategory,
    total,
)

__all__ = [
    "PROJECTS",
    "AmountCheck",
    "AmountReason",
    "BudgetLine",
    "CostCategory",
    "DueDate",
    "Edit",
    "Milestone",
    "MilestoneKind",
    "Money",
    "OpenFact",
    "Phase",
    "Plan",
    "PlanFacts",
    "Project",
    "ProjectPartner",
    "ResearchCategory",
    "add_budget_line",
    "add_milestone",
    "add_partner",
    "book",
    "budget_csv",
    "calendar",
    "check_amounts",
    "complete_milestone",
    "due_until",
    "facts_of",
    "find_project",
    "milestones_csv",
    "move_milestone",
    "overdue",
    "partners_known",
    "read_projects",
    "remove_budget_line",
    "remove_milestone",
    "remove_partner",
    "revise",
    "set_phase",
    "start",
    "total",
]
