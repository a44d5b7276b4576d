"""Who could develop what is missing, with which research partner, and which networks to ask."""

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np

from graph.consortium.answer import Developer, Gap, NetworkToAsk
from graph.matching import Index
from graph.model import Truth
from graph.network import Cooperation

__all__ = ["developers", "networks_to_ask"]

_MOST_DEVELOPERS = 3
_MOST_PARTNERS = 2
_MOST_NETWORKS = 3
_MOST_HOLDERS = 200
"""Holders of one competence that are looked at, in the order of their IRIs."""

_RESEARCH = "ResearchInstitution"

Near = Mapping[int, tuple[int, str]]
"""For each organisation number the steps to its nearest competence, and that competence."""


def _near(gap: Gap, index: Index) -> Near:
    """Return who has a competence near to the missing one; the nearest comes first."""
    near: dict[int, tuple[int, str]] = {}
    for found in gap.nearest:
        holders = np.unique(index.claim_organisation[index.rows_at(found.competence)])
        for number in holders[:_MOST_HOLDERS].tolist():
            if index.organisations[number].is_active is not Truth.NO:
                near.setdefault(number, (found.steps_away, found.competence))
    return near


def developers(gap: Gap, index: Index, cooperation: Cooperation) -> tuple[Developer, ...]:
    """Return companies near to what is missing, with research partners.

    Equally near ones: those that know a research institution first, then by IRI.
    """
    near = _near(gap, index)
    every = [
        (number, partners)
        for number in near
        if index.organisations[number].kind != _RESEARCH
        for partners in [tuple(_partners(number, near, index, cooperation))]
    ]
    every.sort(key=lambda found: (near[found[0]][0], not any(t for _, t in found[1]), found[0]))
    return tuple(
        Developer(
            organisation=index.organisations[number].iri,
            competence=near[number][1],
            steps_away=near[number][0],
            partners=tuple(index.organisations[p].iri for p, _ in partners),
            acquainted=tuple(index.organisations[p].iri for p, is_tied in partners if is_tied),
        )
        for number, partners in every[:_MOST_DEVELOPERS]
    )


def _partners(
    company: int, near: Near, index: Index, cooperation: Cooperation
) -> Iterator[tuple[int, bool]]:
    """Yield research institutions for a company, and whether they have worked together."""
    tied = cooperation.neighbours(company)
    able = {
        number
        for number in tied.keys() | near.keys()
        if index.organisations[number].kind == _RESEARCH
        and index.organisations[number].is_active is not Truth.NO
    }
    far = 1 << 10

    def rank(number: int) -> tuple[bool, bool, int, float, int]:
        steps = near[number][0] if number in near else far
        return (
            not (number in tied and number in near),
            number not in tied,
            steps,
            -tied.get(number, 0.0),
            number,
        )

    for number in sorted(able, key=rank)[:_MOST_PARTNERS]:
        yield number, number in tied


def networks_to_ask(gap: Gap, index: Index) -> tuple[NetworkToAsk, ...]:
    """Return the clusters with most members near to what is missing; equal ones by IRI."""
    position = index.position
    close = set(_near(gap, index)) | {position[miss.organisation] for miss in gap.near_misses}
    counts = Counter(c for number in close for c in index.organisations[number].clusters)
    ranked = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    return tuple(NetworkToAsk(cluster, count) for cluster, count in ranked[:_MOST_NETWORKS])
