"""Finding a concept by what people call it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from rdflib import URIRef

from graph.errors import UnknownTermError
from graph.reading import rows
from graph.store import Store
from graph.vocabulary import SCHEME

__all__ = ["Terms", "read_terms"]

_RANK = {"preferred": 0, "alternative": 1, "hidden": 2}


@dataclass(frozen=True, slots=True)
class Terms:
    """All words of one scheme.

    Attributes:
        scheme: Name of the scheme, such as ``competence``.
        concepts: For each word, case folded, the concept it names.
        labels: Every word as written, preferred and alternative ones, sorted.
    """

    scheme: str
    concepts: Mapping[str, str]
    labels: tuple[str, ...]

    def resolve(self, word: str) -> str:
        """Return the IRI of the concept that a word or IRI names.

        A preferred label wins over an alternative one, that over a hidden one; case and
        surrounding space do not matter.

        Raises:
            UnknownTermError: Nothing is called so; it carries labels that look alike.
        """
        iri = self.concepts.get(word.strip().casefold())
        if iri is not None:
            return iri
        raise UnknownTermError(word, self.scheme, self._alike(word))

    def _alike(self, word: str) -> tuple[str, ...]:
        written = {label.casefold(): label for label in self.labels}
        near = get_close_matches(word.strip().casefold(), written, n=3, cutoff=0.6)
        return tuple(written[label] for label in near)


def read_terms(store: Store, scheme: str) -> Terms:
    """Read all labels, in every language, of the scheme with this name."""
    ranked: dict[str, tuple[int, str]] = {}
    labels: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "scheme-labels", {"scheme": URIRef(SCHEME + scheme)}):
        concept, kind = str(row["concept"]), str(row["kind"])
        word = str(row["label"])
        candidate = (_RANK[kind], concept)
        ranked[word.casefold()] = min(ranked.get(word.casefold(), candidate), candidate)
        ranked.setdefault(concept.casefold(), (0, concept))
        labels[kind].add(word)
    return Terms(
        scheme=scheme,
        concepts={word: concept for word, (_, concept) in sorted(ranked.items())},
        labels=tuple(sorted(labels["preferred"] | labels["alternative"])),
    )
