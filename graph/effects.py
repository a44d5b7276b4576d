"""What an update would change, found without changing anything.

The engine answers the WHERE part as a query on the generation, and then fills the templates in an
empty store. So only these statements have to be looked at, not the whole graph before and after.
Sequences in which one operation reads what another one wrote are left to whoever has a copy.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from tree_sitter import Node

from graph.errors import QueryRefusedError, QuerySyntaxError
from graph.store.syntax import engine_error, nodes, parse, resolve_escapes
from graph.vocabulary import BASE

__all__ = ["Effect", "effects_of", "run_update"]

_MOST = 20_000
"""Answers of a WHERE part up to which writing them down is quicker than a copy."""

_DATA = {"insert_data": True, "delete_data": False}


@dataclass(frozen=True, slots=True)
class Effect:
    """One step of an update.

    Attributes:
        is_added: The statements shall be there; otherwise they shall not.
        quads: The statements.
    """

    is_added: bool
    quads: frozenset[ox.Quad]


class _Text:
    """A SPARQL text and the parts of it that nodes of its tree stand for."""

    def __init__(self, text: str) -> None:
        self.root = parse(text)
        self._content = text.encode()

    def of(self, node: Node) -> str:
        return self._content[node.start_byte : node.end_byte].decode()


def run_update(store: ox.Store, text: str) -> None:
    """Run an update in a store.

    Raises:
        QuerySyntaxError: It is not SPARQL 1.1 Update.
        QueryRefusedError: The engine cannot run it.
    """
    try:
        store.update(text, base_iri=BASE)
    except SyntaxError as error:
        raise engine_error(str(error)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryRefusedError(f"the engine cannot run this: {error}") from error


def effects_of(text: str, engine: ox.Store) -> list[Effect] | None:
    """Return the steps of an update, ``None`` where only running it on a copy can tell.

    Args:
        text: SPARQL 1.1 Update that the guard has let through.
        engine: What it reads; it is left as it is.

    Raises:
        QuerySyntaxError: It is not SPARQL 1.1 Update.
        QueryRefusedError: The engine cannot run it.
    """
    if resolve_escapes(text) != text:
        return None
    told = _Text(text.rstrip().removesuffix(";"))  # the grammar does not know one at the end
    children = [node for node in told.root.named_children if node.type != "comment"]
    prologue = ""
    if children and children[0].type == "prologue":
        prologue = told.of(children.pop(0))
    if all(node.type in _DATA for node in children):
        return [
            Effect(_DATA[node.type], _data(prologue, told.of(_only(node, "quads"))))
            for node in children
        ]
    if len(children) == 1 and children[0].type in ("delete_where", "modify"):
        return _modified(told, prologue, children[0], engine)
    return None


def _only(node: Node, kind: str) -> Node:
    """Return the child of a kind.

    Raises:
        QuerySyntaxError: There is none.
    """
    for child in node.named_children:
        if child.type == kind:
            return child
    raise QuerySyntaxError(f"an operation without {kind}")


def _data(prologue: str, block: str) -> frozenset[ox.Quad]:
    store = ox.Store()
    run_update(store, f"{prologue}\nINSERT DATA {block}")
    return frozenset(store)


def _modified(told: _Text, prologue: str, operation: Node, engine: ox.Store) -> list[Effect] | None:
    """Return the steps of DELETE and INSERT with a WHERE part."""
    kinds = {child.type.upper() for child in operation.children}
    if "WITH" in kinds or "USING_CLAUSE" in kinds:  # these read other graphs than the merge
        return None
    if operation.type == "delete_where":
        block = _only(operation, "quads")
        templates = [(False, block)]
        where = block
    else:
        clauses = {"delete_clause": False, "insert_clause": True}
        found = [node for node in operation.named_children if node.type in clauses]
        templates = [(clauses[node.type], _only(node, "quads")) for node in found]
        where = _only(operation, "group_graph_pattern")
    if any(mark in told.of(template) for _, template in templates for mark in ("[", "_:")):
        return None  # nameless nodes are others for each answer, however often it is given
    names = sorted(
        {told.of(part)[1:] for _, t in templates for part, _ in nodes(t) if part.type == "var"}
    )
    rows = _rows(f"{prologue}\n{_asking(names)} WHERE {told.of(where)}", engine)
    if rows is None:
        return None
    return [
        Effect(is_added, _filled(prologue, told.of(template), names, rows))
        for is_added, template in sorted(templates, key=lambda found: found[0])
    ]


def _asking(names: Sequence[str]) -> str:
    return f"SELECT DISTINCT {' '.join(f'?{name}' for name in names)}" if names else "ASK"


def _rows(query: str, engine: ox.Store) -> list[str] | None:
    """Return the answers as rows of a VALUES block; ``None`` when that is not worth it."""
    try:
        result = engine.query(query, base_iri=BASE)
        if isinstance(result, ox.QueryBoolean):
            return ["()"] if result else []
        if not isinstance(result, ox.QuerySolutions):
            raise QuerySyntaxError("not SPARQL 1.1 Update")
        return list(_written(result))
    except SyntaxError as error:
        raise engine_error(str(error)) from error
    except _NotSmallError:
        return None
    except (OSError, RuntimeError, ValueError) as error:
        raise QueryRefusedError(f"the engine cannot run this: {error}") from error


class _NotSmallError(Exception):
    """There are too many answers, or one holds a blank node, which cannot be written."""


def _written(solutions: ox.QuerySolutions) -> Iterator[str]:
    for number, row in enumerate(solutions):
        if number == _MOST:
            raise _NotSmallError
        terms = []
        for term in row:
            if isinstance(term, ox.BlankNode | ox.Triple):
                raise _NotSmallError
            terms.append("UNDEF" if term is None else str(term))
        yield f"({' '.join(terms)})"


def _filled(
    prologue: str, template: str, names: Sequence[str], rows: Sequence[str]
) -> frozenset[ox.Quad]:
    """Return the statements that a template makes of answers."""
    store = ox.Store()
    variables = " ".join(f"?{name}" for name in names)
    values = f"VALUES ({variables}) {{ {' '.join(rows)} }}"
    run_update(store, f"{prologue}\nINSERT {template} WHERE {{ {values} }}")
    return frozenset(store)
