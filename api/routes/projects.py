"""Pages of the projects that the office supports, for coordinators; they work without scripts."""

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from rdflib import URIRef
from starlette.datastructures import FormData

from api.access.caller import Caller
from api.access.forms import read_form, text_of
from api.access.recording import CoordinatorDep
from api.dependencies import StoreDep, store_of
from api.desk.naming import names_of
from api.pages.entering import filled
from api.pages.projects import ACTIONS, NO_CHOICE, FieldError, plan_from
from api.pages.refusals import refusal
from api.pages.rendering import render
from api.pages.routing import PageLanguage, in_every_language, not_found, page_router
from api.projects.answering import today
from api.projects.funding import amounts_of
from api.projects.presenting import presenter_of
from graph.errors import InvalidInputError, NotFoundError, UnknownRecordError
from graph.funding import read_programmes
from graph.projects import (
    PROJECTS,
    CostCategory,
    Edit,
    MilestoneKind,
    Phase,
    due_until,
    find_project,
    overdue,
    read_projects,
    start,
)
from graph.records import tag_of
from graph.store import Store
from graph.writing import Write

__all__ = ["router"]

_pages = page_router()
_SOON_DAYS = 60
_ROLES = ("coordinator", "partner", "research-partner", "associated-partner")


@_pages.get("/desk/projects")
def list_projects(
    request: Request, caller: CoordinatorDep, store: StoreDep, language: PageLanguage
) -> Response:
    """Show the supported projects and what is due."""
    return _list(request, store, language)


def _list(
    request: Request, store: Store, language: str, message: str = "", given: Any = None
) -> Response:
    presenter, day = presenter_of(store, language), today()
    found = read_projects(store)
    lines = [presenter.line(project, day) for project in found]
    context = {
        "projects": sorted(lines, key=lambda line: (line.name.casefold(), line.iri)),
        "late": presenter.due(overdue(found, day), day),
        "soon": presenter.due(due_until(found, day, _SOON_DAYS), day),
        "programmes": read_programmes(store, presenter.labels),
        "message": message,
        "given": given or {},
    }
    return _private(render(request, "projects.html", context, 422 if message else 200))


@_pages.post("/desk/projects")
async def start_project(
    request: Request, caller: CoordinatorDep, store: StoreDep, language: PageLanguage
) -> Response:
    """Begin a project and show it."""
    fields = await read_form(request)
    try:
        iri, write = await asyncio.to_thread(lambda: start(plan_from(fields, store, language)))
        await _apply(request, caller, write)
    except (FieldError, InvalidInputError, NotFoundError) as error:
        given = {name: text_of(fields, name) for name in ("name", "description", "programme")}
        return await asyncio.to_thread(
            _list, request, store, language, refusal(error, language), given
        )
    return _to(language, iri)


@_pages.get("/desk/projects/{name}")
def show_project(
    request: Request, caller: CoordinatorDep, store: StoreDep, language: PageLanguage, name: str
) -> Response:
    """Show one project with its dates and its money."""
    return _project(request, store, language, name)


@_pages.post("/desk/projects/{name}")
async def change_project(
    request: Request, caller: CoordinatorDep, store: StoreDep, language: PageLanguage, name: str
) -> Response:
    """Do what a button of the page asks for, then show the project again."""
    fields = await read_form(request)
    try:
        write = await asyncio.to_thread(_change, store, name, fields)
        await _apply(request, caller, write)
    except UnknownRecordError:
        return not_found(request)
    except (FieldError, InvalidInputError, NotFoundError) as error:
        latest = await store_of(request)
        message = refusal(error, language)
        given = filled(fields)
        return await asyncio.to_thread(_project, request, latest, language, name, message, given)
    return _to(language, find_project(store, name).iri)


def _change(store: Store, name: str, fields: FormData) -> Write:
    """Return what a button does.

    Raises:
        FieldError: There is no such button, or a field cannot be read.
        GraphError: As the function behind the button.
    """
    action = ACTIONS.get(text_of(fields, "do"))
    if action is None:
        raise FieldError(NO_CHOICE)
    edit = Edit(store, find_project(store, name), text_of(fields, "tag") or "none")
    return action(edit, fields)


def _project(
    request: Request,
    store: Store,
    language: str,
    name: str,
    message: str = "",
    given: Mapping[str, str] | None = None,
) -> Response:
    try:
        project = find_project(store, name)
    except UnknownRecordError:
        return not_found(request)
    presenter = presenter_of(store, language)
    roles = [presenter.code("role", role) for role in _ROLES]
    context = {
        "project": presenter.project(project, today()),
        "tag": tag_of(store, URIRef(project.iri), PROJECTS),
        "amounts": amounts_of(store, project, language=language),
        "phases": [presenter.code("project-phase", p) for p in Phase],
        "kinds": [presenter.code("milestone-kind", k) for k in MilestoneKind],
        "categories": [presenter.code("cost-category", c) for c in CostCategory],
        "roles": roles,
        "names": sorted(set(names_of(store, language).shown.values())),
        "message": message,
        "given": given or {},
    }
    return _private(render(request, "project.html", context, 422 if message else 200))


async def _apply(request: Request, caller: Caller, write: Write) -> None:
    await request.app.state.writer.apply(caller, write)


def _to(language: str, iri: str) -> Response:
    path = f"/{language}/desk/projects/{iri.rpartition('/')[2]}?done=1"
    return RedirectResponse(path, status_code=303)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


router: APIRouter = in_every_language(_pages)
