"""What editors offer while somebody writes a query, and the map that results are drawn on."""

import gzip
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from api.pages import geography
from api.pages.vocabulary import PREFIXES, read_vocabulary
from api.rest.documents import UNCHANGED, DocumentOut, Reading, ReadingDep

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
    response_model=DocumentOut[VocabularyOut],
    operation_id="get_vocabulary",
    responses=UNCHANGED,
)
def vocabulary(request: Request, reading: ReadingDep) -> Response:
    """Return terms of the ontology, concepts and organisations with their labels."""
    terms = [TermOut.model_validate(term) for term in read_vocabulary(*reading.view)]
    return _compressed(request, reading, VocabularyOut(prefixes=dict(PREFIXES), terms=terms))


@router.get(
    "/districts",
    response_model=DocumentOut[MapOut],
    operation_id="get_map",
    responses=UNCHANGED,
)
def districts(request: Request, reading: ReadingDep) -> Response:
    """Return the borders of the districts as SVG paths, and the projection for points."""
    drawn = MapOut(
        width=geography.WIDTH,
        height=geography.HEIGHT,
        projection=ProjectionOut.model_validate(geography.projection()),
        districts=[DistrictOut.model_validate(one) for one in geography.districts()],
    )
    return _compressed(request, reading, drawn)


def _compressed(request: Request, reading: Reading, data: BaseModel) -> Response:
    """Answer with a document that is large, and small when compressed."""
    answer = reading.answer(data)
    answer.headers["Vary"] = "Accept-Encoding"
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return answer
    answer.body = gzip.compress(answer.body, compresslevel=5, mtime=0)
    answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Content-Length"] = str(len(answer.body))
    return answer
