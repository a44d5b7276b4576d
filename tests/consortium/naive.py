"""A naive answer that reads the rules aloud: every claim, every assignment."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from graph.consortium.handover import handovers, steps_after
from graph.matching import CheckKind, checks
from graph.matching.values import Check
from graph.model import (
    Claim,
    Enquiry,
    GroupRule,
    GroupTrait,
    Landscape,
    Organisation,
    Place,
    Requirement,
    Truth,
)
from graph.settings import Settings
from tests.consortium.landscapes import SCHEME

__all__ = ["Naive", "naive_answer", "naive_candidates", "naive_choices", "naive_claims"]


@dataclass(frozen=True)
class Naive:
    """The optimum, and nothing about how it looks.

    Attributes:
        coverage: Served slots by rank; ``None`` when nobody can meet the conditions.
        members: Fewest members.
        cost_km: Least cost with so many.
    """

    coverage: tuple[int, ...] | None
    members: int
    cost_km: int


@dataclass(frozen=True)
class NaiveCandidate:
    """Best claim of an organisation for a requirement."""

    cost_km: int
    claim: Claim
    place: Place | None


def _entries(landscape: Landscape, root: str) -> list[Organisation]:
    every = [o for o in landscape.organisations.values() if (o.same_as or o.iri) == root]
    return sorted(every, key=lambda o: (o.iri != root, o.iri))


def _root(landscape: Landscape, name: str) -> str:
    return landscape.organisations[name].same_as or name


def _first_place(landscape: Landscape, root: str) -> Place | None:
    return next((o.place for o in _entries(landscape, root) if o.place is not None), None)


def _is_below(competence: str | None, top: str) -> bool:
    while competence is not None:
        if competence == top:
            return True
        competence = SCHEME.competences[competence].broader
    return False


def _checks(
    requirement: Requirement, enquiry: Enquiry, landscape: Landscape, claim: Claim, year: int
) -> list[Check]:
    root = _root(landscape, claim.organisation)
    entries = _entries(landscape, root)
    held = {c for o in entries for c in o.certificates}
    status = {o.is_active for o in entries}
    worst = next(t for t in (Truth.NO, Truth.UNKNOWN, Truth.YES) if t in status)
    place = claim.place or _first_place(landscape, root)
    types = requirement.certificate_types | enquiry.member_certificate_types
    done = [checks.check_status(worst)]
    done += [checks.check_step(requirement.step, claim.steps)] if requirement.step else []
    done += [
        checks.check_material(m, claim.materials, SCHEME.materials) for m in requirement.materials
    ]
    done += [
        checks.check_limit(x, claim.limits, SCHEME.dimensions[x.dimension].fit_rule)
        for x in requirement.limits
    ]
    done += [checks.check_certificate(t, held, year) for t in types]
    if enquiry.districts:
        done.append(checks.check_district(enquiry.districts, place))
    if (validity := checks.check_validity(claim.valid_through, year)) is not None:
        done.append(validity)
    if enquiry.max_distance_km is not None and enquiry.place is not None:
        done.append(checks.check_distance(enquiry.place, place, enquiry.max_distance_km))
    return done


def naive_candidates(
    requirement: Requirement, enquiry: Enquiry, landscape: Landscape, settings: Settings
) -> dict[str, NaiveCandidate]:
    """Return the best claim of each organisation."""
    found = naive_claims(requirement, enquiry, landscape, settings)
    return {root: claims[0] for root, claims in found.items()}


def naive_claims(
    requirement: Requirement, enquiry: Enquiry, landscape: Landscape, settings: Settings
) -> dict[str, list[NaiveCandidate]]:
    """Look at every claim, one after the other; those of an organisation cheapest first."""
    weights, unknown = settings.weights.match, settings.weights.unknown
    banned = {_root(landscape, name) for name in enquiry.excluded}
    found: dict[str, list[NaiveCandidate]] = {}
    for claim in landscape.claims:
        root = _root(landscape, claim.organisation)
        if _is_below(claim.competence, requirement.competence):
            is_exact = claim.competence == requirement.competence
            grade = weights.full_grade if is_exact else weights.narrower_grade
        elif claim.competence == SCHEME.competences[requirement.competence].broader:
            grade = weights.to_be_confirmed_grade
        else:
            continue
        done = _checks(requirement, enquiry, landscape, claim, settings.reference_year)
        truths = {check.truth for check in done}
        is_out = Truth.NO in truths or (enquiry.strict_unknowns and Truth.UNKNOWN in truths)
        if is_out or root in banned:
            continue
        fresh = weights.freshness_unknown
        if claim.evidence_year is not None:
            age = settings.reference_year - claim.evidence_year
            fresh = max(0.5 ** (age / weights.freshness_half_life_years), weights.freshness_floor)
        cost = weights.beta_km * (1 - grade * claim.confidence * fresh)
        for check in done:
            if check.truth is Truth.UNKNOWN:
                kind = "certificate" if check.kind is CheckKind.VALIDITY else check.kind
                cost += getattr(unknown, f"{kind}_km")
        new = NaiveCandidate(round(cost), claim, claim.place or _first_place(landscape, root))
        found.setdefault(root, []).append(new)
    for claims in found.values():
        claims.sort(key=lambda c: (c.cost_km, c.claim.iri))
    return found


def _asked(requirement: Requirement) -> float:
    """Return how much a requirement asks of what adds up."""
    return sum(x.maximum or 0.0 for x in requirement.limits if x.dimension == "year")


def _makes(claim: Claim) -> float:
    """Return how much a claim states to make in all."""
    return max((x.maximum or 0.0 for x in claim.limits if x.dimension == "year"), default=math.inf)


def _is_enough(drawn: Sequence[tuple[Claim, float]]) -> bool:
    """Tell whether what is drawn on each claim lies within what it states."""
    total: dict[str, float] = {}
    for claim, load in drawn:
        total[claim.iri] = total.get(claim.iri, 0.0) + load
    return all(total[claim.iri] <= _makes(claim) for claim, _ in drawn)


Choice = tuple[str, NaiveCandidate]


def naive_choices(
    enquiry: Enquiry, landscape: Landscape, settings: Settings, slots: list[int]
) -> list[list[Choice]]:
    """Return who can serve each slot with which claim.

    Everybody with the best one; with any, who has too little for all that it is the best for.
    """
    found = [naive_claims(r, enquiry, landscape, settings) for r in enquiry.requirements]
    choices: list[list[Choice]] = [[] for _ in slots]
    for root in sorted({root for claims in found for root in claims}):
        own = [(s, i) for s, i in enumerate(slots) if root in found[i]]
        loads = {s: _asked(enquiry.requirements[i]) for s, i in own}
        for s, i in own:
            best = found[i][root][0].claim
            same = [loads[t] for t, j in own if loads[t] and found[j][root][0].claim == best]
            is_tight = bool(loads[s]) and len(same) > 1 and sum(same) > _makes(best)
            choices[s] += [(root, c) for c in found[i][root][: None if is_tight else 1]]
    return choices


def _handover(
    landscape: Landscape,
    settings: Settings,
    one: tuple[str, Place | None],
    two: tuple[str, Place | None],
) -> int:
    (first, here), (second, there) = one, two
    if first == second:
        return 0
    weights, cooperation = settings.weights.handover, settings.weights.cooperation
    km = weights.unknown_distance_km
    if here is not None and there is not None:
        km = _haversine(here, there)
    effective, contexts = 0.0, set()
    clusters = [
        set().union(*(o.clusters for o in _entries(landscape, root))) for root in (first, second)
    ]
    for tie in sorted(landscape.ties, key=lambda t: (t.context, t.first, t.second)):
        roots = {_root(landscape, tie.first), _root(landscape, tie.second)}
        if tie.kind == "cluster" and len(roots) == 2:
            for root, own in zip((first, second), clusters, strict=True):
                if root in roots:
                    own.add(tie.context)
        elif roots == {first, second} and tie.context not in contexts:
            contexts.add(tie.context)
            age = cooperation.unknown_age_years
            if tie.year is not None:
                age = settings.reference_year - tie.year
            effective += 0.5 ** (age / cooperation.half_life_years)
    bonus = cooperation.project_bonus_km * (1 - 0.5**effective)
    bonus += cooperation.cluster_bonus_km * len(clusters[0] & clusters[1])
    kappa = weights.kappa_km
    cost = round(km * weights.distance_weight) + round(kappa) - round(min(bonus, kappa))
    return int(cost)


def _haversine(one: Place, two: Place) -> float:
    phi, psi = math.radians(one.latitude), math.radians(two.latitude)
    h = math.sin((psi - phi) / 2) ** 2
    h += (
        math.cos(phi)
        * math.cos(psi)
        * math.sin(math.radians(two.longitude - one.longitude) / 2) ** 2
    )
    return 2 * 6371.0088 * math.asin(math.sqrt(h))


def _is_of(rule: GroupRule, entries: list[Organisation]) -> Truth:
    """Tell whether an organisation, given by its entries, is of a group."""
    place = next((o.place for o in entries if o.place is not None), None)
    facts: set[str | None]
    if rule.trait is GroupTrait.SMALL:
        known = [o.is_small for o in entries if o.is_small is not Truth.UNKNOWN]
        return known[0] if known else Truth.UNKNOWN
    if rule.trait is GroupTrait.KIND:
        facts = {entries[0].kind}
    elif rule.trait is GroupTrait.DISTRICT:
        facts = {place.district if place else None}
    elif rule.trait is GroupTrait.STATE:
        facts = {place.state if place else None}
    elif rule.trait is GroupTrait.SECTOR:
        facts = {x for o in entries for x in o.sectors} or {None}
    elif rule.trait is GroupTrait.CLUSTER:
        facts = {x for o in entries for x in o.clusters}
    else:
        facts = {o.iri for o in entries}
    if facts == {None}:
        return Truth.UNKNOWN
    return Truth.YES if facts & rule.values else Truth.NO


def _fits_groups(enquiry: Enquiry, landscape: Landscape, team: set[str]) -> bool:
    for rule in enquiry.groups:
        truths = []
        for root in team:
            entries = _entries(landscape, root)
            truths.append(_is_of(rule, entries))
        sure, maybe = truths.count(Truth.YES), truths.count(Truth.UNKNOWN)
        low = sure if rule.is_strict else sure + maybe
        high = sure + maybe if rule.is_strict else sure
        if low < rule.at_least or (rule.at_most is not None and high > rule.at_most):
            return False
    return True


def naive_answer(enquiry: Enquiry, landscape: Landscape, settings: Settings) -> Naive:
    """Try every assignment."""
    count = len(enquiry.requirements)
    second = [i for i, r in enumerate(enquiry.requirements) if r.needs_second_source]
    slots = [*range(count), *second]
    choices = naive_choices(enquiry, landscape, settings, slots)
    edges = handovers(enquiry.requirements, SCHEME, steps_after(SCHEME.precedes))
    wanted = enquiry.pinned | ({enquiry.lead} if enquiry.lead else set())
    pinned = {_root(landscape, name) for name in wanted}
    able = {root for options in choices for root, _ in options}
    best: tuple[tuple[int, ...], int, int] | None = None
    loads = [_asked(enquiry.requirements[i]) for i in slots]
    for taken in product(*([None, *options] for options in choices)):
        chosen = tuple(None if one is None else one[0] for one in taken)
        team = {root for root in chosen if root is not None} | (pinned - able)
        if not _is_allowed(enquiry, landscape, chosen, team, pinned, slots, count):
            continue
        pairs = zip(taken, loads, strict=True)
        if not _is_enough([(one[1].claim, x) for one, x in pairs if one is not None and x]):
            continue
        ranks = [
            (0 if enquiry.requirements[i].is_mandatory else 2) + (s >= count)
            for s, i in enumerate(slots)
            if chosen[s] is not None
        ]
        coverage = tuple(-ranks.count(rank) for rank in range(4))
        cost = sum(one[1].cost_km for one in taken if one is not None)
        for r, s in edges:
            first, last = taken[r], taken[s]
            if first is not None and last is not None:
                ends = (first[0], first[1].place), (last[0], last[1].place)
                cost += _handover(landscape, settings, *ends)
        key = (coverage, len(team), cost)
        best = key if best is None else min(best, key)
    if best is None:
        return Naive(None, 0, 0)
    return Naive(tuple(-n for n in best[0]), best[1], best[2])


def _is_allowed(
    enquiry: Enquiry,
    landscape: Landscape,
    chosen: tuple[str | None, ...],
    team: set[str],
    pinned: set[str],
    slots: list[int],
    count: int,
) -> bool:
    if not pinned <= team:
        return False
    if enquiry.max_members is not None and len(team) > enquiry.max_members:
        return False
    for s in range(count, len(slots)):
        if chosen[s] is not None and chosen[slots[s]] in (None, chosen[s]):
            return False
    for a, b in enquiry.conflicts:
        first, second = _root(landscape, a), _root(landscape, b)
        if first != second and first in team and second in team:
            return False
    return _fits_groups(enquiry, landscape, team)
