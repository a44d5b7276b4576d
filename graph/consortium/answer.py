"""What a suggestion says, as plain values. Reasons are data; texts are made elsewhere.

Organisations are named by the IRI that stands for all their entries (``Organisation.same_as``).
Every tuple has a fixed, documented order, so equal inputs give equal answers.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph.matching.values import Candidate, Check, CheckKind, Grade, Relation
from graph.model import Enquiry, GroupRule, Tie, Truth

__all__ = [
    "Alternative",
    "Assignment",
    "CostBreakdown",
    "DropIn",
    "Evidence",
    "FrontPoint",
    "Gap",
    "GapReason",
    "GroupCount",
    "Interface",
    "Lead",
    "LeadReason",
    "Member",
    "MemberReason",
    "NearMiss",
    "NearestCompetence",
    "NextBest",
    "Proof",
    "Relaxation",
    "Reoptimised",
    "Replacement",
    "Run",
    "Status",
    "Suggestion",
]


class Status(StrEnum):
    """What is proven of the suggestion.

    ``OPTIMAL``: no consortium covers more, or as much with fewer members, or with as many
    members at less cost. ``FEASIBLE``: valid, but time ran out before the proof; the bound says
    how far off it can be. ``INFEASIBLE``: proven that nobody can meet the conditions (pinned
    organisations, groups, conflicts) at all. ``UNDECIDED``: time ran out with nothing found.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNDECIDED = "undecided"


class GapReason(StrEnum):
    """Why a requirement stays open; the names are those of ``scheme/gap-reason/``.

    The first group says why nobody qualifies: when several filters strike, the one that the
    most organisations fail as their only one, else the one that the most fail at all. The
    second group says why somebody qualifies and is still not taken.
    """

    NO_CLAIM = "no-claim"
    STEP_MISMATCH = "step-mismatch"
    MATERIAL_MISSED = "material-missed"
    LIMIT_MISSED = "limit-missed"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_MISSING = "certificate-missing"
    OUTSIDE_DISTRICTS = "outside-districts"
    TOO_FAR = "too-far"
    CLOSING = "closing"
    EXCLUDED = "excluded"
    NOT_CONFIRMED = "not-confirmed"

    NO_SECOND_SOURCE = "no-second-source"
    MEMBER_LIMIT = "member-limit"
    CONDITIONS = "conditions"
    TIME_LIMIT = "time-limit"


class MemberReason(StrEnum):
    """Why an organisation is a member."""

    PINNED = "pinned"
    ONLY_CANDIDATE = "only-candidate"
    NEEDED_FOR_FEWEST_MEMBERS = "needed-for-fewest-members"
    LEAST_COST = "least-cost"


