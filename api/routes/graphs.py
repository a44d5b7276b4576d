"""Named graphs over HTTP (SPARQL 1.1 Graph Store HTTP Protocol), and what there is."""

import re
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
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
from graph.store import Store, Visibility
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm
from graph.store.guard import check
from graph.store.runner import QueryRequest
from graph.vocabulary import ID
from graph.writing import Description, Kind, Write

__all__ = ["router"]

router = APIRouter(tags=["graphs"])

_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|\\^`]{1,500}")
_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_TAKEN = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
_LISTING = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX graph: <https://w3id.org/verbund/graph/>
PREFIX prov: <http://www.w3.org/ns/prov#>
SELECT ?graph (SAMPLE(?name) AS ?title) (SAMPLE(?right) AS ?rights) (SAMPLE(?terms) AS ?licence)
       (MAX(?at) AS ?changed)
WHERE {
  GRAPH graph:meta {
    ?graph a dcat:Dataset .
    OPTIONAL { ?graph dct:title ?name FILTER(LANG(?name) IN ("en", "")) }
    OPTIONAL { ?graph dct:accessRights ?right }
    OPTIONAL { ?graph dct:license ?terms }
    OPTIONAL { ?graph prov:generatedAtTime ?at }
  }
}
GROUP BY ?graph
ORDER BY ?graph
"""

Graph = Annotated[str | None, Query(description="IRI of a named graph")]
Default = Annotated[str | None, Query(description="The merge of all graphs, to read only")]
_CONTENT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {name: {"schema": {"type": "string"}} for name in _TAKEN},
    }
}


class GraphOut(BaseModel):
    """One named graph.

    Attributes:
        iri: Its name.
        href: Where its statements are.
        title: What it holds.
        access_rights: IRI of its visibility.
        licence: IRI of its licence.
        changed_at: When it was made or changed last.
    """

    iri: str
    href: str
    title: str | None = None
    access_rights: str | None = None
    licence: str | None = None
    changed_at: str | None = None


class GraphsOut(BaseModel):
    """The graphs that the caller may see, sorted by name."""

    version: str
    graphs: list[GraphOut]


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


@router.get("/graphs", response_model=GraphsOut)
@router.head("/graphs", include_in_schema=False)
async def read(request: Request, graph: Graph = None, default: Default = None) -> Response:
    """Return the statements of a graph; without a parameter, the list of graphs."""
    serving = await served(request)
    if graph is None and default is None:
        content = _listing(serving.store).model_dump_json(exclude_none=True)
        return Response(content, media_type="application/json")
    if graph is not None and (default is not None or graph not in serving.store.graphs()):
        raise UnknownGraphError(graph)
    return await _statements(request, serving, graph)


def _listing(store: Store) -> GraphsOut:
    described = {str(row["graph"]): row for row in store.select(_LISTING)}
    names = ("title", "rights", "licence", "changed")
    found = []
    for iri in store.graphs():
        row = described.get(iri, {})
        title, rights, licence, changed = (str(row[n]) if n in row else None for n in names)
        found.append(
            GraphOut(
                iri=iri,
                href=f"/graphs?graph={quote(iri, safe='')}",
                title=title,
                access_rights=rights,
                licence=licence,
                changed_at=changed,
            )
        )
    return GraphsOut(version=store.version, graphs=found)


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


@router.put("/graphs", responses=RECEIPTS, openapi_extra=_CONTENT)
async def put(
    request: Request,
    response: Response,
    caller: CallerDep,
    writer: WriterDep,
    description: Described,
    graph: Graph = None,
) -> ReceiptOut:
    """Put statements in place of what a graph holds; make it when it is new."""
    change = await _change(request, Kind.PUT, graph, description)
    receipt = await writer.apply(caller, change)
    return _answer(response, ReceiptOut.model_validate(receipt))


@router.post("/graphs", responses=RECEIPTS, openapi_extra=_CONTENT)
async def post(
    request: Request,
    response: Response,
    caller: CallerDep,
    writer: WriterDep,
    description: Described,
    graph: Graph = None,
) -> ReceiptOut:
    """Add statements to what a graph holds; make it when it is new."""
    change = await _change(request, Kind.POST, graph, description)
    receipt = await writer.apply(caller, change)
    return _answer(response, ReceiptOut.model_validate(receipt))


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
    receipt = await writer.apply(caller, change)
    return _answer(response, ReceiptOut.model_validate(receipt))


def _named(graph: str | None) -> str:
    """Return the graph to write to.

    Raises:
        GraphNotWritableError: None is named: nobody writes to the default graph.
    """
    if graph is None:
        raise GraphNotWritableError("", "name the graph to write to with ?graph=")
    return _iri("graph", graph)


async def _change(
    request: Request, kind: Kind, graph: str | None, description: DescriptionIn
) -> Write:
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
    change = Write(kind, content, name, media_type, description.described())
    return conditions(request, change)


def _answer(response: Response, receipt: ReceiptOut) -> ReceiptOut:
    response.headers["Verbund-Version"] = receipt.version
    if receipt.created:
        response.status_code = 201
        response.headers["Location"] = f"/graphs?graph={quote(receipt.created[0], safe='')}"
    return receipt
