"""Rows as triples, ready to be mapped.

The form is that of CSV2RDF [1]_: a row is a node whose properties are the columns; a cell is a
typed or language-tagged literal, or an IRI where the metadata give a ``valueUrl``; a list is one
triple an item. The row points to what it describes (``csvw:describes``, from ``aboutUrl``) and
to the table and line it stands in, so that a later finding can name them.

References:
    .. [1] Tandy, J., Herman, I., Kellogg, G. (2015). Generating RDF from Tabular Data on the Web.
       W3C Recommendation. https://www.w3.org/TR/csv2rdf/
"""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from graph.loading.rows import Row
from graph.loading.tables import Column, Table

__all__ = ["row_quads"]

_CSVW = "http://www.w3.org/ns/csvw#"
_DESCRIBES = NamedNode(_CSVW + "describes")
_ROW_NUMBER = NamedNode(_CSVW + "rownum")
_ROW = "https://w3id.org/verbund/data/row#"
_LINE = NamedNode(_ROW + "line")
_TABLE = NamedNode(_ROW + "table")
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def row_quads(table: Table, row: Row) -> Iterator[Quad]:
    """Yield the triples of a row, in the default graph."""
    node = NamedNode(f"{table.url}#row={row.line}")
    yield Quad(node, _TABLE, Literal(table.name))
    yield Quad(node, _LINE, Literal(row.line))
    yield Quad(node, _ROW_NUMBER, Literal(row.number))
    (key,) = row.cells[table.key]
    subject = table.subject(key)
    if subject is not None:
        yield Quad(node, _DESCRIBES, subject)
    for column in table.columns.values():
        if column.is_output:
            predicate = NamedNode(column.property)
            for value in row.cells[column.name]:
                yield Quad(node, predicate, _term(column, value))


def _term(column: Column, value: str) -> NamedNode | Literal:
    iri = column.iri(value)
    if iri is not None:
        return iri
    if column.language is not None:
        return Literal(value, language=column.language)
    if column.datatype == _XSD_STRING:
        return Literal(value)
    return Literal(value, datatype=NamedNode(column.datatype))
