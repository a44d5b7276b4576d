"""Giving values to the variables of a query: terms into VALUES blocks, at places of the tree.

A *place* is a VALUES block of one variable anywhere in the query. The file of a catalogue query
has its example there, so it runs as it is in any SPARQL editor, and its author decides where the
value narrows the pattern. No text of a caller ever gets into a query: terms are written by the
engine, at the byte positions that the parser gives. Every store understands the result.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise

import pyoxigraph as ox
from rdflib import BNode
from rdflib.term import Identifier
from tree_sitter import Node

from graph.errors import QuerySyntaxError
from graph.store.syntax import nodes, parse, source
from graph.store.terms import to_engine

__all__ = ["edited", "places", "with_bindings", "with_values", "without"]

_Span = tuple[int, int]


def with_bindings(query: str, bindings: Mapping[str, Identifier] | None) -> str:
    """Return the query with terms for some of its variables.

    A variable with places gets its term at each of them. One without gets a VALUES block at the
    start of the outermost group, where filters of that group see it; groups and sub-selects
    within it are joined with it afterwards.

    Raises:
        ValueError: A term is not well formed, or a name is not a variable name.
        TypeError: A term is a blank node.
        QuerySyntaxError: The text is not a query with a group.
    """
    if not bindings:
        return query
    marks = _marks(query)
    edits: dict[_Span, str] = {}
    unplaced: dict[str, str] = {}
    for name, term in bindings.items():
        written = _written(name, term)
        if name in marks.places:
            edits |= dict.fromkeys(marks.places[name], f"VALUES ?{name} {{ {written} }}")
        else:
            unplaced[name] = written
    if unplaced:
        if marks.start is None:
            raise QuerySyntaxError("values need a query with a group: WHERE { ... }")
        names = " ".join(f"?{name}" for name in unplaced)
        block = f" VALUES ({names}) {{ ({' '.join(unplaced.values())}) }}"
        edits[(marks.start, marks.start)] = block
    return edited(query, edits)


def with_values(query: str, name: str, terms: Iterable[ox.NamedNode | ox.Literal]) -> str:
    """Return the query for some values of a variable that its answers tell.

    A VALUES block stands at the start of the outermost group, and of each sub-select that gives
    the variable out, so that the engine does not compute those for all values first.

    Args:
        query: SELECT or CONSTRUCT whose sub-selects have no LIMIT.
        name: Name of the variable.
        terms: Its values.

    Raises:
        QuerySyntaxError: The text is not a query with a group.
    """
    block = f" VALUES ?{name} {{ {' '.join(map(str, terms))} }}"
    starts = set(_starts(query, name))
    if not starts:
        raise QuerySyntaxError("values need a query with a group: WHERE { ... }")
    return edited(query, dict.fromkeys(((start, start) for start in starts), block))


@lru_cache(maxsize=256)
def _starts(query: str, name: str) -> tuple[int, ...]:
    """Return where the groups begin whose answers tell a variable."""
    outermost = _marks(query).start
    found = () if outermost is None else (outermost,)
    return (*found, *_inner_starts(query, name))


def _inner_starts(query: str, name: str) -> Iterator[int]:
    for node, _ in nodes(parse(query)):
        if node.type == "sub_select":
            clauses = {child.type: child for child in node.named_children}
            if name in _given(clauses["select_clause"]):
                groups = clauses["where_clause"].children
                yield from (g.start_byte + 1 for g in groups if g.type.startswith("group_"))


def _given(select_clause: Node) -> set[str]:
    """Return the variables that a sub-select gives out as it finds them."""
    parts = select_clause.children
    return {
        source(part)[1:]
        for before, part in pairwise(parts)
        if part.type == "var" and before.type != "AS"
    }


def without(query: str, names: Collection[str]) -> str:
    """Return the query without the places of some variables, so that they stay open."""
    marks = _marks(query)
    return edited(query, {span: "" for name in names for span in marks.places.get(name, ())})


def places(query: str) -> dict[str, list[str]]:
    """Return for each variable with places the terms written there now."""
    return {name: list(terms) for name, terms in _marks(query).terms.items()}


class _Marks:
    """Where terms can go, as byte positions of the text."""

    def __init__(self) -> None:
        self.places: dict[str, list[_Span]] = {}
        self.terms: dict[str, list[str]] = {}
        self.start: int | None = None


@lru_cache(maxsize=256)
def _marks(query: str) -> _Marks:
    marks = _Marks()
    for node, _ in nodes(parse(query)):
        if node.type == "inline_data":
            block = node.named_children[0]
            variables = [part for part in block.named_children if part.type == "var"]
            if len(variables) == 1 and source(block).lstrip().startswith(("?", "$")):
                name = source(variables[0])[1:]
                marks.places.setdefault(name, []).append((node.start_byte, node.end_byte))
                terms = [source(part) for part in block.named_children if part.type != "var"]
                marks.terms.setdefault(name, []).extend(terms)
        elif node.type == "where_clause" and marks.start is None:
            marks.start = next(
                (part.start_byte + 1 for part in node.children if part.type.startswith("group_")),
                None,
            )
    return marks


def _written(name: str, term: Identifier) -> str:
    if not (name.isidentifier() and name.isascii()):
        raise ValueError(f"not a variable name: {name!r}")
    if isinstance(term, BNode):
        raise TypeError(f"a blank node cannot be bound to {name!r}")
    return str(to_engine(term))


def edited(query: str, edits: Mapping[_Span, str]) -> str:
    """Return a text with other content at some spans of its UTF-8, which do not overlap."""
    content = query.encode("utf-8")
    for (start, end), replacement in sorted(edits.items(), reverse=True):
        content = content[:start] + replacement.encode("utf-8") + content[end:]
    return content.decode("utf-8")
