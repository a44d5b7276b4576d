"""A suggestion as a document: JSON, CSV, Turtle or JSON-LD, the same for every way out."""

import csv
import json
from enum import StrEnum
from io import StringIO

from api.answers import answer
from api.asking import Answered
from api.schemas.consortium import ConsortiumOut
from graph.exporting import consortium_graph

__all__ = ["MEDIA_TYPES", "Form", "requirement_rows", "serialise"]


class Form(StrEnum):
    """Form of a document."""

    JSON = "json"
    CSV = "csv"
    TURTLE = "turtle"
    JSON_LD = "json-ld"


MEDIA_TYPES = {
    Form.JSON: "application/json",
    Form.CSV: "text/csv",
    Form.TURTLE: "text/turtle",
    Form.JSON_LD: "application/ld+json",
}
"""Media type of each form; the first is the default."""


def serialise(answered: Answered, language: str, form: Form) -> str:
    """Write an answer in one form.

    JSON holds everything with names and sentences; CSV (RFC 4180) has one row for each
    requirement; Turtle and JSON-LD follow ``docs/model.md``.
    """
    if form in (Form.TURTLE, Form.JSON_LD):
        graph = consortium_graph(answered.suggestion, answered.started_at)
        return graph.serialize(format=form.value)
    document = answer(answered.suggestion, answered.landscape, language)
    if form is Form.JSON:
        return json.dumps(document.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"
    found = requirement_rows(document)
    text = StringIO()
    writer = csv.DictWriter(text, list(found[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(found)
    return text.getvalue()


def requirement_rows(document: ConsortiumOut) -> list[dict[str, str]]:
    """Return one row for each requirement: who serves it, on what evidence, or why nobody does."""
    serving = {a.requirement: (m, a) for m in document.members for a in m.assignments}
    gaps = {g.requirement: g for g in document.gaps}
    found = []
    for requirement in document.enquiry.requirements:
        row = dict.fromkeys(
            ("organisation", "town", "grade", "relation", "offered", "score", "cost_km"), ""
        ) | dict.fromkeys(("term", "year", "confidence", "source", "to_be_confirmed", "gap"), "")
        if requirement.iri in serving:
            member, served = serving[requirement.iri]
            row |= {
                "organisation": member.name,
                "town": member.town,
                "grade": served.grade,
                "relation": served.relation.code,
                "offered": served.offered.name,
                "score": f"{served.score:g}",
                "cost_km": str(served.cost_km),
                "term": served.evidence.term,
                "year": str(served.evidence.year or ""),
                "confidence": f"{served.evidence.confidence:g}",
                "source": served.evidence.source,
                "to_be_confirmed": "; ".join(served.to_be_confirmed),
            }
        elif requirement.iri in gaps:
            row["gap"] = gaps[requirement.iri].reason.code
        head = {"requirement": requirement.label, "competence": requirement.competence.iri}
        found.append(head | row)
    return found
