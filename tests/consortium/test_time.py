"""Time and cancelling: looked at often enough, whatever the machine is doing meanwhile."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium import suggest
from graph.consortium.answer import GapReason, Status
from graph.consortium.blocks import AT_ONCE, gathered, least_over_columns, least_over_rows, parts_of
from graph.consortium.control import Clock, OutOfTimeError
from graph.consortium.plan import Query
from graph.consortium.solve import solve
from graph.model import Landscape
from graph.settings import Settings

SETTINGS = Settings(reference_year=2026, time_budget_s=60)


@dataclass
class Watch:
    """Cancels after so many questions and counts them; remembers the processor time between."""

    patience: int = 1 << 30
    asked: int = 0
    silences_s: list[float] = field(default_factory=list)
    _last: float = field(default_factory=time.thread_time)

    def __call__(self) -> bool:
        now = time.thread_time()
        self.silences_s.append(now - self._last)
        self._last = now
        self.asked += 1
        return self.asked > self.patience


@pytest.fixture(scope="module")
def landscape() -> Landscape:
    return synthetic_landscape(Size.of(3_000), 1)


def test_it_is_asked_often(landscape: Landscape) -> None:
    enquiry = synthetic_enquiry(8, 3)
    suggest(enquiry, landscape, SETTINGS)  # builds what is kept
    watch = Watch()

    suggest(enquiry, landscape, SETTINGS, watch)

    # Processor time of this thread: other processes on the machine do not count.
    assert watch.asked > 20
    assert max(watch.silences_s) < 0.05


@pytest.mark.parametrize("patience", [0, 1, 5, 20])
def test_nothing_is_begun_after_cancelling(landscape: Landscape, patience: int) -> None:
    enquiry = synthetic_enquiry(10, 3)
    watch = Watch(patience)

    suggestion = suggest(enquiry, landscape, SETTINGS, watch)

    # What is being done looks once more on each level that it unwinds, and no work is between.
    assert watch.asked - patience < 40
    assert suggestion.status in (Status.FEASIBLE, Status.UNDECIDED)


def test_bounds_enclose_the_optimum_when_cut_short(landscape: Landscape) -> None:
    cut_short = found = 0
    for seed in range(6):
        solved = solve(synthetic_enquiry(9, seed), landscape, SETTINGS, Clock(60))
        planner, plan = solved.planner, solved.plan
        members = plan.members + 1  # the proof is harder there, so it is cut short more often
        best = planner.best(plan.targets, members, Query(), Clock(60))

        for patience in range(0, 120, 4):
            clock = Clock(60, Watch(patience))
            cut = planner.best(plan.targets, members, Query(), clock)

            assert cut.lower_bound <= best.cost <= cut.cost
            cut_short += not cut.is_complete
            found += cut.is_found and not cut.is_complete

    assert cut_short > 20
    assert found > 5


def test_no_time_at_all_is_an_answer(landscape: Landscape) -> None:
    """The short grace may suffice for a proof; what is claimed is true either way."""
    enquiry = synthetic_enquiry(12, 2)
    bare = replace(SETTINGS, front_extra=0, alternatives=0, replacements=False)
    best = suggest(enquiry, landscape, bare)

    suggestion = suggest(enquiry, landscape, replace(bare, time_budget_s=0.0))

    assert best.cost is not None
    if suggestion.status is Status.OPTIMAL:
        assert suggestion.cost == best.cost
    elif suggestion.status is Status.FEASIBLE:
        assert suggestion.cost is not None
        assert len(suggestion.members) >= len(best.members)
    else:
        assert suggestion.status is Status.UNDECIDED
        assert all(g.reason is GapReason.TIME_LIMIT for g in suggestion.gaps)


def spent_after(looks: int) -> Clock:
    asked: Iterator[int] = iter(range(1 << 20))
    return Clock(60, lambda: next(asked) >= looks)


def test_a_block_is_done_in_parts_that_are_the_whole() -> None:
    random = np.random.default_rng(1)
    block = random.integers(0, 99, (700, 900)).astype(np.int32)
    rows, columns = np.arange(0, 700), np.arange(0, 900, 1)[:899]
    by_row, by_column = random.integers(0, 99, 700), random.integers(0, 99, 900)
    assert block.size > 2 * AT_ONCE

    np.testing.assert_array_equal(gathered(block, rows, columns, Clock(60)), block[:, :899])
    np.testing.assert_array_equal(
        least_over_columns(block, by_column, None), (block + by_column).min(axis=1)
    )
    np.testing.assert_array_equal(
        least_over_rows(block, by_row, None), (block + by_row[:, None]).min(axis=0)
    )


def test_a_large_block_is_left_when_time_is_up() -> None:
    with pytest.raises(OutOfTimeError):
        list(parts_of(AT_ONCE, 10, spent_after(3)))

    assert len(list(parts_of(AT_ONCE, 10, Clock(60)))) == 10


def test_a_share_of_the_time_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("graph.consortium.control.perf_counter", lambda: now[0])
    clock = Clock(10)
    now[0] = 101.0

    proof = clock.short_of(0.2)

    now[0] = 107.9
    assert not proof.is_over
    now[0] = 108.1
    assert proof.is_over
    assert not clock.is_over
    assert not clock.grace(0.03).is_over
    now[0] = 110.1
    assert clock.is_over
    late = clock.grace(0.03)
    assert not late.is_over  # a little more, whatever the time
    now[0] += 0.031
    assert late.is_over
