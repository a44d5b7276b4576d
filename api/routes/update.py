"""SPARQL 1.1 Update over HTTP (SPARQL 1.1 Protocol, update part), for coordinators."""

from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.writes import RECEIPTS, ReceiptOut, WriterDep, conditions
from api.dependencies import CallerDep
from api.errors import UnsupportedMediaTypeError
from graph.errors import QuerySyntaxError
from graph.store.updates import with_dataset
from graph.writing import Kind, Write

__all__ = ["router"]

router = APIRouter(tags=["SPARQL"])

_FORM = "application/x-www-form-urlencoded"
_UPDATE = "application/sparql-update"

_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _UPDATE: {"schema": {"type": "string"}},
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["update"],
                    "properties": {"update": {"type": "string"}},
                }
            },
        },
    }
}


@router.post("/sparql/update", responses=RECEIPTS, openapi_extra=_BODY)
async def update(
    request: Request, response: Response, caller: CallerDep, writer: WriterDep
) -> ReceiptOut:
    """Change graphs with an update; all of it is done or nothing.

    Name each graph to change with `GRAPH` or `WITH`. A new graph is described in `graph/meta` by
    the same request: `dct:title`, `dct:accessRights`, `dct:license`, `prov:wasAttributedTo`.
    """
    text = _text(request, await request.body())
    change = conditions(request, Write(Kind.UPDATE, text))
    receipt = await writer.apply(caller, change)
    response.headers["Verbund-Version"] = receipt.version
    return ReceiptOut.model_validate(receipt)


def _text(request: Request, body: bytes) -> str:
    """Return the update that a request holds.

    Raises:
        UnsupportedMediaTypeError: The body is neither of the two kinds.
        QuerySyntaxError: There is not exactly one update, or it is not UTF-8.
        QueryRefusedError: It names a dataset in the update and outside of it.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        query = parse_qsl(request.url.query, keep_blank_values=True, errors="strict")
        if kind == _UPDATE:
            pairs = [*query, ("update", body.decode())]
        elif kind == _FORM:
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict")
        else:
            raise UnsupportedMediaTypeError(f"an update comes as {_UPDATE} or {_FORM}")
    except UnicodeError:
        raise QuerySyntaxError("the update is not UTF-8") from None
    texts = [value for name, value in pairs if name == "update"]
    if len(texts) != 1:
        raise QuerySyntaxError(f"expected one update, found {len(texts)}")
    default = [value for name, value in pairs if name == "using-graph-uri"]
    named = [value for name, value in pairs if name == "using-named-graph-uri"]
    return with_dataset(texts[0], default, named)
