"""Organisations, competences and claims of one generation, as clients see them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rdflib import URIRef

from api.asking import landscape_of
from api.keeping import kept
from api.schemas.consortium import NamedOut
from api.schemas.directory import (
    BranchOut,
    CertificateOut,
    ClaimOut,
    CompetenceDetailOut,
    CompetenceOut,
    LimitOut,
    OrganisationDetailOut,
    OrganisationOut,
    TieOut,
)
from api.schemas.enquiries import EnquiryDetailOut, EnquiryLineOut, NeedOut
from graph.directory import Directory
from graph.model import (
    Claim,
    Competence,
    Enquiry,
    Landscape,
    Limit,
    Organisation,
    Requirement,
    Tie,
)
from graph.reading import rows
from graph.store import Store
from graph.vocabulary import SCHEME

__all__ = ["Presenter", "directory_of", "identifier", "presenter_of"]

_SHOWN = ("preferred", "alternative")


def identifier(iri: str, kind: str = "") -> str:
    """Return the end of an IRI, without the kind of thing that it begins with."""
    return iri.rpartition("/")[2].removeprefix(f"{kind}-")


@kept
def directory_of(store: Store, language: str) -> Directory:
    """Return a generation made ready for looking things up; made once and kept."""
    names: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "scheme-labels", {"scheme": URIRef(f"{SCHEME}competence")}):
        if str(row["kind"]) in _SHOWN:
            names[str(row["concept"])].add(str(row["label"]))
    sorted_names = {iri: tuple(sorted(found)) for iri, found in names.items()}
    return Directory(landscape_of(store, language), sorted_names)


@kept
def presenter_of(store: Store, language: str) -> "Presenter":
    """Return what puts things of a generation into the words of a language."""
    return Presenter(directory_of(store, language))


@dataclass(frozen=True)
class Presenter:
    """Puts values of the core into JSON with names."""

    directory: Directory

    @property
    def landscape(self) -> Landscape:
        """Return what is shown."""
        return self.directory.landscape

    def named(self, iri: str) -> NamedOut:
        """Return a thing with its name; the end of its IRI when it has none."""
        organisation = self.landscape.organisations.get(iri)
        competence = self.landscape.scheme.competences.get(iri)
        name = organisation.name if organisation else competence.label if competence else None
        label = name or self.landscape.labels.get(iri) or iri.rpartition("/")[2]
        return NamedOut(iri=iri, name=label)

    def all_named(self, iris: Iterable[str]) -> list[NamedOut]:
        """Return things with their names, by name."""
        return sorted(map(self.named, iris), key=lambda one: (one.name.casefold(), one.iri))

    def organisation(self, found: Organisation) -> OrganisationOut:
        """Return an organisation as lists show it."""
        place = found.place
        return OrganisationOut(
            iri=found.iri,
            id=identifier(found.iri, "org"),
            name=found.name,
            type=found.kind,
            town=place.town if place else "",
            district=self.named(place.district) if place and place.district else None,
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            small=found.is_small.value,
            active=found.is_active.value,
            caution=found.caution,
            same_as=found.same_as if found.same_as not in ("", found.iri) else None,
            clusters=self.all_named(found.clusters),
            claims=len(self.directory.claims_of.get(found.iri, ())),
        )

    def organisation_detail(self, found: Organisation) -> OrganisationDetailOut:
        """Return an organisation with claims, certificates and ties."""
        return OrganisationDetailOut(
            **dict(self.organisation(found)),
            capabilities=[self.claim(c) for c in self.directory.claims_of.get(found.iri, ())],
            certificates=self.certificates(found),
            ties=self.ties(found.iri),
        )

    def claim(self, found: Claim) -> ClaimOut:
        """Return a claim."""
        return ClaimOut(
            iri=found.iri,
            id=identifier(found.iri, "claim"),
            organisation=self.named(found.organisation),
            competence=self.named(found.competence),
            term=found.term or None,
            detail=found.detail or None,
            steps=self.all_named(found.steps),
            materials=self.all_named(found.materials),
            limits=[self.limit(limit) for limit in found.limits],
            confidence=found.confidence,
            basis=found.basis,
            evidence_year=found.evidence_year,
            source=found.source or None,
        )

    def limit(self, found: Limit) -> LimitOut:
        """Return a limit with the unit of its dimension."""
        dimension = self.landscape.scheme.dimensions.get(found.dimension)
        return LimitOut(
            dimension=self.named(found.dimension),
            minimum=found.minimum,
            maximum=found.maximum,
            unit=dimension.unit if dimension else "",
        )

    def certificates(self, found: Organisation) -> list[CertificateOut]:
        """Return the certificates of an organisation."""
        return [
            CertificateOut(
                iri=certificate.iri,
                type=self.named(certificate.type),
                valid_through=certificate.valid_through,
                source=certificate.source or None,
            )
            for certificate in found.certificates
        ]

    def ties(self, organisation: str) -> list[TieOut]:
        """Return the documented collaborations of an organisation, by partner and context."""
        found = [
            self._tie(tie, tie.second if tie.first == organisation else tie.first)
            for tie in self.landscape.ties
            if organisation in (tie.first, tie.second)
        ]
        return sorted(found, key=lambda t: (t.partner.name.casefold(), t.context.iri))

    def _tie(self, tie: Tie, partner: str) -> TieOut:
        context = NamedOut(iri=tie.context, name=tie.label or self.named(tie.context).name)
        return TieOut(
            partner=self.named(partner),
            context=context,
            kind=tie.kind,
            year=tie.year,
            source=tie.source or None,
        )

    def competence(self, found: Competence) -> CompetenceOut:
        """Return a competence as lists show it."""
        return CompetenceOut(
            iri=found.iri,
            id=identifier(found.iri),
            name=found.label,
            broader=self.named(found.broader) if found.broader else None,
            step=self.named(found.step) if found.step else None,
            organisations=len(self.directory.providers(found.iri)),
        )

    def competence_detail(self, found: Competence) -> CompetenceDetailOut:
        """Return a competence with its names, its place in the tree and its providers."""
        directory = self.directory
        return CompetenceDetailOut(
            **dict(self.competence(found)),
            names=[name for name in directory.names.get(found.iri, ()) if name != found.label],
            path=[self.named(iri) for iri in directory.path(found.iri)[1:]],
            narrower=[self.named(c.iri) for c in directory.narrower.get(found.iri, ())],
            related=self.all_named(found.related),
            providers=self.all_named(directory.providers(found.iri)),
        )

    def enquiry(self, found: Enquiry) -> EnquiryLineOut:
        """Return an enquiry as lists show it."""
        return EnquiryLineOut(
            iri=found.iri,
            id=identifier(found.iri, "enquiry"),
            name=found.title,
            source=found.source or None,
            needs=len(found.requirements),
        )

    def enquiry_detail(self, found: Enquiry) -> EnquiryDetailOut:
        """Return an enquiry with its requirements."""
        needed = [self._requirement(requirement) for requirement in found.requirements]
        return EnquiryDetailOut(**dict(self.enquiry(found)), requirements=needed)

    def _requirement(self, found: Requirement) -> NeedOut:
        return NeedOut(
            iri=found.iri,
            name=found.label or self.named(found.competence).name,
            competence=self.named(found.competence),
            step=self.named(found.step) if found.step else None,
            materials=self.all_named(found.materials),
            certificates=self.all_named(found.certificate_types),
            limits=[self.limit(limit) for limit in found.limits],
            mandatory=found.is_mandatory,
        )

    def branches(self, root: str, depth: int) -> list[BranchOut]:
        """Return what is narrower than a competence, so many levels deep."""
        return [
            BranchOut(
                iri=found.iri,
                id=identifier(found.iri),
                name=found.label,
                organisations=len(self.directory.providers(found.iri)),
                narrower=self.branches(found.iri, depth - 1) if depth > 1 else [],
            )
            for found in self.directory.narrower.get(root, ())
        ]
