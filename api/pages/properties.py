"""What readers call properties: those of other vocabularies, which have no labels in the graph."""

from rdflib import FOAF, OWL, RDF, RDFS, VANN, Namespace
from rdflib.namespace import DCTERMS, PROV, SKOS

from api.i18n import noop as _noop
from api.i18n import texts
from graph.vocabulary import PREFIXES

__all__ = ["reused_name"]

_ORG, _SCHEMA, _LOCN, _ADMS, _QUDT, _WGS = (
    Namespace(PREFIXES[name]) for name in ("org", "schema", "locn", "adms", "qudt", "wgs")
)
_VS = Namespace("http://www.w3.org/2003/06/sw-vocab-status/ns#")

_REUSED = {
    str(iri): message
    for iri, message in (
        (RDF.type, _noop("Kind")),
        (RDFS.label, _noop("Name")),
        (RDFS.isDefinedBy, _noop("Defined in")),
        (RDFS.subClassOf, _noop("Is a kind of")),
        (SKOS.prefLabel, _noop("Name")),
        (SKOS.altLabel, _noop("Also called")),
        (SKOS.hiddenLabel, _noop("Also found as")),
        (SKOS.definition, _noop("Definition")),
        (SKOS.scopeNote, _noop("Scope")),
        (SKOS.notation, _noop("Number")),
        (SKOS.broader, _noop("Broader")),
        (SKOS.broaderTransitive, _noop("All broader")),
        (SKOS.related, _noop("Related")),
        (SKOS.inScheme, _noop("Scheme")),
        (SKOS.topConceptOf, _noop("At the top of")),
        (DCTERMS.source, _noop("Source")),
        (DCTERMS.license, _noop("Licence")),
        (DCTERMS.title, _noop("Title")),
        (DCTERMS.accessRights, _noop("Access")),
        (DCTERMS.created, _noop("Created")),
        (DCTERMS.modified, _noop("Changed")),
        (DCTERMS.isReplacedBy, _noop("Replaced by")),
        (PROV.generatedAtTime, _noop("Made at")),
        (PROV.wasAttributedTo, _noop("Responsible")),
        (FOAF.homepage, _noop("Home page")),
        (OWL.versionIRI, _noop("Address of this version")),
        (OWL.versionInfo, _noop("Version")),
        (VANN.preferredNamespacePrefix, _noop("Usual prefix")),
        (VANN.preferredNamespaceUri, _noop("Namespace")),
        (_VS.term_status, _noop("Status of the term")),
        (_ADMS.identifier, _noop("Identifier")),
        (_LOCN.address, _noop("Address")),
        (_LOCN.postCode, _noop("Postcode")),
        (_LOCN.postName, _noop("Town")),
        (_ORG.classification, _noop("Sort of organisation")),
        (_ORG.hasPrimarySite, _noop("Site")),
        (_ORG.member, _noop("Member")),
        (_ORG.memberOf, _noop("Member of")),
        (_ORG.organization, _noop("In")),
        (_ORG.role, _noop("Role")),
        (_ORG.siteOf, _noop("Site of")),
        (_QUDT.hasUnit, _noop("Unit")),
        (_SCHEMA.endDate, _noop("End")),
        (_SCHEMA.maxValue, _noop("At most")),
        (_SCHEMA.measuredProperty, _noop("What was seen")),
        (_SCHEMA.minValue, _noop("At least")),
        (_SCHEMA.observationAbout, _noop("Concerns")),
        (_SCHEMA.startDate, _noop("Start")),
        (_SCHEMA.value, _noop("Value")),
        (_WGS.lat, _noop("Latitude")),
        (_WGS.long, _noop("Longitude")),
    )
}


def reused_name(iri: str, language: str) -> str:
    """Return what readers call a property of another vocabulary; nothing for one of ours."""
    return texts(language)(_REUSED[iri]) if iri in _REUSED else ""
