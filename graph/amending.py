"""Bring one part of a generation up to date with a change of its source graphs.

What rules derive and what is measured follows the change; what the change cannot alter stays.
The full way, :func:`graph.visibility.parts`, gives the same statements.
"""

from datetime import date

import pyoxigraph as ox

from graph.communities import NETWORK, READ, network_quads, run_quads
from graph.dependence import State
from graph.rederiving import Delta, rederive
from graph.store.live import change
from graph.vocabulary import VB

__all__ = ["amend"]

_IN_COMMUNITY = ox.NamedNode(VB.inCommunity)


def amend(delta: Delta, state: State, name: str, *, today: date, day_before: str) -> None:
    """Change the source graphs of a part, then all that follows from them.

    Args:
        delta: The change; what follows from it is noted in it.
        state: The part as it was, and a copy of it to be changed.
        name: Version that the part becomes.
        today: Day on which rules judge validity.
        day_before: Day on which they did before, ISO 8601; empty when that is not known.

    Raises:
        NotIncrementalError: Only deriving everything can tell what follows.
    """
    change(state.after, delta.removed, delta.added)
    rederive(delta, state, NETWORK, today=today, day_before=day_before)
    old, new = _measured(delta, state.after, name, today)
    change(state.after, old - new, new - old)
    delta.note(old, new)


def _measured(
    delta: Delta, store: ox.Store, name: str, today: date
) -> tuple[set[ox.Quad], set[ox.Quad]]:
    """Return what of ``graph/network`` goes and what comes."""
    if any(_is_measured(quad, store) for quad in delta):
        old = set(store.quads_for_pattern(None, None, None, NETWORK))
        read = [
            quad
            for predicate in READ
            for quad in store.quads_for_pattern(None, predicate, None, ox.DefaultGraph())
        ]
        return old, set(network_quads(read, name, today=today))
    new = set(run_quads(name, today))
    subjects = {quad.subject for quad in new}
    return {q for node in subjects for q in _of(store, node)}, new


def _of(store: ox.Store, node: object) -> set[ox.Quad]:
    """Return what ``graph/network`` says of a node."""
    if not isinstance(node, ox.NamedNode):
        raise TypeError("what is measured has a name")
    return set(store.quads_for_pattern(node, None, None, NETWORK))


def _is_measured(quad: ox.Quad, store: ox.Store) -> bool:
    """Tell whether measuring reads a statement: a tie, or the label of who has one."""
    if quad.predicate not in READ:
        return False
    if quad.predicate != READ[-1]:
        return True
    return any(store.quads_for_pattern(quad.subject, _IN_COMMUNITY, None, NETWORK))
