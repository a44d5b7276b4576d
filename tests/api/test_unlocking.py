"""What would unlock the open enquiries, over HTTP and on the command line."""

import csv
from io import StringIO

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.schemas.unlocking import UnlockingOut
from api.settings import Settings
from graph.store import EmbeddedStore


def test_open_enquiries_and_what_they_lack(reference: EmbeddedStore) -> None:
    with TestClient(create_app(Settings(home=reference.home), reference)) as client:
        response = client.get("/api/v1/consortia/unlocking", params={"lang": "de"})
        limited = client.get("/api/v1/consortia/unlocking", params={"most": 1}).json()["data"]
        wrong = client.get("/api/v1/consortia/unlocking", params={"most": 0})

    found = UnlockingOut.model_validate(response.json()["data"])
    lacking = {s.competence.name for s in found.steps}
    assert response.headers["content-language"] == "de"
    assert found.enquiries >= len(found.open) > 0
    assert "Dichtheitsprüfung" in lacking  # two enquiries ask for it and nobody states it
    counts = [len(s.unlocked) for s in found.steps]
    assert counts[0] == max(counts) > 0
    assert len(limited["steps"]) == 1
    assert wrong.status_code == 422


@pytest.mark.parametrize("language", ["de", "en"])
def test_on_the_command_line(reference: EmbeddedStore, language: str) -> None:
    arguments = ["unlock", "--home", str(reference.home), "--lang", language, "-f", "csv"]

    done = CliRunner().invoke(app, arguments)

    rows = list(csv.DictReader(StringIO(done.stdout)))
    assert done.exit_code == 0
    assert int(rows[0]["enquiries"]) > 0
    assert all(row["competence"] for row in rows)
