"""Kinds of problems at their own IRIs: as pages for people, as JSON for programs."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.errors import status_of
from api.negotiation import choose
from api.pages.rendering import render
from api.pages.routing import in_every_language, not_found, page_router
from api.problems import KINDS, Kind
from api.publishing import HTML, LanguageDep, see_other
from graph.errors import UnknownTermError

__all__ = ["router"]

router = APIRouter(tags=["problems"])

_JSON = "application/json"
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "What the problem means and what to do", "content": {_JSON: {}}},
    303: {"description": "The web page, for a client that prefers HTML"},
    404: {"description": "There is no such kind of problem"},
    406: {"description": "There is no accepted form"},
}


@router.get("/problem/{name}", responses=_RESPONSES, operation_id="get_problem")
async def problem(request: Request, language: LanguageDep, name: str) -> Response:
    """Say what a kind of problem means and what a client can do."""
    if name not in KINDS:
        raise UnknownTermError(name, "problem")
    if choose(request.headers.get("accept"), (_JSON, HTML), aliases=False) == HTML:
        return see_other(f"/{language}/problems/{name}", f'</problem/{name}>; rel="describedby"')
    kind = KINDS[name]
    content = {
        "type": kind.iri,
        "title": kind.title,
        "status": status_of(kind.title),
        "meaning": kind.meaning,
        "remedy": kind.remedy,
        "final": kind.is_final,
    }
    return JSONResponse(content, headers={"Vary": "Accept", "Cache-Control": "no-cache"})


_pages = page_router()


@_pages.get("/problems")
def listing(request: Request) -> Response:
    """List the kinds of problems."""
    kinds = sorted(KINDS.values(), key=lambda kind: kind.slug)
    lines: list[tuple[Kind, int]] = [(kind, status_of(kind.title)) for kind in kinds]
    return render(request, "problem.html", {"kind": None, "kinds": lines})


@_pages.get("/problems/{name}")
def page(request: Request, name: str) -> Response:
    """Show one kind of problem."""
    if name not in KINDS:
        return not_found(request)
    kind = KINDS[name]
    return render(request, "problem.html", {"kind": kind, "status": status_of(kind.title)})


router.include_router(in_every_language(_pages))
