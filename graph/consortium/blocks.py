"""Work on blocks of pairs of entries in parts, with a look at the clock between them."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from graph.consortium.control import Clock

__all__ = ["AT_ONCE", "gathered", "in_parts", "least_over_columns", "least_over_rows", "parts_of"]

AT_ONCE = 100_000
"""Pairs that are computed between two looks at the clock: a few milliseconds."""

Block = NDArray[np.int32]
Costs = NDArray[np.int64]


def parts_of(rows: int, columns: int, clock: Clock | None) -> Iterator[slice]:
    """Yield slices of the rows, with a look at the clock before each but the first.

    Raises:
        OutOfTimeError: The clock says so.
    """
    step = max(1, AT_ONCE // max(1, columns))
    for start in range(0, rows, step):
        if start and clock is not None:
            clock.check()
        yield slice(start, start + step)


def in_parts(counts: Costs, most: int) -> Iterator[slice]:
    """Yield slices of rows that hold not many more than ``most`` in all, or of a single row.

    Args:
        counts: How much each row holds.
        most: How much a part is to hold.
    """
    part = np.cumsum(counts) // most
    cuts = np.flatnonzero(np.diff(part)) + 1
    for first, last in pairwise([0, *cuts.tolist(), len(counts)]):
        yield slice(first, last)


def gathered(block: Block, rows: Costs, columns: Costs, clock: Clock | None) -> Block:
    """Return some rows and columns of a block, the block itself if these are all.

    Raises:
        OutOfTimeError: The clock says so.
    """
    if block.shape == (len(rows), len(columns)):
        return block
    if len(rows) * len(columns) <= AT_ONCE:
        few: Block = block[rows[:, None], columns]
        return few
    part = np.empty((len(rows), len(columns)), dtype=np.int32)
    for span in parts_of(len(rows), len(columns), clock):
        part[span] = block[rows[span][:, None], columns]
    return part


def least_over_columns(block: Block, add: Costs, clock: Clock | None) -> Costs:
    """Return for each row the least of the block and what each column adds.

    Raises:
        OutOfTimeError: The clock says so.
    """
    parts = [(block[span] + add).min(axis=1) for span in parts_of(len(block), len(add), clock)]
    least: Costs = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return least


def least_over_rows(block: Block, add: Costs, clock: Clock | None) -> Costs:
    """Return for each column the least of the block and what each row adds.

    Raises:
        OutOfTimeError: The clock says so.
    """
    spans = parts_of(len(block), block.shape[1], clock)
    parts = [(block[span] + add[span, None]).min(axis=0) for span in spans]
    least: Costs = parts[0] if len(parts) == 1 else np.minimum.reduce(parts)
    return least
