"""What is due in projects, and what is late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from graph.projects.values import Milestone, Project

__all__ = ["DueDate", "due_until", "overdue"]


@dataclass(frozen=True, slots=True)
class DueDate:
    """A milestone that is late or that comes soon.

    Attributes:
        project: The project.
        milestone: What is due.
        days_late: Days since the due date; negative before it.
    """

    project: Project
    milestone: Milestone
    days_late: int


def overdue(projects: Iterable[Project], day: date) -> tuple[DueDate, ...]:
    """Return the milestones that are overdue on a day, the longest overdue first.

    A milestone is in time on its due date, and one that was done after the day was late on it.
    """
    found = [_due(p, m, day) for p in projects for m in p.overdue(day)]
    return tuple(sorted(found, key=_order))


def due_until(projects: Iterable[Project], day: date, within_days: int) -> tuple[DueDate, ...]:
    """Return the open milestones that become due from a day on, within some days, the next first.

    Args:
        projects: Where to look.
        day: First day.
        within_days: Days after it that still count.
    """
    last = day + timedelta(days=within_days)
    found = [
        _due(p, m, day)
        for p in projects
        for m in p.milestones
        if day <= m.due <= last and (m.done is None or m.done > day)
    ]
    return tuple(sorted(found, key=_order))


def _due(project: Project, milestone: Milestone, day: date) -> DueDate:
    return DueDate(project, milestone, (day - milestone.due).days)


def _order(found: DueDate) -> tuple[int, str, str]:
    return -found.days_late, found.project.iri, found.milestone.iri
