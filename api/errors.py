"""Problem details (RFC 9457) for everything that goes wrong, and the status of each error."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from api.problems import type_of
from api.versions import versions_of
from graph import errors
from graph.sentence import Sentence

__all__ = [
    "SECURITY_HEADERS",
    "STATUS",
    "ClientGoneError",
    "ForbiddenError",
    "IdempotencyConflictError",
    "IdempotencyMismatchError",
    "JobNotDoneError",
    "NotAcceptableError",
    "NotModifiedError",
    "PayloadTooLargeError",
    "PreconditionRequiredError",
    "TooManyJobsError",
    "UnauthorizedError",
    "UnknownJobError",
    "UnsupportedMediaTypeError",
    "add_handlers",
    "problem",
    "status_of",
]

logger = logging.getLogger(__name__)

STATUS: dict[type[errors.GraphError], int] = {
    errors.UnknownQueryError: 404,
    errors.UnknownEnquiryError: 404,
    errors.UnknownTermError: 404,
    errors.GoneTermError: 410,
    errors.UnknownGraphError: 404,
    errors.UnknownRecordError: 404,
    errors.ParameterError: 400,
    errors.QuerySyntaxError: 400,
    errors.QueryRefusedError: 400,
    errors.SourceFormatError: 400,
    errors.EnquiryError: 400,
    errors.NonConformingError: 422,
    errors.GraphNotWritableError: 403,
    errors.VersionConflictError: 412,
    errors.UnknownSourceError: 404,
    errors.SourceRefusedError: 400,
    errors.NothingStagedError: 409,
    errors.SourceUnavailableError: 502,
    errors.SourceBusyError: 409,
    errors.RecordStateError: 409,
    errors.IllegalTransitionError: 409,
    errors.ConsentMissingError: 409,
    errors.StoreUnavailableError: 503,
    errors.StoreTimeoutError: 504,
    errors.StoreBusyError: 503,
    errors.StoreLimitError: 507,
    errors.StoreCorruptError: 500,
}
"""HTTP status of each leaf of :mod:`graph.errors`; a test compares it with the tree."""

_MEDIA_TYPE = "application/problem+json"

_UNREADABLE = "what is stored here cannot be read; the log of the server says why"

_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)

SECURITY_HEADERS = {
    "Content-Security-Policy": _CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What makes browsers careful; every answer has them."""


class ClientGoneError(Exception):
    """The client has closed the connection; nobody reads an answer."""


class NotAcceptableError(Exception):
    """None of the media types that the client accepts can be given."""

    def __init__(self, offered: tuple[str, ...]) -> None:
        super().__init__(f"this is available as {', '.join(offered)}")
        self.offered = offered


class UnsupportedMediaTypeError(Exception):
    """The body of a request is of a kind that this path does not read."""


class PayloadTooLargeError(Exception):
    """The body of a request is longer than allowed."""

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"the body of a request may have {max_bytes} bytes")
        self.max_bytes = max_bytes


class UnauthorizedError(Exception):
    """The request needs a key, or the one it has is not valid."""

    headers: Mapping[str, str] = {"WWW-Authenticate": 'Bearer realm="verbund"'}


