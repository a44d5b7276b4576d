"""How graphs are named on a server, and what is sent there in place of a query.

Each visibility has graphs of its own on a server, as it has files of its own in the embedded store:
what rules derive for partners is not what they derive for everybody. So ``graph/derived`` of the
partners is ``graph/seen/partners/derived`` there. Only public graphs keep their names.

Data and queries are renamed alike when they are sent, and answers back, so nobody here sees it. A
query that takes a name apart as a text (``STRAFTER(STR(?graph), …)``) sees the longer one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from graph.errors import QueryRefusedError, QuerySyntaxError
from graph.store.bindings import edited
from graph.store.dataset import Dataset, Prologue
from graph.store.protocol import Visibility
from graph.store.syntax import nodes, parse, resolve_escapes, source

__all__ = ["BASE", "OWN_NAMES", "Naming"]

BASE = "https://w3id.org/verbund/graph/"
"""Start of the names of our graphs; a test compares it with :mod:`graph.vocabulary`."""

OWN_NAMES = ("merged/", "seen/", "served/", "staging/")
"""Starts, after :data:`BASE`, of the names that only servers have."""

_XSD = "http://www.w3.org/2001/XMLSchema#"
_MAGIC = re.compile(r"(?:bif|sql):|https?://www\.openlinksw\.com/schemas/(?:bif|sql)")

_Edits = dict[tuple[int, int], str]


@dataclass(frozen=True, slots=True)
class Naming:
    """The names that the graphs of one visibility have on a server.

    Attributes:
        visibility: Whose graphs they are.
    """

    visibility: Visibility = Visibility.PUBLIC

    @property
    def _start(self) -> str:
        return BASE if self.visibility is Visibility.PUBLIC else f"{BASE}seen/{self.visibility}/"

    def there(self, iri: str) -> str:
        """Return the name on the server; of anything but a graph of ours it is the same."""
        return self._start + iri.removeprefix(BASE) if iri.startswith(BASE) else iri

    def here(self, iri: str) -> str:
        """Return our name of what has a name on the server."""
        return BASE + iri.removeprefix(self._start) if iri.startswith(self._start) else iri

    def dataset(self, dataset: Dataset) -> Dataset:
        """Return graphs under their names on the server."""
        return Dataset(
            tuple(map(self.there, dataset.default)), tuple(map(self.there, dataset.named))
        )

    def answer(self, content: bytes) -> bytes:
        """Return an answer of the server with our names, in JSON (escaped or not) or N-Triples."""
        if self.visibility is Visibility.PUBLIC:
            return content
        for slash in ("/", r"\/"):
            there, here = (name.replace("/", slash).encode() for name in (self._start, BASE))
            content = content.replace(there, here)
        return content

    def trusted(self, text: str) -> str:
        """Return a query of this house with the names of the server."""
        return text if self.visibility is Visibility.PUBLIC else self.query(text)

    def query(self, text: str) -> str:
        """Return a query as it is sent.

        Its FROM clauses are left out: Virtuoso adds them to the graphs that the request names,
        which must stand alone. Relative IRIs are made absolute, as each server has another base.

        Args:
            text: A query that the guard has let through.

        Raises:
            QuerySyntaxError: A prefix is not declared; Virtuoso knows some hundred without.
            QueryRefusedError: It calls what only one kind of server knows. Such functions read
                files and addresses, and need no graph.
        """
        plain = resolve_escapes(text)
        return edited(plain, dict(self._edits(parse(plain))))

    def _edits(self, root: Node) -> Iterator[tuple[tuple[int, int], str]]:
        names = Prologue(root)
        for node, _ in nodes(root):
            span = (node.start_byte, node.end_byte)
            kind, parent = node.type, node.parent.type if node.parent else ""
            if kind == "dataset_clause":
                yield span, ""
            elif parent == "base_declaration" or parent.endswith("_graph_clause"):
                continue
            elif kind in ("iri_reference", "prefixed_name"):
                iri = self._named(names, node, is_declared=parent == "prefix_declaration")
                _refuse_foreign(iri, is_called=parent == "function_call")
                written = source(node)[1:-1] if kind == "iri_reference" else names.iri(node)
                if iri != written or "\\" in source(node):  # Virtuoso knows no escapes in names
                    yield span, f"<{iri}>"

    def _named(self, names: Prologue, node: Node, *, is_declared: bool) -> str:
        iri = names.iri(node)
        if node.type == "prefixed_name" and not names.knows(node):
            row, column = node.start_point
            said = f"the prefix of {source(node)} is not declared"
            raise QuerySyntaxError(f"{said} (line {row + 1})", row + 1, column + 1)
        return iri if is_declared else self.there(iri)


def _refuse_foreign(iri: str, *, is_called: bool) -> None:
    """Check that an IRI means the same on every server.

    Raises:
        QueryRefusedError: It is a function that SPARQL 1.1 does not have.
    """
    if _MAGIC.match(iri) or (is_called and not iri.startswith(_XSD)):
        raise QueryRefusedError(f"<{iri}> is no function of SPARQL 1.1")
