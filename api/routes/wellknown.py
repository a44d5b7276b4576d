"""What machines look for first: the catalogue, VoID, the site map and the rules for robots."""

from collections import OrderedDict
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Protocol
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from rdflib import Graph

from api.i18n import LANGUAGES
from api.keeping import kept
from api.pages.addresses import competence_path, organisation_path
from api.publishing import BaseDep, EmbeddedDep, choose_form, facts_of, respond
from graph.errors import UnknownTermError
from graph.publishing.changes import published_at
from graph.publishing.dcat import Site, catalogue_graph
from graph.publishing.describing import labels_of
from graph.publishing.documents import SUFFIXES, write_graph
from graph.publishing.dumps import DumpSet, dump_folder, read_dumps
from graph.publishing.facts import DatasetFacts, publishing_rows
from graph.publishing.void import void_graph
from graph.store import EmbeddedStore, Store
from graph.vocabulary import ID

__all__ = ["router"]

router = APIRouter(tags=["Linked data"])

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The description", "content": {name: {} for name in SUFFIXES.values()}},
    304: {"description": "Not changed"},
    404: {"description": "There is no such form"},
    406: {"description": "There is no accepted form"},
}
_MOST_ADDRESSES = 50_000
_MOST_TEXTS = 32
_FIXED = ("", "organisations", "competences", "about", "dumps")


class _Made(Protocol):
    """What makes a description."""

    __name__: str

    def __call__(self, facts: DatasetFacts, dumps: DumpSet | None, site: Site, /) -> Graph: ...


@router.get("/catalog", responses=_RESPONSES)
@router.head("/catalog", include_in_schema=False)
def catalogue(request: Request, store: EmbeddedDep, base: BaseDep) -> Response:
    """Describe the data sets, files and services in DCAT-AP."""
    return _description(request, store, base, catalogue_graph, "")


@router.get("/catalog.{suffix}", responses=_RESPONSES)
@router.head("/catalog.{suffix}", include_in_schema=False)
def catalogue_file(request: Request, store: EmbeddedDep, base: BaseDep, suffix: str) -> Response:
    """Describe the data sets, files and services in DCAT-AP, in the form of a suffix."""
    return _description(request, store, base, catalogue_graph, suffix)


@router.get("/.well-known/void", responses=_RESPONSES)
@router.head("/.well-known/void", include_in_schema=False)
def void(request: Request, store: EmbeddedDep, base: BaseDep) -> Response:
    """Describe the data set in VoID, with a partition for each class and property."""
    return _description(request, store, base, void_graph, "")


def _description(
    request: Request, store: EmbeddedStore, base: str, make: _Made, suffix: str
) -> Response:
    if suffix and suffix not in SUFFIXES:
        raise UnknownTermError(suffix, "form")
    form = SUFFIXES[suffix] if suffix else choose_form(request, html=False)
    chosen = next(name for name, media_type in SUFFIXES.items() if media_type == form)
    dumps = _dumps(store)
    content = _text(store, base, make, dumps, chosen)
    tag = f"{store.version[:32]}-{chosen}-{'files' if dumps else 'none'}"
    headers = {"Verbund-Version": store.version, **_varying(dumps, suffix)}
    return respond(request, content, form, headers, tag)


def _varying(dumps: DumpSet | None, suffix: str) -> dict[str, str]:
    """Return what an answer depends on besides its address and the graph version.

    Files may be written at any time, and the description then names them: until it does, it
    varies by something that no request says (RFC 9110, 12.5.5), so nobody repeats it unasked.
    """
    if dumps is None:
        return {"Vary": "*"}
    return {} if suffix else {"Vary": "Accept"}


def _dumps(store: EmbeddedStore) -> DumpSet | None:
    """Return the dumps if they have been written; describing them writes none."""
    folder = dump_folder(store)
    return read_dumps(folder) if (folder / "index.json").exists() else None


@kept
def _shelf(store: Store, /) -> OrderedDict[tuple[str, str, str, bool], bytes]:
    """Return where the texts of a generation are kept, the latest last."""
    return OrderedDict()


def _text(
    store: EmbeddedStore, base: str, make: _Made, dumps: DumpSet | None, suffix: str
) -> bytes:
    """Return a description in one form; written once for each generation.

    Addresses come from clients, so only the latest texts are kept.
    """
    shelf, key = _shelf(store), (base, make.__name__, suffix, dumps is not None)
    found = shelf.get(key)
    if found is None:
        found = shelf[key] = _written(store, base, make, dumps, suffix)
        while len(shelf) > _MOST_TEXTS:
            shelf.pop(next(iter(shelf)), None)
    return found


def _written(
    store: EmbeddedStore, base: str, make: _Made, dumps: DumpSet | None, suffix: str
) -> bytes:
    agent = ox.NamedNode(str(ID["agent-verbund"]))
    labels = [triple.object for triple in labels_of(store.engine, [agent])]
    names = {one.language or "": one.value for one in labels if isinstance(one, ox.Literal)}
    site = Site(base, names or {"": "Verbund"})
    graph = make(facts_of(store), dumps, site)
    return write_graph(graph, SUFFIXES[suffix])


@router.get("/robots.txt", response_class=PlainTextResponse)
@router.head("/robots.txt", include_in_schema=False)
def robots(base: BaseDep) -> Response:
    """Ask robots to leave alone what costs much and says nothing new."""
    closed = ["/sparql", "/api/", *(f"/{language}/consortia" for language in LANGUAGES)]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    text = "\n".join([*lines, f"Sitemap: {base}/sitemap.xml", ""])
    return PlainTextResponse(text, headers={"Cache-Control": "public, max-age=3600"})


@router.get("/sitemap.xml", responses={200: {"content": {"application/xml": {}}}})
@router.head("/sitemap.xml", include_in_schema=False)
def sitemap(request: Request, store: EmbeddedDep, base: BaseDep) -> Response:
    """List the pages in both languages, with the time the graph was made."""
    content = _sitemap(_pages(store), base, published_at(store))
    return respond(request, content, "application/xml", {}, f"{store.version[:32]}-sitemap")


@kept
def _pages(store: Store, /) -> tuple[tuple[str, ...], ...]:
    """Return the path of every page, in each language."""
    found = [tuple(f"/{language}/{page}" for language in LANGUAGES) for page in _FIXED]
    for row in publishing_rows(store, "pages"):
        iri = str(row["thing"])
        path = organisation_path if iri.startswith(ID) else competence_path
        found.append(tuple(path(language, iri) for language in LANGUAGES))
    return tuple(found[: _MOST_ADDRESSES // len(LANGUAGES)])


def _sitemap(pages: tuple[tuple[str, ...], ...], base: str, changed: datetime) -> bytes:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        ' xmlns:xhtml="http://www.w3.org/1999/xhtml">',
        *_addresses(pages, base, changed.isoformat()),
        "</urlset>\n",
    ]
    return "\n".join(lines).encode("utf-8")


def _addresses(pages: tuple[tuple[str, ...], ...], base: str, changed: str) -> Iterator[str]:
    for versions in pages:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{language}" href={quoteattr(base + path)}/>'
            for language, path in zip(LANGUAGES, versions, strict=True)
        )
        for path in versions:
            yield f"<url><loc>{escape(base + path)}</loc><lastmod>{changed}</lastmod>{others}</url>"
