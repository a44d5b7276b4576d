"""DCAT catalogues: which files hold the datasets that they describe."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import pyoxigraph as ox

__all__ = ["distributions"]

_DCAT = "http://www.w3.org/ns/dcat#"
_DCT = "http://purl.org/dc/terms/"
_MEDIA = "https://www.iana.org/assignments/media-types/"
_FILE_TYPE = "http://publications.europa.eu/resource/authority/file-type/"

_BEST = (
    *("application/n-quads", "application/n-triples", "text/turtle", "application/trig"),
    *("application/ld+json", "application/rdf+xml"),
)
"""Media types that are read, the quickest first."""

_FILE_TYPES = {
    **{"RDF_N_QUADS": "application/n-quads", "RDF_N_TRIPLES": "application/n-triples"},
    **{"RDF_TURTLE": "text/turtle", "RDF_TRIG": "application/trig"},
    **{"JSON_LD": "application/ld+json", "RDF_XML": "application/rdf+xml"},
}


def distributions(quads: Iterable[ox.Quad], datasets: Sequence[str] = ()) -> list[str]:
    """Return where the datasets of a catalogue are, one address each, sorted.

    Of several files of one dataset, that of the media type that is read the quickest counts, and
    of these the one with the least address.

    Args:
        quads: The catalogue.
        datasets: IRIs of the datasets to take; empty for all.
    """
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for quad in quads:
        value = getattr(quad.object, "value", "")
        said[str(getattr(quad.subject, "value", "")), quad.predicate.value].add(value)
    offered: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (dataset, predicate), files in list(said.items()):
        if predicate == f"{_DCAT}distribution" and (not datasets or dataset in datasets):
            for file in files:
                offered[dataset] += _offers(said, file)
    return sorted({min(offers)[1] for offers in offered.values() if offers})


def _offers(said: dict[tuple[str, str], set[str]], file: str) -> list[tuple[int, str]]:
    """Return rank and address of a file, if it is of a kind that is read."""
    named = said[file, f"{_DCAT}mediaType"] | said[file, f"{_DCT}format"]
    kinds = {_media_type(one) for one in named}
    ranks = [_BEST.index(kind) for kind in kinds if kind in _BEST]
    return [(min(ranks), url) for url in said[file, f"{_DCAT}downloadURL"] if ranks]


def _media_type(named: str) -> str:
    bare = named.removeprefix(_MEDIA).removeprefix(_MEDIA.replace("https:", "http:"))
    return _FILE_TYPES.get(bare.removeprefix(_FILE_TYPE), bare)
