"""Enquiries of the graph, and free text that becomes a proposal of one."""

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from fastapi.responses import Response

from api.directory import presenter_of
from api.enquiries import enquiries_of
from api.rest.documents import DESCRIBED, DocumentOut, ReadingDep
from api.rest.paging import FieldsOf, PageDep, listed
from api.schemas.enquiries import EnquiryDetailOut, EnquiryLineOut
from api.schemas.understanding import ProposalOut, TextIn
from graph.directory import folded
from graph.enquiries import find_enquiry
from graph.model import Enquiry

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/enquiries", tags=["enquiries"])

_SAMPLE = {
    "text": "Wir suchen einen Partner für CNC-Drehen und Rundschleifen von Wellen aus 42CrMo4, "
    "Ø 30 mm, Ra 0,2, 500 Stück/Jahr. ISO 9001 erforderlich. Lieferung bis 30.06.2027."
}
_UNDERSTOOD: dict[int | str, dict[str, Any]] = {
    200: {"description": "What the text seems to ask, with the words that say so"},
    422: {"description": "No text, or one that is too long"},
}


@router.get(
    "",
    responses=DESCRIBED,
    response_model=listed(EnquiryLineOut),
    operation_id="list_enquiries",
)
def list_enquiries(
    reading: ReadingDep,
    page: PageDep,
    fields: Annotated[frozenset[str] | None, FieldsOf(EnquiryLineOut)],
    q: Annotated[str, Query(max_length=300, description="Words in title or requirements")] = "",
) -> Response:
    """List the enquiries of the graph that the caller may see, by IRI."""
    presenter = presenter_of(*reading.view)
    words = folded(q).split()
    found = [
        enquiry
        for enquiry, text in enquiries_of(*reading.view)
        if all(word in text for word in words)
    ]
    return page.answer(reading, found, _key, presenter.enquiry, fields)


def _key(enquiry: Enquiry) -> tuple[str, str]:
    return enquiry.iri, ""


@router.get(
    "/{name}",
    responses=DESCRIBED,
    response_model=DocumentOut[EnquiryDetailOut],
    operation_id="get_enquiry",
)
def get_enquiry(reading: ReadingDep, name: str) -> Response:
    """Give one enquiry, by number or title, with its requirements."""
    found = find_enquiry(reading.store, name, reading.language)
    return reading.answer(presenter_of(*reading.view).enquiry_detail(found))


@router.post(
    "/understanding",
    responses=_UNDERSTOOD,
    response_model=DocumentOut[ProposalOut],
    operation_id="understand_enquiry",
)
def understand(reading: ReadingDep, given: Annotated[TextIn, Body(examples=[_SAMPLE])]) -> Response:
    """Read an enquiry in free text, German or English, as a proposal of requirements.

    Nothing is kept, and a person confirms: `enquiry` of the answer can be sent to
    `POST /api/v1/consortia` as it is.
    """
    from api.understanding import propose  # the lexicon is read when it is first needed

    proposal = propose(reading.store, given.text, given.language or "", reading.language)
    headers = reading.headers() | {"Cache-Control": "no-store"}
    del headers["ETag"]
    return reading.send({"data": proposal.model_dump(mode="json")}, headers)
