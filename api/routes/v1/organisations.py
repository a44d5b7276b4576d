"""Organisations: search with filters, and all that is known of one."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api.asking import words_of
from api.directory import presenter_of
from api.rest.documents import DESCRIBED, DocumentOut, ReadingDep
from api.rest.paging import FieldsOf, PageDep, listed
from api.schemas.directory import OrganisationDetailOut, OrganisationOut
from graph.directory import folded
from graph.model import Organisation

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/organisations", tags=["organisations"])

Kind = Literal[
    "Association",
    "Cluster",
    "Company",
    "Organization",
    "PublicAuthority",
    "ResearchInstitution",
    "TransferCentre",
]
Word = Annotated[str | None, Query(max_length=300)]


@router.get(
    "",
    responses=DESCRIBED,
    response_model=listed(OrganisationOut),
    operation_id="list_organisations",
)
def list_organisations(
    reading: ReadingDep,
    page: PageDep,
    fields: Annotated[frozenset[str] | None, FieldsOf(OrganisationOut)],
    q: Annotated[str, Query(max_length=300, description="Words in name or town")] = "",
    competence: Annotated[
        list[str], Query(max_length=24, description="IRIs or labels; each must be claimed")
    ] = [],  # noqa: B006 (FastAPI copies the default)
    type: Annotated[Kind | None, Query(description="Class of the ontology")] = None,  # noqa: A002
    district: Annotated[Word, Query(description="Key such as 16053, or name")] = None,
    step: Annotated[Word, Query(description="IRI or label of a value-chain step")] = None,
) -> Response:
    """List the organisations that pass every filter, by name."""
    words, presenter = words_of(*reading.view), presenter_of(*reading.view)
    found = presenter.directory.find_organisations(
        q,
        [words.competences.resolve(word) for word in competence],
        type,
        words.district(district) if district else None,
        words.steps.resolve(step) if step else None,
    )
    return page.answer(reading, found, _key, presenter.organisation, fields)


def _key(organisation: Organisation) -> tuple[str, str]:
    return folded(organisation.name), organisation.iri


@router.get(
    "/{name:path}",  # names have slashes too
    responses=DESCRIBED,
    response_model=DocumentOut[OrganisationDetailOut],
    operation_id="get_organisation",
)
def get_organisation(reading: ReadingDep, name: str) -> Response:
    """Give one organisation, by identifier or name, with claims, certificates and ties."""
    presenter = presenter_of(*reading.view)
    iri = words_of(*reading.view).organisation(name)
    return reading.answer(presenter.organisation_detail(presenter.landscape.organisations[iri]))
