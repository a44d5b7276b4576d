"""Mapping queries say what they write, and each look-up finds what it is meant to find."""

import re
from importlib.resources.abc import Traversable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from graph import resources
from graph.errors import SourceFormatError
from graph.loading.mapping import Mapping, find_rows, map_rows, read_lookups, read_mappings
from graph.loading.tables import read_tables

DATA = resources.data_folder()
CASES = Path(__file__).parent / "lookups"
PREFIX = re.compile(r"PREFIX ([\w-]+): <https://w3id\.org/verbund/data/(\w+\.csv)#>")


def query_files() -> list[str]:
    return [query.name for query in (*read_mappings(DATA), *read_lookups(DATA))]


@pytest.mark.parametrize("lookup", read_lookups(DATA), ids=lambda lookup: Path(lookup.name).stem)
def test_each_lookup_finds_what_its_case_breaks(lookup: Mapping) -> None:
    """The case holds staged rows, good and bad; the expected findings stand beside it."""
    case = CASES / f"{Path(lookup.name).stem}.ttl"
    staging = Store()
    staging.load(case.read_bytes(), RdfFormat.TURTLE)

    findings = find_rows(staging, lookup)

    expected = case.with_suffix(".expected.txt").read_text(encoding="utf-8").splitlines()
    assert expected, "a case that finds nothing proves nothing"
    assert [str(finding) for finding in findings] == expected


@pytest.mark.parametrize("name", query_files())
def test_queries_use_only_columns_that_the_tables_have(name: str) -> None:
    text = resources.data_text(name)
    used = {
        (table, column)
        for prefix, table in PREFIX.findall(text)
        for column in re.findall(rf"(?<![\w-]){prefix}:(\w+)", text.split("\n\n", 1)[1])
    }

    assert used <= columns(DATA)


def columns(folder: Traversable, only_output: bool = False) -> set[tuple[str, str]]:
    return {
        (table.name, column.name)
        for table in read_tables(folder)
        for column in table.columns.values()
        if column.property.startswith(table.url) and (column.is_output or not only_output)
    }


def test_every_output_column_is_used() -> None:
    """A column that no query reads would be a fact that is silently lost."""
    texts = "\n".join(resources.data_text(name) for name in query_files())
    unused = {
        f"{table}#{column}"
        for table, column in columns(DATA, only_output=True)
        if not re.search(rf"{table.removesuffix('.csv')}:{column}\b", texts)
    }

    assert unused == set()


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("#+ graph: reference-facts\n", "the header has no summary"),
        ("", "the header has no summary"),
        ("#+ summary: [\n", "the header is not YAML"),
        ("#+ summary: Nothing\n#+ graph: elsewhere\n", "the header names the graph 'elsewhere'"),
        ("#+ summary: Nothing\n", "the header names the graph ''"),
    ],
)
def test_a_mapping_without_a_proper_header_is_refused(
    folder: Path, header: str, reason: str
) -> None:
    path = folder / "mapping" / "player.rq"
    path.write_text(header + "CONSTRUCT WHERE { ?s ?p ?o }", encoding="utf-8")

    with pytest.raises(SourceFormatError, match=re.escape(reason)):
        read_mappings(folder)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p }", "is not SPARQL"),
        ("SELECT * WHERE { ?s ?p ?o }", "is not a CONSTRUCT query"),
        ("ASK { ?s ?p ?o }", "is not a CONSTRUCT query"),
    ],
)
def test_a_mapping_that_constructs_nothing_is_refused(
    folder: Path, query: str, reason: str
) -> None:
    path = folder / "mapping" / "player.rq"
    path.write_text(f"#+ summary: Players\n#+ graph: meta\n{query}", encoding="utf-8")
    (mapping,) = read_mappings(folder)

    with pytest.raises(SourceFormatError, match=rf"player\.rq.*{reason}"):
        list(map_rows(Store(), mapping))


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT ?table ?line { ?table ?line ?x }", "must select table line column value reason"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "is not a SELECT query"),
    ],
)
def test_a_lookup_with_other_columns_is_refused(folder: Path, query: str, reason: str) -> None:
    path = folder / "mapping" / "lookups" / "idle.rq"
    path.write_text(f"#+ summary: Idle\n{query}", encoding="utf-8")
    (lookup,) = read_lookups(folder)

    with pytest.raises(SourceFormatError, match=reason):
        find_rows(Store(), lookup)


def test_a_folder_without_mapping_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceFormatError, match="mapping: the folder is missing"):
        read_mappings(tmp_path)
