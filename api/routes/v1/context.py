"""The JSON-LD context that all JSON answers name."""

import hashlib
import json

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.negotiation import is_fresh
from api.rest.context import CONTEXT, MEDIA_TYPE

__all__ = ["router"]

router = APIRouter(prefix="/api/v1/context", tags=["context"])

_CONTENT = {MEDIA_TYPE: {"schema": {"type": "object"}}}
_TEXT = json.dumps(CONTEXT, ensure_ascii=False, indent=2)
_TAG = f'"{hashlib.blake2b(_TEXT.encode(), digest_size=16).hexdigest()}"'


@router.get(
    "",
    responses={
        200: {
            "description": "The context",
            "content": {MEDIA_TYPE: {"schema": {"type": "object"}}},
        },
        304: {"description": "Not changed"},
    },
    response_class=Response,
    operation_id="get_context",
)
async def get_context(request: Request) -> Response:
    """Give the JSON-LD context of all answers below `/api/v1`."""
    headers = {"ETag": _TAG, "Cache-Control": "public, max-age=86400"}
    if is_fresh(request.headers.get("if-none-match"), _TAG):
        return Response(status_code=304, headers=headers)
    return Response(_TEXT, headers=headers, media_type=MEDIA_TYPE)
