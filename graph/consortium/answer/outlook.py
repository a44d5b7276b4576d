"""What the consortium costs and what surrounds it: front, alternatives."""

from dataclasses import dataclass

__all__ = [
    "Alternative",
    "CostBreakdown",
    "FrontPoint",
]


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
