"""What the rest of the house sees of a store: one protocol and plain types."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from rdflib.term import Identifier

__all__ = ["Quad", "Row", "Store", "Visibility"]

Row = dict[str, Identifier]
"""One solution: a term for each bound variable; an unbound variable has no entry."""

Quad = tuple[Identifier, Identifier, Identifier, Identifier]
"""Subject, predicate, object and the named graph that holds them."""


class Visibility(StrEnum):
    """Who may see a set of graphs; each one sees all that the ones before it see."""

    PUBLIC = "public"
    PARTNERS = "partners"
    INTERNAL = "internal"

    __hash__ = str.__hash__  # as quick as a text; that of enumerations is written in Python

    def and_below(self) -> tuple["Visibility", ...]:
        """Return this visibility and all narrower ones, widest first."""
        order = tuple(Visibility)
        return tuple(reversed(order[: order.index(self) + 1]))


class Store(Protocol):
    """One immutable version of the graph, seen with one visibility.

    Every answer of one object comes from the same version. :meth:`latest` moves on. So an object
    can be the key of a cache.
    """

    def __hash__(self) -> int:
        """Tell objects apart."""
        ...

    @property
    def version(self) -> str:
        """Graph version (generation) that answers."""
        ...

    def graphs(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs, sorted."""
        ...

    def select(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> list[Row]:
        """Run a trusted SELECT query and return its rows in order.

        Trusted means: text of this project, such as the catalogue or the reading queries.
        It runs without the guard; where the store is embedded, without a time limit too.

        Args:
            query: SPARQL 1.1 SELECT query.
            bindings: Terms for variables of the query, see :mod:`graph.store.bindings`.

        Raises:
            QuerySyntaxError: The text is not a SPARQL SELECT query.
            StoreError: The store failed.
        """
        ...

    def serialise(
        self, query: str, media_type: str, bindings: Mapping[str, Identifier] | None = None
    ) -> bytes:
        """Run a query of any form that somebody else wrote; return the serialised result.

        The query is guarded and limited in time, memory and size of the result.

        Args:
            query: SPARQL 1.1 query.
            media_type: One that :mod:`graph.store.formats` lists for the form of the query.
            bindings: Terms for variables of the query.

        Raises:
            QuerySyntaxError: The text is not a SPARQL 1.1 query.
            QueryRefusedError: The query is an update, uses SERVICE or breaks another rule.
            StoreTimeoutError: It took too long.
            StoreError: The store failed.
        """
        ...

    def latest(self) -> "Store":
        """Return the newest version of this store: itself when nothing newer is there."""
        ...
