"""The desk on the command line: the same operations by the same names."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from api import recording
from api.cli import app
from graph.writing import Receipt

from .houses import House

Run = Callable[..., Result]


@pytest.fixture
def run(house: House) -> Run:
    def done(*arguments: str) -> Result:
        home = ["--home", str(house.home)]
        return CliRunner().invoke(app, ["desk", *arguments, *home], catch_exceptions=False)

    return done


def test_an_enquiry_is_taken_in_confirmed_and_passed_on(run: Run) -> None:
    asked = ("Wellen gesucht", "--requester", "Ausland AG", "--channel", "telephone")
    number = json.loads(run("receive", *asked, "--due", "2026-12-01").stdout)["number"]
    confirmed = run("confirm", number, "-c", "Drehen", "-c", "Schweißen")
    assert json.loads(confirmed.stdout)["status"] == "classified"
    run("refer", number, "Netz Zerspanung", "--reply-by", "2026-12-01")

    shown = json.loads(run("show", number).stdout)
    assert shown["referrals"][0]["organisation"]["name"] == "Netz Zerspanung"
    assert [event["kind"] for event in shown["events"]] == [
        "received",
        "requirements-confirmed",
        "referred",
    ]
    late = json.loads(run("overdue", "--day", "2026-12-02", "--lang", "en").stdout)
    assert [row["kind"] for row in late] == ["enquiry", "referral"]
    assert (
        late[1]["text"] == f"Netz Zerspanung should have responded to enquiry {number} 1 day ago."
    )
    [line] = json.loads(run("list").stdout)
    assert (line["number"], line["status"]) == (number, "referred")
    [first, *_] = json.loads(run("responsible", number).stdout)
    assert first["body"] == "Büro Nord"


def test_confirming_takes_one_way(run: Run) -> None:
    assert run("confirm", "2026-0001").exit_code == 2


def test_every_write_is_noted(run: Run, house: House) -> None:
    number = json.loads(
        run("receive", "Wellen gesucht", "--requester", "Ausland AG", "--channel", "visit").stdout
    )["number"]
    run("change", number, "--due", "2026-12-01")

    log = (house.home / "access/audit.jsonl").read_text(encoding="utf-8")
    noted = [json.loads(line) for line in log.splitlines()]
    assert [line["event"] for line in noted] == ["write-begun", "write-done"] * 2
    assert {line["by"] for line in noted} == {"command line"}
    assert noted[2]["record"].endswith(f"enquiry-{number}")


def test_a_number_is_taken_again_when_somebody_was_quicker(
    run: Run, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("receive", "Wellen gesucht", "--requester", "Ausland AG", "--channel", "visit")
    apply, waiting = recording.apply, [asked]

    def after_another(*arguments: Any) -> Receipt:
        if waiting:
            run(*waiting.pop())
        return apply(*arguments)

    monkeypatch.setattr(recording, "apply", after_another)

    assert json.loads(run(*asked).stdout)["number"].endswith("-0002")
