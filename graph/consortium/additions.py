"""Which single competence more, at which member, would close a gap or save a member."""

import numpy as np

from graph.consortium.answer import Addition, Gap
from graph.consortium.conditions import Conditions
from graph.consortium.gaps import steps_away
from graph.consortium.problem import Problem
from graph.consortium.solve import Solved
from graph.model import Requirement

__all__ = ["additions"]

_FARTHEST_STEPS = 2
"""A sibling in the tree is two steps away; who is farther would have to learn another trade."""


def additions(solved: Solved, gaps: tuple[Gap, ...]) -> tuple[Addition, ...]:
    """Return what one member would have to learn, for each open requirement and each member.

    A member is saved when all but one requirement of it can be served by the others as they
    are; the conditions on members are held without it. Where several slots share a capacity, or
    need two sources, only members that serve one requirement are looked at, since then nobody
    else's work changes.
    """
    problem, entries = solved.problem, solved.plan.outcome.entries
    if not entries:
        return ()
    instance = problem.instance
    server = {int(instance.slot[e]): int(instance.organisation[e]) for e in entries}
    team = sorted(set(server.values()))
    asked = {r.iri: r for r in problem.enquiry.requirements}
    closing = [
        _nearest(problem, asked[gap.requirement], team, None)
        for gap in gaps
        if not gap.candidates and not gap.is_second_source
    ]
    saving = [_saving(solved, server, team, member) for member in team]
    found = [addition for addition in (*closing, *saving) if addition is not None]
    return tuple(
        sorted(
            found, key=lambda a: (a.saves is not None, a.steps_away, a.requirement, a.saves or "")
        )
    )


def _saving(
    solved: Solved, server: dict[int, int], team: list[int], member: int
) -> Addition | None:
    """Return the one competence that would save a member, ``None`` when there is none."""
    problem = solved.problem
    instance = problem.instance
    others = [o for o in team if o != member]
    own = [slot for slot, o in server.items() if o == member]
    is_plain = not instance.capacities and not instance.twins
    lost = int(np.bitwise_or.reduce(np.array([0, *(1 << slot for slot in own)])))
    if is_plain:
        lost &= ~int(np.bitwise_or.reduce(instance.masks[others], initial=0))
    slot = lost.bit_length() - 1
    if lost.bit_count() != 1 or problem.is_second_source[slot]:
        return None
    if not Conditions(instance).are_met(others):
        return None
    second = {b: a for a, b in instance.twins} | dict(instance.twins)
    able = [o for o in others if server.get(second.get(slot, -1)) != o]
    requirement = problem.enquiry.requirements[problem.requirement[slot]]
    return _nearest(problem, requirement, able, member)


def _nearest(
    problem: Problem, requirement: Requirement, team: list[int], saved: int | None
) -> Addition | None:
    """Return the addition at the member that has a competence nearest to the required one."""
    index = problem.index
    numbers = problem.numbers[team]
    steps = steps_away(requirement.competence, index)
    near = [iri for iri, away in steps.items() if away <= _FARTHEST_STEPS]
    for competence in sorted(near, key=lambda iri: (steps[iri], iri)):
        holders = index.claim_organisation[index.rows_at(competence)]
        able = holders[np.isin(holders, numbers)]  # few of very many, which are not sorted
        if len(able):
            return Addition(
                requirement=requirement.iri,
                organisation=index.organisations[int(able.min())].iri,
                competence=competence,
                steps_away=steps[competence],
                saves=None if saved is None else problem.organisation(saved).iri,
            )
    return None
