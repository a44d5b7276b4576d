"""The parse tree of a SPARQL text.

Parser: tree-sitter with its SPARQL 1.1 grammar. It takes some 40 microseconds for a query for
which rdflib's takes 20 ms, and it does not recurse.
"""

import ctypes
import re
from collections.abc import Iterator
from functools import lru_cache

import tree_sitter
import tree_sitter_sparql
from tree_sitter import Node

from graph.errors import QuerySyntaxError

__all__ = ["engine_error", "nodes", "parse", "resolve_escapes", "source"]

# Keywords that tree-sitter-sparql 0.1.0 knows in some spellings only, though SPARQL's keywords
# have no case. Each is made lower case for the parser: the length and the tokens stay the same.
_SPELLING = re.compile(
    r"(?i)(?<![\w:?$<>/#.-])"
    r"(?:(?:isIRI|isURI|isBLANK|isLITERAL|isNUMERIC|sameTerm)(?=\s*\()|(?:TRUE|FALSE)(?![\w:-]))"
)
# It takes the prefix of our named graphs for the keyword where a subject may stand. The letter in
# its place has two bytes, so the length stays the same.
_PREFIX = re.compile(r"(?<![\w:?$<>/#.-])graph(?=:)")
# How the engine begins, and what it says in words that need to be explained.
_PLACE = re.compile(r"error at (\d+):(\d+): ")
_SAID = {
    "Prefix not found": "a prefix that ends before line {line}, column {column} is not declared",
    "a variable that is unbound": (
        "SELECT names a variable that is neither bound nor in GROUP BY nor inside an aggregate "
        "(line {line}, column {column})"
    ),
}
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def resolve_escapes(text: str) -> str:
    """Replace the code point escapes (SPARQL 1.1, 19.2), as the engine does before it parses.

    Raises:
        QuerySyntaxError: One is no Unicode code point.
    """
    try:
        return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), text)
    except (ValueError, OverflowError):
        raise QuerySyntaxError(r"a \U escape is no Unicode code point") from None


def engine_error(message: str) -> QuerySyntaxError:
    """Return what the engine's parser says, with its place, which it counts in characters."""
    found = _PLACE.match(message)
    if found is None:
        return QuerySyntaxError(message)
    line, column = int(found[1]), int(found[2])
    for words, ours in _SAID.items():
        if words in message:
            return QuerySyntaxError(ours.format(line=line, column=column), line, column)
    return QuerySyntaxError(message, line, column)


def parse(text: str) -> Node:
    """Return the root of the parse tree; ``has_error`` of it tells whether the text is SPARQL.

    Raises:
        QuerySyntaxError: The text holds half a surrogate pair.
    """
    text = _PREFIX.sub("gra\u0267", _SPELLING.sub(lambda found: found[0].lower(), text))
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise QuerySyntaxError(f"not a Unicode text: {error.reason}") from error
    return tree_sitter.Parser(_language()).parse(content).root_node


@lru_cache(maxsize=1)
def _language() -> tree_sitter.Language:
    # tree-sitter-sparql 0.1.0 gives its grammar as a number, which tree-sitter deprecates in
    # favour of a capsule; so make the capsule here.
    new_capsule = ctypes.pythonapi.PyCapsule_New
    new_capsule.restype = ctypes.py_object
    new_capsule.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p)
    return tree_sitter.Language(
        new_capsule(tree_sitter_sparql.language(), b"tree_sitter.Language", None)
    )


def nodes(root: Node) -> Iterator[tuple[Node, int]]:
    """Yield every node from a root on with its depth, in the order of the text."""
    cursor = root.walk()
    depth = 0
    while True:
        node = cursor.node
        if node is not None:
            yield node, depth
        if cursor.goto_first_child():
            depth += 1
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return
            depth -= 1


def source(node: Node) -> str:
    """Return the text of a node."""
    return (node.text or b"").decode("utf-8")
