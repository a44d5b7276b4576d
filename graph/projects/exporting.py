"""Projects for spreadsheets (CSV) and calendars (iCalendar, RFC 5545)."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event, vText

from graph.projects.values import Milestone, Money, Project
from graph.publishing.tables import safe_cell

__all__ = ["budget_csv", "calendar", "milestones_csv"]

_BUDGET: Final = (
    *("project", "partner", "organisation", "category"),
    *("cost_eur", "grant_eur", "claimed_eur", "paid_eur"),
)
_MILESTONES: Final = ("project", "kind", "due", "done", "description", "milestone")

# On the morning of the days before, since a day begins at midnight.
_REMINDERS: Final = (timedelta(days=-14, hours=9), timedelta(days=-2, hours=9))


def budget_csv(projects: Iterable[Project]) -> bytes:
    """Return the financial plans as a table, one row for each budget line.

    UTF-8 with a byte order mark, RFC 4180; amounts have a point and two places, and no cell is
    taken for a formula.
    """
    lines = []
    for project in projects:
        names = {p.organisation: p.name for p in project.partners}
        for line in project.budget:
            partner = (names.get(line.organisation, ""), line.organisation, line.category.value)
            lines.append((project.plan.name, *partner, *_amounts(line.money)))
    return _table(_BUDGET, lines)


def milestones_csv(projects: Iterable[Project]) -> bytes:
    """Return the milestones as a table, the earliest of each project first; form as above."""
    lines = [
        (
            project.plan.name,
            milestone.kind.value,
            milestone.due.isoformat(),
            milestone.done.isoformat() if milestone.done else "",
            milestone.description,
            milestone.iri,
        )
        for project in projects
        for milestone in project.milestones
    ]
    return _table(_MILESTONES, lines)


def _amounts(money: Money) -> tuple[str, ...]:
    return tuple(f"{x:.2f}" for x in (money.cost, money.grant, money.claimed, money.paid))


def _table(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in line] for line in lines)
    return text.getvalue().encode("utf-8-sig")


def calendar(projects: Iterable[Project], names: Mapping[str, str], title: str) -> bytes:
    """Return the milestones as a calendar, each as one whole day.

    An event keeps its identifier when the milestone moves, so calendars replace it. What is not
    done reminds two weeks and two days before; what is done is kept without reminders. The same
    projects give the same bytes.

    Args:
        projects: Whose milestones.
        names: Name of each kind of milestone, by its slug.
        title: Name of the calendar.
    """
    found = Calendar()
    found.add("prodid", "-//Verbund//Projects//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("name", title)
    found.add("x-wr-calname", title)
    for project in projects:
        for milestone in project.milestones:
            found.add_component(_event(project, milestone, names))
    return bytes(found.to_ical())


def _event(project: Project, milestone: Milestone, names: Mapping[str, str]) -> Event:
    name = names.get(milestone.kind, milestone.kind)
    summary = f"{name}: {project.plan.name}"
    changed = _utc(project.changed_at)
    event = Event()
    event.add("uid", f"{milestone.iri.rpartition('/')[2]}@w3id.org")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("dtstart", milestone.due)
    event.add("dtend", milestone.due + timedelta(days=1))
    event.add("summary", summary)
    if milestone.description:
        event.add("description", milestone.description)
    event.add("categories", [vText(name)])
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    if milestone.done is None:
        for before in _REMINDERS:
            event.add_component(_alarm(summary, before))
    return event


def _alarm(summary: str, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", before)
    return alarm


def _utc(at: datetime) -> datetime:
    """Return a time in UTC, to the second, as the format has it."""
    return at.astimezone(UTC).replace(microsecond=0)
