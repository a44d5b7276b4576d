"""Documents of others as statements; nothing that a document names is fetched.

JSON-LD contexts come from ``graph/harvest/contexts/`` only. RDF/XML with a document type is
refused: what it declares may grow without bound or lie elsewhere.
"""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pyoxigraph as ox

from graph.errors import SourceRefusedError
from graph.harvest.fetching import Document, unpacked
from graph.harvest.sources import Limits

__all__ = ["CONTEXTS", "parse_document", "statements_of_page"]

CONTEXTS: Final = {
    "http://schema.org": "schema.jsonld",
    "http://schema.org/": "schema.jsonld",
    "https://schema.org": "schema.jsonld",
    "https://schema.org/": "schema.jsonld",
    "https://schema.org/docs/jsonldcontext.jsonld": "schema.jsonld",
}
"""The JSON-LD contexts that documents may name, and our copies of what we need of them."""

_FORMATS = {
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/x-turtle": ox.RdfFormat.TURTLE,
    "text/n3": ox.RdfFormat.N3,
    "text/turtle": ox.RdfFormat.TURTLE,
}
_ENDINGS = {
    **{".nq": "application/n-quads", ".nt": "application/n-triples", ".trig": "application/trig"},
    **{".ttl": "text/turtle", ".n3": "text/n3", ".rdf": "application/rdf+xml"},
    **{".owl": "application/rdf+xml", ".xml": "application/rdf+xml"},
    **{".jsonld": "application/ld+json", ".json": "application/ld+json"},
    **{".html": "text/html", ".htm": "text/html"},
}
_JSON = ("application/ld+json", "application/json")
_HTML = ("text/html", "application/xhtml+xml")
_PACKED = (".gz", ".bz2", ".zst")


def kind_of(document: Document) -> str:
    """Return the media type of a document: what its server says, else what its name says.

    Raises:
        SourceRefusedError: Neither is of a kind that is read.
    """
    said = document.media_type.lower()
    if said in _FORMATS or said in _JSON or said in _HTML:
        return said
    path = urlsplit(document.final_address).path.lower()
    for ending in _PACKED:
        path = path.removesuffix(ending)
    found = _ENDINGS.get(Path(path).suffix)
    if found is None:
        raise SourceRefusedError(document.address, f"is {said or 'of no kind'}, which is not read")
    return found


def parse_document(document: Document, limits: Limits) -> Iterator[ox.Quad]:
    """Yield the statements of a document.

    Raises:
        SourceRefusedError: It is not what it says, or more than allowed.
    """
    kind = kind_of(document)
    content = b"".join(unpacked(document, limits))
    base = document.final_address
    if kind in _HTML:
        quads = statements_of_page(content, base)
    elif kind in _JSON:
        quads = _json(_text(content, base), base)
    else:
        if kind == "application/rdf+xml":
            _require_plain_xml(content, base)
        quads = _parsed(content, _FORMATS[kind], base)
    for count, quad in enumerate(quads, 1):
        if count > limits.statements:
            raise SourceRefusedError(base, f"more than {limits.statements} statements")
        yield quad


def _parsed(content: bytes | str, syntax: ox.RdfFormat, base: str) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(content, syntax, base_iri=base)
    except (SyntaxError, ValueError) as error:
        raise SourceRefusedError(base, f"is not {syntax.name}: {error}") from error


def _text(content: bytes, base: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceRefusedError(base, "is not UTF-8") from error


def _require_plain_xml(content: bytes, base: str) -> None:
    """Refuse a document type declaration: entities are how small documents become large."""
    if b"<!DOCTYPE" in content or b"\x00" in content[:4]:
        raise SourceRefusedError(base, "is XML with a document type, or not in UTF-8")


def _json(text: str, base: str) -> Iterator[ox.Quad]:
    try:
        document = _inlined(json.loads(text), base)
    except (json.JSONDecodeError, RecursionError) as error:
        raise SourceRefusedError(base, f"is not JSON: {error}") from error
    yield from _parsed(json.dumps(document), ox.RdfFormat.JSON_LD, base)


def _inlined(value: Any, base: str) -> Any:
    """Return JSON-LD with our copies in place of the contexts that it names."""
    if isinstance(value, list):
        return [_inlined(one, base) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _context(one, base) if name == "@context" else _inlined(one, base)
        for name, one in value.items()
    }


def _context(value: Any, base: str) -> Any:
    if isinstance(value, str):
        if value not in CONTEXTS:
            raise SourceRefusedError(base, f"names the JSON-LD context {value!r}, which is unknown")
        return _bundled(CONTEXTS[value])
    if isinstance(value, list):
        return [_context(one, base) for one in value]
    if isinstance(value, dict) and "@import" in value:
        raise SourceRefusedError(base, "imports a JSON-LD context")
    return _inlined(value, base)


@cache
def _bundled(name: str) -> Any:
    text = files("graph").joinpath("harvest/contexts", name).read_text(encoding="utf-8")
    return json.loads(text)["@context"]


class _Scripts(HTMLParser):
    """Collects the JSON-LD of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0].strip().lower()
        self._is_inside = tag == "script" and kind == "application/ld+json"
        if self._is_inside:
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._is_inside = self._is_inside and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._is_inside:
            self.found[-1] += data


def statements_of_page(content: bytes, address: str) -> Iterator[ox.Quad]:
    """Yield the statements of the JSON-LD blocks of an HTML page.

    Raises:
        SourceRefusedError: A block is not JSON-LD.
    """
    scripts = _Scripts()
    scripts.feed(_text(content, address))
    scripts.close()
    for number, text in enumerate(scripts.found):
        if text.strip():
            yield from _apart(_json(text, address), number)


def _apart(quads: Iterable[ox.Quad], number: int) -> Iterator[ox.Quad]:
    """Keep blank nodes of different blocks apart."""
    for quad in quads:
        subject, value = (
            ox.BlankNode(f"{term.value}b{number}") if isinstance(term, ox.BlankNode) else term
            for term in (quad.subject, quad.object)
        )
        yield ox.Quad(subject, quad.predicate, value, quad.graph_name)  # type: ignore[arg-type]
