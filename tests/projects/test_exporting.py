import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from icalendar import Calendar

from graph.projects import (
    BudgetLine,
    CostCategory,
    Milestone,
    MilestoneKind,
    Money,
    Phase,
    Plan,
    Project,
    ProjectPartner,
    budget_csv,
    calendar,
    milestones_csv,
)

AT = datetime(2026, 11, 25, 10, 0, 0, 500, UTC)
PROJECT = Project(
    "https://w3id.org/verbund/id/project-1",
    Plan('=HYPERLINK("x"); Straße, "ß"'),
    Phase.EXECUTION,
    AT,
    partners=(ProjectPartner("m", "https://w3id.org/verbund/id/org-a", "@Firma", "partner"),),
    milestones=(
        Milestone("x/milestone-1", MilestoneKind.INTERIM_REPORT, date(2026, 12, 31)),
        Milestone("x/milestone-2", MilestoneKind.APPROVAL, date(2026, 1, 31), date(2026, 1, 30)),
    ),
    budget=(
        BudgetLine(
            "line",
            "https://w3id.org/verbund/id/org-a",
            CostCategory.TRAVEL,
            Money(Decimal("1234567.5"), Decimal("0.1"), Decimal("0.05"), Decimal(0)),
        ),
    ),
)
NAMES = {"interim-report": "Zwischennachweis", "approval": "Bewilligung"}


def table(content: bytes) -> list[dict[str, str]]:
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_budget_is_a_table_without_formulas() -> None:
    [row] = table(budget_csv([PROJECT]))

    assert row["project"] == '\'=HYPERLINK("x"); Straße, "ß"'
    assert row["partner"] == "'@Firma"
    assert (row["cost_eur"], row["grant_eur"]) == ("1234567.50", "0.10")
    assert (row["claimed_eur"], row["paid_eur"]) == ("0.05", "0.00")


def test_milestones_are_a_table() -> None:
    rows = table(milestones_csv([PROJECT]))

    assert [(r["kind"], r["due"], r["done"]) for r in rows] == [
        ("interim-report", "2026-12-31", ""),
        ("approval", "2026-01-31", "2026-01-30"),
    ]


def events(content: bytes) -> list[Any]:
    parsed = Calendar.from_ical(content)
    assert parsed.errors == []
    found: list[Any] = list(parsed.walk("VEVENT"))
    assert all(event.errors == [] for event in found)
    return found


def test_a_calendar_has_whole_days_with_reminders_for_what_is_open() -> None:
    open_one, done_one = events(calendar([PROJECT], NAMES, "Vorhaben"))

    assert open_one["DTSTART"].dt == date(2026, 12, 31)
    assert open_one["DTEND"].dt == date(2027, 1, 1)
    assert open_one["DTSTART"].params["VALUE"] == "DATE"
    assert str(open_one["SUMMARY"]).startswith("Zwischennachweis: =HYPERLINK")
    assert [a["TRIGGER"].dt for a in open_one.walk("VALARM")] == [
        timedelta(days=-14, hours=9),
        timedelta(days=-2, hours=9),
    ]
    assert done_one.walk("VALARM") == []


def test_a_calendar_keeps_to_the_format() -> None:
    """RFC 5545: lines end with CRLF and have at most 75 octets; what must be there is there."""
    long_name = PROJECT.plan.name + " ß" * 60
    project = Project(PROJECT.iri, Plan(long_name), Phase.EXECUTION, AT, (), PROJECT.milestones)

    content = calendar([project], NAMES, "Vorhaben")

    lines = content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert b"VERSION:2.0" in lines
    assert any(line.startswith(b"PRODID:") for line in lines)
    assert sum(line.startswith(b"UID:") for line in lines) == 2
    assert sum(line.startswith(b"DTSTAMP:20261125T100000Z") for line in lines) == 2
    assert b"DTSTART;VALUE=DATE:20261231" in lines


def test_a_milestone_that_moves_is_the_same_event() -> None:
    moved = Milestone("x/milestone-1", MilestoneKind.INTERIM_REPORT, date(2027, 1, 15))
    later = Project(PROJECT.iri, PROJECT.plan, PROJECT.phase, AT, milestones=(moved,))

    before = events(calendar([PROJECT], NAMES, "V"))[0]
    [after] = events(calendar([later], NAMES, "V"))

    assert after["UID"] == before["UID"]
    assert after["DTSTART"].dt != before["DTSTART"].dt


def test_the_same_projects_give_the_same_bytes() -> None:
    assert calendar([PROJECT], NAMES, "V") == calendar([PROJECT], NAMES, "V")
