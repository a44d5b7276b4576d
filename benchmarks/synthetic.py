"""Synthetic landscapes and enquiries for measurements. NOTHING HERE IS A REAL ORGANISATION.

Every IRI begins with ``https://example.org/synthetic/`` and every name with ``Synthetic``; the
reference graph never loads any of it. The distributions are those counted in the reference data
where it is large enough to have one (claims per organisation, confidence, evidence years, kinds,
sizes, operating status, how unequally ties are spread, how near they are); where it is not, or
where a larger region needs something else, it is stated below. Every organisation has a place
here, while one in seven of the reference data has none.

The same seed and size give the same landscape.
"""

import gc
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.model import (
    Claim,
    Competence,
    CompetenceScheme,
    Enquiry,
    Landscape,
    Organisation,
    Place,
    Requirement,
    Tie,
    Truth,
)

__all__ = ["Size", "synthetic_enquiry", "synthetic_landscape"]

BASE = "https://example.org/synthetic/"

STEPS, GROUPS, LEAVES = 12, 6, 10
"""A tree of 12 fields with 6 groups of 10 competences each; a field is one step of the chain."""

# Counted in the reference data of 2026-11-25: how many have the value.
CLAIM_COUNTS = {1: 145, 2: 63, 3: 30, 4: 16, 5: 15, 6: 8, 7: 6, 8: 4, 9: 1, 10: 1, 11: 2, 12: 2}
CONFIDENCES = {0.2: 9, 0.25: 5, 0.4: 67, 0.5: 46, 0.75: 73, 0.9: 487}
YEARS = {
    -1: 33, 2003: 8, 2006: 8, 2008: 8, 2009: 7, 2010: 21, 2011: 20, 2012: 41, 2013: 35, 2014: 26,
    2015: 46, 2016: 34, 2017: 54, 2018: 51, 2019: 40, 2020: 46, 2021: 27, 2022: 65, 2023: 49,
    2024: 27, 2025: 39, 2026: 2,
}  # fmt: skip
KINDS = {"Company": 318, "ResearchInstitution": 25, "TransferCentre": 10}
SMALL = {Truth.YES: 67, Truth.NO: 26, Truth.UNKNOWN: 260}
ACTIVE = {Truth.YES: 319, Truth.UNKNOWN: 33, Truth.NO: 1}
TIE_COUNTS = {0: 261, 1: 34, 2: 16, 3: 6, 6: 13, 7: 6, 9: 9, 10: 3, 12: 3, 18: 3, 25: 2}
TIE_YEARS = {
    2010: 6, 2013: 10, 2015: 21, 2019: 17, 2020: 65, 2021: 19, 2022: 15, 2024: 23, 2025: 39,
}  # fmt: skip
LOCAL_TIES = 0.68  # less than 25 km apart

# Not in the reference data, which has no organisation with more than twelve claims: a few
# system suppliers make small covers possible, and with them the search harder. Its eight
# clusters name twenty members only; here every third organisation belongs to one.
SYSTEM_SUPPLIERS = 0.02
CLUSTER_SIZE = 160
CLUSTER_SHARE = 0.35

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Size:
    """How large a landscape is.

    Attributes:
        organisations: Number of organisations.
        places: Number of towns, half of them around twelve cities.
    """

    organisations: int
    places: int

    @classmethod
    def of(cls, organisations: int) -> "Size":
        """Return the usual number of towns: 600 for 5,000 organisations, growing slower."""
        return cls(organisations, int(min(20_000, max(60, 600 * (organisations / 5_000) ** 0.65))))


def synthetic_landscape(size: Size, seed: int) -> Landscape:
    """Make a landscape."""
    was_enabled = gc.isenabled()
    gc.disable()  # it would look through millions of new objects again and again, for nothing
    try:
        return _made(size, seed)
    finally:
        if was_enabled:
            gc.enable()


