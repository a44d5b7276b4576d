"""Models and methods of the Verbund API; made by ``api.client_source``."""

# ruff: noqa: A002, E501

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote

from pydantic import Field as _Field

from verbund_client.connection import Connection, Model, Table

__all__ = [
    "Addition",
    "Alternative",
    "AlternativeReading",
    "AmountCheck",
    "AmountsIn",
    "ApiOfSchemasOfConsortiumOfEvidence",
    "ApiOfSchemasOfIdentityOfEvidence",
    "Assignment",
    "AssignmentIn",
    "Branch",
    "BudgetLine",
    "BudgetLineIn",
    "BundleIn",
    "Certificate",
    "Change",
    "Channel",
    "Check",
    "Claim",
    "Code",
    "Competence",
    "CompetenceDetail",
    "Completeness",
    "ConceptReading",
    "Confidentiality",
    "ConsortiaIn",
    "Consortium",
    "ConsortiumIn",
    "Cost",
    "CostCategory",
    "Criterion",
    "DateReading",
    "Deadline",
    "Decision",
    "DecisionIn",
    "Description",
    "DeskEnquiry",
    "DeskEnquiryIn",
    "DeskLine",
    "DetailsIn",
    "Developer",
    "Difference",
    "DigestIn",
    "Direction",
    "District",
    "DocumentOfClaim",
    "DocumentOfCompetenceDetail",
    "DocumentOfCompleteness",
    "DocumentOfConsortium",
    "DocumentOfDecision",
    "DocumentOfDescription",
    "DocumentOfDeskEnquiry",
    "DocumentOfDictOfStrOfAny",
    "DocumentOfEnquiryDetail",
    "DocumentOfForm",
    "DocumentOfFunding",
    "DocumentOfInitiative",
    "DocumentOfJob",
    "DocumentOfKey",
    "DocumentOfListOfAmountCheck",
    "DocumentOfListOfDecision",
    "DocumentOfListOfDue",
    "DocumentOfListOfEffect",
    "DocumentOfListOfInitiative",
    "DocumentOfListOfJob",
    "DocumentOfListOfKey",
    "DocumentOfListOfMeeting",
    "DocumentOfListOfOverdue",
    "DocumentOfListOfPair",
    "DocumentOfListOfProjectLine",
    "DocumentOfListOfRenewal",
    "DocumentOfListOfResearchMatch",
    "DocumentOfListOfResearchNeed",
    "DocumentOfListOfResponsibility",
    "DocumentOfListOfSavedQuery",
    "DocumentOfListOfSource",
    "DocumentOfListOfSubmissionLine",
    "DocumentOfMade",
    "DocumentOfMap",
    "DocumentOfOrganisationDetail",
    "DocumentOfProject",
    "DocumentOfProposal",
    "DocumentOfQuery",
    "DocumentOfReceipt",
    "DocumentOfReport",
    "DocumentOfResearchNeed",
    "DocumentOfSavedQuery",
    "DocumentOfSource",
    "DocumentOfSubmission",
    "DocumentOfSubmitted",
    "DocumentOfTree",
    "DocumentOfUnlocking",
    "DocumentOfVocabulary",
    "DoneIn",
    "Due",
    "DueIn",
    "DumpsIn",
    "Effect",
    "Enquiry",
    "EnquiryDetail",
    "EnquiryIn",
    "EnquiryKind",
    "EnquiryLine",
    "Event",
    "EventKind",
    "Facility",
    "Fault",
    "Finding",
    "Form",
    "FormField",
    "FormOption",
    "FormSection",
    "Front",
    "Funding",
    "Gap",
    "Graph",
    "GroupIn",
    "GroupRule",
    "GroupTrait",
    "HarvestIn",
    "IdeaIn",
    "Initiative",
    "InitiativeIn",
    "Interface",
    "Job",
    "Key",
    "KeyIn",
    "Lead",
    "Limit",
    "LimitIn",
    "LimitReading",
    "LimitsIn",
    "Link",
    "Made",
    "Map",
    "Match",
    "Meeting",
    "Member",
    "Meta",
    "Milestone",
    "MilestoneIn",
    "MilestoneKind",
    "Missing",
    "Money",
    "Named",
    "NearMiss",
    "Nearest",
    "Need",
    "NeedStatus",
    "NeedStatusIn",
    "NetworkToAsk",
    "NextBest",
    "Offer",
    "OfferIn",
    "OfferKind",
    "Organisation",
    "OrganisationDetail",
    "Outcome",
    "Overdue",
    "OverdueKind",
    "PageOfClaim",
    "PageOfCompetence",
    "PageOfDeskLine",
    "PageOfEnquiryLine",
    "PageOfGraph",
    "PageOfMatch",
    "PageOfOrganisation",
    "PageOfQuery",
    "Pair",
    "Parameter",
    "Partner",
    "PartnerIn",
    "PartnerTotal",
    "PastProject",
    "Phase",
    "PhaseIn",
    "PlaceIn",
    "PlaceReading",
    "PlanIn",
    "ProfileIn",
    "Programme",
    "Progress",
    "Project",
    "ProjectLine",
    "Projection",
    "Proof",
    "Proposal",
    "Query",
    "Reach",
    "Reason",
    "Receipt",
    "Referral",
    "ReferralIn",
    "RegionFit",
    "Rejected",
    "Relaxation",
    "Renewal",
    "Replacement",
    "ReplyIn",
    "Report",
    "Requirement",
    "RequirementIn",
    "RequirementReading",
    "RequirementsIn",
    "ResearchCategory",
    "ResearchMatch",
    "ResearchNeed",
    "ResearchNeedIn",
    "Responsibility",
    "Review",
    "ReviewIn",
    "RevisionIn",
    "Robustness",
    "Role",
    "Rule",
    "Run",
    "SavedQuery",
    "SavedQueryIn",
    "Sensitivity",
    "Served",
    "Shortlist",
    "ShortlistIn",
    "Source",
    "SourceIn",
    "State",
    "Statement",
    "Status",
    "StatusIn",
    "Submission",
    "SubmissionLine",
    "Submitted",
    "Term",
    "TextIn",
    "Tie",
    "Tree",
    "Unlocking",
    "UnlockingIn",
    "UnlockingStep",
    "Verbund",
    "Vocabulary",
    "VocabularyGap",
    "WeightRange",
    "Words",
]


class Addition(Model):
    """One competence more at one member: it closes a gap, or saves the member named."""

    requirement: str
    label: str
    organisation: Named
    competence: Named
    steps_away: int
    saves: Named | None


class Alternative(Model):
    """A consortium that differs."""

    organisations: list[Named]
    assignments: dict[str, Named]
    cost_km: int
    more_km: int
    shared: int
    proven: bool


class AlternativeReading(Model):
    """Another competence that can be meant."""

    competence: Named
    score: float


class AmountCheck(Model):
    """The answer to one rate (percent) or ceiling (euros) of a programme."""

    organisation: Named | None
    measure: Literal["rate", "euros"]
    found: str | None
    truth: Literal["yes", "no", "unknown"]
    reason: str
    text: str
    sure: str | None
    possible: str | None
    ask: list[Code]
    rules: list[Criterion]


class AmountsIn(Model):
    """What is planned, claimed and paid."""

    cost: str | int
    grant: str | int = "0"
    claimed: str | int = "0"
    paid: str | int = "0"


class ApiOfSchemasOfConsortiumOfEvidence(Model):
    """The source behind an assignment."""

    claim: str
    term: str
    detail: str
    source: str
    year: int | None
    basis: str
    confidence: float


class ApiOfSchemasOfIdentityOfEvidence(Model):
    """One thing that speaks for or against a pair.

    Attributes:
        reason: Kind of evidence, such as `same-identifier`.
        weight: How much it speaks for it, in bits; below zero against it.
        first: What the first entry says.
        second: What the second entry says.
        text: The same in words.
    """

    reason: str
    weight: float
    first: str
    second: str
    text: str


class Assignment(Model):
    """A member serves a requirement."""

    requirement: str
    label: str
    offered: Named
    relation: Reason
    grade: str
    score: float
    cost_km: int
    checks: list[Check]
    to_be_confirmed: list[str]
    evidence: ApiOfSchemasOfConsortiumOfEvidence
    other_evidence: list[ApiOfSchemasOfConsortiumOfEvidence]
    next_best: NextBest | None
    candidates: int
    second_source: bool


class AssignmentIn(Model):
    """Who becomes responsible; without a body the best by field and region."""

    body: str | None = None
    note: str = ""


class Branch(Model):
    """A competence of the tree with what is narrower, as deep as was asked for."""

    iri: str
    id: str
    name: str
    organisations: int
    narrower: list[Branch]


class BudgetLine(Model):
    """One position of the financial plan."""

    id: str
    organisation: Named
    category: Code
    money: Money


class BudgetLineIn(Model):
    """What a partner plans for one category."""

    cost: str | int
    grant: str | int = "0"
    claimed: str | int = "0"
    paid: str | int = "0"
    organisation: str
    category: CostCategory


class BundleIn(Model):
    """What comes into an initiative and what goes out of it."""

    add: list[str] = _Field(default_factory=lambda: [])
    remove: list[str] = _Field(default_factory=lambda: [])
    topics: list[str] = _Field(default_factory=lambda: [])


class Certificate(Model):
    """A certificate that a source says the organisation holds."""

    iri: str
    type: Named
    valid_through: str | None
    source: str | None


class Change(Model):
    """What would help: code and sentence."""

    code: str
    text: str
    partners: list[Named]


Channel = Literal[
    "e-mail", "telephone", "web-form", "visit", "event", "tender-platform", "partner-network"
]


class Check(Model):
    """One demand with its three-valued outcome."""

    kind: str
    truth: str
    text: str


class Claim(Model):
    """Who offers what, in whose words, on what evidence.

    Attributes:
        term: The trade term as the source words it.
        basis: `stated` when the source names it, `product` when it is inferred.
        evidence_year: Year of the evidence; null when the source shows none.
        source: Address of the page.
    """

    iri: str
    id: str
    organisation: Named
    competence: Named
    term: str | None
    detail: str | None
    steps: list[Named]
    materials: list[Named]
    limits: list[Limit]
    confidence: float
    basis: str
    evidence_year: int | None
    source: str | None


class Code(Model):
    """An entry of a list, with its name."""

    code: str
    name: str


class Competence(Model):
    """A competence in a list; `organisations` counts who claims it or something narrower."""

    iri: str
    id: str
    name: str
    broader: Named | None
    step: Named | None
    organisations: int


class CompetenceDetail(Model):
    """One competence: its place in the tree, its names, and who claims it.

    Attributes:
        names: Synonyms and labels in other languages.
        path: Broader competences, the direct one first.
        providers: Who claims it or something narrower, by name.
    """

    iri: str
    id: str
    name: str
    broader: Named | None
    step: Named | None
    organisations: int
    names: list[str]
    path: list[Named]
    narrower: list[Named]
    related: list[Named]
    providers: list[Named]


class Completeness(Model):
    """How complete a profile is; `share` is 0.0-1.0."""

    organisation: Named
    share: float
    missing: list[Missing]


class ConceptReading(Model):
    """A material or type of certificate with the words that name it."""

    concept: Named
    evidence: Words


Confidentiality = Literal["open", "anonymous", "consent"]


class ConsortiaIn(Model):
    """Suggest a consortium for each of many enquiries: of the graph by name, or as JSON."""

    kind: Literal["consortia"]
    enquiries: list[str | EnquiryIn]
    language: Literal["de", "en"] = "de"


class Consortium(Model):
    """The answer to an enquiry."""

    enquiry: Enquiry
    status: str
    coverage: float
    proof: Proof
    members: list[Member]
    interfaces: list[Interface]
    gaps: list[Gap]
    cost: Cost | None
    front: list[Front]
    lead: Lead | None
    alternatives: list[Alternative]
    relaxations: list[Relaxation]
    sensitivity: Sensitivity | None
    robustness: Robustness | None
    additions: list[Addition]
    run: Run


class ConsortiumIn(Model):
    """A consortium is made of the shortlist."""

    note: str = ""


class Cost(Model):
    """The parts of the cost, kilometre equivalents."""

    match_km: int
    distance_km: int
    cooperation_km: int
    bonus_km: int
    total_km: int


CostCategory = Literal[
    "personnel", "material", "equipment", "subcontract", "travel", "overhead", "other"
]


class Criterion(Model):
    """A rule as its source states it; ``source_year`` is null when the page shows no date."""

    iri: str
    kind: str
    label: str
    operator: str
    values: list[str]
    unit: str
    applies_to: str
    statement: str
    source: str
    source_year: int | None
    note: str


class DateReading(Model):
    """A last day and what happens on it: ``delivery`` or ``offer``."""

    day: str
    role: str
    evidence: Words


class Deadline(Model):
    """Whether a programme takes applications: ``yes`` until the day, ``no`` since it, ``unknown``.

    Where no deadline is stated the text says whom to ask, and of which year the source is.
    """

    truth: str
    day: str | None
    text: str


class Decision(Model):
    """What was decided about two entries.

    Attributes:
        iri: The decision.
        decision: What was decided.
        first: IRI of one entry.
        second: IRI of the other.
        rationale: Why, by language.
        score: Score of the pair when it was decided.
        made_at: When it was decided.
        is_ours: It can be changed here; the others stand in the tables of the reference data.
        visible_to: Who may see it: whoever may see both entries.
        tag: Send it as `If-Match` with a change.
    """

    iri: str
    decision: Literal["same", "part-of", "different", "undecided"]
    first: str
    second: str
    rationale: dict[str, str]
    score: float | None
    made_at: str | None
    is_ours: bool
    visible_to: Literal["public", "partners", "internal"] | None
    tag: str | None


class DecisionIn(Model):
    """A decision about two entries; without reasons, the evidence is the reason."""

    first: str
    second: str
    decision: Literal["same", "part-of", "different", "undecided"]
    rationale_de: str | None = None
    rationale_en: str | None = None


