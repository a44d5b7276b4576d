"""The same question put to toulbar2, an independent exact solver.

It is in the dependency group ``bench``: ``uv pip install --group bench``.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from graph.consortium.instance import Instance

if TYPE_CHECKING:
    import pytoulbar2

__all__ = ["solve_with_toulbar2"]


def solve_with_toulbar2(
    instance: Instance,
    target: int,
    members: int | None,
    kept: NDArray[np.int64] | None = None,
    limit_s: int = 30,
) -> int | None:
    """Return the least cost of at most ``members`` members that serve ``target``.

    Args:
        instance: The problem; its conditions on members are not put.
        target: Slots to serve, as bits.
        members: Largest number of members; ``None`` for any.
        kept: Entries that may be used; all by default.
        limit_s: Seconds after which it gives up.

    Returns:
        The proven optimum; ``None`` when there is none or time ran out.
    """
    import pytoulbar2

    usable = np.arange(len(instance.slot)) if kept is None else kept
    slots = [s for s in range(instance.slots) if target >> s & 1]
    entries = {s: usable[instance.slot[usable] == s] for s in slots}
    blocks = {
        (r, s): instance.block(r, s, entries[r], entries[s])
        for r, s in instance.handovers.edges
        if r in entries and s in entries
    }
    costs = {s: instance.cost[own] for s, own in entries.items()}
    forbidden = 1 + sum(int(cost.max(initial=0)) for cost in (*costs.values(), *blocks.values()))
    problem = pytoulbar2.CFN(ubinit=forbidden)
    for s in slots:
        problem.AddVariable(f"x{s}", [f"e{e}" for e in entries[s].tolist()])
        problem.AddFunction([f"x{s}"], costs[s].tolist())
    for (r, s), block in blocks.items():
        problem.AddFunction([f"x{r}", f"x{s}"], block.ravel().tolist())
    if members is not None:
        owners = {s: instance.organisation[own] for s, own in entries.items()}
        _limit_members(problem, owners, members, forbidden)
    solved = problem.Solve(timeLimit=limit_s)
    return None if solved is None else round(solved[1])


def _limit_members(
    problem: "pytoulbar2.CFN", owners: dict[int, NDArray[np.int64]], members: int, forbidden: int
) -> None:
    """Add who is in, and that these are at most so many.

    Args:
        problem: What to add to; it has a variable for each slot.
        owners: Organisation of each value of it, by slot.
        members: Largest number of members.
        forbidden: Cost that nothing worth finding reaches.
    """
    everybody = np.unique(np.concatenate(list(owners.values()))).tolist()
    for o in everybody:
        problem.AddVariable(f"y{o}", ["out", "in"])
    for s, own in owners.items():
        for value, o in enumerate(own.tolist()):
            costs = np.zeros((len(own), 2), dtype=int)
            costs[value, 0] = forbidden
            problem.AddFunction([f"x{s}", f"y{o}"], costs.ravel().tolist())
    problem.AddLinearConstraint(1, [f"y{o}" for o in everybody], "<=", members)