def _made(size: Size, seed: int) -> Landscape:
    random = np.random.default_rng([seed, size.organisations])
    scheme = _scheme()
    places, weights = _places(size, random)
    home = random.choice(size.places, size=size.organisations, p=weights)
    names = [f"{BASE}organisation/{i:07d}" for i in range(size.organisations)]
    clusters = _clusters(home, places, size, random)
    organisations = _organisations(names, [places[p] for p in home.tolist()], clusters, random)
    return Landscape(
        version=f"synthetic-{size.organisations}-{seed}",
        scheme=scheme,
        organisations=organisations,
        claims=_claims(names, random),
        ties=_ties(names, home, random),
    )


def _drawn(counts: Mapping[T, int], number: int, random: np.random.Generator) -> list[T]:
    """Draw values as often as they were counted."""
    values = list(counts)
    shares = np.array(list(counts.values()), dtype=float)
    chosen = random.choice(len(values), number, p=shares / shares.sum())
    return [values[i] for i in chosen.tolist()]


def _competence(step: int, group: int | None = None, leaf: int | None = None) -> str:
    parts = [f"{n:02d}" for n in (step, group, leaf) if n is not None]
    return f"{BASE}competence/{'-'.join(parts)}"


def _step(step: int) -> str:
    return f"{BASE}step/{step:02d}"


def _scheme() -> CompetenceScheme:
    competences = {}
    for step in range(STEPS):
        top = _competence(step)
        competences[top] = Competence(top, f"Synthetic field {step}", None, _step(step))
        for group in range(GROUPS):
            middle = _competence(step, group)
            competences[middle] = Competence(middle, f"Synthetic group {group}", top, _step(step))
            for leaf in range(LEAVES):
                iri = _competence(step, group, leaf)
                competences[iri] = Competence(iri, f"Synthetic {iri[-8:]}", middle, _step(step))
    precedes = {_step(s): frozenset({_step(s + 1)}) for s in range(STEPS - 1)}
    return CompetenceScheme(competences, precedes)