class LeadReason(StrEnum):
    """Why a member is proposed as lead, strongest first."""

    DEMANDED = "demanded"
    ONLY_MEMBER = "only-member"
    SERVES_SEVERAL_AND_CLOSEST = "serves-several-and-closest"
    CLOSEST = "closest"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where the statement behind an assignment comes from.

    Attributes:
        claim: IRI of the claim.
        term: Trade term as the source words it.
        detail: Detail in the source's words, or an empty string.
        source: URL of the page.
        year: Year of the evidence, or ``None`` when the source shows none.
        basis: ``stated`` or ``product``.
        confidence: How well the source supports the claim, 0.0-1.0.
    """

    claim: str
    term: str
    detail: str
    source: str
    year: int | None
    basis: str
    confidence: float


@dataclass(frozen=True, slots=True)
class NextBest:
    """The cheapest other organisation for one requirement by match cost alone.

    Attributes:
        organisation: IRI.
        claim: IRI of its best claim.
        cost_km: Match cost of that claim.
        more_km: How much more that is than the chosen match; negative when the chosen member is
            dearer here but saves members or hand-overs.
    """

    organisation: str
    claim: str
    cost_km: int
    more_km: int


@dataclass(frozen=True, slots=True)
class Assignment:
    """A member serves a requirement.

    Attributes:
        requirement: IRI of the requirement.
        organisation: IRI of the member.
        relation: How the claimed competence stands to the required one.
        grade: ``full`` or ``to-be-confirmed``.
        checks: Every demand with its outcome; ``UNKNOWN`` ones are questions to the member.
        cost_km: Cost of the match.
        score: Worth of the match, 0.0-1.0.
        evidence: Source of the claim used.
        other_evidence: Sources of further claims that would do, best first.
        next_best: Cheapest other organisation, or ``None`` when there is no other.
        candidates: Number of organisations that qualify, this one included.
        is_second_source: Stands ready as second source; takes part in no hand-over.
    """

    requirement: str
    organisation: str
    relation: Relation
    grade: Grade
    checks: tuple[Check, ...]
    cost_km: int
    score: float
    evidence: Evidence
    other_evidence: tuple[Evidence, ...]
    next_best: NextBest | None
    candidates: int
    is_second_source: bool = False


@dataclass(frozen=True, slots=True)
class DropIn:
    """An organisation outside that takes over all of a member's assignments.

    Attributes:
        organisation: IRI.
        loss_km: Additional cost when nothing else changes.
    """

    organisation: str
    loss_km: int


@dataclass(frozen=True, slots=True)
class Reoptimised:
    """The best consortium without one member.

    Attributes:
        organisations: IRIs of its members, sorted.
        joining: Members that the suggestion does not have, sorted.
        cost_km: Its cost.
        loss_km: Cost minus the cost of the suggestion; can be negative when members are added.
        extra_members: Members minus the members of the suggestion.
        is_proven: Proven best; otherwise the best found in time.
    """

    organisations: tuple[str, ...]
    joining: tuple[str, ...]
    cost_km: int
    loss_km: int
    extra_members: int
    is_proven: bool


@dataclass(frozen=True, slots=True)
class Replacement:
    """What happens when a member drops out.

    Attributes:
        lost_requirements: Requirements that nobody else can serve; not empty means that the
            member is a single point of failure.
        drop_in: Cheapest one-for-one replacement, or ``None``.
        reoptimised: Best consortium with the same coverage without the member; ``None`` when
            there is none or time ran out.
        is_decided: Time sufficed to say so.
    """

    lost_requirements: tuple[str, ...]
    drop_in: DropIn | None
    reoptimised: Reoptimised | None
    is_decided: bool = True


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of the consortium.

    Attributes:
        organisation: IRI that stands for it.
        name: Name to show.
        assignments: What it serves, in the order of the enquiry; empty only for a pinned
            organisation that no requirement fits.
        could_serve: IRIs of all requirements that it qualifies for, in the order of the enquiry.
        is_lead: Proposed or demanded as lead.
        reasons: Why it is in, strongest first.
        needed_for: Requirements for which it is the only candidate, or the only one left by the
            proof of fewest members.
        is_active: ``UNKNOWN`` when its operating status is in doubt.
        caution: What a reader must know before relying on it, or an empty string.
        replacement: What happens when it drops out; ``None`` when that was not asked for.
    """

    organisation: str
    name: str
    assignments: tuple[Assignment, ...]
    could_serve: tuple[str, ...]
    is_lead: bool
    reasons: tuple[MemberReason, ...]
    needed_for: tuple[str, ...]
    is_active: Truth
    caution: str
    replacement: Replacement | None = None


@dataclass(frozen=True, slots=True)
class Interface:
    """A hand-over between two requirements that follow each other in the value chain.

    Attributes:
        from_requirement: IRI of the earlier requirement.
        to_requirement: IRI of the later one.
        from_organisation: IRI of the member that hands over.
        to_organisation: IRI of the member that takes over.
        is_internal: Both are the same member: nothing is charged.
        distance_km: Great-circle distance, or ``None`` when a place is not known.
        distance_cost_km: What the distance costs; the stated penalty when it is not known.
        kappa_km: What working together costs.
        bonus_km: What documented collaboration takes off.
        cost_km: ``distance_cost_km + kappa_km - bonus_km``.
        ties: Their documented collaborations, latest first.
        shared_clusters: IRIs of clusters that both belong to, sorted.
        brokers: For members without a tie: organisations that have a tie to both, those with
            the strongest ties first, at most three.
    """

    from_requirement: str
    to_requirement: str
    from_organisation: str
    to_organisation: str
    is_internal: bool
    distance_km: float | None
    distance_cost_km: int
    kappa_km: int
    bonus_km: int
    cost_km: int
    ties: tuple[Tie, ...] = ()
    shared_clusters: tuple[str, ...] = ()
    brokers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NearMiss:
    """An organisation that fails exactly one demand of a requirement.

    Attributes:
        organisation: IRI.
        claim: IRI of the claim that comes closest.
        relation: How its competence stands to the required one.
        failed: The one check that is ``NO``.
    """

    organisation: str
    claim: str
    relation: Relation
    failed: Check


