"""What clients send: an enquiry as JSON, in words or IRIs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graph.errors import UnknownTermError
from graph.model import Enquiry, Landscape, Limit, Place, Requirement
from graph.store import Store
from graph.terms import Terms, read_terms

__all__ = ["EnquiryIn", "LimitIn", "PlaceIn", "RequirementIn", "Words", "read_words"]

_MAX_TEXT = 300


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Word = Annotated[str, Field(min_length=1, max_length=_MAX_TEXT)]


class LimitIn(_Input):
    """A range that must be met, in the reference unit of its dimension."""

    dimension: Annotated[Word, Field(description="IRI or label of a dimension")]
    minimum: float | None = None
    maximum: float | None = None

    @model_validator(mode="after")
    def _bounds_in_order(self) -> "LimitIn":
        if self.minimum is None and self.maximum is None:
            raise ValueError("a limit needs a minimum or a maximum")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("minimum is above maximum")
        return self


class RequirementIn(_Input):
    """One thing that is needed."""

    competence: Annotated[Word, Field(description="IRI or label, such as `Fräsen` or `Milling`")]
    step: Annotated[Word | None, Field(description="IRI or label of a value-chain step")] = None
    materials: Annotated[list[Word], Field(max_length=20)] = []
    limits: Annotated[list[LimitIn], Field(max_length=20)] = []
    certificates: Annotated[list[Word], Field(max_length=20)] = []
    mandatory: bool = True


class PlaceIn(_Input):
    """Where the work is needed, degrees WGS 84."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class EnquiryIn(_Input):
    """An enquiry: what is needed, and under which conditions."""

    title: Annotated[str, Field(max_length=_MAX_TEXT)] = "Anfrage"
    requirements: Annotated[list[RequirementIn], Field(min_length=1, max_length=24)]
    place: PlaceIn | None = None
    max_distance_km: Annotated[float | None, Field(gt=0)] = None
    districts: Annotated[list[Word], Field(max_length=30, description="Keys such as 16053")] = []
    pinned: Annotated[list[Word], Field(max_length=24)] = []
    excluded: Annotated[list[Word], Field(max_length=500)] = []
    max_members: Annotated[int | None, Field(ge=1, le=24)] = None

    @model_validator(mode="after")
    def _distance_needs_a_place(self) -> "EnquiryIn":
        if self.max_distance_km is not None and self.place is None:
            raise ValueError("max_distance_km needs a place to measure from")
        return self


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

    def enquiry(self, given: EnquiryIn, iri: str = "urn:verbund:enquiry") -> Enquiry:
        """Turn what a client sent into the value that the core reasons about.

        Raises:
            UnknownTermError: A word names no concept; it carries look-alikes.
        """
        return Enquiry(
            iri=iri,
            title=given.title,
            requirements=tuple(
                self._requirement(f"{iri}#{n}", r) for n, r in enumerate(given.requirements, 1)
            ),
            place=Place(given.place.latitude, given.place.longitude) if given.place else None,
            max_distance_km=given.max_distance_km,
            districts=frozenset(_find(self.districts, d, "district") for d in given.districts),
            pinned=frozenset(_find(self.organisations, o, "organisation") for o in given.pinned),
            excluded=frozenset(
                _find(self.organisations, o, "organisation") for o in given.excluded
            ),
            max_members=given.max_members,
        )

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
    iri = known.get(word.strip().casefold())
    if iri is None:
        raise UnknownTermError(word, kind)
    return iri


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
