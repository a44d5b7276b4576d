"""Which requirements hand over to which."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from graph.model import CompetenceScheme, Requirement

__all__ = ["handovers", "steps_after"]


def steps_after(precedes: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return for each value-chain step every step that comes after it.

    Raises:
        ValueError: A step comes after itself, so the steps are no partial order.
    """
    steps = set(precedes).union(*precedes.values())
    after: dict[str, frozenset[str]] = {}
    for step in sorted(steps):
        seen: set[str] = set()
        stack = [step]
        while stack:
            new = set(precedes.get(stack.pop(), ())) - seen
            seen |= new
            stack.extend(new)
        if step in seen:
            raise ValueError(f"value-chain step {step} comes after itself")
        after[step] = frozenset(seen)
    return after


def handovers(
    requirements: Sequence[Requirement],
    scheme: CompetenceScheme,
    after: Mapping[str, frozenset[str]],
) -> tuple[tuple[int, int], ...]:
    """Return pairs of requirement numbers between which work is handed over.

    A requirement stands at its own step, or else at the typical step of its competence; one
    with neither hands over to nobody. Work goes from step to step along the partial order,
    transitively reduced over the steps that occur: A to C is no hand-over when B lies between.

    Within one step, work passes through the requirements in the order of the enquiry, and
    leaves the step from the last to the first of the next. So ``k`` requirements along a chain
    make ``k - 1`` hand-overs, as many as a workpiece has, and a step that is described in finer
    parts is not charged over and over, as it would be if each part were joined to each part of
    the next step. The order of an enquiry's requirements therefore carries meaning.
    """
    at: dict[str, list[int]] = {}
    for number, requirement in enumerate(requirements):
        step = requirement.step or scheme.competences[requirement.competence].step
        if step is not None:
            at.setdefault(step, []).append(number)
    pairs = {pair for group in at.values() for pair in pairwise(group)}
    for step, group in at.items():
        later = after.get(step, frozenset()) & at.keys()
        direct = {b for b in later if not any(b in after.get(c, ()) for c in later)}
        pairs |= {(group[-1], at[b][0]) for b in direct}
    return tuple(sorted(pairs))
