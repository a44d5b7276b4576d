"""``verbund projects``: the same operations, one after the other, on the own store."""

import csv
import io
import json

from icalendar import Calendar
from typer.testing import CliRunner

from api.projects.exports import app
from tests.projects.conftest import Office

RUNNER = CliRunner()


def run(office: Office, *words: str) -> str:
    """What a command prints on standard output."""
    result = RUNNER.invoke(app, [*words, "--home", str(office.home)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_project_on_the_command_line(office: Office) -> None:
    name = run(office, "start", "Los 3", "--programme", "programm p").strip()
    assert name.startswith("project-")
    run(office, "add-partner", name, "Klein GmbH", "--role", "coordinator")
    milestone = run(
        office, "add-milestone", name, "interim-report", "2026-03-31", "--description", "=1"
    ).strip()
    line = run(
        office,
        *("add-budget-line", name, "Klein GmbH", "travel", "--cost", "100.10", "--grant", "45"),
    ).strip()

    shown = json.loads(run(office, "show", name, "--day", "2026-04-01"))
    assert shown["milestones"][0]["id"] == milestone
    assert shown["milestones"][0]["overdue"] is True
    assert shown["budget"][0]["money"]["cost"] == "100.10"
    [late] = json.loads(run(office, "overdue", "--day", "2026-04-01", "-f", "json"))
    assert (late["days_late"], late["kind"]) == ("1", "Zwischennachweis")

    run(office, "complete-milestone", name, milestone, "--done", "2026-03-30")
    run(office, "book", name, line, "--cost", "100.10", "--grant", "40.01", "--claimed", "0.01")
    run(office, "set-phase", name, "execution")
    assert json.loads(run(office, "overdue", "--day", "2026-04-01", "-f", "json")) == []
    assert len(Calendar.from_ical(run(office, "calendar", "--project", name)).walk("VEVENT")) == 1
    [row] = csv.DictReader(io.StringIO(run(office, "milestones", "--project", name)))
    assert row["description"] == "'=1"
    [row] = csv.DictReader(io.StringIO(run(office, "budget", "--project", name)))
    assert (row["grant_eur"], row["claimed_eur"]) == ("40.01", "0.01")
    rates = json.loads(run(office, "amounts", name, "-f", "json"))
    assert rates[0]["truth"] == "yes"
    assert rates[0]["sources"] == "http://example.org/p"

    listed = json.loads(run(office, "list", "--phase", "execution", "-f", "json"))
    assert [(p["name"], p["cost"], p["next_due"]) for p in listed] == [("Los 3", "100.10", "")]


def test_an_amount_that_is_none_is_refused(office: Office, project: str) -> None:
    words = ["add-budget-line", project, "Klein GmbH", "travel", "--cost", "NaN"]
    result = RUNNER.invoke(app, [*words, "--home", str(office.home)])

    assert result.exit_code == 2
    assert "1234.50" in result.output
    assert office.project(project).budget == ()
