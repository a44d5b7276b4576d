"""Understanding an enquiry: free text in, a proposal out that a person confirms."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Query, Response

from api.dependencies import StoreDep
from api.schemas.understanding import ProposalOut, TextIn

__all__ = ["router"]

router = APIRouter(prefix="/enquiries", tags=["enquiries"])

_SAMPLE = {
    "text": "Wir suchen einen Partner für CNC-Drehen und Rundschleifen von Wellen aus 42CrMo4, "
    "Ø 30 mm, Ra 0,2, 500 Stück/Jahr. ISO 9001 erforderlich. Lieferung bis 30.06.2027."
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "What the text seems to ask, with the words that say so"},
    422: {"description": "No text, or one that is too long"},
}


@router.post(
    "/understanding",
    responses=_RESPONSES,
    summary="Read an enquiry in free text as a proposal of requirements",
)
def understand_by_post(
    response: Response,
    store: StoreDep,
    given: Annotated[TextIn, Body(examples=[_SAMPLE])],
    lang: Annotated[Literal["de", "en"], Query(description="Language of names")] = "de",
) -> ProposalOut:
    """Read a German or English text; nothing is kept, and a person confirms.

    ``enquiry`` of the answer can be sent to ``POST /consortia`` as it is.
    """
    from api.understanding import propose  # the lexicon is read when it is first needed

    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = lang
    response.headers["Verbund-Version"] = store.version
    return propose(store, given.text, given.language or "", lang)
