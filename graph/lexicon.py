"""Reading what the understanding of enquiries looks up from a graph version."""

from collections.abc import Mapping

from rdflib import Literal, URIRef

from graph.model import Landscape, Place
from graph.reading import rows
from graph.store import Store
from graph.understanding import LabelKind, Lexicon, WordLabel, build_lexicon
from graph.vocabulary import SCHEME

__all__ = ["read_lexicon"]

_SCHEMES = ("competence", "material", "certificate-type")


def read_lexicon(store: Store, landscape: Landscape) -> Lexicon:
    """Read the words of a generation.

    Args:
        store: Where the graph lives.
        landscape: Its landscape; towns, districts and the competence tree are taken from it.
    """
    return build_lexicon(
        labels={scheme: _labels(store, scheme) for scheme in _SCHEMES},
        scheme=landscape.scheme,
        towns=_towns(landscape),
        districts=_districts(landscape.labels),
    )


def _labels(store: Store, scheme: str) -> tuple[WordLabel, ...]:
    found = (
        WordLabel(
            concept=str(row["concept"]),
            text=str(label),
            language=(label.language or "") if isinstance(label, Literal) else "",
            kind=LabelKind(str(row["kind"])),
        )
        for row in rows(store, "scheme-labels", {"scheme": URIRef(SCHEME + scheme)})
        for label in [row["label"]]
    )
    return tuple(sorted(found, key=lambda w: (w.concept, w.text, w.kind.value, w.language)))


def _towns(landscape: Landscape) -> dict[str, Place]:
    """Return the place of each town; where sites differ, the first by IRI."""
    found: dict[str, Place] = {}
    for iri in sorted(landscape.organisations):
        place = landscape.organisations[iri].place
        if place is not None and place.town:
            found.setdefault(place.town, place)
            # "Saalfeld/Saale" is called Saalfeld.
            found.setdefault(place.town.partition("/")[0], place)
    return found


def _districts(labels: Mapping[str, str]) -> dict[str, str]:
    return {label: iri for iri, label in labels.items() if "/districtKey/" in iri}