@dataclass(frozen=True, slots=True)
class NearestCompetence:
    """A competence near the required one in the tree, and who has it.

    Attributes:
        competence: IRI.
        label: Label to show.
        is_related: Linked as related; otherwise a neighbour in the tree.
        steps_away: Edges between the two in the tree; 1 for a related one.
        organisations: IRIs of organisations with a claim to it, sorted, at most five.
        holders: How many organisations have one.
    """

    competence: str
    label: str
    is_related: bool
    steps_away: int
    organisations: tuple[str, ...]
    holders: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement that the consortium leaves open.

    Attributes:
        requirement: IRI.
        is_mandatory: It had to be covered.
        reason: Why it is open.
        claims: How many organisations claim the competence at all, before any other check.
        candidates: IRIs of organisations that qualify and are still not taken, sorted.
        failures: How many organisations fail each kind of check, sorted by kind.
        near_misses: Who fails exactly one demand, sorted by kind and IRI, at most ten.
        nearest: Nearest competences that somebody has, nearest first, at most five.
        is_second_source: Only the second source is missing.
    """

    requirement: str
    is_mandatory: bool
    reason: GapReason
    claims: int
    candidates: tuple[str, ...] = ()
    failures: tuple[tuple[CheckKind, int], ...] = ()
    near_misses: tuple[NearMiss, ...] = ()
    nearest: tuple[NearestCompetence, ...] = ()
    is_second_source: bool = False


@dataclass(frozen=True, slots=True)
class Relaxation:
    """What giving up one demand would bring.

    Attributes:
        requirement: IRI of the requirement that is open now and would be served.
        kind: Kind of the demand given up.
        required: IRI of the step, material, dimension or certificate type given up; empty for
            districts, distance and exclusions.
        allowed_km: Largest distance to allow instead, for a distance.
        organisation: IRI of who would serve the requirement.
        mandatory_served: Mandatory requirements served then.
        served: Requirements served then.
        members: Fewest members then.
        cost_km: Least cost then.
        is_proven: The numbers are proven best.
    """

    requirement: str
    kind: CheckKind
    required: str
    allowed_km: float | None
    organisation: str
    mandatory_served: int
    served: int
    members: int
    cost_km: int
    is_proven: bool


@dataclass(frozen=True, slots=True)
class CostBreakdown:
    """The parts of the cost, kilometre equivalents; ``total_km`` is their sum.

    Attributes:
        match_km: Sum over assignments.
        distance_km: Sum of the interfaces' distance costs.
        cooperation_km: Sum of the interfaces' kappa.
        bonus_km: Sum of the interfaces' bonuses, a negative number or zero.
        total_km: F.
    """

    match_km: int
    distance_km: int
    cooperation_km: int
    bonus_km: int
    total_km: int


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """The best consortium with exactly so many members and the same coverage.

    Attributes:
        members: Number of members.
        cost_km: F of the best one found; ``None`` when none was found.
        lower_bound_km: No consortium with so many members costs less; ``None`` when it is
            proven that there is none.
        is_proven: The cost is the optimum, or it is proven that there is none.
        organisations: IRIs of its members, sorted.
        assignments: Requirement and organisation, in the order of the enquiry; second sources
            are not named.
        is_efficient: No point with fewer members costs as little.
        break_even_km: What one more member may cost at most for this point to beat the efficient
            one before it; ``None`` for the first and for points that are not efficient.
    """

    members: int
    cost_km: int | None
    lower_bound_km: int | None
    is_proven: bool
    organisations: tuple[str, ...] = ()
    assignments: tuple[tuple[str, str], ...] = ()
    is_efficient: bool = False
    break_even_km: float | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """A consortium that differs enough from the suggestion and from the alternatives before.

    Attributes:
        organisations: IRIs of its members, sorted.
        assignments: Requirement and organisation, in the order of the enquiry; second sources
            are not named.
        members: Number of members.
        cost_km: F.
        more_km: Cost minus the cost of the suggestion.
        shared: Members that it has in common with the suggestion.
        allowed_shared: Most members that were allowed in common with any earlier one.
        is_proven: Proven best among all that keep this limit.
    """

    organisations: tuple[str, ...]
    assignments: tuple[tuple[str, str], ...]
    members: int
    cost_km: int
    more_km: int
    shared: int
    allowed_shared: int
    is_proven: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """Who should lead and why.

    Attributes:
        organisation: IRI of the lead.
        reason: Why.
        distance_km: Sum of distances to the other members, unknown ones at the penalty.
        bonus_km: Sum of the bonuses with the other members.
        serves: Number of requirements assigned to it.
        runner_up: IRI of the next best, or ``None`` for a single member.
        runner_up_km: Its sum of distances minus bonuses, for comparison.
    """

    organisation: str
    reason: LeadReason
    distance_km: int
    bonus_km: int
    serves: int
    runner_up: str | None = None
    runner_up_km: int | None = None


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How a group rule of the enquiry is met.

    Attributes:
        rule: The rule.
        known: Members known to belong to the group.
        unknown: Members of which it is not known.
        truth: ``UNKNOWN`` when the rule is met only if some unknown ones belong (or do not).
    """

    rule: GroupRule
    known: int
    unknown: int
    truth: Truth


