"""The answer as a whole, with what is proven and how to repeat it."""

from dataclasses import dataclass
from typing import Any

from graph.consortium.answer.members import Assignment, Interface, Lead, Member
from graph.consortium.answer.openings import Addition, Gap, Relaxation
from graph.consortium.answer.outlook import (
    Alternative,
    CostBreakdown,
    FrontPoint,
    Robustness,
    Sensitivity,
)
from graph.consortium.answer.reasons import Examined, Status
from graph.matching.values import Candidate
from graph.model import Enquiry, GroupRule, Truth

__all__ = [
    "GroupCount",
    "Proof",
    "Run",
    "Suggestion",
]


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
        examined: Who was priced.
        candidates: Organisations that qualify for at least one requirement, priced or not.
        pairs: Pairs of organisation and requirement that were priced.
        pairs_left: Those that the proof of fewest members left.
        nodes: Partial assignments examined.
    """

    coverage_proven: bool
    fewest_members_proven: bool
    cost_proven: bool
    lower_bound_km: int | None
    gap_share: float
    examined: Examined
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
        additions: Single competences that one member more would need to close a gap or to save
            another member; gaps first, then the nearest first.
        sensitivity: How much it hangs on the weights; ``None`` without members.
        robustness: How much it hangs on single members; ``None`` without members.
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
    sensitivity: Sensitivity | None = None
    robustness: Robustness | None = None
    additions: tuple[Addition, ...] = ()

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
