"""Finding organisations, competences and claims in a landscape: names, filters, the tree."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from graph.model import Claim, Competence, Landscape, Organisation

__all__ = ["Directory", "folded"]


def folded(text: str) -> str:
    """Return a text as it is compared and sorted: without case, accents and double spaces.

    German umlauts and their spelling with ``e`` are the same: ``Mueller`` finds ``Müller``.
    """
    plain = text.casefold()
    for umlaut, spelt in (("ä", "ae"), ("ö", "oe"), ("ü", "ue")):
        plain = plain.replace(umlaut, spelt)
    parts = unicodedata.normalize("NFKD", plain)
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())


@dataclass(frozen=True)
class Directory:
    """A landscape, made ready for looking things up; every list is sorted.

    Attributes:
        landscape: What is looked up.
        names: Further names of competences by IRI: synonyms and labels in other languages.
    """

    landscape: Landscape
    names: Mapping[str, tuple[str, ...]]

    @cached_property
    def organisations(self) -> tuple[Organisation, ...]:
        """All organisations by name."""
        found = self.landscape.organisations.values()
        return tuple(sorted(found, key=lambda o: (folded(o.name), o.iri)))

    @cached_property
    def competences(self) -> tuple[Competence, ...]:
        """All competences by label."""
        found = self.landscape.scheme.competences.values()
        return tuple(sorted(found, key=lambda c: (folded(c.label), c.iri)))

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """All claims by IRI."""
        return tuple(sorted(self.landscape.claims, key=lambda claim: claim.iri))

    @cached_property
    def claims_of(self) -> Mapping[str, tuple[Claim, ...]]:
        """The claims of each organisation that makes some, by IRI."""
        found: dict[str, list[Claim]] = defaultdict(list)
        for claim in self.claims:
            found[claim.organisation].append(claim)
        return {iri: tuple(claims) for iri, claims in found.items()}

    @cached_property
    def narrower(self) -> Mapping[str, tuple[Competence, ...]]:
        """The direct narrower competences of each competence; the top ones under ``""``."""
        found: dict[str, list[Competence]] = defaultdict(list)
        for competence in self.competences:
            found[competence.broader or ""].append(competence)
        return {iri: tuple(below) for iri, below in found.items()}

    @cached_property
    def _texts(self) -> tuple[tuple[Organisation, str], ...]:
        return tuple((o, self._text(o)) for o in self.organisations)

    def _text(self, organisation: Organisation) -> str:
        town = organisation.place.town if organisation.place else ""
        return folded(f"{organisation.name}\n{organisation.iri.rpartition('/org-')[2]}\n{town}")

    @cached_property
    def _providers(self) -> Mapping[str, frozenset[str]]:
        """For each competence who claims it or something narrower."""
        found: dict[str, set[str]] = defaultdict(set)
        for claim in self.landscape.claims:
            for iri in self.path(claim.competence):
                found[iri].add(claim.organisation)
        return {iri: frozenset(organisations) for iri, organisations in found.items()}

    def path(self, competence: str) -> tuple[str, ...]:
        """Return a competence and all broader ones, the narrowest first."""
        found: list[str] = []
        current: str | None = competence
        while current is not None and current not in found:
            found.append(current)
            known = self.landscape.scheme.competences.get(current)
            current = known.broader if known else None
        return tuple(found)

    def providers(self, competence: str) -> frozenset[str]:
        """Return who claims a competence or something narrower, as IRIs."""
        return self._providers.get(competence, frozenset())

    def find_organisations(
        self,
        text: str = "",
        competences: Iterable[str] = (),
        kind: str | None = None,
        district: str | None = None,
        step: str | None = None,
    ) -> list[Organisation]:
        """Return the organisations that pass every filter, by name.

        Args:
            text: Words, each of which must be part of name, identifier or town.
            competences: IRIs, each of which must be claimed, itself or something narrower.
            kind: Local name of the class.
            district: IRI of a district.
            step: IRI of a value-chain step in which something is claimed.
        """
        words = folded(text).split()
        needed = [self.providers(iri) for iri in competences]
        return [
            organisation
            for organisation, searched in self._texts
            if all(word in searched for word in words)
            and all(organisation.iri in one for one in needed)
            and kind in (None, organisation.kind)
            and (district is None or district == _district(organisation))
            and (step is None or self._works_in(organisation.iri, step))
        ]

    def _works_in(self, organisation: str, step: str) -> bool:
        return any(step in claim.steps for claim in self.claims_of.get(organisation, ()))

    def find_competences(self, text: str = "", broader: str | None = None) -> list[Competence]:
        """Return the competences that pass every filter, by label.

        Args:
            text: Words, each of which must be part of one name, in any language.
            broader: IRI of a competence that must be broader, directly or not.
        """
        words = folded(text).split()
        return [
            competence
            for competence, names in self._named
            # words that stand in no name at all are seen at once, in all of them together
            if all(word in names for word in words)
            and any(all(word in name for word in words) for name in names.split("\n"))
            and (broader is None or broader in self.path(competence.iri)[1:])
        ]

    @cached_property
    def _named(self) -> tuple[tuple[Competence, str], ...]:
        """The competences by label, each with its names as they are compared, a line for each."""
        return tuple((competence, self._names(competence)) for competence in self.competences)

    def _names(self, competence: Competence) -> str:
        names = (competence.label, *self.names.get(competence.iri, ()))
        return "\n".join(map(folded, names))

    def find_claims(
        self,
        organisation: str | None = None,
        competence: str | None = None,
        material: str | None = None,
        least_confidence: float = 0.0,
    ) -> list[Claim]:
        """Return the claims that pass every filter, by IRI.

        Args:
            organisation: IRI of who makes it.
            competence: IRI of what is claimed, itself or something narrower.
            material: IRI of a material that is stated.
            least_confidence: Share 0.0-1.0.
        """
        found = self.claims if organisation is None else self.claims_of.get(organisation, ())
        return [
            claim
            for claim in found
            if claim.confidence >= least_confidence
            and (competence is None or competence in self.path(claim.competence))
            and (material is None or material in claim.materials)
        ]

    def walk(self, root: str, depth: int) -> Iterator[Competence]:
        """Yield what is below a competence, each before what is below it, down to a depth."""
        for competence in self.narrower.get(root, ()) if depth > 0 else ():
            yield competence
            yield from self.walk(competence.iri, depth - 1)


def _district(organisation: Organisation) -> str | None:
    return organisation.place.district if organisation.place else None
