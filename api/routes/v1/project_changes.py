"""Changes of projects; each sends the tag that the project was read with, and gives it back."""

from collections.abc import Callable

from fastapi import APIRouter, Depends, Response

from api.access.recording import CHANGES, CREATES, Recorder, RecorderDep, coordinator_of
from api.asking import words_of
from api.projects.answering import answer
from api.projects.plans import plan_of
from api.rest.documents import DocumentOut, Reading, ReadingDep
from api.rest.records import changing
from api.schemas.projects import (
    AmountsIn,
    BudgetLineIn,
    DoneIn,
    DueIn,
    MilestoneIn,
    PartnerIn,
    PhaseIn,
    PlanIn,
    ProjectOut,
)
from graph.projects import (
    Edit,
    add_budget_line,
    add_milestone,
    add_partner,
    book,
    complete_milestone,
    find_project,
    move_milestone,
    remove_budget_line,
    remove_milestone,
    remove_partner,
    revise,
    set_phase,
    start,
)
from graph.records import Entry
from graph.store import Store
from graph.writing import Write

__all__ = ["router"]

router = APIRouter(
    prefix="/api/v1/projects", tags=["projects"], dependencies=[Depends(coordinator_of)]
)

_CHANGES = changing(ProjectOut, CHANGES)


async def _change(
    recorder: Recorder, reading: Reading, name: str, make: Callable[[Edit], Write]
) -> Response:
    """Change the project of a name and answer with it."""

    def entry(store: Store, tag: str) -> Entry:
        project = find_project(store, name)
        return Entry(project.iri, make(Edit(store, project, tag)))

    iri, store = await recorder.change(entry)
    return answer(reading.on(store), find_project(store, iri))


@router.post(
    "",
    responses=CREATES,
    status_code=201,
    response_model=DocumentOut[ProjectOut],
    operation_id="start_project",
)
async def start_project(recorder: RecorderDep, reading: ReadingDep, plan: PlanIn) -> Response:
    """Begin a project, in preparation."""

    def entry(store: Store) -> Entry:
        return Entry(*start(plan_of(store, plan, reading.language)))

    iri, store = await recorder.create(entry)
    return answer(reading.on(store), find_project(store, iri), created=True)


@router.put(
    "/{name}",
    **_CHANGES,
    operation_id="revise_project",
)
async def revise_project(
    recorder: RecorderDep, reading: ReadingDep, name: str, plan: PlanIn
) -> Response:
    """Put another plan in place of a project's own."""

    def make(edit: Edit) -> Write:
        return revise(edit, plan_of(edit.store, plan, reading.language))

    return await _change(recorder, reading, name, make)


@router.put(
    "/{name}/phase",
    **_CHANGES,
    operation_id="set_project_phase",
)
async def set_project_phase(
    recorder: RecorderDep, reading: ReadingDep, name: str, given: PhaseIn
) -> Response:
    """Move a project into a phase; it waits for an approval that is planned and has not come."""
    return await _change(recorder, reading, name, lambda edit: set_phase(edit, given.phase))


@router.post(
    "/{name}/milestones",
    **_CHANGES,
    operation_id="add_milestone",
)
async def add_project_milestone(
    recorder: RecorderDep, reading: ReadingDep, name: str, given: MilestoneIn
) -> Response:
    """Add a milestone."""

    def make(edit: Edit) -> Write:
        return add_milestone(edit, given.kind, given.due, given.description.strip())[1]

    return await _change(recorder, reading, name, make)


@router.put(
    "/{name}/milestones/{milestone}/due",
    **_CHANGES,
    operation_id="move_milestone",
)
async def move_project_milestone(
    recorder: RecorderDep, reading: ReadingDep, name: str, milestone: str, given: DueIn
) -> Response:
    """Give a milestone another due date."""
    return await _change(
        recorder, reading, name, lambda edit: move_milestone(edit, milestone, given.due)
    )


@router.put(
    "/{name}/milestones/{milestone}/done",
    **_CHANGES,
    operation_id="complete_milestone",
)
async def complete_project_milestone(
    recorder: RecorderDep, reading: ReadingDep, name: str, milestone: str, given: DoneIn
) -> Response:
    """Note when a milestone was done, or open it again."""
    return await _change(
        recorder, reading, name, lambda edit: complete_milestone(edit, milestone, given.done)
    )


@router.delete(
    "/{name}/milestones/{milestone}",
    **_CHANGES,
    operation_id="remove_milestone",
)
async def remove_project_milestone(
    recorder: RecorderDep, reading: ReadingDep, name: str, milestone: str
) -> Response:
    """Remove a milestone."""
    return await _change(recorder, reading, name, lambda edit: remove_milestone(edit, milestone))


@router.post(
    "/{name}/partners",
    **_CHANGES,
    operation_id="add_project_partner",
)
async def add_project_partner(
    recorder: RecorderDep, reading: ReadingDep, name: str, given: PartnerIn
) -> Response:
    """Add a partner with its role."""

    def make(edit: Edit) -> Write:
        organisation = words_of(edit.store, reading.language).organisation(given.organisation)
        return add_partner(edit, organisation, given.role)[1]

    return await _change(recorder, reading, name, make)


@router.delete(
    "/{name}/partners/{membership}",
    **_CHANGES,
    operation_id="remove_project_partner",
)
async def remove_project_partner(
    recorder: RecorderDep, reading: ReadingDep, name: str, membership: str
) -> Response:
    """Take a partner out for whom no money is planned."""
    return await _change(recorder, reading, name, lambda edit: remove_partner(edit, membership))


@router.post(
    "/{name}/budget",
    **_CHANGES,
    operation_id="add_budget_line",
)
async def add_project_budget_line(
    recorder: RecorderDep, reading: ReadingDep, name: str, given: BudgetLineIn
) -> Response:
    """Add what a partner plans for one category of cost."""

    def make(edit: Edit) -> Write:
        organisation = words_of(edit.store, reading.language).organisation(given.organisation)
        return add_budget_line(edit, organisation, given.category, given.money())[1]

    return await _change(recorder, reading, name, make)


@router.put(
    "/{name}/budget/{line}",
    **_CHANGES,
    operation_id="book_amounts",
)
async def book_amounts(
    recorder: RecorderDep, reading: ReadingDep, name: str, line: str, given: AmountsIn
) -> Response:
    """Put new amounts, planned, claimed and paid, in place of those of a budget line."""
    return await _change(recorder, reading, name, lambda edit: book(edit, line, given.money()))


@router.delete(
    "/{name}/budget/{line}",
    **_CHANGES,
    operation_id="remove_budget_line",
)
async def remove_project_budget_line(
    recorder: RecorderDep, reading: ReadingDep, name: str, line: str
) -> Response:
    """Remove a budget line."""
    return await _change(recorder, reading, name, lambda edit: remove_budget_line(edit, line))
