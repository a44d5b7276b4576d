"""The query catalogue over HTTP: what there is to ask, and the answers."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi import Query as QueryParameter
from fastapi.responses import Response
from pydantic import BaseModel

from api.dependencies import served
from api.negotiation import choose
from api.rest.documents import DESCRIBED, DocumentOut, ReadingDep
from api.rest.paging import FieldsOf, PageDep, listed
from api.results import max_rows, respond, result_type
from api.spreadsheets import for_spreadsheets
from graph.catalogue import Query, catalogue, find
from graph.catalogue_rdf import catalogue_turtle
from graph.errors import ParameterError
from graph.store.guard import check
from graph.store.runner import Lane, QueryRequest
from graph.vocabulary import ID

__all__ = ["QueryOut", "router"]

router = APIRouter(prefix="/api/v1/queries", tags=["catalogue"])

_TURTLE = "text/turtle"
_LISTED = ("application/json", _TURTLE)
_LISTING: dict[int | str, dict[str, Any]] = DESCRIBED | {
    200: {"description": "The queries", "content": {_TURTLE: {}}},
    406: {"description": "The list is not available in an accepted form"},
}
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
        iri: The query as linked data.
        href: Where it is answered.
        returns: What each column holds.
        sparql: The query with its examples; it runs at ``/sparql`` as it is.
    """

    iri: str
    name: str
    href: str
    summary: str
    question: str
    description: str
    tags: list[str]
    parameters: list[ParameterOut]
    returns: dict[str, str]
    sparql: str


def _shown(query: Query, language: str) -> QueryOut:
    return QueryOut(
        iri=str(ID[f"query-{query.name}"]),
        name=query.name,
        href=f"/api/v1/queries/{query.name}",
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


@router.get(
    "",
    responses=_LISTING,
    response_model=listed(QueryOut),
    operation_id="list_queries",
)
async def list_queries(
    request: Request,
    reading: ReadingDep,
    page: PageDep,
    fields: Annotated[frozenset[str] | None, FieldsOf(QueryOut)],
    tag: Annotated[str | None, QueryParameter(max_length=100)] = None,
) -> Response:
    """List the queries with their parameters and columns, by name.

    `text/turtle` gives all of them as SHACL SPARQL executables, in both languages.
    """
    if choose(request.headers.get("accept"), _LISTED, aliases=False) == _TURTLE:
        return Response(catalogue_turtle(), media_type=_TURTLE, headers={"Vary": "Accept"})
    chosen = [query for query in catalogue().values() if tag is None or tag in query.tags]
    found = sorted(chosen, key=_key)
    answer = page.answer(reading, found, _key, lambda q: _shown(q, reading.language), fields)
    answer.headers["Vary"] = "Accept"
    return answer


def _key(query: Query) -> tuple[str, str]:
    return query.name, ""


@router.get(
    "/{name}/about",
    responses=DESCRIBED,
    response_model=DocumentOut[QueryOut],
    operation_id="get_query",
)
async def about_query(reading: ReadingDep, name: str) -> Response:
    """Say what one query answers, what it needs and what it returns."""
    return reading.answer(_shown(find(name), reading.language))


@router.get("/{name}", include_in_schema=False)  # described once for each query
@router.head("/{name}", include_in_schema=False)
async def answer_query(name: str, request: Request) -> Response:
    """Answer one query; its parameters are those of the address.

    `format` (json, xml, csv, tsv, spreadsheet) and `max-rows` belong to no query and may be added.
    """
    query = find(name)
    serving = served(request)
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