class Description(Model):
    """A description as it is written.

    Attributes:
        allows_private_addresses: May lie in a private network; set on the command line only.
    """

    kind: Literal["dump", "endpoint", "pages", "catalogue", "table"]
    addresses: list[str]
    title: dict[str, str]
    licence: str
    visibility: Literal["public", "partners", "internal"]
    attributed_to: str | None = None
    conditions: list[str] | None = None
    hosts: list[str] | None = None
    every_hours: float = 0.0
    publication: Literal["conforming", "accepted"] = "accepted"
    organisation_kind: str = ""
    trusts_weak_links: bool = False
    classes: list[str] | None = None
    graphs: list[str] | None = None
    page_size: int = 500
    datasets: list[str] | None = None
    table: str | None = None
    sheets: dict[str, str] | None = None
    limits: LimitsIn | None = None
    allows_private_addresses: bool = False


class DeskEnquiry(Model):
    """An enquiry of the desk with everything that has happened to it.

    Attributes:
        may_become: Statuses that may follow.
    """

    iri: str
    number: str
    name: str
    status: Status
    direction: Direction
    requester: str
    due: str | None
    reply_by: str | None
    responsible: Named | None
    function: str
    channel: Channel
    kind: EnquiryKind
    confidentiality: Confidentiality
    text: str
    region: Named | None
    town: str
    country: str
    source: str
    may_become: list[Status]
    requirements: list[Named]
    events: list[Event]
    referrals: list[Referral]
    offers: list[Offer]
    shortlist: Shortlist | None
    consortia: list[str]


class DeskEnquiryIn(Model):
    """An enquiry as it comes in: from an organisation and a function in it, never a person."""

    title: str
    title_en: str = ""
    requester: str
    function: str = ""
    channel: Channel
    kind: EnquiryKind = "company-request"
    direction: Direction = "inbound"
    confidentiality: Confidentiality = "anonymous"
    text: str = ""
    language: str = "de"
    region: str = ""
    town: str = ""
    country: str = ""
    due: str | None = None
    reply_by: str | None = None
    source: str = ""


class DeskLine(Model):
    """An enquiry of the desk in a list."""

    iri: str
    number: str
    name: str
    status: Status
    direction: Direction
    requester: str
    due: str | None
    reply_by: str | None
    responsible: Named | None


class DetailsIn(Model):
    """What is corrected; what is left out stays."""

    due: str | None = None
    reply_by: str | None = None
    region: str | None = None
    confidentiality: Confidentiality | None = None
    note: str = ""


class Developer(Model):
    """A company that could develop what is missing, with research partners to do it with."""

    organisation: Named
    competence: Named
    steps_away: int
    partners: list[Named]
    acquainted: list[str]


class Difference(Model):
    """What a publication would change."""

    added: list[Statement]
    removed: list[Statement]
    kept: int
    known_elsewhere: list[Statement]


class DigestIn(Model):
    """What was looked at: the digest of the report."""

    digest: str


Direction = Literal["inbound", "outbound"]


class District(Model):
    """One district: official key, name, border as the ``d`` of an SVG path, room for a number."""

    key: str
    name: str
    path: str
    x: float
    y: float


class DocumentOfClaim(Model):
    """Document of claim."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Claim


class DocumentOfCompetenceDetail(Model):
    """Document of competence detail."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: CompetenceDetail


class DocumentOfCompleteness(Model):
    """Document of completeness."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Completeness


class DocumentOfConsortium(Model):
    """Document of consortium."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Consortium


class DocumentOfDecision(Model):
    """Document of decision."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Decision


class DocumentOfDescription(Model):
    """Document of description."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Description


class DocumentOfDeskEnquiry(Model):
    """Document of desk enquiry."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: DeskEnquiry


class DocumentOfDictOfStrOfAny(Model):
    """Document of dict of str of any."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: dict[str, Any]


class DocumentOfEnquiryDetail(Model):
    """Document of enquiry detail."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: EnquiryDetail


class DocumentOfForm(Model):
    """Document of form."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Form


class DocumentOfFunding(Model):
    """Document of funding."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Funding


class DocumentOfInitiative(Model):
    """Document of initiative."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Initiative


class DocumentOfJob(Model):
    """Document of job."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Job


class DocumentOfKey(Model):
    """Document of key."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Key


class DocumentOfListOfAmountCheck(Model):
    """Document of list of amount check."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[AmountCheck]


class DocumentOfListOfDecision(Model):
    """Document of list of decision."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Decision]


class DocumentOfListOfDue(Model):
    """Document of list of due."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Due]


class DocumentOfListOfEffect(Model):
    """Document of list of effect."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Effect]


class DocumentOfListOfInitiative(Model):
    """Document of list of initiative."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Initiative]


class DocumentOfListOfJob(Model):
    """Document of list of job."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Job]


class DocumentOfListOfKey(Model):
    """Document of list of key."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Key]


class DocumentOfListOfMeeting(Model):
    """Document of list of meeting."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Meeting]


class DocumentOfListOfOverdue(Model):
    """Document of list of overdue."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Overdue]


class DocumentOfListOfPair(Model):
    """Document of list of pair."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Pair]


class DocumentOfListOfProjectLine(Model):
    """Document of list of project line."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[ProjectLine]


class DocumentOfListOfRenewal(Model):
    """Document of list of renewal."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Renewal]


class DocumentOfListOfResearchMatch(Model):
    """Document of list of research match."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[ResearchMatch]


class DocumentOfListOfResearchNeed(Model):
    """Document of list of research need."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[ResearchNeed]


class DocumentOfListOfResponsibility(Model):
    """Document of list of responsibility."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Responsibility]


class DocumentOfListOfSavedQuery(Model):
    """Document of list of saved query."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[SavedQuery]


class DocumentOfListOfSource(Model):
    """Document of list of source."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Source]


class DocumentOfListOfSubmissionLine(Model):
    """Document of list of submission line."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[SubmissionLine]


class DocumentOfMade(Model):
    """Document of made."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Made


class DocumentOfMap(Model):
    """Document of map."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Map


class DocumentOfOrganisationDetail(Model):
    """Document of organisation detail."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: OrganisationDetail


class DocumentOfProject(Model):
    """Document of project."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Project


class DocumentOfProposal(Model):
    """Document of proposal."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Proposal


class DocumentOfQuery(Model):
    """Document of query."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Query


class DocumentOfReceipt(Model):
    """Document of receipt."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Receipt


class DocumentOfReport(Model):
    """Document of report."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Report


class DocumentOfResearchNeed(Model):
    """Document of research need."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: ResearchNeed


class DocumentOfSavedQuery(Model):
    """Document of saved query."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: SavedQuery


class DocumentOfSource(Model):
    """Document of source."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Source


class DocumentOfSubmission(Model):
    """Document of submission."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Submission


class DocumentOfSubmitted(Model):
    """Document of submitted."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Submitted


class DocumentOfTree(Model):
    """Document of tree."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Tree


class DocumentOfUnlocking(Model):
    """Document of unlocking."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Unlocking


class DocumentOfVocabulary(Model):
    """Document of vocabulary."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: Vocabulary


class DoneIn(Model):
    """The day on which a milestone was done; null opens it again."""

    done: str | None


class Due(Model):
    """A milestone that is late or comes soon; `days_late` is negative before the due date."""

    project: Named
    milestone: Milestone
    days_late: int


class DueIn(Model):
    """A new due date."""

    due: str


class DumpsIn(Model):
    """Write the dumps of the version that answers now."""

    kind: Literal["dumps"]


class Effect(Model):
    """What would come of stating one more fact, as the engine answers with it."""

    kind: str
    about: Named
    text: str
    enters: list[Named]
    settles: list[str]


class Enquiry(Model):
    """What was asked."""

    iri: str
    title: str
    source: str
    requirements: list[Requirement]


class EnquiryDetail(Model):
    """An enquiry with what it needs, in its own order."""

    iri: str
    id: str
    name: str
    source: str | None
    needs: int
    requirements: list[Need]


class EnquiryIn(Model):
    """An enquiry: what is needed, and under which conditions."""

    title: str = "Anfrage"
    requirements: list[RequirementIn]
    place: PlaceIn | None = None
    max_distance_km: float | None = None
    districts: list[str] = _Field(default_factory=lambda: [])
    pinned: list[str] = _Field(default_factory=lambda: [])
    excluded: list[str] = _Field(default_factory=lambda: [])
    max_members: int | None = None
    lead: str | None = None
    conflicts: list[list[Any]] = _Field(default_factory=lambda: [])
    member_certificates: list[str] = _Field(default_factory=lambda: [])
    groups: list[GroupIn] = _Field(default_factory=lambda: [])
    strict_unknowns: bool = False


EnquiryKind = Literal[
    "public-tender", "award-notice", "company-request", "technology-offer", "described-need"
]


class EnquiryLine(Model):
    """An enquiry in a list.

    Attributes:
        id: Its number, which `GET /api/v1/consortia?enquiry=` takes.
        source: Where it was published.
        needs: How many requirements it has.
    """

    iri: str
    id: str
    name: str
    source: str | None
    needs: int


class Event(Model):
    """One step of the history."""

    position: int
    kind: EventKind
    status: Status
    at: str
    note: str
    assigned_to: Named | None
    rationale: str


EventKind = Literal[
    "received",
    "requirements-confirmed",
    "assigned",
    "referred",
    "reply-noted",
    "offer-noted",
    "shortlist-changed",
    "consortium-proposed",
    "status-changed",
    "details-changed",
]


class Facility(Model):
    """Equipment that a source names, or a centre."""

    iri: str
    name: str
    source: str


class Fault(Model):
    """What is wrong or could be better, at its field."""

    section: str
    number: int
    field: str
    code: str
    message: str
    is_grave: bool


class Finding(Model):
    """One thing that a shape or a check found."""

    severity: str
    focus: str
    path: str
    value: str
    shape: str
    message: str


class Form(Model):
    """Everything to ask for, derived from the shapes."""

    sections: list[FormSection]


class FormField(Model):
    """One thing to ask for; see :class:`graph.profiles.Field`."""

    name: str
    path: str
    label: dict[str, str]
    hint: dict[str, str]
    kind: str
    is_required: bool
    is_recommended: bool
    is_repeatable: bool
    languages: list[str]
    pattern: str
    min_length: int
    minimum: str | None
    maximum: str | None
    scheme: str
    options: list[FormOption]
    messages: dict[str, dict[str, str]] | None


class FormOption(Model):
    """One allowed value."""

    iri: str
    label: dict[str, str]


class FormSection(Model):
    """One kind of thing to describe."""

    name: str
    cls: str
    label: dict[str, str]
    is_repeatable: bool
    is_required: bool
    fields: list[FormField]


class Front(Model):
    """The best consortium with so many members."""

    members: int
    cost_km: int | None
    lower_bound_km: int | None
    proven: bool
    break_even_km: float | None
    text: str
    organisations: list[Named]


class Funding(Model):
    """Answers for every programme, with the caution that always holds."""

    caution: str
    partners: list[Named]
    programmes: list[Programme]


class Gap(Model):
    """A requirement that stays open."""

    requirement: str
    label: str
    competence: Named
    mandatory: bool
    reason: Reason
    near_misses: list[NearMiss]
    nearest: list[Nearest]
    developers: list[Developer]
    networks: list[NetworkToAsk]


class Graph(Model):
    """One named graph.

    Attributes:
        iri: Its name.
        href: Where its statements are.
        name: What it holds.
        access_rights: IRI of its visibility.
        licence: IRI of its licence.
        changed_at: When it was made or changed last.
    """

    iri: str
    href: str
    name: str
    access_rights: str | None
    licence: str | None
    changed_at: str | None


class GroupIn(Model):
    """How many members must, or may at most, be of one group.

    Who is perhaps of the group (size, sector or place not known) counts in favour of the
    consortium, unless the rule is strict; the answer says so.
    """

    trait: GroupTrait
    values: list[str] = _Field(default_factory=lambda: [])
    at_least: int = 0
    at_most: int | None = None
    strict: bool = False
    name: str = ""


class GroupRule(Model):
    """A rule that the consortium search can be asked to satisfy."""

    name: str
    trait: str
    values: list[str]
    at_least: int


GroupTrait = Literal["small", "kind", "district", "state", "sector", "cluster", "listed"]


class HarvestIn(Model):
    """Harvest a source that is described; for coordinators."""

    kind: Literal["harvest"]
    source: str


class IdeaIn(Model):
    """A project of which nothing is recorded."""

    partners: list[str]
    kind: Literal["cooperation", "national-network", "international-network", "individual"] = (
        "cooperation"
    )
    duration_months: int | None = None
    civilian: bool | None = None
    field: str | None = None
    programme: str | None = None


class Initiative(Model):
    """A recorded initiative."""

    iri: str
    id: str
    name: str
    topics: list[Named]
    bundles: list[Named]
    text: str


class InitiativeIn(Model):
    """An initiative as it is recorded."""

    title: str
    title_en: str = ""
    topics: list[str]
    bundles: list[str] = _Field(default_factory=lambda: [])
    text: str = ""
    language: str = "de"


class Interface(Model):
    """A hand-over between two members."""

    from_requirement: str
    to_requirement: str
    from_organisation: Named
    to_organisation: Named
    internal: bool
    distance_km: float | None
    cost_km: int
    bonus_km: int
    text: str
    sources: list[str]


class Job(Model):
    """A job as it stands.

    Attributes:
        kind: `consortia`, `unlocking`, `dumps` or `harvest`.
        stage: What it is doing, where it has several stages; parts are counted in each.
        done: Parts that are done.
        total: Parts that there are; 0 while that is not known.
        error: Why it failed.
        href: Where it is; `/result` and `/events` are below.
    """

    id: str
    kind: str
    state: State
    stage: str
    done: int
    total: int
    made_at: str
    changed_at: str
    error: str | None
    href: str


class Key(Model):
    """What is known of a key; its secret is not."""

    id: str
    role: Role
    label: str
    made_at: str
    expires_at: str | None
    revoked_at: str | None
    used_at: str | None


class KeyIn(Model):
    """The key to make."""

    role: Literal["partner", "coordinator", "admin"]
    label: str
    days: float | None = None


class Lead(Model):
    """Who should lead and why."""

    organisation: Named
    reason: Reason
    runner_up: Named | None


