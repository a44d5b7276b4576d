"""What changed: the event stream to follow, and the patch between two versions."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse, RedirectResponse, Response

from api.negotiation import is_fresh
from api.publishing import BaseDep, EmbeddedDep, header_iri, respond
from graph.errors import UnknownTermError
from graph.publishing import feed, patches
from graph.publishing.changes import ChangePage, read_changes
from graph.store import EmbeddedStore
from graph.store.generations import generation_of

__all__ = ["router"]

router = APIRouter(tags=["Linked data"])

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MOST = 2**62
_SHORT = "public, max-age=300"  # what has been erased must not live on in copies
_LASTING = "public, max-age=86400, immutable"
"""A day: what is erased may live on in copies of others for that long, and no longer."""

_FEED: dict[int | str, dict[str, Any]] = {
    200: {"description": "A page of the stream", "content": {feed.MEDIA_TYPE: {}}},
    304: {"description": "Not changed"},
    503: {"description": "The log is being written; try again after `Retry-After`"},
}
_PATCH: dict[int | str, dict[str, Any]] = {
    200: {"description": "The patch", "content": {patches.MEDIA_TYPE: {}}},
    304: {"description": "Not changed"},
    404: {"description": "A version is not there, or not any more"},
}


_NUMBER = Path(ge=0, le=_MOST)
_MOVED: dict[int | str, dict[str, Any]] = {
    303: {"description": "To the page as it is now, under an address of its own"},
}


@router.get("/feed", responses=_FEED | _MOVED)
@router.head("/feed", include_in_schema=False)
def follow(
    request: Request,
    store: EmbeddedDep,
    base: BaseDep,
    after: Annotated[int, Query(ge=0, le=_MOST, description="Sequence seen last")] = 0,
) -> Response:
    """Give the latest version of each thing that changed after a sequence (LDES, TriG).

    A page to which nothing will be added has an address of its own, and this leads there.
    """
    page = read_changes(store, after, feed.PAGE_SIZE)
    if page.is_full:
        headers = {"Cache-Control": "no-cache", "Verbund-Version": store.version}
        return RedirectResponse(f"/feed/{page.name}", status_code=303, headers=headers)
    return _written(request, store, page, base, "no-cache")


@router.get("/feed/{log}/{begin}/{end}/{members}", responses=_FEED | _MOVED)
@router.head("/feed/{log}/{begin}/{end}/{members}", include_in_schema=False)
def full_page(
    request: Request,
    store: EmbeddedDep,
    base: BaseDep,
    log: Annotated[str, Path(max_length=64, description="Name of the log")],
    begin: Annotated[int, _NUMBER],
    end: Annotated[int, _NUMBER],
    members: Annotated[int, _NUMBER],
) -> Response:
    """Give a full page that never changes (LDES, TriG).

    When a thing of it has changed since, or has been erased, this leads to what there is now.
    """
    page = read_changes(store, begin, feed.PAGE_SIZE)
    if not page.is_full or page.name != f"{log}/{begin}/{end}/{members}":
        headers = {"Cache-Control": "no-cache", "Verbund-Version": store.version}
        return RedirectResponse(f"/feed?after={begin}", status_code=303, headers=headers)
    return _written(request, store, page, base, _LASTING)


def _written(
    request: Request, store: EmbeddedStore, page: ChangePage, base: str, kept: str
) -> Response:
    """Answer with a page, and with the link to the next one."""
    headers = {"Verbund-Version": store.version, "Cache-Control": kept}
    if page.next is not None:
        headers["Link"] = f'<{header_iri(f"/feed?after={page.next}")}>; rel="next"'
    tag = page.name.replace("/", "-") if page.is_full else f"{store.version[:32]}-{page.after}"
    content = feed.feed_page(store.engine, page, f"{base}/feed")
    return respond(request, content, feed.MEDIA_TYPE, headers, tag)


@router.get("/patches/{before}/{after}", responses=_PATCH, response_class=FileResponse)
@router.head("/patches/{before}/{after}", include_in_schema=False)
def patch(request: Request, store: EmbeddedDep, before: str, after: str) -> Response:
    """Give what to delete and to add between two versions that are still there (RDF Patch).

    Versions do not change, so neither does what lies between two of them.
    """
    for version in (before, after):
        known = _VERSION.fullmatch(version) and generation_of(store.home, version, store.visibility)
        if not known:
            raise UnknownTermError(version, "version")
    headers = {"Cache-Control": _SHORT, "ETag": f'"{before[:32]}-{after[:32]}"'}
    if is_fresh(request.headers.get("if-none-match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    path = patches.prepare_patch(store, before, after)
    return FileResponse(path, headers=headers, media_type=patches.MEDIA_TYPE)
