"""Property paths that are open at both ends: they visit every pair of nodes (x1700 measured)."""

from tree_sitter import Node

from graph.store.syntax import nodes, source

__all__ = ["open_path"]

_VARIABLE = ("var", "blank_node_label")
_SUBJECT_HOLDERS = ("triples_same_subject", "blank_node_property_list")


def open_path(root: Node) -> str | None:
    """Return the first path with ``*`` or ``+`` of which neither end is bound elsewhere.

    An end is bound by a term, or by a variable that also stands in another triple pattern, a
    VALUES block or a BIND. Filters do not bind: the engine applies them afterwards.
    """
    closures: list[tuple[Node, list[Node]]] = []
    bound: set[str] = set()
    for node, _ in nodes(root):
        if node.type == "property":
            verb, ends = _verb(node), _ends(node)
            if verb is not None and _repeats(verb):
                closures.append((verb, ends))
            else:
                bound.update(source(end) for end in ends if end.type in _VARIABLE)
        elif node.type in ("data_block", "bind"):
            bound.update(source(part) for part in node.named_children if part.type == "var")
    for verb, ends in closures:
        if all(_is_open(end, bound) for end in ends):
            return source(verb)
    return None


def _verb(node: Node) -> Node | None:
    """Return the path or variable of a property; ``None`` for the keyword ``a``."""
    first = node.named_children[0] if node.named_children else None
    return None if first is None or first.type == "object_list" else first


def _ends(node: Node) -> list[Node]:
    """Return the subject and the objects around a property."""
    objects = [part for part in node.named_children if part.type == "object_list"]
    ends = [end for part in objects for end in part.named_children]
    holder = node.parent.parent if node.parent else None
    if holder is not None and holder.type in _SUBJECT_HOLDERS:
        subject = holder.named_children[0]
        ends.append(holder if subject.type == "property_list" else subject)
    return ends


def _repeats(path: Node) -> bool:
    """Tell whether a path can have any length, with nothing in it that narrows an end."""
    parts = [part for part in path.named_children if part.type in ("path_element", "binary_path")]
    if path.type == "binary_path":
        alternatives = any(source(part) == "|" for part in path.children if not part.is_named)
        return (any if alternatives else all)(_repeats(part) for part in parts)
    for part in path.named_children:
        if part.type == "path_mod" and source(part) in ("*", "+"):
            return True
    return any(_repeats(part) for part in parts)


def _is_open(end: Node, bound: set[str]) -> bool:
    if end.type in _VARIABLE:
        return source(end) not in bound
    if end.type == "blank_node_property_list":
        return not any(
            node.type == "property" and not ((verb := _verb(node)) and _repeats(verb))
            for node, _ in nodes(end)
        )
    return end.type == "anon"
