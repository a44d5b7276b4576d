"""SPARQL queries that turn staged rows into linked data, and those that find what is missing.

``data/mapping/*.rq`` hold one CONSTRUCT query each, with a header that names the graph it writes::

    #+ summary: Capability claims
    #+ graph: reference-facts

``data/mapping/lookups/*.rq`` hold SELECT queries for ``?table ?line ?column ?value ?reason``.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable

import yaml
from pyoxigraph import (
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    Store,
)

from graph.errors import SourceFormatError
from graph.loading.findings import RowFinding

__all__ = ["GRAPHS", "Mapping", "find_rows", "map_rows", "read_lookups", "read_mappings"]

GRAPHS = "https://w3id.org/verbund/graph/"
"""Start of the IRI of every named graph."""

_TARGETS = frozenset({"meta", "reference-facts", "reference-judgements"})
_FOLDER = "mapping"
_LOOKUPS = f"{_FOLDER}/lookups"
_COLUMNS = ("table", "line", "column", "value", "reason")


@dataclass(frozen=True, slots=True)
class Mapping:
    """One query over the staged rows.

    Attributes:
        name: Path of its file within the data folder.
        summary: What it makes or finds.
        graph: Local name of the graph it writes; empty for a look-up.
        text: The query.
    """

    name: str
    summary: str
    graph: str
    text: str


def read_mappings(folder: Traversable, targets: Collection[str] = _TARGETS) -> tuple[Mapping, ...]:
    """Read the CONSTRUCT queries of a data folder, sorted by name.

    Args:
        folder: Where ``mapping/`` lies.
        targets: Graphs that a mapping may write.

    Raises:
        SourceFormatError: There are none, or one has no header or writes an unknown graph.
    """
    mappings = tuple(_read(folder, _FOLDER))
    for mapping in mappings:
        if mapping.graph not in targets:
            reason = f"the header names the graph {mapping.graph!r}, not one of {sorted(targets)}"
            raise SourceFormatError(mapping.name, reason)
    return mappings


def read_lookups(folder: Traversable) -> tuple[Mapping, ...]:
    """Read the SELECT queries that find failed look-ups, sorted by name.

    Raises:
        SourceFormatError: There are none, or one has no header.
    """
    return tuple(_read(folder, _LOOKUPS))


def map_rows(staging: Store, mapping: Mapping) -> Iterator[Quad]:
    """Yield what a CONSTRUCT query makes of the staged rows, as quads of its graph.

    Raises:
        SourceFormatError: The text is not a CONSTRUCT query.
    """
    results = _run(staging, mapping)
    if not isinstance(results, QueryTriples):
        raise SourceFormatError(mapping.name, "is not a CONSTRUCT query")
    graph = NamedNode(GRAPHS + mapping.graph)
    for triple in results:
        yield Quad(triple.subject, triple.predicate, triple.object, graph)


def find_rows(staging: Store, lookup: Mapping) -> list[RowFinding]:
    """Run a look-up; every solution is a finding.

    Returns:
        The findings, sorted by file and line.

    Raises:
        SourceFormatError: The text is not a SELECT query for the five columns.
    """
    results = _run(staging, lookup)
    if not isinstance(results, QuerySolutions):
        raise SourceFormatError(lookup.name, "is not a SELECT query")
    if tuple(variable.value for variable in results.variables) != _COLUMNS:
        raise SourceFormatError(lookup.name, f"must select {' '.join(_COLUMNS)}, in this order")
    return sorted(_finding(solution) for solution in results)


def _read(folder: Traversable, name: str) -> Iterator[Mapping]:
    directory = folder.joinpath(name)
    if not directory.is_dir():
        raise SourceFormatError(name, "the folder is missing")
    for entry in sorted(directory.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".rq"):
            yield _parse(f"{name}/{entry.name}", entry.read_text(encoding="utf-8"))


def _parse(name: str, text: str) -> Mapping:
    lines = (line[2:] for line in text.splitlines() if line.startswith("#+"))
    try:
        header = yaml.safe_load("\n".join(lines))
    except yaml.YAMLError as error:
        raise SourceFormatError(name, f"the header is not YAML: {error}") from error
    if not isinstance(header, dict) or not header.get("summary"):
        raise SourceFormatError(name, "the header has no summary")
    return Mapping(name, str(header["summary"]), str(header.get("graph", "")), text)


def _run(staging: Store, mapping: Mapping) -> QuerySolutions | QueryBoolean | QueryTriples:
    try:
        return staging.query(mapping.text)
    except SyntaxError as error:
        raise SourceFormatError(
            mapping.name, f"is not SPARQL: {error.msg}", error.lineno
        ) from error


def _finding(solution: QuerySolution) -> RowFinding:
    table, line, column, value, reason = (_text(solution, name) for name in _COLUMNS)
    return RowFinding(table, int(line), column, value, reason)


def _text(solution: QuerySolution, name: str) -> str:
    term = solution[name]
    return term.value if isinstance(term, Literal | NamedNode) else ""
