"""The rows of a table: read, checked cell by cell, with the line each one starts at."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from graph.errors import SourceFormatError
from graph.loading.findings import RowFinding
from graph.loading.tables import Table

__all__ = ["Row", "read_rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is as its metadata ask.

    Attributes:
        line: First line of the row in the file, counted from 1.
        number: Number of the row, counted from 1 without the header.
        cells: Values of each column in XSD lexical form; none for an empty cell.
    """

    line: int
    number: int
    cells: Mapping[str, tuple[str, ...]]


def read_rows(
    table: Table, folder: Traversable, keys: Mapping[str, Collection[str]]
) -> Iterator[Row | RowFinding]:
    """Read a table; a row yields itself, or every finding about it.

    Args:
        table: The table to read.
        folder: Where its file lies.
        keys: Keys of the rows kept so far, by table; a reference to another key is dangling.

    Raises:
        SourceFormatError: The file as a whole cannot be used: missing, not UTF-8, not CSV, or
            with other columns than the metadata describe.
    """
    reader = csv.reader(io.StringIO(_text(table, folder), newline=""), strict=True)
    seen: dict[str, int] = {}
    try:
        header = _checked_header(table, next(reader, []))
        line = reader.line_num + 1
        for number, cells in enumerate(reader, 1):
            yield from _read_row(table, header, cells, (line, number), keys, seen)
            line = reader.line_num + 1
    except csv.Error as error:
        raise SourceFormatError(table.name, f"is not CSV: {error}", reader.line_num) from error


def _text(table: Table, folder: Traversable) -> str:
    try:
        content = folder.joinpath(table.name).read_bytes()
    except FileNotFoundError as error:
        raise SourceFormatError(table.name, "the file is missing") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceFormatError(table.name, "is not UTF-8", line) from error


def _checked_header(table: Table, header: list[str]) -> list[str]:
    missing = [name for name in table.columns if name not in header]
    surplus = [name for name in header if name not in table.columns]
    if missing:
        raise SourceFormatError(table.name, f"lacks the column {', '.join(missing)}", 1)
    if surplus:
        raise SourceFormatError(table.name, f"has an unknown column {', '.join(surplus)}", 1)
    if len(header) != len(set(header)):
        raise SourceFormatError(table.name, "names a column twice", 1)
    return header


def _read_row(
    table: Table,
    header: list[str],
    cells: list[str],
    position: tuple[int, int],
    keys: Mapping[str, Collection[str]],
    seen: dict[str, int],
) -> Iterator[Row | RowFinding]:
    line, number = position
    if len(cells) != len(header):
        reason = f"the row has {len(cells)} cells instead of {len(header)}"
        yield RowFinding(table.name, line, "", "", reason)
        return
    row, findings = _parse(table, dict(zip(header, cells, strict=True)), line, number)
    findings += _key_findings(table, row, seen) + _reference_findings(table, row, keys)
    if findings:
        yield from findings
    else:
        yield row


def _parse(
    table: Table, cells: Mapping[str, str], line: int, number: int
) -> tuple[Row, list[RowFinding]]:
    values: dict[str, tuple[str, ...]] = {}
    findings = []
    for name, column in table.columns.items():
        try:
            values[name] = column.parse(cells[name])
        except ValueError as error:
            values[name] = ()
            findings.append(RowFinding(table.name, line, name, cells[name], str(error)))
    return Row(line, number, values), findings


def _key_findings(table: Table, row: Row, seen: dict[str, int]) -> list[RowFinding]:
    findings = []
    for key in row.cells[table.key]:
        if key in seen:
            reason = f"the key is already used in line {seen[key]}"
            findings.append(RowFinding(table.name, row.line, table.key, key, reason))
        seen.setdefault(key, row.line)
        try:
            table.subject(key)
        except ValueError as error:
            findings.append(RowFinding(table.name, row.line, table.key, key, str(error)))
    return findings


def _reference_findings(
    table: Table, row: Row, keys: Mapping[str, Collection[str]]
) -> list[RowFinding]:
    return [
        RowFinding(table.name, row.line, reference.column, key, f"no such row in {reference.table}")
        for reference in table.foreign_keys
        for key in row.cells[reference.column]
        if key not in keys[reference.table]
    ]
