"""Tables as Parquet: the same rows as the CSV, with types."""

import csv
import io
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pyoxigraph as ox
import pytest
from fastapi.testclient import TestClient

from graph.errors import SourceFormatError
from graph.publishing.dumps import write_dumps
from graph.publishing.parquet import has_parquet, types_of, write_parquet
from graph.publishing.tables import table_files, table_queries
from graph.store import EmbeddedStore

from .conftest import application

XSD = "http://www.w3.org/2001/XMLSchema#"
VALUES = """
#+ types: {day: date, share: decimal, count: integer}
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?thing ?text ?day ?share ?count WHERE {
  VALUES (?thing ?text ?day ?share ?count) {
    (<urn:a> "=1+1, \\"so\\"\\nzwei" "2026-11-25"^^xsd:date 50.927100000000000001 -7)
    (<urn:b> "" UNDEF UNDEF UNDEF)
  }
} ORDER BY ?thing
"""


def test_columns_have_types_and_values_are_as_they_are(tmp_path: Path) -> None:
    write_parquet(ox.Store(), VALUES, tmp_path / "table.parquet")
    table = pl.read_parquet(tmp_path / "table.parquet")

    assert dict(table.schema) == {
        "thing": pl.String(),
        "text": pl.String(),
        "day": pl.Date(),
        "share": pl.Decimal(38, 18),
        "count": pl.Int64(),
    }
    exact = Decimal("50.927100000000000001")
    assert table.row(0) == ("urn:a", '=1+1, "so"\nzwei', date(2026, 11, 25), exact, -7)
    assert table.row(1)[2:] == (None, None, None)
    assert list(tmp_path.iterdir()) == [tmp_path / "table.parquet"]


@pytest.mark.parametrize(
    ("kind", "value"), [("date", "2026"), ("integer", "1.5"), ("decimal", "viel")]
)
def test_value_of_another_type_is_refused(tmp_path: Path, kind: str, value: str) -> None:
    query = f'#+ types: {{x: {kind}}}\nSELECT ?x WHERE {{ VALUES ?x {{ "{value}" }} }}'

    with pytest.raises(SourceFormatError):
        write_parquet(ox.Store(), query, tmp_path / "table.parquet")


def test_unknown_type_is_refused() -> None:
    with pytest.raises(SourceFormatError, match="number"):
        types_of("#+ types: {x: number}")


def test_tables_are_those_of_the_csv(store: EmbeddedStore, tmp_path: Path) -> None:
    for name, content in table_files(store.engine):
        rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
        query = dict(table_queries())[name]
        write_parquet(store.engine, query, tmp_path / name)
        table = pl.read_parquet(tmp_path / name)

        assert table.columns == list(rows[0])
        assert table.height == len(rows)
        assert set(types_of(query)) <= set(table.columns)
        first = table.columns[0]
        assert table[first].to_list() == [row[first] for row in rows]


def test_catalogue_offers_them(client: TestClient) -> None:
    files = [f for f in client.get("/dumps").json()["files"] if f["form"] == "parquet"]
    answer = client.get(files[0]["href"])
    catalogue = client.get("/catalog.nt").text

    assert {f["content"] for f in files} == {name for name, _ in table_queries()}
    assert answer.headers["content-type"] == files[0]["media_type"]
    assert files[0]["media_type"] == "application/vnd.apache.parquet"
    assert pl.read_parquet(io.BytesIO(answer.content)).height
    assert f"{files[0]['href']}> <http://www.w3.org/ns/dcat#mediaType>" in catalogue
    assert "media-types/application/vnd.apache.parquet>" in catalogue
    assert "opens in pandas" in client.get("/en/dumps").text


def test_without_polars_nothing_is_offered_and_the_page_says_how(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    assert not has_parquet()
    store = EmbeddedStore(published)
    made = write_dumps(store, tmp_path / "dumps")
    assert not [file for file in made.files if file.form == "parquet"]

    monkeypatch.setattr("api.routes.dumps.prepare_dumps", lambda _: made)
    with TestClient(application(store)) as client:
        assert "pip install verbund[parquet]" in client.get("/en/dumps").text
