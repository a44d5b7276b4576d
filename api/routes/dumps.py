"""Dumps to download: the index for people and machines, and the files of each version."""

import re
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, JSONResponse, Response
from rdflib import SKOS

from api.dependencies import SettingsDep
from api.negotiation import choose, is_fresh
from api.pages.rendering import language_of, render
from api.pages.routing import in_every_language, page_router
from api.publishing import HTML, EmbeddedDep, LanguageDep, facts_of, see_other
from graph.errors import UnknownTermError
from graph.publishing.dumps import MEDIA_TYPES, DumpSet, prepare_dumps
from graph.publishing.serialising import RdfForm
from graph.store import EmbeddedStore
from graph.vocabulary import BASE

__all__ = ["router"]

router = APIRouter(tags=["Linked data"])

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_LASTING = "public, max-age=31536000, immutable"
_JSON = "application/json"

_INDEX: dict[int | str, dict[str, Any]] = {
    200: {"description": "The files with length, check sum and licence", "content": {_JSON: {}}},
    303: {"description": "The web page, for a client that prefers HTML"},
    503: {"description": "They are being written; try again after `Retry-After`"},
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {name: {} for name in set(MEDIA_TYPES.values())}},
    206: {"description": "A part of the file"},
    304: {"description": "Not changed"},
    404: {"description": "There is no such file"},
    416: {"description": "There is no such part"},
}


@router.get("/dumps", responses=_INDEX)
@router.head("/dumps", include_in_schema=False)
def index(request: Request, store: EmbeddedDep, language: LanguageDep) -> Response:
    """List the files of the version that answers now; they are written the first time."""
    if choose(request.headers.get("accept"), (_JSON, HTML), aliases=False) == HTML:
        return see_other(f"/{language}/dumps", '</dumps>; rel="describedby"')
    made = prepare_dumps(store)
    headers = {"Cache-Control": "no-cache", "ETag": f'"{made.version[:32]}"', "Vary": "Accept"}
    if is_fresh(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return JSONResponse(_listing(made), headers=headers)


def _listing(made: DumpSet) -> dict[str, Any]:
    root = f"/dumps/{made.version}"
    return {
        "version": made.version,
        "checksums": f"{root}/SHA256SUMS",
        "licence": f"{root}/LICENCE.txt",
        "files": [
            {
                "href": f"{root}/{file.name}",
                "content": file.content,
                "form": file.form,
                "media_type": file.media_type,
                "compression": file.compression or None,
                "graph": file.graph,
                "licences": file.licences,
                "conditions": file.conditions,
                "bytes": file.bytes,
                "sha256": file.sha256,
            }
            for file in made.files
        ],
    }


@router.get("/dumps/{version}/{name}", responses=_FILE, response_class=FileResponse)
@router.head("/dumps/{version}/{name}", include_in_schema=False)
def file(request: Request, store: EmbeddedDep, version: str, name: str) -> Response:
    """Give one file; the files of a version never change."""
    if not (_NAME.fullmatch(version) and _NAME.fullmatch(name)):
        raise UnknownTermError(name, "dump")
    if version == store.version:
        prepare_dumps(store)
    path = store.home / "dumps" / version / store.visibility / name
    if not path.is_file():
        raise UnknownTermError(f"{version}/{name}", "dump")
    headers = {"Cache-Control": _LASTING, "ETag": f'"{version[:32]}-{name}"'}
    if is_fresh(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    media_type = MEDIA_TYPES.get(name.rpartition(".")[2], "text/plain")
    return FileResponse(path, headers=headers, media_type=media_type)


_pages = page_router()


@_pages.get("/dumps")
def page(request: Request, store: EmbeddedDep, settings: SettingsDep) -> Response:
    """Show the files to download, by content and form."""
    made = prepare_dumps(store)
    facts = facts_of(store)
    rows = [(None, facts.triples), *((graph, graph.triples) for graph in facts.graphs)]
    language = language_of(request)
    context = {
        "made": made,
        "forms": tuple(RdfForm),
        "rows": [
            {
                "title": _title(graph.titles, language, graph.name) if graph else "",
                "content": graph.name if graph else "all",
                "path": f"graph/{graph.name}" if graph else "",
                "licence": graph.licence if graph else "",
                "conditions": _conditions(store, graph.conditions if graph else (), language),
                "triples": triples,
            }
            for graph, triples in rows
        ],
        "files": {(f.content, f.form, f.compression): f for f in made.files},
        "parquet": any(f.form == "parquet" for f in made.files),
        "others": [f for f in made.files if not f.compression],
    }
    return render(request, "dumps.html", context)


def _conditions(store: EmbeddedStore, iris: Iterable[str], language: str) -> list[tuple[str, str]]:
    """Return label and path of each condition of use."""
    found = []
    for iri in iris:
        label = ox.NamedNode(str(SKOS.prefLabel))
        said = store.engine.quads_for_pattern(ox.NamedNode(iri), label, None, ox.DefaultGraph())
        texts = (quad.object for quad in said)
        labels = {text.language: text.value for text in texts if isinstance(text, ox.Literal)}
        found.append((_title(labels, language, iri), iri.removeprefix(BASE)))
    return found


def _title(titles: Any, language: str, name: str) -> str:
    return str(titles.get(language) or titles.get("de") or next(iter(titles.values()), name))


router.include_router(in_every_language(_pages))
