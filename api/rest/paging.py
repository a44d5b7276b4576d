"""Pages of a long list: a cursor names the place after which the next page begins.

A cursor holds the sort key of the last line that was given, so no line is given twice or left
out when the graph changes between two pages, and every cursor is some place in the list.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, create_model

from api.rest.documents import HeadOut, Reading

__all__ = ["FieldsOf", "Key", "PageDep", "PageOut", "Paging", "listed"]

T = TypeVar("T")
Line = TypeVar("Line", bound=BaseModel)

Key = tuple[str, str]
"""What a list is sorted by: a text, and the IRI that tells equal ones apart."""

_BETWEEN = "\x00"


class PageOut(HeadOut, Generic[Line]):
    """Some lines of a list.

    Attributes:
        data: The lines.
        total: How many lines there are on all pages.
        next: Address of the next page; null on the last one. It is in the `Link` header too.
    """

    data: list[Line]
    total: Annotated[int, Field(ge=0)]
    next: str | None


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page is asked for.

    Attributes:
        limit: Lines of a page at most.
        after: Sort key of the last line that the client has; ``None`` for the first page.
        path: Address of the list without its host.
        parameters: Parameters of the list but the cursor, in their order.
    """

    limit: int
    after: Key | None
    path: str
    parameters: tuple[tuple[str, str], ...]

    def answer(
        self,
        reading: Reading,
        found: Sequence[T],
        key: Callable[[T], Key],
        show: Callable[[T], BaseModel],
        fields: frozenset[str] | None = None,
    ) -> Response:
        """Answer with the page of a list.

        Args:
            reading: The request.
            found: The whole list, sorted by ``key``.
            key: Sort key of a line, different for each.
            show: Makes the JSON of a line.
            fields: Names of the fields to give beside ``iri``; ``None`` for all.
        """
        start = 0 if self.after is None else bisect_right(found, self.after, key=key)
        lines = found[start : start + self.limit]
        data = [show(line).model_dump(mode="json", include=_asked(fields)) for line in lines]
        is_last = start + self.limit >= len(found)
        following = None if is_last else reading.base + self._address(key(lines[-1]))
        links = [f'<{reading.base}{self._address(None)}>; rel="first"']
        links += [f'<{following}>; rel="next"'] if following else []
        content: dict[str, Any] = {"data": data, "total": len(found), "next": following}
        return reading.send(content, reading.headers() | {"Link": ", ".join(links)})

    def _address(self, after: Key | None) -> str:
        pairs = [*self.parameters]
        if after is not None:
            pairs.append(("cursor", _BETWEEN.join(after).encode().hex()))
        return f"{self.path}?{urlencode(pairs)}" if pairs else self.path


def _asked(fields: frozenset[str] | None) -> set[str] | None:
    return None if fields is None else {*fields, "iri"}


async def _paging(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=500, description="Lines of a page")] = 50,
    cursor: Annotated[
        str | None,
        Query(
            pattern="^([0-9a-f]{2}){1,1000}$",
            description="Where the page begins, as the page before says in `next`",
        ),
    ] = None,
) -> Paging:
    parameters = tuple(p for p in request.query_params.multi_items() if p[0] != "cursor")
    if cursor is None:
        return Paging(limit, None, request.url.path, parameters)
    text, _, iri = bytes.fromhex(cursor).decode("utf-8", "replace").partition(_BETWEEN)
    return Paging(limit, (text, iri), request.url.path, parameters)


PageDep = Annotated[Paging, Depends(_paging)]


def listed(shown: type[BaseModel]) -> Any:
    """Return the model of a page of such lines, whole ones or those that ``fields`` leaves."""
    return PageOut[shown] | PageOut[_sparse(shown)]  # type: ignore[valid-type, misc]


def _sparse(shown: type[BaseModel]) -> type[BaseModel]:
    """Return a model of which only ``iri`` is required."""
    fields: dict[str, Any] = {
        name: (field.annotation, ...) if name == "iri" else (field.annotation, _left_out())
        for name, field in shown.model_fields.items()
    }
    return create_model(
        f"Sparse{shown.__name__}", __doc__=f"Some fields of {shown.__name__}.", **fields
    )


def _left_out() -> Any:
    """Return a field that may be missing and has no value then."""
    return Field(default_factory=lambda: None)


def FieldsOf(shown: type[BaseModel]) -> Any:  # noqa: N802 (stands in signatures like a type)
    """Return the dependency for the parameter ``fields`` of a list of such lines.

    It gives the set of names, or ``None`` when the parameter is not given. Names that the
    lines do not have are refused like any malformed parameter.
    """
    names = "|".join(re.escape(name) for name in shown.model_fields)
    pattern = f"^({names})(,({names}))*$"

    async def read(
        fields: Annotated[
            str | None,
            Query(pattern=pattern, description="Fields to give, with commas between; else all"),
        ] = None,
    ) -> frozenset[str] | None:
        return None if fields is None else frozenset(fields.split(","))

    return Depends(read)
