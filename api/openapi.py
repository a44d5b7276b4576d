"""The OpenAPI description, with one typed operation for each query of the catalogue."""

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

from graph.catalogue import Parameter, Query, catalogue
from graph.store.formats import SOLUTION_MEDIA_TYPES

__all__ = ["describing"]

_SCHEMAS: dict[str, dict[str, Any]] = {
    "iri": {"type": "string", "format": "iri"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "year": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "string": {"type": "string"},
}
"""Schema of the values of each type of parameter."""


def describing(app: FastAPI) -> Callable[[], dict[str, Any]]:
    """Return what makes the description of an application: its routes and the catalogue.

    The route ``/api/v1/queries/{name}`` answers every query; the description names each one with
    its own parameters, so that a generated client has a typed method for each.
    """
    described = app.openapi

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = described()
            paths = {
                f"/api/v1/queries/{q.name}": {"get": _operation(q)} for q in catalogue().values()
            }
            document["paths"] |= paths
        return app.openapi_schema or {}

    return describe


def _operation(query: Query) -> dict[str, Any]:
    columns = "\n".join(f"- `{name}`: {text['en']}" for name, text in query.returns.items())
    return {
        "tags": ["catalogue", *query.tags],
        "operationId": f"query-{query.name}",
        "summary": query.question["en"],
        "description": f"{query.description['en'].strip()}\n\nColumns:\n\n{columns}",
        "parameters": [_parameter(parameter) for parameter in query.parameters.values()],
        "responses": {
            "200": {
                "description": "The rows",
                "content": {name: {} for name in SOLUTION_MEDIA_TYPES},
            },
            "400": {"description": "A parameter is missing, unknown or of the wrong type"},
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
