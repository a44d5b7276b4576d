"""The graphs that a query is asked of: FROM clauses and the protocol's parameters."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from tree_sitter import Node

from graph.errors import QueryRefusedError
from graph.store.syntax import nodes, source

__all__ = ["Dataset", "dataset_of"]


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
    declarations: list[Node] = []
    for node, _ in nodes(root):
        if node.type in clauses:
            clauses[node.type].append(node.named_children[0])
        elif node.type in ("base_declaration", "prefix_declaration"):
            declarations.append(node)
    default, named = clauses.values()
    if not default and not named:
        return None
    resolve = _Names(declarations)
    return Dataset(tuple(map(resolve.iri, default)), tuple(map(resolve.iri, named)))


class _Names:
    """The prefixes and the base of a prologue."""

    def __init__(self, declarations: Iterable[Node]) -> None:
        self._base = ""
        self._prefixes: dict[str, str] = {}
        for node in declarations:
            if node.type == "base_declaration":
                self._base = self.iri(node.named_children[0])
            else:
                name, iri = node.named_children
                self._prefixes[source(name)] = self.iri(iri)

    def iri(self, node: Node) -> str:
        text = source(node)
        if node.type == "iri_reference":
            return urljoin(self._base, text[1:-1]) if self._base else text[1:-1]
        prefix, colon, local = text.partition(":")
        return self._prefixes.get(prefix + colon, "") + local
