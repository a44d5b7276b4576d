"""Consortium suggestions: ``GET`` for an enquiry of the graph or for words, ``POST`` for more.

Both have the same answer in JSON, CSV, Turtle or JSON-LD, chosen by ``Accept`` or ``format``.
"""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query, Request
from fastapi.responses import Response

from api.answers import answer
from api.asking import Asked, from_competences, from_graph
from api.documents import MEDIA_TYPES, Form, serialise
from api.leaving import HasLeft, HasLeftDep, ask_while_there
from api.negotiation import choose, is_fresh
from api.rest.documents import DESCRIBED, DocumentOut, Reading, ReadingDep
from api.schemas.consortium import ConsortiumOut
from api.schemas.enquiry import EnquiryIn, Word
from api.schemas.unlocking import UnlockingOut
from api.unlocking import unlocking_of
from graph.errors import EnquiryError

__all__ = ["router", "send_suggestion"]

router = APIRouter(prefix="/api/v1/consortia", tags=["consortia"])

_FORMS = {media_type: form for form, media_type in MEDIA_TYPES.items()}
_SAMPLE = {
    "title": "Gehäuse mit Optik",
    "requirements": [
        {"competence": "CNC-Fräsen"},
        {"competence": "Optikfertigung"},
        {"competence": "Galvanisieren", "mandatory": False},
    ],
    "max_members": 4,
}
_RESPONSES: dict[int | str, dict[str, Any]] = DESCRIBED | {
    200: {
        "description": "The best provable consortium with evidence and gaps",
        "content": {name: {} for name in MEDIA_TYPES.values()},
        "model": DocumentOut[ConsortiumOut],
    },
    400: {"description": "Not an enquiry that can be answered"},
    404: {"description": "A word names nothing known; the problem carries look-alikes"},
    406: {"description": "The answer is not available in an accepted form"},
    422: {"description": "Not an enquiry"},
}

FormatQuery = Annotated[Form | None, Query(alias="format", description="Wins over Accept")]
Accept = Annotated[str | None, Header()]
Words = Annotated[list[Word], Query(max_length=24)]
AtLeast = Annotated[
    list[Word],
    Query(max_length=24, description="Fewest of a group: `2 small`, `1 sector=25`, `1 state=DEG`"),
]
Apart = Annotated[
    list[Word], Query(max_length=24, description="`A | B`: two that must not be together")
]


@router.get("", responses=_RESPONSES, operation_id="suggest_consortium")
def suggest_by_get(
    request: Request,
    reading: ReadingDep,
    has_left: HasLeftDep,
    enquiry: Annotated[str | None, Query(description="Number, title or IRI")] = None,
    competence: Words = [],  # noqa: B006 (FastAPI copies the default)
    pin: Words = [],  # noqa: B006
    exclude: Words = [],  # noqa: B006
    max_members: Annotated[int | None, Query(ge=1, le=24)] = None,
    programme: Annotated[str | None, Query(description="Funding programme, such as zim")] = None,
    at_least: AtLeast = [],  # noqa: B006
    at_most: Words = [],  # noqa: B006
    lead: Annotated[Word | None, Query(description="Organisation that must lead")] = None,
    apart: Apart = [],  # noqa: B006
    form: FormatQuery = None,
    accept: Accept = None,
) -> Response:
    """Suggest a consortium for an enquiry of the graph, or for competences by IRI or label."""
    if (enquiry is None) == (not competence):
        raise EnquiryError("give either an enquiry or competences")
    asked = from_graph(enquiry) if enquiry is not None else from_competences(competence)
    chosen = _form(accept, form)
    headers = reading.headers() | {"ETag": f'{reading.tag[:-1]}-{chosen}"', "Vary": "Accept"}
    if is_fresh(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    narrowed = asked.narrowed(pin, exclude, max_members, programme)
    narrowed = narrowed.demanding(at_least, at_most, lead, apart)
    return send_suggestion(reading, narrowed, chosen, headers, has_left)


@router.get(
    "/unlocking",
    responses=DESCRIBED,
    response_model=DocumentOut[UnlockingOut],
    operation_id="unlock_enquiries",
)
def unlocking(
    reading: ReadingDep,
    most: Annotated[int, Query(ge=1, le=20, description="Competences at most")] = 5,
) -> Response:
    """Say which new competences would unlock most open enquiries, the most useful ones first."""
    return reading.answer(unlocking_of(*reading.view, most))


@router.post("", responses=_RESPONSES, operation_id="suggest_consortium_for")
def suggest_by_post(
    reading: ReadingDep,
    has_left: HasLeftDep,
    enquiry: Annotated[EnquiryIn, Body(examples=[_SAMPLE])],
    form: FormatQuery = None,
    accept: Accept = None,
) -> Response:
    """Suggest a consortium for an enquiry with limits, materials, certificates and a place."""
    headers = reading.headers() | {"Vary": "Accept"}
    del headers["ETag"]
    return send_suggestion(reading, Asked(given=enquiry), _form(accept, form), headers, has_left)


def _form(accept: str | None, form: Form | None) -> Form:
    if form is not None:
        return form
    offered: Sequence[str] = tuple(MEDIA_TYPES.values())
    return _FORMS[choose(accept, offered, aliases=False)]


def send_suggestion(
    reading: Reading, asked: Asked, form: Form, headers: dict[str, str], has_left: HasLeft
) -> Response:
    """Answer an enquiry in one form.

    Raises:
        ClientGoneError: The client has gone.
    """
    found = ask_while_there(reading.store, asked, reading.language, has_left)
    if form is Form.JSON:
        document = answer(found.suggestion, found.landscape, reading.language)
        return reading.send({"data": document.model_dump(mode="json")}, headers)
    if form is Form.CSV:
        headers["Content-Disposition"] = 'attachment; filename="consortium.csv"'
    content = serialise(found, reading.language, form)
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)
