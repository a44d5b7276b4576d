"""What ``verbund projects`` writes for other programs, and checks against programmes."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from api import output
from api.options import Form, Home, Lang, Language, Shown
from api.projects.command import Name, Programme, app
from api.projects.funding import Stated, amounts_of, funding_of
from api.projects.presenting import presenter_of
from api.reading_text import print_funding
from api.recording import own_store
from graph import projects
from graph.projects import MilestoneKind, Project
from graph.store import EmbeddedStore

__all__ = ["app"]

Only = Annotated[str | None, typer.Option("--project", help="Only this project.")]
Yes = Annotated[bool | None, typer.Option()]


def _chosen(home: Path | None, name: str | None) -> tuple[EmbeddedStore, tuple[Project, ...]]:
    store = own_store(home)
    if name is None:
        return store, projects.read_projects(store)
    return store, (projects.find_project(store, name),)


@app.command()
def calendar(project: Only = None, home: Home = None, lang: Lang = Language.DE) -> None:
    """Write the milestones as a calendar (iCalendar)."""
    store, found = _chosen(home, project)
    presenter = presenter_of(store, lang.value)
    names = {str(kind): presenter.code("milestone-kind", kind).name for kind in MilestoneKind}
    sys.stdout.buffer.write(projects.calendar(found, names, presenter.texts("Projects")))


@app.command()
def budget(project: Only = None, home: Home = None) -> None:
    """Write the financial plans as a table for spreadsheets (CSV)."""
    sys.stdout.buffer.write(projects.budget_csv(_chosen(home, project)[1]))


@app.command()
def milestones(project: Only = None, home: Home = None) -> None:
    """Write the milestones as a table for spreadsheets (CSV)."""
    sys.stdout.buffer.write(projects.milestones_csv(_chosen(home, project)[1]))


@app.command()
def funding(
    name: Name,
    programme: Programme = None,
    civilian: Yes = None,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Shown = Form.AUTO,
) -> None:
    """Hold a project against one programme or all, with what to change."""
    store, [project] = _chosen(home, name)
    found = funding_of(store, project, programme, Stated(civilian), lang.value)
    print_funding(found, lang.value, output.form(form.value))


@app.command()
def amounts(
    name: Name,
    programme: Programme = None,
    structurally_weak: Yes = None,
    young: Annotated[list[str] | None, typer.Option(help="Counts as young; repeatable.")] = None,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Shown = Form.AUTO,
) -> None:
    """Hold the financial plan against the rates and ceilings of a programme."""
    store, [project] = _chosen(home, name)
    stated = Stated(None, structurally_weak, None if young is None else tuple(young))
    found = amounts_of(store, project, programme, stated, lang.value)
    columns = ("partner", "found", "truth", "text", "sources")
    rows = [
        {
            "partner": check.organisation.name if check.organisation else "",
            "found": "" if check.found is None else f"{check.found}",
            "truth": check.truth,
            "text": check.text,
            "sources": " ".join(rule.source for rule in check.rules),
        }
        for check in found
    ]
    output.rows((columns, rows), form.value)
