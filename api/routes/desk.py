"""Pages of the enquiry desk, for signed-in coordinators: what waits, the list, one enquiry."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from api.access.forms import read_form, text_of
from api.access.recording import CoordinatorDep, RecorderDep
from api.dependencies import SettingsDep, StoreDep
from api.desk import taking
from api.pages.desk import Doing, desk_page, enquiry_page, shortlist_page
from api.pages.entering import (
    amount_of,
    faults_of,
    filled,
    lines,
    message_of,
    private,
    raise_failures_of_the_store,
    status_of,
)
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


@_pages.get("/desk")
async def show_desk(
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
    caller: CoordinatorDep,
    language: PageLanguage,
) -> Response:
    """Show what waits, the enquiries of the desk, and a form to take one in."""
    context = await asyncio.to_thread(desk_page, store, settings.home, language, {})
    return private(render(request, "desk.html", context | message_of() | {"faults": {}}))


@_pages.post("/desk")
async def receive(
    request: Request,
    store: StoreDep,
    settings: SettingsDep,
    recorder: RecorderDep,
    language: PageLanguage,
) -> Response:
    """Take in an enquiry and go to its page."""
    fields = await read_form(request)
    try:
        given = DeskEnquiryIn.model_validate(filled(fields))
        record, _ = await recorder.create(lambda store: taking.receive(store, given))
    except (errors.GraphError, ValidationError) as error:
        raise_failures_of_the_store(error)
        again = filled(fields)
        context = await asyncio.to_thread(desk_page, store, settings.home, language, again)
        return private(
            render(request, "desk.html", context | _said(error, again, language), status_of(error))
        )
    number = record.rpartition("/enquiry-")[2]
    return RedirectResponse(f"/{language}/desk/enquiries/{number}?done=1", status_code=303)


@_pages.get("/desk/shortlist")
async def show_shortlist(
    request: Request,
    store: StoreDep,
    caller: CoordinatorDep,
    language: PageLanguage,
    member: Annotated[list[str], Query(min_length=1, max_length=50)],
    lead: str = "",
    enquiry: str = "",
) -> Response:
    """Show whom to take over from a suggestion, and the enquiries to choose from."""
    return await _shortlist(request, store, language, member, lead, enquiry)


@_pages.post("/desk/shortlist")
async def take_over(
    request: Request, store: StoreDep, recorder: RecorderDep, language: PageLanguage
) -> Response:
    """Put organisations on the shortlist of an enquiry, if it is as the form was made for."""
    fields = await read_form(request)
    number, _, tag = text_of(fields, "enquiry").partition(" ")
    members, lead = [str(one) for one in fields.getlist("member")], text_of(fields, "lead")
    try:
        given = ShortlistIn(add=members, lead=lead or None, note=text_of(fields, "note"))
        await recorder.change(
            lambda s, t: taking.change_shortlist(s, number, given, t), tag=tag or "none"
        )
    except (errors.GraphError, ValidationError) as error:
        raise_failures_of_the_store(error)
        return await _shortlist(request, store, language, members, lead, number, error)
    return RedirectResponse(f"/{language}/desk/enquiries/{number}?done=1", status_code=303)


async def _shortlist(
    request: Request,
    store: Store,
    language: str,
    members: Sequence[str],
    lead: str,
    asked: str,
    error: Exception | None = None,
) -> Response:
    try:
        context = await asyncio.to_thread(shortlist_page, store, language, members, lead, asked)
    except errors.UnknownTermError:
        return private(not_found(request))
    status = status_of(error) if error else 200
    return private(
        render(request, "desk-shortlist.html", context | message_of(error, language), status)
    )


@_pages.get("/desk/enquiries/{number}")
async def show_enquiry(
    request: Request, number: str, store: StoreDep, caller: CoordinatorDep, language: PageLanguage
) -> Response:
    """Show one enquiry with its history and what can be done next."""
    return await _enquiry(request, store, language, number)


_SEVERAL = {"competences", "add", "remove"}

Make = Callable[[Store, str, Mapping[str, Any], str], Entry]

ACTIONS: dict[str, Make] = {
    "details": lambda s, n, f, t: taking.change_details(s, n, DetailsIn.model_validate(f), t),
    "requirements": lambda s, n, f, t: taking.confirm_requirements(
        s, n, RequirementsIn.model_validate(_listed(f)), t
    ),
    "assignment": lambda s, n, f, t: taking.assign(s, n, AssignmentIn.model_validate(_who(f)), t),
    "referral": lambda s, n, f, t: taking.refer(s, n, ReferralIn.model_validate(f), t),
    "reply": lambda s, n, f, t: taking.note_reply(s, n, ReplyIn.model_validate(f), t),
    "offer": lambda s, n, f, t: taking.note_offer(s, n, OfferIn.model_validate(_priced(f)), t),
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
    given, tag = filled(fields), text_of(fields, "tag") or "none"
    given.pop("tag", None)
    try:
        await recorder.change(lambda s, t: ACTIONS[action](s, number, given, t), tag=tag)
    except (errors.GraphError, ValidationError) as error:
        raise_failures_of_the_store(error)
        faults = faults_of(error, _by_line(given), language)
        doing = Doing(action, given, faults)
        return await _enquiry(request, store, language, number, doing, error)
    return RedirectResponse(f"/{language}/desk/enquiries/{number}?done=1", status_code=303)


async def _enquiry(
    request: Request,
    store: Store,
    language: str,
    number: str,
    doing: Doing = Doing(),  # noqa: B008 - frozen
    error: Exception | None = None,
) -> Response:
    try:
        context = await asyncio.to_thread(enquiry_page, store, language, number, doing)
    except errors.UnknownRecordError:
        return private(not_found(request))
    said = message_of() if doing.faults else message_of(error, language)
    status = status_of(error) if error else 200
    return private(render(request, "desk-enquiry.html", context | said, status))


def _said(error: Exception, given: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return what to say of an error: at its fields, or else at the top of the page."""
    faults = faults_of(error, given, language)
    return (message_of() if faults else message_of(error, language)) | {"faults": faults}


def _by_line(given: Mapping[str, str]) -> dict[str, Any]:
    """Return fields with those of several lines as lists, where a wrong word is sought."""
    return {name: lines(text) if name in _SEVERAL else text for name, text in given.items()}


def _listed(fields: Mapping[str, Any]) -> dict[str, Any]:
    wanted = [{"competence": line} for line in lines(fields.get("competences", ""))]
    rest = {name: value for name, value in fields.items() if name != "competences"}
    return rest | {"requirements": wanted}


def _who(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return who becomes responsible: who is written counts before who is ticked."""
    rest = {name: value for name, value in fields.items() if name != "other"}
    return rest | ({"body": fields["other"]} if "other" in fields else {})


def _priced(fields: Mapping[str, Any]) -> dict[str, Any]:
    amount = amount_of(fields.get("amount_eur", ""))
    return dict(fields) | ({"amount_eur": amount} if amount is not None else {})


def _choice(fields: Mapping[str, Any]) -> dict[str, Any]:
    lists = {name: lines(fields[name]) for name in ("add", "remove") if name in fields}
    return dict(fields) | lists


router = in_every_language(_pages)
"""Pages below ``/de/desk`` and ``/en/desk``."""
