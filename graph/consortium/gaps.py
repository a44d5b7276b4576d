"""Why a requirement stays open, who comes close, and what is near."""

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from graph.consortium.answer import Gap, GapReason, NearestCompetence, NearMiss
from graph.matching import CheckKind, Index, Matches, Relation
from graph.matching.demands import KINDS
from graph.matching.values import Check
from graph.model import Requirement, Truth

__all__ = ["explain_gap", "nearest_competences", "steps_away"]

_MOST_MISSES = 10
_MOST_NEAREST = 5
_MOST_HOLDERS = 5
_FARTHEST_STEPS = 4

_REASONS = {
    CheckKind.STEP: GapReason.STEP_MISMATCH,
    CheckKind.MATERIAL: GapReason.MATERIAL_MISSED,
    CheckKind.LIMIT: GapReason.LIMIT_MISSED,
    CheckKind.CERTIFICATE: GapReason.CERTIFICATE_EXPIRED,
    CheckKind.DISTRICT: GapReason.OUTSIDE_DISTRICTS,
    CheckKind.DISTANCE: GapReason.TOO_FAR,
    CheckKind.VALIDITY: GapReason.CLAIM_EXPIRED,
    CheckKind.STATUS: GapReason.CLOSING,
    CheckKind.ENQUIRER: GapReason.EXCLUDED,
}

_RELATIONS = (Relation.EXACT, Relation.NARROWER, Relation.BROADER)


def explain_gap(matches: Matches, blocked: GapReason, is_second_source: bool = False) -> Gap:
    """Explain why nobody was found for a requirement.

    Args:
        matches: Everything related to the requirement.
        blocked: The reason when somebody qualifies and is still not taken.
        is_second_source: Only the second source is missing.
    """
    index, requirement = matches.demands.index, matches.requirement
    taken = matches.names
    has_claim = np.zeros(len(index.organisations), dtype=bool)
    has_claim[matches.owners] = True
    claims = int(has_claim.sum())
    if taken and blocked is GapReason.TIME_LIMIT:  # and no time to tell who else comes close
        return Gap(requirement.iri, requirement.is_mandatory, blocked, claims, taken)
    closest = _closest_claims(matches)
    failed = _obstacles(matches, closest)
    failures = tuple(
        (kind, int((failed[:, i] > 0).sum()))
        for i, kind in enumerate(KINDS)
        if (failed[:, i] > 0).any()
    )
    return Gap(
        requirement=requirement.iri,
        is_mandatory=requirement.is_mandatory,
        reason=blocked if taken else _reason(matches, closest, failed),
        claims=claims,
        candidates=taken,
        failures=failures,
        near_misses=tuple(_near_misses(matches, closest, failed)),
        nearest=nearest_competences(requirement, index),
        is_second_source=is_second_source,
    )


def _obstacles(matches: Matches, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return by claim, of some, and kind how many checks exclude the claim."""
    outcomes = matches.outcomes.of(rows)
    if matches.demands.enquiry.strict_unknowns:
        return outcomes.failed + outcomes.unknown
    return outcomes.failed


def _closest_claims(matches: Matches) -> NDArray[np.int64]:
    """Return for each organisation without a fit claim the one with the fewest obstacles."""
    index = matches.demands.index
    is_able = np.zeros(len(index.organisations), dtype=bool)  # very many are ticked off, not sorted
    is_able[matches.organisations] = True
    rows = np.flatnonzero(~is_able[matches.owners])
    total = _obstacles(matches, rows).sum(axis=1)
    ranks = index.claim_rank[matches.rows[rows]]
    order = rows[np.lexsort((ranks, matches.costs[rows], total, matches.owners[rows]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = matches.owners[order][1:] != matches.owners[order][:-1]
    closest: NDArray[np.int64] = order[first]
    return closest


def _reason(matches: Matches, closest: NDArray[np.int64], failed: NDArray[np.int64]) -> GapReason:
    if not len(closest):
        return GapReason.NO_CLAIM
    single = failed[failed.sum(axis=1) == 1]
    counts = ((single if len(single) else failed) > 0).sum(axis=0)
    number = int(np.argmax(counts))
    # In a strict enquiry a check may exclude although nothing contradicts it.
    if not matches.outcomes.of(closest).failed[:, number].any():
        is_certificate = KINDS[number] is CheckKind.CERTIFICATE
        return GapReason.CERTIFICATE_MISSING if is_certificate else GapReason.NOT_CONFIRMED
    return _REASONS[KINDS[number]]


def _near_misses(
    matches: Matches, closest: NDArray[np.int64], failed: NDArray[np.int64]
) -> Iterator[NearMiss]:
    index = matches.demands.index
    single = np.flatnonzero(failed.sum(axis=1) == 1)
    kinds = failed[single].argmax(axis=1)
    owners = matches.owners[closest[single]]
    for i in np.lexsort((owners, kinds))[:_MOST_MISSES].tolist():
        claim = int(closest[single[i]])
        row = int(matches.rows[claim])
        yield NearMiss(
            organisation=index.organisations[int(owners[i])].iri,
            claim=index.claims[row].iri,
            relation=_RELATIONS[int(matches.relations[claim])],
            failed=_failed_check(matches.demands.checks(row), KINDS[int(kinds[i])]),
        )


def _failed_check(checks: tuple[Check, ...], kind: CheckKind) -> Check:
    """Return the check of a kind that stands in the way, a ``NO`` before an ``UNKNOWN``."""
    order = {Truth.NO: 0, Truth.UNKNOWN: 1, Truth.YES: 2}
    return min((c for c in checks if c.kind is kind), key=lambda c: order[c.truth])


def nearest_competences(requirement: Requirement, index: Index) -> tuple[NearestCompetence, ...]:
    """Return competences near the required one that somebody has, nearest first.

    Related ones count as one step away. What matching has already looked at, the competence,
    what is below it and its direct parent, is left out.
    """
    scheme, order = index.landscape.scheme, index.order
    own = requirement.competence
    steps = steps_away(own, index)
    first, last = order.first[own], order.last[own]
    related = scheme.competences[own].related & order.first.keys()
    distance = {iri: (1 if iri in related else steps[iri]) for iri in steps.keys() | related}
    looked_at = {iri for iri in distance if first <= order.first[iri] < last}
    looked_at.add(scheme.competences[own].broader or own)
    found: list[NearestCompetence] = []
    for iri in sorted(distance.keys() - looked_at, key=lambda iri: (distance[iri], iri)):
        if len(found) == _MOST_NEAREST:
            break
        holders = np.unique(index.claim_organisation[index.rows_at(iri)])
        if len(holders):
            found.append(
                NearestCompetence(
                    competence=iri,
                    label=scheme.competences[iri].label,
                    is_related=iri in related,
                    steps_away=distance[iri],
                    organisations=tuple(
                        index.organisations[int(n)].iri for n in holders[:_MOST_HOLDERS]
                    ),
                    holders=len(holders),
                )
            )
    return tuple(found)


def steps_away(competence: str, index: Index) -> dict[str, int]:
    """Return how many edges of the tree lie between a competence and those around it."""
    competences, children = index.landscape.scheme.competences, index.order.children
    steps = {competence: 0}
    queue = deque([competence])
    while queue:
        here = queue.popleft()
        if steps[here] == _FARTHEST_STEPS:
            continue
        broader = competences[here].broader
        around = [*children.get(here, ()), *([broader] if broader in competences else [])]
        for other in around:
            if other is not None and other not in steps:
                steps[other] = steps[here] + 1
                queue.append(other)
    return steps
