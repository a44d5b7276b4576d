"""Understanding over HTTP and on the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import create_app
from api.cli import app
from api.settings import Settings
from api.understanding import enquiry_of, read
from graph.store import EmbeddedStore
from tests.understanding.conftest import TODAY

PATH = "/api/v1/enquiries/understanding"
TEXT = (
    "Wir suchen CNC-Drehen und Rundschleifen von Wellen aus 42CrMo4, Ra 0,2, 500 Stück/Jahr. "
    "ISO 9001 erforderlich. Keine Montage. Lieferung bis 30.06.2027 nach Jena."
)


@pytest.fixture(scope="module")
def client(home: Path, reference: EmbeddedStore) -> Iterator[TestClient]:
    settings = Settings(home=home, ad_hoc_workers=1, page_workers=1)
    with TestClient(create_app(settings, reference)) as opened:
        yield opened


def test_proposal_is_ready_for_a_consortium(client: TestClient) -> None:
    answer = client.post(PATH, json={"text": TEXT})

    proposal = answer.json()["data"]
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    names = [r["competence"]["name"] for r in proposal["requirements"]]
    assert names == ["Drehen", "Rundschleifen"]
    found = client.post("/api/v1/consortia", json=proposal["enquiry"])
    assert found.status_code == 200
    assert len(found.json()["data"]["enquiry"]["requirements"]) == 2


def test_words_carry_their_offsets(client: TestClient) -> None:
    proposal = client.post(PATH, json={"text": TEXT}).json()["data"]

    evidence = [e for r in proposal["requirements"] for e in r["evidence"]]
    evidence += [r["evidence"] for r in proposal["rejected"]]
    assert evidence
    assert all(TEXT[e["start"] : e["end"]] == e["words"] for e in evidence)


def test_reasons_are_given_in_the_language_asked_for(client: TestClient) -> None:
    german = client.post(PATH, json={"text": TEXT}).json()["data"]
    english = client.post(f"{PATH}?lang=en", json={"text": TEXT}).json()["data"]

    assert german["rejected"][0]["text"] == "der Text sagt, dass es nicht gebraucht wird"
    assert english["rejected"][0]["text"] == "the text says that it is not needed"
    assert english["requirements"][0]["competence"]["name"] == "Turning"


def test_text_without_requirement_has_no_enquiry(client: TestClient) -> None:
    proposal = client.post(PATH, json={"text": "Guten Tag!"}).json()["data"]

    assert proposal["requirements"] == []
    assert proposal["enquiry"] is None


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"text": "x" * 20_001}, {"text": "x", "a": 1}])
def test_unusable_input_is_refused(client: TestClient, body: dict[str, object]) -> None:
    assert client.post(PATH, json=body).status_code == 422


def test_enquiry_keeps_place_certificates_and_distance(reference: EmbeddedStore) -> None:
    text = "Fräsen gesucht, Umkreis von 50 km um Jena. ISO 9001 Pflicht."

    enquiry = enquiry_of(read(reference, text, today=TODAY))

    assert enquiry is not None
    assert enquiry.max_distance_km == 50.0
    assert enquiry.place is not None
    assert enquiry.districts == []
    assert enquiry.requirements[0].certificates[0].endswith("/iso-9001")


def test_command_prints_an_enquiry_that_suggest_reads(home: Path, tmp_path: Path) -> None:
    mail = tmp_path / "mail.txt"
    mail.write_text(TEXT, encoding="utf-8")
    runner = CliRunner(env={"VERBUND_HOME": str(home)})

    read_text = runner.invoke(app, ["understand", str(mail), "--enquiry"])
    suggested = runner.invoke(app, ["suggest", "-", "--format", "json"], input=read_text.stdout)

    assert read_text.exit_code == 0
    assert len(json.loads(read_text.stdout)["requirements"]) == 2
    assert json.loads(suggested.stdout)["members"]


def test_command_says_when_nothing_was_found(home: Path) -> None:
    runner = CliRunner(env={"VERBUND_HOME": str(home)})

    done = runner.invoke(app, ["understand", "-"], input="Guten Tag!")

    assert done.exit_code == 3
    assert json.loads(done.stdout)["requirements"] == []


def test_words_that_nothing_explains_are_counted_over_files(home: Path, tmp_path: Path) -> None:
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    files[0].write_text("Gesucht: Zauberverfahren und Elfentechnik.", encoding="utf-8")
    files[1].write_text("Gesucht: Zauberverfahren.", encoding="utf-8")
    runner = CliRunner(env={"VERBUND_HOME": str(home)})

    done = runner.invoke(app, ["gaps", *map(str, files)])

    assert json.loads(done.stdout) == [
        {"word": "Zauberverfahren", "count": "2"},
        {"word": "Elfentechnik", "count": "1"},
    ]
