"""The pages of a suggestion: the consortium, the same as a document, two side by side."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from api.answers import answer
from api.asking import Asked
from api.dependencies import StoreDep
from api.documents import Form
from api.leaving import HasLeftDep, ask_while_there
from api.pages import geography
from api.pages.addresses import AddressError, ConsortiumAddress
from api.pages.comparison import compare
from api.pages.consortium import Answer, standbys, view_consortium
from api.pages.demands import demands
from api.pages.options import options
from api.pages.posing import pose
from api.pages.reading import competence_terms, enquiry_lines, value_chain
from api.pages.rendering import render
from api.pages.routing import PageLanguage, in_every_language, page_router
from api.pages.support import view_support
from api.publishing import BaseDep
from api.rest.documents import Reading
from api.routes.v1.consortia import send_suggestion
from graph.errors import EnquiryError, UnknownEnquiryError, UnknownTermError
from graph.store import Store

__all__ = ["answering", "router"]

_pages = page_router()


def answering(store: StoreDep, has_left: HasLeftDep) -> Callable[[Asked, str], Answer]:
    """Return the function that answers an enquiry in one language."""

    def answer_asked(asked: Asked, language: str) -> Answer:
        answered = ask_while_there(store, asked, language, has_left)
        document = answer(answered.suggestion, answered.landscape, language)
        wanted = demands(store, language, answered.suggestion.enquiry)
        return Answer(document, answered.landscape, standbys(answered.suggestion), wanted)

    return answer_asked


Answering = Annotated[Callable[[Asked, str], Answer], Depends(answering)]
Others = Annotated[list[str], Query(max_length=24)]


@_pages.get("/consortia")
def consortium(
    request: Request, store: StoreDep, language: PageLanguage, answer_asked: Answering
) -> Response:
    """Show the best consortium for an enquiry, or say what cannot be asked so."""

    def show(address: ConsortiumAddress) -> Response:
        found = answer_asked(pose(store, address, language), language)
        order = {step.iri: place for place, step in enumerate(value_chain(store, language))}
        context = {
            "view": view_consortium(found, address, order),
            "support": view_support(store, found.document, address, language),
            "geography": geography,
        }
        return render(request, "consortium.html", context)

    return _answered(request, store, language, show)


@_pages.get("/consortia/document")
def document(
    request: Request,
    store: StoreDep,
    language: PageLanguage,
    base: BaseDep,
    has_left: HasLeftDep,
    form: Annotated[Form, Query(alias="format")] = Form.JSON,
) -> Response:
    """Give the suggestion of a page as the API would, in details that only pages can ask."""
    reading = Reading(store, "en" if language == "en" else "de", base, tag="")
    headers = {name: value for name, value in reading.headers().items() if name != "ETag"}

    def write(address: ConsortiumAddress) -> Response:
        asked = pose(store, address, language)
        return send_suggestion(reading, asked, form, headers, has_left)

    return _answered(request, store, language, write)


@_pages.get("/consortia/comparison")
def comparison(
    request: Request,
    store: StoreDep,
    language: PageLanguage,
    answer_asked: Answering,
    other: Others = [],  # noqa: B006 (FastAPI copies the default)
) -> Response:
    """Show the suggested consortium beside one with other members."""

    def show(address: ConsortiumAddress) -> Response:
        kept = tuple(word for word in address.excluded if word not in other)
        second = replace(address, pinned=tuple(other), excluded=kept)
        documents = [
            answer_asked(pose(store, one, language), language).document for one in (address, second)
        ]
        view = compare(documents[0], documents[1], (address, second))
        return render(request, "comparison.html", {"view": view})

    if not other:
        return render(request, "not-found.html", {}, 404)
    return _answered(request, store, language, show)


def _answered(
    request: Request,
    store: Store,
    language: str,
    show: Callable[[ConsortiumAddress], Response],
) -> Response:
    """Answer what the address of the request asks, or say why it cannot be asked."""
    try:
        address = ConsortiumAddress.parse(request.query_params.multi_items())
    except AddressError as error:
        return _not_asked(request, {"message": error.message})
    unknown = _unknown_words(store, language, address)
    if unknown:
        return _not_asked(request, {"unknown": unknown, "address": address})
    try:
        return show(address)
    except AddressError as error:
        return _not_asked(request, {"message": error.message})
    except UnknownEnquiryError as error:
        lines = enquiry_lines(store, language)
        return _not_asked(request, {"enquiry": error.enquiry, "enquiries": lines}, 404)
    except (UnknownTermError, EnquiryError) as error:
        return _not_asked(request, {"error": error, "address": address})


def _unknown_words(
    store: Store, language: str, address: ConsortiumAddress
) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words that name no competence, each with labels that look alike."""
    found = []
    for word in address.competences:
        try:
            competence_terms(store).resolve(word)
        except UnknownTermError as error:
            found.append((word, error.suggestions))
    known: Mapping[str, str] = options(store, language, "competence")
    return found + [(w.competence, ()) for w in address.requirements if w.competence not in known]


def _not_asked(request: Request, context: dict[str, object], status_code: int = 422) -> Response:
    given = ", ".join(request.query_params.getlist("competence"))
    return render(request, "not-asked.html", {"given": given} | context, status_code)


router = APIRouter(include_in_schema=False)
router.include_router(in_every_language(_pages))
