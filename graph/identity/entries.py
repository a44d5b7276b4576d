"""What the graph says of organisations that tells whether two entries mean the same one."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from graph.identity.names import Name, parse_name, plain
from graph.store import Row, Store
from graph.vocabulary import SCHEME

__all__ = ["Entry", "domain_of", "identifier_key", "make_entry", "read_entries", "town_key"]

_PREFIXES = """
PREFIX adms: <http://www.w3.org/ns/adms#>
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX locn: <http://www.w3.org/ns/locn#>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vb: <https://w3id.org/verbund/def#>
"""
_NAMES = """
SELECT DISTINCT ?entry ?kind ?name WHERE {
  ?entry org:classification ?kind .
  { ?entry skos:prefLabel ?name } UNION { ?entry skos:altLabel ?name }
}
"""
_PAGES = "SELECT DISTINCT ?entry ?page WHERE { ?entry org:classification ?k ; foaf:homepage ?page }"
_IDENTIFIERS = """
SELECT DISTINCT ?entry ?system ?notation WHERE {
  ?entry org:classification ?kind ; adms:identifier ?identifier .
  ?identifier skos:notation ?notation ; dct:isPartOf ?system .
}
"""
_FORMS = "SELECT DISTINCT ?entry ?form WHERE { ?entry org:classification ?k ; vb:legalForm ?form }"
_TOWNS = """
SELECT DISTINCT ?entry ?town WHERE {
  ?site org:siteOf ?entry .
  { ?site vb:town ?town } UNION { ?site locn:address ?address . ?address locn:postName ?town }
}
"""
_DISTRICTS = """
SELECT DISTINCT ?entry ?district WHERE { ?site org:siteOf ?entry ; vb:district ?district }
"""

_SYSTEMS = f"{SCHEME}identifier-system/"
_SHARED_HOSTS = frozenset({"facebook.com", "github.io", "linkedin.com", "wikipedia.org"})
_TWO_PART = frozenset({"co.uk", "com.cn", "co.jp"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an organisation.

    Attributes:
        iri: Its IRI.
        kind: IRI of its kind of organisation.
        names: Preferred and alternative names, sorted by text.
        identifiers: System (its slug, such as ``lei``) and value in one spelling.
        towns: Towns of its sites in plain letters.
        districts: IRIs of the districts of its sites.
        domains: Domains of its home pages, without ``www.``.
        forms: Legal forms, from names and statements, such as ``gmbh``.
    """

    iri: str
    kind: str
    names: tuple[Name, ...]
    identifiers: frozenset[tuple[str, str]] = frozenset()
    towns: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()


def read_entries(store: Store) -> list[Entry]:
    """Return every entry that has a kind and a name, sorted by IRI."""
    kinds = {str(row["entry"]): str(row["kind"]) for row in _rows(store, _NAMES)}
    names = _collected(_rows(store, _NAMES), "name")
    pages = _collected(_rows(store, _PAGES), "page")
    towns = _collected(_rows(store, _TOWNS), "town")
    districts = _collected(_rows(store, _DISTRICTS), "district")
    forms = _collected(_rows(store, _FORMS), "form")
    identifiers: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in _rows(store, _IDENTIFIERS):
        key = identifier_key(str(row["system"]), str(row["notation"]))
        identifiers[str(row["entry"])].add(key)
    return [
        make_entry(
            iri,
            kinds[iri],
            names[iri],
            identifiers=identifiers[iri],
            towns=towns[iri],
            districts=districts[iri],
            pages=pages[iri],
            forms=forms[iri],
        )
        for iri in sorted(names)
    ]


def make_entry(
    iri: str,
    kind: str,
    names: Iterable[str],
    *,
    identifiers: Iterable[tuple[str, str]] = (),
    towns: Iterable[str] = (),
    districts: Iterable[str] = (),
    pages: Iterable[str] = (),
    forms: Iterable[str] = (),
) -> Entry:
    """Return an entry of what sources say, in their spelling."""
    parsed = tuple(sorted((parse_name(name) for name in names), key=lambda name: name.text))
    said = {form for text in forms for form in parse_name(f"x {text}").forms}
    return Entry(
        iri=iri,
        kind=kind,
        names=parsed,
        identifiers=frozenset(identifiers),
        towns=frozenset(key for town in towns if (key := town_key(town))),
        districts=frozenset(districts),
        domains=frozenset(domain for page in pages if (domain := domain_of(page))),
        forms=frozenset(said.union(*(name.forms for name in parsed))),
    )


def _rows(store: Store, query: str) -> list[Row]:
    return store.select(_PREFIXES + query)


def _collected(rows: Iterable[Row], name: str) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[str(row["entry"])].add(str(row[name]))
    return found


def identifier_key(system: str, notation: str) -> tuple[str, str]:
    """Return the slug of a system and a value without what spelling may change."""
    bare = re.sub(r"^https?://(www\.)?[^/]+/", "", notation)
    return system.removeprefix(_SYSTEMS), re.sub(r"[^a-z0-9]", "", plain(bare))


def domain_of(page: str) -> str:
    """Return the domain that an organisation owns, such as ``uni-jena.de``; empty if none."""
    try:
        host = (urlsplit(page).hostname or "").removeprefix("www.")
    except ValueError:  # a bracket that opens no address
        return ""
    parts = host.split(".")
    keep = 3 if ".".join(parts[-2:]) in _TWO_PART else 2
    owned = ".".join(parts[-keep:])
    return "" if owned in _SHARED_HOSTS or len(parts) < keep else owned


def town_key(town: str) -> str:
    """Return a town in plain letters without its part and additions: ``Jena-Göschwitz``."""
    bare = re.split(r"[,(/]|-(?=[a-z])", plain(town), maxsplit=1)[0]
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()
