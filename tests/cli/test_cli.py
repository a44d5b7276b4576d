"""The command line: results, forms and exit codes."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
from rdflib import Graph

from api.cli import main
from graph.building import is_current


@dataclass(frozen=True)
class Done:
    """What a run of the command left behind."""

    returncode: int
    stdout: str
    stderr: str


def verbund(home: Path, *arguments: str, given: str = "") -> Done:
    """Run the command in this process: a process of its own costs a second each time."""
    out, err = StringIO(), StringIO()
    settings = {"VERBUND_HOME": str(home), "COLUMNS": "120"}
    with (
        mock_environment(settings),
        redirect_stdout(out),
        redirect_stderr(err),
        replaced("stdin", StringIO(given)),
        replaced("argv", ["verbund", *arguments]),
    ):
        try:
            main()
            code: object = 0
        except SystemExit as error:
            code = error.code
    return Done(code if isinstance(code, int) else 0, out.getvalue(), err.getvalue())


@contextmanager
def mock_environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def replaced(name: str, value: object) -> Iterator[None]:
    before = getattr(sys, name)
    setattr(sys, name, value)
    try:
        yield
    finally:
        setattr(sys, name, before)


def test_in_a_process_of_its_own(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "api", "suggest", "E03", "--format", "csv"],
        capture_output=True,
        text=True,
        env={"VERBUND_HOME": str(home), "PATH": "", "PYTHONUTF8": "1"},
        timeout=120,
        check=False,
        cwd=home.parent,  # not the checkout: the installed package must do
    )

    assert done.returncode == 3
    assert done.stderr == ""
    assert "Dichtheitsprüfung" in done.stdout


def test_suggestion_without_gaps(home: Path) -> None:
    done = verbund(home, "suggest", "E05")

    assert done.returncode == 0
    assert json.loads(done.stdout)["coverage"] == 1.0
    assert done.stderr == ""


def test_suggestion_with_gaps_has_its_own_exit_code(home: Path) -> None:
    done = verbund(home, "suggest", "E03", "--format", "csv")

    assert done.returncode == 3
    rows = list(csv.DictReader(StringIO(done.stdout)))
    assert [r["requirement"] for r in rows if r["gap"]] == ["Dichtheitsprüfung"]


def test_table_in_english(home: Path) -> None:
    done = verbund(home, "suggest", "E03", "--format", "table", "--lang", "en")

    assert "✗ Dichtheitsprüfung  GAP" in done.stdout
    assert "Nobody in the graph is known to offer it." in " ".join(done.stdout.split())


def test_table_names_ways_on_and_additions(home: Path) -> None:
    given = ("suggest", "E19", "--lang", "en")
    table = " ".join(verbund(home, *given, "--format", "table").stdout.split())
    found = json.loads(verbund(home, *given, "--format", "json").stdout)

    developers = [d for gap in found["gaps"] for d in gap["developers"]]
    networks = [n for gap in found["gaps"] for n in gap["networks"]]
    assert developers
    assert developers[0]["organisation"]["name"] in table
    assert networks[0]["cluster"]["name"] in table
    assert found["additions"]
    assert f"{found['additions'][0]['label']} at" in table


def test_conditions_on_members(home: Path) -> None:
    plain = json.loads(verbund(home, "suggest", "E05").stdout)
    demanded = ("--at-least", "1 kind=ResearchInstitution", "--at-least", "1 state=Thüringen")

    done = json.loads(verbund(home, "suggest", "E05", *demanded).stdout)

    assert "ResearchInstitution" not in {m["kind"] for m in plain["members"]}
    assert "ResearchInstitution" in {m["kind"] for m in done["members"]}


def test_stored_consortium_is_computed_again(home: Path, tmp_path: Path) -> None:
    stored = tmp_path / "consortium.ttl"
    stored.write_text(verbund(home, "suggest", "E05", "-f", "turtle").stdout, encoding="utf-8")

    same = verbund(home, "recompute", str(stored), "-f", "turtle")
    stored.write_text(stored.read_text(encoding="utf-8").replace("vb:costKm ", "vb:costKm 9"))
    other = verbund(home, "recompute", str(stored))

    assert (same.returncode, same.stderr) == (0, "")
    assert other.returncode == 3
    assert {line[0] for line in other.stderr.splitlines()} == {"-", "+"}


def test_turtle(home: Path) -> None:
    done = verbund(home, "suggest", "-c", "Drehen", "-c", "Härten", "--format", "turtle")

    assert len(Graph().parse(data=done.stdout, format="turtle")) > 20


def test_enquiry_from_json_and_turtle_file(home: Path, tmp_path: Path) -> None:
    given = tmp_path / "enquiry.json"
    given.write_text(json.dumps({"requirements": [{"competence": "Drehen"}]}), encoding="utf-8")
    exported = verbund(home, "suggest", str(given), "--format", "turtle")
    again = tmp_path / "enquiry.ttl"
    again.write_text(exported.stdout, encoding="utf-8")

    first, second = (json.loads(verbund(home, "suggest", str(p)).stdout) for p in (given, again))

    assert [m["iri"] for m in first["members"]] == [m["iri"] for m in second["members"]]


def test_excluding_the_only_provider_opens_a_gap(home: Path) -> None:
    done = verbund(home, "suggest", "-c", "Koordinatenmessen", "--exclude", "szm-spannwerkzeuge")

    assert done.returncode == 3
    assert json.loads(done.stdout)["gaps"][0]["reason"]["code"] == "excluded"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("suggest", "E99"), "no enquiry 'E99'"),
        (("suggest",), "give an enquiry"),
        (("suggest", "E05", "--at-least", "small"), "write a number and a group"),
        (("suggest", "E05", "--at-least", "1 size=x"), "groups are small, kind"),
        (("suggest", "E05", "--at-most", "1 small=x"), "`small` has none"),
        (("suggest", "E05", "--at-least", "1 state=Thüringn"), "did you mean thüringen"),
        (("suggest", "E05", "--apart", "nobody"), "| between them"),
        (("recompute", "absent.ttl"), "absent.ttl"),
        (("suggest", "-c", "Laserschneidn"), "did you mean Laserschneiden"),
        (("suggest", "absent.json"), "absent.json"),
        (("query", "SELECT * WHERE {"), "expected"),
        (("query", "DROP ALL"), "update"),
        (("query", "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), "SERVICE"),
        (("query", "organisations-by-competense"), "organisations-by-competence"),
        (("query", "organisations-by-competence", "-p", "competence"), "NAME=VALUE"),
        (("query", "organisations-by-competence", "-p", "competence=drehen x"), "competence"),
        (("validate", "absent.ttl"), "absent.ttl"),
        (("frobnicate",), "No such command"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(
    home: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = verbund(home, *arguments)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_broken_json_names_the_line(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"requirements":\n [}', encoding="utf-8")

    done = verbund(home, "suggest", str(broken))

    assert done.returncode == 2
    assert "broken.json:2" in done.stderr


def test_query_by_text_file_and_standard_input(home: Path, tmp_path: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) WHERE { ?s a <https://w3id.org/verbund/def#Enquiry> }"
    path = tmp_path / "count.rq"
    path.write_text(text, encoding="utf-8")

    answers = [
        verbund(home, "query", text, "--format", "csv").stdout,
        verbund(home, "query", str(path), "--format", "csv").stdout,
        verbund(home, "query", "-", "--format", "csv", given=text).stdout,
    ]

    assert [a.split() for a in answers] == [["n", "10"]] * 3


def test_catalogue_query_with_a_parameter(home: Path) -> None:
    drehen = "competence=https://w3id.org/verbund/scheme/competence/drehen"

    done = verbund(home, "query", "organisations-by-competence", "-p", drehen, "-f", "csv")

    rows = list(csv.DictReader(StringIO(done.stdout)))
    assert "Fischer Metallbau GmbH" in {r["label"] for r in rows}


def test_graph_query_gives_turtle(home: Path) -> None:
    done = verbund(home, "query", "CONSTRUCT WHERE { ?s a <https://w3id.org/verbund/def#Enquiry> }")

    assert done.returncode == 0
    assert len(json.loads(done.stdout)) == 10


def test_listings(home: Path) -> None:
    enquiries = json.loads(verbund(home, "enquiries").stdout)
    queries = json.loads(verbund(home, "queries", "--lang", "en").stdout)

    assert {e["enquiry"] for e in enquiries} >= {"E01", "E26"}
    assert all(q["question"].endswith("?") for q in queries)


def test_validate_a_file(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "claim.ttl"
    path.write_text(
        "<https://example.org/c> a <https://w3id.org/verbund/def#CapabilityClaim> .",
        encoding="utf-8",
    )

    done = verbund(home, "validate", str(path), "--lang", "en")

    assert done.returncode == 1
    assert {f["severity"] for f in json.loads(done.stdout)} >= {"Violation"}


def test_second_load_does_nothing(home: Path) -> None:
    assert is_current(home)

    done = verbund(home, "load")

    assert done.returncode == 0
    assert "nothing changed" in done.stderr


def test_bad_row_is_reported_and_strict_loads_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    from graph.resources import data_folder

    def copy(source: object, target: Path) -> None:
        for entry in source.iterdir():  # type: ignore[attr-defined]
            if entry.is_dir():
                (target / entry.name).mkdir()
                copy(entry, target / entry.name)
            elif not entry.name.endswith(".py"):
                (target / entry.name).write_bytes(entry.read_bytes())

    copy(data_folder(), folder)
    table = folder / "certificates.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join([*lines, "broken-row\r\n"]), encoding="utf-8")

    strict = verbund(tmp_path / "strict", "load", str(folder), "--strict")
    lenient = verbund(tmp_path / "lenient", "load", str(folder))

    assert strict.returncode == 2
    assert f"certificates.csv:{len(lines) + 1}" in strict.stderr
    assert not (tmp_path / "strict" / "current").exists()
    assert lenient.returncode == 0
    assert f"certificates.csv:{len(lines) + 1}" in lenient.stderr
    assert (tmp_path / "lenient" / "current").exists()
