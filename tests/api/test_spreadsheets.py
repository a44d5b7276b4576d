"""Tables for spreadsheets: no cell runs, whatever the parts that the table comes in."""

import csv
import io

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.spreadsheets import SafeTable

ROWS = 'SELECT ?a ?b { VALUES (?a ?b) { ("=1+1" -5) ("@x\\ny, \\"z\\"" 7) ("ä" UNDEF) } }'
SAFE = [["a", "b"], ["'=1+1", "-5"], ['\'@x\ny, "z"', "7"], ["ä", ""]]


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_no_cell_is_a_formula(client: TestClient) -> None:
    plain = client.get("/sparql", params={"query": ROWS, "format": "csv"})
    safe = client.get("/sparql", params={"query": ROWS, "format": "spreadsheet"})

    assert "=1+1" in rows(plain.content)[1]
    assert rows(safe.content) == SAFE
    assert safe.content.startswith(b"\xef\xbb\xbfa,b\r\n")
    assert safe.headers["content-type"].startswith("text/csv")
    assert safe.headers["etag"] != plain.headers["etag"]


def test_posted_query_is_made_safe_too(client: TestClient) -> None:
    answer = client.post("/sparql", data={"query": ROWS, "format": "spreadsheet"})

    assert rows(answer.content) == SAFE


def test_question_of_the_catalogue_is_made_safe_too(client: TestClient) -> None:
    answer = client.get("/api/v1/queries/thin-steps?format=spreadsheet")

    assert answer.content.startswith(b"\xef\xbb\xbforganisations,")


def test_long_table_is_made_safe_while_it_is_sent(client: TestClient) -> None:
    many = " ".join(f'"={n:0100}"' for n in range(1500))
    query = (
        f"SELECT ?a ?b ?c {{ VALUES ?a {{ {many} }} VALUES ?b {{ 1 2 3 }} BIND(STR(?a) AS ?c) }}"
    )
    answer = client.post("/sparql", data={"query": query, "format": "spreadsheet"})

    found = rows(answer.content)

    assert "content-length" not in answer.headers
    assert len(found) == 4501
    assert all(row[0].startswith("'=") for row in found[1:])


def test_other_results_stay_as_they_are(client: TestClient) -> None:
    head = client.head("/sparql", params={"query": ROWS, "format": "spreadsheet"})
    graph = client.get("/sparql", params={"query": "DESCRIBE <urn:x>", "format": "spreadsheet"})

    assert head.status_code == 200
    assert head.content == b""
    assert graph.status_code == 406


CELLS = st.text(alphabet='=+-@a1",\n\r ä€', max_size=6)


@given(
    table=st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6),
    size=st.integers(1, 7),
)
def test_parts_do_not_matter(table: list[list[str]], size: int) -> None:
    made = io.StringIO()
    csv.writer(made, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(table)
    content = made.getvalue().encode()

    whole = SafeTable().part(content, is_last=True)
    safe = SafeTable()
    parts = [safe.part(content[n : n + size]) for n in range(0, len(content), size)]

    assert b"".join([*parts, safe.part(b"", is_last=True)]) == whole
    assert len(rows(whole)) == len(table)
    assert not any(cell.startswith(("=", "@")) for row in rows(whole) for cell in row)


@pytest.mark.parametrize("cell", ["-5", "+1.5", "-1e-3", "text", ""])
def test_numbers_and_plain_texts_keep_their_form(cell: str) -> None:
    assert rows(SafeTable().part(f'"{cell}",x'.encode(), is_last=True)) == [[cell, "x"]]
