"""Queries of the command line: a text, a file, or a name of the catalogue."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from api.stores import runner_of
from graph.catalogue import catalogue, find
from graph.enquiries import read_enquiries
from graph.errors import SourceFormatError
from graph.store import Store
from graph.store.formats import GRAPH_MEDIA_TYPES, SOLUTION_MEDIA_TYPES
from graph.store.guard import check
from graph.store.runner import Lane, QueryRequest, RunLimits

__all__ = ["Rows", "enquiry_listing", "listing", "query_text", "result_rows", "run"]

Rows = tuple[Sequence[str], Sequence[Mapping[str, str]]]
"""Column names, and for each row a text for each column that has a value."""

_JSON, _, _CSV, _ = SOLUTION_MEDIA_TYPES
_LONGEST_NAME = 200


def query_text(given: str, values: Mapping[str, str]) -> str:
    """Return the SPARQL text that is meant.

    Args:
        given: Name of a catalogue query, a file, ``-`` for standard input, or the text itself.
        values: Values for the parameters of a catalogue query.

    Raises:
        ParameterError: A value is missing, unknown or of the wrong type.
        SourceFormatError: The file cannot be read, or values are given for a plain text.
    """
    if given in catalogue():
        return find(given).bound(values)
    if values:
        return find(given).bound(values)
    if given == "-":
        return sys.stdin.read()
    path = Path(given)
    if len(given) > _LONGEST_NAME or not path.exists():
        # a name holds no space; what is no name is told with what is alike
        return given if any(map(str.isspace, given)) else find(given).text
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFormatError(given, str(error)) from error


def run(store: Store, text: str, form: str, timeout_s: float = 60.0) -> tuple[str, bytes]:
    """Run a query as the endpoint does; return media type and result.

    Args:
        store: Where the graph lives.
        text: SPARQL 1.1 query; an update or SERVICE is refused.
        form: ``csv``, ``turtle`` or anything else for JSON; a graph is Turtle unless ``json``.
        timeout_s: Seconds after which the query is ended.
    """
    query = check(text)
    if query.form.is_graph:
        media_type = GRAPH_MEDIA_TYPES[2] if form == "json" else GRAPH_MEDIA_TYPES[0]
    else:
        media_type = _CSV if form == "csv" else _JSON
    limits = RunLimits(timeout_s=timeout_s, workers={Lane.AD_HOC: 1}, cache_bytes=0)
    return media_type, asyncio.run(_answer(store, limits, QueryRequest(query, media_type)))


async def _answer(store: Store, limits: RunLimits, request: QueryRequest) -> bytes:
    runner = runner_of(store, limits)
    await runner.start()
    try:
        found = await runner.run(request)
        if found.parts is None:
            return found.content or b""
        return b"".join([part async for part in found.parts])
    finally:
        await runner.close()


def result_rows(content: bytes) -> Rows:
    """Return the rows of a result in SPARQL 1.1 Query Results JSON; ASK has one of its own."""
    document = json.loads(content)
    if "boolean" in document:
        return ("boolean",), [{"boolean": str(document["boolean"]).lower()}]
    found = [
        {name: term["value"] for name, term in row.items()}
        for row in document["results"]["bindings"]
    ]
    return document["head"]["vars"], found


def listing(language: str) -> Rows:
    """Return name, question and parameters of every query of the catalogue."""
    columns = ("name", "question", "parameters")
    found = [
        {
            "name": query.name,
            "question": query.question[language],
            "parameters": " ".join(f"{p.name}={p.example}" for p in query.parameters.values()),
        }
        for query in catalogue().values()
    ]
    return columns, found


def enquiry_listing(store: Store, language: str) -> Rows:
    """Return number, title and size of every enquiry of the graph."""
    columns = ("enquiry", "title", "requirements", "source")
    found = [
        {
            "enquiry": iri.rpartition("/enquiry-")[2].upper(),
            "title": enquiry.title,
            "requirements": str(len(enquiry.requirements)),
            "source": enquiry.source,
        }
        for iri, enquiry in sorted(read_enquiries(store, language).items())
    ]
    return columns, found
