"""Consortium suggestions: ``GET`` for an enquiry of the graph or for words, ``POST`` for more.

Both have the same answer in JSON, CSV, Turtle or JSON-LD, chosen by ``Accept`` or ``format``.
"""

import hashlib
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Header, Query, Request
from fastapi.responses import Response

from api.asking import Asked, ask, from_competences, from_graph
from api.dependencies import StoreDep
from api.documents import MEDIA_TYPES, Form, serialise
from api.negotiation import choose, is_fresh
from api.schemas.consortium import ConsortiumOut
from api.schemas.enquiry import EnquiryIn
from api.schemas.unlocking import UnlockingOut
from api.unlocking import unlocking_of
from graph.errors import EnquiryError
from graph.store import Store

__all__ = ["router"]

router = APIRouter(prefix="/consortia", tags=["consortia"])

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
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The best provable consortium with evidence and gaps",
        "content": {name: {} for name in MEDIA_TYPES.values()},
        "model": ConsortiumOut,
    },
    404: {"description": "A word names nothing known; the problem carries look-alikes"},
    406: {"description": "The answer is not available in an accepted form"},
    422: {"description": "Not an enquiry"},
}

Language = Annotated[Literal["de", "en"], Query(alias="lang", description="Language of texts")]
FormatQuery = Annotated[Form | None, Query(alias="format", description="Wins over Accept")]
Accept = Annotated[str | None, Header()]
Words = Annotated[list[str], Query(max_length=24)]


@router.get("", responses=_RESPONSES, summary="Suggest a consortium for an enquiry or for words")
def suggest_by_get(
    request: Request,
    store: StoreDep,
    enquiry: Annotated[str | None, Query(description="Number, title or IRI")] = None,
    competence: Words = [],  # noqa: B006 (FastAPI copies the default)
    pin: Words = [],  # noqa: B006
    exclude: Words = [],  # noqa: B006
    max_members: Annotated[int | None, Query(ge=1, le=24)] = None,
    programme: Annotated[str | None, Query(description="Funding programme, such as zim")] = None,
    lang: Language = "de",
    form: FormatQuery = None,
    accept: Accept = None,
) -> Response:
    """Suggest a consortium for an enquiry of the graph, or for competences by IRI or label."""
    if (enquiry is None) == (not competence):
        raise EnquiryError("give either an enquiry or competences")
    asked = from_graph(enquiry) if enquiry is not None else from_competences(competence)
    chosen = _form(accept, form)
    tag = _tag(store, chosen, lang, request.scope["query_string"])
    if is_fresh(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=_headers(store, lang, tag))
    narrowed = asked.narrowed(pin, exclude, max_members, programme)
    return _answer(store, narrowed, lang, chosen, tag)


@router.get("/unlocking", summary="Say which new competences would unlock most open enquiries")
def unlocking(
    request: Request,
    response: Response,
    store: StoreDep,
    most: Annotated[int, Query(ge=1, le=20, description="Competences at most")] = 5,
    lang: Language = "de",
) -> UnlockingOut:
    """Answer the graph's enquiries with one competence more, the most useful ones first."""
    tag = _tag(store, Form.JSON, lang, request.scope["query_string"])
    response.headers.update(_headers(store, lang, tag))
    return unlocking_of(store, lang, most)


@router.post("", responses=_RESPONSES, summary="Suggest a consortium for an enquiry given as JSON")
def suggest_by_post(
    store: StoreDep,
    enquiry: Annotated[EnquiryIn, Body(examples=[_SAMPLE])],
    lang: Language = "de",
    form: FormatQuery = None,
    accept: Accept = None,
) -> Response:
    """Suggest a consortium for an enquiry with limits, materials, certificates and a place."""
    return _answer(store, Asked(given=enquiry), lang, _form(accept, form), None)


def _form(accept: str | None, form: Form | None) -> Form:
    if form is not None:
        return form
    offered: Sequence[str] = tuple(MEDIA_TYPES.values())
    return _FORMS[choose(accept, offered, aliases=False)]


def _tag(store: Store, form: Form, language: str, query: bytes) -> str:
    """Return a weak tag: answers differ in the time they took, and in nothing else."""
    parts = (store.version, form.value, language, query.decode("latin-1"))
    return f'W/"{hashlib.sha256("|".join(parts).encode()).hexdigest()[:32]}"'


def _headers(store: Store, language: str, tag: str | None) -> dict[str, str]:
    headers = {
        "Content-Language": language,
        "Verbund-Version": store.version,
        "Vary": "Accept",
        "Cache-Control": "no-cache",
    }
    return headers | ({"ETag": tag} if tag else {})


def _answer(store: Store, asked: Asked, language: str, form: Form, tag: str | None) -> Response:
    content = serialise(ask(store, asked, language), language, form)
    headers = _headers(store, language, tag)
    if form is Form.CSV:
        headers["Content-Disposition"] = 'attachment; filename="consortium.csv"'
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)
