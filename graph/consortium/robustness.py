"""How much a suggestion hangs on single members."""

from collections.abc import Sequence

import numpy as np

from graph.consortium.answer import Interface, Member, Robustness
from graph.consortium.problem import Problem

__all__ = ["robustness"]

_LEAST_AREA_KM = 50.0

_AT_ONCE = 1000
"""Others whose distance is measured at once; of very many somebody is soon found."""


def robustness(
    problem: Problem,
    entries: Sequence[int],
    members: Sequence[Member],
    interfaces: Sequence[Interface],
) -> Robustness | None:
    """Say who could stand in within the area, and whose dropping out hurts most.

    Args:
        problem: The problem.
        entries: Entry of each slot that the suggestion serves.
        members: Its members, with their replacements where these were asked for.
        interfaces: Its hand-overs.

    Returns:
        The answer; ``None`` when the suggestion serves nothing.
    """
    if not entries:
        return None
    known = [i.distance_km for i in interfaces if i.distance_km is not None]
    area_km = max([_LEAST_AREA_KM, *known])
    slots = [int(problem.instance.slot[e]) for e in entries]
    first = [s for s in slots if not problem.is_second_source[s]]
    alone = [s for s in first if not _has_second_source(problem, entries, s, area_km)]
    requirements = problem.enquiry.requirements
    worst = _worst(members)
    again = worst.replacement.reoptimised if worst and worst.replacement else None
    return Robustness(
        second_source_share=1 - len(alone) / len(first),
        area_km=area_km,
        without_second_source=tuple(requirements[problem.requirement[s]].iri for s in alone),
        single_points=tuple(
            m.organisation for m in members if any(a.candidates == 1 for a in m.assignments)
        ),
        worst=worst.organisation if worst else None,
        worst_extra_members=again.extra_members if again else None,
        worst_loss_km=again.loss_km if again else None,
        is_decided=all(m.replacement.is_decided for m in members if m.replacement),
    )


def _has_second_source(problem: Problem, entries: Sequence[int], slot: int, area_km: float) -> bool:
    """Tell whether somebody else qualifies whose place is near to that of a member."""
    instance = problem.instance
    chosen = next(e for e in entries if int(instance.slot[e]) == slot)
    first, last = instance.starts[slot : slot + 2].tolist()
    own = instance.organisation[first:last]
    others = first + np.flatnonzero(own != instance.organisation[chosen])
    for start in range(0, len(others), _AT_ONCE):
        km = instance.handovers.distances_km(others[start : start + _AT_ONCE], np.array(entries))
        if (km <= area_km).any():  # an unknown distance is no distance within
            return True
    return False


def _worst(members: Sequence[Member]) -> Member | None:
    """Return the member whose dropping out costs most; equal ones are decided by IRI."""

    def harm(member: Member) -> tuple[int, bool, int, int]:
        found = member.replacement
        if found is None or found.reoptimised is None:
            return (len(found.lost_requirements) if found else 0, True, 0, 0)
        again = found.reoptimised
        return 0, False, again.extra_members, again.loss_km

    asked = [m for m in members if m.replacement is not None and m.replacement.is_decided]
    ordered = sorted(asked, key=lambda member: member.organisation)
    return max(ordered, key=harm, default=None)
