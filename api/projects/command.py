"""The sub-command ``verbund projects``: the operations of ``/api/v1/projects`` by their names."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from api import output
from api.asking import words_of
from api.options import Form, Home, Lang, Language, Shown
from api.projects.plans import plan_of
from api.projects.presenting import ProjectPresenter, presenter_of
from api.recording import apply, own_store
from api.schemas.projects import PlanIn
from graph import projects
from graph.projects import CostCategory, Edit, MilestoneKind, Money, Phase, ResearchCategory
from graph.store import EmbeddedStore
from graph.writing import Write

__all__ = ["app"]

app = typer.Typer(
    help="Support projects: phases, milestones, partners, money.", no_args_is_help=True
)


Name = Annotated[str, typer.Argument(metavar="PROJECT", help="Identifier or name of a project.")]
Part = Annotated[str, typer.Argument(metavar="ID", help="Identifier, as `show` names it.")]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day to judge for (default: today).")
]
Date = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="A day, such as 2026-12-31.")]
Maybe = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]
Programme = Annotated[str | None, typer.Option(help="IRI, identifier or name of a programme.")]


def _euros(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise typer.BadParameter("write an amount such as 1234.50") from error
    if not amount.is_finite():
        raise typer.BadParameter("write an amount such as 1234.50")
    return amount


Euros = Annotated[Decimal, typer.Option(parser=_euros, metavar="EUROS")]


def _change(home: Path | None, name: str, make: Callable[[Edit], Write]) -> None:
    store = own_store(home)
    project = projects.find_project(store, name)
    apply(store, make(Edit(store, project)), project.identifier)


def _add(home: Path | None, name: str, make: Callable[[Edit], tuple[str, Write]]) -> None:
    """Apply a change that makes something, and print its identifier."""
    store = own_store(home)
    project = projects.find_project(store, name)
    iri, write = make(Edit(store, project))
    apply(store, write, project.identifier)
    typer.echo(iri.rpartition("/")[2])


def _presented(home: Path | None, lang: Language) -> tuple[EmbeddedStore, ProjectPresenter]:
    store = own_store(home)
    return store, presenter_of(store, lang.value)


@app.command("list")
def list_projects(
    phase: Annotated[Phase | None, typer.Option(help="Only those in this phase.")] = None,
    day: Day = None,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Shown = Form.AUTO,
) -> None:
    """List the supported projects."""
    store, presenter = _presented(home, lang)
    at = (day or datetime.now(UTC)).date()
    found = [
        presenter.line(p, at) for p in projects.read_projects(store) if phase in (None, p.phase)
    ]
    columns = ("id", "name", "phase", "partners", "overdue", "next_due", "cost", "grant")
    rows = [
        {
            "id": line.id,
            "name": line.name,
            "phase": line.phase.name,
            "partners": str(line.partners),
            "overdue": str(line.overdue),
            "next_due": line.next_due.isoformat() if line.next_due else "",
            "cost": f"{line.total.cost:.2f}",
            "grant": f"{line.total.grant:.2f}",
        }
        for line in found
    ]
    output.rows((columns, rows), form.value)


@app.command()
def show(name: Name, day: Day = None, home: Home = None, lang: Lang = Language.DE) -> None:
    """Show everything that is recorded of a project, as JSON."""
    store, presenter = _presented(home, lang)
    at = (day or datetime.now(UTC)).date()
    found = presenter.project(projects.find_project(store, name), at)
    typer.echo(found.model_dump_json(indent=2))


@app.command()
def start(
    name: Annotated[str, typer.Argument(help="Name of the project in German.")],
    name_en: Annotated[str, typer.Option(help="Its name in English.")] = "",
    description: Annotated[str, typer.Option(help="What it is about; no names of people.")] = "",
    programme: Programme = None,
    research: Annotated[ResearchCategory | None, typer.Option()] = None,
    begin: Maybe = None,
    end: Maybe = None,
    home: Home = None,
) -> None:
    """Begin a project, in preparation, and print its identifier."""
    store = own_store(home)
    given = PlanIn(
        name=name,
        name_en=name_en,
        description=description,
        programme=programme,
        research=research,
        start=begin.date() if begin else None,
        end=end.date() if end else None,
    )
    iri, write = projects.start(plan_of(store, given))
    identifier = iri.rpartition("/")[2]
    apply(store, write, identifier)
    typer.echo(identifier)


@app.command()
def revise(
    name: Name,
    plan: Annotated[Path, typer.Argument(exists=True, help="JSON as PUT /api/v1/projects takes.")],
    home: Home = None,
) -> None:
    """Put another plan, from a JSON file, in place of a project's own."""
    given = PlanIn.model_validate_json(plan.read_text(encoding="utf-8"))
    _change(home, name, lambda edit: projects.revise(edit, plan_of(edit.store, given)))


