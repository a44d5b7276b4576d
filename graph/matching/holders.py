"""Who claims a competence, as one bit for each organisation, and which claims state what.

Of a competence that very many claim it is written down once who they are, so that an enquiry
reads 64 organisations at a time and none of their claims. Claims that a check excludes are found
by what they state, for nearly all state something that does not exclude them.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.matching.index import Column, Index, spelt_out

__all__ = ["Bits", "Holders", "holders_of", "numbers_in", "packed"]

Bits = NDArray[np.uint64]
"""One bit for each organisation, the first in the lowest bit of the first word."""

Rows = NDArray[np.int64]
T = TypeVar("T")

_WRITTEN_DOWN = 64
"""Competences that more than one in so many organisations claims are written down."""

_MOST_VALUES = 4096
"""Columns with more distinct values than this are not looked through by value."""

_FEW = 4
"""See :attr:`Holders.few`."""


class Holders:
    """What is written down of an index; see the module.

    Attributes:
        index: The index.
        count: Number of organisations.
        few: Excluded claims are put right one by one if they are at most one in so many.
    """

    def __init__(self, index: Index) -> None:
        """Write down who claims what; :func:`holders_of` keeps it."""
        self.index = index
        self.count = len(index.organisations)
        self.few = _FEW
        order, start = index.order, index.claim_start
        spans = {(int(start[n]), int(start[n + 1])) for n in order.first.values()}
        spans |= {(int(start[order.first[c]]), int(start[order.last[c]])) for c in order.first}
        self._written = {
            (a, b): self._bits(range(a, b)) for a, b in spans if b - a > self.count // _WRITTEN_DOWN
        }
        claims = (index.steps, index.materials, index.limits, index.places, index.validity)
        self._inverted = {
            id(column): _by_value(column) for column in claims if len(column.values) <= _MOST_VALUES
        }
        owner = index.claim_organisation
        self._claims = np.argsort(owner, kind="stable")  # rows by organisation
        self._starts = np.zeros(self.count + 1, dtype=np.int64)  # where each begins
        np.cumsum(np.bincount(owner, minlength=self.count), out=self._starts[1:])

    def bits(self, span: range) -> Bits | None:
        """Return who has a claim in a span of rows; ``None`` if it is not written down."""
        return self._written.get((span.start, span.stop))

    def _bits(self, span: range) -> Bits:
        return packed(self.index.claim_organisation[span.start : span.stop], self.count)

    def claims_of(self, organisations: Rows) -> Rows:
        """Return the rows of all claims of some organisations, ascending."""
        starts = self._starts
        return np.sort(self._claims[spelt_out(starts[organisations], starts[organisations + 1])[1]])

    def count_of(self, organisations: Rows) -> int:
        """Return how many claims some organisations have in all."""
        starts = self._starts
        return int((starts[organisations + 1] - starts[organisations]).sum())

    def excluded(
        self, column: Column[T], excludes: Callable[[T], bool], span: range
    ) -> Rows | None:
        """Return the rows of a span whose value is excluded, ``None`` if these are too many.

        Args:
            column: A column of the claims.
            excludes: Tells whether a value excludes; asked once for each value in the span.
            span: Rows of claims.
        """
        keys = self._inverted.get(id(column))
        if keys is None:
            return None
        count, rows = len(column.values), len(self.index.claims)
        base = np.arange(count) * rows
        first = np.searchsorted(keys, base + span.start)
        last = np.searchsorted(keys, base + span.stop)
        bad = [n for n in np.flatnonzero(last > first).tolist() if excludes(column.values[n])]
        if int((last[bad] - first[bad]).sum()) > len(span) // self.few:
            return None
        return keys[spelt_out(first[bad], last[bad])[1]] % max(rows, 1)

    def excluded_organisations(self, column: Column[T], excludes: Callable[[T], bool]) -> Bits:
        """Return the organisations whose value is excluded.

        Args:
            column: A column of the organisations.
            excludes: Tells whether a value excludes.
        """
        bad = tuple(n for n, value in enumerate(column.values) if excludes(value))
        if not bad:
            return np.zeros(-(-self.count // 64), dtype=np.uint64)

        def write() -> Bits:
            is_bad = np.zeros(len(column.values), dtype=bool)
            is_bad[list(bad)] = True
            return packed(np.flatnonzero(is_bad[column.rows]), self.count)

        return self.index.remember(("excluded", id(column), bad), write)

    def without(self, bits: Bits, rows: Rows, spans: tuple[range, range]) -> Bits:
        """Return the bits without those all of whose claims in the spans are among some rows."""
        owners, counts = np.unique(self.index.claim_organisation[rows], return_counts=True)
        starts = self._starts
        owner, places = spelt_out(starts[owners], starts[owners + 1])
        own = self._claims[places]
        within = np.zeros(len(own), dtype=bool)
        for span in spans:
            within |= (own >= span.start) & (own < span.stop)
        held = np.bincount(owner[within], minlength=len(owners))
        return bits & ~packed(owners[held == counts], self.count)


def holders_of(index: Index) -> Holders:
    """Return what is written down of an index, written at the first call."""
    return index.keep("holders", lambda: Holders(index))


def packed(organisations: Rows | list[int], count: int) -> Bits:
    """Return bits with those of the given numbers set."""
    is_in = np.zeros(-(-count // 64) * 64, dtype=bool)
    is_in[organisations] = True
    return np.packbits(is_in, bitorder="little").view(np.uint64)


def numbers_in(bits: Bits) -> Rows:
    """Return the numbers whose bits are set, ascending."""
    # Of truths what is set is found several times faster than of numbers.
    return np.flatnonzero(np.unpackbits(bits.view(np.uint8), bitorder="little").view(np.bool_))


def _by_value(column: Column[Any]) -> NDArray[np.int64]:
    """Return number of the value times number of rows plus row, ascending."""
    rows = len(column.rows)
    return np.sort(column.rows.astype(np.int64) * rows + np.arange(rows))
