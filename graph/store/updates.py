"""Which SPARQL updates of coordinators run: a decision on the parse tree.

What an update changes is looked at afterwards, on a copy; this is about what it would fetch from
elsewhere, and about texts that the grammar does not understand.
"""

from tree_sitter import Node

from graph.errors import QueryRefusedError, QuerySyntaxError
from graph.store.guard import GuardLimits
from graph.store.syntax import nodes, parse, resolve_escapes

__all__ = ["check_update"]

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
