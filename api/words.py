"""From the words of a client to the identifiers of the graph."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeVar

from api.keeping import kept
from api.schemas.enquiry import EnquiryIn, GroupIn, RequirementIn
from graph.errors import UnknownTermError
from graph.model import (
    Enquiry,
    GroupRule,
    GroupTrait,
    Landscape,
    Limit,
    Place,
    Requirement,
)
from graph.states import STATES
from graph.store import Store
from graph.terms import Terms, read_terms

__all__ = ["Words", "read_words", "terms_of"]

T = TypeVar("T")

_KINDS = {kind.casefold(): kind for kind in ("Company", "ResearchInstitution", "TransferCentre")}
_STATES = {word.casefold(): state.iri for state in STATES.values() for word in state.words}


@dataclass(frozen=True, slots=True)
class Words:
    """The words clients may use, of one graph version."""

    competences: Terms
    steps: Terms
    materials: Terms
    certificate_types: Terms
    dimensions: Terms
    organisations: Mapping[str, str]
    districts: Mapping[str, str]
    sectors: Mapping[str, frozenset[str]]
    clusters: Mapping[str, str]

    def enquiry(self, given: EnquiryIn) -> Enquiry:
        """Turn what a client sent into the value that the core reasons about.

        Its identifier is made from its content: the same enquiry always has the same.

        Raises:
            UnknownTermError: A word names no concept; it carries look-alikes.
        """
        digest = hashlib.sha256(given.model_dump_json(exclude_defaults=True).encode()).hexdigest()
        iri = f"urn:verbund:enquiry:{digest[:16]}"
        return Enquiry(
            iri=iri,
            title=given.title,
            requirements=tuple(
                self._requirement(f"{iri}#{n}", r) for n, r in enumerate(given.requirements, 1)
            ),
            place=Place(given.place.latitude, given.place.longitude) if given.place else None,
            max_distance_km=given.max_distance_km,
            districts=frozenset(self.district(word) for word in given.districts),
            pinned=frozenset(self.organisation(word) for word in given.pinned),
            excluded=frozenset(self.organisation(word) for word in given.excluded),
            max_members=given.max_members,
            lead=None if given.lead is None else self.organisation(given.lead),
            conflicts=frozenset(self.conflict(*pair) for pair in given.conflicts),
            member_certificate_types=frozenset(
                self.certificate_types.resolve(word) for word in given.member_certificates
            ),
            groups=tuple(self.group(group) for group in given.groups),
            strict_unknowns=given.strict_unknowns,
        )

    def group(self, given: GroupIn) -> GroupRule:
        """Return the rule on members that a client states in words.

        Raises:
            UnknownTermError: A word names nothing of the trait.
        """
        values: frozenset[str] = frozenset().union(
            *(self._of_trait(given.trait, word) for word in given.values)
        )
        named = ", ".join((given.trait.value, *given.values))
        return GroupRule(
            name=given.name or named,
            trait=given.trait,
            values=values,
            at_least=given.at_least,
            at_most=given.at_most,
            is_strict=given.strict,
        )

    def _of_trait(self, trait: GroupTrait, word: str) -> frozenset[str]:
        if trait is GroupTrait.SECTOR:
            return _find(self.sectors, word, "sector")
        if trait is GroupTrait.KIND:
            return frozenset({_find(_KINDS, word, "kind of organisation")})
        if trait is GroupTrait.STATE:
            return frozenset({_find(_STATES, word, "state")})
        if trait is GroupTrait.DISTRICT:
            return frozenset({self.district(word)})
        if trait is GroupTrait.CLUSTER:
            return frozenset({_find(self.clusters, word, "cluster")})
        return frozenset({self.organisation(word)})

    def conflict(self, one: str, two: str) -> tuple[str, str]:
        """Return the pair of organisations that two words name, smaller IRI first.

        Raises:
            UnknownTermError: A word names no organisation.
        """
        first, second = sorted((self.organisation(one), self.organisation(two)))
        return first, second

    def organisation(self, word: str) -> str:
        """Return the IRI of the organisation with this IRI, identifier or name.

        Raises:
            UnknownTermError: No organisation is called so.
        """
        return _find(self.organisations, word, "organisation")

    def district(self, word: str) -> str:
        """Return the IRI of the district with this IRI, key or name.

        Raises:
            UnknownTermError: No district is called so.
        """
        return _find(self.districts, word, "district")

    def _requirement(self, iri: str, given: RequirementIn) -> Requirement:
        return Requirement(
            iri=iri,
            competence=self.competences.resolve(given.competence),
            label="" if "://" in given.competence else given.competence.strip(),
            step=self.steps.resolve(given.step) if given.step else None,
            materials=frozenset(self.materials.resolve(m) for m in given.materials),
            limits=tuple(
                Limit(self.dimensions.resolve(x.dimension), x.minimum, x.maximum)
                for x in given.limits
            ),
            certificate_types=frozenset(
                self.certificate_types.resolve(c) for c in given.certificates
            ),
            is_mandatory=given.mandatory,
            needs_second_source=given.second_source,
        )


def _find(known: Mapping[str, T], word: str, kind: str) -> T:
    folded = word.strip().casefold()
    if folded not in known:
        names = [name for name in known if "://" not in name]
        raise UnknownTermError(word, kind, tuple(get_close_matches(folded, names, n=3)))
    return known[folded]


@kept
def terms_of(store: Store, scheme: str) -> Terms:
    """Return all labels of a scheme, in every language; read once for each generation."""
    return read_terms(store, scheme)


def read_words(store: Store, landscape: Landscape) -> Words:
    """Read all words of the store's current generation."""
    organisations: dict[str, str] = {}
    for iri, organisation in landscape.organisations.items():
        identifier = iri.rpartition("/org-")[2]
        for word in (organisation.name, identifier, iri):
            organisations.setdefault(word.casefold(), iri)
    return Words(
        competences=terms_of(store, "competence"),
        steps=terms_of(store, "value-chain"),
        materials=terms_of(store, "material"),
        certificate_types=terms_of(store, "certificate-type"),
        dimensions=terms_of(store, "dimension"),
        organisations=organisations,
        districts=_districts(landscape),
        sectors=_sectors(store),
        clusters=_clusters(landscape),
    )


def _districts(landscape: Landscape) -> dict[str, str]:
    found: dict[str, str] = {}
    for iri, label in landscape.labels.items():
        if "/districtKey/" in iri:
            key = iri.rpartition("/")[2]
            found |= {label.casefold(): iri, key: iri, iri.casefold(): iri}
    return found


def _clusters(landscape: Landscape) -> dict[str, str]:
    found: dict[str, str] = {}
    clusters = {c for o in landscape.organisations.values() for c in o.clusters}
    for iri in sorted(clusters):
        for word in (landscape.labels.get(iri, iri), iri.rpartition("/org-")[2], iri):
            found.setdefault(word.casefold(), iri)
    return found


def _sectors(store: Store) -> dict[str, frozenset[str]]:
    """Return sectors by label, and classes of economic activity by label and beginning of code."""
    found: dict[str, set[str]] = {}
    for scheme in ("sector", "wz2008"):
        for word, iri in terms_of(store, scheme).concepts.items():
            found.setdefault(word, set()).add(iri)
            code = iri.rpartition("/")[2].replace("-", ".")
            if scheme == "wz2008":
                for length in (2, 4, 5):  # division, group, class
                    found.setdefault(code[:length], set()).add(iri)
    return {word: frozenset(iris) for word, iris in found.items()}
