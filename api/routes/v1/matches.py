"""Matches: who can serve one requirement, graded, with reasons and evidence."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.matching import find_matches, show_match
from api.rest.documents import DESCRIBED, ReadingDep
from api.rest.paging import FieldsOf, PageDep, listed
from api.schemas.enquiry import EnquiryIn, PlaceIn, RequirementIn, Word
from api.schemas.matches import MatchOut
from graph.errors import EnquiryError
from graph.matching import Candidate

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/matches", tags=["matches"])

Words = Annotated[list[Word], Query(max_length=20)]


@router.get(
    "",
    responses=DESCRIBED | {400: {"description": "A distance without a place, or half a place"}},
    response_model=listed(MatchOut),
    operation_id="list_matches",
)
def list_matches(
    reading: ReadingDep,
    page: PageDep,
    fields: Annotated[frozenset[str] | None, FieldsOf(MatchOut)],
    competence: Annotated[str, Query(min_length=1, max_length=300, description="IRI or label")],
    step: Annotated[str | None, Query(min_length=1, max_length=300)] = None,
    material: Words = [],  # noqa: B006 (FastAPI copies the default)
    certificate: Words = [],  # noqa: B006
    latitude: Annotated[float | None, Query(ge=-90, le=90)] = None,
    longitude: Annotated[float | None, Query(ge=-180, le=180)] = None,
    max_distance_km: Annotated[float | None, Query(gt=0)] = None,
) -> Response:
    """List who can serve one requirement, the cheapest match first."""
    requirement = RequirementIn(
        competence=competence, step=step, materials=material, certificates=certificate
    )
    place = _place(latitude, longitude)
    if max_distance_km is not None and place is None:
        raise EnquiryError("max_distance_km needs latitude and longitude to measure from")
    given = EnquiryIn(requirements=[requirement], place=place, max_distance_km=max_distance_km)
    found = find_matches(reading.store, given, reading.language)
    return page.answer(reading, found, _key, lambda one: show_match(*reading.view, one), fields)


def _place(latitude: float | None, longitude: float | None) -> PlaceIn | None:
    if latitude is None and longitude is None:
        return None
    if latitude is None or longitude is None:
        raise EnquiryError("a place needs both latitude and longitude")
    return PlaceIn(latitude=latitude, longitude=longitude)


def _key(candidate: Candidate) -> tuple[str, str]:
    return f"{candidate.cost_km:012d}", candidate.organisation
