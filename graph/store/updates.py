"""Which SPARQL updates of coordinators run: a decision on the parse tree.

What an update changes is looked at afterwards, on a copy; this is about what it would fetch from
elsewhere, and about texts that the grammar does not understand.
"""

from collections.abc import Sequence

import pyoxigraph as ox
from tree_sitter import Node

from graph.errors import QueryRefusedError, QuerySyntaxError
from graph.store.guard import GuardLimits
from graph.store.syntax import nodes, parse, resolve_escapes, source

__all__ = ["check_update", "with_dataset"]

_FETCHING = {"service_graph_pattern": "SERVICE", "load": "LOAD"}
_OPERATIONS = frozenset(
    (
        *("load", "clear", "drop", "create", "add", "move", "copy"),
        *("insert_data", "delete_data", "delete_where", "modify"),
    )
)


def check_update(text: str, limits: GuardLimits | None = None) -> None:
    """Decide whether an update may run.

    Args:
        text: SPARQL 1.1 Update.
        limits: How deep it may be nested; its length is that of the request.

    Raises:
        QuerySyntaxError: It is not SPARQL 1.1 Update, or does nothing.
        QueryRefusedError: It uses LOAD or SERVICE, or is nested too deep.
    """
    max_depth = (limits or GuardLimits()).max_depth
    plain = resolve_escapes(text)
    # the grammar does not know the semicolon that may stand at the end (SPARQL 1.1, [29])
    root = parse(plain.rstrip().removesuffix(";"))
    _refuse_fetching(root, max_depth)
    if plain != text:  # whichever way the engine reads the escapes
        _refuse_fetching(parse(text), max_depth)
    if root.has_error:
        raise QuerySyntaxError("not SPARQL 1.1 Update")
    if not any(child.type in _OPERATIONS for child in root.named_children):
        raise QuerySyntaxError("this is no update: it changes nothing")


def _refuse_fetching(root: Node, max_depth: int) -> None:
    for node, depth in nodes(root):
        if depth > max_depth:
            raise QueryRefusedError(f"the update is nested deeper than {max_depth} levels")
        word = _FETCHING.get(node.type, node.type.upper())
        if word in ("SERVICE", "LOAD"):
            raise QueryRefusedError(f"{word} is not run here; fetch the data yourself and send it")


def with_dataset(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """Return an update whose patterns look at the given graphs (SPARQL 1.1 Protocol, 2.2.3).

    Args:
        text: SPARQL 1.1 Update.
        default: IRIs of ``using-graph-uri``.
        named: IRIs of ``using-named-graph-uri``.

    Raises:
        QuerySyntaxError: It is not SPARQL 1.1 Update, or an IRI is none.
        QueryRefusedError: The update chooses its graphs itself, with USING, USING NAMED or WITH.
    """
    if not default and not named:
        return text
    clauses = _using(default, named)
    root = parse(text.rstrip().removesuffix(";"))
    if root.has_error:
        raise QuerySyntaxError("not SPARQL 1.1 Update")
    edits: list[tuple[int, int, str]] = []
    for operation in root.named_children:
        if operation.type == "modify":
            edits.append(_using_of_modify(operation, clauses))
        elif operation.type == "delete_where":
            [pattern] = [child for child in operation.named_children if child.type == "quads"]
            written = source(pattern)
            whole = f"DELETE {written}{clauses} WHERE {written}"
            edits.append((operation.start_byte, operation.end_byte, whole))
    content = text.encode()
    for start, end, replacement in sorted(edits, reverse=True):
        content = content[:start] + replacement.encode() + content[end:]
    return content.decode()


def _using(default: Sequence[str], named: Sequence[str]) -> str:
    try:
        clauses = [f" USING {ox.NamedNode(iri)}" for iri in default]
        clauses += [f" USING NAMED {ox.NamedNode(iri)}" for iri in named]
    except ValueError as error:
        raise QuerySyntaxError(f"not an IRI of a graph: {error}") from error
    return "".join(clauses)


def _using_of_modify(operation: Node, clauses: str) -> tuple[int, int, str]:
    """Return where clauses go in an operation: before its WHERE."""
    kinds = {child.type for child in operation.children}
    if "using_clause" in kinds or "WITH" in {kind.upper() for kind in kinds}:
        raise QueryRefusedError(
            "the update chooses its graphs with USING or WITH, and the request chooses others"
        )
    templates = [c for c in operation.children if c.type in ("insert_clause", "delete_clause")]
    place = templates[-1].end_byte
    return place, place, f"{clauses} "
