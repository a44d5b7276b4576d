"""What editors offer while somebody writes a query, and the map that results are drawn on."""

import gzip
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from api.dependencies import CallerDep, StoreDep
from api.negotiation import is_fresh
from api.pages import geography
from api.pages.vocabulary import PREFIXES, read_vocabulary

__all__ = ["router"]

router = APIRouter(prefix="/api/v1", tags=["vocabulary"])


class TermOut(BaseModel):
    """One thing that a query may name.

    ``also`` is its label in the other language, ``district`` where an organisation is.
    """

    model_config = ConfigDict(from_attributes=True)

    iri: str
    kind: Literal["class", "property", "concept", "organisation"]
    label: str
    also: str
    definition: str
    district: str


class VocabularyOut(BaseModel):
    """Prefixes by name, and what they are for."""

    prefixes: dict[str, str]
    terms: list[TermOut]


class DistrictOut(BaseModel):
    """One district: official key, name, border as the ``d`` of an SVG path, room for a number."""

    model_config = ConfigDict(from_attributes=True)

    key: str
    name: str
    path: str
    x: float
    y: float


class ProjectionOut(BaseModel):
    """Where a point lies, SVG units.

    ``x = margin + (longitude - west) * squeeze * scale``,
    ``y = margin + (north - latitude) * scale``.
    """

    model_config = ConfigDict(from_attributes=True)

    west: float
    north: float
    scale: float
    squeeze: float
    margin: float


class MapOut(BaseModel):
    """The map of Thuringia in SVG units; its attribution must be shown with it."""

    width: int
    height: int
    projection: ProjectionOut
    districts: list[DistrictOut]
    attribution: str = "© GeoBasis-DE / BKG (Daten verändert)"


@router.get(
    "/vocabulary",
    response_model=VocabularyOut,
    operation_id="get_vocabulary",
    responses={304: {"description": "Not changed since the tag in `If-None-Match`"}},
)
def vocabulary(
    request: Request,
    store: StoreDep,
    caller: CallerDep,
    lang: Annotated[Literal["de", "en"], Query(description="Language of the labels")] = "de",
) -> Response:
    """Return terms of the ontology, concepts and organisations with their labels."""
    tag = f'"{store.version}/{caller.visibility}/{lang}"'
    if is_fresh(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=_headers(tag))
    terms = [TermOut.model_validate(term) for term in read_vocabulary(store, lang)]
    return _document(request, VocabularyOut(prefixes=dict(PREFIXES), terms=terms), tag)


@router.get("/districts", response_model=MapOut, operation_id="get_map")
def districts(request: Request) -> Response:
    """Return the borders of the districts as SVG paths, and the projection for points."""
    drawn = MapOut(
        width=geography.WIDTH,
        height=geography.HEIGHT,
        projection=ProjectionOut.model_validate(geography.projection()),
        districts=[DistrictOut.model_validate(one) for one in geography.districts()],
    )
    return _document(request, drawn)


def _document(request: Request, document: BaseModel, tag: str = "") -> Response:
    content = document.model_dump_json().encode()
    headers = _headers(tag)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        content = gzip.compress(content, compresslevel=5, mtime=0)
    return Response(content, headers=headers, media_type="application/json")


def _headers(tag: str) -> dict[str, str]:
    headers = {"Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
    return headers | ({"ETag": tag} if tag else {})
