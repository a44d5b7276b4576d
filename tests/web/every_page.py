"""Every page there is, taken from the routes of the application, with addresses that show it.

A page is what a browser is given below ``/de`` and ``/en``, and the reference of the API. A route
that is missing here fails a test, so that no page is forgotten when pages are looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import compile_path

from api.i18n import LANGUAGES

__all__ = [
    "ADDRESSES",
    "DOCUMENTS",
    "SHOWN",
    "Address",
    "is_of",
    "other_paths",
    "page_routes",
    "unlisted_routes",
]

_TEXT = "CNC-Drehen+und+Quuxen+von+Wellen+aus+42CrMo4,+Ra+0,2,+80+km+um+Jena"

SHOWN: dict[str, tuple[str, ...]] = {
    "": ("",),
    "enquiry": ("enquiry", f"enquiry?text={_TEXT}", "enquiry?requirement=;"),
    "consortia": (
        *("consortia?enquiry=E13", "consortia?enquiry=E19&max_members=3"),
        *("consortia?enquiry=E01&programme=zim", "consortia?enquiry=E01&programme=all"),
        *("consortia?competence=quux", "consortia"),
    ),
    "consortia/comparison": (
        "consortia/comparison?enquiry=E13&other=bn-automation&other=krumpholz-rohrbau-schleiz"
        "&other=rr-beth&other=saalfelder-hebezeugbau&other=th-electronic",
    ),
    "organisations": ("organisations?q=a", "organisations?q=quux"),
    "organisations/{slug}": ("organisations/asphericon", "organisations/optonet"),
    "clusters": ("clusters",),
    "competences": ("competences", "competences?q=zerspan"),
    "competences/{slug}": ("competences/optikfertigung",),
    "queries": ("queries",),
    "queries/{name}": ("queries/weak-claims", "queries/weak-claims?threshold=high"),
    "resources/{path:path}": (
        *("resources/id/site-asphericon", "resources/shape/graph-visibility"),
        *("resources/def", "resources/graph/reference-facts"),
    ),
    "dumps": ("dumps",),
    "problems": ("problems",),
    "problems/{name}": ("problems/non-conforming",),
    "about": ("about",),
    "sign-in": ("sign-in",),
    "workbench": ("workbench", "workbench?saved=x"),
    "dashboards": ("dashboards",),
    "profiles/new": ("profiles/new",),
    "profiles/sent": ("profiles/sent",),
    "{rest:path}": ("no/such/page",),
    # for coordinators, in an office with one of everything (tests/web/office.py)
    "desk": ("desk",),
    "desk/shortlist": ("desk/shortlist?member=dreherei&lead=dreherei",),
    "desk/enquiries/{number}": ("desk/enquiries/2026-0001",),
    "desk/needs": ("desk/needs",),
    "desk/needs/{name}": ("desk/needs/{need}",),
    "desk/initiatives/{name}": ("desk/initiatives/{initiative}",),
    "desk/projects": ("desk/projects",),
    "desk/projects/{name}": ("desk/projects/{project}",),
    "desk/identity": ("desk/identity",),
    "desk/harvest": ("desk/harvest",),
    "desk/harvest/{name}": ("desk/harvest/partner",),
    "desk/submissions": ("desk/submissions",),
    "desk/submissions/{name}": ("desk/submissions/{submission}",),
}
"""Behind each route of a page, below its language, addresses that show what it can look like.

A name in braces within an address of the desk stands for what the office has of the kind.
"""

DOCUMENTS = frozenset({"consortia/document"})
"""Routes among pages whose answers are files."""


@dataclass(frozen=True, slots=True)
class Address:
    """An address of a page.

    Attributes:
        path: Behind the language.
        visitor: Who opens it: nobody known, ``partner`` or ``coordinator``.
    """

    path: str
    visitor: str = ""

    def __str__(self) -> str:
        return f"{self.visitor}:{self.path or 'start'}" if self.visitor else self.path or "start"


def _visitor(path: str) -> str:
    return "coordinator" if path.startswith("desk") else ""


ADDRESSES: tuple[Address, ...] = (
    *(Address(path, _visitor(path)) for paths in SHOWN.values() for path in paths),
    Address("", "coordinator"),
    Address("workbench", "coordinator"),
    Address("dashboards", "coordinator"),
    Address("sign-in", "coordinator"),
    Address("desk", "partner"),
)
"""Everything that tests of every page open."""


def page_routes(app: FastAPI) -> frozenset[str]:
    """Return the routes below each language, without it; a test holds the languages equal."""
    return frozenset().union(*(_below(app, language) for language in LANGUAGES))


def _below(app: FastAPI, language: str) -> frozenset[str]:
    prefix = f"/{language}/"
    return frozenset(path.removeprefix(prefix) for path in _got(app) if path.startswith(prefix))


def _got(app: FastAPI) -> Iterable[str]:
    """Return the paths that can be fetched."""
    for context in iter_route_contexts(app.routes):
        if context.path is not None and "GET" in (context.methods or ()):
            yield context.path


def other_paths(app: FastAPI) -> list[str]:
    """Return the addresses outside the languages that need nothing filled in."""
    tops = tuple(f"/{language}/" for language in LANGUAGES)
    return sorted({path for path in _got(app) if "{" not in path and not path.startswith(tops)})


def unlisted_routes(app: FastAPI) -> frozenset[str]:
    """Return the pages that no address shows."""
    return page_routes(app) - SHOWN.keys() - DOCUMENTS


def is_of(route: str, path: str) -> bool:
    """Tell whether an address leads to a route."""
    pattern, _, _ = compile_path(f"/{route}")
    return pattern.match("/" + path.partition("?")[0]) is not None
