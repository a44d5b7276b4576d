"""The tables of the reference data, as their CSVW metadata describe them.

The metadata are W3C CSV on the Web [1]_, read with the ``csvw`` package, which is imported on
first use: it costs 0.5 s and nothing else in the house needs it.

References:
    .. [1] Pollock, R., Tennison, J., Kellogg, G., Herman, I. (2015). Metadata Vocabulary for
       Tabular Data. W3C Recommendation. https://www.w3.org/TR/tabular-metadata/
"""

import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from importlib.resources.abc import Traversable
from typing import Any

from pyoxigraph import NamedNode

from graph.errors import SourceFormatError

__all__ = ["METADATA", "Column", "ForeignKey", "Table", "expand", "read_tables"]

METADATA = "tables.json"
"""Name of the metadata file within the data folder."""

_XSD = "http://www.w3.org/2001/XMLSchema#"

# csvw reads what Python reads, "1_000" and "NaN" too; the graph holds XSD lexical forms only.
_LEXICAL = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"),
    _XSD + "gYear": re.compile(r"[0-9]{4}"),
    _XSD + "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column, with what its cells may hold.

    Attributes:
        name: Name in the header row.
        property: IRI of the property that the cells become.
        datatype: IRI of the XSD datatype.
        language: Language tag of the text, or ``None``.
        separator: What stands between the items of a list, or ``None`` for a single value.
        template: URI template that turns a value into an IRI, or ``None`` for a literal.
        is_output: The cells become triples; otherwise they are only checked.
        description: The ``csvw`` column that parses cells.
    """

    name: str
    property: str
    datatype: str
    language: str | None
    separator: str | None
    template: str | None
    is_output: bool
    description: Any

    def parse(self, cell: str) -> tuple[str, ...]:
        """Check a cell and return its values in XSD lexical form; none for an empty cell.

        Raises:
            ValueError: The cell is not what the metadata ask for.
        """
        if cell != cell.strip():
            raise ValueError("has space at its start or end")
        if cell and not self._is_lexical(cell):
            raise ValueError(f"is no xsd:{self.datatype.removeprefix(_XSD)}")
        values = self._values(cell)
        for value in values:
            self.iri(value)
        return values

    def iri(self, value: str) -> NamedNode | None:
        """Return the IRI that a value stands for; ``None`` in a column of literals.

        Raises:
            ValueError: The template does not give an IRI.
        """
        return None if self.template is None else expand(self.template, self.name, value)

    def _is_lexical(self, cell: str) -> bool:
        pattern = _LEXICAL.get(self.datatype)
        items = cell.split(self.separator) if self.separator else [cell]
        return pattern is None or all(pattern.fullmatch(item) for item in items)

    def _values(self, cell: str) -> tuple[str, ...]:
        try:
            parsed = self.description.read(cell)
        except ValueError as error:
            form = self.description.datatype and self.description.datatype.format
            raise ValueError(f"{error}; must match {form}" if form else str(error)) from error
        if isinstance(parsed, list):
            if any(item is None for item in parsed):
                raise ValueError("has an empty item in its list")
            return tuple(cell.split(self.separator)) if parsed else ()
        if isinstance(parsed, bool):
            return ("true" if parsed else "false",)
        return () if parsed is None else (cell,)


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A column whose values must be keys of another table."""

    column: str
    table: str


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file, with what its rows mean.

    Attributes:
        name: Name of the file.
        url: IRI of the table.
        columns: The columns by name, in the order of the metadata.
        key: Name of the column that identifies a row.
        about: URI template of the thing that a row describes, or ``None``.
        foreign_keys: References to other tables.
    """

    name: str
    url: str
    columns: Mapping[str, Column]
    key: str
    about: str | None
    foreign_keys: tuple[ForeignKey, ...]

    def subject(self, key: str) -> NamedNode | None:
        """Return the IRI of what the row with this key describes, or ``None``.

        Raises:
            ValueError: The template does not give an IRI.
        """
        return None if self.about is None else expand(self.about, self.key, key)


def expand(template: str, name: str, value: str) -> NamedNode:
    """Fill in a URI template of level 2 with one variable.

    Raises:
        ValueError: The result is not an absolute IRI.
    """
    text = template.replace(f"{{+{name}}}", value).replace(f"{{{name}}}", value)
    try:
        return NamedNode(text)
    except ValueError as error:
        raise ValueError(f"gives the invalid IRI {text!r}: {error}") from error


def read_tables(folder: Traversable) -> tuple[Table, ...]:
    """Read the metadata of a data folder.

    Returns:
        The tables, each after those it refers to; otherwise in the order of the metadata.

    Raises:
        SourceFormatError: The metadata are missing, broken, or refer to tables in a circle.
    """
    group, base = _parse(_document(folder))
    tables = {t.name: t for t in (_table(description, base) for description in group.tables)}
    return _in_order_of_reference(tables)


def _document(folder: Traversable) -> dict[str, Any]:
    try:
        document = json.loads(folder.joinpath(METADATA).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SourceFormatError(METADATA, "the file is missing") from error
    except UnicodeDecodeError as error:
        raise SourceFormatError(METADATA, "is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise SourceFormatError(METADATA, f"is not JSON: {error.msg}", error.lineno) from error
    if not isinstance(document, dict) or not document.get("tables"):
        raise SourceFormatError(METADATA, "describes no tables")
    return document


def _parse(document: dict[str, Any]) -> tuple[Any, str]:
    import csvw  # type: ignore[import-untyped]

    try:
        with warnings.catch_warnings():
            # csvw only warns of metadata it cannot use, and goes on without them.
            warnings.simplefilter("error")
            return csvw.TableGroup.fromvalue(document), document["@context"][1]["@base"]
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, UserWarning) as error:
        raise SourceFormatError(METADATA, f"is not CSVW metadata: {error!r}") from error


def _table(description: Any, base: str) -> Table:
    schema = description.tableSchema
    name = str(description.url)
    columns = {column.name: _column(column, base + name) for column in schema.columns}
    return Table(
        name=name,
        url=base + name,
        columns=columns,
        key=_key(name, schema.primaryKey or [], columns),
        about=_template(schema.aboutUrl),
        foreign_keys=tuple(_foreign_key(name, key, columns) for key in schema.foreignKeys),
    )


def _key(table: str, names: list[str], columns: Mapping[str, Column]) -> str:
    if len(names) != 1 or names[0] not in columns:
        raise SourceFormatError(METADATA, f"table {table!r} needs one column as primary key")
    column = columns[names[0]]
    if not column.description.required or column.separator:
        reason = f"the primary key of table {table!r} must be required and no list"
        raise SourceFormatError(METADATA, reason)
    return column.name


def _column(description: Any, table_url: str) -> Column:
    datatype = description.datatype
    return Column(
        name=description.name,
        property=_template(description.propertyUrl) or f"{table_url}#{description.name}",
        datatype=_XSD + (datatype.base if datatype else "string"),
        language=None if description.lang == "und" else description.lang,
        separator=description.separator,
        template=_template(description.valueUrl),
        is_output=not description.suppressOutput,
        description=description,
    )


def _template(template: Any) -> str | None:
    return None if template is None else str(template)


def _foreign_key(table: str, key: Any, columns: Mapping[str, Column]) -> ForeignKey:
    (column,) = key.columnReference
    if column not in columns:
        raise SourceFormatError(METADATA, f"table {table!r} refers by a missing column {column!r}")
    return ForeignKey(column, str(key.reference.resource))


def _in_order_of_reference(tables: Mapping[str, Table]) -> tuple[Table, ...]:
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name, table in tables.items():
        sorter.add(name, *(key.table for key in table.foreign_keys))
    try:
        return tuple(tables[name] for name in sorter.static_order())
    except CycleError as error:
        raise SourceFormatError(METADATA, f"tables refer in a circle: {error.args[1]}") from error
    except KeyError as error:
        raise SourceFormatError(METADATA, f"refers to an unknown table {error}") from error