@app.command("set-phase")
def set_phase(name: Name, phase: Phase, home: Home = None) -> None:
    """Move a project into a phase."""
    _change(home, name, lambda edit: projects.set_phase(edit, phase))


@app.command("add-milestone")
def add_milestone(
    name: Name,
    kind: MilestoneKind,
    due: Date,
    description: Annotated[str, typer.Option()] = "",
    home: Home = None,
) -> None:
    """Add a milestone and print its identifier."""
    _add(home, name, lambda edit: projects.add_milestone(edit, kind, due.date(), description))


@app.command("move-milestone")
def move_milestone(name: Name, milestone: Part, due: Date, home: Home = None) -> None:
    """Give a milestone another due date."""
    _change(home, name, lambda edit: projects.move_milestone(edit, milestone, due.date()))


@app.command("complete-milestone")
def complete_milestone(
    name: Name,
    milestone: Part,
    done: Maybe = None,
    reopen: Annotated[bool, typer.Option("--reopen", help="It is open again.")] = False,
    home: Home = None,
) -> None:
    """Note when a milestone was done; today unless another day is named."""
    at = None if reopen else (done or datetime.now(UTC)).date()
    _change(home, name, lambda edit: projects.complete_milestone(edit, milestone, at))


@app.command("remove-milestone")
def remove_milestone(name: Name, milestone: Part, home: Home = None) -> None:
    """Remove a milestone."""
    _change(home, name, lambda edit: projects.remove_milestone(edit, milestone))


@app.command("add-partner")
def add_partner(
    name: Name,
    organisation: Annotated[str, typer.Argument(help="IRI, identifier or name.")],
    role: Annotated[str, typer.Option(help="Such as coordinator.")] = "partner",
    home: Home = None,
) -> None:
    """Add a partner and print the identifier of its membership."""

    def make(edit: Edit) -> tuple[str, Write]:
        iri = words_of(edit.store, "de").organisation(organisation)
        return projects.add_partner(edit, iri, role)

    _add(home, name, make)


@app.command("remove-partner")
def remove_partner(name: Name, membership: Part, home: Home = None) -> None:
    """Take a partner out for whom no money is planned."""
    _change(home, name, lambda edit: projects.remove_partner(edit, membership))


@app.command("add-budget-line")
def add_budget_line(
    name: Name,
    organisation: Annotated[str, typer.Argument(help="IRI, identifier or name of a partner.")],
    category: CostCategory,
    cost: Euros,
    grant: Euros = Decimal(0),
    claimed: Euros = Decimal(0),
    paid: Euros = Decimal(0),
    home: Home = None,
) -> None:
    """Add what a partner plans for one category and print its identifier."""
    money = Money(cost, grant, claimed, paid)

    def make(edit: Edit) -> tuple[str, Write]:
        iri = words_of(edit.store, "de").organisation(organisation)
        return projects.add_budget_line(edit, iri, category, money)

    _add(home, name, make)


@app.command()
def book(
    name: Name,
    line: Part,
    cost: Euros,
    grant: Euros,
    claimed: Euros = Decimal(0),
    paid: Euros = Decimal(0),
    home: Home = None,
) -> None:
    """Put new amounts in place of those of a budget line."""
    money = Money(cost, grant, claimed, paid)
    _change(home, name, lambda edit: projects.book(edit, line, money))


@app.command("remove-budget-line")
def remove_budget_line(name: Name, line: Part, home: Home = None) -> None:
    """Remove a budget line."""
    _change(home, name, lambda edit: projects.remove_budget_line(edit, line))


@app.command()
def overdue(
    day: Day = None, home: Home = None, lang: Lang = Language.DE, form: Shown = Form.AUTO
) -> None:
    """List the milestones that are overdue on a day."""
    store, presenter = _presented(home, lang)
    at = (day or datetime.now(UTC)).date()
    _print_due(presenter, projects.overdue(projects.read_projects(store), at), form)


@app.command()
def due(
    day: Day = None,
    within_days: Annotated[int, typer.Option(min=0)] = 60,
    home: Home = None,
    lang: Lang = Language.DE,
    form: Shown = Form.AUTO,
) -> None:
    """List the open milestones that become due within some days."""
    store, presenter = _presented(home, lang)
    at = (day or datetime.now(UTC)).date()
    found = projects.due_until(projects.read_projects(store), at, within_days)
    _print_due(presenter, found, form)


def _print_due(
    presenter: ProjectPresenter, found: tuple[projects.DueDate, ...], form: Form
) -> None:
    columns = ("due", "days_late", "kind", "project", "description", "id")
    rows = [
        {
            "due": d.milestone.due.isoformat(),
            "days_late": str(d.days_late),
            "kind": presenter.code("milestone-kind", d.milestone.kind).name,
            "project": presenter.name(d.project),
            "description": d.milestone.description,
            "id": d.milestone.iri.rpartition("/")[2],
        }
        for d in found
    ]
    output.rows((columns, rows), form.value)
