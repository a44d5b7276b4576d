"""The page of the dashboards."""

from fastapi import Request
from fastapi.responses import Response

from api.access.roles import Role
from api.dependencies import CallerDep, StoreDep
from api.pages.dashboards import (
    CLASSES,
    broker_bars,
    cluster_map,
    district_map,
    evidence_lines,
    single_points,
    status_bars,
    unknown_words,
    years,
)
from api.pages.rendering import render
from api.pages.routing import PageLanguage, in_every_language, page_router
from graph.catalogue import find

__all__ = ["router"]

_MOST_SINGLE = 20
_QUESTIONS = (
    "coverage-by-step-and-district",
    "coverage-by-step-and-cluster",
    "single-points-of-failure",
    "brokers",
    "freshness-by-year",
    "evidence-by-step",
    "words-without-concept",
    "enquiries-by-status",
)

_pages = page_router()


@_pages.get("/dashboards")
def dashboards(
    request: Request, store: StoreDep, caller: CallerDep, language: PageLanguage
) -> Response:
    """Show coverage, weak places and what the graph does not know, each with its question."""
    words, unknown = unknown_words(store, language)
    shown, older, undated = years(store, language)
    context = {
        "districts": district_map(store, language),
        "clusters": cluster_map(store, language),
        "classes": CLASSES,
        "singles": single_points(store, language),
        "most_singles": _MOST_SINGLE,
        "brokers": broker_bars(store, language),
        "years": shown,
        "older": older,
        "undated": undated,
        "evidence": evidence_lines(store, language),
        "words": words,
        "unknown": unknown,
        "statuses": status_bars(store, language) if caller.role.includes(Role.COORDINATOR) else (),
        "questions": {name: find(name) for name in _QUESTIONS},
    }
    return render(request, "dashboards.html", context)


router = in_every_language(_pages)
