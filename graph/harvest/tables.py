"""Tables of others: CSV files and Excel workbooks with CSVW metadata and a mapping.

The folder beside the description of a source holds what ``data/`` holds for the reference data:
``tables.json`` and ``mapping/*.rq`` (``#+ graph: source``), so that whoever knows one knows both.
"""

import csv
import io
import shutil
import warnings
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pyoxigraph as ox

from graph.errors import SourceFormatError, SourceRefusedError
from graph.harvest.fetching import Document, unpacked
from graph.harvest.sources import Source
from graph.loading.findings import RowFinding
from graph.loading.mapping import map_rows, read_mappings
from graph.loading.rows import Row, read_rows
from graph.loading.staging import row_quads
from graph.loading.tables import METADATA, read_tables
from graph.resources import ontology_texts

__all__ = ["read_table_source"]

_TARGET = "source"
_XLSX = b"PK\x03\x04"
_ROWS = 200_000


def read_table_source(
    source: Source, documents: Sequence[Document], folder: Path
) -> tuple[list[ox.Quad], list[RowFinding]]:
    """Return what a mapping makes of tables, and what is wrong with their rows.

    Args:
        source: Of the kind ``table``.
        documents: What was fetched, in the order of the addresses.
        folder: Where tables are laid out; what is there is replaced.

    Raises:
        SourceRefusedError: A file is no table, or more than allowed.
        SourceFormatError: Metadata or mapping cannot be used.
    """
    _lay_out(source, documents, folder)
    staging = ox.Store()
    for _, text in ontology_texts():
        staging.load(text.encode(), ox.RdfFormat.TURTLE)
    findings = list(_stage(folder, staging))
    quads = [quad for one in read_mappings(folder, {_TARGET}) for quad in map_rows(staging, one)]
    return [ox.Quad(q.subject, q.predicate, q.object) for q in quads], findings


def _lay_out(source: Source, documents: Sequence[Document], folder: Path) -> None:
    """Copy metadata and mapping, and write each table as the CSV file that metadata describe."""
    if source.table is None:
        raise SourceFormatError(source.name, "has no folder with metadata")
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(source.table, folder)
    names = [table.name for table in read_tables(folder)]
    contents = [b"".join(unpacked(document, source.limits)) for document in documents]
    if len(contents) == 1 and contents[0].startswith(_XLSX):
        sheets = source.sheets or dict.fromkeys(names[:1], "")
        texts = _sheets(contents[0], sheets, documents[0].address, source.limits.bytes)
    else:
        if len(contents) != len(names):
            reason = f"has {len(contents)} addresses for {len(names)} tables"
            raise SourceFormatError(f"{source.name}/{METADATA}", reason)
        texts = dict(zip(_in_order(source.table), contents, strict=True))
    for name, text in texts.items():
        if name not in names:
            raise SourceFormatError(f"{source.name}/{METADATA}", f"describes no table {name!r}")
        (folder / name).write_bytes(text)


def _in_order(folder: Path) -> list[str]:
    """Return the names of the tables as the metadata list them, not as they depend."""
    text = (folder / METADATA).read_text(encoding="utf-8")
    names = [table.name for table in read_tables(folder)]
    return sorted(names, key=lambda name: text.index(f'"{name}"'))


def _stage(folder: Path, staging: ox.Store) -> Iterator[RowFinding]:
    """Put the rows that are well into a store, and yield what is wrong with the others."""
    keys: dict[str, set[str]] = {}
    for table in read_tables(folder):
        keys[table.name] = set()
        for row in read_rows(table, folder, {**keys}):
            if isinstance(row, Row):
                staging.extend(row_quads(table, row))
                keys[table.name].update(row.cells[table.key])
            else:
                yield row


def _sheets(
    content: bytes, sheets: Mapping[str, str], address: str, max_bytes: int
) -> dict[str, bytes]:
    """Return sheets of a workbook as CSV, by the name of their table.

    Raises:
        SourceRefusedError: It is no workbook, unpacks to too much, or lacks a sheet.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _require_harmless(content, address, max_bytes)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and validations that it leaves out; only values are read
            warnings.simplefilter("ignore", UserWarning)
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            found = {}
            for table, sheet in sheets.items():
                if sheet and sheet not in book.sheetnames:
                    raise SourceRefusedError(address, f"has no sheet {sheet!r}")
                name = sheet or book.sheetnames[0]
                found[table] = _csv(book[name].iter_rows(values_only=True), address)
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise SourceRefusedError(address, f"is no workbook: {error}") from error
    return found


def _require_harmless(content: bytes, address: str, max_bytes: int) -> None:
    """Refuse a workbook that unpacks to too much or declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            if sum(part.file_size for part in book.infolist()) > max_bytes:
                raise SourceRefusedError(address, f"unpacks to more than {max_bytes} bytes")
            for part in book.infolist():
                with book.open(part) as stream:
                    # file_size is what the archive says of itself; zipfile stops there
                    if b"<!DOCTYPE" in stream.read(4096):
                        raise SourceRefusedError(address, "is XML with a document type")
    except zipfile.BadZipFile as error:
        raise SourceRefusedError(address, f"is no workbook: {error}") from error


def _csv(rows: Iterator[tuple[object, ...]], address: str) -> bytes:
    target = io.StringIO(newline="")
    writer = csv.writer(target, lineterminator="\n")
    width = 0
    for number, row in enumerate(rows):
        if number > _ROWS:
            raise SourceRefusedError(address, f"has more than {_ROWS} rows")
        cells = [_cell(value) for value in row]
        if not any(cells):
            continue
        width = width or len(cells) - next(n for n, c in enumerate(reversed(cells)) if c)
        writer.writerow(cells[:width])
    return target.getvalue().encode()


def _cell(value: object) -> str:
    """Return a cell as a CSV file would have it; a whole number has no decimal point."""
    if value is None:
        return ""
    if isinstance(value, datetime) and not any((value.hour, value.minute, value.second)):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
