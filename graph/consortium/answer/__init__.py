"""What a suggestion says, as plain values. Reasons are data; texts are made elsewhere.

Organisations are named by the IRI that stands for all their entries (``Organisation.same_as``).
Every tuple has a fixed, documented order, so equal inputs give equal answers.
"""

from graph.consortium.answer.members import (
    Assignment,
    DropIn,
    Evidence,
    Interface,
    Lead,
    Member,
    NextBest,
    Reoptimised,
    Replacement,
)
from graph.consortium.answer.openings import (
    Addition,
    Developer,
    Gap,
    NearestCompetence,
    NearMiss,
    NetworkToAsk,
    Relaxation,
)
from graph.consortium.answer.outlook import (
    Alternative,
    CostBreakdown,
    FrontPoint,
    Robustness,
    Sensitivity,
    WeightRange,
)
from graph.consortium.answer.reasons import Examined, GapReason, LeadReason, MemberReason, Status
from graph.consortium.answer.suggestion import GroupCount, Proof, Run, Suggestion

__all__ = [
    "Addition",
    "Alternative",
    "Assignment",
    "CostBreakdown",
    "Developer",
    "DropIn",
    "Evidence",
    "Examined",
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
    "NetworkToAsk",
    "NextBest",
    "Proof",
    "Relaxation",
    "Reoptimised",
    "Replacement",
    "Robustness",
    "Run",
    "Sensitivity",
    "Status",
    "Suggestion",
    "WeightRange",
]
