"""The graphs that a query is asked of: FROM clauses and the protocol's parameters."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from tree_sitter import Node

from graph.errors import QueryRefusedError
from graph.store.syntax import nodes, source
from graph.vocabulary import BASE

__all__ = ["Dataset", "Prologue", "dataset_of"]

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Dataset:
    """An RDF dataset by the names of its graphs (SPARQL 1.1, 13).

    Attributes:
        default: IRIs of the graphs whose merge is the default graph.
        named: IRIs of the named graphs.
    """

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    def require_within(self, graphs: Collection[str]) -> None:
        """Check that all graphs are there.

        A graph that the caller may not see and one that does not exist read the same.

        Raises:
            QueryRefusedError: One is not.
        """
        for graph in (*self.default, *self.named):
            if graph not in graphs:
                raise QueryRefusedError(
                    f"there is no graph <{graph}> here; the service description lists the graphs"
                )


def dataset_of(root: Node) -> Dataset | None:
    """Return the dataset that the FROM clauses of a query describe, ``None`` without one."""
    clauses: dict[str, list[Node]] = {"default_graph_clause": [], "named_graph_clause": []}
    for node, _ in nodes(root):
        if node.type in clauses:
            clauses[node.type].append(node.named_children[0])
    default, named = clauses.values()
    if not default and not named:
        return None
    names = Prologue(root)
    return Dataset(tuple(map(names.iri, default)), tuple(map(names.iri, named)))


class Prologue:
    """The prefixes and the base of a query: what its names stand for."""

    def __init__(self, root: Node) -> None:
        """Read the declarations of a query, by the root of its parse tree."""
        self._base = str(BASE)  # of a query without one
        self._prefixes: dict[str, str] = {}
        for node in self._declarations(root):
            if node.type == "base_declaration":
                self._base = self.iri(node.named_children[0])
            else:
                name, iri = node.named_children
                self._prefixes[source(name)] = self.iri(iri)

    @staticmethod
    def _declarations(root: Node) -> Iterator[Node]:
        for prologue in root.named_children:
            if prologue.type == "prologue":
                kinds = ("base_declaration", "prefix_declaration")
                yield from (node for node in prologue.named_children if node.type in kinds)

    def knows(self, node: Node) -> bool:
        """Tell whether the prefix of a name is declared."""
        prefix, colon, _ = source(node).partition(":")
        return prefix + colon in self._prefixes

    def iri(self, node: Node) -> str:
        """Return the IRI that an IRI reference or a prefixed name stands for."""
        text = source(node)
        if node.type != "iri_reference":
            prefix, colon, local = text.partition(":")
            return self._prefixes.get(prefix + colon, "") + _ESCAPED.sub(r"\1", local)
        iri = text[1:-1]
        if _ABSOLUTE.match(iri):
            return iri
        joined = urljoin(self._base, iri)
        # urljoin drops an empty fragment
        return f"{joined}#" if iri.endswith("#") and not joined.endswith("#") else joined
