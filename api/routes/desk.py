"""Pages of the enquiry desk, for signed-in coordinators: list, one enquiry, needs and meetings."""

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
from api.desk import taking
from api.errors import STATUS
from api.pages.desk import desk_page, enquiry_page, needs_page
from api.pages.rendering import render
from api.pages.routing import PageLanguage, in_every_language, not_found, page_router
from api.schemas.desk import (
    AssignmentIn,
    ConsortiumIn,
    DeskEnquiryIn,
    DetailsIn,
    OfferIn,
    ReferralIn,
    ReplyIn,
    RequirementsIn,
    ShortlistIn,
    StatusIn,
)
from graph import errors
from graph.records import Entry
from graph.store import Store

__all__ = ["router"]

_pages = page_router()

_UNPROCESSABLE = 422


def _noop(message: str) -> str:
    """Mark a text for translation where it stands as data."""
    return message


NOT_A_FORM = _noop("Something is missing or malformed: {detail}.")
_SAID: dict[type[errors.GraphError], str] = {
    errors.VersionConflictError: _noop(
        "Somebody else has changed this in the meantime. Look at it again, then repeat."
    ),
    errors.IllegalTransitionError: _noop("This status may not follow the present one."),
    errors.ConsentMissingError: _noop(
        "This enquiry is passed on only with the consent of whoever asked."
    ),
    errors.UnknownTermError: _noop("Nothing known is called so: {detail}."),
    errors.NonConformingError: _noop("That would break a rule: {detail}."),
}
NOT_NOW = _noop("That is not possible as things stand: {detail}.")


@_pages.get("/desk")
async def show_desk(
    request: Request, store: StoreDep, caller: CoordinatorDep, language: PageLanguage
) -> Response:
    """Show the enquiries of the desk, what is overdue, and a form to take one in."""
    context = await asyncio.to_thread(desk_page, store, language, {})
    return _private(render(request, "desk.html", context | _message()))


@_pages.post("/desk")
async def receive(
    request: Request, store: StoreDep, recorder: RecorderDep, language: PageLanguage
) -> Response:
    """Take in an enquiry and go to its page."""
    fields = await read_form(request)
    try:
        given = DeskEnquiryIn.model_validate(_filled(fields))
        record, _ = await recorder.create(lambda store: taking.receive(store, given))
    except (errors.GraphError, ValidationError) as error:
        _raise_failures_of_the_store(error)
        context = await asyncio.to_thread(desk_page, store, language, _filled(fields))
        return _private(render(request, "desk.html", context | _message(error), _status(error)))
    number = record.rpartition("/enquiry-")[2]
    return RedirectResponse(f"/{language}/desk/enquiries/{number}", status_code=303)


@_pages.get("/desk/needs")
async def show_needs(
    request: Request, store: StoreDep, caller: CoordinatorDep, language: PageLanguage
) -> Response:
    """Show needs, initiatives, and who should meet whom."""
    context = await asyncio.to_thread(needs_page, store, language)
    return _private(render(request, "desk-needs.html", context))


@_pages.get("/desk/enquiries/{number}")
async def show_enquiry(
    request: Request, number: str, store: StoreDep, caller: CoordinatorDep, language: PageLanguage
) -> Response:
    """Show one enquiry with its history and what can be done next."""
    return await _enquiry(request, store, language, number, {})


Make = Callable[[Store, str, Mapping[str, Any], str], Entry]

ACTIONS: dict[str, Make] = {
    "details": lambda s, n, f, t: taking.change_details(s, n, DetailsIn.model_validate(f), t),
    "requirements": lambda s, n, f, t: taking.confirm_requirements(
        s, n, RequirementsIn.model_validate(_listed(f)), t
    ),
    "assignment": lambda s, n, f, t: taking.assign(s, n, AssignmentIn.model_validate(f), t),
    "referral": lambda s, n, f, t: taking.refer(s, n, ReferralIn.model_validate(f), t),
    "reply": lambda s, n, f, t: taking.note_reply(s, n, ReplyIn.model_validate(f), t),
    "offer": lambda s, n, f, t: taking.note_offer(s, n, OfferIn.model_validate(f), t),
    "shortlist": lambda s, n, f, t: taking.change_shortlist(
        s, n, ShortlistIn.model_validate(_choice(f)), t
    ),
    "consortium": lambda s, n, f, t: taking.propose_consortium(
        s, n, ConsortiumIn.model_validate(f), t
    ),
    "status": lambda s, n, f, t: taking.change_status(s, n, StatusIn.model_validate(f), t),
}
"""What the forms of an enquiry do, by the end of their address."""


@_pages.post("/desk/enquiries/{number}/{action}")
async def change_enquiry(
    request: Request,
    number: str,
    action: str,
    store: StoreDep,
    recorder: RecorderDep,
    language: PageLanguage,
) -> Response:
    """Do what a form asks for, if the enquiry is as the form was made for."""
    fields = await read_form(request)
    if action not in ACTIONS:
        return not_found(request)
    filled, tag = _filled(fields), text_of(fields, "tag") or "none"
    filled.pop("tag", None)
    try:
        await recorder.change(lambda s, t: ACTIONS[action](s, number, filled, t), tag=tag)
    except (errors.GraphError, ValidationError) as error:
        _raise_failures_of_the_store(error)
        return await _enquiry(request, store, language, number, filled, error)
    return RedirectResponse(f"/{language}/desk/enquiries/{number}", status_code=303)


async def _enquiry(
    request: Request,
    store: Store,
    language: str,
    number: str,
    given: Mapping[str, str],
    error: Exception | None = None,
) -> Response:
    try:
        context = await asyncio.to_thread(enquiry_page, store, language, number, given)
    except errors.UnknownRecordError:
        return _private(not_found(request))
    status = _status(error) if error else 200
    return _private(render(request, "desk-enquiry.html", context | _message(error), status))


def _filled(fields: FormData) -> dict[str, str]:
    """Return the fields that are filled in, but for the token of the form."""
    return {n: text_of(fields, n) for n in fields if n != "form_token" and text_of(fields, n)}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _listed(fields: Mapping[str, Any]) -> dict[str, Any]:
    wanted = [{"competence": line} for line in _lines(fields.get("competences", ""))]
    rest = {name: value for name, value in fields.items() if name != "competences"}
    return rest | {"requirements": wanted}


def _choice(fields: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: _lines(fields[name]) for name in ("add", "remove") if name in fields}
    return dict(fields) | lists


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _raise_failures_of_the_store(error: Exception) -> None:
    """Leave to the page about the store what no other input would help."""
    if isinstance(error, errors.StoreError):
        raise error


def _status(error: Exception) -> int:
    kinds = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(kinds, _UNPROCESSABLE)


def _message(error: Exception | None = None) -> dict[str, str]:
    """Return what to say of an error: a message of the catalogue, and its detail."""
    if error is None:
        return {"message": "", "detail": ""}
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return {"message": NOT_A_FORM, "detail": ".".join(map(str, first["loc"])) or first["msg"]}
    message = next((said for kind, said in _SAID.items() if isinstance(error, kind)), NOT_NOW)
    detail = str(error)
    if isinstance(error, errors.UnknownTermError):
        detail = error.term
    if isinstance(error, errors.NonConformingError) and error.findings:
        detail = error.findings[0]
    return {"message": message, "detail": detail}


router = in_every_language(_pages)
"""Pages below ``/de/desk`` and ``/en/desk``."""
