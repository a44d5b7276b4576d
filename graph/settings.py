"""Weights and limits of consortium assembly, all explicit, so that a run can be repeated."""

import tomllib
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from graph import resources

__all__ = [
    "CooperationWeights",
    "HandoverWeights",
    "MatchWeights",
    "Settings",
    "UnknownWeights",
    "Weights",
    "default_weights",
]


@dataclass(frozen=True, slots=True)
class MatchWeights:
    """What a match costs; see ``graph/weights.toml`` for each value."""

    beta_km: float
    full_grade: float
    narrower_grade: float
    to_be_confirmed_grade: float
    freshness_half_life_years: float
    freshness_floor: float
    freshness_unknown: float


@dataclass(frozen=True, slots=True)
class UnknownWeights:
    """What each check that stays open adds to the cost of a match."""

    step_km: float
    material_km: float
    limit_km: float
    certificate_km: float
    district_km: float
    distance_km: float
    status_km: float


@dataclass(frozen=True, slots=True)
class HandoverWeights:
    """What a hand-over between two different members costs."""

    distance_weight: float
    kappa_km: float
    unknown_distance_km: float


@dataclass(frozen=True, slots=True)
class CooperationWeights:
    """What documented collaboration takes off the cost of a hand-over."""

    project_bonus_km: float
    cluster_bonus_km: float
    half_life_years: float
    unknown_age_years: float


@dataclass(frozen=True, slots=True)
class Weights:
    """All weights of the objective."""

    match: MatchWeights
    unknown: UnknownWeights
    handover: HandoverWeights
    cooperation: CooperationWeights


@cache
def default_weights() -> Weights:
    """Return the weights of ``graph/weights.toml``.

    Raises:
        TypeError: The file lacks a weight or has one too many.
    """
    table = tomllib.loads(resources.weights_text())
    return Weights(
        match=MatchWeights(**table.pop("match")),
        unknown=UnknownWeights(**table.pop("unknown")),
        handover=HandoverWeights(**table.pop("handover")),
        cooperation=CooperationWeights(**table.pop("cooperation")),
        **table,
    )


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything but the enquiry and the landscape that an answer depends on.

    Attributes:
        reference_year: The year that ages are counted from and certificates are judged in.
            It is given by the caller, so that the same input has the same answer next year.
        weights: What the objective charges.
        front_extra: How many members beyond the fewest the front of cost is followed.
        alternatives: How many diverse alternatives are looked for.
        replacements: Find a replacement for each member.
        time_budget_s: Seconds after which the search stops with what it has proven so far.
    """

    reference_year: int
    weights: Weights = field(default_factory=default_weights)
    front_extra: int = 2
    alternatives: int = 3
    replacements: bool = True
    time_budget_s: float = 5.0

    def parameters(self) -> dict[str, Any]:
        """Return all values as nested plain data, for the record of a run."""
        return asdict(self)
