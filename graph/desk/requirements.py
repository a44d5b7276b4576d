"""What an enquiry needs, once a person has confirmed it."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from rdflib import RDF, XSD, Literal, Namespace, URIRef
from rdflib.namespace import SKOS

from graph.desk.history import DESK, extend
from graph.desk.reading import read_desk_enquiry
from graph.desk.values import EventKind, Status
from graph.errors import EnquiryError, RecordStateError
from graph.model import CompetenceScheme, Limit, Requirement
from graph.records import Entry, Triple
from graph.store import Store
from graph.vocabulary import ID, PREFIXES, VB

__all__ = ["confirm_requirements"]

_SCHEMA = Namespace(PREFIXES["schema"])
_QUDT = Namespace(PREFIXES["qudt"])
_UNIT = Namespace(PREFIXES["unit"])


def confirm_requirements(
    store: Store,
    enquiry: str,
    requirements: Sequence[Requirement],
    scheme: CompetenceScheme,
    *,
    now: datetime,
    note: str = "",
    tag: str = "",
) -> Entry:
    """Return the entry with the requirements that a person has confirmed.

    They take the place of those before. A new enquiry, and one taken up again, is classified then.

    Args:
        store: Where the desk's book lives.
        enquiry: Number or IRI.
        requirements: At least one; their own identifiers do not matter.
        scheme: Names of competences and units of dimensions.
        now: When, with time zone.
        note: What to note.
        tag: Tag that the enquiry was read with; empty for the one of the store.

    Raises:
        UnknownRecordError: There is no such enquiry.
        EnquiryError: There is no requirement.
        RecordStateError: One that goes has an offer.
        VersionConflictError: Somebody else has changed it.
    """
    known = read_desk_enquiry(store, enquiry)
    if not requirements:
        raise EnquiryError("confirm at least one requirement")
    nodes = [ID[f"requirement-{known.number}-{n}"] for n in range(1, len(requirements) + 1)]
    for offer in known.offers:
        if offer.requirement not in {str(node) for node in nodes}:
            raise RecordStateError(
                "an offer stands for a requirement that is to go; keep as many requirements"
            )
    added = [
        triple
        for position, (node, wanted) in enumerate(zip(nodes, requirements, strict=True), 1)
        for triple in _requirement(URIRef(known.iri), node, position, wanted, scheme)
    ]
    is_begun = known.status in {Status.NEW, Status.WON, Status.LOST, Status.CLOSED}
    return extend(
        store,
        known,
        EventKind.REQUIREMENTS_CONFIRMED,
        Status.CLASSIFIED if is_begun else known.status,
        now,
        tag=tag,
        note=note,
        remove=_stated(store, known.iri, known.requirements),
        add=added,
        # not the requirements, which go when others are confirmed; the history keeps what was asked
        used=sorted({wanted.competence for wanted in requirements}),
    )


def _stated(store: Store, enquiry: str, requirements: Sequence[str]) -> list[Triple]:
    """Return what the desk says of the requirements and limits of an enquiry until now."""
    query = f"""SELECT ?s ?p ?o {{ GRAPH {DESK.iri.n3()} {{
      {{ ?enquiry {VB.hasRequirement.n3()} ?s . ?s ?p ?o }} UNION
      {{ ?enquiry {VB.hasRequirement.n3()} ?r . ?r {VB.requiredLimit.n3()} ?s . ?s ?p ?o }}
    }} }}"""
    found = store.select(query, {"enquiry": URIRef(enquiry)})
    links = [(URIRef(enquiry), VB.hasRequirement, URIRef(iri)) for iri in requirements]
    return [*links, *((row["s"], row["p"], row["o"]) for row in found)]


def _requirement(
    enquiry: URIRef, node: URIRef, position: int, wanted: Requirement, scheme: CompetenceScheme
) -> Iterator[Triple]:
    competence = scheme.competences[wanted.competence]
    yield enquiry, VB.hasRequirement, node
    yield node, RDF.type, VB.Requirement
    yield node, SKOS.prefLabel, Literal(wanted.label or competence.label, lang="de")
    yield node, VB.position, Literal(str(position), datatype=XSD.integer)
    yield node, VB.mandatory, Literal(wanted.is_mandatory)
    yield node, VB.requiredCompetence, URIRef(wanted.competence)
    if wanted.step:
        yield node, VB.requiredStep, URIRef(wanted.step)
    for material in sorted(wanted.materials):
        yield node, VB.requiredMaterial, URIRef(material)
    for kind in sorted(wanted.certificate_types):
        yield node, VB.requiredCertificateType, URIRef(kind)
    for number, limit in enumerate(wanted.limits, 1):
        yield from _limit(node, URIRef(f"{node}-limit-{number}"), limit, scheme)


def _limit(owner: URIRef, node: URIRef, limit: Limit, scheme: CompetenceScheme) -> Iterator[Triple]:
    yield owner, VB.requiredLimit, node
    yield node, RDF.type, VB.Limit
    yield node, VB.dimension, URIRef(limit.dimension)
    yield node, _QUDT.hasUnit, _UNIT[scheme.dimensions[limit.dimension].unit]
    for bound, value in ((_SCHEMA.minValue, limit.minimum), (_SCHEMA.maxValue, limit.maximum)):
        if value is not None:
            # written out: an exponent is no decimal
            yield node, bound, Literal(f"{value:.6f}", datatype=XSD.decimal)
