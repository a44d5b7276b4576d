"""How records are answered: each with its tag, kept by nobody on the way."""

from typing import Any, Final

from fastapi.responses import Response
from pydantic import BaseModel

from api.rest.documents import DocumentOut, Reading

__all__ = ["PRIVATE", "changing", "send_record"]

PRIVATE: Final = {"Cache-Control": "private, no-cache"}
"""What is shown to coordinators is asked for again each time."""


def send_record(reading: Reading, shown: BaseModel, tag: str, location: str = "") -> Response:
    """Answer with a record as it stands now.

    Args:
        reading: The request, on the generation that has the record.
        shown: The record.
        tag: Its tag without quotes; a change sends it back in ``If-Match``.
        location: Where it is, when this request has made it; the answer is 201 then.
    """
    headers = {**reading.headers(), **PRIVATE, "ETag": f'"{tag}"'}
    if location:
        headers["Location"] = location
    answer = reading.send({"data": shown.model_dump(mode="json")}, headers)
    answer.status_code = 201 if location else 200
    return answer


def changing(shown: type[BaseModel], responses: dict[int | str, dict[str, Any]]) -> dict[str, Any]:
    """Return what the routes that answer with one kind of record have in common."""
    return {"responses": responses, "response_model": DocumentOut[shown]}  # type: ignore[valid-type]
