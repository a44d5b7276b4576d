"""Workers that are sent queries ahead, slow ones that are set aside, and what each client gets."""

import asyncio
import time
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.errors import GraphError, StoreBusyError, StoreLimitError, StoreTimeoutError
from graph.store import EmbeddedStore, Visibility, lanes, publish, runs
from graph.store import pool as store_pool
from graph.store.formats import SOLUTION_MEDIA_TYPES
from graph.store.guard import check
from graph.store.pool import WorkerPool
from graph.store.process import WorkerProcess
from graph.store.runner import Answer, Begun, Lane, QueryRequest, RunLimits

from .pools import Scenario, in_pool

CSV = SOLUTION_MEDIA_TYPES[2]
LIMITS = RunLimits(
    timeout_s=3.0, workers={Lane.AD_HOC: 2}, memory_bytes=1024**3, wait_s=10, cache_bytes=0
)
BRIEF = "ASK { <http://example.org/thing/1> ?p ?o }"
PRODUCT = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o ."
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {PRODUCT} }}"
HUNDREDS = " ".join(map(str, range(300)))
SLOW = f"SELECT (SUM(?a * ?b) AS ?n) {{ VALUES ?a {{ {HUNDREDS} }} VALUES ?b {{ {HUNDREDS} }} }}"
"""It takes a tenth of a second, and ends."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Thousand things with a long value each."""
    folder = tmp_path_factory.mktemp("lanes")
    value, graph = (ox.NamedNode(f"http://example.org/{name}") for name in ("value", "g"))
    quads = [
        ox.Quad(
            ox.NamedNode(f"http://example.org/thing/{n}"), value, ox.Literal(f"{n}" * 50), graph
        )
        for n in range(1_000)
    ]
    publish(folder, {Visibility.PUBLIC: quads}, "v1")
    return folder


def with_pool(home: Path, scenario: Scenario, limits: RunLimits = LIMITS) -> None:
    asyncio.run(in_pool(home, scenario, limits))


def asked(text: str, client: str | None = None) -> QueryRequest:
    return QueryRequest(check(text), CSV, client=client)


def begin(pool: WorkerPool, *texts: str) -> list["asyncio.Task[Answer]"]:
    """Ask some queries at the same moment."""
    return [asyncio.create_task(pool.run(asked(text))) for text in texts]


def numbers(pool: WorkerPool) -> set[int]:
    return {worker.process_id for worker in pool.processes(Lane.AD_HOC)}


def asked_each(pool: WorkerPool) -> list[int]:
    """Return how many requests each worker has been sent."""
    return sorted(worker.turns.asked - 1 for worker in pool.processes(Lane.AD_HOC))


async def settled(pool: WorkerPool) -> None:
    """Wait until no worker has anything to do, and all places are taken."""
    async with asyncio.timeout(20):
        workers = pool.processes(Lane.AD_HOC)
        while len(workers) != 2 or any(len(worker.turns) for worker in workers):
            await asyncio.sleep(0.02)
            workers = pool.processes(Lane.AD_HOC)


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Send ahead even to a worker that seems slow, as each does on a busy machine."""
    for name in ("_BRIEF_S", "_YOUNG_S"):
        monkeypatch.setattr(lanes, name, 10)


@pytest.fixture
def patient(ahead: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Take nothing back."""
    monkeypatch.setattr(lanes, "_TAKEN_BACK_AFTER_S", 10)


