"""Parameters that an operation does not have: refused, so that a slip does not lift a filter."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

__all__ = ["require_known"]

_NAMES: Final[dict[str, frozenset[str]]] = {}
"""Parameters of each operation by its id; they never change while a program runs."""


def require_known(request: Request) -> None:
    """Check that the operation has every parameter of the address.

    Raises:
        RequestValidationError: It has none of this name; the closest one is suggested.
    """
    route = request.scope.get("route")
    if not request.url.query or not isinstance(route, APIRoute):
        return
    known = _names_of(route)
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        raise RequestValidationError([_error(name, known) for name in unknown])


def _names_of(route: APIRoute) -> frozenset[str]:
    if route.unique_id not in _NAMES:
        _NAMES[route.unique_id] = frozenset(_taken(route.dependant))
    return _NAMES[route.unique_id]


def _taken(dependant: Dependant) -> Iterator[str]:
    """Yield the parameters that a handler takes, and those of what it depends on."""
    yield from (one.alias for one in dependant.query_params)
    for below in dependant.dependencies:
        yield from _taken(below)


def _error(name: str, known: frozenset[str]) -> dict[str, object]:
    alike = get_close_matches(name, sorted(known), n=1)
    meant = f"did you mean {alike[0]!r}?" if alike else f"known are {', '.join(sorted(known))}"
    return {"type": "unknown", "loc": ("query", name), "msg": f"no such parameter; {meant}"}
