"""The part of the client that is written by hand: sending, repeating, paging, and problems."""

import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

import httpx2
from pydantic import BaseModel, ConfigDict, PrivateAttr, TypeAdapter

__all__ = ["Connection", "Model", "ProblemError", "Table"]

T = TypeVar("T")
Line = TypeVar("Line", covariant=True)

_BUSY = (429, 503)
_TRIES = 4
_LONGEST_WAIT_S = 30.0
_ROWS, _EVENTS = "application/sparql-results+json", "text/event-stream"


class Model(BaseModel):
    """What the generated models share: members that a newer server adds are left out."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    _etag: str = PrivateAttr("")

    @property
    def etag(self) -> str:
        """The tag of an answer, to be sent as ``if_match`` with a change; empty where none came."""
        return self._etag


class ProblemError(Exception):
    """The server answered with a problem (RFC 9457).

    Attributes:
        type: IRI of the kind of problem; opened, it says what to do.
        kind: The end of that IRI, such as ``unknown-term``.
        status: HTTP status.
        facts: All members of the problem, such as ``suggestions``.
    """

    def __init__(self, status: int, facts: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {facts.get('title', '')}: {facts.get('detail', '')}")
        self.status = status
        self.type = str(facts.get("type", "about:blank"))
        self.kind = self.type.rpartition("/")[2]
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
        sent = {"headers": {"Content-Type": "application/sparql-query"}}
        return self._table("POST", "/sparql", {}, content=query.encode(), **sent)

    def _call(
        self,
        kind: type[T],
        method: str,
        path: str,
        parameters: Mapping[str, Any] | None = None,
        **sent: Any,
    ) -> T:
        """Send a request and read the answer as a model."""
        answer = self._send(method, path, parameters or {}, "application/json", **sent)
        found = TypeAdapter(kind).validate_json(answer.content)
        if isinstance(found, Model):
            found._etag = answer.headers.get("etag", "")
        return found

    def _table(self, method: str, path: str, parameters: Mapping[str, Any], **sent: Any) -> Table:
        """Send a request and read the answer as rows."""
        document = self._send(method, path, parameters, _ROWS, **sent).json()
        rows = tuple(
            {name: _value(term) for name, term in row.items()}
            for row in document["results"]["bindings"]
        )
        return Table(columns=tuple(document["head"]["vars"]), rows=rows)

    def _nothing(self, method: str, path: str, parameters: Mapping[str, Any], **sent: Any) -> None:
        """Send a request that is answered with nothing."""
        self._send(method, path, parameters, "application/json", **sent)

    def _events(
        self, kind: type[T], method: str, path: str, parameters: Mapping[str, Any]
    ) -> Iterator[T]:
        """Yield the server-sent events of a request; go on from the last where they break off.

        Raises:
            ProblemError: The server says no.
            httpx2.HTTPError: It does not answer, several times in a row.
        """
        read, last, broken = TypeAdapter(kind), "", 0
        while True:
            headers = {"Accept": _EVENTS} | ({"Last-Event-ID": last} if last else {})
            try:
                with self._stream(method, path, parameters, headers) as answer:
                    for name, data in _parsed(answer.iter_lines()):
                        last, broken = name, 0
                        yield read.validate_json(data)
            except httpx2.TransportError:
                broken += 1
                if broken == _TRIES:
                    raise
                time.sleep(broken)
            else:
                return

    @contextmanager
    def _stream(
        self, method: str, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str]
    ) -> Iterator[httpx2.Response]:
        given = _given(parameters)
        with self._http.stream(method, path, params=given, headers=dict(headers)) as answer:
            if not answer.is_success:
                answer.read()
                raise ProblemError(answer.status_code, _facts(answer))
            yield answer

    def _send(
        self,
        method: str,
        path: str,
        parameters: Mapping[str, Any],
        accept: str,
        *,
        body: BaseModel | None = None,
        headers: Mapping[str, str | None] | None = None,
        **sent: Any,
    ) -> httpx2.Response:
        """Send a request, again when the server is busy; a POST is carried out once all the same.

        Raises:
            ProblemError: The server says no.
            httpx2.HTTPError: It does not answer.
        """
        sent["headers"] = {"Accept": accept} | _given(headers or {})
        if parameters:
            sent["params"] = _given(parameters)
        if body is not None:
            sent["content"] = body.model_dump_json(by_alias=True, exclude_unset=True).encode()
            sent["headers"]["Content-Type"] = "application/json"
        if method == "POST" and path.startswith("/api/"):
            sent["headers"]["Idempotency-Key"] = str(uuid.uuid4())
        for tried in range(1, _TRIES + 1):
            answer = self._http.request(method, path, **sent)
            if answer.status_code not in _BUSY or tried == _TRIES:
                break
            time.sleep(_wait_s(answer))
        if answer.is_success:
            return answer
        raise ProblemError(answer.status_code, _facts(answer))


def _given(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _parsed(lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Yield id and data of each server-sent event."""
    name, data = "", []
    for line in lines:
        field, _, value = line.partition(":")
        if field == "id":
            name = value.strip()
        elif field == "data":
            data.append(value.removeprefix(" "))
        elif not line and data:
            yield name, "\n".join(data)
            data = []


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
