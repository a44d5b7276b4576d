"""What the fields of the enquiry form may name: concepts with labels, units, towns."""

from collections.abc import Mapping
from dataclasses import dataclass

from api.asking import landscape_of, words_of
from api.keeping import kept
from api.pages.reading import page_rows, text_of
from graph.errors import UnknownTermError
from graph.model import Place
from graph.store import Store
from graph.terms import Terms
from graph.vocabulary import SCHEME

__all__ = ["Units", "alike", "find", "options", "town_names", "towns", "units"]


@kept
def options(store: Store, language: str, scheme: str) -> Mapping[str, str]:
    """Return the concepts of a scheme: label by the end of the IRI, sorted by label."""
    landscape = landscape_of(store, language)
    labels = dict(landscape.labels)
    labels |= {iri: c.label for iri, c in landscape.scheme.competences.items()}
    labels |= {iri: d.label for iri, d in landscape.scheme.dimensions.items()}
    start = f"{SCHEME}{scheme}/"
    found = {iri.removeprefix(start): text for iri, text in labels.items() if iri.startswith(start)}
    return dict(sorted(found.items(), key=lambda pair: (pair[1].casefold(), pair[0])))


def _terms(store: Store, language: str, scheme: str) -> Terms:
    words = words_of(store, language)
    return {
        "competence": words.competences,
        "certificate-type": words.certificate_types,
        "dimension": words.dimensions,
        "material": words.materials,
        "value-chain": words.steps,
    }[scheme]


def find(store: Store, language: str, scheme: str, word: str) -> str | None:
    """Return the end of the IRI of the concept that a word, an IRI or that end names.

    ``None`` when nothing is called so; what looks alike is a question of its own, since it takes
    some hundred times as long.
    """
    concepts = _terms(store, language, scheme).concepts
    start = f"{SCHEME}{scheme}/"
    folded = word.strip().casefold()
    iri = concepts.get(folded) or concepts.get(f"{start}{folded}".casefold())
    return iri.removeprefix(start) if iri else None


def alike(store: Store, language: str, scheme: str, word: str) -> tuple[str, ...]:
    """Return names of concepts that look like a word that names none, best first."""
    try:
        _terms(store, language, scheme).resolve(word)
    except UnknownTermError as error:
        return error.suggestions
    return ()


@dataclass(frozen=True, slots=True)
class Units:
    """Reference units by the end of the IRI of the dimension: IRIs and written signs."""

    iris: Mapping[str, str]
    symbols: Mapping[str, str]


@kept
def units(store: Store) -> Units:
    """Return the reference unit of each dimension."""
    found = {text_of(row, "dimension").rpartition("/")[2]: row for row in page_rows(store, "units")}
    return Units(
        iris={slug: text_of(row, "unit") for slug, row in found.items()},
        symbols={slug: text_of(row, "symbol") for slug, row in found.items()},
    )


@kept
def towns(store: Store) -> Mapping[str, Place]:
    """Return the towns with an organisation by name, case folded; the first by IRI where several.

    "Saalfeld/Saale" is called Saalfeld, too.
    """
    organisations = landscape_of(store, "de").organisations
    found: dict[str, Place] = {}
    for iri in sorted(organisations):
        place = organisations[iri].place
        if place is not None and place.town:
            for name in (place.town, place.town.partition("/")[0]):
                found.setdefault(name.casefold(), place)
    return found


@kept
def town_names(store: Store) -> tuple[str, ...]:
    """Return the names of the towns, sorted."""
    return tuple(sorted({place.town for place in towns(store).values()}, key=str.casefold))
