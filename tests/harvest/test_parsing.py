"""Documents as statements: every format, nothing fetched, nothing that grows without bound."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import SourceRefusedError
from graph.harvest.fetching import Document
from graph.harvest.parsing import CONTEXTS, parse_document
from graph.harvest.sources import Limits

ADDRESS = "https://partner.example/data"
S, P, VALUE = (ox.NamedNode(f"https://partner.example/{x}") for x in "spo")
FORMATS = {
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "text/turtle": ox.RdfFormat.TURTLE,
}


def parsed(
    tmp_path: Path, content: bytes, kind: str, limits: Limits | None = None, address: str = ADDRESS
) -> list[ox.Quad]:
    path = tmp_path / "document"
    path.write_bytes(content)
    return list(parse_document(Document(address, path, kind, address), limits or Limits()))


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("is_said", [True, False])
def test_every_format(tmp_path: Path, kind: str, *, is_said: bool) -> None:
    syntax = FORMATS[kind]
    content = ox.serialize([ox.Quad(S, P, VALUE)], format=syntax)
    assert content is not None
    address = f"{ADDRESS}.{syntax.file_extension}"
    said = kind if is_said else "application/octet-stream"

    assert parsed(tmp_path, content, said, address=address) == [ox.Quad(S, P, VALUE)]


def test_what_is_of_no_kind(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="not read"):
        parsed(tmp_path, b"x", "application/pdf")


@pytest.mark.parametrize("kind", [*FORMATS, "text/html"])
def test_what_is_not_what_it_says(tmp_path: Path, kind: str) -> None:
    broken = b"<script type='application/ld+json'>{</script>" if "html" in kind else b"<<"
    with pytest.raises(SourceRefusedError):
        parsed(tmp_path, broken, kind)


@pytest.mark.parametrize("context", sorted(CONTEXTS))
def test_contexts_are_ours(tmp_path: Path, context: str) -> None:
    said = {"@context": context, "@id": S.value, "@type": "Organization", "url": VALUE.value}
    found = parsed(tmp_path, json.dumps(said).encode(), "application/ld+json")

    assert ox.Quad(S, ox.NamedNode("https://schema.org/url"), VALUE) in found


@pytest.mark.parametrize(
    "context",
    [
        "https://elsewhere.example/context",
        ["https://schema.org", "https://elsewhere.example/context"],
        {"@import": "https://elsewhere.example/context"},
        {"a": {"@id": "https://schema.org/a", "@context": "https://elsewhere.example/context"}},
    ],
)
def test_other_contexts_are_not_fetched(tmp_path: Path, context: object) -> None:
    said = {"@context": context, "@id": S.value, "https://schema.org/name": "x"}
    with pytest.raises(SourceRefusedError, match="context"):
        parsed(tmp_path, json.dumps(said).encode(), "application/ld+json")


def test_deep_json_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError):
        parsed(tmp_path, b"[" * 100_000, "application/ld+json")


XML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://e/">'
    b'<rdf:Description rdf:about="https://e/s"><e:p>%s</e:p></rdf:Description></rdf:RDF>'
)


@pytest.mark.parametrize(
    "start",
    [
        b'<!DOCTYPE rdf [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
        b'<!DOCTYPE rdf SYSTEM "https://elsewhere.example/x.dtd">',
        b'<?xml version="1.0"?>\n<!-- <x> -->\n<!DOCTYPE rdf []>',
    ],
)
def test_document_types_are_refused(tmp_path: Path, start: bytes) -> None:
    assert parsed(tmp_path, b'<?xml version="1.0"?>' + XML % b"x", "application/rdf+xml")
    with pytest.raises(SourceRefusedError, match="document type"):
        parsed(tmp_path, start + XML % b"x", "application/rdf+xml")


def test_too_many_statements(tmp_path: Path) -> None:
    content = b"<https://e/s> <https://e/p> 1, 2, 3 ."
    assert len(parsed(tmp_path, content, "text/turtle", Limits(statements=3))) == 3
    with pytest.raises(SourceRefusedError, match="more than 2"):
        parsed(tmp_path, content, "text/turtle", Limits(statements=2))


def test_blocks_of_a_page(tmp_path: Path) -> None:
    block = '{"@context": "https://schema.org", "@type": "Organization", "name": "%s"}'
    page = (
        "<!doctype html><title>x</title><script>var a = {}</script>"
        f'<script type="application/ld+json">{block % "A &amp; B"}</script>'
        f'<script type="Application/LD+JSON; charset=utf-8">{block % "C"}</script>'
        '<script type="application/ld+json">  </script>'
    )
    found = parsed(tmp_path, page.encode(), "text/html")

    names = {str(q.object) for q in found if q.predicate.value == "https://schema.org/name"}
    assert names == {'"A &amp; B"', '"C"'}  # a script holds no character references
    assert len({q.subject for q in found}) == 2