def _places(size: Size, random: np.random.Generator) -> tuple[list[Place], NDArray[np.float64]]:
    """Return towns in a region that grows with their number, and the share of each."""
    width = 1.4 * (size.places / 60) ** 0.5  # degrees
    cities = random.uniform(0, width, (12, 2))
    near = cities[random.integers(0, 12, size.places // 2)]
    near = near + random.normal(0, 0.12, near.shape)
    far = random.uniform(0, width, (size.places - len(near), 2))
    points = np.concatenate([near, far]) + np.array([min(50.5, 70 - width), 10.0])
    weights = random.pareto(1.2, size.places) + 0.05
    weights = np.minimum(weights, 60)
    places = [
        Place(float(a), float(b), f"Synthetic town {i}", f"{BASE}district/{i % 23:02d}")
        for i, (a, b) in enumerate(points.tolist())
    ]
    return places, weights / weights.sum()


def _clusters(
    home: NDArray[np.int64], places: list[Place], size: Size, random: np.random.Generator
) -> list[frozenset[str]]:
    """Return the clusters of each organisation: those of its region, by chance."""
    count = max(3, size.organisations // CLUSTER_SIZE)
    centres = random.integers(0, len(places), count)
    latitude = np.array([p.latitude for p in places])
    order = np.argsort(latitude[centres])
    nearest = np.searchsorted(latitude[centres][order], latitude)
    by_place = order[np.clip(nearest, 0, count - 1)].tolist()
    sets = [frozenset({f"{BASE}cluster/{number:05d}"}) for number in range(count)]
    nothing: frozenset[str] = frozenset()
    joins = random.random(size.organisations) < CLUSTER_SHARE
    return [
        sets[by_place[p]] if joined else nothing
        for p, joined in zip(home.tolist(), joins.tolist(), strict=True)
    ]


def _organisations(
    names: list[str],
    places: list[Place],
    clusters: list[frozenset[str]],
    random: np.random.Generator,
) -> dict[str, Organisation]:
    count = len(names)
    columns = zip(
        names,
        places,
        clusters,
        _drawn(KINDS, count, random),
        _drawn(SMALL, count, random),
        _drawn(ACTIVE, count, random),
        strict=True,
    )
    return {
        name: Organisation(
            iri=name,
            name=f"Synthetic organisation {name[-7:]}",
            kind=kind,
            place=place,
            clusters=own,
            is_small=is_small,
            is_active=is_active,
        )
        for name, place, own, kind, is_small, is_active in columns
    }


def _claims(names: list[str], random: np.random.Generator) -> tuple[Claim, ...]:
    size = len(names)
    counts = np.array(_drawn(CLAIM_COUNTS, size, random))
    systems = random.random(size) < SYSTEM_SUPPLIERS
    counts[systems] = random.integers(12, 31, int(systems.sum()))
    owner = np.repeat(np.arange(size), counts)
    main = random.integers(0, STEPS, size)[owner]
    spread = np.rint(random.normal(0, np.where(systems[owner], 4.0, 1.2))).astype(int)
    step = np.clip(main + spread, 0, STEPS - 1)
    group = random.integers(0, GROUPS, len(owner))
    leaf = random.integers(0, LEAVES + 1, len(owner))  # the last stands for the group itself
    competences = [
        _competence(s, g, x if x < LEAVES else None)
        for s in range(STEPS) for g in range(GROUPS) for x in range(LEAVES + 1)
    ]  # fmt: skip
    steps = [frozenset({_step(s)}) for s in range(STEPS)]
    columns = zip(
        owner.tolist(),
        step.tolist(),
        ((step * GROUPS + group) * (LEAVES + 1) + leaf).tolist(),
        _drawn(CONFIDENCES, len(owner), random),
        _drawn(YEARS, len(owner), random),
        strict=True,
    )
    return tuple(
        Claim(
            iri=f"{BASE}claim/{n:08d}",
            organisation=names[o],
            competence=competences[c],
            steps=steps[s],
            confidence=confidence,
            evidence_year=None if year < 0 else year,
        )
        for n, (o, s, c, confidence, year) in enumerate(columns)
    )


def _ties(
    names: list[str], home: NDArray[np.int64], random: np.random.Generator
) -> tuple[Tie, ...]:
    """Give each organisation ends of ties as counted, and join them near by or anywhere."""
    ends = np.repeat(np.arange(len(names)), _drawn(TIE_COUNTS, len(names), random))
    ends = ends[np.argsort(home[ends], kind="stable")]  # neighbours stand together
    half = random.permutation(len(ends))[: len(ends) // 2]
    near = ends[np.clip(half + random.integers(1, 12, len(half)), 0, len(ends) - 1)]
    anyone = random.choice(ends, len(half)) if len(ends) else ends
    first = ends[half]
    second = np.where(random.random(len(half)) < LOCAL_TIES, near, anyone)
    years = _drawn(TIE_YEARS, len(half), random)
    columns = zip(first.tolist(), second.tolist(), years, strict=True)
    return tuple(
        Tie(names[min(a, b)], names[max(a, b)], f"{BASE}project/{n:07d}",
            "project", f"Synthetic project {n}", year)
        for n, (a, b, year) in enumerate(columns)
        if a != b
    )  # fmt: skip


def synthetic_enquiry(requirements: int, seed: int) -> Enquiry:
    """Make an enquiry along the chain; some ask for a group or a whole field."""
    random = np.random.default_rng([seed, requirements])
    steps = np.sort(random.choice(STEPS, requirements, replace=requirements > STEPS))
    parts = []
    for number, step in enumerate(steps.tolist()):
        group, leaf = int(random.integers(0, GROUPS)), int(random.integers(0, LEAVES))
        breadth = random.choice(3, p=[0.15, 0.45, 0.4])
        competence = (
            _competence(step), _competence(step, group), _competence(step, group, leaf)
        )[breadth]  # fmt: skip
        iri = f"{BASE}enquiry/{seed}-{number:02d}"
        parts.append(Requirement(iri, competence, step=_step(step)))
    return Enquiry(f"{BASE}enquiry/{seed}", f"Synthetic enquiry {seed}", tuple(parts))
