"""Results of other servers, put into the form that the embedded engine gives.

Servers deviate from SPARQL 1.1 Query Results JSON and from one another in how they write the same
value. What is known of Virtuoso 7 (docs/remote-stores.md) is put right here, so that the rest of
the house never asks which server it is.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import pyoxigraph as ox
from rdflib import BNode, Literal, URIRef
from rdflib.term import Identifier

from graph.errors import StoreLimitError, StoreUnavailableError
from graph.store.formats import QueryForm
from graph.store.protocol import Row
from graph.store.remote.client import Reply

__all__ = ["Solutions", "parse", "written"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = f"{_XSD}string"
_LANGUAGE_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_VIRTUOSO_GEOMETRY = "http://www.openlinksw.com/schemas/virtrdf#Geometry"
_VIRTUOSO_ASK = "__ASK_RETVAL"
_WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
_ZEROS = re.compile(r"(-?)0*(\d+)(?:\.(\d*?)0*)?")


class Solutions:
    """A result of SELECT or ASK as a standard document.

    Attributes:
        document: SPARQL 1.1 Query Results JSON.
    """

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document

    @property
    def names(self) -> list[str]:
        """Names of the columns; none for ASK."""
        return list(self.document["head"].get("vars", ()))

    def rows(self) -> list[Row]:
        """Return the rows as rdflib's terms."""
        return [
            {name: _rdflib(term) for name, term in row.items()}
            for row in self.document["results"]["bindings"]
        ]

    def cut(self, max_rows: int | None) -> bool:
        """Leave out the rows after a number; return whether there were more."""
        if max_rows is None or "results" not in self.document:
            return False
        bindings = self.document["results"]["bindings"]
        is_cut = len(bindings) > max_rows
        if is_cut:
            del bindings[max_rows:]
            self.document["head"]["truncated"] = True
        return is_cut


def parse(reply: Reply) -> Solutions:
    """Read a result of SELECT or ASK; Virtuoso answers ASK with a table of one number.

    Raises:
        StoreLimitError: The server says that it left rows out.
        StoreUnavailableError: It is no such result, or breaks off.
    """
    try:
        document = json.loads(reply.content)
        if isinstance(document.get("boolean"), bool):
            return Solutions({"head": {}, "boolean": document["boolean"]})
        names = [str(name) for name in document["head"]["vars"]]
        if names == [_VIRTUOSO_ASK]:
            found = any(row[_VIRTUOSO_ASK]["value"] == "1" for row in _bindings(document))
            return Solutions({"head": {}, "boolean": found})
        bindings = [
            {name: _standard(term) for name, term in row.items() if name in names}
            for row in _bindings(document)
        ]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreUnavailableError(
            f"the remote store sent no SPARQL JSON ({_start(reply.content)})"
        ) from error
    _require_whole(reply.headers, len(bindings))
    return Solutions({"head": {"vars": names}, "results": {"bindings": bindings}})


def _bindings(document: dict[str, Any]) -> list[dict[str, Any]]:
    return list(document["results"]["bindings"])


def written(
    reply: Reply, form: QueryForm, media_type: str, max_rows: int | None
) -> tuple[bytes, bool]:
    """Return a reply in a media type of :mod:`graph.store.formats`, and whether rows are cut.

    Raises:
        StoreLimitError: The server says that it left rows out.
        StoreUnavailableError: The reply is no result, or breaks off.
    """
    if form.is_graph:
        _require_whole(reply.headers, None)
        return _graph(reply.content, media_type), False
    solutions = parse(reply)
    is_cut = solutions.cut(max_rows)
    content = json.dumps(solutions.document, ensure_ascii=False).encode()
    if media_type == "application/sparql-results+json":
        return content, is_cut
    found = ox.parse_query_results(content, ox.QueryResultsFormat.JSON)
    written_form = ox.QueryResultsFormat.from_media_type(media_type)
    if isinstance(found, ox.QueryBoolean):
        return found.serialize(format=written_form) or b"", is_cut
    return found.serialize(format=written_form) or b"", is_cut


def _graph(content: bytes, media_type: str) -> bytes:
    """Return N-Triples in another format."""
    try:
        triples = list(ox.parse(content, format=ox.RdfFormat.N_TRIPLES))
    except (SyntaxError, ValueError) as error:
        raise StoreUnavailableError(
            f"the remote store sent no N-Triples ({_start(content)})"
        ) from error
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    if rdf_format is None:
        raise ValueError(media_type)
    return ox.serialize((quad.triple for quad in triples), format=rdf_format) or b""


def _require_whole(headers: Mapping[str, str], rows: int | None) -> None:
    """Check that the server has not left rows out; Virtuoso says so in headers only."""
    if "S1T" in headers.get("x-sql-state", ""):
        raise StoreLimitError(
            "the remote store stopped at its own time limit with part of the result; "
            "narrow the query"
        )
    limit = headers.get("x-sparql-maxrows", "")
    if limit.isdigit() and (rows is None or rows >= int(limit)):
        raise StoreLimitError(
            f"the remote store cuts results at {limit} rows; narrow the query or add LIMIT, "
            "or raise ResultSetMaxRows there"
        )


def _standard(term: dict[str, Any]) -> dict[str, Any]:
    """Return a term as the standard writes it, in the one form that equal values share."""
    kind, value = str(term["type"]), str(term["value"])
    if kind in ("uri", "bnode"):
        return {"type": kind, "value": value.removeprefix("nodeID://") if kind != "uri" else value}
    if kind not in ("literal", "typed-literal"):
        raise ValueError(f"a term of kind {kind!r}")
    if language := term.get("xml:lang"):
        return {"type": "literal", "value": value, "xml:lang": str(language).lower()}
    datatype = str(term.get("datatype", _STRING))
    if datatype in (_STRING, _LANGUAGE_STRING):
        return {"type": "literal", "value": value}
    if datatype == _VIRTUOSO_GEOMETRY:
        datatype = _WKT
    return {"type": "literal", "value": _canonical(value, datatype), "datatype": datatype}


def _canonical(value: str, datatype: str) -> str:
    """Return the lexical form that the embedded engine keeps of a value."""
    if datatype == f"{_XSD}boolean":
        return {"1": "true", "0": "false"}.get(value, value)
    if datatype in (f"{_XSD}decimal", f"{_XSD}integer"):
        found = _ZEROS.fullmatch(value.removeprefix("+"))
        if found is None:
            return value
        sign, whole, part = found.groups()
        number = f"{whole}.{part}" if part else whole
        return number if number.strip("0.") == "" else sign + number
    if datatype in (f"{_XSD}dateTime", f"{_XSD}date", f"{_XSD}time"):
        return re.sub(r"[+-]00:00$", "Z", value)
    return value


def _rdflib(term: Mapping[str, Any]) -> Identifier:
    if term["type"] == "uri":
        return URIRef(term["value"])
    if term["type"] == "bnode":
        return BNode(term["value"])
    if "xml:lang" in term:
        return Literal(term["value"], lang=term["xml:lang"])
    if "datatype" in term:
        return Literal(term["value"], datatype=URIRef(term["datatype"]), normalize=False)
    return Literal(term["value"])


def _start(content: bytes) -> str:
    text = content[:80].decode("utf-8", "replace").strip()
    end = content[-80:].decode("utf-8", "replace").strip() if len(content) > 160 else ""
    return f"{text!r} … {end!r}" if end else repr(text)
