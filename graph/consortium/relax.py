"""Which single demand, given up, would close a gap, and at what price."""

import math
from collections.abc import Iterator
from dataclasses import replace

from graph.consortium.answer import Gap, NearMiss, Relaxation
from graph.consortium.control import Clock, OutOfTimeError
from graph.consortium.explain import Explanation
from graph.consortium.solve import Solved, prove
from graph.matching import CheckKind, index_of
from graph.matching.values import Check
from graph.model import Enquiry, Landscape, Requirement, Truth
from graph.settings import Settings

__all__ = ["relaxations", "relaxed"]

_MOST_TRIED = 8
_MOST_SHOWN = 3


def relaxations(
    enquiry: Enquiry,
    gaps: tuple[Gap, ...],
    landscape: Landscape,
    settings: Settings,
    clock: Clock,
) -> tuple[Relaxation, ...]:
    """Solve the enquiry again with one demand given up, for demands that near misses fail.

    Args:
        enquiry: The enquiry as put.
        gaps: What stays open, with the near misses.
        landscape: Who offers what.
        settings: Weights and year.
        clock: When to stop; what was found by then is returned.

    Returns:
        At most three, those first that serve most (mandatory before wished for), with the
        fewest members, at the least cost.
    """
    found: dict[tuple[str, CheckKind, str], Relaxation] = {}
    for gap, miss in _tries(gaps):
        key = gap.requirement, miss.failed.kind, miss.failed.required
        if key in found or len(found) == _MOST_TRIED or clock.is_over:
            continue
        changed = relaxed(enquiry, gap.requirement, miss, landscape)
        if changed is None:
            continue
        try:
            solved = prove(changed, landscape, settings, clock)
        except OutOfTimeError:
            break
        if solved.plan.is_feasible and solved.served >> _number(enquiry, gap.requirement) & 1:
            found[key] = _relaxation(gap, miss.failed, changed, solved)
    ranked = sorted(
        found.values(),
        key=lambda r: (-r.mandatory_served, -r.served, r.members, r.cost_km, r.requirement, r.kind),
    )
    return tuple(ranked[:_MOST_SHOWN])


def _tries(gaps: tuple[Gap, ...]) -> Iterator[tuple[Gap, NearMiss]]:
    """Yield near misses, of each demand the one that is missed by least."""
    for gap in gaps:
        if not gap.candidates:
            yield from (
                (gap, miss)
                for miss in sorted(
                    gap.near_misses, key=lambda m: (m.failed.kind, m.failed.distance_km or 0.0)
                )
            )


def _number(enquiry: Enquiry, requirement: str) -> int:
    return next(i for i, r in enumerate(enquiry.requirements) if r.iri == requirement)


def relaxed(
    enquiry: Enquiry, requirement: str, miss: NearMiss, landscape: Landscape
) -> Enquiry | None:
    """Return the enquiry without the demand that a near miss fails.

    What the enquirer demands of everybody (distance, districts, certificates of members) is
    given up for everybody. ``None`` when the obstacle is not the enquirer's to remove.
    """
    failed = miss.failed
    if failed.truth is Truth.UNKNOWN:
        return replace(enquiry, strict_unknowns=False)
    if failed.kind is CheckKind.DISTANCE and failed.distance_km is not None:
        return replace(enquiry, max_distance_km=float(math.ceil(failed.distance_km)))
    if failed.kind is CheckKind.DISTRICT:
        return replace(enquiry, districts=enquiry.districts | frozenset(failed.found))
    if failed.kind is CheckKind.ENQUIRER:
        position = index_of(landscape).position
        number = position[miss.organisation]
        kept = frozenset(iri for iri in enquiry.excluded if position.get(iri) != number)
        return replace(enquiry, excluded=kept)
    if failed.kind in {CheckKind.STATUS, CheckKind.VALIDITY}:
        return None
    return replace(
        enquiry,
        requirements=tuple(
            _less(r, failed) if r.iri == requirement else r for r in enquiry.requirements
        ),
        member_certificate_types=enquiry.member_certificate_types - {failed.required},
    )


def _less(requirement: Requirement, failed: Check) -> Requirement:
    if failed.kind is CheckKind.STEP:
        return replace(requirement, step=None)
    return replace(
        requirement,
        materials=requirement.materials - {failed.required},
        limits=tuple(x for x in requirement.limits if x.dimension != failed.required),
        certificate_types=requirement.certificate_types - {failed.required},
    )


def _relaxation(gap: Gap, failed: Check, changed: Enquiry, solved: Solved) -> Relaxation:
    solution = Explanation(solved.problem, solved.plan.outcome.entries, frozenset())
    pairs = dict(solution.pairs())
    mandatory = {r.iri for r in changed.requirements if r.is_mandatory}
    return Relaxation(
        requirement=gap.requirement,
        kind=failed.kind,
        required=failed.required,
        allowed_km=changed.max_distance_km if failed.kind is CheckKind.DISTANCE else None,
        organisation=pairs[gap.requirement],
        mandatory_served=len(pairs.keys() & mandatory),
        served=len(pairs),
        members=len(solution.team),
        cost_km=solved.plan.outcome.cost,
        is_proven=solved.plan.coverage_proven and solved.plan.outcome.is_complete,
    )
