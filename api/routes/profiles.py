"""Pages of profiles: the public form, and the submissions that the office reviews."""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.access.forms import read_form, text_of
from api.access.recording import CoordinatorDep
from api.access.roles import Role
from api.asking import landscape_of
from api.dependencies import CallerDep, StoreDep, store_of
from api.i18n import noop as _noop
from api.i18n import texts
from api.pages.refusals import refusal
from api.pages.rendering import render
from api.pages.routing import PageLanguage, in_every_language, not_found, page_router
from api.pages.statements import told
from api.profiles.filling import Filled, blanks, filled_from
from api.profiles.submitting import (
    checked,
    fault_out,
    kept_form,
    line_out,
    submission_out,
    submitted,
)
from api.profiles.upkeep import renewals
from api.projects.answering import today
from api.routes.v1.profiles import submit_for
from api.schemas.profiles import FaultOut
from graph.errors import InvalidInputError, UnknownRecordError, UnknownTermError
from graph.profiles import (
    difference,
    find_submission,
    publish,
    read_submissions,
    reject,
    submission_tag,
)
from graph.store import Store

__all__ = ["router"]

_pages = page_router()
_FEWEST_LETTERS = 3


NO_REASON = _noop("Give a reason.")


@_pages.get("/profiles/new")
def new_profile(request: Request, store: StoreDep, language: PageLanguage) -> Response:
    """Show an empty form, derived from the shapes."""
    return _form(request, store, language, filled_from(kept_form(store), FormData()))


@_pages.post("/profiles/new")
async def send_profile(
    request: Request, caller: CallerDep, store: StoreDep, language: PageLanguage
) -> Response:
    """Check what was filled in, with messages at the fields; send it when that is asked for."""
    fields = await read_form(request)
    filled = await asyncio.to_thread(lambda: filled_from(kept_form(store), fields))
    if text_of(fields, "more"):
        return await asyncio.to_thread(_form, request, store, language, filled)
    try:
        profile = filled.profile(language)
        _, found = await asyncio.to_thread(checked, store, profile, language)
    except UnknownTermError as error:
        fault = FaultOut(
            section="",
            number=0,
            field="",
            code="unknown",
            message=refusal(error, language),
            is_grave=True,
        )
        return await asyncio.to_thread(_form, request, store, language, filled, [fault])
    faults = [fault_out(fault, texts(language)) for fault in found]
    if any(f.is_grave for f in faults) or text_of(fields, "do") != "send":
        return await asyncio.to_thread(_form, request, store, language, filled, faults, True)
    caller.require(Role.PARTNER)
    _, _, write = await asyncio.to_thread(submitted, store, profile, language)
    await submit_for(request, caller, write)
    return RedirectResponse(f"/{language}/profiles/sent", status_code=303)


@_pages.get("/profiles/sent")
def sent(request: Request) -> Response:
    """Say what happens next."""
    return render(request, "profile-sent.html", {})


def _form(
    request: Request,
    store: Store,
    language: str,
    filled: Filled,
    faults: Sequence[FaultOut] = (),
    is_checked: bool = False,
) -> Response:
    sections = [
        {
            "section": section,
            "entries": [
                blanks(section, number, filled, faults)
                for number in range(filled.counts.get(section.name, 1))
            ],
            "faults": [f for f in faults if f.section == section.name and not f.field],
        }
        for section in kept_form(store).sections
    ]
    grave = [f for f in faults if f.is_grave]
    context = {
        "sections": sections,
        "organisation": filled.organisation,
        "grave": grave,
        "hints": [f for f in faults if not f.is_grave],
        "is_checked": is_checked,
    }
    response = render(request, "profile-form.html", context, 422 if grave else 200)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@_pages.get("/desk/submissions")
def list_submissions(
    request: Request, caller: CoordinatorDep, store: StoreDep, language: PageLanguage
) -> Response:
    """Show the submitted profiles, and the facts to be renewed."""
    landscape = landscape_of(store, language)
    names = {iri: o.name for iri, o in landscape.organisations.items()}
    context = {
        "submissions": [line_out(s, names) for s in reversed(read_submissions(store))],
        "renewals": renewals(store, today(), language),
    }
    return _private(render(request, "submissions.html", context))


@_pages.get("/desk/submissions/{name}")
def show_submission(
    request: Request, caller: CoordinatorDep, store: StoreDep, language: PageLanguage, name: str
) -> Response:
    """Show what the publication of a submission would change."""
    return _submission(request, store, language, name)


@_pages.post("/desk/submissions/{name}")
async def decide(
    request: Request, caller: CoordinatorDep, store: StoreDep, language: PageLanguage, name: str
) -> Response:
    """Publish or reject a submission, with a reason."""
    fields = await read_form(request)
    rationale, tag = text_of(fields, "rationale")[:2000], text_of(fields, "tag") or "none"
    decision = publish if text_of(fields, "do") == "publish" else reject
    try:
        if len(rationale) < _FEWEST_LETTERS:
            message = texts(language)(NO_REASON)
            given = (message, rationale)
            return await asyncio.to_thread(_submission, request, store, language, name, *given)
        write = await asyncio.to_thread(
            lambda: decision(store, find_submission(store, name), rationale, tag)
        )
        await request.app.state.writer.apply(caller, write)
    except UnknownRecordError:
        return not_found(request)
    except InvalidInputError as error:
        message = refusal(error, language)
        latest = await store_of(request)
        given = (message, rationale)
        return await asyncio.to_thread(_submission, request, latest, language, name, *given)
    return RedirectResponse(f"/{language}/desk/submissions/{name}?done=1", status_code=303)


def _submission(
    request: Request,
    store: Store,
    language: str,
    name: str,
    message: str = "",
    rationale: str = "",
) -> Response:
    try:
        found = find_submission(store, name)
    except UnknownRecordError:
        return not_found(request)
    shown = difference(store, found)
    context = {
        "submission": submission_out(store, found, language),
        "added": told(store, language, shown.added),
        "removed": told(store, language, shown.removed),
        "tag": submission_tag(store, found),
        "message": message,
        "rationale": rationale,
    }
    return _private(render(request, "submission.html", context, 422 if message else 200))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


router: APIRouter = in_every_language(_pages)
