"""Whether the server can answer."""

from fastapi import APIRouter
from pydantic import BaseModel

from api.dependencies import StoreDep

__all__ = ["router"]

router = APIRouter(tags=["service"])


class Health(BaseModel):
    """What answers.

    Attributes:
        status: ``ok``.
        version: Graph version (generation) that answers.
    """

    status: str
    version: str


@router.get("/health")
def health(store: StoreDep) -> Health:
    """Say that the server runs and which graph version answers."""
    return Health(status="ok", version=store.version)
