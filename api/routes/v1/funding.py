"""Funding checks: is a consortium eligible, why not, whom to ask, what to change."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.funding import check_enquiry, check_organisations
from api.rest.documents import DESCRIBED, DocumentOut, ReadingDep
from api.schemas.funding import FundingOut
from graph.eligibility import ProjectFacts
from graph.errors import EnquiryError

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/funding", tags=["funding"])

_RESPONSES: dict[int | str, dict[str, Any]] = DESCRIBED | {
    400: {"description": "Neither an enquiry nor organisations are given, or both"},
    404: {"description": "No such enquiry, organisation or programme"},
}
Kind = Literal["cooperation", "national-network", "international-network", "individual"]


@router.get(
    "/checks",
    responses=_RESPONSES,
    response_model=DocumentOut[FundingOut],
    operation_id="check_funding",
)
def check_by_get(
    reading: ReadingDep,
    enquiry: Annotated[str | None, Query(description="Number, title or IRI")] = None,
    organisation: Annotated[list[str], Query(max_length=24)] = [],  # noqa: B006 (FastAPI copies)
    programme: Annotated[str | None, Query(description="IRI, identifier or name")] = None,
    demand: Annotated[bool, Query(description="Search members that satisfy the rules")] = False,
    kind: Annotated[Kind, Query(description="Kind of project")] = "cooperation",
    duration_months: Annotated[int | None, Query(ge=1, le=120)] = None,
    civilian: bool | None = None,
    field: Annotated[str | None, Query(max_length=200)] = None,
    day: Annotated[date | None, Query(description="Day to judge deadlines on; today")] = None,
) -> Response:
    """Check the suggested consortium of an enquiry, or named organisations, against programmes.

    With ``demand`` the search is asked to satisfy the rules of ``programme`` that count members.
    """
    if (enquiry is None) == (not organisation):
        raise EnquiryError("give either an enquiry or organisations")
    if demand and programme is None:
        raise EnquiryError("name the programme whose rules are demanded")
    project = ProjectFacts(kind, duration_months, civilian, field)
    store, language = reading.view
    if enquiry is not None:
        found = check_enquiry(store, enquiry, programme, language, project, demand=demand, day=day)
        return reading.answer(found)
    found = check_organisations(store, organisation, project, programme, language, day)
    return reading.answer(found)
