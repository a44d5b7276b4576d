"""Namespaces, and the terms of ``ontology/core.ttl`` as Python names; a test keeps both in step.

This is the one place that knows the base IRI.
"""

from typing import Final

from rdflib import Namespace, URIRef
from rdflib.namespace import DefinedNamespace

__all__ = ["BASE", "GRAPH", "ID", "PREFIXES", "SCHEME", "SHAPE", "VB"]

BASE: Final = "https://w3id.org/verbund/"
"""Start of every IRI that Verbund mints."""

ID: Final = Namespace(f"{BASE}id/")
"""Things, such as ``ID["org-asphericon"]``."""

SCHEME: Final = Namespace(f"{BASE}scheme/")
"""Schemes and their concepts, such as ``SCHEME["value-chain/fuegen"]``."""

GRAPH: Final = Namespace(f"{BASE}graph/")
"""Named graphs, such as ``GRAPH["reference-facts"]``."""

SHAPE: Final = Namespace(f"{BASE}shape/")
"""SHACL shapes and the checks of ``queries/checks/``, such as ``SHAPE["claim-source"]``."""


class VB(DefinedNamespace):
    """Terms of the core ontology; an unknown term raises ``AttributeError``."""

    _NS = Namespace(f"{BASE}def#")
    _fail = True

    # classes
    Assignment: URIRef
    Association: URIRef
    BudgetLine: URIRef
    CapabilityClaim: URIRef
    Certificate: URIRef
    CertificateType: URIRef
    Cluster: URIRef
    Community: URIRef
    Company: URIRef
    Competence: URIRef
    Consortium: URIRef
    CoordinationOffice: URIRef
    Dimension: URIRef
    District: URIRef
    EligibilityCriterion: URIRef
    Enquiry: URIRef
    EnquiryEvent: URIRef
    FundingProgramme: URIRef
    Gap: URIRef
    IdentityDecision: URIRef
    InnovationInitiative: URIRef
    Limit: URIRef
    Material: URIRef
    Milestone: URIRef
    Observation: URIRef
    ProfileSubmission: URIRef
    Offer: URIRef
    Project: URIRef
    PublicAuthority: URIRef
    Referral: URIRef
    Relation: URIRef
    Requirement: URIRef
    ResearchInstitution: URIRef
    ResearchNeed: URIRef
    ResearchProject: URIRef
    SubmissionReview: URIRef
    Shortlist: URIRef
    TransferCentre: URIRef
    ValueChainStep: URIRef
    VocabularyGap: URIRef

    # object properties
    addressedBy: URIRef
    allowedValue: URIRef
    answers: URIRef
    assertionStatus: URIRef
    assignedTo: URIRef
    atSite: URIRef
    budgetedFor: URIRef
    bundles: URIRef
    certificateType: URIRef
    chamber: URIRef
    channel: URIRef
    claimedBy: URIRef
    collaboratedWith: URIRef
    competence: URIRef
    concerns: URIRef
    costCategory: URIRef
    confidentiality: URIRef
    coveredByCertificate: URIRef
    coversCompetence: URIRef
    coversSite: URIRef
    criterionKind: URIRef
    criterionType: URIRef
    decision: URIRef
    describes: URIRef
    dimension: URIRef
    direction: URIRef
    district: URIRef
    economicActivity: URIRef
    enquiryKind: URIRef
    enquiryStatus: URIRef
    eventKind: URIRef
    evidenceBasis: URIRef
    evidenceReading: URIRef
    fitRule: URIRef
    forRequirement: URIRef
    fundedUnder: URIRef
    funder: URIRef
    fundingLevel: URIRef
    fundingRegion: URIRef
    hasBudgetLine: URIRef
    hasCriterion: URIRef
    hasLimit: URIRef
    hasMilestone: URIRef
    hasRequirement: URIRef
    holder: URIRef
    inCommunity: URIRef
    inConsortium: URIRef
    issuer: URIRef
    matchGrade: URIRef
    material: URIRef
    mayBecome: URIRef
    milestoneKind: URIRef
    needStatus: URIRef
    neededCompetence: URIRef
    ofEnquiry: URIRef
    ofSubmission: URIRef
    offerKind: URIRef
    offeredBy: URIRef
    operatingStatus: URIRef
    outcome: URIRef
    phase: URIRef
    positionAccuracy: URIRef
    precedes: URIRef
    precedesTransitively: URIRef
    projectKind: URIRef
    proofStatus: URIRef
    proposedLead: URIRef
    raisedBy: URIRef
    reason: URIRef
    referenceUnit: URIRef
    referredTo: URIRef
    region: URIRef
    relates: URIRef
    relationKind: URIRef
    requestedBy: URIRef
    requiredCertificateType: URIRef
    requiredCompetence: URIRef
    requiredLimit: URIRef
    requiredMaterial: URIRef
    requiredStep: URIRef
    researchCategory: URIRef
    sameOrganisationAs: URIRef
    sector: URIRef
    seeksFundingUnder: URIRef
    servesCompetence: URIRef
    servesRegion: URIRef
    submissionStatus: URIRef
    shortlists: URIRef
    statusAfter: URIRef
    topic: URIRef
    typicalStep: URIRef
    usesClaim: URIRef
    valueChainStep: URIRef

    # datatype properties
    amountEur: URIRef
    appliesTo: URIRef
    areaKm2: URIRef
    betweenness: URIRef
    callDeadline: URIRef
    claimedEur: URIRef
    competencyQuestion: URIRef
    confidence: URIRef
    costKm: URIRef
    country: URIRef
    detail: URIRef
    doneDate: URIRef
    dueDate: URIRef
    evidenceYear: URIRef
    field: URIRef
    funderName: URIRef
    graphVersion: URIRef
    legalForm: URIRef
    lowerBoundKm: URIRef
    mandatory: URIRef
    note: URIRef
    numberOfMembers: URIRef
    numberOfPartners: URIRef
    nutsCode: URIRef
    occurrences: URIRef
    operator: URIRef
    paidEur: URIRef
    parameters: URIRef
    partnerListComplete: URIRef
    partnersStated: URIRef
    partsWithout: URIRef
    plannedCostEur: URIRef
    plannedGrantEur: URIRef
    position: URIRef
    productKeyword: URIRef
    programmeName: URIRef
    qualifier: URIRef
    rationale: URIRef
    replyBy: URIRef
    requesterFunction: URIRef
    requesterName: URIRef
    score: URIRef
    softwareVersion: URIRef
    statedTerm: URIRef
    totalCostKm: URIRef
    town: URIRef
    word: URIRef

    # datatypes
    din8580: URIRef


PREFIXES: Final[dict[str, str]] = {
    "adms": "http://www.w3.org/ns/adms#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "graph": str(GRAPH),
    "id": str(ID),
    "locn": "http://www.w3.org/ns/locn#",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "scheme": str(SCHEME),
    "sh": "http://www.w3.org/ns/shacl#",
    "shape": str(SHAPE),
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "http://qudt.org/vocab/unit/",
    "vb": str(VB._NS),
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefix to namespace, for writing Turtle and shortening IRIs."""
