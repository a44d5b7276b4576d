"""Named graphs over HTTP (SPARQL 1.1 Graph Store HTTP Protocol), and what there is."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.access.writes import RECEIPTS, ReceiptOut, WriterDep, conditions
from api.dependencies import CallerDep, Served, served
from api.errors import UnsupportedMediaTypeError
from api.negotiation import is_fresh
from api.results import respond, result_type
from graph.errors import (
    GraphNotWritableError,
    ParameterError,
    SourceFormatError,
    UnknownGraphError,
)
from graph.store import Visibility
from graph.store.dataset import Dataset
from graph.store.formats import GRAPH_MEDIA_TYPES, QueryForm
from graph.store.guard import check
from graph.store.runner import QueryRequest
from graph.vocabulary import ID
from graph.writing import Description, Kind, Receipt, Write

__all__ = ["router"]

router = APIRouter(tags=["graphs"])

_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]{1,500}")
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_TAKEN = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
Graph = Annotated[str | None, Query(description="IRI of a named graph")]
Default = Annotated[str | None, Query(description="The merge of all graphs, to read only")]
_CONTENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {name: {"schema": {"type": "string"}} for name in _TAKEN},
    }
}


_READ: dict[int | str, dict[str, Any]] = {
    200: {"description": "The statements", "content": {name: {} for name in GRAPH_MEDIA_TYPES}},
    303: {"description": "The list of graphs, when none is named"},
    304: {"description": "Not changed"},
    404: {"description": "There is no such graph"},
    406: {"description": "There is no accepted form"},
    504: {"description": "Reading took too long"},
    507: {"description": "Reading took more memory than it may"},
}


class DescriptionIn(BaseModel):
    """What to say of a graph; needed when it is new."""

    title_de: str | None = None
    title_en: str | None = None
    visibility: Literal["public", "partners", "internal"] | None = None
    licence: str | None = None
    attributed_to: str | None = None

    def described(self) -> Description | None:
        """Return the description, or ``None`` when nothing is said.

        Raises:
            ParameterError: It is incomplete, or an IRI is not one.
        """
        if not any(self.model_dump().values()):
            return None
        title = {"de": self.title_de, "en": self.title_en}
        said = {language: text for language, text in title.items() if text}
        if not said or self.visibility is None or self.licence is None:
            needed = "title_de or title_en, visibility and licence belong together"
            raise ParameterError("graphs", "description", needed)
        agent = self.attributed_to or str(ID["agent-verbund"])
        return Description(
            title=said,
            visibility=Visibility(self.visibility),
            licence=_iri("licence", self.licence),
            attributed_to=_iri("attributed_to", agent),
        )


Described = Annotated[DescriptionIn, Query()]


def _iri(name: str, value: str) -> str:
    if not _IRI.fullmatch(value):
        raise ParameterError("graphs", name, f"{value!r} is no http or https IRI")
    return value


@router.get("/graphs", responses=_READ, response_class=Response)
@router.head("/graphs", include_in_schema=False)
async def read(request: Request, graph: Graph = None, default: Default = None) -> Response:
    """Return the statements of a graph; without a parameter, the way to the list of graphs."""
    serving = served(request)
    if graph is None and default is None:
        return RedirectResponse("/api/v1/graphs", status_code=303)
    if graph is not None and (default is not None or graph not in serving.store.graphs()):
        raise UnknownGraphError(graph)
    return await _statements(request, serving, graph)


async def _statements(request: Request, serving: Served, graph: str | None) -> Response:
    media_type = result_type(request, QueryForm.CONSTRUCT, ())
    # the tag names the version first, so that it can be given as If-Match of a write
    tag = f'"{serving.store.version}/{media_type}"'
    if is_fresh(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers={"ETag": tag, "Vary": "Accept"})
    asked = QueryRequest(
        query=check(_ALL),
        media_type=media_type,
        visibility=serving.caller.visibility,
        dataset=None if graph is None else Dataset((graph,), ()),
        client=serving.caller.client,
    )
    response = await respond(request, serving, asked)
    if response.status_code == 200:
        response.headers["ETag"] = f'"{response.headers["Verbund-Version"]}/{media_type}"'
    return response


async def _change(request: Request, description: Described, graph: Graph = None) -> Write:
    """Return the change that a request asks for.

    Raises:
        UnsupportedMediaTypeError: The body is no RDF graph of a kind that is taken.
        SourceFormatError: It is not UTF-8.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _TAKEN:
        raise UnsupportedMediaTypeError(f"a graph comes as {', '.join(_TAKEN)}")
    name = _named(graph)
    try:
        content = (await request.body()).decode()
    except UnicodeDecodeError as error:
        raise SourceFormatError("<request>", f"not UTF-8 at byte {error.start}") from None
    kind = Kind(request.method.lower())
    return conditions(request, Write(kind, content, name, media_type, description.described()))


Change = Annotated[Write, Depends(_change)]


# the writer comes first: who may not write is told so before anything of the request is read
@router.put("/graphs", responses=RECEIPTS, openapi_extra=_CONTENT)
async def put(
    response: Response, caller: CallerDep, writer: WriterDep, change: Change
) -> ReceiptOut:
    """Put statements in place of what a graph holds; make it when it is new."""
    return _answer(response, await writer.apply(caller, change))


@router.post("/graphs", responses=RECEIPTS, openapi_extra=_CONTENT)
async def post(
    response: Response, caller: CallerDep, writer: WriterDep, change: Change
) -> ReceiptOut:
    """Add statements to what a graph holds; make it when it is new."""
    return _answer(response, await writer.apply(caller, change))


@router.delete("/graphs", responses=RECEIPTS)
async def delete(
    request: Request,
    response: Response,
    caller: CallerDep,
    writer: WriterDep,
    graph: Graph = None,
) -> ReceiptOut:
    """Remove a graph and what is said of it."""
    change = conditions(request, Write(Kind.DELETE, graph=_named(graph)))
    return _answer(response, await writer.apply(caller, change))


def _named(graph: str | None) -> str:
    """Return the graph to write to.

    Raises:
        GraphNotWritableError: None is named: nobody writes to the default graph.
    """
    if graph is None:
        raise GraphNotWritableError("", "name the graph to write to with ?graph=")
    return _iri("graph", graph)


def _answer(response: Response, receipt: Receipt) -> ReceiptOut:
    response.headers["Verbund-Version"] = receipt.version
    if receipt.created:
        response.status_code = 201
        response.headers["Location"] = f"/graphs?graph={quote(receipt.created[0], safe='')}"
    return ReceiptOut.model_validate(receipt)
