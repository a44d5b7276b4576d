"""Which queries of strangers run: a decision on the parse tree.

A query that the grammar does not understand is refused even where the engine would run it
(SPARQL 1.2, LATERAL): what has not been understood has not been checked. This is the first wall;
the workers, which have neither network nor unlimited time and memory, are the second.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from tree_sitter import Node

from graph.errors import QueryRefusedError, QuerySyntaxError
from graph.store.dataset import Dataset, dataset_of
from graph.store.formats import QueryForm
from graph.store.paths import open_path
from graph.store.syntax import nodes, parse, resolve_escapes, source

__all__ = ["CheckedQuery", "GuardLimits", "check"]

_FORMS = {
    "select_query": QueryForm.SELECT,
    "ask_query": QueryForm.ASK,
    "construct_query": QueryForm.CONSTRUCT,
    "describe_query": QueryForm.DESCRIBE,
}
_UPDATES = frozenset(
    (
        *("load", "clear", "drop", "create", "add", "move", "copy"),
        *("insert_data", "delete_data", "delete_where", "modify"),
    )
)
_CHANGING = re.compile(r"(?i)\b(?:RAND|NOW|UUID|STRUUID|BNODE)\b")
_CACHED_LENGTH = 16_384
_PLAIN_IRI = re.compile(r"<[A-Za-z]+:[A-Za-z0-9._~:/#-]*>")
"""IRIs of letters that are nothing else to anybody who reads the text."""
_ANY_IRI = "<i:>"


@dataclass(frozen=True, slots=True, eq=False)
class GuardLimits:
    """How large a query may be. Equal to itself only: it is looked up for each query.

    Attributes:
        max_bytes: Length of its text in UTF-8.
        max_depth: Nesting of its parse tree; the engine's own parser recurses.
    """

    max_bytes: int = 262_144
    max_depth: int = 250


class CheckedQuery(NamedTuple):
    """A query that may run; only :func:`check` makes one.

    Attributes:
        text: As it was given.
        form: What it asks for.
        dataset: Graphs that its FROM clauses name, or ``None`` when it has none.
        is_repeatable: The same graph gives the same answer (no RAND, NOW, UUID, BNODE).
    """

    text: str
    form: QueryForm
    dataset: Dataset | None
    is_repeatable: bool


_DEFAULT_LIMITS = GuardLimits()


def check(text: str, limits: GuardLimits = _DEFAULT_LIMITS) -> CheckedQuery:
    """Decide whether a query of a stranger may run.

    Args:
        text: SPARQL 1.1.
        limits: How large it may be.

    Raises:
        QuerySyntaxError: It is not one SPARQL 1.1 query.
        QueryRefusedError: It is an update, uses SERVICE, is too long or too deep, or has a
            property path that is open at both ends.
    """
    if len(text) > _CACHED_LENGTH:
        return _check(text, limits)
    if "\\" not in text and len(text) * 4 <= limits.max_bytes:
        found = _of_outline(_PLAIN_IRI.sub(_ANY_IRI, text), limits)
        if found is not None:
            return CheckedQuery(text, found.form, None, found.is_repeatable)
    return _check_cached(text, limits)


@lru_cache(maxsize=1024)
def _of_outline(outline: str, limits: GuardLimits) -> CheckedQuery | None:
    """Return what the outline of a query tells of it; ``None`` leaves it to the full check.

    Programs ask the same with other IRIs each time. An outline has :data:`_ANY_IRI` in place of
    each plain one, so looking it up takes 2 microseconds where a parse takes 30. When it is let
    through, so is each query with this outline:

    * Each ``<i:>`` is an IRI in the tree of the outline; that is looked at here. So the parser,
      which reads from left to right, met it where it takes an IRI if it can. It can with what
      stood there, which begins and ends alike and holds nothing but letters of an IRI; and the
      token it takes is the longest. (Where ``?a<b:c>3`` compares, the tree shows no IRI.)
    * The rest of the text is the same. So the tokens are of the same kinds, and the tree is.
    * The decision rests on kinds and depths of nodes, on names of variables, and on signs that a
      plain IRI does not hold: escapes, ``*`` and ``+``. Only FROM reads IRIs: it is left out.

    A refusal is never taken from here: it names places of the text.
    """
    try:
        found = _check(outline, limits)
    except (QuerySyntaxError, QueryRefusedError):
        return None
    iris = (node for node, _ in nodes(parse(outline)) if node.type == "iri_reference")
    is_clear = sum(source(iri) == _ANY_IRI for iri in iris) == outline.count(_ANY_IRI)
    return found if is_clear and found.dataset is None else None


def _check(text: str, limits: GuardLimits) -> CheckedQuery:
    if len(text.encode("utf-8", "replace")) > limits.max_bytes:
        raise QueryRefusedError(
            f"the query is longer than {limits.max_bytes} bytes; "
            "give a long list of values in several queries"
        )
    plain = resolve_escapes(text)
    root = parse(plain)
    _refuse_parts(root, plain, limits)
    if plain != text:  # whichever way the engine reads the escapes
        _refuse_parts(parse(text), text, limits)
    form = _form(root, plain)
    if ("*" in plain or "+" in plain) and (path := open_path(root)):
        raise QueryRefusedError(
            f"the property path {path} is open at both ends and would visit every pair of nodes; "
            "bind one end with a triple pattern or VALUES, such as ?x a skos:Concept"
        )
    dataset = dataset_of(root) if "from" in plain.lower() else None
    is_repeatable = _CHANGING.search(_PLAIN_IRI.sub(_ANY_IRI, plain)) is None
    return CheckedQuery(text, form, dataset, is_repeatable)


_check_cached = lru_cache(maxsize=1024)(_check)


def _refuse_parts(root: Node, text: str, limits: GuardLimits) -> None:
    # A walk over the tree takes longer than all the rest for a small query. No node is deeper than
    # there are nodes, and none is SERVICE in a text that does not hold the word.
    if root.descendant_count <= limits.max_depth and "service" not in text.lower():
        return
    for node, depth in nodes(root):
        if depth > limits.max_depth:
            raise QueryRefusedError(f"the query is nested deeper than {limits.max_depth} levels")
        if node.type == "service_graph_pattern" or node.type.upper() == "SERVICE":
            raise QueryRefusedError(
                "this endpoint does not run SERVICE; "
                "ask the other endpoint yourself and give its answers with VALUES"
            )


def _form(root: Node, text: str) -> QueryForm:
    """Return the form of the one query in a text."""
    kinds = [child.type for child in root.named_children]
    if any(kind in _UPDATES for kind in kinds):
        raise QueryRefusedError("this is an update; this endpoint answers queries only")
    if root.has_error:
        raise _explained(root, text)
    forms = [_FORMS[kind] for kind in kinds if kind in _FORMS]
    if len(forms) != 1:
        raise QuerySyntaxError(f"expected one query, found {len(forms)}")
    return forms[0]


def _explained(root: Node, text: str) -> QuerySyntaxError:
    """Say where a text stops to be SPARQL 1.1."""
    for node, _ in nodes(root):
        if node.is_missing or node.is_error:
            row, width_bytes = node.start_point
            line = text.encode("utf-8").split(b"\n")[row]
            column = len(line[:width_bytes].decode("utf-8", "replace"))
            what = f"expected {node.type!r}" if node.is_missing else "not SPARQL 1.1"
            where = f"at line {row + 1}, column {column + 1}"
            return QuerySyntaxError(f"{what} {where}", row + 1, column + 1)
    return QuerySyntaxError("not SPARQL 1.1")