class Limit(Model):
    """A stated range in the reference unit of its dimension."""

    dimension: Named
    minimum: float | None
    maximum: float | None
    unit: str


class LimitIn(Model):
    """A range that must be met, in the reference unit of its dimension."""

    dimension: str
    minimum: float | None = None
    maximum: float | None = None


class LimitReading(Model):
    """A limit in the reference unit of its dimension with the words that state it."""

    dimension: Named
    minimum: float | None
    maximum: float | None
    unit: str
    evidence: Words
    note: str = ""


class LimitsIn(Model):
    """What one harvest may take; what is left out is as in `docs/harvest.md`."""

    seconds: float = 600.0
    request_s: float = 30.0
    megabytes: int = 256
    statements: int = 1000000
    documents: int = 200


class Link(Model):
    """One step of the chain from one organisation to the other."""

    giver: Named
    taker: Named
    step: Named
    next_step: Named
    claims: list[str]
    evidence: float
    scarcity: float
    worth_km: float


class Made(Model):
    """A key that was made, with its token: this is the only time that it is shown."""

    key: Key
    token: str


class Map(Model):
    """The map of Thuringia in SVG units; its attribution must be shown with it."""

    width: int
    height: int
    projection: Projection
    districts: list[District]
    attribution: str = "© GeoBasis-DE / BKG (Daten verändert)"


class Match(Model):
    """A candidate for a requirement with its best claim.

    Attributes:
        iri: The claim.
        offered: The competence that is claimed.
        relation: How it stands to what is required: `exact`, `narrower` or `broader`.
        grade: `full` or `to-be-confirmed`.
        score: Worth of the claim.
        cost_km: Cost of the match, kilometre equivalents.
        checks: Further demands, each `yes` or `unknown`; a `no` would exclude the claim.
        other_claims: Further claims of the same organisation that fit, as IRIs.
    """

    iri: str
    organisation: Named
    offered: Named
    relation: Reason
    grade: str
    score: float
    cost_km: int
    checks: list[Check]
    evidence: ApiOfSchemasOfConsortiumOfEvidence
    other_claims: list[str]


class Meeting(Model):
    """Two organisations that should meet; worth and score in kilometre equivalents."""

    first: Named
    second: Named
    score_km: float
    distance_km: float
    links: list[Link]
    demands: list[Named]
    clusters: list[Named]
    text: str


class Member(Model):
    """An organisation of the consortium."""

    iri: str
    name: str
    kind: str
    town: str
    district: Named | None
    latitude: float | None
    longitude: float | None
    lead: bool
    reasons: list[Reason]
    caution: str
    active: str
    assignments: list[Assignment]
    could_serve: list[str]
    replacement: Replacement | None


class Meta(Model):
    """What an answer was made from: the same versions give the same answer."""

    graph_version: str
    software_version: str
    language: Literal["de", "en"]


class Milestone(Model):
    """A date of a project."""

    id: str
    iri: str
    kind: Code
    due: str
    done: str | None
    description: str
    overdue: bool


class MilestoneIn(Model):
    """A date to keep."""

    kind: MilestoneKind
    due: str
    description: str = ""


MilestoneKind = Literal[
    "outline", "application", "approval", "payment-request", "interim-report", "proof-of-use"
]


class Missing(Model):
    """What a profile leaves open."""

    severity: str
    code: str
    about: Named
    message: str


class Money(Model):
    """Amounts in euros."""

    cost: str
    grant: str
    claimed: str
    paid: str
    own_share: str
    open_claims: str


class Named(Model):
    """A thing by identifier and name."""

    iri: str
    name: str


class NearMiss(Model):
    """An organisation that fails exactly one demand."""

    organisation: Named
    text: str


class Nearest(Model):
    """A neighbouring competence and who offers it."""

    competence: Named
    organisations: list[Named]
    holders: int


class Need(Model):
    """One requirement of an enquiry."""

    iri: str
    name: str
    competence: Named
    step: Named | None
    materials: list[Named]
    certificates: list[Named]
    limits: list[Limit]
    mandatory: bool


NeedStatus = Literal["open", "addressed", "solved", "dropped"]


class NeedStatusIn(Model):
    """How far a need has been dealt with, and who takes care of it."""

    status: NeedStatus
    addressed_by: list[str] = _Field(default_factory=lambda: [])


class NetworkToAsk(Model):
    """A cluster whose members are near to what is missing."""

    cluster: Named
    organisations: int


class NextBest(Model):
    """The cheapest other organisation for a requirement."""

    organisation: Named
    more_km: int


class Offer(Model):
    """What an organisation says to one requirement."""

    iri: str
    organisation: Named
    requirement: int
    kind: OfferKind
    at: str
    amount_eur: float | None
    valid_through: str | None
    note: str


class OfferIn(Model):
    """What an organisation says to one requirement, given by its position."""

    organisation: str
    requirement: int
    kind: OfferKind = "interest"
    amount_eur: float | None = None
    valid_through: str | None = None
    note: str = ""


OfferKind = Literal["interest", "binding", "withdrawn"]


class Organisation(Model):
    """An organisation in a list; `small` and `active` are `yes`, `no` or `unknown`.

    Attributes:
        type: Class of the ontology, such as `Company`.
        latitude: Degrees north, WGS 84; often that of the town.
        longitude: Degrees east.
        small: Small or medium enterprise, as far as known.
        active: `no` when a source reports that it has closed.
        caution: What to know before relying on it.
        same_as: Entry that stands for the same organisation in other sources.
        claims: How many capability claims it makes.
    """

    iri: str
    id: str
    name: str
    type: str
    town: str
    district: Named | None
    latitude: float | None
    longitude: float | None
    small: str
    active: str
    caution: str
    same_as: str | None
    clusters: list[Named]
    claims: int


class OrganisationDetail(Model):
    """One organisation with everything that consortium assembly knows of it."""

    iri: str
    id: str
    name: str
    type: str
    town: str
    district: Named | None
    latitude: float | None
    longitude: float | None
    small: str
    active: str
    caution: str
    same_as: str | None
    clusters: list[Named]
    claims: int
    capabilities: list[Claim]
    certificates: list[Certificate]
    ties: list[Tie]


Outcome = Literal["pending", "accepted", "declined", "no-response"]


class Overdue(Model):
    """One thing that is late.

    Attributes:
        days: How many days it is late.
        organisation: Whom it lies with; null for the desk itself.
    """

    kind: OverdueKind
    record: str
    number: str
    due: str
    days: int
    organisation: Named | None
    text: str


OverdueKind = Literal["enquiry", "referral", "reply"]


class PageOfClaim(Model):
    """Page of claim."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Claim]
    total: int
    next: str | None


class PageOfCompetence(Model):
    """Page of competence."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Competence]
    total: int
    next: str | None


class PageOfDeskLine(Model):
    """Page of desk line."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[DeskLine]
    total: int
    next: str | None


class PageOfEnquiryLine(Model):
    """Page of enquiry line."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[EnquiryLine]
    total: int
    next: str | None


class PageOfGraph(Model):
    """Page of graph."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Graph]
    total: int
    next: str | None


class PageOfMatch(Model):
    """Page of match."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Match]
    total: int
    next: str | None


