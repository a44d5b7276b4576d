"""The workbench: the query that an address means, and what comes of running it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.pages.addresses import is_web_link
from api.pages.questions import Cell, Field, Table, fields, values_of
from api.pages.resources import page_path
from api.saving import SavedQueries, SavedQuery
from graph.catalogue import Query, catalogue, find
from graph.errors import GraphError, ParameterError, QuerySyntaxError, UnknownQueryError
from graph.store import Store
from graph.vocabulary import PREFIXES

__all__ = [
    "DOWNLOADS",
    "GRAPH_DOWNLOADS",
    "Draft",
    "Trouble",
    "download_path",
    "draft_of",
    "read_result",
    "shortened",
    "trouble_of",
]

DOWNLOADS = ("csv", "spreadsheet", "tsv", "json", "xml")
"""Forms of a table, as ``format`` of ``/sparql`` names them."""

GRAPH_DOWNLOADS = ("turtle", "jsonld", "ntriples", "rdfxml", "trig")
"""Forms of a graph, likewise."""

_FIRST = {
    "de": """\
# Welche Kompetenzen geben die meisten Organisationen an?
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vb: <https://w3id.org/verbund/def#>

SELECT ?competence ?label (COUNT(DISTINCT ?organisation) AS ?organisations)
WHERE {
  ?claim a vb:CapabilityClaim ;
    vb:competence ?competence ;
    vb:claimedBy ?organisation .
  ?competence skos:prefLabel ?label .
  FILTER(LANG(?label) = "de")
}
GROUP BY ?competence ?label
ORDER BY DESC(?organisations) ?label
LIMIT 20
"""
}
_FIRST["en"] = (
    _FIRST["de"]
    .replace("Welche Kompetenzen geben die meisten Organisationen an?", "Most claimed competences")
    .replace('"de"', '"en"')
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A query as the editor shows it.

    Attributes:
        text: SPARQL.
        query: The question of the catalogue that it was made from.
        fields: The parameters of that question with the values asked for.
        saved: The saved query that it is.
        error: What is wrong with a parameter.
        is_missing: The address names a saved query that is not there for this reader.
    """

    text: str
    query: Query | None = None
    fields: tuple[Field, ...] = ()
    saved: SavedQuery | None = None
    error: ParameterError | None = None
    is_missing: bool = False


def draft_of(
    given: Mapping[str, str], store: Store, language: str, saved: SavedQueries, key: str
) -> Draft:
    """Return the query that the parameters of an address mean.

    Args:
        given: ``query`` is a text, ``saved`` the id of a saved query, ``catalogue`` the name of a
            question, whose parameters then stand beside it. Without any, an example is shown.
        store: Where names of parameters are looked up.
        language: Language of the page.
        saved: The saved queries.
        key: Id of the key of the reader; empty for who has none.
    """
    if "query" in given:
        return Draft(given["query"])
    if "saved" in given:
        try:
            kept = saved.find(given["saved"], key)
        except UnknownQueryError:
            return Draft(_FIRST[language], is_missing=True)
        return Draft(kept.text, saved=kept)
    if given.get("catalogue") in catalogue():
        return _asked(find(given["catalogue"]), given, store, language)
    return Draft(_FIRST[language])


def _asked(query: Query, given: Mapping[str, str], store: Store, language: str) -> Draft:
    values = values_of(query, given, store, language)
    shown = fields(query, values)
    try:
        return Draft(_without_header(query.bound(values)), query, shown)
    except ParameterError as error:
        return Draft(query.sparql, query, shown, error=error)


def _without_header(text: str) -> str:
    return "".join(x for x in text.splitlines(keepends=True) if not x.startswith("#+"))


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a query has no result.

    Attributes:
        kind: Name of the error, for which the page has words.
        detail: What was wrong this time, in English.
        line: Line in the text, counted from 1; 0 when it concerns the whole text.
        column: Character of that line, counted from 1; 0 likewise.
        excerpt: That line of the text.
    """

    kind: str
    detail: str
    line: int = 0
    column: int = 0
    excerpt: str = ""


def trouble_of(error: GraphError, text: str) -> Trouble:
    """Return what to say of an error, with the line of the text that it points at."""
    line = error.line or 0 if isinstance(error, QuerySyntaxError) else 0
    column = error.column or 0 if isinstance(error, QuerySyntaxError) else 0
    lines = text.splitlines()
    excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
    return Trouble(type(error).__name__, str(error), line, column, excerpt)


def read_result(document: Mapping[str, Any], language: str) -> Table:
    """Lay out any result in the SPARQL 1.1 JSON format; ASK has one cell."""
    if "boolean" in document:
        answer = str(document["boolean"]).lower()
        return Table(("ASK",), ((Cell(answer, "", False),),))
    names = tuple(document["head"]["vars"])
    rows = document["results"]["bindings"]
    return Table(names, tuple(tuple(_cell(row.get(n), language) for n in names) for row in rows))


def _cell(value: Mapping[str, str] | None, language: str) -> Cell:
    if value is None:
        return Cell("", "", False)
    text = value["value"]
    if value["type"] == "uri":
        link = page_path(language, text) or (text if is_web_link(text) else "")
        return Cell(shortened(text), link, False)
    kind = value.get("datatype", "").rpartition("#")[2]
    return Cell(text, "", kind in ("integer", "decimal", "double", "float"))


def shortened(iri: str) -> str:
    """Return an IRI with the prefix of its namespace, or as it is."""
    fitting = [(len(space), name) for name, space in PREFIXES.items() if iri.startswith(space)]
    if not fitting:
        return iri
    length, name = max(fitting)
    return f"{name}:{iri[length:]}"


def download_path(text: str, form: str) -> str:
    """Return the path of the whole result in another form."""
    return f"/sparql?{urlencode({'query': text, 'format': form})}"
