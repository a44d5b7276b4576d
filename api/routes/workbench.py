"""The pages of the workbench: write a query, run it, save it."""

import json
import secrets
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.forms import read_form, text_of
from api.access.roles import Role
from api.dependencies import CallerDep, Served, served
from api.errors import STATUS
from api.i18n import LANGUAGES, texts
from api.negotiation import preferred_language
from api.pages.rendering import HEADERS, language_of, render
from api.pages.routing import PageLanguage, in_every_language, not_found, page_router
from api.pages.scripts import download_names, page_data, trouble_titles
from api.pages.structured import script_json
from api.pages.workbench import (
    DOWNLOADS,
    GRAPH_DOWNLOADS,
    Draft,
    download_path,
    draft_of,
    read_result,
    trouble_of,
)
from api.results import unless_gone
from api.saving import SavedQueries
from graph.catalogue import catalogue
from graph.errors import (
    ParameterError,
    QueryRefusedError,
    QuerySyntaxError,
    StoreBusyError,
    StoreLimitError,
    StoreTimeoutError,
    UnknownQueryError,
)
from graph.store.guard import check
from graph.store.runner import QueryRequest

__all__ = ["router"]

_MOST_ROWS = 500
_RESULT, _TURTLE = "application/sparql-results+json", "text/turtle"
_TROUBLES = (
    QueryRefusedError,
    QuerySyntaxError,
    StoreBusyError,
    StoreLimitError,
    StoreTimeoutError,
)

_pages = page_router()


def _saved_of(request: Request) -> SavedQueries:
    found: SavedQueries = request.app.state.saved
    return found


@_pages.get("/workbench")
async def workbench(request: Request) -> Response:
    """Show a query in the editor; with ``run`` in the address, also what comes of it."""
    serving, language = served(request), language_of(request)
    saved, key = _saved_of(request), serving.caller.key
    draft = draft_of(request.query_params, serving.store, language, saved, key)
    if draft.error is not None:
        return _show(request, serving, draft, status_code=422)
    if draft.is_missing:
        return _show(request, serving, draft, status_code=404)
    if "run" not in request.query_params:
        return _show(request, serving, draft)
    try:
        return _show(request, serving, draft, await _run(request, serving, draft.text))
    except _TROUBLES as error:
        shown = {"trouble": trouble_of(error, draft.text)}
        return _show(request, serving, draft, shown, STATUS[type(error)])


def _show(
    request: Request,
    serving: Served,
    draft: Draft,
    shown: dict[str, Any] | None = None,
    status_code: int = 200,
) -> Response:
    language, key = language_of(request), serving.caller.key
    nonce = secrets.token_urlsafe(16)
    context: dict[str, Any] = {
        **{"trouble": None, "table": None, "turtle": None, "is_cut": False, "downloads": {}},
        "draft": draft,
        "queries": sorted(catalogue().values(), key=lambda query: query.question[language]),
        "saved": _saved_of(request).of(key) if key else [],
        "most": _MOST_ROWS,
        "timeout_s": serving.settings.query_timeout_s,
        "nonce": nonce,
        "titles": trouble_titles(texts(language)),
        "names": download_names(texts(language)),
        "page_data": script_json(page_data(texts(language))),
    }
    answer = render(request, "workbench.html", context | (shown or {}), status_code)
    # the style sheet that the editor makes, and no other
    allowed = f"style-src 'self' 'nonce-{nonce}'"
    policy = HEADERS["Content-Security-Policy"].replace("style-src 'self'", allowed)
    answer.headers["Content-Security-Policy"] = policy
    return answer


async def _run(request: Request, serving: Served, text: str) -> dict[str, Any]:
    """Run a query as ``/sparql`` does and return what the page shows of its result."""
    query = check(text, serving.settings.guard_limits())
    asked = QueryRequest(
        query=query,
        media_type=_TURTLE if query.form.is_graph else _RESULT,
        visibility=serving.caller.visibility,
        max_rows=_MOST_ROWS,
        client=serving.caller.client,
    )
    answer = await unless_gone(request, serving.runner.run(asked))
    content = answer.content or b""
    if answer.parts is not None:
        content = b"".join([part async for part in answer.parts])
    forms = GRAPH_DOWNLOADS if query.form.is_graph else DOWNLOADS
    shown: dict[str, Any] = {"downloads": {form: download_path(text, form) for form in forms}}
    if query.form.is_graph:
        shown["turtle"] = content.decode("utf-8")
    else:
        shown["table"] = read_result(json.loads(content), language_of(request))
    return shown | {"is_cut": answer.is_cut}


@_pages.post("/workbench/saved")
async def save(request: Request, caller: CallerDep, language: PageLanguage) -> Response:
    """Keep a query under a title, and show it."""
    fields = await read_form(request)
    caller.require(Role.PARTNER)
    title, text = text_of(fields, "title"), text_of(fields, "query")
    is_shared = bool(text_of(fields, "shared"))
    try:
        kept = _saved_of(request).save(caller.key, title, text, is_shared=is_shared)
    except ParameterError as error:
        shown = {"trouble": trouble_of(error, text)}
        return _show(request, served(request), Draft(text), shown, 422)
    return RedirectResponse(f"/{language}/workbench?saved={kept.id}", status_code=303)


@_pages.post("/workbench/saved/{name}/remove")
async def remove(
    request: Request, caller: CallerDep, language: PageLanguage, name: str
) -> Response:
    """Forget a saved query."""
    await read_form(request)
    caller.require(Role.PARTNER)
    try:
        _saved_of(request).remove(name, caller.key)
    except UnknownQueryError:
        return not_found(request)
    return RedirectResponse(f"/{language}/workbench", status_code=303)


router = APIRouter(include_in_schema=False)


@router.get("/workbench")
@router.get("/dashboards")
@router.get("/sign-in")
def choose_language(request: Request) -> Response:
    """Send a reader to the page in the language the browser prefers."""
    language = preferred_language(request.headers.get("accept-language", ""), LANGUAGES)
    asked = f"?{request.url.query}" if request.url.query else ""
    headers = HEADERS | {"Vary": "Accept-Language"}
    path = f"/{language}{request.url.path}{asked}"
    return RedirectResponse(path, status_code=303, headers=headers)


router.include_router(in_every_language(_pages))
