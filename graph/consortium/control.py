"""When a search stops, what may be switched off in it, and what it found."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter

__all__ = ["INFINITE", "Clock", "OutOfTimeError", "Outcome", "Pruning"]

INFINITE = 1 << 40
"""Larger than any cost; as a lower bound it says that there is no consortium."""


class OutOfTimeError(Exception):
    """The search has to stop now; caught where what was found is put together."""


class Clock:
    """Says when to stop: when the time is up or somebody has cancelled."""

    def __init__(self, budget_s: float, is_cancelled: Callable[[], bool] | None = None) -> None:
        self.started = perf_counter()
        self._budget_s = budget_s
        self._end = self.started + budget_s
        self._ask = is_cancelled
        self.is_cancelled = False

    @property
    def is_over(self) -> bool:
        """The search has to stop now."""
        return self.nobody_waits or perf_counter() >= self._end

    @property
    def nobody_waits(self) -> bool:
        """Somebody has cancelled."""
        if not self.is_cancelled and self._ask is not None:
            self.is_cancelled = self._ask()
        return self.is_cancelled

    def check(self) -> None:
        """Go on, or stop here.

        Raises:
            OutOfTimeError: The time is up or somebody has cancelled.
        """
        if self.is_over:
            raise OutOfTimeError

    def heed(self) -> None:
        """Go on, unless somebody has cancelled; for what an answer cannot do without.

        Raises:
            OutOfTimeError: Somebody has cancelled.
        """
        if self.nobody_waits:
            raise OutOfTimeError

    def short_of(self, share: float) -> "Clock":
        """Return a clock that ends when only this share of the whole time is left."""
        left = self._end - perf_counter() - share * self._budget_s
        return Clock(left, self._ask)

    def leaves(self, seconds: float) -> bool:
        """Tell whether so much time is left."""
        return self._end - perf_counter() >= seconds

    def without_end(self) -> "Clock":
        """Return a clock that knows no time and heeds whoever cancels."""
        return Clock(float("inf"), self._ask)

    def grace(self, least_s: float) -> "Clock":
        """Return a clock for what is left, or a little more, which heeds whoever cancels."""
        return Clock(max(self._end - perf_counter(), least_s), self._ask)

    @property
    def elapsed_ms(self) -> float:
        """Milliseconds since the clock was started."""
        return (perf_counter() - self.started) * 1000


@dataclass(frozen=True, slots=True)
class Pruning:
    """Switches that change the time and never the optimum; tests turn each of them off.

    Attributes:
        cover: Use the cover table.
        costs: Drop entries whose bound reaches the incumbent.
        forest: Let the bound see the hand-overs between open slots.
        reduce_above: Drop entries by distance before hand-overs are computed, from so many
            pairs of entries of two slots on; ``INFINITE`` never.
        teams_above: Search over teams instead of entries when there are more pairs than that and
            the members can be no fewer; many times that when they can.
        ascent_above: Move costs between entries and pairs where hand-overs are many, from more
            entries for each open slot than that on; fewer are sooner tried.
    """

    cover: bool = True
    costs: bool = True
    forest: bool = True
    reduce_above: int = 250_000
    teams_above: int = 250_000
    ascent_above: int = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search found.

    Attributes:
        entries: Entry of each slot served, in the order of the slots; empty when none was found.
        cost: Cost of it, ``INFINITE`` when none was found below the bound.
        lower_bound: No consortium costs less; ``INFINITE`` when it is proven that there is none.
        is_complete: The search ended by itself.
        nodes: Partial assignments examined.
        entries_left: Entries that the filter at the root left.
    """

    entries: tuple[int, ...]
    cost: int
    lower_bound: int
    is_complete: bool
    nodes: int
    entries_left: int

    @property
    def is_found(self) -> bool:
        """There is a consortium below the bound."""
        return self.cost < INFINITE
