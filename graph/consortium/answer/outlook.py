"""What the consortium costs, what surrounds it, and how much it hangs on weights and members."""

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


@dataclass(frozen=True, slots=True)
class WeightRange:
    """Within which values of one weight, all others as they are, the suggestion stays best.

    Compared are the consortia of the answer (alternatives and front) that cost at least as much
    today, each with its assignments as they are. Costs are taken before they are rounded, with
    today's difference as charged.

    Attributes:
        weight: Name in the weights, such as ``match.beta_km``.
        value: What it is.
        low: Least value; 0.0 when nothing wins below.
        high: Greatest value; ``None`` when nothing wins above.
        low_rival: Organisations of the consortium that wins below ``low``; empty for none.
        high_rival: Organisations of the consortium that wins above ``high``; empty for none.
    """

    weight: str
    value: float
    low: float
    high: float | None
    low_rival: tuple[str, ...] = ()
    high_rival: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """How much the suggestion hangs on the weights.

    Attributes:
        member_price_km: What one member has to cost at least for the suggestion to be also the
            cheapest of the front; 0.0 when no point with more members costs less.
        ranges: One for each of beta, the weight of distance and kappa, in this order.
        compared: Number of consortia that the ranges rest on.
    """

    member_price_km: float
    ranges: tuple[WeightRange, ...]
    compared: int


@dataclass(frozen=True, slots=True)
class Robustness:
    """What happens when a member drops out, over all members.

    Attributes:
        second_source_share: Share of the requirements served for which another organisation
            within the consortium's area qualifies, 0.0-1.0.
        area_km: The area is everything so near to the place of a member: the longest hand-over,
            at least 50 km. A candidate whose place is not known is not in it.
        without_second_source: IRIs of requirements that only their member serves in the area, in
            the order of the enquiry.
        single_points: Members without whom a requirement stays open, in the order of members.
        worst: Member whose dropping out costs most (requirements, then members, then cost);
            ``None`` when there are no members or replacements were not asked for.
        worst_extra_members: Members more without it; ``None`` when there is no replacement.
        worst_loss_km: Cost more without it; ``None`` when there is no replacement.
        is_decided: Time sufficed to find out for every member.
    """

    second_source_share: float
    area_km: float
    without_second_source: tuple[str, ...]
    single_points: tuple[str, ...]
    worst: str | None = None
    worst_extra_members: int | None = None
    worst_loss_km: int | None = None
    is_decided: bool = True