class PageOfOrganisation(Model):
    """Page of organisation."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Organisation]
    total: int
    next: str | None


class PageOfQuery(Model):
    """Page of query."""

    context: Annotated[str, _Field(alias="@context")]
    meta: Meta
    data: list[Query]
    total: int
    next: str | None


class Pair(Model):
    """Two entries that may mean one organisation.

    Attributes:
        first: IRI of one entry.
        first_names: Its names.
        second: IRI of the other.
        second_names: Its names.
        score: How likely they are one, 0.0 to 1.0.
        suggested: What the evidence suggests to decide.
        evidence: What speaks for it and against it, the weightiest first.
    """

    first: str
    first_names: list[str]
    second: str
    second_names: list[str]
    score: float
    suggested: Literal["same", "part-of"]
    evidence: list[ApiOfSchemasOfIdentityOfEvidence]


class Parameter(Model):
    """One value that a query asks for; ``name`` is its name in the address."""

    name: str
    type: str
    required: bool
    default: str | None
    example: str
    description: str


class Partner(Model):
    """An organisation in a project."""

    id: str
    organisation: Named
    role: Code


class PartnerIn(Model):
    """Who takes part."""

    organisation: str
    role: str = "partner"


class PartnerTotal(Model):
    """What one partner plans, has claimed and got."""

    organisation: Named
    money: Money


class PastProject(Model):
    """A project whose words name what is needed."""

    iri: str
    name: str
    year: int | None
    competences: list[Named]
    source: str


Phase = Literal["preparation", "execution", "accounting"]


class PhaseIn(Model):
    """Where a project stands."""

    phase: Phase


class PlaceIn(Model):
    """Where the work is needed, degrees WGS 84."""

    latitude: float
    longitude: float


class PlaceReading(Model):
    """A town or district; ``condition`` when members must come from there."""

    evidence: Words
    latitude: float | None
    longitude: float | None
    district: Named | None
    condition: bool


class PlanIn(Model):
    """What a project is. No names of people, no bank data."""

    name: str
    name_en: str = ""
    description: str = ""
    kind: str = "r-and-d-project"
    programme: str | None = None
    research: ResearchCategory | None = None
    topic: str | None = None
    start: str | None = None
    end: str | None = None
    origin: str | None = None


class ProfileIn(Model):
    """What an organisation says of itself: for each section of the form its entries.

    Each entry has the values of its fields by their names; `GET /api/v1/profiles/form` says
    which there are. A choice is given by IRI, by the last part of the IRI, or by its name.
    """

    organisation: str | None = None
    entries: dict[str, list[dict[str, list[str]]]]
    language: Literal["de", "en"] = "de"


class Programme(Model):
    """The answer for one programme: ``eligible``, ``not-eligible`` or ``unknown``.

    ``level`` is who runs it (``state``, ``federal``, ``eu``, ``eureka``), ``regions`` are the NUTS
    codes in which it finances, as far as sources state them; ``region_text`` says both.
    """

    iri: str
    name: str
    funder: str
    level: str
    regions: list[str]
    region_text: str
    deadline: Deadline
    sources: list[str]
    verdict: str
    text: str
    rules: list[Rule]
    for_a_person: list[Criterion]
    not_applicable: list[Criterion]
    group_rules: list[GroupRule]


class Progress(Model):
    """How far a harvest has come.

    Attributes:
        stage: What it does.
        done: Steps done.
        total: Steps in all; 0 where nobody knows.
    """

    stage: str
    done: int
    total: int


class Project(Model):
    """A project with everything that is recorded of it; `overdue` is as of `day`."""

    iri: str
    id: str
    name: str
    name_en: str
    description: str
    kind: Code
    phase: Code
    programme: Named | None
    research: Code | None
    topic: Named | None
    start: str | None
    end: str | None
    origin: str | None
    changed_at: str
    day: str
    partners: list[Partner]
    milestones: list[Milestone]
    budget: list[BudgetLine]
    totals: list[PartnerTotal]
    total: Money


class ProjectLine(Model):
    """A project in a list."""

    iri: str
    id: str
    name: str
    phase: Code
    partners: int
    overdue: int
    next_due: str | None
    total: Money


class Projection(Model):
    """Where a point lies, SVG units.

    ``x = margin + (longitude - west) * squeeze * scale``,
    ``y = margin + (north - latitude) * scale``.
    """

    west: float
    north: float
    scale: float
    squeeze: float
    margin: float


class Proof(Model):
    """What is proven, as a sentence and as data."""

    text: str
    coverage_proven: bool
    fewest_members_proven: bool
    cost_proven: bool
    lower_bound_km: int | None
    gap_share: float
    examined: str
    candidates: int
    pairs: int
    pairs_left: int
    nodes: int


class Proposal(Model):
    """What the text seems to ask; a person confirms it.

    ``enquiry`` is ready for ``POST /api/v1/consortia``; it is null when no requirement was found.
    Limits of the enquiry as a whole, such as a number of pieces, are listed and not in it: a
    person says which requirement they hold for.
    """

    language: str
    requirements: list[RequirementReading]
    limits: list[LimitReading]
    materials: list[ConceptReading]
    certificates: list[ConceptReading]
    places: list[PlaceReading]
    max_distance_km: float | None
    due_date: str | None
    dates: list[DateReading]
    gaps: list[VocabularyGap]
    rejected: list[Rejected]
    enquiry: EnquiryIn | None


class Query(Model):
    """One query of the catalogue in one language.

    Attributes:
        iri: The query as linked data.
        href: Where it is answered.
        returns: What each column holds.
        sparql: The query with its examples; it runs at ``/sparql`` as it is.
    """

    iri: str
    name: str
    href: str
    summary: str
    question: str
    description: str
    tags: list[str]
    parameters: list[Parameter]
    returns: dict[str, str]
    sparql: str


Reach = Literal["exact", "broader", "narrower"]


class Reason(Model):
    """A reason by code (stable, for programs) and sentence (for people)."""

    code: str
    text: str


class Receipt(Model):
    """What a write did.

    Attributes:
        version: Graph version that answers now; give it as `If-Match` of the next write.
        before: Graph version before; equal to `version` when nothing changed.
        created: Graphs that are new.
        changed: Graphs whose statements or description changed.
        added: Number of new statements.
        removed: Number of statements that are gone.
        findings: Warnings and hints about what changed.
    """

    version: str
    before: str
    created: list[str]
    changed: list[str]
    added: int
    removed: int
    findings: list[Finding]


class Referral(Model):
    """An enquiry passed on, and what has become of it."""

    iri: str
    organisation: Named
    at: str
    reply_by: str | None
    outcome: Outcome
    note: str


class ReferralIn(Model):
    """Whom to pass an enquiry on to."""

    organisation: str
    reply_by: str | None = None
    note: str = ""
    has_consent: bool = False


RegionFit = Literal["district", "state", "any", "unknown"]


class Rejected(Model):
    """What was read and is no requirement, with the reason."""

    competence: Named
    evidence: Words
    reason: str
    text: str


class Relaxation(Model):
    """What giving up one demand would bring."""

    requirement: str
    label: str
    kind: str
    text: str
    organisation: Named
    mandatory_served: int
    served: int
    members: int
    cost_km: int
    proven: bool


class Renewal(Model):
    """A fact to be renewed; `counts` says how matching takes it on the day."""

    fact: str
    kind: str
    label: str
    organisation: Named
    reason: str
    text: str
    through: str | None
    year: int | None
    counts: Literal["yes", "no", "unknown"]


class Replacement(Model):
    """What happens when a member drops out."""

    lost_requirements: list[str]
    drop_in: Named | None
    drop_in_loss_km: int | None
    reoptimised: list[Named] | None
    reoptimised_loss_km: int | None
    extra_members: int | None
    proven: bool


class ReplyIn(Model):
    """What an organisation has said to a referral."""

    organisation: str
    outcome: Outcome
    note: str = ""


class Report(Model):
    """What came of a harvest; members as in `graph.harvest.Report`.

    Attributes:
        state: What it is waiting for.
        digest: Names what is staged.
        fetched: Statements that came.
        staged: Statements that would be published.
        added: Of these, those that are not published yet.
        removed: Published ones that would go.
        left_out: Things that break a rule, with the reason.
        unread: Statements that have no place here, by reason.
        names: IRI at the source of each thing that is named here.
    """

    source: str
    state: Literal["waiting", "unchanged", "published", "rejected", "failed"]
    run_at: str
    ended_at: str
    version: str
    digest: str
    documents: list[dict[str, Any]]
    fetched: int
    staged: int
    added: int
    removed: int
    added_shown: list[str]
    removed_shown: list[str]
    findings: list[dict[str, str]]
    findings_counted: dict[str, int]
    left_out: dict[str, str]
    left_out_counted: int
    names: dict[str, str]
    unread: dict[str, int]
    ambiguous: dict[str, list[str]]
    rows: list[str]
    error: str
    settled_at: str


class Requirement(Model):
    """One thing that is needed."""

    iri: str
    label: str
    competence: Named
    step: Named | None
    mandatory: bool
    candidates: int


class RequirementIn(Model):
    """One thing that is needed."""

    competence: str
    step: str | None = None
    materials: list[str] = _Field(default_factory=lambda: [])
    limits: list[LimitIn] = _Field(default_factory=lambda: [])
    certificates: list[str] = _Field(default_factory=lambda: [])
    mandatory: bool = True
    second_source: bool = False


class RequirementReading(Model):
    """One requirement as read."""

    competence: Named
    score: float
    step: Named | None
    evidence: list[Words]
    alternatives: list[AlternativeReading]
    limits: list[LimitReading]
    materials: list[ConceptReading]
    certificates: list[ConceptReading]


class RequirementsIn(Model):
    """What is needed, confirmed by a person; it takes the place of what was confirmed before."""

    requirements: list[RequirementIn]
    note: str = ""


ResearchCategory = Literal[
    "fundamental-research", "industrial-research", "experimental-development"
]


class ResearchMatch(Model):
    """A research organisation or centre that answers a need.

    Attributes:
        answered: How many of the competences needed it answers.
    """

    organisation: Named
    answered: int
    required: int
    score: float
    matches: list[Match]
    facilities: list[Facility]
    projects: list[PastProject]


class ResearchNeed(Model):
    """A recorded need."""

    iri: str
    id: str
    name: str
    status: NeedStatus
    raised_by: list[Named]
    competences: list[Named]
    topic: Named | None
    text: str
    created: str | None
    addressed_by: list[Named]


class ResearchNeedIn(Model):
    """A need as it is recorded."""

    title: str
    title_en: str = ""
    raised_by: list[str]
    competences: list[str]
    topic: str = ""
    text: str = ""
    language: str = "de"


class Responsibility(Model):
    """A body that could take care of an enquiry, and why."""

    body: Named
    served: list[Served]
    required: int
    region_fit: RegionFit
    region: Named | None
    text: str


class Review(Model):
    """What was decided."""

    at: str
    rationale: str


class ReviewIn(Model):
    """Why a submission is published or rejected; no names of people."""

    rationale: str


class RevisionIn(Model):
    """What is decided now, and why; it replaces all that was said."""

    decision: Literal["same", "part-of", "different", "undecided"]
    rationale_de: str
    rationale_en: str | None = None


class Robustness(Model):
    """How much the suggestion hangs on single members."""

    second_source_share: float
    area_km: float
    without_second_source: list[str]
    single_points: list[Named]
    worst: Named | None
    worst_extra_members: int | None
    worst_loss_km: int | None
    decided: bool
    text: str


Role = Literal["anonymous", "partner", "coordinator", "admin"]


class Rule(Model):
    """The answer to one rule: ``yes``, ``no`` or ``unknown`` with whom to ask."""

    rule: Criterion
    truth: str
    reason: str
    text: str
    partners: list[Named]
    changes: list[Change]


class Run(Model):
    """What is needed to compute the same answer again."""

    graph_version: str
    software_version: str
    reference_year: int
    elapsed_ms: float
    parameters: dict[str, Any]


class SavedQuery(Model):
    """A query that somebody keeps.

    Attributes:
        href: Where it is; its answer is below, at `/rows`.
        page: Where the workbench opens it.
        mine: You are its owner.
    """

    id: str
    title: str
    sparql: str
    shared: bool
    mine: bool
    changed_at: str
    href: str
    page: str


class SavedQueryIn(Model):
    """A query to keep.

    Attributes:
        title: What you call it; a query that you keep under the same title is replaced.
        sparql: The text, as it is sent to `/sparql`.
        shared: Everybody who has its address may read it.
    """

    title: str
    sparql: str
    shared: bool = False


class Sensitivity(Model):
    """How much the suggestion hangs on the weights."""

    member_price_km: float
    ranges: list[WeightRange]
    compared: int


class Served(Model):
    """A required competence and what of a body meets it."""

    required: Named
    served: Named
    reach: Reach
    steps: int


class Shortlist(Model):
    """Who comes into question."""

    organisations: list[Named]
    lead: Named | None


class ShortlistIn(Model):
    """How the shortlist changes; ``suggestion`` takes over the members the engine suggests."""

    add: list[str] = _Field(default_factory=lambda: [])
    remove: list[str] = _Field(default_factory=lambda: [])
    lead: str | None = None
    suggestion: bool = False
    note: str = ""


class Source(Model):
    """A source of others, as it is described, with its last harvest.

    Attributes:
        name: Its name; the graph is `graph/source-<name>`.
        graph: IRI of the graph that it is published in.
        kind: How it gives its data.
        addresses: Where it is.
        title: What it is, by language.
        licence: IRI of its licence.
        visibility: Who may see what comes from it.
        attributed_to: Who answers for it.
        conditions: What the partner states beside the licence (`scheme/use-condition`).
        every_hours: How often it is harvested; 0 for by hand.
        publication: When a harvest is published.
        is_running: It is being harvested now.
        progress: How far that has come.
        state: What the last harvest is waiting for.
        run_at: When it began.
        added: Statements that it would add.
        removed: Statements that it would remove.
        left_out: Things that break a rule.
        error: Why it failed.
        digest: Names what is staged; send it to accept or reject it.
    """

    name: str
    graph: str
    kind: str
    addresses: list[str]
    title: dict[str, str]
    licence: str
    visibility: Literal["public", "partners", "internal"]
    attributed_to: str
    conditions: list[str]
    every_hours: float
    publication: Literal["conforming", "accepted"]
    is_running: bool
    progress: Progress | None
    state: Literal["waiting", "unchanged", "published", "rejected", "failed"] | None
    run_at: str | None
    added: int
    removed: int
    left_out: int
    error: str | None
    digest: str | None


class SourceIn(Model):
    """The description of a source of others; the keys are those of its file.

    Attributes:
        kind: How it gives its data.
        addresses: Where it is.
        title: What it is, by language.
        licence: IRI of the licence under which it may be passed on.
        visibility: Who may see what comes from it.
        attributed_to: Who answers for it; by default the first address.
        conditions: What the partner states beside the licence, such as `no-distribution`.
        hosts: The only hosts that are asked; by default those of the addresses.
        every_hours: How often it is harvested; 0 for by hand.
        publication: When a harvest is published.
        organisation_kind: For organisations that do not say what they are.
        classes: What to take from an endpoint.
        graphs: Named graphs of an endpoint to ask.
        datasets: Data sets to take from a catalogue.
        table: Folder of a table, which lies beside the description already.
        sheets: Sheet of a workbook for each table.
    """

    kind: Literal["dump", "endpoint", "pages", "catalogue", "table"]
    addresses: list[str]
    title: dict[str, str]
    licence: str
    visibility: Literal["public", "partners", "internal"]
    attributed_to: str | None = None
    conditions: list[str] | None = None
    hosts: list[str] | None = None
    every_hours: float = 0.0
    publication: Literal["conforming", "accepted"] = "accepted"
    organisation_kind: str = ""
    trusts_weak_links: bool = False
    classes: list[str] | None = None
    graphs: list[str] | None = None
    page_size: int = 500
    datasets: list[str] | None = None
    table: str | None = None
    sheets: dict[str, str] | None = None
    limits: LimitsIn | None = None


State = Literal["waiting", "running", "done", "failed", "cancelled", "interrupted"]


class Statement(Model):
    """One statement, terms written as in Turtle, with names where there are any."""

    subject: str
    predicate: str
    value: str
    text: str


Status = Literal[
    "new", "classified", "referred", "answered", "consortium-offered", "won", "lost", "closed"
]


class StatusIn(Model):
    """The status that is set by hand."""

    status: Status
    note: str = ""


class Submission(Model):
    """A submission with what its publication would change."""

    id: str
    iri: str
    organisation: Named
    status: str
    submitted_at: str
    statements: int
    review: Review | None
    difference: Difference | None


class SubmissionLine(Model):
    """A submission in a list."""

    id: str
    iri: str
    organisation: Named
    status: str
    submitted_at: str
    statements: int


class Submitted(Model):
    """What has become of a profile that was checked or submitted.

    Attributes:
        id: Identifier of the submission; empty when nothing was submitted.
        organisation: IRI of the organisation that it describes.
        faults: What is wrong; a grave fault stands in the way of submission.
    """

    id: str
    organisation: str
    faults: list[Fault]


class Term(Model):
    """One thing that a query may name.

    ``also`` is its label in the other language, ``district`` where an organisation is.
    """

    iri: str
    kind: Literal["class", "property", "concept", "organisation"]
    label: str
    also: str
    definition: str
    district: str


class TextIn(Model):
    """An enquiry in free text, German or English."""

    text: str
    language: Literal["de", "en"] | None = None


class Tie(Model):
    """A documented collaboration with another organisation: project, relation or cluster."""

    partner: Named
    context: Named
    kind: str
    year: int | None
    source: str | None


class Tree(Model):
    """The tree below a competence, or below the top."""

    root: Named | None
    narrower: list[Branch]


class Unlocking(Model):
    """Which new competences would unlock most of the open enquiries, step by step."""

    graph_version: str
    enquiries: int
    open: list[Named]
    steps: list[UnlockingStep]


class UnlockingIn(Model):
    """Find the competences that would unlock most open enquiries."""

    kind: Literal["unlocking"]
    most: int = 5
    language: Literal["de", "en"] = "de"


class UnlockingStep(Model):
    """One competence more, on top of those before it."""

    competence: Named
    unlocked: list[Named]
    closed: list[str]
    near: list[Named]


class Vocabulary(Model):
    """Prefixes by name, and what they are for."""

    prefixes: dict[str, str]
    terms: list[Term]


class VocabularyGap(Model):
    """A word that looks like a trade term and that no label explains."""

    word: str
    count: int
    evidence: list[Words]


class WeightRange(Model):
    """Within which values of one weight the suggestion stays best."""

    weight: str
    value: float
    low: float
    high: float | None
    low_rival: list[Named]
    high_rival: list[Named]
    text: str


class Words(Model):
    """Words of the text; ``start`` and ``end`` count its characters from 0, ``end`` excluded."""

    words: str
    start: int
    end: int
    way: str = ""
    score: float = 1.0


class Verbund(Connection):
    """Every operation of the API as a method."""

    def list_claims(
        self,
        *,
        organisation: str | None = None,
        competence: str | None = None,
        material: str | None = None,
        least_confidence: float | None = None,
        lang: Literal["de", "en"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageOfClaim:
        """List the claims that pass every filter, by IRI."""
        return self._call(
            PageOfClaim,
            "GET",
            "/api/v1/claims",
            {
                "organisation": organisation,
                "competence": competence,
                "material": material,
                "least_confidence": least_confidence,
                "lang": lang,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def get_claim(self, name: str, *, lang: Literal["de", "en"] | None = None) -> DocumentOfClaim:
        """Give one claim by its identifier."""
        return self._call(
            DocumentOfClaim, "GET", f"/api/v1/claims/{quote(name, safe='')}", {"lang": lang}
        )

    def list_competences(
        self,
        *,
        q: str | None = None,
        broader: str | None = None,
        lang: Literal["de", "en"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageOfCompetence:
        """List the competences that pass every filter, by label."""
        return self._call(
            PageOfCompetence,
            "GET",
            "/api/v1/competences",
            {"q": q, "broader": broader, "lang": lang, "limit": limit, "cursor": cursor},
        )

    def get_competence_tree(
        self,
        *,
        root: str | None = None,
        depth: int | None = None,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfTree:
        """Give what is narrower than a competence, or the whole tree, so many levels deep."""
        return self._call(
            DocumentOfTree,
            "GET",
            "/api/v1/competences/tree",
            {"root": root, "depth": depth, "lang": lang},
        )

    def get_competence(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfCompetenceDetail:
        """Give one competence, by the end of its IRI or by any of its names."""
        return self._call(
            DocumentOfCompetenceDetail,
            "GET",
            f"/api/v1/competences/{quote(name, safe='')}",
            {"lang": lang},
        )

    def suggest_consortium(
        self,
        *,
        enquiry: str | None = None,
        competence: Sequence[str] | None = None,
        pin: Sequence[str] | None = None,
        exclude: Sequence[str] | None = None,
        max_members: int | None = None,
        programme: str | None = None,
        at_least: Sequence[str] | None = None,
        at_most: Sequence[str] | None = None,
        lead: str | None = None,
        apart: Sequence[str] | None = None,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfConsortium:
        """Suggest a consortium for an enquiry of the graph, or for competences by IRI or label."""
        return self._call(
            DocumentOfConsortium,
            "GET",
            "/api/v1/consortia",
            {
                "enquiry": enquiry,
                "competence": competence,
                "pin": pin,
                "exclude": exclude,
                "max_members": max_members,
                "programme": programme,
                "at_least": at_least,
                "at_most": at_most,
                "lead": lead,
                "apart": apart,
                "lang": lang,
            },
        )

    def suggest_consortium_for(
        self, body: EnquiryIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfConsortium:
        """Suggest a consortium for an enquiry with limits, materials, certificates and a place."""
        return self._call(
            DocumentOfConsortium, "POST", "/api/v1/consortia", {"lang": lang}, body=body
        )

    def unlock_enquiries(
        self, *, most: int | None = None, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfUnlocking:
        """Say which new competences would unlock most open enquiries, the most useful ones first."""
        return self._call(
            DocumentOfUnlocking, "GET", "/api/v1/consortia/unlocking", {"most": most, "lang": lang}
        )

    def list_desk_enquiries(
        self,
        *,
        status: Sequence[Status] | None = None,
        lang: Literal["de", "en"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageOfDeskLine:
        """List the enquiries of the desk, by number."""
        return self._call(
            PageOfDeskLine,
            "GET",
            "/api/v1/desk/enquiries",
            {"status": status, "lang": lang, "limit": limit, "cursor": cursor},
        )

    def receive_enquiry(
        self, body: DeskEnquiryIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDeskEnquiry:
        """Take in an enquiry; it gets the next number of the year.

        E-mail addresses and telephone numbers are taken out of the text; leave out names of persons.
        """
        return self._call(
            DocumentOfDeskEnquiry, "POST", "/api/v1/desk/enquiries", {"lang": lang}, body=body
        )

    def get_desk_enquiry(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDeskEnquiry:
        """Give one enquiry of the desk with its history; its `ETag` is needed to change it."""
        return self._call(
            DocumentOfDeskEnquiry,
            "GET",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}",
            {"lang": lang},
        )

    def change_enquiry_details(
        self, name: str, body: DetailsIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDeskEnquiry:
        """Correct days, region or confidentiality."""
        return self._call(
            DocumentOfDeskEnquiry,
            "PATCH",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def assign_enquiry(
        self,
        name: str,
        body: AssignmentIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfDeskEnquiry:
        """Make a body responsible: the one named, or else the best, with the reason."""
        return self._call(
            DocumentOfDeskEnquiry,
            "POST",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/assignments",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def propose_consortium(
        self,
        name: str,
        body: ConsortiumIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfDeskEnquiry:
        """Make a consortium of the shortlist; the engine shares the requirements out in it."""
        return self._call(
            DocumentOfDeskEnquiry,
            "POST",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/consortia",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def note_offer(
        self, name: str, body: OfferIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDeskEnquiry:
        """Note interest in one requirement, an offer for it, or that it holds no longer."""
        return self._call(
            DocumentOfDeskEnquiry,
            "POST",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/offers",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def propose_requirements(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProposal:
        """Read the text of an enquiry as requirements, for a person to confirm."""
        return self._call(
            DocumentOfProposal,
            "GET",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/proposal",
            {"lang": lang},
        )

    def refer_enquiry(
        self, name: str, body: ReferralIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDeskEnquiry:
        """Pass an enquiry on to an organisation."""
        return self._call(
            DocumentOfDeskEnquiry,
            "POST",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/referrals",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def note_reply(
        self, name: str, body: ReplyIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDeskEnquiry:
        """Note what an organisation has said to a referral."""
        return self._call(
            DocumentOfDeskEnquiry,
            "POST",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/replies",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def confirm_requirements(
        self,
        name: str,
        body: RequirementsIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfDeskEnquiry:
        """Confirm what an enquiry needs; a new one is classified then."""
        return self._call(
            DocumentOfDeskEnquiry,
            "PUT",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/requirements",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def rank_responsible_bodies(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfResponsibility:
        """Say who could take care of an enquiry by field and region, the best first, and why."""
        return self._call(
            DocumentOfListOfResponsibility,
            "GET",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/responsibilities",
            {"lang": lang},
        )

    def change_shortlist(
        self,
        name: str,
        body: ShortlistIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfDeskEnquiry:
        """Change who comes into question, or take over whom the engine suggests."""
        return self._call(
            DocumentOfDeskEnquiry,
            "PATCH",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/shortlist",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def change_enquiry_status(
        self, name: str, body: StatusIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDeskEnquiry:
        """Set the status: answered, won, lost, closed, or classified to take it up again."""
        return self._call(
            DocumentOfDeskEnquiry,
            "PUT",
            f"/api/v1/desk/enquiries/{quote(name, safe='')}/status",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def list_overdue(
        self, *, day: str | None = None, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfOverdue:
        """List enquiries, referrals and replies that are late on a day, the longest first."""
        return self._call(
            DocumentOfListOfOverdue, "GET", "/api/v1/desk/overdue", {"day": day, "lang": lang}
        )

    def get_map(self, *, lang: Literal["de", "en"] | None = None) -> DocumentOfMap:
        """Return the borders of the districts as SVG paths, and the projection for points."""
        return self._call(DocumentOfMap, "GET", "/api/v1/districts", {"lang": lang})

    def list_enquiries(
        self,
        *,
        q: str | None = None,
        lang: Literal["de", "en"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageOfEnquiryLine:
        """List the enquiries of the graph that the caller may see, by IRI."""
        return self._call(
            PageOfEnquiryLine,
            "GET",
            "/api/v1/enquiries",
            {"q": q, "lang": lang, "limit": limit, "cursor": cursor},
        )

    def understand_enquiry(
        self, body: TextIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProposal:
        """Read an enquiry in free text, German or English, as a proposal of requirements.

        Nothing is kept, and a person confirms: `enquiry` of the answer can be sent to
        `POST /api/v1/consortia` as it is.
        """
        return self._call(
            DocumentOfProposal, "POST", "/api/v1/enquiries/understanding", {"lang": lang}, body=body
        )

    def get_enquiry(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfEnquiryDetail:
        """Give one enquiry, by number or title, with its requirements."""
        return self._call(
            DocumentOfEnquiryDetail,
            "GET",
            f"/api/v1/enquiries/{quote(name, safe='')}",
            {"lang": lang},
        )

    def check_funding(
        self,
        *,
        enquiry: str | None = None,
        organisation: Sequence[str] | None = None,
        programme: str | None = None,
        demand: bool | None = None,
        kind: Literal["cooperation", "national-network", "international-network", "individual"]
        | None = None,
        duration_months: int | None = None,
        civilian: bool | None = None,
        field: str | None = None,
        day: str | None = None,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfFunding:
        """Check the suggested consortium of an enquiry, or named organisations, against programmes.

        With ``demand`` the search is asked to satisfy the rules of ``programme`` that count members.
        """
        return self._call(
            DocumentOfFunding,
            "GET",
            "/api/v1/funding/checks",
            {
                "enquiry": enquiry,
                "organisation": organisation,
                "programme": programme,
                "demand": demand,
                "kind": kind,
                "duration_months": duration_months,
                "civilian": civilian,
                "field": field,
                "day": day,
                "lang": lang,
            },
        )

    def list_graphs(
        self,
        *,
        lang: Literal["de", "en"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageOfGraph:
        """List the named graphs by IRI."""
        return self._call(
            PageOfGraph, "GET", "/api/v1/graphs", {"lang": lang, "limit": limit, "cursor": cursor}
        )

    def list_sources(self, *, lang: Literal["de", "en"] | None = None) -> DocumentOfListOfSource:
        """List the sources that are described, each with its last harvest."""
        return self._call(DocumentOfListOfSource, "GET", "/api/v1/harvest", {"lang": lang})

    def get_source(self, name: str, *, lang: Literal["de", "en"] | None = None) -> DocumentOfSource:
        """Give one source with its last harvest and, while one runs, how far it has come."""
        return self._call(
            DocumentOfSource, "GET", f"/api/v1/harvest/{quote(name, safe='')}", {"lang": lang}
        )

    def accept_harvest(
        self, name: str, body: DigestIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfReceipt:
        """Publish what is staged; who accepted it and what is left out is kept in its graph."""
        return self._call(
            DocumentOfReceipt,
            "POST",
            f"/api/v1/harvest/{quote(name, safe='')}/accept",
            {"lang": lang},
            body=body,
        )

    def delete_source_description(self, name: str, *, if_match: str) -> None:
        """Remove a source with what is staged; what is published from it stays."""
        return self._nothing(
            "DELETE",
            f"/api/v1/harvest/{quote(name, safe='')}/description",
            {},
            headers={"If-Match": if_match},
        )

    def get_source_description(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDescription:
        """Give the description of a source as it is written; its `ETag` is needed to change it."""
        return self._call(
            DocumentOfDescription,
            "GET",
            f"/api/v1/harvest/{quote(name, safe='')}/description",
            {"lang": lang},
        )

    def put_source_description(
        self,
        name: str,
        body: SourceIn,
        *,
        if_none_match: Literal["*"] | None = None,
        if_match: str | None = None,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfDescription:
        """Add a source (`If-None-Match: *`), or change how one is described (`If-Match`).

        What is published stays as it is until a harvest is accepted. That a source may lie in a
        private network is said on the command line only, and is lost when it is changed here.
        """
        return self._call(
            DocumentOfDescription,
            "PUT",
            f"/api/v1/harvest/{quote(name, safe='')}/description",
            {"lang": lang},
            body=body,
            headers={"If-None-Match": if_none_match, "If-Match": if_match},
        )

    def reject_harvest(
        self, name: str, body: DigestIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfReport:
        """Do not publish what is staged; what is published stays as it is."""
        return self._call(
            DocumentOfReport,
            "POST",
            f"/api/v1/harvest/{quote(name, safe='')}/reject",
            {"lang": lang},
            body=body,
        )

    def get_harvest_report(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfReport:
        """Give the report of the last harvest: what changes, what breaks a rule, what is unread."""
        return self._call(
            DocumentOfReport,
            "GET",
            f"/api/v1/harvest/{quote(name, safe='')}/report",
            {"lang": lang},
        )

    def cancel_harvest(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfJob:
        """Cancel the harvest of a source, whoever started it; the next goes on where it was."""
        return self._call(
            DocumentOfJob, "DELETE", f"/api/v1/harvest/{quote(name, safe='')}/run", {"lang": lang}
        )

    def run_harvest(self, name: str, *, lang: Literal["de", "en"] | None = None) -> DocumentOfJob:
        """Harvest a source now, as a job: `Location` names it.

        What changes waits to be accepted, unless the source may publish what conforms.
        """
        return self._call(
            DocumentOfJob, "POST", f"/api/v1/harvest/{quote(name, safe='')}/run", {"lang": lang}
        )

    def list_identity_decisions(
        self, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfDecision:
        """List what has been decided, in the reference data and here."""
        return self._call(
            DocumentOfListOfDecision, "GET", "/api/v1/identity/decisions", {"lang": lang}
        )

    def decide_identity(
        self, body: DecisionIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDecision:
        """Decide about two entries; both stay, and are linked when they are the same.

        The decision is seen by whoever may see both. One that contradicts others is refused.
        """
        return self._call(
            DocumentOfDecision, "POST", "/api/v1/identity/decisions", {"lang": lang}, body=body
        )

    def withdraw_identity(self, name: str, *, if_match: str) -> None:
        """Take a decision back, so that the pair is proposed again."""
        return self._nothing(
            "DELETE",
            f"/api/v1/identity/decisions/{quote(name, safe='')}",
            {},
            headers={"If-Match": if_match},
        )

    def revise_identity(
        self, name: str, body: RevisionIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDecision:
        """Change a decision that was made here."""
        return self._call(
            DocumentOfDecision,
            "PUT",
            f"/api/v1/identity/decisions/{quote(name, safe='')}",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def list_identity_proposals(
        self, *, likely: float | None = None, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfPair:
        """List pairs of entries that may mean one organisation and that nobody has decided about.

        The likeliest come first, each with its score, the evidence and what it suggests.
        """
        return self._call(
            DocumentOfListOfPair,
            "GET",
            "/api/v1/identity/proposals",
            {"likely": likely, "lang": lang},
        )

    def list_jobs(self, *, lang: Literal["de", "en"] | None = None) -> DocumentOfListOfJob:
        """List your jobs, the newest first."""
        return self._call(DocumentOfListOfJob, "GET", "/api/v1/jobs", {"lang": lang})

    def start_job(
        self,
        body: ConsortiaIn | UnlockingIn | DumpsIn | HarvestIn,
        *,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfJob:
        """Start a job; `Location` names it. Send an `Idempotency-Key` to start it only once."""
        return self._call(DocumentOfJob, "POST", "/api/v1/jobs", {"lang": lang}, body=body)

    def cancel_job(self, name: str, *, lang: Literal["de", "en"] | None = None) -> DocumentOfJob:
        """Cancel a job; clear one away that has ended."""
        return self._call(
            DocumentOfJob, "DELETE", f"/api/v1/jobs/{quote(name, safe='')}", {"lang": lang}
        )

    def get_job(self, name: str, *, lang: Literal["de", "en"] | None = None) -> DocumentOfJob:
        """Say how a job stands."""
        return self._call(
            DocumentOfJob, "GET", f"/api/v1/jobs/{quote(name, safe='')}", {"lang": lang}
        )

    def follow_job(self, name: str) -> Iterator[Job]:
        """Follow a job as server-sent events until it ends; `Last-Event-ID` goes on from there."""
        return self._events(Job, "GET", f"/api/v1/jobs/{quote(name, safe='')}/events", {})

    def get_job_result(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfDictOfStrOfAny:
        """Give the result of a job that is done."""
        return self._call(
            DocumentOfDictOfStrOfAny,
            "GET",
            f"/api/v1/jobs/{quote(name, safe='')}/result",
            {"lang": lang},
        )

    def list_keys(self, *, lang: Literal["de", "en"] | None = None) -> DocumentOfListOfKey:
        """List all keys, the oldest first."""
        return self._call(DocumentOfListOfKey, "GET", "/api/v1/keys", {"lang": lang})

    def make_key(self, body: KeyIn, *, lang: Literal["de", "en"] | None = None) -> DocumentOfMade:
        """Make a key; its token is shown now and never again."""
        return self._call(DocumentOfMade, "POST", "/api/v1/keys", {"lang": lang}, body=body)

    def revoke_key(self, name: str, *, lang: Literal["de", "en"] | None = None) -> DocumentOfKey:
        """Revoke a key, now and for ever."""
        return self._call(
            DocumentOfKey, "DELETE", f"/api/v1/keys/{quote(name, safe='')}", {"lang": lang}
        )

    def list_matches(
        self,
        *,
        competence: str,
        step: str | None = None,
        material: Sequence[str] | None = None,
        certificate: Sequence[str] | None = None,
        latitude: float | None = None,
        longitude: float | None = None,
        max_distance_km: float | None = None,
        lang: Literal["de", "en"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageOfMatch:
        """List who can serve one requirement, the cheapest match first."""
        return self._call(
            PageOfMatch,
            "GET",
            "/api/v1/matches",
            {
                "competence": competence,
                "step": step,
                "material": material,
                "certificate": certificate,
                "latitude": latitude,
                "longitude": longitude,
                "max_distance_km": max_distance_km,
                "lang": lang,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def list_needs(
        self, *, status: Sequence[NeedStatus] | None = None, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfResearchNeed:
        """List the R&D needs."""
        return self._call(
            DocumentOfListOfResearchNeed, "GET", "/api/v1/needs", {"status": status, "lang": lang}
        )

    def record_need(
        self, body: ResearchNeedIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfResearchNeed:
        """Record a need; it is open."""
        return self._call(
            DocumentOfResearchNeed, "POST", "/api/v1/needs", {"lang": lang}, body=body
        )

    def list_initiatives(
        self, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfInitiative:
        """List the initiatives."""
        return self._call(
            DocumentOfListOfInitiative, "GET", "/api/v1/needs/initiatives", {"lang": lang}
        )

    def record_initiative(
        self, body: InitiativeIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfInitiative:
        """Record an initiative with its topics and what it bundles."""
        return self._call(
            DocumentOfInitiative, "POST", "/api/v1/needs/initiatives", {"lang": lang}, body=body
        )

    def get_initiative(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfInitiative:
        """Give one initiative; its `ETag` is needed to change it."""
        return self._call(
            DocumentOfInitiative,
            "GET",
            f"/api/v1/needs/initiatives/{quote(name, safe='')}",
            {"lang": lang},
        )

    def bundle(
        self, name: str, body: BundleIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfInitiative:
        """Change what an initiative bundles."""
        return self._call(
            DocumentOfInitiative,
            "PATCH",
            f"/api/v1/needs/initiatives/{quote(name, safe='')}",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def list_meetings(
        self, *, most: int | None = None, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfMeeting:
        """Say who should meet whom: complementary on the chain, strangers, near each other."""
        return self._call(
            DocumentOfListOfMeeting, "GET", "/api/v1/needs/meetings", {"most": most, "lang": lang}
        )

    def get_need(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfResearchNeed:
        """Give one need; its `ETag` is needed to change it."""
        return self._call(
            DocumentOfResearchNeed, "GET", f"/api/v1/needs/{quote(name, safe='')}", {"lang": lang}
        )

    def match_need(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfResearchMatch:
        """Say which research organisations and centres answer a need, the best first, and why."""
        return self._call(
            DocumentOfListOfResearchMatch,
            "GET",
            f"/api/v1/needs/{quote(name, safe='')}/research",
            {"lang": lang},
        )

    def change_need_status(
        self,
        name: str,
        body: NeedStatusIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfResearchNeed:
        """Say how far a need has been dealt with, and who takes care of it."""
        return self._call(
            DocumentOfResearchNeed,
            "PUT",
            f"/api/v1/needs/{quote(name, safe='')}/status",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def list_organisations(
        self,
        *,
        q: str | None = None,
        competence: Sequence[str] | None = None,
        type: Literal[
            "Association",
            "Cluster",
            "Company",
            "Organization",
            "PublicAuthority",
            "ResearchInstitution",
            "TransferCentre",
        ]
        | None = None,
        district: str | None = None,
        step: str | None = None,
        lang: Literal["de", "en"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageOfOrganisation:
        """List the organisations that pass every filter, by name."""
        return self._call(
            PageOfOrganisation,
            "GET",
            "/api/v1/organisations",
            {
                "q": q,
                "competence": competence,
                "type": type,
                "district": district,
                "step": step,
                "lang": lang,
                "limit": limit,
                "cursor": cursor,
            },
        )

    def get_organisation(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfOrganisationDetail:
        """Give one organisation, by identifier or name, with claims, certificates and ties."""
        return self._call(
            DocumentOfOrganisationDetail,
            "GET",
            f"/api/v1/organisations/{quote(name, safe='')}",
            {"lang": lang},
        )

    def check_profile(
        self, body: ProfileIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfSubmitted:
        """Check a profile without keeping anything: each fault at its field."""
        return self._call(
            DocumentOfSubmitted, "POST", "/api/v1/profiles/checks", {"lang": lang}, body=body
        )

    def get_profile_form(self, *, lang: Literal["de", "en"] | None = None) -> DocumentOfForm:
        """Give the form of a profile, derived from the SHACL shapes, with all allowed values."""
        return self._call(DocumentOfForm, "GET", "/api/v1/profiles/form", {"lang": lang})

    def list_renewals(
        self,
        *,
        day: str | None = None,
        within_days: int | None = None,
        old_after_years: int | None = None,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfListOfRenewal:
        """List the facts that have ended, end soon or have grown old, with whom to ask."""
        return self._call(
            DocumentOfListOfRenewal,
            "GET",
            "/api/v1/profiles/renewals",
            {
                "day": day,
                "within_days": within_days,
                "old_after_years": old_after_years,
                "lang": lang,
            },
        )

    def list_submissions(
        self,
        *,
        status: Literal["submitted", "published", "rejected"] | None = None,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfListOfSubmissionLine:
        """List the submitted profiles, the oldest first."""
        return self._call(
            DocumentOfListOfSubmissionLine,
            "GET",
            "/api/v1/profiles/submissions",
            {"status": status, "lang": lang},
        )

    def submit_profile(
        self, body: ProfileIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfSubmitted:
        """Submit a profile for review; partners and coordinators may.

        It is quoted in a graph of its own and a fact for nobody until it is published.
        """
        return self._call(
            DocumentOfSubmitted, "POST", "/api/v1/profiles/submissions", {"lang": lang}, body=body
        )

    def get_submission(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfSubmission:
        """Give one submission with what its publication would change; its `ETag` is for the review."""
        return self._call(
            DocumentOfSubmission,
            "GET",
            f"/api/v1/profiles/submissions/{quote(name, safe='')}",
            {"lang": lang},
        )

    def publish_submission(
        self, name: str, body: ReviewIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfSubmission:
        """Put what a submission proposes in place of the published profile, for everybody to see."""
        return self._call(
            DocumentOfSubmission,
            "POST",
            f"/api/v1/profiles/submissions/{quote(name, safe='')}/publication",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def reject_submission(
        self, name: str, body: ReviewIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfSubmission:
        """Note why a submission is not published."""
        return self._call(
            DocumentOfSubmission,
            "POST",
            f"/api/v1/profiles/submissions/{quote(name, safe='')}/rejection",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def get_completeness(
        self, organisation: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfCompleteness:
        """Say what the profile of an organisation leaves open."""
        return self._call(
            DocumentOfCompleteness,
            "GET",
            f"/api/v1/profiles/{quote(organisation, safe='')}/completeness",
            {"lang": lang},
        )

    def get_effects(
        self, organisation: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfEffect:
        """Say what stating one more fact would bring; partners and coordinators may ask.

        The open enquiries are answered again with each fact, which takes a second or more.
        """
        return self._call(
            DocumentOfListOfEffect,
            "GET",
            f"/api/v1/profiles/{quote(organisation, safe='')}/effects",
            {"lang": lang},
        )

    def list_projects(
        self,
        *,
        phase: Phase | None = None,
        day: str | None = None,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfListOfProjectLine:
        """List the supported projects, by name."""
        return self._call(
            DocumentOfListOfProjectLine,
            "GET",
            "/api/v1/projects",
            {"phase": phase, "day": day, "lang": lang},
        )

    def start_project(
        self, body: PlanIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProject:
        """Begin a project, in preparation."""
        return self._call(DocumentOfProject, "POST", "/api/v1/projects", {"lang": lang}, body=body)

    def list_due_milestones(
        self,
        *,
        day: str | None = None,
        within_days: int | None = None,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfListOfDue:
        """List the open milestones that become due within some days, the next first."""
        return self._call(
            DocumentOfListOfDue,
            "GET",
            "/api/v1/projects/due",
            {"day": day, "within_days": within_days, "lang": lang},
        )

    def check_project_idea(
        self, body: IdeaIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfFunding:
        """Hold an idea, of which nothing is recorded, against programmes: what would have to change."""
        return self._call(
            DocumentOfFunding, "POST", "/api/v1/projects/ideas/funding", {"lang": lang}, body=body
        )

    def list_overdue_milestones(
        self, *, day: str | None = None, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfDue:
        """List the milestones that are overdue on a day, the longest overdue first."""
        return self._call(
            DocumentOfListOfDue, "GET", "/api/v1/projects/overdue", {"day": day, "lang": lang}
        )

    def get_project(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProject:
        """Give one project, by identifier or name; its `ETag` is what changes are based on."""
        return self._call(
            DocumentOfProject, "GET", f"/api/v1/projects/{quote(name, safe='')}", {"lang": lang}
        )

    def revise_project(
        self, name: str, body: PlanIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProject:
        """Put another plan in place of a project's own."""
        return self._call(
            DocumentOfProject,
            "PUT",
            f"/api/v1/projects/{quote(name, safe='')}",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def check_project_amounts(
        self,
        name: str,
        *,
        programme: str | None = None,
        lang: Literal["de", "en"] | None = None,
        civilian: bool | None = None,
        structurally_weak: bool | None = None,
        young: Sequence[str] | None = None,
    ) -> DocumentOfListOfAmountCheck:
        """Hold the financial plan against the rates and ceilings of a programme, with sources.

        Of the programme under which funding is sought unless another is named.
        """
        return self._call(
            DocumentOfListOfAmountCheck,
            "GET",
            f"/api/v1/projects/{quote(name, safe='')}/amounts",
            {
                "programme": programme,
                "lang": lang,
                "civilian": civilian,
                "structurally_weak": structurally_weak,
                "young": young,
            },
        )

    def add_budget_line(
        self,
        name: str,
        body: BudgetLineIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfProject:
        """Add what a partner plans for one category of cost."""
        return self._call(
            DocumentOfProject,
            "POST",
            f"/api/v1/projects/{quote(name, safe='')}/budget",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def remove_budget_line(
        self, name: str, line: str, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProject:
        """Remove a budget line."""
        return self._call(
            DocumentOfProject,
            "DELETE",
            f"/api/v1/projects/{quote(name, safe='')}/budget/{quote(line, safe='')}",
            {"lang": lang},
            headers={"If-Match": if_match},
        )

    def book_amounts(
        self,
        name: str,
        line: str,
        body: AmountsIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfProject:
        """Put new amounts, planned, claimed and paid, in place of those of a budget line."""
        return self._call(
            DocumentOfProject,
            "PUT",
            f"/api/v1/projects/{quote(name, safe='')}/budget/{quote(line, safe='')}",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def check_project_funding(
        self,
        name: str,
        *,
        programme: str | None = None,
        lang: Literal["de", "en"] | None = None,
        civilian: bool | None = None,
        structurally_weak: bool | None = None,
        young: Sequence[str] | None = None,
    ) -> DocumentOfFunding:
        """Hold a project against one programme or all: eligible, not, or whom to ask."""
        return self._call(
            DocumentOfFunding,
            "GET",
            f"/api/v1/projects/{quote(name, safe='')}/funding",
            {
                "programme": programme,
                "lang": lang,
                "civilian": civilian,
                "structurally_weak": structurally_weak,
                "young": young,
            },
        )

    def add_milestone(
        self,
        name: str,
        body: MilestoneIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfProject:
        """Add a milestone."""
        return self._call(
            DocumentOfProject,
            "POST",
            f"/api/v1/projects/{quote(name, safe='')}/milestones",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def remove_milestone(
        self, name: str, milestone: str, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProject:
        """Remove a milestone."""
        return self._call(
            DocumentOfProject,
            "DELETE",
            f"/api/v1/projects/{quote(name, safe='')}/milestones/{quote(milestone, safe='')}",
            {"lang": lang},
            headers={"If-Match": if_match},
        )

    def complete_milestone(
        self,
        name: str,
        milestone: str,
        body: DoneIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfProject:
        """Note when a milestone was done, or open it again."""
        return self._call(
            DocumentOfProject,
            "PUT",
            f"/api/v1/projects/{quote(name, safe='')}/milestones/{quote(milestone, safe='')}/done",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def move_milestone(
        self,
        name: str,
        milestone: str,
        body: DueIn,
        *,
        if_match: str,
        lang: Literal["de", "en"] | None = None,
    ) -> DocumentOfProject:
        """Give a milestone another due date."""
        return self._call(
            DocumentOfProject,
            "PUT",
            f"/api/v1/projects/{quote(name, safe='')}/milestones/{quote(milestone, safe='')}/due",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def add_project_partner(
        self, name: str, body: PartnerIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProject:
        """Add a partner with its role."""
        return self._call(
            DocumentOfProject,
            "POST",
            f"/api/v1/projects/{quote(name, safe='')}/partners",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def remove_project_partner(
        self, name: str, membership: str, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProject:
        """Take a partner out for whom no money is planned."""
        return self._call(
            DocumentOfProject,
            "DELETE",
            f"/api/v1/projects/{quote(name, safe='')}/partners/{quote(membership, safe='')}",
            {"lang": lang},
            headers={"If-Match": if_match},
        )

    def set_project_phase(
        self, name: str, body: PhaseIn, *, if_match: str, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfProject:
        """Move a project into a phase; it waits for an approval that is planned and has not come."""
        return self._call(
            DocumentOfProject,
            "PUT",
            f"/api/v1/projects/{quote(name, safe='')}/phase",
            {"lang": lang},
            body=body,
            headers={"If-Match": if_match},
        )

    def list_queries(
        self,
        *,
        tag: str | None = None,
        lang: Literal["de", "en"] | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageOfQuery:
        """List the queries with their parameters and columns, by name.

        `text/turtle` gives all of them as SHACL SPARQL executables, in both languages.
        """
        return self._call(
            PageOfQuery,
            "GET",
            "/api/v1/queries",
            {"tag": tag, "lang": lang, "limit": limit, "cursor": cursor},
        )

    def query_bridge_organisations(self) -> Table:
        """Organisations with a documented membership of at least two groups, with the number of groups and of partners from projects and relations.

        Columns:

        - `organisation`: Organisation
        - `label`: Name
        - `groups`: Number of clusters and networks
        - `partners`: Number of partners
        """
        return self._table("GET", "/api/v1/queries/bridge-organisations", {})

    def query_brokers(self) -> Table:
        """Organisations on at least one shortest path between others, by their share in these (Freeman 1977), with the number of partners and the number of parts into which the network would fall without them (1: it would stay whole). Computed at load time.

        Columns:

        - `betweenness`: Share in shortest paths, 0 to 1
        - `partners`: Number of partners
        - `parts`: Parts of the network without it
        - `label`: Name
        - `organisation`: Organisation
        """
        return self._table("GET", "/api/v1/queries/brokers", {})

    def query_candidates_for_enquiry(self, *, enquiry: str, today: str) -> Table:
        """Claims that are valid on the chosen day and state the required competence or a narrower one. A claim that states other steps or only other materials is left out; one that states none stays, for unknown is not no.

        Columns:

        - `position`: Number of the requirement
        - `requirement`: Requirement
        - `needed`: What is needed
        - `label`: Name
        - `organisation`: Organisation
        - `claim`: Claim
        - `term`: Words of the source
        - `confidence`: Confidence, 0 to 1
        """
        return self._table(
            "GET", "/api/v1/queries/candidates-for-enquiry", {"enquiry": enquiry, "today": today}
        )

    def query_certificates_ending(self, *, before: str) -> Table:
        """Certificates of which the validity ends before the day, with the claims that rest on them. A certificate without a recorded end is left out.

        Columns:

        - `end`: Valid until
        - `certificate`: Certificate
        - `certificateLabel`: Label of the certificate
        - `holder`: Holder
        - `holderLabel`: Name of the holder
        - `claim`: Claim
        """
        return self._table("GET", "/api/v1/queries/certificates-ending", {"before": before})

    def query_certified_at_site(self, *, type: str, today: str) -> Table:
        """Claims that rest on a certificate of the type that is valid on the day and covers their site. A certificate without a recorded scope is left out: unknown is not yes.

        Columns:

        - `label`: Name
        - `organisation`: Organisation
        - `site`: Site
        - `claim`: Claim
        - `certificate`: Certificate
        """
        return self._table(
            "GET", "/api/v1/queries/certified-at-site", {"type": type, "today": today}
        )

    def query_claims_of_organisation(
        self, *, organisation: str, language: str | None = None
    ) -> Table:
        """Each capability claim with the words of its source, the competence assigned to it, its basis (stated, or inferred from products), confidence, year and source. One row for each source.

        Columns:

        - `claim`: Claim
        - `term`: Words of the source
        - `competence`: Assigned competence
        - `competenceLabel`: Label of the competence
        - `detail`: Details
        - `basis`: Basis of the evidence
        - `reading`: Reading of the evidence
        - `confidence`: Confidence, 0 to 1
        - `evidenceYear`: Year of the evidence
        - `source`: Source
        """
        return self._table(
            "GET",
            "/api/v1/queries/claims-of-organisation",
            {"organisation": organisation, "language": language},
        )

    def query_claims_to_renew(self, *, before: str, oldest: int) -> Table:
        """Claims of which the validity ends before the day; without a recorded end those of which the evidence is older than the year. A claim with neither end nor year is left out.

        Columns:

        - `holderLabel`: Name of the organisation
        - `holder`: Organisation
        - `claim`: Claim
        - `term`: Trade term
        - `end`: Valid until
        - `year`: Year of evidence
        """
        return self._table(
            "GET", "/api/v1/queries/claims-to-renew", {"before": before, "oldest": oldest}
        )

    def query_cluster_members(self, *, cluster: str | None = None) -> Table:
        """Documented memberships with role and source. Only what sources name: the clusters' own lists are mostly longer.

        Columns:

        - `cluster`: Cluster
        - `clusterLabel`: Name of the cluster
        - `member`: Member
        - `memberLabel`: Name of the member
        - `town`: Town of the main site
        - `role`: Role
        - `source`: Source
        """
        return self._table("GET", "/api/v1/queries/cluster-members", {"cluster": cluster})

    def query_clusters_for_enquiry(self, *, enquiry: str) -> Table:
        """Number of required competences, and of members with claims for them, for each cluster with memberships valid today.

        Columns:

        - `competences`: Required competences covered
        - `members`: Members with claims for them
        - `clusterLabel`: Name of the cluster
        - `cluster`: Cluster
        """
        return self._table("GET", "/api/v1/queries/clusters-for-enquiry", {"enquiry": enquiry})

    def query_collaboration_communities(self, *, language: str | None = None) -> Table:
        """Communities in the network of documented collaboration (modularity after Clauset, Newman and Moore), the largest first, with their members. Computed at load time.

        Columns:

        - `size`: Number of organisations
        - `community`: Community
        - `communityLabel`: Label
        - `label`: Name
        - `organisation`: Organisation
        """
        return self._table(
            "GET", "/api/v1/queries/collaboration-communities", {"language": language}
        )

    def query_collaborations_of_candidates(self, *, enquiry: str) -> Table:
        """Pairs of organisations with claims for required competences that were partners in a project or a relation, with the number of occasions. Each pair stands once.

        Columns:

        - `one`: Organisation
        - `oneLabel`: Name
        - `other`: Partner
        - `otherLabel`: Name of the partner
        - `occasions`: Number of occasions
        """
        return self._table(
            "GET", "/api/v1/queries/collaborations-of-candidates", {"enquiry": enquiry}
        )

    def query_collaborations_of_organisation(self, *, organisation: str) -> Table:
        """Partners from joint projects and from relations that a source names. One row for each partner and occasion. Common membership of a cluster does not count here.

        Columns:

        - `partner`: Partner
        - `partnerLabel`: Name of the partner
        - `occasion`: Project or relation
        - `occasionLabel`: Label
        - `kind`: Kind of project or relation
        """
        return self._table(
            "GET", "/api/v1/queries/collaborations-of-organisation", {"organisation": organisation}
        )

    def query_competences_that_unlock_enquiries(self, *, language: str | None = None) -> Table:
        """Required competences without any claim, with the number of open enquiries that lack them as mandatory, and of those that lack nothing else: these could then be met in full. Only competences are read, not limits or places.

        Columns:

        - `unlocked`: Enquiries that lack it alone
        - `wanting`: Enquiries that lack it
        - `competence`: Competence
        - `competenceLabel`: Label of the competence
        """
        return self._table(
            "GET", "/api/v1/queries/competences-that-unlock-enquiries", {"language": language}
        )

    def query_competences_without_claim(self, *, language: str | None = None) -> Table:
        """Concepts of the competence scheme without any claim, not even for a narrower one, with the next broader competence and the number of organisations that have that one.

        Columns:

        - `competence`: Competence without claim
        - `label`: Label
        - `broader`: Broader competence
        - `broaderLabel`: Label of the broader one
        - `organisations`: Organisations with the broader one
        """
        return self._table(
            "GET", "/api/v1/queries/competences-without-claim", {"language": language}
        )

    def query_contacts_for_enquiry(self, *, enquiry: str) -> Table:
        """Organisations whose remit names a required competence or a broader one, with their contact point. Contact points are roles, not persons.

        Columns:

        - `label`: Name
        - `organisation`: Organisation
        - `served`: Competence of the remit
        - `email`: E-mail of the contact point
        """
        return self._table("GET", "/api/v1/queries/contacts-for-enquiry", {"enquiry": enquiry})

    def query_coverage_by_step_and_cluster(self, *, language: str | None = None) -> Table:
        """Counts members with a membership valid today, and their claims, by step and cluster.

        Columns:

        - `order`: Order of the step
        - `step`: Step
        - `stepLabel`: Label of the step
        - `cluster`: Cluster
        - `clusterLabel`: Name of the cluster
        - `members`: Number of members
        - `claims`: Number of claims
        """
        return self._table(
            "GET", "/api/v1/queries/coverage-by-step-and-cluster", {"language": language}
        )

    def query_coverage_by_step_and_district(self, *, language: str | None = None) -> Table:
        """Counts organisations and claims by step and district of the main site. Organisations without a known district are left out; a claim with several steps counts for each.

        Columns:

        - `order`: Order of the step
        - `step`: Step
        - `stepLabel`: Label of the step
        - `district`: District
        - `districtLabel`: Name of the district
        - `organisations`: Number of organisations
        - `claims`: Number of claims
        """
        return self._table(
            "GET", "/api/v1/queries/coverage-by-step-and-district", {"language": language}
        )

    def query_coverage_up_to_step(self, *, last: str, language: str | None = None) -> Table:
        """The step itself and all that precede it, the thinnest first, with the number of organisations and claims. Zero means that no source names anybody.

        Columns:

        - `organisations`: Number of organisations
        - `claims`: Number of claims
        - `order`: Order of the step
        - `step`: Step
        - `stepLabel`: Label of the step
        """
        return self._table(
            "GET", "/api/v1/queries/coverage-up-to-step", {"last": last, "language": language}
        )

    def query_enquiries_by_status(self, *, language: str | None = None) -> Table:
        """Counts enquiries by their recorded status. Without a recorded status an enquiry counts as open.

        Columns:

        - `enquiries`: Number of enquiries
        - `dated`: Of these, with a due date
        - `statusLabel`: Status
        - `status`: Concept of the status
        """
        return self._table("GET", "/api/v1/queries/enquiries-by-status", {"language": language})

    def query_enquiries_closable_within_distance(
        self, *, town: str, distance: float | None = None, language: str | None = None
    ) -> Table:
        """Number of mandatory competences of each open enquiry and of those for which a site within the distance has a claim; where both are equal, the chain closes. Distances are as the crow flies, to within 0.2 % between 49 and 53 degrees north; most sites are known to the centre of their town.

        Columns:

        - `missing`: Competences missing
        - `mandatory`: Mandatory competences
        - `covered`: Of these, within the distance
        - `title`: Title
        - `enquiry`: Enquiry
        """
        return self._table(
            "GET",
            "/api/v1/queries/enquiries-closable-within-distance",
            {"town": town, "distance": distance, "language": language},
        )

    def query_enquiries_with_requirements(
        self, *, enquiry: str | None = None, language: str | None = None
    ) -> Table:
        """One row for each requirement, in the order of the enquiry, with the number of organisations that have a claim for the competence or a narrower one.

        Columns:

        - `enquiry`: Enquiry
        - `title`: Title
        - `position`: Number of the requirement
        - `requirement`: Requirement
        - `needed`: What is needed
        - `competence`: Required competence
        - `competenceLabel`: Label of the competence
        - `mandatory`: Must be met
        - `organisations`: Organisations with this competence
        """
        return self._table(
            "GET",
            "/api/v1/queries/enquiries-with-requirements",
            {"enquiry": enquiry, "language": language},
        )

    def query_evidence_by_step(self, *, language: str | None = None) -> Table:
        """Number of claims for each step, of these stated ones (not inferred from products), certain ones (from 0.8), those without a year, and the latest year.

        Columns:

        - `order`: Order of the step
        - `step`: Step
        - `stepLabel`: Label of the step
        - `claims`: Number of claims
        - `stated`: Stated
        - `certain`: Confidence from 0.8
        - `undated`: Without a year
        - `latestYear`: Latest year; empty when none is known
        """
        return self._table("GET", "/api/v1/queries/evidence-by-step", {"language": language})

    def query_freshness_by_year(self) -> Table:
        """Number of claims and organisations for each year of the evidence, the newest first; the row without a year counts claims of which the source shows no date.

        Columns:

        - `evidenceYear`: Year of the evidence
        - `claims`: Number of claims
        - `organisations`: Number of organisations
        """
        return self._table("GET", "/api/v1/queries/freshness-by-year", {})

    def query_funding_rules_of_programme(
        self, *, programme: str, language: str | None = None
    ) -> Table:
        """Each rule with its kind, comparison, value and unit, its wording and source. What counts is the guideline itself, not this extract.

        Columns:

        - `type`: Group of the rule
        - `kind`: Kind of rule
        - `kindLabel`: Label of the kind
        - `criterion`: Rule
        - `operator`: Comparison
        - `value`: Value
        - `unit`: Unit
        - `appliesTo`: Applies to
        - `description`: Wording
        - `source`: Source
        """
        return self._table(
            "GET",
            "/api/v1/queries/funding-rules-of-programme",
            {"programme": programme, "language": language},
        )

    def query_graphs_on_organisation(self, *, organisation: str) -> Table:
        """Each named graph with statements on the organisation, their number, its date and its visibility. What the asker may not see is left out.

        Columns:

        - `graph`: Graph
        - `statements`: Number of statements
        - `generated`: Generated
        - `rights`: Access rights
        """
        return self._table(
            "GET", "/api/v1/queries/graphs-on-organisation", {"organisation": organisation}
        )

    def query_limits_of_candidates(self, *, enquiry: str) -> Table:
        """One row for each required limit and claim for the required competence: yes, no or unknown, by the fit rule of the dimension. Only values in the same unit are compared; otherwise it is unknown.

        Columns:

        - `position`: Number of the requirement
        - `requirement`: Requirement
        - `dimension`: Dimension
        - `label`: Name
        - `organisation`: Organisation
        - `claim`: Claim
        - `covers`: Covers the value: yes, no, unknown
        """
        return self._table("GET", "/api/v1/queries/limits-of-candidates", {"enquiry": enquiry})

    def query_members_of_consortium(self, *, consortium: str) -> Table:
        """One row for each member and requirement assigned to it; rows without a member are gaps with their reason.

        Columns:

        - `label`: Name
        - `member`: Member
        - `role`: Role
        - `requirement`: Requirement
        - `grade`: Grade of the match
        - `score`: Score of the match, 0 to 1
        - `reason`: Reason of the gap
        """
        return self._table(
            "GET", "/api/v1/queries/members-of-consortium", {"consortium": consortium}
        )

    def query_needs_without_partner(self) -> Table:
        """Open needs for whose competence no research institution has a claim and which no initiative bundles.

        Columns:

        - `needLabel`: Label of the need
        - `need`: Need
        - `competence`: Competence
        - `raisedBy`: Raised by
        """
        return self._table("GET", "/api/v1/queries/needs-without-partner", {})

    def query_open_enquiries(
        self, *, direction: str | None = None, language: str | None = None
    ) -> Table:
        """All enquiries that are neither answered nor closed, with the number of mandatory requirements, of those that claims cover, and of those recorded as a gap. Without a recorded status an enquiry counts as open.

        Columns:

        - `enquiry`: Enquiry
        - `title`: Title
        - `direction`: Direction
        - `due`: Due on
        - `mandatory`: Mandatory requirements
        - `covered`: Of these, covered by claims
        - `gaps`: Of these, recorded as gap
        """
        return self._table(
            "GET", "/api/v1/queries/open-enquiries", {"direction": direction, "language": language}
        )

    def query_organisations_by_competence(
        self, *, competence: str, language: str | None = None
    ) -> Table:
        """All organisations with a claim for this competence or a narrower one. One row for each claim, with the confidence and the year of its evidence.

        Columns:

        - `organisation`: Organisation
        - `label`: Name
        - `town`: Town of the main site
        - `claim`: Claim
        - `offered`: Claimed competence
        - `offeredLabel`: Label of the competence
        - `confidence`: Confidence, 0 to 1
        - `evidenceYear`: Year of the evidence
        """
        return self._table(
            "GET",
            "/api/v1/queries/organisations-by-competence",
            {"competence": competence, "language": language},
        )

    def query_organisations_with_neighbouring_steps(self) -> Table:
        """Number of pairs of directly successive steps for both of which an organisation has claims.

        Columns:

        - `handovers`: Hand-overs within the house
        - `label`: Name
        - `organisation`: Organisation
        """
        return self._table("GET", "/api/v1/queries/organisations-with-neighbouring-steps", {})

    def query_overdue_replies(self, *, today: str) -> Table:
        """Referrals with a time limit before the given day and without outcome, the oldest first; not of enquiries that are won, lost or closed.

        Columns:

        - `replyBy`: Time limit
        - `label`: Name
        - `organisation`: Organisation
        - `enquiry`: Enquiry
        - `referral`: Referral
        """
        return self._table("GET", "/api/v1/queries/overdue-replies", {"today": today})

    def query_partners_with_budget(self) -> Table:
        """For each project and partner the sums of the budget lines in euros: cost, grant, claimed, paid. Visible only where projects are, so to the coordination office.

        Columns:

        - `projectLabel`: Label of the project
        - `project`: Project
        - `partnerLabel`: Name of the partner
        - `partner`: Partner
        - `costEur`: Planned cost in euros
        - `grantEur`: Planned grant in euros
        - `claimedEur`: Claimed in euros
        - `paidEur`: Paid in euros
        """
        return self._table("GET", "/api/v1/queries/partners-with-budget", {})

    def query_programmes_beyond_state(self, *, today: str) -> Table:
        """Programmes of the federal or EU level, or with a funding region outside Thuringia (NUTS DEG), of which the deadline has not passed. Without a recorded deadline a programme counts as open.

        Columns:

        - `deadline`: Deadline
        - `programmeLabel`: Name of the programme
        - `programme`: Programme
        - `level`: Level
        - `region`: Funding region
        """
        return self._table("GET", "/api/v1/queries/programmes-beyond-state", {"today": today})

    def query_programmes_for_consortium(self, *, consortium: str) -> Table:
        """Programmes of which the rule on the kind of applicants is met by at least as many members as the rule on the least number of independent partners asks for (without such a rule: one). This query checks no other rules.

        Columns:

        - `programmeLabel`: Name of the programme
        - `programme`: Programme
        - `eligible`: Eligible members
        - `needed`: Number needed
        """
        return self._table(
            "GET", "/api/v1/queries/programmes-for-consortium", {"consortium": consortium}
        )

    def query_projects_by_phase(self, *, today: str) -> Table:
        """Projects with a recorded phase; one row for each overdue milestone not done, otherwise one without milestone.

        Columns:

        - `phase`: Phase
        - `projectLabel`: Label of the project
        - `project`: Project
        - `due`: Due since
        - `milestone`: Overdue milestone
        - `kind`: Kind of milestone
        """
        return self._table("GET", "/api/v1/queries/projects-by-phase", {"today": today})

    def query_projects_with_partners(self, *, partner: str | None = None) -> Table:
        """One row for each project and documented partner. Whether the list of partners is complete is said; empty means unknown.

        Columns:

        - `project`: Project
        - `label`: Label
        - `start`: Start
        - `end`: End
        - `partner`: Partner
        - `partnerLabel`: Name of the partner
        - `role`: Role
        - `isComplete`: List of partners is complete
        """
        return self._table("GET", "/api/v1/queries/projects-with-partners", {"partner": partner})

    def query_providers_within_distance(
        self, *, competence: str, town: str, distance: float | None = None
    ) -> Table:
        """Claims for the competence or a narrower one of which the site lies within the distance. Distances are as the crow flies, to within 0.2 % between 49 and 53 degrees north; most sites are known to the centre of their town.

        Columns:

        - `label`: Name
        - `organisation`: Organisation
        - `site`: Site
        - `place`: Town of the site
        - `latitude`: Degrees north
        - `longitude`: Degrees east
        - `claims`: Number of claims
        """
        return self._table(
            "GET",
            "/api/v1/queries/providers-within-distance",
            {"competence": competence, "town": town, "distance": distance},
        )

    def query_reasons_of_consortium(self, *, consortium: str) -> Table:
        """The trace of each assignment back to claim, source and run. One row for each source and graph used.

        Columns:

        - `requirement`: Requirement
        - `organisation`: Organisation
        - `claim`: Claim
        - `source`: Source
        - `run`: Run
        - `version`: Graph version
        - `used`: Graph used
        """
        return self._table(
            "GET", "/api/v1/queries/reasons-of-consortium", {"consortium": consortium}
        )

    def query_referrals_without_outcome(self, *, language: str | None = None) -> Table:
        """Referrals for which no outcome or only "pending" is recorded, the oldest first.

        Columns:

        - `forwardedAt`: Forwarded on
        - `enquiry`: Enquiry
        - `title`: Title
        - `organisation`: Organisation
        - `label`: Name
        - `referral`: Referral
        """
        return self._table(
            "GET", "/api/v1/queries/referrals-without-outcome", {"language": language}
        )

    def query_requirements_without_provider(self, *, language: str | None = None) -> Table:
        """Requirements for whose competence there is no claim, not even for a narrower one. Here settling, training or a search beyond the state pays.

        Columns:

        - `enquiry`: Enquiry
        - `title`: Title
        - `position`: Number of the requirement
        - `requirement`: Requirement
        - `needed`: What is needed
        - `competence`: Competence
        - `competenceLabel`: Label of the competence
        - `mandatory`: Must be met
        """
        return self._table(
            "GET", "/api/v1/queries/requirements-without-provider", {"language": language}
        )

    def query_research_for_needs(self) -> Table:
        """Research institutions with a claim for the needed competence or a narrower one, for each open need.

        Columns:

        - `needLabel`: Label of the need
        - `need`: Need
        - `competence`: Competence
        - `label`: Name
        - `organisation`: Organisation
        - `claims`: Number of matching claims
        """
        return self._table("GET", "/api/v1/queries/research-for-needs", {})

    def query_single_points_of_failure(self, *, language: str | None = None) -> Table:
        """Competences for which, narrower ones included, exactly one organisation has a claim. This measures the evidence in the graph: somebody else may exist whom no source names.

        Columns:

        - `competence`: Competence
        - `label`: Label
        - `organisation`: The only organisation
        - `organisationLabel`: Name
        - `claims`: Number of its claims
        """
        return self._table(
            "GET", "/api/v1/queries/single-points-of-failure", {"language": language}
        )

    def query_single_providers_by_step(self, *, language: str | None = None) -> Table:
        """Pairs of step and stated competence with claims of exactly one organisation. This measures the evidence in the graph: there may be providers that no source names.

        Columns:

        - `order`: Order of the step
        - `step`: Step
        - `stepLabel`: Label of the step
        - `competence`: Competence
        - `competenceLabel`: Label of the competence
        - `organisation`: Organisation
        - `label`: Name
        """
        return self._table(
            "GET", "/api/v1/queries/single-providers-by-step", {"language": language}
        )

    def query_sources_of_organisation(self, *, organisation: str) -> Table:
        """Each source with the number of statement groups that rest on it, and the latest year: on the organisation itself, its capabilities, certificates, memberships, relations, observations.

        Columns:

        - `source`: Source
        - `groups`: Statement groups from it
        - `latestYear`: Latest year; empty when none is known
        """
        return self._table(
            "GET", "/api/v1/queries/sources-of-organisation", {"organisation": organisation}
        )

    def query_thin_steps(self, *, most: int | None = None, language: str | None = None) -> Table:
        """Steps with at most the given number of organisations, empty ones first.

        Columns:

        - `organisations`: Number of organisations
        - `order`: Order of the step
        - `step`: Step
        - `stepLabel`: Label of the step
        """
        return self._table(
            "GET", "/api/v1/queries/thin-steps", {"most": most, "language": language}
        )

    def query_topics_to_bundle(self) -> Table:
        """One row for each item, for topics with at least two of them. Needs, research projects and initiatives count.

        Columns:

        - `topic`: Topic
        - `items`: Number of items on the topic
        - `kind`: Kind
        - `itemLabel`: Label
        - `item`: Item
        """
        return self._table("GET", "/api/v1/queries/topics-to-bundle", {})

    def query_vocabulary_gaps_by_frequency(self) -> Table:
        """Words that nothing explained when enquiries were read, those of the most enquiries first; upper and lower case are the same. They say what the competence tree lacks.

        Columns:

        - `enquiries`: Number of enquiries
        - `occurrences`: Occurrences in all
        - `word`: Word
        """
        return self._table("GET", "/api/v1/queries/vocabulary-gaps-by-frequency", {})

    def query_weak_claims(self, *, threshold: float | None = None) -> Table:
        """Claims with a confidence below the threshold, the weakest first. Claims without a confidence are left out.

        Columns:

        - `confidence`: Confidence, 0 to 1
        - `claim`: Claim
        - `organisation`: Organisation
        - `label`: Name
        - `term`: Words of the source
        - `basis`: Basis of the evidence
        - `reading`: Reading of the evidence
        - `evidenceYear`: Year of the evidence
        - `source`: Source
        """
        return self._table("GET", "/api/v1/queries/weak-claims", {"threshold": threshold})

    def query_words_without_concept(self) -> Table:
        """Words of claims and product keywords that are, in their language, no label of any concept, not even a hidden one, the most frequent first: suggestions for synonyms or new concepts. Whether the first letter is a capital does not matter.

        Columns:

        - `organisations`: Number of organisations
        - `word`: Word
        """
        return self._table("GET", "/api/v1/queries/words-without-concept", {})

    def get_query(self, name: str, *, lang: Literal["de", "en"] | None = None) -> DocumentOfQuery:
        """Say what one query answers, what it needs and what it returns."""
        return self._call(
            DocumentOfQuery, "GET", f"/api/v1/queries/{quote(name, safe='')}/about", {"lang": lang}
        )

    def list_saved_queries(
        self, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfListOfSavedQuery:
        """List the queries that you keep, by title."""
        return self._call(
            DocumentOfListOfSavedQuery, "GET", "/api/v1/saved-queries", {"lang": lang}
        )

    def save_query(
        self, body: SavedQueryIn, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfSavedQuery:
        """Keep a query, in place of one of yours that has the same title; `Location` names it."""
        return self._call(
            DocumentOfSavedQuery, "POST", "/api/v1/saved-queries", {"lang": lang}, body=body
        )

    def remove_saved_query(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfSavedQuery:
        """Forget a query that you keep."""
        return self._call(
            DocumentOfSavedQuery,
            "DELETE",
            f"/api/v1/saved-queries/{quote(name, safe='')}",
            {"lang": lang},
        )

    def get_saved_query(
        self, name: str, *, lang: Literal["de", "en"] | None = None
    ) -> DocumentOfSavedQuery:
        """Give a query that you keep, or that its owner shares."""
        return self._call(
            DocumentOfSavedQuery,
            "GET",
            f"/api/v1/saved-queries/{quote(name, safe='')}",
            {"lang": lang},
        )

    def answer_saved_query(self, name: str) -> Table:
        """Run a query that you keep, or that its owner shares, as `/sparql` would."""
        return self._table("GET", f"/api/v1/saved-queries/{quote(name, safe='')}/rows", {})

    def get_vocabulary(self, *, lang: Literal["de", "en"] | None = None) -> DocumentOfVocabulary:
        """Return terms of the ontology, concepts and organisations with their labels."""
        return self._call(DocumentOfVocabulary, "GET", "/api/v1/vocabulary", {"lang": lang})
