"""The query catalogue as pages: questions that the graph answers, each with a form."""

import json

from fastapi import Request
from fastapi.responses import Response

from api.dependencies import served
from api.pages.questions import document_path, fields, names_of, read_table, values_of
from api.pages.rendering import language_of, render
from api.pages.routing import PageLanguage, in_every_language, not_found, page_router
from graph.catalogue import catalogue, find
from graph.errors import ParameterError, UnknownQueryError
from graph.store.guard import check
from graph.store.runner import Lane, QueryRequest

__all__ = ["router"]

_MOST_ROWS = 500
_JSON = "application/sparql-results+json"

_pages = page_router()


@_pages.get("/queries")
def questions(request: Request, language: PageLanguage) -> Response:
    """List the questions of the catalogue."""
    found = sorted(catalogue().values(), key=lambda query: query.question[language])
    return render(request, "questions.html", {"queries": found})


@_pages.get("/queries/{name}")
async def question(request: Request, name: str) -> Response:
    """Ask one question with the values of the form, or with examples."""
    try:
        query = find(name)
    except UnknownQueryError:
        return not_found(request)
    serving, language = served(request), language_of(request)
    values = values_of(query, request.query_params, serving.store, language)
    context = {"query": query, "fields": fields(query, values), "most": _MOST_ROWS}
    context |= {form: document_path(query, values, form) for form in ("csv", "json")}
    try:
        text = query.bound(values)
    except ParameterError as error:
        context |= {"error": error, "table": None, "sparql": query.text}
        return render(request, "question.html", context, 422)
    asked = QueryRequest(
        query=check(text),
        media_type=_JSON,
        visibility=serving.caller.visibility,
        max_rows=_MOST_ROWS,
        lane=Lane.CATALOGUE,
    )
    answer = await serving.runner.run(asked)
    content = answer.content or b""
    if answer.parts is not None:
        content = b"".join([part async for part in answer.parts])
    names = names_of(serving.store, language)
    context |= {
        "error": None,
        "is_cut": answer.is_cut,
        "table": read_table(query, json.loads(content), names, language),
        "sparql": text,
    }
    return render(request, "question.html", context)


router = in_every_language(_pages)
