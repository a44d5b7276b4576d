"""The enquiry page: from a text to requirements that a person confirms, without JavaScript.

The form is sent by POST and answered with a redirect to an address that says all of it, so that a
page can be shared, reloaded and gone back to. Nothing is kept on the server.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.dependencies import StoreDep
from api.i18n import texts
from api.pages.addresses import NOTHING_ASKED, AddressError, ConsortiumAddress
from api.pages.checking import Fault, check_form
from api.pages.enquiring import EnquiryForm, from_address, from_enquiry, from_proposal
from api.pages.enquiry import view_enquiry
from api.pages.reading import enquiry_lines
from api.pages.rendering import HEADERS, render
from api.pages.routing import PageLanguage, in_every_language, page_router
from api.schemas.understanding import ProposalOut
from graph.enquiries import find_enquiry
from graph.errors import UnknownEnquiryError
from graph.store import Store

__all__ = ["router"]

_LONGEST_ADDRESS = 6_000
"""Bytes; what is longer is shown without an address of its own."""
_LONGEST_TEXT = 20_000
_MOST_FIELDS = 2_000

_pages = page_router()


async def _submitted(request: Request) -> FormData:
    return await request.form(max_files=0, max_fields=_MOST_FIELDS)


Submitted = Annotated[FormData, Depends(_submitted)]


@_pages.get("/enquiry")
def enquiry(request: Request, store: StoreDep, language: PageLanguage) -> Response:
    """Show an enquiry as it was read or filled in; an empty form without parameters."""
    text = request.query_params.get("text", "").strip()[:_LONGEST_TEXT]
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] != "text"]
    try:
        form = _form_of(store, language, text, pairs)
    except AddressError as error:
        fault = Fault("", texts(language)(error.message))
        return _show(request, store, language, EnquiryForm(text=text), (fault,))
    except UnknownEnquiryError as error:
        lines = enquiry_lines(store, language)
        context = {"given": "", "enquiry": error.enquiry, "enquiries": lines}
        return render(request, "not-asked.html", context, 404)
    return _show(request, store, language, form)


@_pages.post("/enquiry")
def change_enquiry(
    request: Request, store: StoreDep, language: PageLanguage, submitted: Submitted
) -> Response:
    """Read the text, change the form, or send it off; always to an address that says it."""
    given: dict[str, list[str]] = {}
    for name, value in submitted.multi_items():
        if isinstance(value, str):
            given.setdefault(name, []).append(value)
    form = EnquiryForm.filled_in(store, language, given)
    if "read" in given or not any(name.startswith("row-") for name in given):
        return _read(request, store, language, form.text)
    if not form.rows:
        fault = Fault("", texts(language)(NOTHING_ASKED))
        return _show(request, store, language, form, (fault,))
    faults = check_form(store, language, form)
    if faults:
        return _show(request, store, language, form, faults)
    address = form.address()
    if given.get("do") == ["find"]:
        return _see(address.page(language))
    return _shown(request, store, language, form, address)


def _form_of(store: Store, language: str, text: str, pairs: list[tuple[str, str]]) -> EnquiryForm:
    """Return the form that an address describes.

    Raises:
        AddressError: The address cannot be read.
        UnknownEnquiryError: The graph has no such enquiry.
    """
    if not pairs:
        return from_proposal(store, _propose(store, language, text), text) if text else _EMPTY
    address = ConsortiumAddress.parse(pairs)
    if address.enquiry:
        return from_enquiry(find_enquiry(store, address.enquiry, language))
    form = from_address(store, language, address)
    return EnquiryForm(form.rows, form.conditions, text)


_EMPTY = EnquiryForm()


def _propose(store: Store, language: str, text: str) -> ProposalOut:
    from api.understanding import propose  # the lexicon is read when it is first needed

    return propose(store, text, shown=language)


def _read(request: Request, store: Store, language: str, text: str) -> Response:
    if not text:
        fault = Fault("text", texts(language)(NOTHING_ASKED))
        return _show(request, store, language, EnquiryForm(), (fault,))
    address = f"/{language}/enquiry?{urlencode({'text': text})}"
    if len(address) <= _LONGEST_ADDRESS:
        return _see(address)
    form = from_proposal(store, _propose(store, language, text), text)
    return _show(request, store, language, form)


def _shown(
    request: Request, store: Store, language: str, form: EnquiryForm, address: ConsortiumAddress
) -> Response:
    """Answer a changed form with its address, or with the page itself where that is too long."""
    text = f"&{urlencode({'text': form.text})}" if form.text else ""
    path = address.form(language) + text
    if len(path) <= _LONGEST_ADDRESS:
        return _see(path)
    return _show(request, store, language, form)


def _see(path: str) -> Response:
    return RedirectResponse(path, status_code=303, headers=HEADERS | {"Cache-Control": "no-store"})


def _show(
    request: Request,
    store: Store,
    language: str,
    form: EnquiryForm,
    faults: tuple[Fault, ...] = (),
) -> Response:
    proposal = _propose(store, language, form.text) if form.text else None
    view = view_enquiry(store, language, form, proposal, faults)
    return render(request, "enquiry.html", {"view": view}, 422 if faults else 200)


router = APIRouter(include_in_schema=False)
router.include_router(in_every_language(_pages))
