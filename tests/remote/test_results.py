"""How other servers write values, and the one form that comes of it."""

import json
from typing import Any

import pytest

from graph.errors import StoreLimitError, StoreUnavailableError
from graph.store.formats import QueryForm
from graph.store.remote.client import Reply
from graph.store.remote.results import parse, written

ONE = {"type": "uri", "value": "http://x"}
XSD = "http://www.w3.org/2001/XMLSchema#"


def reply(*terms: dict[str, str], **headers: str) -> Reply:
    document = {
        "head": {"link": [], "vars": ["x"]},
        "results": {"distinct": False, "bindings": [{"x": term} for term in terms]},
    }
    return Reply(
        json.dumps(document).encode(), {k.replace("_", "-"): v for k, v in headers.items()}
    )


@pytest.mark.parametrize(
    ("term", "n3"),
    [
        ({"type": "uri", "value": "http://x/ü"}, "<http://x/ü>"),
        ({"type": "literal", "value": "a", "xml:lang": "de-AT"}, '"a"@de-at'),
        ({"type": "typed-literal", "value": "a", "datatype": f"{XSD}string"}, '"a"'),
        ({"type": "literal", "value": "a"}, '"a"'),
        (
            {"type": "typed-literal", "value": "1", "datatype": f"{XSD}boolean"},
            f'"true"^^<{XSD}boolean>',
        ),
        (
            {"type": "literal", "value": "+01.50", "datatype": f"{XSD}decimal"},
            f'"1.5"^^<{XSD}decimal>',
        ),
        (
            {"type": "literal", "value": "-0.0", "datatype": f"{XSD}decimal"},
            f'"0"^^<{XSD}decimal>',
        ),
        (
            {"type": "literal", "value": "-007", "datatype": f"{XSD}integer"},
            f'"-7"^^<{XSD}integer>',
        ),
        (
            {"type": "literal", "value": "odd", "datatype": f"{XSD}integer"},
            f'"odd"^^<{XSD}integer>',
        ),
        (
            {"type": "literal", "value": "2024-01-01T00:00:00+00:00", "datatype": f"{XSD}dateTime"},
            f'"2024-01-01T00:00:00Z"^^<{XSD}dateTime>',
        ),
        (
            {
                "type": "typed-literal",
                "value": "POINT(11 50)",
                "datatype": "http://www.openlinksw.com/schemas/virtrdf#Geometry",
            },
            '"POINT(11 50)"^^<http://www.opengis.net/ont/geosparql#wktLiteral>',
        ),
        ({"type": "bnode", "value": "nodeID://b10"}, "_:b10"),
    ],
)
def test_term_has_one_form(term: dict[str, str], n3: str) -> None:
    [row] = parse(reply(term)).rows()

    assert row["x"].n3() == n3


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not here</html>",
        b"[]",
        b'{"head": {}}',
        reply({"type": "odd", "value": ""}).content,
        reply({"type": "uri"}).content,
        reply(ONE).content[:-3],
        reply(ONE).content + b"The SPARQL operation has been cancelled",
    ],
)
def test_what_is_no_result_is_said(content: bytes) -> None:
    with pytest.raises(StoreUnavailableError, match="no SPARQL JSON"):
        parse(Reply(content, {}))


@pytest.mark.parametrize("content", [b"<a> <b>", b"<http://x> <http://y> <http://z> .\nThe oper"])
def test_graph_that_breaks_off_is_said(content: bytes) -> None:
    with pytest.raises(StoreUnavailableError, match="no N-Triples"):
        written(Reply(content, {}), QueryForm.CONSTRUCT, "text/turtle", None)


def test_rows_left_out_are_said() -> None:
    one = ONE

    with pytest.raises(StoreLimitError, match="cuts results at 2 rows"):
        parse(reply(one, one, x_sparql_maxrows="2"))
    assert len(parse(reply(one, x_sparql_maxrows="2")).rows()) == 1
    with pytest.raises(StoreLimitError, match="own time limit"):
        parse(reply(one, x_sql_state="S1TAT"))


@pytest.mark.parametrize(("value", "expected"), [("1", True), ("0", False)])
def test_table_that_virtuoso_gives_for_ask_is_a_truth(value: str, expected: bool) -> None:
    term = {"type": "typed-literal", "datatype": f"{XSD}integer", "value": value}
    document = {
        "head": {"vars": ["__ASK_RETVAL"]},
        "results": {"bindings": [{"__ASK_RETVAL": term}]},
    }

    found = parse(Reply(json.dumps(document).encode(), {})).document

    assert found == {"head": {}, "boolean": expected}


def test_cut_result_says_so() -> None:
    one: dict[str, Any] = {"type": "literal", "value": "a", "xml:lang": "DE"}

    content, is_cut = written(
        reply(one, one), QueryForm.SELECT, "application/sparql-results+json", 1
    )

    assert is_cut
    assert json.loads(content) == {
        "head": {"vars": ["x"], "truncated": True},
        "results": {"bindings": [{"x": one | {"xml:lang": "de"}}]},
    }
    assert written(reply(one), QueryForm.SELECT, "text/csv", 1) == (b"x\r\na\r\n", False)
