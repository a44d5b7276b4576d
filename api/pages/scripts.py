"""What the scripts of the workbench are given: words in the language of the page, and addresses."""

from typing import Any

from api.i18n import Texts
from api.pages.workbench import DOWNLOADS, GRAPH_DOWNLOADS
from graph.vocabulary import BASE

__all__ = ["download_names", "page_data", "trouble_titles"]


def page_data(texts: Texts) -> dict[str, Any]:
    """Return everything that the scripts show or need, in one language."""
    names = download_names(texts)
    return {
        "base": BASE,
        "words": _words(texts),
        "editor": _editor_words(texts),
        "troubles": trouble_titles(texts),
        "downloads": {form: names[form] for form in DOWNLOADS},
        "graphDownloads": {form: names[form] for form in GRAPH_DOWNLOADS},
    }


def download_names(texts: Texts) -> dict[str, str]:
    """Return what to call each form of a result."""
    return {
        "csv": "CSV",
        "spreadsheet": texts("CSV for spreadsheets"),
        "tsv": "TSV",
        "json": "JSON",
        "xml": "XML",
        "turtle": "Turtle",
        "jsonld": "JSON-LD",
        "ntriples": "N-Triples",
        "rdfxml": "RDF/XML",
        "trig": "TriG",
    }


def trouble_titles(texts: Texts) -> dict[str, str]:
    """Return what to say of each kind of error."""
    return {
        "QuerySyntaxError": texts("This is not SPARQL 1.1."),
        "QueryRefusedError": texts("This query is not run here."),
        "StoreTimeoutError": texts("The query took too long."),
        "StoreBusyError": texts("All workers are busy. Try again in a moment."),
        "StoreLimitError": texts("The query or its result is too large."),
        "TooManyRequestsError": texts("Too many requests. Try again in a moment."),
        "ParameterError": texts("This cannot be saved."),
    }


def _words(texts: Texts) -> dict[str, str]:
    return {
        "row": texts.translations.ngettext("{n} row", "{n} rows", 1),
        "rows": texts.translations.ngettext("{n} row", "{n} rows", 2),
        "running": texts("Running"),
        "cancelled": texts("Cancelled; the server has stopped too."),
        "done": texts("{rows} in {seconds} s.", rows="{rows}", seconds="{seconds}"),
        "cut": texts("Cut after {rows}: there are more. The documents hold all.", rows="{rows}"),
        "failed": texts("The query failed."),
        "broken": texts("The connection broke off before the result was whole."),
        "more": texts("Show more"),
        "sort": texts("Sort"),
        "filter": texts("Filter the rows"),
        "table": texts("Table"),
        "map": texts("Map"),
        "chart": texts("Chart"),
        "graph": texts("Network"),
        "shadedBy": texts("Shaded by"),
        "rowsOf": texts("number of rows"),
        "pointsOnMap": texts("The rows as points on the map of Thuringia"),
        "districtsOnMap": texts("The districts of Thuringia, shaded by the result"),
        "asTable": texts("As a table"),
        "kind": texts("Kind"),
        "bars": texts("bars"),
        "line": texts("line"),
        "dots": texts("dots"),
        "category": texts("Category"),
        "value": texts("Value"),
        "chartOf": texts("{value} by {name}", value="{value}", name="{name}"),
        "firstOnly": texts("Only the first {n} rows are drawn.", n="{n}"),
        "addedUp": texts("Rows with the same {name} are added up.", name="{name}"),
        "sumOf": texts("The sum of {column} over the rows of each district.", column="{column}"),
        "rowsByDistrict": texts("The number of rows of each district."),
        "from": texts("From"),
        "to": texts("To"),
        "larger": texts("Larger"),
        "smaller": texts("Smaller"),
        "wholePicture": texts("Whole picture"),
        "mostLinked": texts("The {n} of {all} with most lines are drawn.", n="{n}", all="{all}"),
        "undeclared": texts("The prefix {prefix}: is not declared.", prefix="{prefix}"),
        "declare": texts("Declare it"),
        "linkCopied": texts("The link is in the clipboard."),
        "copied": texts("Copied."),
        "copyByHand": texts("Copy this:"),
        "saved": texts("Saved."),
        "removed": texts("Removed."),
        "noVocabulary": texts("The names of the graph could not be loaded."),
    }


def _editor_words(texts: Texts) -> dict[str, str]:
    """Return CodeMirror's own words, which only screen readers meet."""
    return {
        "Completions": texts("Suggestions"),
        "Diagnostics": texts("Remarks"),
        "No diagnostics": texts("No remarks"),
        "close": texts("Close"),
    }
