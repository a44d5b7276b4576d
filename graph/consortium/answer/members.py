"""Members of a consortium: what they serve, on what evidence, and how they hand over."""

from dataclasses import dataclass

from graph.consortium.answer.reasons import LeadReason, MemberReason
from graph.matching.values import Check, Grade, Relation
from graph.model import Tie, Truth

__all__ = [
    "Assignment",
    "DropIn",
    "Evidence",
    "Interface",
    "Lead",
    "Member",
    "NextBest",
    "Reoptimised",
    "Replacement",
]


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
