"""Funding checks: is a consortium eligible, why not, whom to ask, what to change."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from api.asking import words_of
from api.dependencies import StoreDep
from api.funding import check_enquiry, check_funding
from api.schemas.funding import FundingOut
from graph.eligibility import ProjectFacts
from graph.errors import EnquiryError

__all__ = ["router"]

router = APIRouter(prefix="/funding", tags=["funding"])

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The answer for each programme, with rules, sources and what to change"},
    404: {"description": "No such enquiry, organisation or programme"},
}
Kind = Literal["cooperation", "national-network", "international-network", "individual"]


@router.get("/checks", responses=_RESPONSES, summary="Check partners against funding programmes")
def check_by_get(
    response: Response,
    store: StoreDep,
    enquiry: Annotated[str | None, Query(description="Number, title or IRI")] = None,
    organisation: Annotated[list[str], Query(max_length=24)] = [],  # noqa: B006 (FastAPI copies)
    programme: Annotated[str | None, Query(description="IRI, identifier or name")] = None,
    demand: Annotated[bool, Query(description="Search members that satisfy the rules")] = False,
    kind: Annotated[Kind, Query(description="Kind of project")] = "cooperation",
    duration_months: Annotated[int | None, Query(ge=1, le=120)] = None,
    civilian: bool | None = None,
    field: Annotated[str | None, Query(max_length=200)] = None,
    lang: Annotated[Literal["de", "en"], Query(description="Language of texts")] = "de",
) -> FundingOut:
    """Check the suggested consortium of an enquiry, or named organisations.

    With ``demand`` the search is asked to satisfy the rules of ``programme`` that count members.
    """
    if (enquiry is None) == (not organisation):
        raise EnquiryError("give either an enquiry or organisations")
    if demand and programme is None:
        raise EnquiryError("name the programme whose rules are demanded")
    response.headers["Content-Language"] = lang
    response.headers["Verbund-Version"] = store.version
    project = ProjectFacts(kind, duration_months, civilian, field)
    if enquiry is not None:
        return check_enquiry(store, enquiry, programme, lang, project, demand=demand)
    words = words_of(store, lang)
    partners = [words.organisation(word) for word in organisation]
    return check_funding(store, partners, project, programme, lang)
