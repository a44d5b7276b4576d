"""Jobs over HTTP: started, followed, cancelled, collected; each caller sees its own."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.access.caller import Caller
from api.app import create_app
from api.errors import TooManyJobsError, UnknownJobError
from api.jobs.keeper import JobKeeper, State
from api.jobs.limits import JobLimits
from api.jobs.work import ConsortiaIn, DumpsIn, perform
from api.settings import Settings
from graph.store import EmbeddedStore, Visibility

ME, OTHER = (Caller(name, Visibility.PUBLIC) for name in ("me", "other"))
WORK = ConsortiaIn(kind="consortia", enquiries=["E26"])


@pytest.fixture(scope="module")
def client(reference: EmbeddedStore) -> Iterator[TestClient]:
    settings = Settings(home=reference.home, rate_per_s=0, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings, reference)) as running:
        yield running


def start(client: TestClient, work: dict[str, Any], **headers: str) -> str:
    answer = client.post("/api/v1/jobs", json=work, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"])


def wait(client: TestClient, path: str) -> dict[str, Any]:
    limit = time.monotonic() + 120
    while time.monotonic() < limit:
        job: dict[str, Any] = client.get(path).json()["data"]
        if State(job["state"]).is_final:
            return job
        time.sleep(0.1)
    raise TimeoutError(path)


def events(client: TestClient, path: str, **headers: str) -> list[tuple[int, dict[str, Any]]]:
    answer = client.get(f"{path}/events", headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = []
    for block in answer.text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line)
        if "id" in lines:
            found.append((int(lines["id"]), json.loads(lines["data"])))
    return found


def test_batch_of_enquiries_is_answered_one_by_one(client: TestClient) -> None:
    given = {"requirements": [{"competence": "Drehen"}]}
    work = {"kind": "consortia", "enquiries": ["E26", given, "E99"], "language": "en"}

    path = start(client, work)
    told = events(client, path)
    result = client.get(f"{path}/result").json()["data"]

    numbers = [number for number, _ in told]
    assert numbers == sorted(set(numbers))
    assert told[-1][1]["state"] == "done"
    assert (told[-1][1]["done"], told[-1][1]["total"]) == (3, 3)
    single = client.get("/api/v1/consortia?enquiry=E26&lang=en").json()["data"]
    first, second, third = result["answers"]
    for document in (first["consortium"], single):
        document["run"].pop("elapsed_ms")
    assert first["consortium"] == single
    assert len(second["consortium"]["members"]) == 1
    assert third["consortium"] is None
    assert "UnknownEnquiryError" in third["error"]
    later = events(client, path, **{"Last-Event-ID": str(numbers[-2])})
    assert [number for number, _ in later] == numbers[-1:]


def test_running_job_is_cancelled_and_then_cleared_away(client: TestClient) -> None:
    path = start(client, {"kind": "consortia", "enquiries": ["E01"] * 400})
    early = client.get(f"{path}/result")

    cancelled = client.delete(path).json()["data"]

    assert early.status_code == 409
    assert early.json()["type"].endswith("/problem/job-not-done")
    assert cancelled["state"] == "cancelled"
    assert client.get(f"{path}/result").status_code == 409
    assert client.delete(path).status_code == 200
    assert client.get(path).status_code == 404


def test_idempotency_key_starts_a_job_once(client: TestClient) -> None:
    work = {"kind": "consortia", "enquiries": ["E26"]}

    paths = {start(client, work, **{"Idempotency-Key": "batch-7"}) for _ in range(2)}

    assert len(paths) == 1
    assert wait(client, paths.pop())["state"] == "done"


@pytest.mark.parametrize(
    "work",
    [
        {"kind": "nothing"},
        {"kind": "consortia", "enquiries": []},
        {"kind": "consortia", "enquiries": ["E01"] * 501},
        {"kind": "unlocking", "most": 0},
        {"kind": "dumps", "more": 1},
    ],
)
def test_what_is_no_job_is_refused(client: TestClient, work: dict[str, Any]) -> None:
    assert client.post("/api/v1/jobs", json=work).status_code == 422


def test_unlocking_is_the_same_as_without_a_job(client: TestClient) -> None:
    path = start(client, {"kind": "unlocking", "most": 1})

    assert wait(client, path)["state"] == "done"
    direct = client.get("/api/v1/consortia/unlocking?most=1").json()["data"]
    assert client.get(f"{path}/result").json()["data"] == direct


# --- the keeper ---------------------------------------------------------------------------------


async def ended(keeper: JobKeeper, name: str) -> State:
    states = [job.state async for job in keeper.follow(ME, name)]
    return states[-1]


def test_jobs_of_others_are_unknown(home: Path, tmp_path: Path) -> None:
    async def scenario() -> None:
        keeper = JobKeeper(tmp_path, JobLimits())
        job = keeper.start(ME, DumpsIn(kind="dumps"))
        assert keeper.of(OTHER) == []
        for ask in (keeper.find, keeper.result):
            with pytest.raises(UnknownJobError):
                ask(OTHER, job.id)
        with pytest.raises(UnknownJobError):
            await keeper.cancel(OTHER, job.id)
        assert [one.id for one in keeper.of(ME)] == [job.id]
        await keeper.close()

    asyncio.run(scenario())


def test_each_client_has_its_places_and_all_have_theirs(tmp_path: Path) -> None:
    async def scenario() -> None:
        keeper = JobKeeper(tmp_path, JobLimits(running=1, waiting=2, per_client=2))
        for _ in range(2):
            keeper.start(ME, WORK)
        with pytest.raises(TooManyJobsError, match="you have 2"):
            keeper.start(ME, WORK)
        keeper.start(OTHER, WORK)
        with pytest.raises(TooManyJobsError, match="all places"):
            keeper.start(Caller("third", Visibility.PUBLIC), WORK)
        await keeper.cancel(ME, keeper.of(ME)[0].id)
        keeper.start(ME, WORK)
        await keeper.close()

    asyncio.run(scenario())


def test_job_that_takes_too_long_is_ended(home: Path) -> None:
    async def scenario() -> tuple[State, str]:
        keeper = JobKeeper(home, JobLimits(time_s=0.3))
        job = keeper.start(ME, WORK)
        return await ended(keeper, job.id), keeper.find(ME, job.id).error

    assert asyncio.run(scenario()) == (State.FAILED, "longer than 0.3 s")


def test_store_that_is_not_there_is_a_failure_with_its_reason(tmp_path: Path) -> None:
    async def scenario() -> tuple[State, str]:
        keeper = JobKeeper(tmp_path, JobLimits())
        job = keeper.start(ME, WORK)
        return await ended(keeper, job.id), keeper.find(ME, job.id).error

    state, error = asyncio.run(scenario())
    assert state is State.FAILED
    assert error.startswith("StoreUnavailableError")


def test_jobs_outlive_the_server_and_running_ones_are_interrupted(tmp_path: Path) -> None:
    async def scenario() -> list[State]:
        keeper = JobKeeper(tmp_path, JobLimits())
        waiting = keeper.start(ME, WORK)
        again = JobKeeper(tmp_path, JobLimits())  # as after a crash: nothing was closed
        found = [again.find(ME, waiting.id).state]
        await keeper.close()
        found.append(JobKeeper(tmp_path, JobLimits()).find(ME, waiting.id).state)
        return found

    assert asyncio.run(scenario()) == [State.INTERRUPTED, State.INTERRUPTED]
    (tmp_path / "jobs" / "broken").mkdir()
    (tmp_path / "jobs" / "broken" / "state.json").write_text("{}")
    assert len(JobKeeper(tmp_path, JobLimits()).of(ME)) == 1


def test_progress_counts_up_to_the_whole(reference: EmbeddedStore) -> None:
    told: list[tuple[int, int]] = []

    perform(reference, WORK, lambda done, total: told.append((done, total)))

    assert told == [(0, 1), (1, 1)]
