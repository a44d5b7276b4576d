"""What clients get of the enquiries of the graph."""

from pydantic import BaseModel, ConfigDict

from api.schemas.consortium import NamedOut
from api.schemas.directory import LimitOut

__all__ = ["EnquiryDetailOut", "EnquiryLineOut", "NeedOut"]


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True)


class EnquiryLineOut(_Output):
    """An enquiry in a list.

    Attributes:
        id: Its number, which `GET /api/v1/consortia?enquiry=` takes.
        source: Where it was published.
        needs: How many requirements it has.
    """

    iri: str
    id: str
    name: str
    source: str | None
    needs: int


class NeedOut(_Output):
    """One requirement of an enquiry."""

    iri: str
    name: str
    competence: NamedOut
    step: NamedOut | None
    materials: list[NamedOut]
    certificates: list[NamedOut]
    limits: list[LimitOut]
    mandatory: bool


class EnquiryDetailOut(EnquiryLineOut):
    """An enquiry with what it needs, in its own order."""

    requirements: list[NeedOut]
