"""SERVICE of queries, asked beforehand of endpoints that are allowed (SPARQL 1.1 Federated Query).

SERVICE is evaluated on its own and joined afterwards, so its answers may stand in its place as a
VALUES block. That is done here, before the guard looks at a query. What the workers run has no
SERVICE, and they have no network: whatever a query says, nothing else is asked than the endpoints
that are named, once each, within a limit of time, rows and bytes.

The names of their hosts must lead to public addresses, and a redirect to another allowed endpoint
(:mod:`graph.harvest.connection`).
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

import pyoxigraph as ox
from rdflib import BNode
from tree_sitter import Node

from graph.errors import (
    ParameterError,
    QueryRefusedError,
    QuerySyntaxError,
    SourceRefusedError,
    SourceUnavailableError,
    StoreError,
    StoreLimitError,
    StoreTimeoutError,
)
from graph.harvest.connection import Policy, opener_for
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm
from graph.store.guard import GuardLimits, check
from graph.store.protocol import Row
from graph.store.remote.client import Endpoint
from graph.store.remote.results import parse as read_result
from graph.store.syntax import nodes, parse, resolve_escapes, source
from graph.store.terms import to_engine
from graph.vocabulary import BASE

__all__ = ["Federation"]

_MOST_SERVICES = 4
_SILENT_FAILURE = "VALUES () { () }"
"""One solution without values: what SERVICE SILENT gives when it fails (4 of the standard)."""


@dataclass(frozen=True, slots=True)
class _Addresses(Policy):
    """Asks whole addresses, not any path of a host."""

    addresses: frozenset[str] = frozenset()

    def require(self, url: str) -> None:
        """Check an address before it is asked.

        Raises:
            SourceRefusedError: It is not one of the endpoints.
        """
        if url.partition("?")[0] not in self.addresses:
            raise SourceRefusedError(url, "is not among the endpoints that SERVICE may ask here")
        Policy.require(self, url)


@dataclass(frozen=True, slots=True)
class _Service:
    """One SERVICE of a query, as byte positions and texts."""

    start: int
    end: int
    endpoint: str
    pattern: str
    is_silent: bool

    @property
    def without_keyword(self) -> str:
        """The pattern, at its place and as long as the whole."""
        return self.pattern.rjust(
            self.end - self.start - len(self.pattern.encode()) + len(self.pattern)
        )


class Federation:
    """Answers the SERVICE parts of queries."""

    def __init__(
        self,
        endpoints: Collection[str],
        *,
        timeout_s: float = 10.0,
        max_rows: int = 10_000,
        max_bytes: int = 16 * 1024**2,
        allows_private: bool = False,
    ) -> None:
        """Say whom to ask.

        Args:
            endpoints: Addresses of SPARQL endpoints; nothing else is ever asked.
            timeout_s: Seconds for all SERVICE of one query.
            max_rows: Rows that one SERVICE may have.
            max_bytes: Length of one answer.
            allows_private: Endpoints may be in a private network or on this machine.

        Raises:
            ParameterError: An endpoint is no web address.
        """
        self.endpoints = frozenset(endpoints)
        self._timeout_s = timeout_s
        self._max_rows = max_rows
        self._max_bytes = max_bytes
        hosts = set()
        for address in self.endpoints:
            parts = urlsplit(address)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
                reason = f"{address!r} is no address of an endpoint"
                raise ParameterError("settings", "service_endpoints", reason)
            hosts.add(parts.hostname.lower())
        policy = _Addresses(frozenset(hosts), allows_private, self.endpoints)
        self._opener = opener_for(policy)

    def concerns(self, text: str) -> bool:
        """Tell whether a query has SERVICE that may be answered here."""
        return bool(self.endpoints) and "service" in resolve_escapes(text).lower()

    def resolved(self, text: str, limits: GuardLimits) -> str:
        """Return a query with answers in place of its SERVICE parts.

        The rest of the query is checked before anybody is asked.

        Args:
            text: SPARQL 1.1 query.
            limits: How large it may be.

        Raises:
            QuerySyntaxError: It is not SPARQL 1.1.
            QueryRefusedError: It, or what it would ask, may not run; or an endpoint is chosen by
                a variable, or one SERVICE stands in another.
            SourceRefusedError: An endpoint is not allowed, or answers with nameless nodes.
            SourceUnavailableError: An endpoint fails.
            StoreLimitError: An answer has too many rows or bytes.
            StoreTimeoutError: They took too long.
        """
        plain = resolve_escapes(text)
        root = parse(plain)
        prologue = f"BASE <{BASE}>\n{_prologue(root)}"
        services = [_service(node, plain, prologue) for node in _outermost(root)]
        if len(services) > _MOST_SERVICES:
            raise QueryRefusedError(f"a query may have {_MOST_SERVICES} SERVICE, not more")
        # blanks in place of the keyword, so that a fault is told where it stands
        check(_replaced(plain, services, [one.without_keyword for one in services]), limits)
        asked = [f"{prologue}\nSELECT * WHERE {one.pattern}" for one in services]
        for one, query in zip(services, asked, strict=True):
            check(query, limits)
            if one.endpoint not in self.endpoints:
                reason = "is not among the endpoints that SERVICE may ask here"
                raise SourceRefusedError(one.endpoint, reason)
        deadline = time.monotonic() + self._timeout_s
        found = [
            self._answer(one, query, deadline) for one, query in zip(services, asked, strict=True)
        ]
        return _replaced(plain, services, [f"{{ {values} }}" for values in found])

    def _answer(self, service: _Service, query: str, deadline: float) -> str:
        """Return the answers of an endpoint as a VALUES block."""
        try:
            return self._values(service.endpoint, query, deadline)
        except (SourceRefusedError, SourceUnavailableError, StoreError):
            if service.is_silent:
                return _SILENT_FAILURE
            raise

    def _values(self, address: str, query: str, deadline: float) -> str:
        left = deadline - time.monotonic()
        if left <= 0:
            raise StoreTimeoutError(self._timeout_s)
        endpoint = Endpoint(
            address, timeout_s=left, result_max_bytes=self._max_bytes, opener=self._opener
        )
        limited = f"{query}\nLIMIT {self._max_rows + 1}"
        try:
            reply = endpoint.query(limited, QueryForm.SELECT, Dataset((), ()))
            solutions = read_result(reply)
        except QuerySyntaxError as error:
            raise SourceUnavailableError(address, f"refuses the query: {error}") from error
        rows = solutions.rows()
        if len(rows) > self._max_rows:
            raise StoreLimitError(
                f"SERVICE <{address}> has more than {self._max_rows} rows; "
                "narrow its pattern, or give values inside it"
            )
        return _values_of(address, solutions.names, rows)


def _prologue(root: Node) -> str:
    return "\n".join(source(node) for node in root.named_children if node.type == "prologue")


def _outermost(root: Node) -> list[Node]:
    """Return the SERVICE parts that are in no other, in the order of the text."""
    found: list[Node] = []
    for node, _ in nodes(root):
        if node.type == "service_graph_pattern":
            if found and node.start_byte < found[-1].end_byte:
                raise QueryRefusedError("a SERVICE inside another one is not asked")
            found.append(node)
    return found


def _service(node: Node, text: str, prologue: str) -> _Service:
    """Return what one SERVICE says.

    Raises:
        QueryRefusedError: Its endpoint is a variable.
        QuerySyntaxError: It is not SPARQL 1.1.
    """
    parts = {child.type: child for child in node.named_children}
    if "group_graph_pattern" not in parts:
        raise QuerySyntaxError("SERVICE without a pattern")
    if "var" in parts:
        raise QueryRefusedError("name the endpoint of SERVICE; a variable is not asked")
    named = next(c for c in node.named_children if c.type != "group_graph_pattern")
    content = text.encode()
    return _Service(
        node.start_byte,
        node.end_byte,
        _endpoint(content[named.start_byte : named.end_byte].decode(), prologue),
        content[parts["group_graph_pattern"].start_byte : node.end_byte].decode(),
        any(child.type.upper() == "SILENT" for child in node.children),
    )


def _endpoint(written: str, prologue: str) -> str:
    """Return the IRI of an endpoint; prefixes and base are resolved by the engine."""
    try:
        found = ox.Store().query(f"{prologue}\nSELECT (STR({written}) AS ?iri) {{}}")
    except SyntaxError as error:
        raise QuerySyntaxError(f"the endpoint of SERVICE is no IRI: {error}") from error
    [row] = cast(ox.QuerySolutions, found)
    return str(row["iri"].value)


def _values_of(address: str, names: Sequence[str], rows: Sequence[Row]) -> str:
    """Return rows as a VALUES block.

    Raises:
        SourceRefusedError: A row holds a nameless node, which means nothing here.
    """
    lines = []
    for row in rows:
        if any(isinstance(term, BNode) for term in row.values()):
            raise SourceRefusedError(address, "answers with blank nodes; leave them out")
        terms = (str(to_engine(row[name])) if name in row else "UNDEF" for name in names)
        lines.append(f"({' '.join(terms)})")
    variables = " ".join(f"?{name}" for name in names)
    return f"VALUES ({variables}) {{ {' '.join(lines)} }}"


def _replaced(text: str, services: Sequence[_Service], texts: Sequence[str]) -> str:
    content = text.encode()
    for one, replacement in sorted(
        zip(services, texts, strict=True), key=lambda pair: pair[0].start, reverse=True
    ):
        content = content[: one.start] + replacement.encode() + content[one.end :]
    return content.decode()
