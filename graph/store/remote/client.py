"""Talking to a SPARQL 1.1 server through SPARQLWrapper: limits, retries, one tree of errors.

Requests are form POSTs: some servers hang on ``application/sparql-query`` with graph lists, and
long queries do not fit into an address.
"""

import http.client
import math
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from SPARQLWrapper import BASIC, DIGEST, JSON, POST, TURTLE, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import (
    EndPointInternalError,
    EndPointNotFound,
    QueryBadFormed,
    SPARQLWrapperException,
    Unauthorized,
    URITooLong,
)

from graph.errors import (
    GraphError,
    QuerySyntaxError,
    StoreBusyError,
    StoreLimitError,
    StoreTimeoutError,
    StoreUnavailableError,
)
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm

__all__ = ["Endpoint", "Reply"]

_T = TypeVar("_T")

_BLOCK = 65_536
_SHOWN = 300
_RETRIES = 2
_PAUSE_S = 0.1
_NO_GRAPH = "urn:x-verbund:no-graph"
_TRIPLES = "application/n-triples, text/plain;q=0.5"
_UPDATE = "INSERT"

_FOREIGN = (
    SPARQLWrapperException,
    urllib.error.URLError,
    http.client.HTTPException,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server sent.

    Attributes:
        content: The whole body.
        headers: Names in lower case.
    """

    content: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a server listens, and what one request to it may take.

    Attributes:
        url: Address of queries.
        update_url: Address of updates; empty when nothing is written.
        user: Name to log in with; empty for none.
        password: Its password; never shown.
        is_digest: Log in by HTTP Digest (Virtuoso's ``/sparql-auth``) instead of Basic.
        timeout_s: Limit of one request with its retries, seconds.
        result_max_bytes: Length of an answer.
        opener: What opens addresses, where not every address may be asked.
    """

    url: str
    update_url: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    is_digest: bool = False
    timeout_s: float = 10.0
    result_max_bytes: int = 256 * 1024**2
    opener: urllib.request.OpenerDirector | None = field(default=None, repr=False, compare=False)

    def query(self, text: str, form: QueryForm, dataset: Dataset) -> Reply:
        """Ask a query; a graph comes as N-Triples, anything else as SPARQL JSON.

        A query changes nothing, so it is asked again when the connection fails or the server
        says that it is down for now; never after a time-out, which would double the load.

        Args:
            text: SPARQL 1.1.
            form: What the text asks for.
            dataset: The graphs it is asked of; both lists are sent, so nothing else is seen.

        Raises:
            QuerySyntaxError: The server does not understand it.
            StoreTimeoutError: No whole answer came in time.
            StoreBusyError: The server turns requests away for now.
            StoreLimitError: The answer is too long.
            StoreUnavailableError: The server is not there, or refuses, or fails.
        """
        deadline = time.monotonic() + self.timeout_s

        def once() -> Reply:
            wrapper = self._wrapper(text, form.upper())
            for name, graphs in (("default", dataset.default), ("named", dataset.named)):
                # an empty list beside a full one means all graphs to Virtuoso
                for graph in graphs or (_NO_GRAPH,) * bool(dataset.default or dataset.named):
                    wrapper.addParameter(f"{name}-graph-uri", graph)
            if form.is_graph:
                wrapper.addCustomHttpHeader("Accept", _TRIPLES)
            return self._send(wrapper, deadline)

        return self._retried(once, deadline)

    def update(self, text: str) -> None:
        """Send an update, once: whether one that failed has run cannot be known.

        Raises:
            QuerySyntaxError: The server does not understand it.
            StoreError: As for :meth:`query`.
        """
        self._send(self._wrapper(text, _UPDATE), time.monotonic() + self.timeout_s)

    def _wrapper(self, text: str, kind: str) -> SPARQLWrapper:
        wrapper = _Wrapper(self.url, self.update_url or self.url, kind, self.opener)
        wrapper.setQuery(text)
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setReturnFormat(TURTLE if kind in ("CONSTRUCT", "DESCRIBE") else JSON)
        if self.user:
            wrapper.setHTTPAuth(DIGEST if self.is_digest else BASIC)
            wrapper.setCredentials(self.user, self.password)
        return wrapper

    def _send(self, wrapper: SPARQLWrapper, deadline: float) -> Reply:
        """Send a request and read its answer.

        Its library waits whole seconds at least, and for each read anew; so the total is watched
        here while the answer is read.
        """
        wrapper.setTimeout(max(1, math.ceil(deadline - time.monotonic())))
        try:
            with wrapper.query().response as response:
                headers = {name.lower(): value for name, value in response.getheaders()}
                content = bytearray()
                while block := response.read1(_BLOCK):
                    content += block
                    self._require_within(len(content), deadline)
                if response.length:  # http.client does not mind a body that ends early
                    raise http.client.IncompleteRead(b"", response.length)
                return Reply(bytes(content), headers)
        except _FOREIGN as error:
            raise self._translated(error) from error

    def _require_within(self, length: int, deadline: float) -> None:
        if length > self.result_max_bytes:
            raise StoreLimitError(
                f"the result is longer than {self.result_max_bytes} bytes; "
                "narrow the query, page it with LIMIT, or download the data"
            )
        if time.monotonic() > deadline:
            raise StoreTimeoutError(self.timeout_s)

    def _retried(self, once: Callable[[], _T], deadline: float) -> _T:
        for attempt in range(_RETRIES):
            try:
                return once()
            except (StoreUnavailableError, StoreBusyError) as error:
                pause_s = _PAUSE_S * 4**attempt
                if not _is_passing(error) or time.monotonic() + pause_s >= deadline:
                    raise
                time.sleep(pause_s)
        return once()

    def _translated(self, error: Exception) -> GraphError:
        """Return our error for one of the library, of HTTP or of the network."""
        if isinstance(error, QueryBadFormed):
            return QuerySyntaxError(f"the remote store refuses the query: {_said(error)}")
        if isinstance(error, Unauthorized):
            return StoreUnavailableError(f"{self.url} refuses user {self.user or 'nobody'!r}")
        if isinstance(error, EndPointNotFound):
            return StoreUnavailableError(f"there is no SPARQL endpoint at {self.url}")
        if isinstance(error, URITooLong):
            return StoreLimitError(f"the query is too long for {self.url}")
        if isinstance(error, EndPointInternalError):
            return self._failure(500, _said(error))
        if isinstance(error, urllib.error.HTTPError):
            return self._failure(error.code, _body(error))
        reason = error.reason if isinstance(error, urllib.error.URLError) else error
        if isinstance(reason, TimeoutError):
            return StoreTimeoutError(self.timeout_s)
        return StoreUnavailableError(f"{self.url} does not answer: {reason}")

    def _failure(self, status: int, said: str) -> GraphError:
        lower = said.lower()
        if status == 504 or (status in (500, 503) and ("timeout" in lower or "time-out" in lower)):
            return StoreTimeoutError(self.timeout_s)
        if status in (429, 503):
            return StoreBusyError(f"{self.url} turns requests away ({status})")
        if status == 413:
            return StoreLimitError(f"{self.url} says that this is too long")
        return StoreUnavailableError(f"{self.url} failed with status {status}: {said}")


class _Wrapper(SPARQLWrapper):
    """One request; what kind it is is told, as guessing by the library backtracks for seconds."""

    def __init__(
        self,
        url: str,
        update_url: str,
        kind: str,
        opener: urllib.request.OpenerDirector | None = None,
    ) -> None:
        self._kind = kind
        self._opener = opener
        super().__init__(url, update_url, agent="verbund")

    def _parseQueryType(self, query: str) -> str:  # noqa: N802 - the library's name
        return self._kind

    def _query(self) -> tuple[http.client.HTTPResponse, str]:
        if self._opener is None:
            found: tuple[http.client.HTTPResponse, str] = super()._query()
            return found
        return self._opener.open(self._createRequest(), timeout=self.timeout), self.returnFormat


def _is_passing(error: GraphError) -> bool:
    """Tell whether the same request may succeed a moment later."""
    if isinstance(error, StoreBusyError):
        return True
    cause = error.__cause__
    if isinstance(cause, urllib.error.HTTPError):
        return cause.code == 502
    if isinstance(cause, urllib.error.URLError):
        return isinstance(cause.reason, ConnectionError)
    return isinstance(cause, ConnectionError | http.client.HTTPException)


def _body(error: urllib.error.HTTPError) -> str:
    with error:
        return _line(error.read(_SHOWN * 4))


def _said(error: SPARQLWrapperException) -> str:
    """Return what the server said; the library has put its ``repr`` into the message."""
    text: Sequence[str] = str(error).partition("Response:\n")
    said = text[2].removeprefix("b'").removeprefix('b"').removesuffix("'").removesuffix('"')
    return _line(said.encode())


def _line(content: bytes) -> str:
    """Return the first line of a message of the server, shortened."""
    text = content.decode("utf-8", "replace").replace("\\n", "\n").strip()
    return next((line.strip()[:_SHOWN] for line in text.splitlines() if line.strip()), "no reason")
