"""Harvests over HTTP and on the command line, and what is left when one is killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.access.keys import KeyStore
from api.access.roles import Role
from api.app import create_app
from api.cli import app as cli
from api.settings import Settings
from graph.errors import SourceBusyError
from graph.harvest import State, harvest, is_running, read_report
from graph.store import EmbeddedStore, Visibility

from .conftest import Describe
from .servers import Page, Site
from .test_harvest import GOOD, SOURCE, TURTLE, serve, triples


def bearer(home: Path, role: Role = Role.COORDINATOR) -> dict[str, str]:
    _, token = KeyStore(home).make(role, "a test")
    return {"Authorization": f"Bearer {token}"}


def followed(client: TestClient, path: str, headers: dict[str, str]) -> Any:
    """Follow a job by its events to the end."""
    told = client.get(f"{path}/events", headers=headers).text
    stages = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
    return stages[-1]


@contextmanager
def server(office: Path) -> Iterator[TestClient]:
    settings = Settings(home=office, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings, EmbeddedStore(office))) as client:
        yield client


def test_a_harvest_over_http(office: Path, partner: Site, describe: Describe) -> None:
    describe()
    serve(partner, TURTLE)
    key = bearer(office)
    with server(office) as client:
        assert client.get("/api/v1/harvest").status_code == 401
        partner_key = bearer(office, Role.PARTNER)
        assert client.get("/api/v1/harvest", headers=partner_key).status_code == 403
        for path in ("run", "accept", "reject"):
            refused = client.post(f"/api/v1/harvest/partner/{path}", json={"digest": "0" * 64})
            assert refused.status_code == 401
        unknown = client.post("/api/v1/harvest/nobody/run", headers=key)
        assert unknown.status_code == 404
        none = client.get("/api/v1/harvest/partner/report", headers=key)
        assert none.status_code == 409

        begun = client.post("/api/v1/harvest/partner/run", headers=key)
        assert begun.status_code == 202
        job = followed(client, begun.headers["location"], key)
        assert (job["kind"], job["state"], job["error"]) == ("harvest", "done", None)
        result = client.get(f"{begun.headers['location']}/result", headers=key).json()["data"]
        assert (result["source"], result["state"], result["left_out"]) == ("partner", "waiting", 1)
        found = client.get("/api/v1/harvest/partner", headers=key).json()["data"]
        assert (found["state"], found["left_out"]) == ("waiting", 1)
        report = client.get("/api/v1/harvest/partner/report", headers=key).json()["data"]
        assert report["digest"] == found["digest"]
        staged = client.get("/api/v1/harvest/partner/staging", headers=key)
        assert "graph/staging-partner" in staged.text
        stale = client.post(
            "/api/v1/harvest/partner/accept", headers=key, json={"digest": "0" * 64}
        )
        assert stale.status_code == 409
        done = client.post(
            "/api/v1/harvest/partner/accept", headers=key, json={"digest": found["digest"]}
        )
        assert done.status_code == 200, done.text
        assert done.json()["data"]["created"] == [SOURCE]
        [listed] = client.get("/api/v1/harvest", headers=key).json()["data"]
        assert listed["state"] == "published"
    assert triples(office)


def test_a_harvest_on_the_command_line(office: Path, partner: Site, describe: Describe) -> None:
    describe("every_hours = 1")
    serve(partner, GOOD)
    runner = CliRunner()

    def said(*words: str) -> Any:
        done = runner.invoke(cli, ["harvest", *words, "--home", str(office)])
        assert done.exit_code in (0, 3), done.output
        return json.loads(done.stdout), done.exit_code

    assert said("list")[0] == [{"name": "partner", "kind": "dump"}]
    report, code = said("run", "partner")
    assert (report["state"], code) == ("waiting", 3)
    assert said("report", "partner")[0] == report
    assert said("accept", "partner")[0]["state"] == "published"
    assert said("due")[0] == []
    describe('every_hours = 1\npublication = "conforming"')
    serve(partner, GOOD.replace("Eins", "Uno"))
    report, code = said("run", "partner")
    assert (report["state"], code) == ("published", 0)
    assert any("Uno GmbH" in triple for triple in triples(office))


def test_harvest_that_conforms_is_published_when_its_job_is_done(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe('publication = "conforming"')
    serve(partner, GOOD)
    key = bearer(office)
    with server(office) as client:
        work = {"kind": "harvest", "source": "partner"}
        begun = client.post("/api/v1/jobs", headers=key, json=work)
        job = followed(client, begun.headers["location"], key)
        assert job["state"] == "done", job
        result = client.get(f"{begun.headers['location']}/result", headers=key).json()["data"]
    assert result["state"] == "published"
    assert any("Eins" in triple for triple in triples(office))
    report = read_report(office, "partner")
    assert report is not None
    assert report.state is State.PUBLISHED


def test_harvest_that_fails_is_a_job_that_failed(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    partner.pages["/data.ttl"] = Page(b"", status=500)
    key = bearer(office)
    with server(office) as client:
        begun = client.post("/api/v1/harvest/partner/run", headers=key)
        job = followed(client, begun.headers["location"], key)
    assert job["state"] == "failed"
    assert job["error"].startswith("SourceUnavailableError: partner: ")
    report = read_report(office, "partner")
    assert report is not None
    assert (report.state, bool(report.error)) == (State.FAILED, True)


@pytest.mark.parametrize("role", [None, Role.PARTNER])
def test_harvest_as_a_job_is_for_coordinators(
    office: Path, describe: Describe, role: Role | None
) -> None:
    describe()
    key = {} if role is None else bearer(office, role)
    with server(office) as client:
        work = {"kind": "harvest", "source": "partner"}
        refused = client.post("/api/v1/jobs", headers=key, json=work)
    assert refused.status_code == (401 if role is None else 403)
    assert read_report(office, "partner") is None


def test_harvest_is_cancelled_by_any_coordinator(
    office: Path, partner: Site, describe: Describe
) -> None:
    describe()
    serve(partner, GOOD)
    one, other = bearer(office), bearer(office)
    with server(office) as client:
        idle = client.delete("/api/v1/harvest/partner/run", headers=one)
        assert idle.status_code == 409
        begun = client.post("/api/v1/harvest/partner/run", headers=one)
        again = client.post("/api/v1/harvest/partner/run", headers=other)
        assert again.status_code == 409
        assert client.get(begun.headers["location"], headers=other).status_code == 404
        ended = client.delete("/api/v1/harvest/partner/run", headers=other)
        assert ended.json()["data"]["state"] == "cancelled"
        assert followed(client, begun.headers["location"], one)["state"] == "cancelled"
        assert not is_running(office, "partner")
        once_more = client.post("/api/v1/harvest/partner/run", headers=other)
        assert followed(client, once_more.headers["location"], other)["state"] == "done"


def test_harvest_has_its_own_time(office: Path, partner: Site, describe: Describe) -> None:
    describe()
    serve(partner, GOOD)
    settings = Settings(home=office, ad_hoc_workers=1, page_workers=1, harvest_timeout_s=0.05)
    key = bearer(office)
    with TestClient(create_app(settings, EmbeddedStore(office))) as client:
        begun = client.post("/api/v1/harvest/partner/run", headers=key)
        job = followed(client, begun.headers["location"], key)
    assert (job["state"], job["error"]) == ("failed", "longer than 0.05 s")


@pytest.mark.parametrize("after_s", [0.3, 0.9, 1.8, 3.0])
def test_a_killed_harvest_loses_nothing(
    office: Path, partner: Site, describe: Describe, after_s: float
) -> None:
    describe()
    serve(partner, GOOD)
    first = harvest(office, "partner")
    version = EmbeddedStore(office, Visibility.INTERNAL).version
    serve(partner, GOOD.replace("Eins", "Uno"))
    order = {
        "work": {"kind": "harvest", "source": "partner"},
        "home": str(office),
        "visibility": "internal",
        "memory_bytes": 4 * 1024**3,
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "api.jobs.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(order).encode() + b"\n")
    process.stdin.close()
    time.sleep(after_s)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()

    assert not is_running(office, "partner")
    assert EmbeddedStore(office, Visibility.INTERNAL).version == version
    report = read_report(office, "partner")
    assert report is not None
    assert report == first or report.digest != first.digest
    again = harvest(office, "partner")
    assert (again.state, again.error) == (State.WAITING, "")
    assert any("Uno GmbH" in line for line in again.added_shown)


def test_a_harvest_that_runs_is_busy(office: Path, partner: Site, describe: Describe) -> None:
    from graph.harvest.reports import harvesting

    describe()
    with harvesting(office, "partner"), pytest.raises(SourceBusyError):
        harvest(office, "partner")
