"""Records of the house: statements that its own functions write into graphs kept for them.

A record is a node with what is said of it and what points at it, such as an enquiry with its
events. A function that changes one returns a :class:`graph.writing.Write`; who applies it, and
whether they may, is decided elsewhere.

Edits at the same time: a reader gets a record's *tag* (:func:`tag_of`), sends it back with the
change, and :func:`unchanged_since` makes it a condition that the writer checks before anything
happens. So a change of another record never disturbs, and one of the same is never overwritten.
"""

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from rdflib import URIRef
from rdflib.term import Identifier

from graph.errors import VersionConflictError
from graph.store import Store, Visibility
from graph.store.terms import to_engine
from graph.vocabulary import GRAPH, ID
from graph.writing import Kind, Write

__all__ = ["Entry", "RecordGraph", "Triple", "change", "mint", "tag_of", "unchanged_since"]

Triple = tuple[Identifier, Identifier, Identifier]
"""Subject, predicate, object."""

_RIGHTS: Final = "http://publications.europa.eu/resource/authority/access-right/"
_RIGHT: Final = {
    Visibility.PUBLIC: "PUBLIC",
    Visibility.PARTNERS: "RESTRICTED",
    Visibility.INTERNAL: "NON_PUBLIC",
}


@dataclass(frozen=True, slots=True)
class RecordGraph:
    """A named graph that is kept for one kind of record.

    Attributes:
        name: Local name below ``graph/``, such as ``desk``.
        title: Title by language tag.
        visibility: Who may see it.
        licence: IRI of the licence.
    """

    name: str
    title: tuple[tuple[str, str], ...]
    visibility: Visibility = Visibility.INTERNAL
    licence: str = "https://creativecommons.org/licenses/by/4.0/"

    @property
    def iri(self) -> URIRef:
        """IRI of the graph."""
        return GRAPH[self.name]


@dataclass(frozen=True, slots=True)
class Entry:
    """A change of a record that somebody still has to apply.

    Attributes:
        record: IRI of the record that it concerns.
        write: The change.
    """

    record: str
    write: Write


def mint(kind: str) -> URIRef:
    """Return an IRI that nothing has yet, such as ``id/event-5f3c…``, with 122 random bits."""
    return ID[f"{kind}-{uuid.uuid4().hex}"]


def change(
    into: RecordGraph,
    *,
    add: Iterable[Triple] = (),
    remove: Iterable[Triple] = (),
    condition: str = "",
) -> Write:
    """Return the change of a graph of records; the graph is described when it is new.

    Args:
        into: Which graph.
        add: Statements to add; those that are there already stay.
        remove: Statements to remove first; those that are not there do no harm.
        condition: SPARQL ASK that must hold when the change is applied; empty for none.

    Raises:
        TypeError: A term is a blank node; name it with :func:`mint`.
    """
    removed = _block(into, "DELETE DATA", remove)
    added = _block(into, "INSERT DATA", add)
    parts = [part for part in (removed, added, _described(into) if added else "") if part]
    return Write(Kind.UPDATE, " ;\n".join(parts), condition=condition)


def _block(into: RecordGraph, operation: str, triples: Iterable[Triple]) -> str:
    lines = "".join(f"  {_written(triple)}\n" for triple in triples)
    return f"{operation} {{ GRAPH {into.iri.n3()} {{\n{lines}}} }}" if lines else ""


def _written(triple: Triple) -> str:
    """Return a statement as N-Triples, escaped by the engine.

    Raises:
        TypeError: A term is a blank node.
    """
    terms = [str(to_engine(term)) for term in triple]
    if any(term.startswith("_:") for term in terms):
        raise TypeError("a record has names, no blank nodes")
    return f"{' '.join(terms)} ."


def _described(into: RecordGraph) -> str:
    titles = ", ".join(f'"{text}"@{language}' for language, text in into.title)
    return (
        f"INSERT DATA {{ GRAPH {GRAPH['meta'].n3()} {{ {into.iri.n3()}\n"
        f"  <http://purl.org/dc/terms/title> {titles} ;\n"
        f"  <http://purl.org/dc/terms/accessRights> <{_RIGHTS}{_RIGHT[into.visibility]}> ;\n"
        f"  <http://purl.org/dc/terms/license> <{into.licence}> ;\n"
        f"  <http://www.w3.org/ns/prov#wasAttributedTo> {ID['agent-verbund'].n3()} . }} }}"
    )


_RECORD = """{{
  {{ {node} ?p ?o BIND ({node} AS ?s) }} UNION {{ ?s ?p {node} BIND ({node} AS ?o) }}
}}"""
"""What is said of a node and what points at it."""


def _lines(store: Store, node: URIRef, graph: RecordGraph) -> list[str]:
    """Return what a graph says of a record, as N-Triples, sorted."""
    record = _RECORD.format(node=to_engine(node))
    query = f"SELECT DISTINCT ?s ?p ?o {{ GRAPH {graph.iri.n3()} {record} }}"
    return sorted(_written((row["s"], row["p"], row["o"])) for row in store.select(query))


def tag_of(store: Store, node: URIRef, graph: RecordGraph) -> str:
    """Return the tag of a record: equal for equal content, 32 hexadecimal digits."""
    return _digest(_lines(store, node, graph))


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def unchanged_since(store: Store, node: URIRef, graph: RecordGraph, tag: str) -> str:
    """Return the condition that a record is still as the reader of a tag saw it.

    Raises:
        VersionConflictError: It is not even now.
    """
    lines = _lines(store, node, graph)
    if _digest(lines) != tag:
        raise VersionConflictError(f"somebody else has changed <{node}>", store.version)
    name, record = graph.iri.n3(), _RECORD.format(node=to_engine(node))
    counted = f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ GRAPH {name} {record} }} }}"
    # an empty group in a graph that is not there has no solution
    said = "\n".join(lines)
    same = f"GRAPH {name} {{\n{said}\n}}" if lines else ""
    return f"ASK {{ {{ {counted} }} FILTER (?n = {len(lines)}) {same} }}"
