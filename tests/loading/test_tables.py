"""Metadata that cannot be used are a clear error."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graph import resources
from graph.errors import SourceFormatError
from graph.loading.tables import read_tables

Change = Callable[[dict[str, Any]], object]


def test_tables_come_after_those_they_refer_to(folder: Path) -> None:
    names = [table.name for table in read_tables(folder)]

    assert names == ["teams.csv", "players.csv"]


def test_the_metadata_describe_every_shipped_table() -> None:
    folder = resources.data_folder()
    shipped = {entry.name for entry in folder.iterdir() if entry.name.endswith(".csv")}

    assert {table.name for table in read_tables(folder)} == shipped


def test_missing_metadata_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match=r"tables\.json: the file is missing"):
        read_tables(tmp_path)


def test_broken_json_is_reported_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_text('{\n "tables": [,]\n}', encoding="utf-8")

    with pytest.raises(SourceFormatError, match="is not JSON") as raised:
        read_tables(tmp_path)

    assert raised.value.line == 2


def test_metadata_in_another_encoding_are_refused(tmp_path: Path) -> None:
    (tmp_path / "tables.json").write_bytes('{"tables": "ä"}'.encode("latin-1"))

    with pytest.raises(SourceFormatError, match="is not UTF-8"):
        read_tables(tmp_path)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda doc: doc.update(tables=[]), "describes no tables"),
        (lambda doc: doc.update({"@context": "http://www.w3.org/ns/csvw"}), "is not CSVW metadata"),
        (lambda doc: schema(doc)["columns"][3].update(datatype="no-type"), "is not CSVW metadata"),
        (lambda doc: schema(doc).update(primaryKey=[]), "needs one column as primary key"),
        (lambda doc: schema(doc).update(primaryKey=["ident"]), "needs one column as primary key"),
        (lambda doc: schema(doc)["columns"][0].pop("required"), "must be required and no list"),
        (lambda doc: schema(doc)["columns"][0].update(separator=" "), "must be required and no"),
        (lambda doc: reference(doc).update(columnReference=["squad"]), "by a missing column"),
        (lambda doc: resource(doc, "clubs.csv"), "refers to an unknown table 'clubs.csv'"),
        (lambda doc: resource(doc, "players.csv"), "tables refer in a circle"),
    ],
)
def test_unusable_metadata_are_refused(folder: Path, change: Change, reason: str) -> None:
    path = folder / "tables.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(SourceFormatError, match=reason):
        read_tables(folder)


def schema(document: dict[str, Any]) -> Any:
    return document["tables"][0]["tableSchema"]


def reference(document: dict[str, Any]) -> Any:
    return schema(document)["foreignKeys"][0]


def resource(document: dict[str, Any], name: str) -> None:
    reference(document)["reference"]["resource"] = name
