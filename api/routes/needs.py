"""Pages of R&D needs and initiatives, for signed-in coordinators; they work without scripts."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from api.access.forms import read_form, text_of
from api.access.recording import CoordinatorDep, RecorderDep
from api.dependencies import StoreDep
from api.needs import taking
from api.pages.entering import (
    faults_of,
    filled,
    lines,
    message_of,
    private,
    raise_failures_of_the_store,
    status_of,
)
from api.pages.needs import initiative_page, need_page, needs_page
from api.pages.rendering import language_of, render
from api.pages.routing import PageLanguage, in_every_language, not_found, page_router
from api.schemas.needs import BundleIn, InitiativeIn, NeedStatusIn, ResearchNeedIn
from graph import errors
from graph.records import Entry
from graph.store import Store

__all__ = ["router"]

_pages = page_router()

_BY_LINE = {"raised_by", "competences", "addressed_by", "projects"}
_TICKED = {"topics", "bundles", "add", "remove"}


def _entered(fields: FormData) -> dict[str, Any]:
    """Return what a form of needs was filled in with; projects by name join what is ticked."""
    given: dict[str, Any] = dict(filled(fields))
    given |= {name: lines(given[name]) for name in _BY_LINE & given.keys()}
    given |= {name: [str(v) for v in fields.getlist(name)] for name in _TICKED & given.keys()}
    return given


def _with_projects(given: Mapping[str, Any], into: str) -> dict[str, Any]:
    rest = {name: value for name, value in given.items() if name not in ("projects", "tag", "do")}
    bundled = [*given.get(into, []), *given.get("projects", [])]
    return rest | ({into: bundled} if bundled else {})


async def _page(
    request: Request,
    template: str,
    read: Callable[[], dict[str, Any]],
    given: Mapping[str, Any] | None = None,
    error: Exception | None = None,
) -> Response:
    """Answer with a page, and with what is wrong at its fields."""
    try:
        context = await asyncio.to_thread(read)
    except errors.UnknownRecordError:
        return private(not_found(request))
    language = language_of(request)
    faults = faults_of(error, given or {}, language) if error else {}
    said = message_of(error, language) if not faults else message_of()
    status = status_of(error) if error else 200
    return private(render(request, template, context | said | {"faults": faults}, status))


@_pages.get("/desk/needs")
async def show_needs(
    request: Request, store: StoreDep, caller: CoordinatorDep, language: PageLanguage
) -> Response:
    """Show needs, initiatives, who should meet whom, and forms for new ones."""
    return await _page(request, "desk-needs.html", lambda: needs_page(store, language, {}))


@_pages.post("/desk/needs")
async def record(
    request: Request, store: StoreDep, recorder: RecorderDep, language: PageLanguage
) -> Response:
    """Record a need or an initiative, as the button says, and show it."""
    given = _entered(await read_form(request))
    do = given.pop("do", "")
    make = _new_initiative if do == "initiative" else _new_need
    try:
        iri, _ = await recorder.create(make(given))
    except (errors.GraphError, ValidationError) as error:
        raise_failures_of_the_store(error)
        again = given | {"do": do}
        return await _page(
            request,
            "desk-needs.html",
            lambda: needs_page(store, language, again),
            given,
            error,
        )
    return _shown(language, iri)


def _new_need(given: Mapping[str, Any]) -> Callable[[Store], Entry]:
    need = ResearchNeedIn.model_validate(given)
    return lambda store: taking.record_need(store, need)


def _new_initiative(given: Mapping[str, Any]) -> Callable[[Store], Entry]:
    initiative = InitiativeIn.model_validate(_with_projects(given, "bundles"))
    return lambda store: taking.record_initiative(store, initiative)


@_pages.get("/desk/needs/{name}")
async def show_need(
    request: Request, store: StoreDep, caller: CoordinatorDep, language: PageLanguage, name: str
) -> Response:
    """Show one need, who of research answers it, and a form for its status."""
    return await _page(request, "desk-need.html", lambda: need_page(store, language, name, {}))


@_pages.post("/desk/needs/{name}")
async def change_need_status(
    request: Request, store: StoreDep, recorder: RecorderDep, language: PageLanguage, name: str
) -> Response:
    """Say how far a need has been dealt with, if it is as the form was made for."""

    def make(given: Mapping[str, Any]) -> Callable[[Store, str], Entry]:
        status = NeedStatusIn.model_validate(given)
        return lambda store, tag: taking.change_need_status(store, name, status, tag)

    return await _changed(request, recorder, language, make, "desk-need.html", need_page, name)


@_pages.get("/desk/initiatives/{name}")
async def show_initiative(
    request: Request, store: StoreDep, caller: CoordinatorDep, language: PageLanguage, name: str
) -> Response:
    """Show one initiative, and a form for what it bundles."""
    return await _page(
        request, "desk-initiative.html", lambda: initiative_page(store, language, name, {})
    )


@_pages.post("/desk/initiatives/{name}")
async def bundle(
    request: Request, store: StoreDep, recorder: RecorderDep, language: PageLanguage, name: str
) -> Response:
    """Change what an initiative bundles, if it is as the form was made for."""

    def make(given: Mapping[str, Any]) -> Callable[[Store, str], Entry]:
        change = BundleIn.model_validate(_with_projects(given, "add"))
        return lambda store, tag: taking.bundle(store, name, change, tag)

    return await _changed(
        request, recorder, language, make, "desk-initiative.html", initiative_page, name
    )


async def _changed(
    request: Request,
    recorder: RecorderDep,
    language: str,
    make: Callable[[Mapping[str, Any]], Callable[[Store, str], Entry]],
    template: str,
    read: Callable[[Store, str, str, Mapping[str, Any]], dict[str, Any]],
    name: str,
) -> Response:
    """Apply the change that a form asks for and show the record, or the form with its faults."""
    fields = await read_form(request)
    given = _entered(fields)
    given.pop("tag", None)
    try:
        iri, _ = await recorder.change(make(given), tag=text_of(fields, "tag") or "none")
    except (errors.GraphError, ValidationError) as error:
        raise_failures_of_the_store(error)
        store = recorder.store
        return await _page(
            request, template, lambda: read(store, language, name, given), given, error
        )
    return _shown(language, iri)


def _shown(language: str, iri: str) -> Response:
    """Send to the page of a need or an initiative."""
    kind, _, name = iri.rpartition("/")[2].partition("-")
    return RedirectResponse(f"/{language}/desk/{kind}s/{name}?done=1", status_code=303)


router = in_every_language(_pages)
"""Pages below ``/de/desk/needs`` and ``/de/desk/initiatives``, and in English."""
