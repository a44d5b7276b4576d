"""From the words of a client to the identifiers of the graph."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from api.schemas.enquiry import EnquiryIn, RequirementIn
from graph.errors import UnknownTermError
from graph.model import Enquiry, Landscape, Limit, Place, Requirement
from graph.store import Store
from graph.terms import Terms, read_terms

__all__ = ["Words", "read_words"]


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

    def enquiry(self, given: EnquiryIn) -> Enquiry:
        """Turn what a client sent into the value that the core reasons about.

        Its identifier is made from its content: the same enquiry always has the same.

        Raises:
            UnknownTermError: A word names no concept; it carries look-alikes.
        """
        digest = hashlib.sha256(given.model_dump_json().encode()).hexdigest()
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
        )

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
        )


def _find(known: Mapping[str, str], word: str, kind: str) -> str:
    folded = word.strip().casefold()
    if folded not in known:
        names = [name for name in known if "://" not in name]
        raise UnknownTermError(word, kind, tuple(get_close_matches(folded, names, n=3)))
    return known[folded]


def read_words(store: Store, landscape: Landscape) -> Words:
    """Read all words of the store's current generation."""
    organisations: dict[str, str] = {}
    for iri, organisation in landscape.organisations.items():
        identifier = iri.rpartition("/org-")[2]
        for word in (organisation.name, identifier, iri):
            organisations.setdefault(word.casefold(), iri)
    districts: dict[str, str] = {}
    for iri, label in landscape.labels.items():
        if "/districtKey/" in iri:
            key = iri.rpartition("/")[2]
            districts |= {label.casefold(): iri, key: iri, iri.casefold(): iri}
    return Words(
        competences=read_terms(store, "competence"),
        steps=read_terms(store, "value-chain"),
        materials=read_terms(store, "material"),
        certificate_types=read_terms(store, "certificate-type"),
        dimensions=read_terms(store, "dimension"),
        organisations=organisations,
        districts=districts,
    )
