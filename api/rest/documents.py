"""The form of every JSON answer: its context, the versions behind it, and what was asked for."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from api.dependencies import StoreDep
from api.errors import NotModifiedError
from api.negotiation import is_fresh
from api.publishing import BaseDep
from api.rest.parameters import require_known
from api.versions import software_version
from graph.store import Store

__all__ = [
    "CONTEXT_PATH",
    "DESCRIBED",
    "UNCHANGED",
    "DocumentOut",
    "HeadOut",
    "Language",
    "MetaOut",
    "Reading",
    "ReadingDep",
]

T = TypeVar("T")

CONTEXT_PATH = "/api/v1/context"
"""Where the JSON-LD context of all answers is."""

UNCHANGED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not changed since the tag in `If-None-Match`"},
}
"""What every reading operation may answer beside the document."""

DESCRIBED: dict[int | str, dict[str, Any]] = UNCHANGED | {
    404: {"description": "Nothing is called so"},
    422: {"description": "A parameter is malformed"},
}
"""The same, for operations to which something is named."""

Language = Annotated[Literal["de", "en"], Query(alias="lang", description="Language of texts")]


class MetaOut(BaseModel):
    """What an answer was made from: the same versions give the same answer."""

    model_config = ConfigDict(frozen=True)

    graph_version: str
    software_version: str
    language: Literal["de", "en"]


class HeadOut(BaseModel):
    """What every JSON answer begins with; the context makes it JSON-LD."""

    model_config = ConfigDict(frozen=True, validate_by_name=True, validate_by_alias=True)

    context: Annotated[str, Field(alias="@context", description="Address of the context")]
    meta: MetaOut


class DocumentOut(HeadOut, Generic[T]):
    """One thing, or one answer, with its context and versions."""

    data: T


@dataclass(frozen=True, slots=True)
class Reading:
    """One request that reads: from which generation, in which language, and how it is answered.

    Attributes:
        store: The generation that answers.
        language: Language of texts.
        base: Address of this server as others reach it.
        tag: Weak entity tag: the same graph, software and address have the same one.
    """

    store: Store
    language: Literal["de", "en"]
    base: str
    tag: str

    @property
    def view(self) -> tuple[Store, str]:
        """Return what texts are read from: generation and language."""
        return self.store, self.language

    def head(self) -> dict[str, Any]:
        """Return what every document begins with, as JSON values."""
        meta = {
            "graph_version": self.store.version,
            "software_version": software_version(),
            "language": self.language,
        }
        return {"@context": self.base + CONTEXT_PATH, "meta": meta}

    def headers(self) -> dict[str, str]:
        """Return what every answer says of itself."""
        return {
            "Cache-Control": "no-cache",
            "Content-Language": self.language,
            "ETag": self.tag,
            "Verbund-Version": self.store.version,
        }

    def on(self, store: Store) -> "Reading":
        """Return the same request on another generation, which a change has made."""
        return replace(self, store=store)

    def answer(
        self, data: BaseModel | Sequence[BaseModel], headers: Mapping[str, str] | None = None
    ) -> Response:
        """Answer with one thing, one answer, or a list that is no longer than it should be.

        Args:
            data: What to answer with.
            headers: In place of :meth:`headers`.
        """
        if isinstance(data, BaseModel):
            return self.send({"data": data.model_dump(mode="json")}, headers)
        return self.send({"data": [one.model_dump(mode="json") for one in data]}, headers)

    def send(
        self, members: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send a document.

        Args:
            members: What follows the context and the versions, as JSON values.
            headers: In place of :meth:`headers`.
        """
        text = json.dumps({**self.head(), **members}, ensure_ascii=False)
        sent = self.headers() if headers is None else dict(headers)
        return Response(text, headers=sent, media_type="application/json")


async def _reading(
    request: Request, store: StoreDep, base: BaseDep, lang: Language = "de"
) -> Reading:
    """Return how to answer.

    Raises:
        RequestValidationError: The operation has no such parameter.
        NotModifiedError: The client has the answer already.
    """
    require_known(request)
    asked = (store.version, software_version(), base, request.url.path, request.url.query)
    digest = hashlib.blake2b("\n".join(asked).encode(), digest_size=16).hexdigest()
    reading = Reading(store, lang, base, f'W/"{digest}"')
    is_read = request.method in ("GET", "HEAD")
    if is_read and is_fresh(request.headers.get("if-none-match"), reading.tag):
        raise NotModifiedError(reading.headers())
    return reading


ReadingDep = Annotated[Reading, Depends(_reading)]