class NotModifiedError(Exception):
    """The client has the answer already; no problem, but a way out of reading it again."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__("not modified")
        self.headers = headers


class PreconditionRequiredError(Exception):
    """A record is changed only by who says which state of it they have read (RFC 6585, 3)."""


class IdempotencyMismatchError(Exception):
    """The key of a request has been used for another one."""


class IdempotencyConflictError(Exception):
    """The request with this key is not answered yet, or its answer is shown only once."""


class UnknownJobError(Exception):
    """There is no such job for this caller."""


class JobNotDoneError(Exception):
    """A result is asked for that is not there."""


class TooManyJobsError(Exception):
    """There is no place for another job."""


class ForbiddenError(Exception):
    """The key is valid; its role may not do this.

    Attributes:
        sentence: What it may not, as pages say it in the reader's language.
    """

    def __init__(self, template: str, /, **values: object) -> None:
        self.sentence = Sentence(template, values)
        super().__init__(str(self.sentence))


_WEB_STATUS: dict[type[Exception], int] = {
    NotAcceptableError: 406,
    PayloadTooLargeError: 413,
    UnauthorizedError: 401,
    ForbiddenError: 403,
    PreconditionRequiredError: 428,
    UnsupportedMediaTypeError: 415,
    IdempotencyMismatchError: 422,
    IdempotencyConflictError: 409,
    UnknownJobError: 404,
    JobNotDoneError: 409,
    TooManyJobsError: 429,
}

_OTHER_STATUS = {"TooManyRequestsError": 429, "RequestValidationError": 422}
"""Problems that are not raised as errors of the house."""


def problem(
    status: int, title: str, detail: str, headers: Mapping[str, str] | None = None, **facts: Any
) -> Response:
    """Return a problem document.

    Args:
        status: HTTP status.
        title: Kind of problem, the same for each of its kind.
        detail: What was wrong this time, and what to do.
        headers: Further headers.
        facts: Further members, such as ``limit_s``.
    """
    content = {"type": type_of(title), "title": title, "status": status, "detail": detail, **facts}
    sent = {"Cache-Control": "no-store", **SECURITY_HEADERS, **(headers or {})}
    return JSONResponse(content, status, sent, media_type=_MEDIA_TYPE)


def status_of(title: str) -> int:
    """Return the status that a problem of this title has."""
    known = {kind.__name__: status for kind, status in (STATUS | _WEB_STATUS).items()}
    return (known | _OTHER_STATUS)[title]


def _facts(error: errors.GraphError) -> dict[str, Any]:
    """Return what an error knows beside its sentence, as JSON values."""
    facts: dict[str, Any] = {}
    for name, value in vars(error).items():
        if isinstance(value, float):
            facts[name] = round(value, 3)
        elif isinstance(value, str | int | tuple):
            facts[name] = value
    return facts


async def _graph_error(request: Request, error: Exception) -> Response:
    status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        # what it says names folders of this machine
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
        return problem(status, type(error).__name__, _UNREADABLE, versions_of(request.scope))
    headers = {}
    if isinstance(error, errors.StoreBusyError):
        headers["Retry-After"] = str(error.retry_after_s)
    facts = _facts(error) if isinstance(error, errors.GraphError) else {}
    return problem(status, type(error).__name__, str(error), headers, **facts)


async def _web_error(request: Request, error: Exception) -> Response:
    headers = error.headers if isinstance(error, UnauthorizedError) else None
    return problem(_WEB_STATUS[type(error)], type(error).__name__, str(error), headers)


async def _not_modified(request: Request, error: Exception) -> Response:
    headers = error.headers if isinstance(error, NotModifiedError) else None
    return Response(status_code=304, headers=headers)


async def _nobody(request: Request, error: Exception) -> Response:
    return Response(status_code=499)  # nginx's number; nobody sees it but a log


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    title, detail = HTTPStatus(error.status_code).phrase, str(error.detail)
    if error.status_code == HTTPStatus.NOT_FOUND and detail == title:
        detail = f"nothing is at {request.url.path}; programs begin at /api/v1, people at /"
    return problem(error.status_code, title, detail, error.headers)


async def _malformed(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = [
        {"where": ".".join(map(str, one["loc"])), "what": one["msg"]} for one in error.errors()
    ]
    detail = "; ".join(f"{one['where']}: {one['what']}" for one in found)
    return problem(422, "RequestValidationError", detail, errors=found)


async def _unexpected(request: Request, error: Exception) -> Response:
    # Starlette logs the exception itself after this answer, which passes no other layer.
    return _internal(versions_of(request.scope))


def _internal(headers: Mapping[str, str] | None = None) -> Response:
    detail = "something went wrong here; it has been logged"
    return problem(500, "Internal Server Error", detail, headers)


def add_handlers(app: FastAPI) -> None:
    """Answer every error with a problem document."""
    for error in STATUS:
        app.add_exception_handler(error, _graph_error)
    for web_error in _WEB_STATUS:
        app.add_exception_handler(web_error, _web_error)
    app.add_exception_handler(NotModifiedError, _not_modified)
    app.add_exception_handler(ClientGoneError, _nobody)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _malformed)
    app.add_exception_handler(Exception, _unexpected)
