"""The query catalogue over HTTP: what there is to ask, and the answers."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.dependencies import served
from api.negotiation import choose
from api.results import max_rows, respond, result_type
from api.spreadsheets import for_spreadsheets
from graph.catalogue import Query, catalogue, find
from graph.catalogue_rdf import catalogue_turtle
from graph.errors import ParameterError
from graph.store.guard import check
from graph.store.runner import Lane, QueryRequest

__all__ = ["QueryOut", "router"]

router = APIRouter(prefix="/queries", tags=["catalogue"])

_TURTLE = "text/turtle"
_LISTED = ("application/json", _TURTLE)
_OWN = ("format", "max-rows", "lang")


class ParameterOut(BaseModel):
    """One value that a query asks for; ``name`` is its name in the address."""

    name: str
    type: str
    required: bool
    default: str | None
    example: str
    description: str


class QueryOut(BaseModel):
    """One query of the catalogue in one language.

    Attributes:
        href: Where it is answered.
        returns: What each column holds.
        sparql: The query with its examples; it runs at ``/sparql`` as it is.
    """

    name: str
    href: str
    summary: str
    question: str
    description: str
    tags: list[str]
    parameters: list[ParameterOut]
    returns: dict[str, str]
    sparql: str


class CatalogueOut(BaseModel):
    """All queries, sorted by name."""

    queries: list[QueryOut]


Language = Literal["de", "en"]


def _shown(query: Query, language: str) -> QueryOut:
    return QueryOut(
        name=query.name,
        href=f"/queries/{query.name}",
        summary=query.summary[language],
        question=query.question[language],
        description=query.description[language],
        tags=list(query.tags),
        parameters=[
            ParameterOut(
                name=one.name,
                type=one.type,
                required=one.required,
                default=one.default,
                example=one.example,
                description=one.description[language],
            )
            for one in query.parameters.values()
        ],
        returns={name: text[language] for name, text in query.returns.items()},
        sparql=query.sparql,
    )


@router.get("", response_model=CatalogueOut, responses={200: {"content": {"text/turtle": {}}}})
async def list_queries(
    request: Request, lang: Language = "de", tag: str | None = None
) -> CatalogueOut | Response:
    """List the queries with their parameters and columns.

    `text/turtle` gives all of them as SHACL SPARQL executables, in both languages.
    """
    if choose(request.headers.get("accept"), _LISTED, aliases=False) == _TURTLE:
        return Response(catalogue_turtle(), media_type=_TURTLE, headers={"Vary": "Accept"})
    chosen = [query for query in catalogue().values() if tag is None or tag in query.tags]
    return CatalogueOut(queries=[_shown(query, lang) for query in chosen])


@router.get("/{name}/about")
async def about_query(name: str, lang: Language = "de") -> QueryOut:
    """Say what one query answers, what it needs and what it returns."""
    return _shown(find(name), lang)


@router.get("/{name}")
@router.head("/{name}", include_in_schema=False)
async def answer_query(name: str, request: Request) -> Response:
    """Answer one query; its parameters are those of the address.

    `format` (json, xml, csv, tsv, spreadsheet) and `max-rows` belong to no query and may be added.
    """
    query = find(name)
    serving = await served(request)
    checked = check(query.bound(_values(query, request)))
    asked = QueryRequest(
        query=checked,
        media_type=result_type(request, checked.form, request.query_params.getlist("format")),
        visibility=serving.caller.visibility,
        max_rows=max_rows(request.query_params.getlist("max-rows")),
        lane=Lane.CATALOGUE,
    )
    answer = await respond(request, serving, asked)
    return for_spreadsheets(answer, request.query_params.getlist("format"))


def _values(query: Query, request: Request) -> dict[str, str]:
    """Return the parameters of the address that belong to the query.

    Raises:
        ParameterError: One is given twice.
    """
    values: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        if name in values:
            raise ParameterError(query.name, name, "is given twice")
        if name not in _OWN:
            values[name] = value
    return values
