"""Random tiny landscapes and enquiries, and a naive answer that reads the rules aloud."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from random import Random

from graph.consortium.handover import handovers, steps_after
from graph.matching import checks
from graph.matching.values import Check
from graph.model import (
    Certificate,
    Claim,
    Competence,
    CompetenceScheme,
    Dimension,
    Enquiry,
    FitRule,
    GroupRule,
    GroupTrait,
    Landscape,
    Limit,
    Organisation,
    Place,
    Requirement,
    Tie,
    Truth,
)
from graph.settings import Settings

__all__ = [
    "SCHEME",
    "Naive",
    "naive_answer",
    "naive_candidates",
    "random_enquiry",
    "random_landscape",
]

PLACES = (
    Place(50.93, 11.59, "J", "d1"),
    Place(50.98, 11.03, "E", "d2"),
    Place(50.61, 10.69, "S", "d3"),
    Place(51.50, 10.79, "N", None),
)

SCHEME = CompetenceScheme(
    competences={
        "a": Competence("a", "A", None, "s1"),
        "a1": Competence("a1", "A1", "a", "s1"),
        "a2": Competence("a2", "A2", "a", "s2"),
        "a21": Competence("a21", "A21", "a2", "s2", frozenset({"b1"})),
        "b": Competence("b", "B", None, "s3"),
        "b1": Competence("b1", "B1", "b", "s3"),
        "c": Competence("c", "C", None, None),
    },
    precedes={"s1": frozenset({"s2", "s3"}), "s2": frozenset({"s4"}), "s3": frozenset({"s4"})},
    dimensions={
        "length": Dimension("length", FitRule.RANGE),
        "tolerance": Dimension("tolerance", FitRule.AT_MOST),
    },
    materials={"steel": "metal", "stainless": "steel", "aluminium": "metal"},
)


def _some(random: Random, values: list[str], share: float) -> frozenset[str]:
    return frozenset(v for v in values if random.random() < share)


def _limits(random: Random) -> tuple[Limit, ...]:
    limits = []
    if random.random() < 0.3:
        limits.append(
            Limit("length", random.choice([None, 0.0, 50.0]), random.choice([100.0, 500.0]))
        )
    if random.random() < 0.3:
        limits.append(Limit("tolerance", random.choice([0.01, 0.1]), None))
    return tuple(limits)


def random_landscape(random: Random) -> Landscape:
    """Draw up to seven entries of organisations with up to fourteen claims."""
    names = [f"o{i}" for i in range(random.randint(1, 7))]
    organisations = {
        name: Organisation(
            iri=name,
            name=name.upper(),
            kind=random.choice(["Company", "Company", "ResearchInstitution"]),
            place=random.choice([*PLACES, None]),
            clusters=_some(random, ["k1", "k2"], 0.4),
            certificates=_certificates(name, random),
            is_small=random.choice(list(Truth)),
            is_active=random.choice([Truth.YES] * 5 + [Truth.UNKNOWN, Truth.NO]),
            same_as=random.choice(names) if random.random() < 0.15 else name,
        )
        for name in names
    }
    # The IRI that stands for a group stands for itself.
    for name, organisation in organisations.items():
        root = organisations[organisation.same_as]
        if root.same_as != root.iri:
            organisations[name] = replace(organisation, same_as=name)
    sites: list[Place | None] = random.choice(
        [[None], [None, None, *PLACES]]
    )  # none: where the organisation is
    claims = tuple(_claim(f"c{i}", names, sites, random) for i in range(random.randint(0, 14)))
    ties = tuple(_tie(f"p{i}", names, random) for i in range(random.randint(0, 6)))
    return Landscape("test", SCHEME, organisations, claims, ties)


def _certificates(name: str, random: Random) -> tuple[Certificate, ...]:
    ends = [None, "2024-05-01", "2026-05-01", "2028-01-31"]
    return tuple(
        Certificate(f"{name}-{kind}", kind, random.choice(ends))
        for kind in ("iso", "weld")
        if random.random() < 0.4
    )


def _claim(iri: str, names: list[str], sites: Sequence[Place | None], random: Random) -> Claim:
    return Claim(
        iri=iri,
        organisation=random.choice(names),
        competence=random.choice(sorted(SCHEME.competences)),
        steps=_some(random, ["s1", "s2", "s3"], 0.5),
        materials=_some(random, ["metal", "steel", "stainless", "aluminium", "glass"], 0.2),
        limits=_limits(random),
        confidence=random.choice([0.3, 0.5, 0.8, 1.0]),
        evidence_year=random.choice([None, 2008, 2019, 2026]),
        place=random.choice(sites),
    )


def _tie(context: str, names: list[str], random: Random) -> Tie:
    first, second = sorted([random.choice(names), random.choice(names)])
    kind = random.choice(["project", "project", "relation", "cluster"])
    context = "k1" if kind == "cluster" else context
    return Tie(first, second, context, kind, year=random.choice([None, 2012, 2025]))


def random_enquiry(random: Random, landscape: Landscape) -> Enquiry:
    """Draw an enquiry of up to four requirements with any mix of demands."""
    names = sorted(landscape.organisations)
    requirements = tuple(_requirement(f"r{i}", random) for i in range(random.randint(1, 4)))
    pinned = _some(random, names, random.choice([0, 0, 0.2]))
    excluded = _some(random, names, random.choice([0, 0.15]))
    same = {o.iri: o.same_as for o in landscape.organisations.values()}
    pinned = frozenset(p for p in pinned if same[p] not in {same[e] for e in excluded})
    pairs = [(a, b) for a in names for b in names if a < b and random.random() < 0.1]
    count = len({same[p] for p in pinned})
    return Enquiry(
        iri="e",
        title="E",
        requirements=requirements,
        place=PLACES[0],
        max_distance_km=random.choice([None, None, 45.0, 70.0]),
        districts=random.choice([frozenset(), frozenset(), frozenset({"d1", "d2"})]),
        pinned=pinned,
        excluded=excluded,
        max_members=random.choice([None, None, max(1, count), count + 1]),
        conflicts=frozenset(
            (a, b) for a, b in pairs if not {same[a], same[b]} <= {same[p] for p in pinned}
        ),
        member_certificate_types=random.choice([frozenset(), frozenset(), frozenset({"iso"})]),
        groups=random.choice([(), (), _groups(random)]),
        strict_unknowns=random.random() < 0.1,
    )


def _requirement(iri: str, random: Random) -> Requirement:
    return Requirement(
        iri=iri,
        competence=random.choice(sorted(SCHEME.competences)),
        step=random.choice([None, None, None, "s1", "s2", "s3"]),
        materials=_some(random, ["steel", "glass"], 0.15),
        limits=random.choice([(), (), _limits(random)]),
        certificate_types=_some(random, ["iso", "weld"], 0.1),
        is_mandatory=random.random() < 0.7,
        needs_second_source=random.random() < 0.15,
    )


def _groups(random: Random) -> tuple[GroupRule, ...]:
    least = random.choice([0, 1, 2])
    return (
        GroupRule("small", GroupTrait.SMALL, at_least=least, is_strict=random.random() < 0.5),
        GroupRule(
            "research",
            GroupTrait.KIND,
            frozenset({"ResearchInstitution"}),
            at_most=random.choice([0, 1, None]),
        ),
    )


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
    if enquiry.max_distance_km is not None and enquiry.place is not None:
        done.append(checks.check_distance(enquiry.place, place, enquiry.max_distance_km))
    return done


def naive_candidates(
    requirement: Requirement, enquiry: Enquiry, landscape: Landscape, settings: Settings
) -> dict[str, NaiveCandidate]:
    """Look at every claim, one after the other."""
    weights, unknown = settings.weights.match, settings.weights.unknown
    banned = {_root(landscape, name) for name in enquiry.excluded}
    found: dict[str, NaiveCandidate] = {}
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
                cost += getattr(unknown, f"{check.kind}_km")
        new = NaiveCandidate(round(cost), claim, claim.place or _first_place(landscape, root))
        old = found.get(root)
        if old is None or (new.cost_km, claim.iri) < (old.cost_km, old.claim.iri):
            found[root] = new
    return found


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


def _fits_groups(enquiry: Enquiry, landscape: Landscape, team: set[str]) -> bool:
    for rule in enquiry.groups:
        truths = []
        for root in team:
            entries = _entries(landscape, root)
            if rule.trait is GroupTrait.SMALL:
                known = [o.is_small for o in entries if o.is_small is not Truth.UNKNOWN]
                truths.append(known[0] if known else Truth.UNKNOWN)
            else:
                truths.append(Truth.YES if entries[0].kind in rule.values else Truth.NO)
        sure, maybe = truths.count(Truth.YES), truths.count(Truth.UNKNOWN)
        low = sure if rule.is_strict else sure + maybe
        high = sure + maybe if rule.is_strict else sure
        if low < rule.at_least or (rule.at_most is not None and high > rule.at_most):
            return False
    return True


def naive_answer(enquiry: Enquiry, landscape: Landscape, settings: Settings) -> Naive:
    """Try every assignment."""
    found = [naive_candidates(r, enquiry, landscape, settings) for r in enquiry.requirements]
    second = [i for i, r in enumerate(enquiry.requirements) if r.needs_second_source]
    slots = [*range(len(found)), *second]
    edges = handovers(enquiry.requirements, SCHEME, steps_after(SCHEME.precedes))
    pinned = {_root(landscape, name) for name in enquiry.pinned}
    able = {root for candidates in found for root in candidates}
    best: tuple[tuple[int, ...], int, int] | None = None
    for chosen in product(*([None, *sorted(found[i])] for i in slots)):
        team = {root for root in chosen if root is not None} | (pinned - able)
        if not _is_allowed(enquiry, landscape, chosen, team, pinned, slots, len(found)):
            continue
        ranks = [
            (0 if enquiry.requirements[i].is_mandatory else 2) + (s >= len(found))
            for s, i in enumerate(slots)
            if chosen[s] is not None
        ]
        coverage = tuple(-ranks.count(rank) for rank in range(4))
        cost = sum(
            found[i][root].cost_km
            for i, root in zip(slots, chosen, strict=True)
            if root is not None
        )
        for r, s in edges:
            a, b = chosen[r], chosen[s]
            if a is not None and b is not None:
                ends = (a, found[r][a].place), (b, found[s][b].place)
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
