"""The queries of the catalogue as questions with a form and a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.asking import landscape_of
from api.pages.addresses import competence_path, is_web_link, organisation_path
from api.pages.reading import competence_terms, organisation_lines
from graph.catalogue import Parameter, Query
from graph.errors import UnknownTermError
from graph.store import Store
from graph.vocabulary import BASE, ID

__all__ = [
    "Cell",
    "Field",
    "Table",
    "document_path",
    "fields",
    "names_of",
    "read_table",
    "values_of",
]

_LANGUAGE = "language"
"""The parameter that the page answers by itself."""


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter as a field of a form."""

    parameter: Parameter
    value: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: what to show, where it leads (or an empty string), whether it is a number."""

    text: str
    link: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A result.

    Attributes:
        heads: What each column holds, in the language of the page.
        rows: Cells in the order of the heads.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def values_of(
    query: Query, given: Mapping[str, str], store: Store, language: str
) -> dict[str, str]:
    """Return the values to ask with: given ones, else examples; names become IRIs."""
    values = {}
    for name, parameter in query.parameters.items():
        value = given.get(name, "").strip()
        if name == _LANGUAGE:
            values[name] = language
        elif value:
            values[name] = _named(parameter, value, store, language)
        elif parameter.required:
            values[name] = parameter.example
    return values


def _named(parameter: Parameter, value: str, store: Store, language: str) -> str:
    """Return the IRI of what a word names, or the word itself."""
    if "://" in value:
        return value
    if parameter.within == "scheme/competence/":
        try:
            return competence_terms(store).resolve(value)
        except UnknownTermError:
            return value
    if parameter.within == "id/":
        for line in organisation_lines(store, language):
            if value.casefold() in (line.name.casefold(), line.iri.removeprefix(f"{ID}org-")):
                return line.iri
    return value


def fields(query: Query, values: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the fields of the form, filled with what was asked."""
    return tuple(
        Field(parameter, values.get(name, "").removeprefix(f"{BASE}{parameter.within}"))
        for name, parameter in query.parameters.items()
        if name != _LANGUAGE
    )


def document_path(query: Query, values: Mapping[str, str], form: str) -> str:
    """Return the path of the same answer as a document."""
    return f"/api/v1/queries/{query.name}?{urlencode({**values, 'format': form})}"


def read_table(
    query: Query, document: Mapping[str, Any], names: Mapping[str, str], language: str
) -> Table:
    """Lay out a result in the SPARQL 1.1 JSON format.

    A column of things is left out where another column holds their labels: the label then leads
    to the thing. So is a column of nothing but identifiers without a page; documents have them.

    Args:
        query: What was asked.
        document: The result.
        names: Names of things by IRI, shown instead of it.
        language: Language of the page.
    """
    columns = list(query.returns)
    named = _named_by_label(columns)
    things = {
        label: thing
        for thing in columns
        for label in (f"{thing}Label", "label" if thing == named else "")
        if label in columns
    }
    found = document["results"]["bindings"]
    cells = {
        c: [_cell(row.get(c, {}), row.get(things.get(c, c), {}), names, language) for row in found]
        for c in columns
        if c not in things.values()
    }
    shown = [c for c, column in cells.items() if not found or not all(map(_is_bare, column))]
    return Table(
        heads=tuple(query.returns[column][language] for column in shown),
        rows=tuple(zip(*(cells[column] for column in shown), strict=True)),
    )


def _named_by_label(columns: Sequence[str]) -> str:
    """Return which column a plain ``label`` names: the one before or after it at the front."""
    at = columns.index("label") if "label" in columns else None
    if at == 1:
        return columns[0]
    if at is None or "organisation" in columns:
        return "organisation"
    return columns[1] if at == 0 and len(columns) > 1 else columns[0]


def names_of(store: Store, language: str) -> dict[str, str]:
    """Return what to show for organisations, concepts and districts instead of their IRIs."""
    labels = landscape_of(store, language).labels
    return {**labels, **{line.iri: line.name for line in organisation_lines(store, language)}}


def _is_bare(cell: Cell) -> bool:
    return cell.text.startswith("id/") and not cell.link


def _cell(
    value: Mapping[str, str], thing: Mapping[str, str], names: Mapping[str, str], language: str
) -> Cell:
    text = value.get("value", "") or names.get(thing.get("value", ""), "")
    link = _link(thing["value"], language) if thing.get("type") == "uri" else ""
    if value.get("type") == "uri":
        text = names.get(text) or text.removeprefix(BASE)
    kind = value.get("datatype", "").rpartition("#")[2]
    if language == "de" and kind in ("decimal", "double"):
        text = text.replace(".", ",")
    return Cell(text, link, kind in ("integer", "decimal", "double"))


def _link(iri: str, language: str) -> str:
    if iri.startswith(f"{ID}org-"):
        return organisation_path(language, iri)
    if iri.startswith(f"{BASE}scheme/competence/"):
        return competence_path(language, iri)
    return "" if iri.startswith(BASE) or not is_web_link(iri) else iri
