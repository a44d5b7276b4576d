"""The part of the client that is written by hand: sending, repeating, paging, and problems."""

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import httpx2
from pydantic import BaseModel, ConfigDict, TypeAdapter

__all__ = ["Connection", "Model", "ProblemError", "Table"]

T = TypeVar("T")
Line = TypeVar("Line", covariant=True)

_BUSY = (429, 503)
_TRIES = 4
_LONGEST_WAIT_S = 30.0
_ROWS = "application/sparql-results+json"


class Model(BaseModel):
    """What the generated models share: members that a newer server adds are left out."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class ProblemError(Exception):
    """The server answered with a problem (RFC 9457).

    Attributes:
        type: IRI of the kind of problem; opened, it says what to do.
        status: HTTP status.
        facts: All members of the problem, such as ``suggestions``.
    """

    def __init__(self, status: int, facts: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {facts.get('title', '')}: {facts.get('detail', '')}")
        self.status = status
        self.type = str(facts.get("type", "about:blank"))
        self.facts = dict(facts)


class Table(BaseModel):
    """The rows of a query: columns in order, and for each row the values that are there."""

    model_config = ConfigDict(frozen=True)

    columns: tuple[str, ...]
    rows: tuple[dict[str, str | int | float | bool], ...]


class _Page(Protocol[Line]):
    @property
    def data(self) -> Sequence[Line]: ...
    @property
    def next(self) -> str | None: ...


PageT = TypeVar("PageT", bound=BaseModel)


class Connection:
    """A connection to one server; use it in a ``with`` block, or close it."""

    def __init__(
        self,
        address: str,
        key: str | None = None,
        timeout_s: float = 60.0,
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """Name the server; nothing is sent yet.

        Args:
            address: Such as ``http://127.0.0.1:8000``.
            key: An API key; without one only what is public is seen.
            timeout_s: How long to wait for an answer.
            transport: How to send; over the network when omitted.
        """
        headers = {"User-Agent": "verbund-client"}
        headers |= {"Authorization": f"Bearer {key}"} if key else {}
        self._http = httpx2.Client(
            base_url=address, headers=headers, timeout=timeout_s, transport=transport
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def every(self, page: _Page[Line]) -> Iterator[Line]:
        """Yield the lines of a page and of all that follow it, fetched as they are needed."""
        current = page
        while True:
            yield from current.data
            if current.next is None:
                return
            current = self._call(type(current), "GET", current.next)

    def sparql(self, query: str) -> Table:
        """Ask a SPARQL SELECT query.

        Raises:
            ProblemError: The query is refused or takes too long.
        """
        sent = {"content": query.encode(), "headers": {"Content-Type": "application/sparql-query"}}
        return self._table("POST", "/sparql", {}, **sent)

    def _call(
        self,
        kind: type[T],
        method: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        body: BaseModel | None = None,
    ) -> T:
        """Send a request and read the answer as a model."""
        sent: dict[str, Any] = {"headers": {"Accept": "application/json"}}
        if body is not None:
            sent["content"] = body.model_dump_json(by_alias=True, exclude_unset=True).encode()
            sent["headers"]["Content-Type"] = "application/json"
        answer = self._send(method, path, parameters or {}, **sent)
        return TypeAdapter(kind).validate_json(answer.content)

    def _table(self, method: str, path: str, parameters: Mapping[str, Any], **sent: Any) -> Table:
        """Send a request and read the answer as rows."""
        sent["headers"] = {"Accept": _ROWS, **sent.get("headers", {})}
        document = self._send(method, path, parameters, **sent).json()
        rows = tuple(
            {name: _value(term) for name, term in row.items()}
            for row in document["results"]["bindings"]
        )
        return Table(columns=tuple(document["head"]["vars"]), rows=rows)

    def _send(
        self, method: str, path: str, parameters: Mapping[str, Any], **sent: Any
    ) -> httpx2.Response:
        """Send a request, again when the server is busy; a POST is carried out once all the same.

        Raises:
            ProblemError: The server says no.
            httpx2.HTTPError: It does not answer.
        """
        given = {name: value for name, value in parameters.items() if value is not None}
        if given:
            sent["params"] = given
        if method == "POST" and path.startswith("/api/"):
            sent.setdefault("headers", {})["Idempotency-Key"] = str(uuid.uuid4())
        for tried in range(1, _TRIES + 1):
            answer = self._http.request(method, path, **sent)
            if answer.status_code not in _BUSY or tried == _TRIES:
                break
            time.sleep(_wait_s(answer))
        if answer.is_success:
            return answer
        raise ProblemError(answer.status_code, _facts(answer))


def _wait_s(answer: httpx2.Response) -> float:
    said = answer.headers.get("retry-after", "1")
    return min(float(said), _LONGEST_WAIT_S) if said.isdigit() else 1.0


def _facts(answer: httpx2.Response) -> dict[str, Any]:
    """Return the members of a problem; what a gateway says in its place is its detail."""
    if answer.headers.get("content-type", "").startswith("application/problem+json"):
        found: dict[str, Any] = answer.json()
        return found
    return {"title": answer.reason_phrase, "detail": answer.text[:500]}


_NUMBERS = {
    **dict.fromkeys(("integer", "int", "long", "nonNegativeInteger", "gYear"), int),
    **dict.fromkeys(("decimal", "double", "float"), float),
}


def _value(term: Mapping[str, str]) -> str | int | float | bool:
    kind = term.get("datatype", "").rpartition("#")[2]
    if kind == "boolean":
        return term["value"] in ("true", "1")
    number: type[int] | type[float] | None = _NUMBERS.get(kind)
    return term["value"] if number is None else number(term["value"])
