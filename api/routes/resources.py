"""Dereferencing: every IRI of the house leads to what is known of it, in the form asked for.

The IRIs begin with ``https://w3id.org/verbund/``; this server answers the same paths below its
own root, wherever it stands. A thing is no document, so ``/id/…`` answers 303 with the address of
one: a web page, or ``/data/id/…`` with the suffix of its form. ``/def`` is a document itself.
"""

from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import Response
from rdflib import OWL

from api.i18n import LANGUAGES
from api.pages.rendering import language_of, render
from api.pages.resources import page_path, view_resource
from api.pages.routing import in_every_language, not_found, page_router
from api.publishing import (
    HTML,
    BaseDep,
    EmbeddedDep,
    LanguageDep,
    alternates,
    choose_form,
    described_by,
    facts_of,
    header_iri,
    licences_of,
    respond,
    see_other,
)
from graph.errors import GoneTermError, UnknownTermError
from graph.publishing.changes import was_there
from graph.publishing.describing import Description, Standing, describe, standing
from graph.publishing.documents import SUFFIXES, document_triples, write_triples
from graph.publishing.shapes import shapes_engine
from graph.store import EmbeddedStore
from graph.vocabulary import BASE, SHAPE

__all__ = ["router"]

router = APIRouter(tags=["Linked data"])

_FORMS: dict[str, Any] = {name: {} for name in SUFFIXES.values()}
_GONE: dict[int | str, dict[str, Any]] = {
    404: {"description": "The graph says nothing of this"},
    406: {"description": "There is no accepted form"},
    410: {"description": "It has been withdrawn: the document says what replaces it; or is gone"},
}
_THING = {**_GONE, 303: {"description": "The document about the thing"}}
_DOCUMENT = {
    **_GONE,
    200: {"description": "The document", "content": _FORMS},
    303: {"description": "The web page, for a client that prefers HTML"},
    304: {"description": "Not changed"},
}


def _engine(store: EmbeddedStore, iri: str) -> ox.Store:
    """Return where an IRI is described: shapes and checks belong to the software."""
    return shapes_engine() if iri.startswith(SHAPE) else store.engine


def _missing(store: EmbeddedStore, iri: str) -> UnknownTermError | GoneTermError:
    """Return what to say of a thing that the graph says nothing of."""
    return GoneTermError(iri) if was_there(store, iri) else UnknownTermError(iri, "thing")


