from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.projects import (
    Milestone,
    MilestoneKind,
    Phase,
    Plan,
    Project,
    due_until,
    facts_of,
    overdue,
)

AT = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = st.dates(date(2025, 1, 1), date(2025, 3, 1))


def with_milestones(*milestones: Milestone, iri: str = "p", plan: Plan | None = None) -> Project:
    return Project(iri, plan or Plan("P"), Phase.EXECUTION, AT, milestones=milestones)


def milestone(name: str, due: date, done: date | None = None) -> Milestone:
    return Milestone(name, MilestoneKind.INTERIM_REPORT, due, done)


def test_what_is_late_is_late_from_the_day_after_on() -> None:
    project = with_milestones(milestone("m", date(2026, 3, 31)))

    assert overdue([project], date(2026, 3, 31)) == ()
    [found] = overdue([project], date(2026, 4, 1))
    assert (found.milestone.iri, found.days_late) == ("m", 1)


def test_what_was_done_late_was_overdue_until_then() -> None:
    project = with_milestones(milestone("m", date(2026, 3, 31), date(2026, 4, 10)))

    assert len(overdue([project], date(2026, 4, 9))) == 1
    assert overdue([project], date(2026, 4, 10)) == ()


def test_the_longest_overdue_comes_first() -> None:
    one = with_milestones(milestone("b", date(2026, 2, 1)), milestone("c", date(2026, 3, 1)))
    two = with_milestones(milestone("a", date(2026, 1, 1)), iri="q")

    assert [d.milestone.iri for d in overdue([one, two], date(2026, 4, 1))] == ["a", "b", "c"]


def test_what_comes_soon_ends_with_the_last_day() -> None:
    project = with_milestones(
        milestone("today", date(2026, 3, 1)),
        milestone("last", date(2026, 3, 15)),
        milestone("after", date(2026, 3, 16)),
        milestone("before", date(2026, 2, 28)),
        milestone("done", date(2026, 3, 2), date(2026, 2, 1)),
    )

    found = due_until([project], date(2026, 3, 1), 14)

    assert [d.milestone.iri for d in found] == ["today", "last"]


@given(DAYS, DAYS, st.none() | DAYS)
def test_nothing_is_both_late_and_to_come(day: date, due: date, done: date | None) -> None:
    project = with_milestones(milestone("m", due, done))
    late, soon = overdue([project], day), due_until([project], day, 365)

    assert len(late) + len(soon) == (done is None or done > day)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 1), date(2027, 12, 31), 24),
        (date(2026, 1, 1), date(2026, 1, 31), 1),
        (date(2026, 1, 15), date(2026, 2, 14), 1),
        (date(2026, 1, 15), date(2026, 2, 15), 2),
        (date(2026, 1, 1), date(2025, 12, 31), None),
        (None, date(2026, 1, 1), None),
    ],
)
def test_begun_months_count(start: date | None, end: date | None, months: int | None) -> None:
    plan = Plan("P", start=start, end=end)

    assert facts_of(with_milestones(plan=plan)).duration_months == months
