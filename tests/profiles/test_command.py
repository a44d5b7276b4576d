"""``verbund profiles``: from a file to a published profile."""

import json
from pathlib import Path

from typer.testing import CliRunner

from api.profiles.command import app
from graph.store import EmbeddedStore
from tests.profiles.conftest import NEW
from tests.projects.conftest import Office

RUNNER = CliRunner()


def run(office: Office, *words: str, code: int = 0) -> str:
    """What a command prints on standard output."""
    result = RUNNER.invoke(app, [*words, "--home", str(office.home)], catch_exceptions=False)
    assert result.exit_code == code, result.output
    return result.stdout


def test_a_profile_on_the_command_line(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "profile.json"
    file.write_text(json.dumps({"entries": NEW}), encoding="utf-8")
    assert json.loads(run(office, "form"))["sections"][0]["name"] == "organisation"
    assert [f["grave"] for f in json.loads(run(office, "check", str(file), "-f", "json"))] == [""]
    name = run(office, "submit", str(file)).strip()

    [listed] = json.loads(run(office, "submissions", "--status", "submitted", "-f", "json"))
    assert (listed["id"], listed["organisation"]) == (name, "Neu & Söhne GmbH")
    shown = json.loads(run(office, "submission", name))
    assert shown["difference"]["removed"] == []
    run(office, "publish", name, "Angaben belegt")

    assert json.loads(run(office, "submission", name))["review"]["rationale"] == "Angaben belegt"
    query = 'SELECT ?s { ?s ?p "Neu & Söhne GmbH"@de }'
    assert len(EmbeddedStore(office.home).select(query)) == 1
    due = json.loads(run(office, "renewals", "--day", "2027-06-01", "-f", "json"))
    assert ("Neu & Söhne GmbH", "ISO 9001:2015") in {(r["organisation"], r["label"]) for r in due}
    missing = json.loads(run(office, "completeness", "Neu & Söhne GmbH", "-f", "json"))
    assert {m["severity"] for m in missing} == {"Info"}
    assert json.loads(run(office, "effects", "Neu & Söhne GmbH", "-f", "json")) == []


def test_a_faulty_file_says_what_is_wrong(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "profile.json"
    file.write_text(json.dumps({"entries": {"claim": NEW["claim"]}}), encoding="utf-8")

    found = json.loads(run(office, "check", str(file), "-f", "json", code=2))

    assert ("organisation", "Diese Angabe wird gebraucht.") in {
        (f["section"], f["message"]) for f in found
    }
