"""Projects that the coordination office supports: phases, milestones, partners, money."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from api.access.recording import READS, coordinator_of
from api.projects.answering import answer, send, send_file, today
from api.projects.funding import Stated, amounts_of, funding_of, funding_of_idea
from api.projects.presenting import presenter_of
from api.rest.documents import DocumentOut, ReadingDep
from api.schemas.funding import FundingOut
from api.schemas.projects import (
    AmountCheckOut,
    DueOut,
    IdeaIn,
    ProjectLineOut,
    ProjectOut,
)
from graph.eligibility import ProjectFacts
from graph.projects import (
    MilestoneKind,
    Phase,
    Project,
    budget_csv,
    calendar,
    due_until,
    find_project,
    milestones_csv,
    overdue,
    read_projects,
)
from graph.store import Store

__all__ = ["router"]

router = APIRouter(
    prefix="/api/v1/projects", tags=["projects"], dependencies=[Depends(coordinator_of)]
)

Day = Annotated[date | None, Query(description="Day to judge for; today by default")]
Only = Annotated[str | None, Query(max_length=500, description="Only this project")]
Programme = Annotated[str | None, Query(max_length=300, description="IRI, identifier or name")]
_CSV: dict[int | str, dict[str, Any]] = {**READS, 200: {"content": {"text/csv": {}}}}
_CALENDAR: dict[int | str, dict[str, Any]] = {**READS, 200: {"content": {"text/calendar": {}}}}


def _stated(
    civilian: Annotated[bool | None, Query(description="The purpose is civilian")] = None,
    structurally_weak: Annotated[
        bool | None, Query(description="The companies are in a structurally weak region")
    ] = None,
    young: Annotated[
        list[str] | None, Query(max_length=24, description="Companies that count as young")
    ] = None,
) -> Stated:
    return Stated(civilian, structurally_weak, None if young is None else tuple(young))


StatedDep = Annotated[Stated, Depends(_stated)]


def _chosen(store: Store, name: str | None) -> tuple[Project, ...]:
    return read_projects(store) if name is None else (find_project(store, name),)


@router.get(
    "",
    responses=READS,
    response_model=DocumentOut[list[ProjectLineOut]],
    operation_id="list_projects",
)
def list_projects(reading: ReadingDep, phase: Phase | None = None, day: Day = None) -> Response:
    """List the supported projects, by name."""
    presenter = presenter_of(*reading.view)
    lines = [
        presenter.line(project, day or today())
        for project in read_projects(reading.store)
        if phase in (None, project.phase)
    ]
    found = sorted(lines, key=lambda line: (line.name.casefold(), line.iri))
    return send(reading, found)


@router.post(
    "/ideas/funding",
    responses=READS,
    response_model=DocumentOut[FundingOut],
    operation_id="check_project_idea",
)
def check_idea(reading: ReadingDep, idea: IdeaIn) -> Response:
    """Hold an idea, of which nothing is recorded, against programmes: what would have to change."""
    facts = ProjectFacts(idea.kind, idea.duration_months, idea.civilian, idea.field)
    store, language = reading.view
    found = funding_of_idea(store, idea.partners, facts, idea.programme, language)
    return send(reading, found)


@router.get(
    "/overdue",
    responses=READS,
    response_model=DocumentOut[list[DueOut]],
    operation_id="list_overdue_milestones",
)
def list_overdue(reading: ReadingDep, day: Day = None) -> Response:
    """List the milestones that are overdue on a day, the longest overdue first."""
    found = overdue(read_projects(reading.store), day or today())
    return send(reading, presenter_of(*reading.view).due(found, day or today()))


@router.get(
    "/due",
    responses=READS,
    response_model=DocumentOut[list[DueOut]],
    operation_id="list_due_milestones",
)
def list_due(
    reading: ReadingDep,
    day: Day = None,
    within_days: Annotated[int, Query(ge=0, le=3650)] = 60,
) -> Response:
    """List the open milestones that become due within some days, the next first."""
    found = due_until(read_projects(reading.store), day or today(), within_days)
    return send(reading, presenter_of(*reading.view).due(found, day or today()))


@router.get(
    "/calendar.ics", responses=_CALENDAR, response_class=Response, operation_id="export_calendar"
)
def export_calendar(reading: ReadingDep, project: Only = None) -> Response:
    """Give the milestones as a calendar (iCalendar, RFC 5545) to subscribe to or import."""
    presenter = presenter_of(*reading.view)
    names = {str(kind): presenter.code("milestone-kind", kind).name for kind in MilestoneKind}
    title = presenter.texts("Projects")
    content = calendar(_chosen(reading.store, project), names, title)
    return send_file(reading, content, "text/calendar; charset=utf-8", "projects.ics")


@router.get("/budget.csv", responses=_CSV, response_class=Response, operation_id="export_budget")
def export_budget(reading: ReadingDep, project: Only = None) -> Response:
    """Give the financial plans as a table that spreadsheets open safely."""
    content = budget_csv(_chosen(reading.store, project))
    return send_file(reading, content, "text/csv; charset=utf-8; header=present", "budget.csv")


@router.get(
    "/milestones.csv", responses=_CSV, response_class=Response, operation_id="export_milestones"
)
def export_milestones(reading: ReadingDep, project: Only = None) -> Response:
    """Give the milestones as a table that spreadsheets open safely."""
    content = milestones_csv(_chosen(reading.store, project))
    return send_file(reading, content, "text/csv; charset=utf-8; header=present", "milestones.csv")


@router.get(
    "/{name}",
    responses=READS,
    response_model=DocumentOut[ProjectOut],
    operation_id="get_project",
)
def get_project(reading: ReadingDep, name: str) -> Response:
    """Give one project, by identifier or name; its `ETag` is what changes are based on."""
    return answer(reading, find_project(reading.store, name))


@router.get(
    "/{name}/funding",
    responses=READS,
    response_model=DocumentOut[FundingOut],
    operation_id="check_project_funding",
)
def check_funding(
    reading: ReadingDep, name: str, stated: StatedDep, programme: Programme = None
) -> Response:
    """Hold a project against one programme or all: eligible, not, or whom to ask."""
    store, language = reading.view
    found = funding_of(store, find_project(store, name), programme, stated, language)
    return send(reading, found)


@router.get(
    "/{name}/amounts",
    responses=READS,
    response_model=DocumentOut[list[AmountCheckOut]],
    operation_id="check_project_amounts",
)
def check_amounts(
    reading: ReadingDep, name: str, stated: StatedDep, programme: Programme = None
) -> Response:
    """Hold the financial plan against the rates and ceilings of a programme, with sources.

    Of the programme under which funding is sought unless another is named.
    """
    store, language = reading.view
    found = amounts_of(store, find_project(store, name), programme, stated, language)
    return send(reading, found)
