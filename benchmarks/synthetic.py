"""Synthetic landscapes and enquiries for measurements. NOTHING HERE IS A REAL ORGANISATION.

Every IRI begins with ``https://example.org/synthetic/`` and every name with ``Synthetic``; the
reference graph never loads any of it. The distributions follow the reference data where it is
large enough to have one (claims per organisation, evidence years, confidence, share of claims
with a material), and where it is not they are stated below.

The same seed and size give the same landscape.
"""

from dataclasses import dataclass

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

# Claims per organisation in the reference data: 149 have one, 64 two, ...
CLAIM_COUNTS = {1: 149, 2: 64, 3: 30, 4: 16, 5: 15, 6: 8, 7: 6, 8: 4, 9: 1, 10: 1, 11: 2, 12: 2}

# Not in the reference data, which has no organisation with more than twelve claims: a few
# system suppliers make small covers possible, and with them the search harder.
SYSTEM_SUPPLIERS = 0.02

TIES_PER_ORGANISATION = 0.65  # 225 ties of 353 organisations
LOCAL_TIES = 0.6
CLUSTER_SIZE = 160
CLUSTER_SHARE = 0.35


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
    random = np.random.default_rng([seed, size.organisations])
    scheme = _scheme()
    places, weights = _places(size, random)
    home = random.choice(size.places, size=size.organisations, p=weights)
    clusters = _clusters(home, places, size, random)
    organisations = {
        o.iri: o for o in _organisations(size, [places[p] for p in home.tolist()], clusters, random)
    }
    return Landscape(
        version=f"synthetic-{size.organisations}-{seed}",
        scheme=scheme,
        organisations=organisations,
        claims=_claims(size, random),
        ties=_ties(home, size, random),
    )


def _competence(step: int, group: int | None = None, leaf: int | None = None) -> str:
    parts = [f"{n:02d}" for n in (step, group, leaf) if n is not None]
    return f"{BASE}competence/{'-'.join(parts)}"


def _step(step: int) -> str:
    return f"{BASE}step/{step:02d}"


def _organisation(number: int) -> str:
    return f"{BASE}organisation/{number:07d}"


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
    latitude = np.array([p.latitude for p in places])[centres]
    order = np.argsort(latitude)
    by_place = [
        order[np.clip(np.searchsorted(latitude[order], p.latitude), 0, count - 1)] for p in places
    ]
    joins = random.random(size.organisations) < CLUSTER_SHARE
    return [
        frozenset({f"{BASE}cluster/{by_place[p]:05d}"}) if joined else frozenset()
        for p, joined in zip(home.tolist(), joins.tolist(), strict=True)
    ]


def _organisations(
    size: Size, places: list[Place], clusters: list[frozenset[str]], random: np.random.Generator
) -> list[Organisation]:
    smallness = random.choice(3, size.organisations, p=[0.45, 0.1, 0.45]).tolist()
    truths = (Truth.YES, Truth.NO, Truth.UNKNOWN)
    research = (random.random(size.organisations) < 0.04).tolist()
    return [
        Organisation(
            iri=_organisation(i),
            name=f"Synthetic organisation {i}",
            kind="ResearchInstitution" if research[i] else "Company",
            place=places[i],
            clusters=clusters[i],
            is_small=truths[smallness[i]],
        )
        for i in range(size.organisations)
    ]


def _claims(size: Size, random: np.random.Generator) -> tuple[Claim, ...]:
    shares = np.array(list(CLAIM_COUNTS.values()), dtype=float)
    counts = random.choice(list(CLAIM_COUNTS), size.organisations, p=shares / shares.sum())
    systems = random.random(size.organisations) < SYSTEM_SUPPLIERS
    counts[systems] = random.integers(12, 31, int(systems.sum()))
    owner = np.repeat(np.arange(size.organisations), counts)
    main = random.integers(0, STEPS, size.organisations)[owner]
    spread = np.rint(random.normal(0, np.where(systems[owner], 4.0, 1.2))).astype(int)
    step = np.clip(main + spread, 0, STEPS - 1)
    group = random.integers(0, GROUPS, len(owner))
    leaf = random.integers(0, LEAVES + 1, len(owner))  # the last stands for the group itself
    confidence = np.round(random.beta(5, 2, len(owner)), 2)
    years = random.integers(2005, 2027, len(owner))
    years = np.where(random.random(len(owner)) < 0.25, -1, years)
    columns = zip(
        owner.tolist(), step.tolist(), group.tolist(), leaf.tolist(), confidence.tolist(),
        years.tolist(), strict=True,
    )  # fmt: skip
    steps = [frozenset({_step(s)}) for s in range(STEPS)]
    names = {
        (s, g, x): _competence(s, g, x if x < LEAVES else None)
        for s in range(STEPS) for g in range(GROUPS) for x in range(LEAVES + 1)
    }  # fmt: skip
    return tuple(
        Claim(
            iri=f"{BASE}claim/{n:08d}",
            organisation=_organisation(o),
            competence=names[s, g, x],
            steps=steps[s],
            confidence=c,
            evidence_year=None if y < 0 else y,
        )
        for n, (o, s, g, x, c, y) in enumerate(columns)
    )


def _ties(home: NDArray[np.int64], size: Size, random: np.random.Generator) -> tuple[Tie, ...]:
    count = int(size.organisations * TIES_PER_ORGANISATION)
    first = random.integers(0, size.organisations, count)
    by_home = np.argsort(home, kind="stable")
    rank = np.empty_like(by_home)
    rank[by_home] = np.arange(len(by_home))
    near = by_home[np.clip(rank[first] + random.integers(1, 30, count), 0, len(home) - 1)]
    anyone = random.integers(0, size.organisations, count)
    second = np.where(random.random(count) < LOCAL_TIES, near, anyone)
    years = random.integers(2008, 2027, count)
    return tuple(
        Tie(_organisation(min(a, b)), _organisation(max(a, b)), f"{BASE}project/{n:07d}",
            "project", f"Synthetic project {n}", y)
        for n, (a, b, y) in enumerate(
            zip(first.tolist(), second.tolist(), years.tolist(), strict=True)
        )
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
