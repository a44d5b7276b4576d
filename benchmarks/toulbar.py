"""The same question put to toulbar2, an independent exact solver.

It is in the dependency group ``bench``: ``uv pip install --group bench``.
"""

import numpy as np
from numpy.typing import NDArray

from graph.consortium.instance import Instance

__all__ = ["solve_with_toulbar2"]

_FORBIDDEN = 1_000_000


def solve_with_toulbar2(
    instance: Instance,
    target: int,
    members: int,
    kept: NDArray[np.int64] | None = None,
    limit_s: int = 30,
) -> int | None:
    """Return the least cost of at most ``members`` members that serve ``target``.

    Args:
        instance: The problem; its conditions on members are not put.
        target: Slots to serve, as bits.
        members: Largest number of members.
        kept: Entries that may be used; all by default.
        limit_s: Seconds after which it gives up.

    Returns:
        The proven optimum; ``None`` when there is none or time ran out.
    """
    import pytoulbar2

    usable = np.arange(len(instance.slot)) if kept is None else kept
    problem = pytoulbar2.CFN(ubinit=_FORBIDDEN)
    slots = [s for s in range(instance.slots) if target >> s & 1]
    entries = {s: usable[instance.slot[usable] == s] for s in slots}
    for s in slots:
        problem.AddVariable(f"x{s}", [f"e{e}" for e in entries[s].tolist()])
        problem.AddFunction([f"x{s}"], instance.cost[entries[s]].tolist())
    owners = np.unique(np.concatenate([instance.organisation[e] for e in entries.values()]))
    for o in owners.tolist():
        problem.AddVariable(f"y{o}", ["out", "in"])
    for s in slots:
        for value, o in enumerate(instance.organisation[entries[s]].tolist()):
            costs = np.zeros((len(entries[s]), 2), dtype=int)
            costs[value, 0] = _FORBIDDEN
            problem.AddFunction([f"x{s}", f"y{o}"], costs.ravel().tolist())
    for r, s in instance.handovers.edges:
        if r in entries and s in entries:
            block = instance.block(r, s, entries[r], entries[s])
            problem.AddFunction([f"x{r}", f"x{s}"], block.ravel().tolist())
    problem.AddLinearConstraint(1, [f"y{o}" for o in owners.tolist()], "<=", members)
    solved = problem.Solve(timeLimit=limit_s)
    return None if solved is None else round(solved[1])
