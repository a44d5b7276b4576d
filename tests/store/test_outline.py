"""Queries decided by their outline: always as the full check decides, and never by a wrong one."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.errors import GraphError, QueryRefusedError, QuerySyntaxError
from graph.store import guard
from graph.store.formats import QueryForm
from graph.store.guard import CheckedQuery, GuardLimits, check

LIMITS = GuardLimits(max_bytes=2_000, max_depth=20)
PIECES = (
    *(
        "?s",
        "?p",
        "?o",
        "a",
        "1",
        "3.5",
        '"x"',
        "'<a:b>'",
        '"""<a:b>"""',
        "true",
        "_:b",
        "[]",
        "()",
    ),
    *(
        "<",
        ">",
        "<=",
        "(",
        ")",
        "{",
        "}",
        ".",
        ",",
        ";",
        "*",
        "+",
        "/",
        "|",
        "^",
        "!",
        "&&",
        "-",
        "=",
    ),
    *("FILTER", "OPTIONAL", "GRAPH", "BIND(", "AS", "VALUES", "FROM", "NAMED", "SERVICE", "EXISTS"),
    *("NOW()", "RAND()", "#", "# <a:b>\n", "\n", "\\u003C", "i:", "b:c", "?a<b:c>3", "?a<b:c#>\n"),
    *(
        "PREFIX i: ",
        "BASE ",
        "<i:>",
        "<i:>/<i:>*",
        "@en",
        "^^",
        "COUNT(",
        "IF(",
        "IN (",
        "SELECT *",
    ),
)
IRIS = st.one_of(
    st.sampled_from(
        (
            *("<http://example.org/x>", "<a:b>", "<urn:service>", "<http://x/from>", "<x:now>"),
            *("<graph:x>", "<a:TRUE>", "<http://x/a#b>", "<a:~graph:b>", "<a:->", "<relative>"),
            *("<a:b c>", "<a:b(c)>", "<a:b?c>", "<a:é>", "<>", "<a:*>", "<a:b"),
        )
    ),
    st.from_regex(r"<[a-zA-Z]+:[A-Za-z0-9._~:/#*+-]{0,9}>", fullmatch=True),
)
OPENINGS = ("SELECT * { ", "ASK { ", "CONSTRUCT WHERE { ", "DESCRIBE ", "SELECT * FROM <a:b> { ")
TRIPLE = st.tuples(IRIS | st.just("?s"), IRIS | st.just("?p"), IRIS | st.just("?o")).map(" ".join)
BODY = st.lists(
    IRIS | st.sampled_from(PIECES) | TRIPLE.map(lambda triple: triple + " ."), max_size=9
)
TEXTS = st.builds(
    lambda opening, gap, body, end: opening + gap.join(body) + end,
    st.sampled_from(OPENINGS),
    st.sampled_from((" ", " ", " ", "")),
    BODY,
    st.sampled_from((" }", " }", " }", " } LIMIT 1", "")),
)
FULL = guard._check


def decision(text: str, by: Callable[[str, GuardLimits], CheckedQuery]) -> object:
    """Return all that a check says."""
    try:
        return by(text, LIMITS)
    except GraphError as error:
        return type(error), str(error)


@given(TEXTS)
@settings(max_examples=600)
def test_every_decision_is_that_of_the_full_check(text: str) -> None:
    assert decision(text, check) == decision(text, FULL)


@given(st.lists(IRIS, min_size=3, max_size=3), st.lists(IRIS, min_size=3, max_size=3))
def test_what_was_decided_before_does_not_matter(first: list[str], second: list[str]) -> None:
    form = "SELECT * {{ {} {} {} . FILTER(?a<b:c && ?d>3) }}"

    decision(form.format(*first), check)

    text = form.format(*second)
    assert decision(text, check) == decision(text, FULL)


def is_told_by_its_outline(text: str) -> bool:
    outline = guard._PLAIN_IRI.sub(guard._ANY_IRI, text)
    return guard._of_outline(outline, LIMITS) is not None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { <http://example.org/thing/1> ?p ?o }",
        "ASK { ?s <a:b>/<c:d>* <e:f> }",
        'SELECT * { ?s <a:b> "x"@en FILTER(?s != <urn:service>) }',
        "SELECT * { GRAPH <http://x/from> { ?s <x:now> ?o } }",
    ],
)
def test_outline_tells_of_queries_with_other_iris(text: str) -> None:
    assert is_told_by_its_outline(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o FILTER(?a<b:c>3) }",  # compares, in the eyes of the parser
        "SELECT * { ?s ?p '<a:b>' }",
        "SELECT * { ?s ?p <a:b> } # <a:b>",
        "SELECT * FROM <a:b> { ?s ?p ?o }",
        "SELECT * { SERVICE <a:b> { ?s ?p ?o } }",
        "SELECT * { ?s <a:b>* ?o }",
        "SELECT * { <a:b> }",
        "SELECT * { " + "{ " * 9 + "<a:b> ?p ?o" + " }" * 9 + " }",
    ],
)
def test_outline_does_not_tell_of_the_rest(text: str) -> None:
    assert not is_told_by_its_outline(text)


def test_iri_with_the_name_of_a_function_changes_nothing() -> None:
    assert check("SELECT * { ?s <http://example.org/now> ?o }").is_repeatable
    assert not check("SELECT (NOW() AS ?n) { ?s <http://example.org/now> ?o }").is_repeatable


def test_text_of_an_accepted_outline_may_still_be_too_long() -> None:
    form = "ASK {{ <http://example.org/{}> ?p ?o }}"
    assert check(form.format("x"), LIMITS).form is QueryForm.ASK

    with pytest.raises(QueryRefusedError, match="longer than 2000 bytes"):
        check(form.format("x" * 2_000), LIMITS)


def test_error_of_an_outline_names_the_place_in_the_text() -> None:
    with pytest.raises(QuerySyntaxError, match="column 41"):
        check("SELECT * { <http://example.org/thing> ?p }")
