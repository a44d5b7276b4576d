"""How much a suggestion hangs on the weights: exact on the consortia that the answer shows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.consortium.answer import Sensitivity, WeightRange
from graph.consortium.control import Outcome
from graph.consortium.explain import Explanation
from graph.consortium.problem import Problem
from graph.settings import Weights

__all__ = ["Terms", "interval", "sensitivity", "terms_of"]


@dataclass(frozen=True, slots=True)
class Terms:
    """The cost of a consortium as a function of the weights, before rounding.

    Attributes:
        missing_worth: Sum of ``1 - score`` over the assignments; beta multiplies it.
        distance_km: Sum over hand-overs between members; the weight of distance multiplies it.
        bonuses_km: What shared history is worth at each of them, before kappa limits it.
    """

    missing_worth: float
    distance_km: float
    bonuses_km: tuple[float, ...]

    def cooperation_km(self, kappa_km: float) -> float:
        """Return what working together costs, less what shared history takes off."""
        return sum(max(0.0, kappa_km - bonus) for bonus in self.bonuses_km)


def terms_of(problem: Problem, entries: Sequence[int], unknown_distance_km: float) -> Terms:
    """Return the terms of an assignment."""
    instance = problem.instance
    by_slot = {int(instance.slot[e]): e for e in entries}
    worth = 0.0
    for slot, entry in by_slot.items():
        matches = problem.matches[problem.requirement[slot]]
        worth += 1 - float(matches.scores[int(problem.chosen[entry])])
    distance, bonuses = 0.0, []
    for r, s in instance.handovers.edges:
        one, two = by_slot.get(r), by_slot.get(s)
        if one is None or two is None:
            continue
        first, second = (int(problem.numbers[instance.organisation[e]]) for e in (one, two))
        if first != second:
            km = float(instance.handovers.distances_km(np.array([one]), np.array([two]))[0, 0])
            distance += unknown_distance_km if np.isnan(km) else km
            ends = np.array([first]), np.array([second])
            bonuses.append(float(problem.cooperation.worth_pairs(*ends)[2].sum()))
    return Terms(worth, distance, tuple(bonuses))


def interval(
    lead: Callable[[float], float], start: float, turns: Iterable[float]
) -> tuple[float, float]:
    """Return the interval around ``start``, not below zero, in which ``lead`` is not negative.

    Args:
        lead: Piecewise linear, not negative at ``start``.
        start: Where to begin.
        turns: Where the slope may change.

    Returns:
        Both ends; ``0.0`` and infinity where it never becomes negative.
    """
    above = sorted({t for t in turns if t > start})
    below = sorted({t for t in turns if 0 < t < start} | {0.0}, reverse=True)
    high = _first_root(lead, start, [*above, max([start, *above]) + 1])
    if high is None:
        last = max([start, *above])
        slope = lead(last + 1) - lead(last)
        high = last - lead(last) / slope if slope < 0 else float("inf")
    return _first_root(lead, start, below) or 0.0, high


def _first_root(
    lead: Callable[[float], float], start: float, stops: Sequence[float]
) -> float | None:
    """Return where ``lead`` becomes negative on the way over ``stops``; ``None`` if nowhere."""
    here, value = start, lead(start)
    for stop in stops:
        after = lead(stop)
        if after < 0:
            return here + (stop - here) * value / (value - after)
        here, value = stop, after
    return None


@dataclass(frozen=True, slots=True)
class _Rival:
    organisations: tuple[str, ...]
    terms: Terms
    more_km: int


def sensitivity(
    problem: Problem,
    weights: Weights,
    chosen: Outcome,
    front: Mapping[int, Outcome],
    alternatives: Sequence[Outcome],
) -> Sensitivity | None:
    """Find how far each weight can move before another consortium of the answer costs less.

    Args:
        problem: The problem.
        weights: The weights it was solved with.
        chosen: The suggestion.
        front: The best consortium by number of members, the suggestion first.
        alternatives: Consortia that differ.

    Returns:
        The ranges; ``None`` when the suggestion serves nothing.
    """
    if not chosen.entries:
        return None
    unknown = weights.handover.unknown_distance_km
    others = {o.entries: o for o in (*front.values(), *alternatives) if o.is_found}
    others.pop(chosen.entries, None)
    rivals = [
        _Rival(_names(problem, entries), terms_of(problem, entries, unknown), o.cost - chosen.cost)
        for entries, o in others.items()
        if o.cost >= chosen.cost
    ]
    own = terms_of(problem, chosen.entries, unknown)
    beta, kappa = weights.match.beta_km, weights.handover.kappa_km
    pull = weights.handover.distance_weight

    def by_beta(terms: Terms) -> Callable[[float], float]:
        return lambda value: value * terms.missing_worth

    def by_distance(terms: Terms) -> Callable[[float], float]:
        return lambda value: value * terms.distance_km

    def by_kappa(terms: Terms) -> Callable[[float], float]:
        return terms.cooperation_km

    return Sensitivity(
        member_price_km=_member_price(front),
        ranges=(
            _range("match.beta_km", beta, own, rivals, by_beta),
            _range("handover.distance_weight", pull, own, rivals, by_distance),
            _range("handover.kappa_km", kappa, own, rivals, by_kappa),
        ),
        compared=len(rivals),
    )


def _names(problem: Problem, entries: tuple[int, ...]) -> tuple[str, ...]:
    solution = Explanation(problem, entries, frozenset())
    return tuple(solution.iri(number) for number in solution.team)


def _member_price(front: Mapping[int, Outcome]) -> float:
    fewest = min(front)
    prices = [
        (front[fewest].cost - outcome.cost) / (members - fewest)
        for members, outcome in front.items()
        if members > fewest and outcome.is_found
    ]
    return max([0.0, *prices])


def _range(
    name: str,
    value: float,
    own: Terms,
    rivals: Sequence[_Rival],
    part: Callable[[Terms], Callable[[float], float]],
) -> WeightRange:
    """Return in which range of one weight no rival becomes cheaper."""
    low, high = 0.0, float("inf")
    low_rival: tuple[str, ...] = ()
    high_rival: tuple[str, ...] = ()
    for rival in rivals:
        bottom, top = interval(
            _lead(part(own), part(rival.terms), value, rival.more_km),
            value,
            (*own.bonuses_km, *rival.terms.bonuses_km),
        )
        if bottom > low:
            low, low_rival = bottom, rival.organisations
        if top < high:
            high, high_rival = top, rival.organisations
    limit = None if high == float("inf") else high
    return WeightRange(name, value, low, limit, low_rival, high_rival)


def _lead(
    own: Callable[[float], float], rival: Callable[[float], float], today: float, more_km: int
) -> Callable[[float], float]:
    """Return by how much a rival costs more, as a function of the weight."""
    base = more_km - (rival(today) - own(today))
    return lambda value: base + rival(value) - own(value)
