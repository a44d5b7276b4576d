"""What changed: the event stream to follow, and the patch between two versions."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import FileResponse, Response

from api.negotiation import is_fresh
from api.publishing import BaseDep, EmbeddedDep, header_iri, respond
from graph.errors import UnknownTermError
from graph.publishing import feed, patches
from graph.publishing.changes import read_changes
from graph.store.generations import generation_of

__all__ = ["router"]

router = APIRouter(tags=["Linked data"])

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_MOST = 2**62
_SHORT = "public, max-age=300"  # what has been erased must not live on in copies
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


@router.get("/feed", responses=_FEED)
@router.head("/feed", include_in_schema=False)
def follow(
    request: Request,
    store: EmbeddedDep,
    base: BaseDep,
    after: Annotated[int, Query(ge=0, le=_MOST, description="Sequence seen last")] = 0,
) -> Response:
    """Give the latest version of each thing that changed after a sequence (LDES, TriG)."""
    page = read_changes(store, after, feed.PAGE_SIZE)
    content = feed.feed_page(store.engine, page, after, f"{base}/feed")
    headers = {"Verbund-Version": store.version}
    if page.next is not None:  # a copy that is late holds what a later member puts right
        headers["Cache-Control"] = "public, max-age=300"
        headers["Link"] = f'<{header_iri(f"/feed?after={page.next}")}>; rel="next"'
    return respond(request, content, feed.MEDIA_TYPE, headers, f"{store.version[:32]}-{after}")


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
