"""The OpenAPI description: the routes, a typed operation for each query, and what all share.

FastAPI describes what a route says of itself. What the gate, the limits and the error handlers
answer on every route is said here once: problems, keys, limits, and the headers of answers.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from fastapi import FastAPI

from api.problems import KINDS
from api.versions import GRAPH_HEADER, SOFTWARE_HEADER
from graph.catalogue import Parameter, Query, catalogue
from graph.store.formats import SOLUTION_MEDIA_TYPES
from graph.vocabulary import BASE

__all__ = ["describing"]

_SCHEMAS: dict[str, dict[str, Any]] = {
    "iri": {
        "type": "string",
        "pattern": r'^[^\u0000-\u0020<>"{}|\\^`]+$',  # an IRI, or the end of one
    },
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "year": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "string": {"type": "string", "pattern": "^[^\\u0000]*$"},
}
"""Schema of the values of each type of parameter."""

_PROBLEM_TYPE = "application/problem+json"
_PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457), with further members that its kind has.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"enum": ["about:blank", *(kind.iri for kind in KINDS.values())]},
        "title": {"type": "string", "description": "Kind of problem"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What was wrong this time"},
    },
}
_EVERYWHERE = {
    "401": "The key is unknown, revoked or expired",
    "429": "Too many requests; try again after `Retry-After`",
    "503": "The store does not answer or is busy",
}
"""What the gate and the store can answer to any request."""

_WITH_BODY = {
    "400": "The body cannot be read",
    "413": "The body is longer than allowed",
}
_IDEMPOTENT = {
    "409": "The request with this key is still being answered",
    "422": "The request is malformed, or the key has been used for another one",
}
_KEY_PARAMETER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Makes the request safe to repeat: the same key gives the same answer",
    "schema": {"type": "string", "pattern": "^[!-~]{1,255}$"},
}
_MATCH_PARAMETER: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The `ETag` that the record was read with, or `*` for any state",
    "schema": {"type": "string", "pattern": r'^(\*|"[^"\s]{1,200}")$'},
}
_HEADERS: dict[str, Any] = {
    "ETag": {"description": "Tag for `If-None-Match`", "schema": {"type": "string"}},
    GRAPH_HEADER: {
        "description": "Graph version",
        "required": True,
        "schema": {"type": "string", "minLength": 1},
    },
    SOFTWARE_HEADER: {
        "description": "Version of the software",
        "required": True,
        "schema": {"type": "string", "pattern": r"^\d+\.\d+\.\d+"},
    },
}


def describing(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what makes the description of an application: its routes and the catalogue.

    The route ``/api/v1/queries/{name}`` answers every query; the description names each one with
    its own parameters, so that a generated client has a typed method for each.
    """
    described = app.openapi

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = described()
            document["servers"] = [{"url": "/", "description": "This server"}]
            for query in catalogue().values():
                document["paths"][f"/api/v1/queries/{query.name}"] = {"get": _operation(query)}
            _say_what_all_share(document)
        return app.openapi_schema or {}

    return describe


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield path, method, operation


def _say_what_all_share(document: dict[str, Any]) -> None:
    """Add problems, keys and headers to every operation."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = deepcopy(_PROBLEM)
    for unused in ("HTTPValidationError", "ValidationError"):  # our 422 is a problem document
        schemas.pop(unused, None)
    components["headers"] = deepcopy(_HEADERS)
    components["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key: `vb_…`"}
    }
    document["security"] = [{}, {"key": []}]
    document["externalDocs"] = {"description": "Kinds of problems", "url": f"{BASE}problem"}
    for path, method, operation in _operations(document):
        _share(operation, _EVERYWHERE)
        if "requestBody" in operation:
            _share(operation, _WITH_BODY)
        if "428" in operation["responses"]:
            _take_tag(operation)
        if path.startswith("/api/v1/") and method == "post":
            operation.setdefault("parameters", []).append(deepcopy(_KEY_PARAMETER))
            _share(operation, _IDEMPOTENT)
        _as_problems(operation)


def _take_tag(operation: dict[str, Any]) -> None:
    """Say that a change needs the tag of what was read, where it has no other way to say so."""
    parameters = operation.setdefault("parameters", [])
    is_only = not any(one["name"] == "If-None-Match" for one in parameters)
    parameters.append(_MATCH_PARAMETER | {"required": is_only})


def _share(operation: dict[str, Any], answers: dict[str, str]) -> None:
    for status, description in answers.items():
        operation["responses"].setdefault(status, {"description": description})


def _as_problems(operation: dict[str, Any]) -> None:
    """Say that errors are problem documents, and which headers answers have."""
    for status, answer in operation["responses"].items():
        is_tagged = status == "200" and "304" in operation["responses"]
        names = _HEADERS if is_tagged else (GRAPH_HEADER, SOFTWARE_HEADER)
        answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
        if status >= "400" and status != "410":
            schema = {"$ref": "#/components/schemas/Problem"}
            answer["content"] = {_PROBLEM_TYPE: {"schema": schema}}


def _operation(query: Query) -> dict[str, Any]:
    columns = "\n".join(f"- `{name}`: {text['en']}" for name, text in query.returns.items())
    return {
        "tags": ["queries", *query.tags],
        "operationId": f"query_{query.name.replace('-', '_')}",
        "summary": query.question["en"],
        "description": f"{query.description['en'].strip()}\n\nColumns:\n\n{columns}",
        "parameters": [_parameter(parameter) for parameter in query.parameters.values()],
        "responses": {
            "200": {
                "description": "The rows",
                "content": {name: {} for name in SOLUTION_MEDIA_TYPES},
            },
            "304": {"description": "Not changed since the tag in `If-None-Match`"},
            "400": {"description": "A parameter is missing, unknown or of the wrong type"},
            "406": {"description": "There is no accepted form"},
            "504": {"description": "The query took too long"},
            "507": {"description": "The query needs more memory than it may"},
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_SCHEMAS[parameter.type])
    if parameter.default is not None:
        schema["default"] = parameter.default
    return {
        "name": parameter.name,
        "in": "query",
        "required": parameter.required and parameter.default is None,
        "description": parameter.description["en"],
        "schema": schema,
        "example": parameter.example,
    }