@pytest.mark.usefixtures("patient")
def test_brief_queries_are_sent_ahead_to_the_worker_that_is_awake(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        answers = await asyncio.gather(*begin(pool, *[BRIEF] * 6))

        assert [answer.content for answer in answers] == [b"true"] * 6
        assert asked_each(pool) == [0, 6]

    with_pool(home, scenario)


@pytest.mark.usefixtures("patient")
def test_no_worker_has_more_ahead_than_it_may(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        await asyncio.gather(*begin(pool, *[BRIEF] * 12))

        assert asked_each(pool) == [4, 8]

    with_pool(home, scenario)


@pytest.mark.usefixtures("ahead")
def test_what_waits_behind_a_slow_query_is_asked_of_another_worker(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        slow, *brief = begin(pool, ENDLESS, *[BRIEF] * 3)
        before = asked_each(pool)
        await asyncio.sleep(0)
        ahead = asked_each(pool)
        answers = await asyncio.gather(*brief)

        assert (before, ahead) == ([0, 0], [0, 4])
        assert not slow.done()
        assert [answer.content for answer in answers] == [b"true"] * 3
        with pytest.raises(StoreTimeoutError):
            await slow

    with_pool(home, scenario)


@pytest.mark.usefixtures("ahead")
def test_worker_passes_over_what_was_taken_back_and_goes_on(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        workers = numbers(pool)
        slow, *others = begin(pool, SLOW, ENDLESS, BRIEF)
        brief = await others[1]
        with pytest.raises(StoreTimeoutError):
            await others[0]

        assert (await slow).content == b"n\r\n2011522500\r\n"
        assert brief.content == b"true"
        await settled(pool)
        # the second ran once, in the other worker; the first has not come to it
        assert len(workers & numbers(pool)) == 1
        assert (await pool.run(asked(BRIEF))).content == b"true"

    with_pool(home, scenario)


def test_worker_that_is_usually_slow_is_sent_nothing_ahead(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        await asyncio.gather(*begin(pool, SLOW, SLOW))
        before = asked_each(pool)
        await asyncio.gather(*begin(pool, BRIEF, BRIEF))

        assert [after - first for first, after in zip(before, asked_each(pool), strict=True)] == [
            1,
            1,
        ]

    with_pool(home, scenario)


@pytest.mark.usefixtures("ahead")
def test_query_that_is_cancelled_while_it_waits_behind_another_does_not_end_that(
    home: Path,
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        workers = numbers(pool)
        slow, gone, brief = begin(pool, SLOW, ENDLESS, BRIEF)
        await asyncio.sleep(0)
        gone.cancel()

        assert (await brief).content == b"true"
        assert (await slow).content == b"n\r\n2011522500\r\n"
        assert gone.cancelled()
        await settled(pool)
        assert numbers(pool) == workers

    with_pool(home, scenario)


@pytest.mark.usefixtures("ahead")
def test_end_of_a_worker_is_no_matter_of_those_behind(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        first, *behind = begin(pool, ENDLESS, BRIEF, BRIEF)
        await asyncio.sleep(0)
        next(one for one in pool.processes(Lane.AD_HOC) if len(one.turns)).strike()

        assert [answer.content for answer in await asyncio.gather(*behind)] == [b"true"] * 2
        with pytest.raises(GraphError):
            await first

    with_pool(home, scenario)


def test_slow_queries_are_set_aside_and_others_take_their_places(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        slow = begin(pool, ENDLESS, ENDLESS)
        await asyncio.sleep(0.05)
        brief = await pool.run(asked(BRIEF))

        assert brief.content == b"true"
        assert not any(task.done() for task in slow)
        ends = await asyncio.gather(*slow, return_exceptions=True)
        assert [type(end) for end in ends] == [StoreTimeoutError] * 2
        await settled(pool)

    with_pool(home, scenario)


def test_place_is_made_only_when_places_are_short(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        [first] = begin(pool, ENDLESS)
        await asyncio.sleep(2 * runs._SLOW_AFTER_S)
        assert [w.is_polite for w in pool.processes(Lane.AD_HOC)].count(True) == 1
        assert len(pool.processes(Lane.AD_HOC)) == 2

        [second] = begin(pool, ENDLESS)
        assert (await pool.run(asked(BRIEF))).content == b"true"

        assert not first.done()
        assert not second.done()
        await asyncio.gather(first, second, return_exceptions=True)
        await settled(pool)

    with_pool(home, scenario)


@pytest.mark.parametrize(("long_s", "is_slow"), [(60, False), (0.5, True)])
def test_query_that_sends_rows_is_not_slow_for_a_while(
    home: Path, monkeypatch: pytest.MonkeyPatch, long_s: float, is_slow: bool
) -> None:
    monkeypatch.setattr(runs, "_SLOW_AFTER_S", 1)
    monkeypatch.setattr(runs, "_LONG_AFTER_S", long_s)

    async def scenario(pool: WorkerPool) -> None:
        answer = await pool.run(asked("SELECT * { ?a ?b ?c . ?d ?e ?f }"))
        assert answer.parts is not None
        until = time.monotonic() + 1.5
        async for _ in answer.parts:
            if time.monotonic() > until:
                break
            await asyncio.sleep(0)  # or a part that is there already lets nobody else have a turn

        assert any(w.is_polite for w in pool.processes(Lane.AD_HOC)) is is_slow
        await answer.parts.aclose()

    with_pool(home, scenario)


def test_no_more_are_set_aside_than_there_are_places(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        slow = begin(pool, *[ENDLESS] * 8)
        most = 0
        while not all(task.done() for task in slow):
            most = max(most, len(pool.processes(Lane.AD_HOC)))
            await asyncio.sleep(0.02)

        assert most == 4
        for task in slow:
            with pytest.raises(StoreTimeoutError):
                await task
        await settled(pool)

    with_pool(home, scenario)


def test_one_client_leaves_a_place_to_others(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_SLOW_AFTER_S", 60)

    async def scenario(pool: WorkerPool) -> None:
        greedy = [asyncio.create_task(pool.run(asked(ENDLESS, "192.0.2.1"))) for _ in range(3)]
        await asyncio.sleep(0.1)
        started = time.monotonic()
        assert (await pool.run(asked(BRIEF, "192.0.2.2"))).content == b"true"

        # each of the three has its turn, but one after another
        assert not any(task.done() for task in greedy)
        assert time.monotonic() - started < LIMITS.timeout_s
        ends = await asyncio.gather(*greedy, return_exceptions=True)
        assert [type(end) for end in ends] == [StoreTimeoutError] * 3

    with_pool(home, scenario)


def test_reading_stops_while_nobody_takes_the_result_under_uvloop(home: Path) -> None:
    uvloop = pytest.importorskip("uvloop")

    async def scenario() -> None:
        pool = WorkerPool(EmbeddedStore(home), replace(LIMITS, timeout_s=20))
        await pool.start()
        try:
            answer = await pool.run(asked("SELECT * { ?s ?p ?o . ?x ?q ?y }"))
            assert answer.parts is not None
            [worker] = [one for one in pool.processes(Lane.AD_HOC) if len(one.turns)]
            sizes = []
            for _ in range(10):
                await asyncio.sleep(0.05)
                sizes.append(worker.turns.first.size)
            await answer.parts.aclose()
            assert 0 < max(sizes) < 2_000_000
        finally:
            await pool.close()

    uvloop.run(scenario())


@pytest.mark.usefixtures("patient")
def test_worker_that_has_ended_is_not_asked(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        ended, idle = pool.processes(Lane.AD_HOC)
        first = begin(pool, ENDLESS)
        await asyncio.sleep(0.05)
        for worker in (ended, idle):
            worker.strike()
        async with asyncio.timeout(20):
            while not (ended.turns.is_lost and idle.turns.is_lost):
                await asyncio.sleep(0.01)

        assert (await pool.run(asked(BRIEF))).content == b"true"
        with pytest.raises(GraphError):
            await first[0]

    with_pool(home, scenario)


@pytest.mark.usefixtures("ahead")
def test_process_that_is_always_late_takes_back_all_the_same(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        async def hold_up() -> None:
            while True:
                time.sleep(0.03)
                await asyncio.sleep(0.001)

        nuisance = asyncio.create_task(hold_up())
        slow, brief = begin(pool, ENDLESS, BRIEF)

        assert (await brief).content == b"true"
        assert not slow.done()
        nuisance.cancel()
        with pytest.raises(StoreTimeoutError):
            await slow

    with_pool(home, scenario)


@pytest.mark.usefixtures("ahead")
def test_who_waits_is_not_overtaken(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        begun = begin(pool, ENDLESS)
        await asyncio.sleep(0)
        lane = pool._lanes[Lane.AD_HOC]
        before = lane.find(None, may_follow=True)
        waiting = asyncio.create_task(lane.wait(None))
        await asyncio.sleep(0)

        assert before is pool.processes(Lane.AD_HOC)[0]
        assert lane.find(None, may_follow=True) is None
        waiting.cancel()
        with pytest.raises(StoreTimeoutError):
            await begun[0]

    with_pool(home, scenario, replace(LIMITS, workers={Lane.AD_HOC: 1}))


@pytest.mark.usefixtures("ahead")
def test_what_is_begun_in_the_moment_it_is_taken_back_does_not_run_on(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WorkerProcess, "take_back", lambda worker: worker.turns.take_back())

    async def scenario(pool: WorkerPool) -> None:
        workers = numbers(pool)
        slow, endless = begin(pool, SLOW, ENDLESS)
        assert (await slow).content is not None
        endless.cancel()

        await settled(pool)
        assert not workers & numbers(pool)

    with_pool(home, scenario, replace(LIMITS, timeout_s=60))


def test_last_place_is_for_another_client(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        lane = pool._lanes[Lane.AD_HOC]
        assert lane.find("one", may_follow=False) is not None
        assert lane.find("one", may_follow=False) is None
        assert lane.find("two", may_follow=False) is not None

    with_pool(home, scenario)


# --- without a task ---------------------------------------------------------------------------


THOUSAND = " ".join(map(str, range(1_000)))
SLOWER = f"SELECT (SUM(?a * ?b) AS ?n) {{ VALUES ?a {{ {THOUSAND} }} VALUES ?b {{ {THOUSAND} }} }}"
"""It takes a second, and ends."""


class Listener:
    """Notes what it is told, and waits until it has been."""

    def __init__(self) -> None:
        self._told: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()

    def __call__(self, answer: Answer | None) -> None:
        self._told.set_result(answer)  # raises when it is told twice

    async def heard(self) -> Answer | None:
        async with asyncio.timeout(20):
            return await self._told


def begun(pool: WorkerPool, text: str, tell: Listener, client: str | None = None) -> Begun:
    found = pool.begin(asked(text, client), tell)
    assert found is not None
    assert not isinstance(found, Answer)
    return found


def test_brief_answer_is_told(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        answer = None
        for _ in range(20):  # a worker that has just begun takes its time for the first
            tell = Listener()
            brief = begun(pool, BRIEF, tell, "one")
            answer = await tell.heard()
            if answer is not None:
                break
            await brief.answer()
        assert answer is not None
        assert (answer.content, answer.version) == (b"true", "v1")
        assert not pool._clients._counts
        assert not pool.watch._watched

    with_pool(home, scenario)


def test_who_has_been_told_that_there_is_none_waits(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        tell = Listener()
        slow = begun(pool, SLOWER, tell, "one")
        assert await tell.heard() is None
        answer = await slow.answer()
        assert answer.content is not None
        assert answer.content.startswith(b"n\r\n")
        assert not pool._clients._counts
        assert not pool.watch._watched

    with_pool(home, scenario)


def test_time_before_one_waits_counts(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_pool, "_SOON_S", 1.0)

    async def scenario(pool: WorkerPool) -> None:
        tell = Listener()
        started = time.monotonic()
        endless = begun(pool, ENDLESS, tell)
        assert await tell.heard() is None
        with pytest.raises(StoreTimeoutError):
            await endless.answer()
        assert time.monotonic() - started < 1.8

    with_pool(home, scenario, replace(LIMITS, timeout_s=1.2))


def test_what_is_not_wanted_any_more_is_ended(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        before = numbers(pool)
        tell = Listener()
        endless = begun(pool, ENDLESS, tell, "one")
        assert await tell.heard() is None
        endless.end()
        endless.end()  # once is enough
        await settled(pool)
        assert len(numbers(pool) & before) == len(before) - 1
        assert not pool._clients._counts

    with_pool(home, scenario)


@pytest.mark.usefixtures("ahead")
def test_what_was_sent_ahead_of_something_slow_is_told_at_once(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_pool, "_SOON_S", 30)

    async def scenario(pool: WorkerPool) -> None:
        await pool.run(asked(BRIEF))  # so that there is a worker that is awake
        first, second = Listener(), Listener()
        slow, brief = begun(pool, SLOWER, first), begun(pool, BRIEF, second)
        assert await second.heard() is None
        assert (await brief.answer()).content == b"true"
        assert await first.heard() is not None
        with pytest.raises(RuntimeError):
            await slow.answer()

    with_pool(home, scenario)


def test_end_of_a_worker_is_told_at_once_as_what_it_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_pool, "_SOON_S", 30)

    async def scenario(pool: WorkerPool) -> None:
        tell = Listener()
        endless = begun(pool, ENDLESS, tell)
        for worker in pool.processes(Lane.AD_HOC):
            worker.strike()
        assert await tell.heard() is None
        with pytest.raises(StoreLimitError):
            await endless.answer()

    with_pool(home, scenario)


def test_worker_that_has_ended_before_is_told_too(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        [worker] = pool.processes(Lane.AD_HOC)
        question = asked(BRIEF)
        found = pool._lanes[Lane.AD_HOC].find(None, may_follow=False)
        assert found is worker
        worker.turns.is_lost = True
        heard: list[bytes | None] = []
        turn = worker.turns.ask(question.query.text.encode())
        turn.listen(heard.append)
        assert heard == []  # not before who listens has gone on
        await asyncio.sleep(0)
        assert heard == [None]

    with_pool(home, scenario, replace(LIMITS, workers={Lane.AD_HOC: 1}))


def test_nothing_begins_when_nobody_is_free(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        first, second = Listener(), Listener()
        slow = begun(pool, SLOWER, first, "one")
        assert await first.heard() is None
        assert pool.begin(asked(BRIEF, "two"), second) is None
        assert list(pool._clients._counts) == ["one"]
        await slow.answer()

    with_pool(home, scenario, replace(LIMITS, workers={Lane.AD_HOC: 1}))


def test_kept_answer_is_returned(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        tell = Listener()
        brief = begun(pool, BRIEF, tell)
        first = await tell.heard() or await brief.answer()
        assert pool.begin(asked(BRIEF), Listener()) == first

    with_pool(home, scenario, replace(LIMITS, cache_bytes=10_000))


def test_client_that_has_too_many_begins_nothing(home: Path) -> None:
    async def scenario(pool: WorkerPool) -> None:
        first = Listener()
        slow = begun(pool, SLOWER, first, "one")
        with pytest.raises(StoreBusyError):
            pool.begin(asked(BRIEF, "one"), Listener())
        assert await first.heard() is None
        await slow.answer()

    with_pool(home, scenario, replace(LIMITS, per_client=1))
