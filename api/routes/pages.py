"""The web pages in both languages. Every page works without JavaScript."""

import gzip
import re
from functools import cache
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from api.dependencies import SettingsDep, StoreDep
from api.i18n import LANGUAGES
from api.negotiation import preferred_language
from api.pages import geography
from api.pages.chain import draw_chain
from api.pages.clusters import covered_chain, read_clusters
from api.pages.competences import read_competence, read_tree, search_tree
from api.pages.examples import EXAMPLES
from api.pages.listing import Filters, choices, draw_districts, facet_labels, select
from api.pages.options import options
from api.pages.organisations import read_organisation
from api.pages.reading import (
    enquiry_lines,
    graph_lines,
    local,
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
    """List organisations by word, value-chain step, district, kind, cluster and certificate."""
    filters = Filters.parse(request.query_params)
    hits = search_tree(store, language, filters.q) if filters.q else ()
    meant = frozenset(local(hit.branch.iri) for hit in hits)
    lines = organisation_lines(store, language)
    listing = select(lines, filters, request.query_params.get("page", ""), meant)
    labels = facet_labels(store, language)
    context = {
        "filters": filters,
        "listing": listing,
        "facets": {
            facet: choices(listing, filters, language, facet, labels[facet]) for facet in labels
        },
        "competence": options(store, language, "competence").get(filters.competence, ""),
        "hits": [hit for hit in hits if hit.branch.organisations][:5],
    }
    return render(request, "organisations.html", context)


@_pages.get("/organisations/{slug}")
def organisation(request: Request, store: StoreDep, language: PageLanguage, slug: str) -> Response:
    """Show what is known of one organisation and who says so."""
    page = read_organisation(store, language, slug) if _SLUG.fullmatch(slug) else None
    if page is None:
        return not_found(request)
    steps = covered_chain(store, language, page.iri)
    context = {
        "page": page,
        "structured": script_json(structured_organisation(page)),
        "chain": draw_chain(steps, thin_below=1) if any(s.organisations for s in steps) else None,
        "covered": sum(step.organisations > 0 for step in steps),
    }
    return render(request, "organisation.html", context)


@_pages.get("/clusters")
def clusters(request: Request, store: StoreDep, language: PageLanguage) -> Response:
    """Show which steps of the value chain each cluster covers."""
    context = {"clusters": read_clusters(store, language), "steps": value_chain(store, language)}
    return render(request, "clusters.html", context)


@_pages.get("/competences")
def competences(request: Request, store: StoreDep, language: PageLanguage) -> Response:
    """Show the competence tree with counts, or what is found in it by any name."""
    text = request.query_params.get("q", "").strip()[:300]
    hits = search_tree(store, language, text)
    context = {"tree": read_tree(store, language), "q": text, "hits": hits}
    return render(request, "competences.html", context)


@_pages.get("/competences/{slug}")
def competence(request: Request, store: StoreDep, language: PageLanguage, slug: str) -> Response:
    """Show one competence: names, neighbours in the tree, and who claims it."""
    page = read_competence(store, language, slug) if _SLUG.fullmatch(slug) else None
    if page is None:
        return not_found(request)
    return render(request, "competence.html", {"page": page})


@_pages.get("/about")
def about(
    request: Request, store: StoreDep, settings: SettingsDep, language: PageLanguage
) -> Response:
    """Say how a suggestion is computed, where the data comes from and what its limits are."""
    context = {
        "graphs": graph_lines(store, language),
        "totals": totals(store),
        "weights": default_weights(),
        "version": store.version,
        "base": str(request.base_url).rstrip("/"),
        "examples": EXAMPLES,
        "contact": settings.contact,
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
    """Serve a style sheet, script, font or picture.

    An address with ``v`` never changes its content. Text comes packed to who can unpack it.
    """
    response = await _files().get_response(path, request.scope)
    accepted = request.headers.get("accept-encoding", "")
    if response.status_code == 200 and path.endswith(_TEXTS) and "gzip" in accepted:
        tag = f'{response.headers["etag"][:-1]}-gzip"'
        is_known = request.headers.get("if-none-match") == tag
        response = Response(
            content=None if is_known else _packed(path),
            status_code=304 if is_known else 200,
            media_type=response.headers["content-type"],
            headers={"ETag": tag} if is_known else {"ETag": tag, "Content-Encoding": "gzip"},
        )
    lasting = "public, max-age=31536000, immutable"
    response.headers["Cache-Control"] = lasting if "v" in request.query_params else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    return response


_TEXTS = (".css", ".js", ".mjs", ".svg", ".json")


@cache
def _packed(path: str) -> bytes:
    """Return a static file that is there, compressed; files do not change while a server runs."""
    content = files("api").joinpath("static", *path.split("/")).read_bytes()
    return gzip.compress(content, compresslevel=9, mtime=0)


@router.get("/")
def choose_language(request: Request) -> Response:
    """Send a visitor to the pages in the language the browser prefers."""
    language = preferred_language(request.headers.get("accept-language", ""), LANGUAGES)
    headers = HEADERS | {"Vary": "Accept-Language"}
    return RedirectResponse(f"/{language}/", status_code=303, headers=headers)


router.include_router(in_every_language(_pages))
