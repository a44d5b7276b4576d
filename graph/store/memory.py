"""A store in this process' memory, for small documents such as one submitted enquiry."""

from collections.abc import Mapping

import pyoxigraph as ox
from rdflib.term import Identifier

from graph.errors import QueryRefusedError, QuerySyntaxError
from graph.store.bindings import with_bindings
from graph.store.protocol import Row
from graph.store.terms import from_engine

__all__ = ["MemoryStore"]

_FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "json-ld": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "xml": ox.RdfFormat.RDF_XML,
}


class MemoryStore:
    """An Oxigraph store in memory; its default graph is the merge of all its graphs."""

    version = "memory"

    def __init__(self, engine: ox.Store) -> None:
        self._engine = engine

    @classmethod
    def parse(cls, text: str, syntax: str) -> "MemoryStore":
        """Return a store with the statements of a document.

        Args:
            text: The document.
            syntax: Format as rdflib names it, such as ``turtle`` or ``json-ld``.

        Raises:
            SyntaxError: The document is not of this format.
            KeyError: There is no such format.
        """
        engine = ox.Store()
        engine.extend(
            ox.Quad(quad.subject, quad.predicate, quad.object)
            for quad in ox.parse(text, _FORMATS[syntax])
        )
        return cls(engine)

    def graphs(self) -> tuple[str, ...]:
        """Return the IRIs of the named graphs, sorted."""
        return tuple(sorted(str(name.value) for name in self._engine.named_graphs()))

    def select(self, query: str, bindings: Mapping[str, Identifier] | None = None) -> list[Row]:
        """Run a trusted SELECT query; see :class:`graph.store.Store`."""
        try:
            solutions = self._engine.query(with_bindings(query, bindings))
        except SyntaxError as error:
            raise QuerySyntaxError(str(error)) from error
        if not isinstance(solutions, ox.QuerySolutions):
            raise QuerySyntaxError("select() takes SELECT queries only")
        names = [variable.value for variable in solutions.variables]
        return [
            {n: from_engine(t) for n, t in zip(names, row, strict=True) if t is not None}
            for row in solutions
        ]

    def serialise(
        self, query: str, media_type: str, bindings: Mapping[str, Identifier] | None = None
    ) -> bytes:
        """Refuse: nobody else's queries run in this process."""
        raise QueryRefusedError("a store in memory runs no queries of others")

    def latest(self) -> "MemoryStore":
        """Return itself: nothing newer can be there."""
        return self
