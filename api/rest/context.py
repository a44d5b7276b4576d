"""The JSON-LD context: which property of the ontology each member of the JSON stands for.

A member that is not listed is no statement, and a JSON-LD processor leaves it out. What is
listed is true word for word: read as RDF, an answer says nothing that the graph does not say
(but for names, which stand as plain ``rdfs:label``, without their language).
"""

from typing import Any, Final

from rdflib.namespace import DCTERMS, ORG, RDFS, SKOS, XSD

from graph.vocabulary import PREFIXES, VB

__all__ = ["CONTEXT", "MEDIA_TYPE"]

MEDIA_TYPE: Final = "application/ld+json"

_SCHEMA = PREFIXES["schema"]
_CLASSES = (
    *("Association", "Cluster", "Company", "CoordinationOffice", "PublicAuthority"),
    *("ResearchInstitution", "TransferCentre"),
)


def _link(iri: object) -> dict[str, Any]:
    """Return the definition of a member whose value is a thing."""
    return {"@id": str(iri), "@type": "@id"}


def _value(iri: object, datatype: object) -> dict[str, Any]:
    return {"@id": str(iri), "@type": str(datatype)}


_LIMIT = {
    "dimension": _link(VB.dimension),
    "minimum": f"{_SCHEMA}minValue",  # numbers stay xsd:double: as decimals they read 1.5E0
    "maximum": f"{_SCHEMA}maxValue",
}

_CLAIM = {
    "organisation": _link(VB.claimedBy),
    "competence": _link(VB.competence),
    "term": str(VB.statedTerm),
    "detail": str(VB.detail),
    "steps": _link(VB.valueChainStep),
    "materials": _link(VB.material),
    "confidence": str(VB.confidence),
    "evidence_year": _value(VB.evidenceYear, XSD.gYear),
    "source": _link(DCTERMS.source),
    "limits": {"@id": str(VB.hasLimit), "@context": _LIMIT},
}

_REQUIREMENT = {
    "competence": _link(VB.requiredCompetence),
    "step": _link(VB.requiredStep),
    "materials": _link(VB.requiredMaterial),
    "certificates": _link(VB.requiredCertificateType),
    "limits": {"@id": str(VB.requiredLimit), "@context": _LIMIT},
}

_CERTIFICATE = {
    "type": _link(VB.certificateType),
    "valid_through": _value(f"{_SCHEMA}validThrough", XSD.date),
    "source": _link(DCTERMS.source),
}

CONTEXT: Final[dict[str, Any]] = {
    "@context": {
        "@version": 1.1,
        "iri": "@id",
        "name": str(RDFS.label),
        "data": "@included",
        # classes, so that `type` can name them
        **{name: str(VB[name]) for name in _CLASSES},
        "Organization": str(ORG.Organization),
        "type": "@type",
        # claims
        **_CLAIM,
        # organisations
        "clusters": _link(ORG.memberOf),
        "same_as": _link(VB.sameOrganisationAs),
        "capabilities": {"@reverse": str(VB.claimedBy)},
        "certificates": {"@reverse": str(VB.holder), "@context": _CERTIFICATE},
        # competences
        "broader": _link(SKOS.broader),
        "narrower": {"@reverse": str(SKOS.broader)},
        "related": _link(SKOS.related),
        "step": _link(VB.typicalStep),
        # enquiries
        "requirements": {"@id": str(VB.hasRequirement), "@context": _REQUIREMENT},
    }
}
"""The context as it is published; a change of what a member means is a new major version."""