@dataclass(frozen=True, slots=True)
class Proof:
    """What exactly is proven, as the parts of a sentence.

    Attributes:
        coverage_proven: No valid consortium covers more requirements.
        fewest_members_proven: None with the same coverage has fewer members.
        cost_proven: None with the same coverage and size costs less.
        lower_bound_km: None with the same coverage and size costs less than this.
        gap_share: ``(cost - lower bound) / cost``, 0.0 when proven.
        candidates: Organisations that qualify for at least one requirement.
        pairs: Pairs of organisation and requirement considered.
        pairs_left: Those that the proof of fewest members left.
        nodes: Partial assignments examined.
    """

    coverage_proven: bool
    fewest_members_proven: bool
    cost_proven: bool
    lower_bound_km: int | None
    gap_share: float
    candidates: int
    pairs: int
    pairs_left: int
    nodes: int


@dataclass(frozen=True, slots=True)
class Run:
    """What is needed to compute the same answer again.

    Attributes:
        parameters: All settings as nested plain data (JSON-ready).
        reference_year: Year that ages are counted from.
        graph_version: Generation of the graph.
        software_version: Version of the package.
        elapsed_ms: Time taken; the only part that differs between equal runs.
    """

    parameters: dict[str, Any]
    reference_year: int
    graph_version: str
    software_version: str
    elapsed_ms: float


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The answer to an enquiry.

    Attributes:
        enquiry: The enquiry.
        status: What is proven.
        members: Members, the lead first, then by IRI.
        interfaces: Hand-overs in the order of the enquiry.
        gaps: Requirements left open, in the order of the enquiry.
        cost: Parts of the cost; ``None`` when there is no consortium.
        proof: What is proven and on how much.
        front: Cost for n, n + 1, ... members; the first point is the suggestion.
        lead: Who should lead, or ``None`` without members.
        alternatives: Consortia that differ, best first.
        groups: How each group rule is met, in the order of the enquiry.
        run: How to repeat it.
        candidates: For each requirement its candidates, cheapest first, at most ten, in the
            order of the enquiry.
        relaxations: Single demands that, given up, would close a gap, the cheapest first; at
            most three.
    """

    enquiry: Enquiry
    status: Status
    members: tuple[Member, ...]
    interfaces: tuple[Interface, ...]
    gaps: tuple[Gap, ...]
    cost: CostBreakdown | None
    proof: Proof
    front: tuple[FrontPoint, ...]
    lead: Lead | None
    alternatives: tuple[Alternative, ...]
    groups: tuple[GroupCount, ...]
    run: Run
    candidates: tuple[tuple[str, tuple[Candidate, ...]], ...] = ()
    relaxations: tuple[Relaxation, ...] = ()

    @property
    def assignments(self) -> tuple[Assignment, ...]:
        """All assignments in the order of the enquiry, second sources last."""
        order = {r.iri: i for i, r in enumerate(self.enquiry.requirements)}
        every = [a for member in self.members for a in member.assignments]
        return tuple(sorted(every, key=lambda a: (a.is_second_source, order[a.requirement])))

    @property
    def coverage(self) -> float:
        """Share of the requirements that are served, 0.0-1.0."""
        served = {a.requirement for a in self.assignments if not a.is_second_source}
        return len(served) / len(self.enquiry.requirements)