def _split(path: str) -> tuple[str, str]:
    """Return a path without the suffix of a form, and the suffix or an empty string."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, suffix) if dot and suffix in (*SUFFIXES, "html") else (path, "")


def thing(
    request: Request, store: EmbeddedDep, base: BaseDep, language: LanguageDep, name: str
) -> Response:
    """Send the client to the document about a thing, concept, graph, shape or parameter."""
    path, suffix = _split(f"{request.scope['path'].split('/')[1]}/{name}")
    if suffix:
        return _document(request, store, base, language, path, suffix)
    iri = BASE + path
    found = standing(_engine(store, iri), iri)
    if found is Standing.UNKNOWN:
        raise _missing(store, iri)
    form = choose_form(request)
    if found is Standing.WITHDRAWN:
        return _document(request, store, base, language, path, _suffix_of(form))
    target = page_path(language, iri) if form == HTML else f"/data/{path}.{_suffix_of(form)}"
    return see_other(target, described_by(path))


_PATTERNS = (
    *("/id/{name}", "/scheme/{name:path}", "/graph/{name:path}", "/shape/{name}"),
    "/parameter/{name}",
)
for _pattern in _PATTERNS:
    router.get(_pattern, status_code=303, responses=_THING)(thing)
    router.head(_pattern, include_in_schema=False)(thing)


@router.get("/data/{path:path}", responses=_DOCUMENT)
@router.head("/data/{path:path}", include_in_schema=False)
def document(
    request: Request, store: EmbeddedDep, base: BaseDep, language: LanguageDep, path: str
) -> Response:
    """Describe a thing: by suffix (`.ttl`, `.jsonld`, `.rdf`, `.nt`, `.html`) or by `Accept`."""
    stem, suffix = _split(path)
    return _document(request, store, base, language, stem, suffix)


@router.get("/def", responses=_DOCUMENT)
@router.head("/def", include_in_schema=False)
def vocabulary(
    request: Request, store: EmbeddedDep, base: BaseDep, language: LanguageDep
) -> Response:
    """Describe the vocabulary with all its terms."""
    return _document(request, store, base, language, "def", "")


@router.get("/def.{suffix}", responses=_DOCUMENT)
@router.head("/def.{suffix}", include_in_schema=False)
def vocabulary_file(
    request: Request, store: EmbeddedDep, base: BaseDep, language: LanguageDep, suffix: str
) -> Response:
    """Describe the vocabulary in the form of a suffix."""
    path, found = _split(f"def.{suffix}")
    return _document(request, store, base, language, path, found)


@router.get("/def/{version}", responses=_DOCUMENT)
@router.head("/def/{version}", include_in_schema=False)
def vocabulary_version(
    request: Request, store: EmbeddedDep, base: BaseDep, language: LanguageDep, version: str
) -> Response:
    """Describe the vocabulary under the IRI of its version; only the one in use is here."""
    if f"<{BASE}def/{version}>" not in _versions(store.engine):
        raise UnknownTermError(f"{BASE}def/{version}", "thing")
    return _document(request, store, base, language, "def", "")


def _versions(engine: ox.Store) -> set[str]:
    """Return the version IRIs of the vocabulary.

    In a function of its own: an error must not keep the engine's iterator alive, since it may be
    dropped only in the thread that made it.
    """
    vocabulary, property_ = ox.NamedNode(f"{BASE}def"), ox.NamedNode(str(OWL.versionIRI))
    return {str(q.object) for q in engine.quads_for_pattern(vocabulary, property_, None)}


def _suffix_of(form: str) -> str:
    return next((suffix for suffix, name in SUFFIXES.items() if name == form), "html")


def _document(
    request: Request, store: EmbeddedStore, base: str, language: str, path: str, suffix: str
) -> Response:
    """Answer with the description of a thing in one form."""
    iri = BASE + path
    chosen = suffix or _suffix_of(choose_form(request))
    if chosen == "html":
        return _to_page(store, language, path)
    found = describe(_engine(store, iri), iri)
    if found is None:
        raise _missing(store, iri)
    form = SUFFIXES[chosen]
    address = f"{base}/data/{path}"
    licences = licences_of(facts_of(store), found.graphs)
    content = write_triples(document_triples(found, address, licences), form)
    headers = _headers(store, found, path, licences) | ({} if suffix else {"Vary": "Accept"})
    headers["Content-Location"] = header_iri(f"/data/{path}.{chosen}")
    if found.standing is Standing.WITHDRAWN:
        return Response(content, 410, headers, media_type=form)
    return respond(request, content, form, headers, f"{store.version[:32]}-{chosen}")


def _to_page(store: EmbeddedStore, language: str, path: str) -> Response:
    iri = BASE + path
    found = standing(_engine(store, iri), iri)
    if found is Standing.UNKNOWN:
        raise _missing(store, iri)
    page = page_path(language, iri)
    if found is Standing.WITHDRAWN:
        page = f"/{language}/resources/{path}"
    return see_other(page, alternates(path))


def _headers(
    store: EmbeddedStore, found: Description, path: str, licences: tuple[str, ...]
) -> dict[str, str]:
    links = [f'<{header_iri(found.iri)}>; rel="describes"', alternates(path)]
    links.append(
        f'<{header_iri(page_path(LANGUAGES[0], found.iri))}>; rel="alternate"; type="{HTML}"'
    )
    links += [f'<{header_iri(licence)}>; rel="license"' for licence in licences]
    return {"Link": ", ".join(links), "Verbund-Version": store.version}


_pages = page_router()


@_pages.get("/resources/{path:path}")
def page(request: Request, store: EmbeddedDep, path: str) -> Response:
    """Show what is known of a thing that has no page of its own."""
    iri = BASE + path
    engine = _engine(store, iri)
    found = describe(engine, iri)
    if found is None:
        return not_found(request)
    view = view_resource(engine, found, language_of(request))
    answer = render(request, "resource.html", {"page": view}, 410 if view.is_withdrawn else 200)
    answer.headers["Link"] = described_by(path)
    return answer


router.include_router(in_every_language(_pages))
