"""The web pages in both languages. Every page works without JavaScript."""

import re
from functools import cache

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from api.dependencies import StoreDep
from api.i18n import LANGUAGES
from api.negotiation import preferred_language
from api.pages import geography
from api.pages.chain import draw_chain
from api.pages.competences import read_competence, read_tree
from api.pages.listing import Filters, draw_districts, select
from api.pages.organisations import read_organisation
from api.pages.reading import (
    enquiry_lines,
    graph_lines,
    organisation_lines,
    totals,
    value_chain,
)
from api.pages.rendering import HEADERS, render
from api.pages.routing import PageLanguage, in_every_language, not_found, page_router
from api.pages.structured import script_json, structured_organisation
from graph.settings import default_weights

__all__ = ["router"]

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]{0,199}")

_pages = page_router()


@_pages.get("/")
def start(request: Request, store: StoreDep, language: PageLanguage) -> Response:
    """Say what Verbund is for, ask what is needed, show the value chain and the districts."""
    steps = value_chain(store, language)
    context = {
        "totals": totals(store),
        "enquiries": enquiry_lines(store, language),
        "steps": steps,
        "chain": draw_chain(steps),
        "map": draw_districts(organisation_lines(store, language)),
        "geography": geography,
    }
    return render(request, "start.html", context)


@_pages.get("/organisations")
def organisations(request: Request, store: StoreDep, language: PageLanguage) -> Response:
    """List organisations by word, value-chain step, district and kind."""
    filters = Filters.parse(request.query_params)
    lines = organisation_lines(store, language)
    context = {
        "filters": filters,
        "listing": select(lines, filters, request.query_params.get("page", "")),
        "steps": value_chain(store, language),
        "districts": geography.districts(),
    }
    return render(request, "organisations.html", context)


@_pages.get("/organisations/{slug}")
def organisation(request: Request, store: StoreDep, language: PageLanguage, slug: str) -> Response:
    """Show what is known of one organisation and who says so."""
    page = read_organisation(store, language, slug) if _SLUG.fullmatch(slug) else None
    if page is None:
        return not_found(request)
    structured = script_json(structured_organisation(page))
    return render(request, "organisation.html", {"page": page, "structured": structured})


@_pages.get("/competences")
def competences(request: Request, store: StoreDep, language: PageLanguage) -> Response:
    """Show the competence tree with the number of organisations at each competence."""
    return render(request, "competences.html", {"tree": read_tree(store, language)})


@_pages.get("/competences/{slug}")
def competence(request: Request, store: StoreDep, language: PageLanguage, slug: str) -> Response:
    """Show one competence: names, neighbours in the tree, and who claims it."""
    page = read_competence(store, language, slug) if _SLUG.fullmatch(slug) else None
    if page is None:
        return not_found(request)
    return render(request, "competence.html", {"page": page})


@_pages.get("/about")
def about(request: Request, store: StoreDep, language: PageLanguage) -> Response:
    """Say how a suggestion is computed, where the data comes from and what its limits are."""
    context = {
        "graphs": graph_lines(store, language),
        "totals": totals(store),
        "weights": default_weights(),
        "version": store.version,
        "base": str(request.base_url).rstrip("/"),
    }
    return render(request, "about.html", context)


@_pages.get("/{rest:path}")
def anything_else(request: Request) -> Response:
    """Answer every other address below a language."""
    return not_found(request)


router = APIRouter(include_in_schema=False)


@cache
def _files() -> StaticFiles:
    return StaticFiles(packages=[("api", "static")])


@router.get("/static/{path:path}")
async def static(request: Request, path: str) -> Response:
    """Serve a style sheet, font or picture; an address with ``v`` never changes its content."""
    response = await _files().get_response(path, request.scope)
    lasting = "public, max-age=31536000, immutable"
    response.headers["Cache-Control"] = lasting if "v" in request.query_params else "no-cache"
    return response


@router.get("/")
def choose_language(request: Request) -> Response:
    """Send a visitor to the pages in the language the browser prefers."""
    language = preferred_language(request.headers.get("accept-language", ""), LANGUAGES)
    headers = HEADERS | {"Vary": "Accept-Language"}
    return RedirectResponse(f"/{language}/", status_code=303, headers=headers)


router.include_router(in_every_language(_pages))
