"""What clients get: a suggestion with names, sentences and sources."""

from pydantic import BaseModel, ConfigDict

__all__ = [
    "AdditionOut",
    "AlternativeOut",
    "AssignmentOut",
    "CheckOut",
    "ConsortiumOut",
    "CostOut",
    "DeveloperOut",
    "EnquiryOut",
    "EvidenceOut",
    "FrontOut",
    "GapOut",
    "InterfaceOut",
    "LeadOut",
    "MemberOut",
    "NamedOut",
    "NearMissOut",
    "NearestOut",
    "NetworkToAskOut",
    "NextBestOut",
    "ProofOut",
    "ReasonOut",
    "RelaxationOut",
    "ReplacementOut",
    "RequirementOut",
    "RobustnessOut",
    "RunOut",
    "SensitivityOut",
    "WeightRangeOut",
]


class _Output(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class NamedOut(_Output):
    """A thing by identifier and name."""

    iri: str
    name: str


class ReasonOut(_Output):
    """A reason by code (stable, for programs) and sentence (for people)."""

    code: str
    text: str


class EnquiryOut(_Output):
    """What was asked."""

    iri: str
    title: str
    source: str
    requirements: list["RequirementOut"]


class RequirementOut(_Output):
    """One thing that is needed."""

    iri: str
    label: str
    competence: NamedOut
    step: NamedOut | None
    mandatory: bool
    candidates: int


class EvidenceOut(_Output):
    """The source behind an assignment."""

    claim: str
    term: str
    detail: str
    source: str
    year: int | None
    basis: str
    confidence: float


class CheckOut(_Output):
    """One demand with its three-valued outcome."""

    kind: str
    truth: str
    text: str


class NextBestOut(_Output):
    """The cheapest other organisation for a requirement."""

    organisation: NamedOut
    more_km: int


class AssignmentOut(_Output):
    """A member serves a requirement."""

    requirement: str
    label: str
    offered: NamedOut
    relation: ReasonOut
    grade: str
    score: float
    cost_km: int
    checks: list[CheckOut]
    to_be_confirmed: list[str]
    evidence: EvidenceOut
    other_evidence: list[EvidenceOut]
    next_best: NextBestOut | None
    candidates: int
    second_source: bool


class ReplacementOut(_Output):
    """What happens when a member drops out."""

    lost_requirements: list[str]
    drop_in: NamedOut | None
    drop_in_loss_km: int | None
    reoptimised: list[NamedOut] | None
    reoptimised_loss_km: int | None
    extra_members: int | None
    proven: bool


class MemberOut(_Output):
    """An organisation of the consortium."""

    iri: str
    name: str
    kind: str
    town: str
    district: NamedOut | None
    latitude: float | None
    longitude: float | None
    lead: bool
    reasons: list[ReasonOut]
    caution: str
    active: str
    assignments: list[AssignmentOut]
    could_serve: list[str]
    replacement: ReplacementOut | None


class InterfaceOut(_Output):
    """A hand-over between two members."""

    from_requirement: str
    to_requirement: str
    from_organisation: NamedOut
    to_organisation: NamedOut
    internal: bool
    distance_km: float | None
    cost_km: int
    bonus_km: int
    text: str
    sources: list[str]


class NearMissOut(_Output):
    """An organisation that fails exactly one demand."""

    organisation: NamedOut
    text: str


class NearestOut(_Output):
    """A neighbouring competence and who offers it."""

    competence: NamedOut
    organisations: list[NamedOut]
    holders: int


class DeveloperOut(_Output):
    """A company that could develop what is missing, with research partners to do it with."""

    organisation: NamedOut
    competence: NamedOut
    steps_away: int
    partners: list[NamedOut]
    acquainted: list[str]


class NetworkToAskOut(_Output):
    """A cluster whose members are near to what is missing."""

    cluster: NamedOut
    organisations: int


class AdditionOut(_Output):
    """One competence more at one member: it closes a gap, or saves the member named."""

    requirement: str
    label: str
    organisation: NamedOut
    competence: NamedOut
    steps_away: int
    saves: NamedOut | None


class GapOut(_Output):
    """A requirement that stays open."""

    requirement: str
    label: str
    competence: NamedOut
    mandatory: bool
    reason: ReasonOut
    near_misses: list[NearMissOut]
    nearest: list[NearestOut]
    developers: list[DeveloperOut]
    networks: list[NetworkToAskOut]


class CostOut(_Output):
    """The parts of the cost, kilometre equivalents."""

    match_km: int
    distance_km: int
    cooperation_km: int
    bonus_km: int
    total_km: int


class ProofOut(_Output):
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


class FrontOut(_Output):
    """The best consortium with so many members."""

    members: int
    cost_km: int | None
    lower_bound_km: int | None
    proven: bool
    break_even_km: float | None
    text: str
    organisations: list[NamedOut]


class AlternativeOut(_Output):
    """A consortium that differs."""

    organisations: list[NamedOut]
    assignments: dict[str, NamedOut]
    cost_km: int
    more_km: int
    shared: int
    proven: bool


class RelaxationOut(_Output):
    """What giving up one demand would bring."""

    requirement: str
    label: str
    kind: str
    text: str
    organisation: NamedOut
    mandatory_served: int
    served: int
    members: int
    cost_km: int
    proven: bool


class WeightRangeOut(_Output):
    """Within which values of one weight the suggestion stays best."""

    weight: str
    value: float
    low: float
    high: float | None
    low_rival: list[NamedOut]
    high_rival: list[NamedOut]
    text: str


class SensitivityOut(_Output):
    """How much the suggestion hangs on the weights."""

    member_price_km: float
    ranges: list[WeightRangeOut]
    compared: int


class RobustnessOut(_Output):
    """How much the suggestion hangs on single members."""

    second_source_share: float
    area_km: float
    without_second_source: list[str]
    single_points: list[NamedOut]
    worst: NamedOut | None
    worst_extra_members: int | None
    worst_loss_km: int | None
    decided: bool
    text: str


class LeadOut(_Output):
    """Who should lead and why."""

    organisation: NamedOut
    reason: ReasonOut
    runner_up: NamedOut | None


class RunOut(_Output):
    """What is needed to compute the same answer again."""

    graph_version: str
    software_version: str
    reference_year: int
    elapsed_ms: float
    parameters: dict[str, object]


class ConsortiumOut(_Output):
    """The answer to an enquiry."""

    enquiry: EnquiryOut
    status: str
    coverage: float
    proof: ProofOut
    members: list[MemberOut]
    interfaces: list[InterfaceOut]
    gaps: list[GapOut]
    cost: CostOut | None
    front: list[FrontOut]
    lead: LeadOut | None
    alternatives: list[AlternativeOut]
    relaxations: list[RelaxationOut]
    sensitivity: SensitivityOut | None
    robustness: RobustnessOut | None
    additions: list[AdditionOut]
    run: RunOut
