"""What the tools do, on one generation; plain functions that a server wraps."""

import json
from collections.abc import Callable
from typing import Any, Literal

from api.answers import answer
from api.asking import Asked, ask, from_competences, from_graph, words_of
from api.directory import presenter_of
from api.funding import check_enquiry, check_funding
from api.mcp.access import Access
from api.schemas.consortium import ConsortiumOut
from graph.catalogue import catalogue, find
from graph.errors import EnquiryError, UnknownTermError
from graph.store import Store
from graph.store.formats import SOLUTION_MEDIA_TYPES
from graph.store.guard import check
from graph.store.runner import Lane, QueryRequest

__all__ = [
    "Language",
    "check_programmes",
    "explain_assignment",
    "explain_competence",
    "list_queries",
    "run_query",
    "search_organisations",
    "suggest_consortium",
]

Language = Literal["de", "en"]

_MOST_ROWS = 200
_SHOWN = ("iri", "name", "type", "town", "claims", "active", "caution")


def search_organisations(
    store: Store, language: Language, text: str, competences: list[str], district: str, limit: int
) -> dict[str, Any]:
    """Return the organisations that pass every filter, by name, and how many there are."""
    words, presenter = words_of(store, language), presenter_of(store, language)
    found = presenter.directory.find_organisations(
        text,
        [words.competences.resolve(word) for word in competences],
        district=words.district(district) if district else None,
    )
    lines = [presenter.organisation(one).model_dump(include=set(_SHOWN)) for one in found[:limit]]
    return {"total": len(found), "organisations": lines}


def explain_competence(store: Store, language: Language, competence: str) -> dict[str, Any]:
    """Return a competence with its names, its place in the tree, and who claims it."""
    presenter = presenter_of(store, language)
    iri = words_of(store, language).competences.resolve(competence)
    found = presenter.landscape.scheme.competences[iri]
    return presenter.competence_detail(found).model_dump(mode="json")


def _suggested(
    store: Store,
    language: Language,
    enquiry: str,
    competences: list[str],
    exclude: list[str],
    is_cancelled: Callable[[], bool] | None,
) -> ConsortiumOut:
    if bool(enquiry) == bool(competences):
        raise EnquiryError("give either an enquiry or competences")
    asked: Asked = from_graph(enquiry) if enquiry else from_competences(competences)
    found = ask(store, asked.narrowed([], exclude, None), language, is_cancelled=is_cancelled)
    return answer(found.suggestion, found.landscape, language)


def suggest_consortium(
    store: Store,
    language: Language,
    enquiry: str,
    competences: list[str],
    exclude: list[str],
    is_cancelled: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Return who should do what, what is proven of it, and what stays open."""
    found = _suggested(store, language, enquiry, competences, exclude, is_cancelled)
    return {
        "enquiry": found.enquiry.title,
        "status": found.status,
        "coverage": found.coverage,
        "proof": found.proof.text,
        "members": [
            {
                "iri": member.iri,
                "name": member.name,
                "town": member.town,
                "caution": member.caution,
                "serves": [
                    {
                        "requirement": one.label,
                        "grade": one.grade,
                        "to_be_confirmed": one.to_be_confirmed,
                        "source": one.evidence.source,
                    }
                    for one in member.assignments
                ],
            }
            for member in found.members
        ],
        "gaps": [{"requirement": gap.label, "reason": gap.reason.text} for gap in found.gaps],
        "graph_version": found.run.graph_version,
    }


def explain_assignment(
    store: Store,
    language: Language,
    requirement: str,
    enquiry: str,
    competences: list[str],
    is_cancelled: Callable[[], bool] | None = None,
) -> dict[str, Any]:
    """Return why a member serves a requirement: relation, checks, evidence, who else could.

    Raises:
        UnknownTermError: The suggestion assigns no requirement of this label or IRI.
    """
    found = _suggested(store, language, enquiry, competences, [], is_cancelled)
    wanted, labels = requirement.strip().casefold(), []
    for member in found.members:
        for one in member.assignments:
            labels.append(one.label)
            if wanted in (one.label.casefold(), one.requirement.casefold()):
                named = {"organisation": {"iri": member.iri, "name": member.name}}
                return named | one.model_dump(mode="json")
    raise UnknownTermError(requirement, "requirement", tuple(labels[:3]))


def list_queries(language: Language) -> dict[str, Any]:
    """Return the queries of the catalogue with their parameters."""
    return {
        "queries": [
            {
                "name": query.name,
                "question": query.question[language],
                "parameters": {
                    one.name: {
                        "type": one.type,
                        "required": one.required and one.default is None,
                        "example": one.example,
                    }
                    for one in query.parameters.values()
                },
            }
            for query in catalogue().values()
        ]
    }


async def run_query(access: Access, name: str, parameters: dict[str, str]) -> dict[str, Any]:
    """Return the rows of a catalogue query, the first 200 of them."""
    media_type = SOLUTION_MEDIA_TYPES[0]
    asked = QueryRequest(
        query=check(find(name).bound(parameters)),
        media_type=media_type,
        visibility=access.caller.visibility,
        max_rows=_MOST_ROWS,
        lane=Lane.CATALOGUE,
    )
    found = await access.runner.run(asked)
    content = found.content or b""
    if found.parts is not None:
        content = b"".join([part async for part in found.parts])
    document = json.loads(content)
    rows = [
        {column: term["value"] for column, term in row.items()}
        for row in document["results"]["bindings"]
    ]
    columns = document["head"]["vars"]
    return {"columns": columns, "rows": rows, "is_cut": found.is_cut, "version": found.version}


def check_programmes(
    store: Store, language: Language, enquiry: str, organisations: list[str], programme: str
) -> dict[str, Any]:
    """Return for each programme whether the partners are eligible, by which rule and source."""
    if bool(enquiry) == bool(organisations):
        raise EnquiryError("give either an enquiry or organisations")
    if enquiry:
        found = check_enquiry(store, enquiry, programme or None, language)
    else:
        words = words_of(store, language)
        partners = [words.organisation(word) for word in organisations]
        found = check_funding(store, partners, programme=programme or None, language=language)
    return {
        "caution": found.caution,
        "programmes": [
            {
                "name": one.name,
                "verdict": one.verdict,
                "text": one.text,
                "region": one.region_text,
                "deadline": one.deadline.text,
                "rules": [
                    {"text": rule.text, "truth": rule.truth, "source": rule.rule.source}
                    for rule in one.rules
                ],
            }
            for one in found.programmes
        ],
    }
