"""How records of projects are answered: for coordinators only, kept by nobody on the way."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from fastapi import Response
from pydantic import BaseModel
from rdflib import URIRef

from api.projects.presenting import presenter_of
from api.rest.documents import Reading
from api.rest.records import PRIVATE, send_record
from graph.projects import PROJECTS, Project
from graph.records import tag_of

__all__ = ["answer", "headers_of", "send", "send_file", "today"]


def today() -> date:
    """Return the day that is judged for unless another is named."""
    return datetime.now(UTC).date()


def answer(reading: Reading, project: Project, *, created: bool = False) -> Response:
    """Answer with a project and its tag."""
    tag = tag_of(reading.store, URIRef(project.iri), PROJECTS)
    shown = presenter_of(*reading.view).project(project, today())
    location = f"/api/v1/projects/{project.identifier}" if created else ""
    return send_record(reading, shown, tag, location)


def send(reading: Reading, data: BaseModel | Sequence[BaseModel]) -> Response:
    """Answer without a tag: what is due depends on the day, too."""
    return reading.answer(data, headers_of(reading))


def send_file(reading: Reading, content: bytes, media_type: str, name: str) -> Response:
    """Answer with a file to keep."""
    headers = {**headers_of(reading), "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, headers=headers, media_type=media_type)


def headers_of(reading: Reading) -> dict[str, str]:
    """Return the headers of an answer without a tag."""
    headers = {**reading.headers(), **PRIVATE}
    del headers["ETag"]
    return headers
