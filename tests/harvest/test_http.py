"""Harvests over HTTP and on the command line, and what is left when one is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
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
from graph.errors import SourceBusyError, SourceUnavailableError, UnknownSourceError
from graph.harvest import State, is_running, read_report
from graph.harvest.process import run
from graph.store import EmbeddedStore, Visibility

from .conftest import Describe
from .servers import Page, Site
from .test_harvest import GOOD, SOURCE, TURTLE, serve, triples

GIB = 4 * 1024**3


def bearer(home: Path, role: Role = Role.COORDINATOR) -> dict[str, str]:
    _, token = KeyStore(home).make(role, "a test")
    return {"Authorization": f"Bearer {token}"}


def waited(client: TestClient, headers: dict[str, str]) -> Any:
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        found = client.get("/api/v1/harvest/partner", headers=headers).json()["data"]
        if found["state"] and not found["is_running"]:
            return found
        time.sleep(0.2)
    pytest.fail("the harvest does not end")


def test_a_harvest_over_http(office: Path, partner: Site, describe: Describe) -> None:
    describe()
    serve(partner, TURTLE)
    key = bearer(office)
    settings = Settings(home=office, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings, EmbeddedStore(office))) as client:
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
        assert begun.headers["location"] == "/api/v1/harvest/partner"
        found = waited(client, key)
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


def test_errors_of_the_process_are_those_of_the_harvest(
    office: Path, partner: Site, describe: Describe
) -> None:
    with pytest.raises(UnknownSourceError):
        run(office, "partner", timeout_s=60, memory_bytes=GIB)
    describe()
    partner.pages["/data.ttl"] = Page(b"", status=500)
    assert run(office, "partner", timeout_s=60, memory_bytes=GIB).state is State.FAILED
    serve(partner, GOOD)
    with pytest.raises(SourceUnavailableError, match="longer than"):
        run(office, "partner", timeout_s=0.01, memory_bytes=GIB)
    stop = threading.Event()
    stop.set()
    with pytest.raises(SourceUnavailableError, match="was stopped"):
        run(office, "partner", timeout_s=60, memory_bytes=GIB, stop=stop)
    assert not is_running(office, "partner")
    with pytest.raises(SourceUnavailableError, match="memory"):
        run(office, "partner", timeout_s=60, memory_bytes=64 * 1024**2)


@pytest.mark.parametrize("after_s", [0.3, 0.9, 1.8, 3.0])
def test_a_killed_harvest_loses_nothing(
    office: Path, partner: Site, describe: Describe, after_s: float
) -> None:
    describe()
    serve(partner, GOOD)
    first = run(office, "partner", timeout_s=60, memory_bytes=GIB)
    version = EmbeddedStore(office, Visibility.INTERNAL).version
    serve(partner, GOOD.replace("Eins", "Uno"))
    request = json.dumps({"home": str(office), "name": "partner", "memory_bytes": GIB}).encode()
    process = subprocess.Popen(
        [sys.executable, "-m", "graph.harvest.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(request)
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
    again = run(office, "partner", timeout_s=60, memory_bytes=GIB)
    assert (again.state, again.error) == (State.WAITING, "")
    assert any("Uno GmbH" in line for line in again.added_shown)


def test_a_harvest_that_runs_is_busy(office: Path, partner: Site, describe: Describe) -> None:
    from graph.harvest.reports import harvesting

    describe()
    with harvesting(office, "partner"), pytest.raises(SourceBusyError):
        run(office, "partner", timeout_s=60, memory_bytes=GIB)
