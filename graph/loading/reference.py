"""Loading of the reference data: tables, staging, mapping, look-ups, one store."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from graph import resources
from graph.errors import SourceFormatError
from graph.loading import mapping
from graph.loading.findings import Progress, RowFinding
from graph.loading.rows import Row, read_rows
from graph.loading.staging import row_quads
from graph.loading.tables import Table, read_tables

__all__ = ["Loaded", "load_reference"]

_ONTOLOGY = NamedNode(mapping.GRAPHS + "ontology")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The reference graph, and what was wrong with its rows.

    Attributes:
        store: The named graphs of ``docs/model.md`` in memory, without the derived one.
        findings: What is wrong, sorted by file and line; empty when all is well.
        counts: Number of rows kept of each table, by file name.
    """

    store: Store
    findings: tuple[RowFinding, ...]
    counts: Mapping[str, int]


def load_reference(
    folder: Path | None = None, *, strict: bool = False, progress: Progress | None = None
) -> Loaded:
    """Load the reference data and the ontology.

    A row that breaks its metadata is left out and reported, and so is every row that refers to
    it. A row whose look-up fails (a trade term without competence, say) is kept and reported:
    the fact stands, only our reading of it is missing. The result does not depend on the order
    of rows, on time or on the machine, and holds no blank node of its own.

    Args:
        folder: Folder of the reference data; the shipped one by default.
        strict: Load nothing when there is any finding.
        progress: Called as loading goes on.

    Returns:
        The graph with the findings.

    Raises:
        SourceFormatError: A file as a whole cannot be used, or ``strict`` and there are findings.
    """
    source: Traversable = resources.data_folder() if folder is None else folder
    report = progress or _silent
    staging, store = Store(), Store()
    _load_ontology(staging, store, report)
    counts, findings = _stage(source, staging, report)
    _map(source, staging, store, report)
    findings += _look_up(source, staging, report)
    if strict and findings:
        raise _as_error(findings)
    return Loaded(store, tuple(sorted(findings)), counts)


def _silent(stage: str, done: int, total: int) -> None:
    """Report to nobody."""


def _load_ontology(staging: Store, store: Store, report: Progress) -> None:
    texts = list(resources.ontology_texts())
    for done, (name, text) in enumerate(texts, 1):
        quads = _parse_turtle(name, text)
        staging.extend(quads)
        store.extend(Quad(q.subject, q.predicate, q.object, _ONTOLOGY) for q in quads)
        report("ontology", done, len(texts))


def _parse_turtle(name: str, text: str) -> list[Quad]:
    try:
        return list(parse(text, RdfFormat.TURTLE))
    except SyntaxError as error:
        path = f"ontology/{name}.ttl"
        raise SourceFormatError(path, f"is not Turtle: {error.msg}", error.lineno) from error


def _stage(
    source: Traversable, staging: Store, report: Progress
) -> tuple[dict[str, int], list[RowFinding]]:
    tables = read_tables(source)
    keys: dict[str, set[str]] = {}
    findings: list[RowFinding] = []
    for done, table in enumerate(tables, 1):
        kept = _keep(table, source, keys, findings)
        staging.extend(chain.from_iterable(row_quads(table, row) for row in kept))
        keys[table.name] = {key for row in kept for key in row.cells[table.key]}
        report("tables", done, len(tables))
    return {name: len(rows) for name, rows in sorted(keys.items())}, findings


def _keep(
    table: Table, source: Traversable, keys: Mapping[str, set[str]], findings: list[RowFinding]
) -> list[Row]:
    kept = []
    for result in read_rows(table, source, keys):
        if isinstance(result, Row):
            kept.append(result)
        else:
            findings.append(result)
    return kept


def _map(source: Traversable, staging: Store, store: Store, report: Progress) -> None:
    mappings = mapping.read_mappings(source)
    for done, query in enumerate(mappings, 1):
        store.extend(mapping.map_rows(staging, query))
        report("mapping", done, len(mappings))


def _look_up(source: Traversable, staging: Store, report: Progress) -> list[RowFinding]:
    lookups = mapping.read_lookups(source)
    findings: list[RowFinding] = []
    for done, query in enumerate(lookups, 1):
        findings += mapping.find_rows(staging, query)
        report("lookups", done, len(lookups))
    return findings


def _as_error(findings: list[RowFinding]) -> SourceFormatError:
    first, count = min(findings), len(findings)
    cell = f"{first.column} {first.value!r}: " if first.column else ""
    more = f" (and {count - 1} more findings)" if count > 1 else ""
    return SourceFormatError(first.path, f"{cell}{first.reason}{more}", first.line)
