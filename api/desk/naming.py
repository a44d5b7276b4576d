"""From the words of the desk to the identifiers of the graph, and back to names."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from api.asking import landscape_of
from api.keeping import kept
from api.schemas.consortium import NamedOut
from graph.directory import folded
from graph.errors import UnknownTermError
from graph.reading import rows
from graph.store import Store

__all__ = ["Names", "names_of"]

_KEYS = "http://dcat-ap.de/def/politicalGeocoding/"
_STATE, _DISTRICT = 2, 5


@dataclass(frozen=True, slots=True)
class Names:
    """Names of organisations of all kinds, of concepts and of districts, of one generation.

    Attributes:
        bodies: For each name, folded, and IRI the organisation.
        shown: For each organisation the name to show.
        labels: Labels of concepts and districts by IRI, in the language asked for.
    """

    bodies: Mapping[str, str]
    shown: Mapping[str, str]
    labels: Mapping[str, str]

    def organisation(self, word: str) -> str:
        """Return the IRI of the organisation, of whatever kind, with this IRI, id or name.

        Raises:
            UnknownTermError: Nobody is called so; it carries names that look alike.
        """
        found = self.find(word)
        if found is None:
            names = sorted(name for name in self.bodies if "://" not in name)
            near = tuple(get_close_matches(folded(word), names, n=3))
            raise UnknownTermError(word, "organisation", near)
        return found

    def find(self, word: str) -> str | None:
        """Return the IRI of an organisation, or ``None`` when nobody is called so."""
        return self.bodies.get(word.strip()) or self.bodies.get(folded(word))

    def region(self, word: str) -> str:
        """Return the official key IRI of a district or state given by key, name or IRI.

        Raises:
            UnknownTermError: There is no such district.
        """
        wanted = word.strip().removeprefix(_KEYS).rpartition("/")[2]
        if wanted.isdecimal() and len(wanted) in {_STATE, _DISTRICT}:
            kind = "stateKey" if len(wanted) == _STATE else "districtKey"
            return f"{_KEYS}{kind}/{wanted}"
        found = [
            iri
            for iri, name in self.labels.items()
            if iri.startswith(_KEYS) and folded(name) == folded(wanted)
        ]
        if not found:
            raise UnknownTermError(word, "district")
        return min(found)

    def named(self, iri: str) -> NamedOut:
        """Return an IRI with the name to show for it."""
        end = iri.rpartition("/")[2]
        return NamedOut(iri=iri, name=self.shown.get(iri) or self.labels.get(iri) or end)

    def maybe(self, iri: str) -> NamedOut | None:
        """Return an IRI with its name; ``None`` for an empty one."""
        return self.named(iri) if iri else None


@kept
def names_of(store: Store, language: str) -> Names:
    """Return the names of a store's generation; read once and kept."""
    landscape = landscape_of(store, language)
    bodies: dict[str, str] = {}
    shown: dict[str, str] = {}
    for row in rows(store, "bodies"):
        iri, name = str(row["organisation"]), str(row["name"])
        shown.setdefault(iri, name)
        for word in (folded(name), iri, folded(iri.rpartition("/org-")[2])):
            bodies.setdefault(word, iri)
    labels = dict(landscape.labels)
    labels |= {iri: c.label for iri, c in landscape.scheme.competences.items()}
    return Names(bodies, shown, labels)
