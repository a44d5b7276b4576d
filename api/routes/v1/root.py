"""Where to begin: what there is below ``/api/v1``."""

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from api.rest.documents import CONTEXT_PATH, UNCHANGED, DocumentOut, ReadingDep

__all__ = ["router"]

router = APIRouter(tags=["start"])

_HERE = "/api/v1"
_QUERIES = f"{_HERE}/queries/"


class ResourceOut(BaseModel):
    """One thing that can be read without knowing the name of anything."""

    href: str
    summary: str


class RootOut(BaseModel):
    """Addresses to go on from.

    Attributes:
        documentation: The reference for people.
        description: The same in OpenAPI 3.1.
        context: The JSON-LD context of all answers.
        sparql: The endpoint for queries.
        problems: What can go wrong, and what to do.
        resources: What can be read below this address.
    """

    documentation: str
    description: str
    context: str
    sparql: str
    problems: str
    resources: list[ResourceOut]


@router.get(
    _HERE, responses=UNCHANGED, response_model=DocumentOut[RootOut], operation_id="get_root"
)
def get_root(request: Request, reading: ReadingDep) -> Response:
    """Say where to begin."""
    found = RootOut(
        documentation="/docs",
        description="/openapi.json",
        context=CONTEXT_PATH,
        sparql="/sparql",
        problems=f"/{reading.language}/problems",
        resources=list(_resources(request.app.openapi())),
    )
    return reading.answer(found)


def _resources(description: dict[str, Any]) -> Iterator[ResourceOut]:
    """Yield what has a fixed address; queries of the catalogue are listed at their own."""
    for path, item in sorted(description["paths"].items()):
        is_listed = path.startswith(f"{_HERE}/") and not path.startswith(_QUERIES)
        if is_listed and "{" not in path and "get" in item:
            yield ResourceOut(href=path, summary=item["get"]["description"].splitlines()[0])
