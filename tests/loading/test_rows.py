"""A bad row is a finding with line and column; a bad file is an error."""

import json
from pathlib import Path

import pytest

from graph.errors import SourceFormatError
from graph.loading.findings import RowFinding
from graph.loading.rows import Row, read_rows
from graph.loading.tables import read_tables

HEADER = "id,team,skills,kind\n"
GOOD = "ann,red,Laufen,stated\n"


def read(folder: Path, players: str) -> tuple[list[Row], list[RowFinding]]:
    """Read the players table from a text."""
    (folder / "players.csv").write_text(players, encoding="utf-8", newline="")
    table = next(table for table in read_tables(folder) if table.name == "players.csv")
    results = list(read_rows(table, folder, {"teams.csv": {"red", "blue"}}))
    rows = [result for result in results if isinstance(result, Row)]
    return rows, [result for result in results if isinstance(result, RowFinding)]


def test_a_row_knows_its_line_and_its_values(folder: Path) -> None:
    rows, findings = read(folder, HEADER + "ann,red,Laufen; Werfen,\n")

    assert findings == []
    assert rows[0].line == 2
    assert rows[0].cells == {
        "id": ("ann",),
        "team": ("red",),
        "skills": ("Laufen", "Werfen"),
        "kind": (),
    }


@pytest.mark.parametrize(
    ("line", "column", "value", "reason"),
    [
        ("bob,red,Laufen\n", "", "", "has 3 cells instead of 4"),
        ("bob,red,Laufen,stated,\n", "", "", "has 5 cells instead of 4"),
        ("\n", "", "", "has 0 cells instead of 4"),
        (
            "Bob,red,Laufen,stated\n",
            "id",
            "Bob",
            "invalid lexical value for string: Bob; must match [a-z]+",
        ),
        ("bob,,Laufen,stated\n", "team", "", "required column value is missing"),
        ("bob,green,Laufen,stated\n", "team", "green", "no such row in teams.csv"),
        ("ann,red,Laufen,stated\n", "id", "ann", "already used in line 2"),
        ("bob,red,Laufen; ; Werfen,stated\n", "skills", "Laufen; ; Werfen", "an empty item"),
        ("bob,red,Laufen,stated \n", "kind", "stated ", "space at its start or end"),
    ],
)
def test_a_bad_row_is_reported_and_the_rest_is_kept(
    folder: Path, line: str, column: str, value: str, reason: str
) -> None:
    rows, findings = read(folder, HEADER + GOOD + line + "eve,blue,,\n")

    assert [row.cells["id"] for row in rows] == [("ann",), ("eve",)]
    assert [(f.path, f.line, f.column, f.value) for f in findings] == [
        ("players.csv", 3, column, value)
    ]
    assert reason in findings[0].reason


@pytest.mark.parametrize(
    ("datatype", "value"),
    [
        ("integer", "1_000"),
        ("integer", "1.5"),
        ("decimal", "1,5"),
        ("decimal", "NaN"),
        ("gYear", "2020-01"),
        ("gYear", "zwanzig"),
        ("date", "2026-13-01"),
        ("date", "01.02.2026"),
        ({"base": "decimal", "minimum": "0", "maximum": "1"}, "1.01"),
        ({"base": "boolean", "format": "yes|no"}, "maybe"),
        ({"base": "anyURI", "format": "https?://[^ ]+"}, "example.org"),
    ],
)
def test_a_value_of_another_type_is_a_finding(folder: Path, datatype: object, value: str) -> None:
    change_column(folder, "kind", {"datatype": datatype})

    rows, findings = read(folder, HEADER + f'ann,red,,"{value}"\n')

    assert rows == []
    assert [(f.line, f.column, f.value) for f in findings] == [(2, "kind", value)]


def test_a_value_that_gives_no_iri_is_a_finding(folder: Path) -> None:
    change_column(folder, "kind", {"datatype": "string", "valueUrl": "https://example.org/{kind}"})

    _, findings = read(folder, HEADER + "ann,red,,two words\n")

    assert "invalid IRI 'https://example.org/two words'" in findings[0].reason


def test_a_key_that_gives_no_iri_is_a_finding(folder: Path) -> None:
    change_column(folder, "id", {"datatype": "string"})

    _, findings = read(folder, HEADER + "two words,red,,\n")

    assert [finding.column for finding in findings] == ["id"]
    assert "invalid IRI 'https://example.org/player-two words'" in findings[0].reason


def change_column(folder: Path, name: str, change: dict[str, object]) -> None:
    """Describe a column of the players otherwise."""
    path = folder / "tables.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    columns = document["tables"][0]["tableSchema"]["columns"]
    next(column for column in columns if column["name"] == name).update(change)
    path.write_text(json.dumps(document), encoding="utf-8")


def test_each_bad_cell_of_a_row_is_reported(folder: Path) -> None:
    _, findings = read(folder, HEADER + "Ann,green,,UPPER\n")

    assert [finding.column for finding in findings] == ["id", "kind", "team"]


def test_lines_are_counted_in_the_file_not_in_rows(folder: Path) -> None:
    rows, findings = read(folder, HEADER + 'ann,red,"Laufen\nund Werfen",stated\nBob,red,,\n')

    assert [row.line for row in rows] == [2]
    assert [finding.line for finding in findings] == [4]


def test_columns_may_stand_in_any_order(folder: Path) -> None:
    rows, findings = read(folder, "team,kind,id,skills\nred,stated,ann,Laufen\n")

    assert findings == []
    assert rows[0].cells["id"] == ("ann",)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("id,team,kind\n", 1, "lacks the column skills"),
        ("", 1, "lacks the column id, team, skills, kind"),
        ("id,team,skills,kind,extra\n", 1, "has an unknown column extra"),
        ("id,team,skills,kind,kind\n", 1, "names a column twice"),
        (HEADER + GOOD + 'bob,red,"Laufen"x,stated\n', 3, "is not CSV"),
        (HEADER + GOOD + 'bob,red,"Laufen,stated\n', 3, "is not CSV"),
    ],
)
def test_a_file_with_another_form_is_an_error(
    folder: Path, text: str, line: int, reason: str
) -> None:
    with pytest.raises(SourceFormatError, match=reason) as raised:
        read(folder, text)

    assert (raised.value.path, raised.value.line) == ("players.csv", line)


def test_a_broken_encoding_is_reported_with_its_line(folder: Path) -> None:
    table = next(table for table in read_tables(folder) if table.name == "players.csv")
    content = (HEADER + GOOD + "bob,red,Gießen,stated\n").encode("latin-1")
    (folder / "players.csv").write_bytes(content)

    with pytest.raises(SourceFormatError, match="is not UTF-8") as raised:
        list(read_rows(table, folder, {"teams.csv": {"red"}}))

    assert raised.value.line == 3


def test_a_missing_file_is_named(folder: Path) -> None:
    table = next(table for table in read_tables(folder) if table.name == "players.csv")
    (folder / "players.csv").unlink()

    with pytest.raises(SourceFormatError, match=r"players\.csv: the file is missing"):
        list(read_rows(table, folder, {"teams.csv": {"red"}}))
