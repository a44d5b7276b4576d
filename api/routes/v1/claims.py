"""Capability claims: who offers what, within which limits, on what evidence."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.asking import words_of
from api.directory import identifier, presenter_of
from api.rest.documents import DESCRIBED, DocumentOut, ReadingDep
from api.rest.paging import FieldsOf, PageDep, listed
from api.schemas.directory import ClaimOut
from graph.errors import UnknownTermError
from graph.model import Claim

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/claims", tags=["claims"])

Word = Annotated[str | None, Query(max_length=300)]


@router.get(
    "",
    responses=DESCRIBED,
    response_model=listed(ClaimOut),
    operation_id="list_claims",
)
def list_claims(
    reading: ReadingDep,
    page: PageDep,
    fields: Annotated[frozenset[str] | None, FieldsOf(ClaimOut)],
    organisation: Annotated[Word, Query(description="Identifier, name or IRI")] = None,
    competence: Annotated[Word, Query(description="IRI or label; narrower ones count")] = None,
    material: Annotated[Word, Query(description="IRI or label")] = None,
    least_confidence: Annotated[float, Query(ge=0, le=1)] = 0.0,
) -> Response:
    """List the claims that pass every filter, by IRI."""
    words, presenter = words_of(*reading.view), presenter_of(*reading.view)
    found = presenter.directory.find_claims(
        words.organisation(organisation) if organisation else None,
        words.competences.resolve(competence) if competence else None,
        words.materials.resolve(material) if material else None,
        least_confidence,
    )
    return page.answer(reading, found, _key, presenter.claim, fields)


def _key(claim: Claim) -> tuple[str, str]:
    return claim.iri, ""


@router.get(
    "/{name}",
    responses=DESCRIBED,
    response_model=DocumentOut[ClaimOut],
    operation_id="get_claim",
)
def get_claim(reading: ReadingDep, name: str) -> Response:
    """Give one claim by its identifier."""
    presenter = presenter_of(*reading.view)
    known = {identifier(claim.iri, "claim"): claim for claim in presenter.directory.claims}
    if name not in known:
        raise UnknownTermError(name, "claim")
    return reading.answer(presenter.claim(known[name]))
