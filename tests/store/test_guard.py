import time

import pytest

from graph.errors import QueryRefusedError, QuerySyntaxError
from graph.store.dataset import Dataset
from graph.store.formats import QueryForm
from graph.store.guard import GuardLimits, check
from graph.store.syntax import engine_error

PREFIX = "PREFIX : <http://example.org/> "


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { ?s ?p ?o }", QueryForm.SELECT),
        ("ask { ?s ?p ?o }", QueryForm.ASK),
        ("CONSTRUCT WHERE { ?s ?p ?o }", QueryForm.CONSTRUCT),
        ("BASE <http://x/> DESCRIBE <y>", QueryForm.DESCRIBE),
        ("# a comment\nSELECT * { } VALUES ?x { 1 }", QueryForm.SELECT),
    ],
)
def test_form_is_known(text: str, form: QueryForm) -> None:
    assert check(text).form is form


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }",
        "SELECT * { service silent ?where { ?s ?p ?o } }",
        "ASK { FILTER EXISTS { SERVICE <http://example.org/> { ?s ?p ?o } } }",
        "SELECT * { { SELECT * { OPTIONAL { SERVICE <http://x/> { } } } } }",
        r"SELECT * { \u0053ERVICE <http://example.org/> { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { MINUS { SERVICE <http://x/> { ?s ?p ?o } } }",
        r'SELECT * { ?s ?p "\\u0022 } #" . SERVICE <http://x/> { } }',
    ],
)
def test_service_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="SERVICE"):
        check(text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "SERVICE <x> { }" }',
        "SELECT * { ?s ?p <http://example.org/SERVICE> } # SERVICE <x> { }",
        "PREFIX SERVICE: <http://x/> SELECT ?SERVICE { ?s SERVICE:SERVICE ?SERVICE }",
        "SELECT * { ?s ?p '''\n' SERVICE <x> { } ''' }",
    ],
)
def test_the_word_service_elsewhere_is_no_service(text: str) -> None:
    assert check(text).form is QueryForm.SELECT


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a> <b> <c> }",
        "DELETE WHERE { ?s ?p ?o }",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } WHERE { ?s ?p ?o }",
        "LOAD <http://example.org/>",
        "CLEAR ALL",
        "DROP SILENT GRAPH <x>",
        "CREATE GRAPH <x>",
        "ADD <a> TO <b>",
        "MOVE <a> TO <b>",
        "COPY DEFAULT TO <b>",
        "SELECT * { ?s ?p ?o } ; LOAD <http://example.org/>",
    ],
)
def test_update_is_refused(text: str) -> None:
    with pytest.raises((QueryRefusedError, QuerySyntaxError)) as refused:
        check(text)

    if not text.startswith("SELECT"):
        assert isinstance(refused.value, QueryRefusedError)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("SELECT * { ?s ?p ?o ", "expected '}' at line 1, column 20"),
        ("SELECT *\n{ ?s ?p }", "line 2"),
        ("", "found 0"),
        ("SELECT * { } SELECT * { }", "found 2"),
        ("nonsense", "line 1, column 1"),
        ("SELECT * { ?s ?p << ?a ?b ?c >> }", "line 1, column 18"),
        ("SELECT * { LATERAL { ?s ?p ?o } }", "line 1"),
        ('SELECT * { ?s ?p "\ud800" }', "Unicode"),
        (r'SELECT * { ?s ?p "\UFFFFFFFF" }', "code point"),
        (r'SELECT * { ?s ?p "\uD800" }', "Unicode"),
    ],
)
def test_what_is_not_understood_is_a_syntax_error(text: str, where: str) -> None:
    with pytest.raises(QuerySyntaxError, match=where.replace("(", r"\(")):
        check(text)


def test_place_of_an_error_is_counted_in_characters() -> None:
    with pytest.raises(QuerySyntaxError) as error:
        check('SELECT *\n{ "äöü" ?p ?o } }')

    assert (error.value.line, error.value.column) == (2, 17)


@pytest.mark.parametrize(
    ("said", "ours", "place"),
    [
        ("error at 2:7: expected one of Prefix not found, ['%']", "not declared", (2, 7)),
        ("error at 1:3: The SELECT contains a variable that is unbound", "GROUP BY", (1, 3)),
        ("error at 4:5: expected ORDER", "expected ORDER", (4, 5)),
        ("something else", "something else", (None, None)),
    ],
)
def test_words_of_the_engine_are_explained_with_their_place(
    said: str, ours: str, place: tuple[int | None, int | None]
) -> None:
    error = engine_error(said)

    assert ours in str(error)
    assert (error.line, error.column) == place


@pytest.mark.parametrize(
    "pattern",
    [
        "?s :p* ?o",
        "?s :p+ ?o . FILTER(?s = :a)",
        "?s ^:p* ?o",
        "?s (:p|:q+) ?o",
        "?s (:p/:q)+ ?o",
        "?s :p*/:q* ?o",
        "?s (:p*)? ?o",
        "?s (!(:a|^:b))* ?o",
        "_:s :p+ ?o",
        "[] :p+ ?o",
        "[ :p+ ?k ] :q+ ?o",
        "?s :p+ [ :q+ ?z ]",
        "?a :p* ?b . ?b :q* ?c",
        "{ ?s a :C } UNION { ?x :p* ?y }",
    ],
)
def test_path_open_at_both_ends_is_refused(pattern: str) -> None:
    with pytest.raises(QueryRefusedError, match=r"open at both ends.*VALUES"):
        check(f"{PREFIX}SELECT * {{ {pattern} }}")


@pytest.mark.parametrize(
    "pattern",
    [
        ":a :p* ?o",
        "?s :p* :a",
        "?s :p* 'x'",
        "?s a :C . ?s :p* ?o",
        "?o :q 1 . ?s :p+ ?o",
        "?s :p* ?o VALUES ?s { :a :b }",
        "BIND(:a AS ?s) ?s :p* ?o",
        "?s :q/:p* ?o",
        "?s :p? ?o",
        "?s :p|:q ?o",
        "[ :q 1 ] :p+ ?o",
        "?s :p+ [ :q 1 ]",
        "GRAPH ?g { ?s :q 1 } ?s :p* ?o",
    ],
)
def test_path_with_a_bound_end_runs(pattern: str) -> None:
    assert check(f"{PREFIX}SELECT * {{ {pattern} }}").form is QueryForm.SELECT


@pytest.mark.parametrize(
    ("prologue", "written", "meant"),
    [
        ("", "<graph/meta>", "https://w3id.org/verbund/graph/meta"),
        ("BASE <http://b/x>", "<y>", "http://b/y"),
        ("BASE <http://b/> PREFIX p: <http://p/def#>", "p:y", "http://p/def#y"),
        ("PREFIX p: <q/>", r"p:a\/b", "https://w3id.org/verbund/q/a/b"),
        ("PREFIX graph: <http://g/>", "graph:y", "http://g/y"),
    ],
)
def test_names_of_from_clauses(prologue: str, written: str, meant: str) -> None:
    checked = check(f"{prologue} SELECT * FROM {written} {{ ?s ?p ?o }}")  # noqa: S608 - SPARQL

    assert checked.dataset == Dataset((meant,))


def test_dataset_of_from_clauses_is_resolved() -> None:
    text = (
        "BASE <http://b/x/> PREFIX g: <http://example.org/graph/> SELECT * "
        "FROM g:one FROM <two> FROM NAMED <http://c/three> { ?s ?p ?o }"
    )

    assert check(text).dataset == Dataset(
        ("http://example.org/graph/one", "http://b/x/two"), ("http://c/three",)
    )
    assert check("SELECT * { ?s ?p ?o }").dataset is None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o FILTER(ISIRI(?s) && IsLiteral (?o) || SAMETERM(?s, ?o)) }",
        "SELECT * { ?s ?p TRUE , False }",
        "select distinct * { ?s a ?o } Order By Desc(?s) limit 1",
    ],
)
def test_keywords_have_no_case(text: str) -> None:
    assert check(text).form is QueryForm.SELECT


def test_names_that_look_like_keywords_keep_their_case() -> None:
    text = "PREFIX g: <http://x/> SELECT * FROM <http://x/TRUE> FROM g:TRUE { ?TRUE g:FALSE 1 }"

    assert check(text).dataset == Dataset(("http://x/TRUE", "http://x/TRUE"))


@pytest.mark.parametrize("function", ["RAND()", "NOW()", "UUID()", "STRUUID()", "BNODE()"])
def test_query_with_changing_answer_is_not_repeatable(function: str) -> None:
    assert not check(f"SELECT ({function.lower()} AS ?x) {{ }}").is_repeatable
    assert check("SELECT ?x { }").is_repeatable


def test_long_query_is_refused() -> None:
    text = f'SELECT * {{ ?s ?p "{"ä" * 100}" }}'

    with pytest.raises(QueryRefusedError, match="longer than 200 bytes"):
        check(text, GuardLimits(max_bytes=200))

    assert check(text, GuardLimits(max_bytes=300))


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * " + "{ " * 300 + "?s ?p ?o" + " }" * 300,
        "SELECT * { FILTER(" + "(" * 300 + "1" + ")" * 300 + ") }",
        f"{PREFIX}SELECT * {{ ?s {'(' * 300}:p{')' * 300} ?o }}",
    ],
)
def test_deep_query_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError, match="nested deeper than 250"):
        check(text)


@pytest.mark.parametrize("unit", ["x ", "{", '"', "(", "?s ?p ?o . ", "<", "\\", "[", "a/"])
def test_garbage_is_judged_quickly(unit: str) -> None:
    text = "SELECT * { " + unit * (200_000 // len(unit))
    started = time.process_time()

    with pytest.raises((QuerySyntaxError, QueryRefusedError)):
        check(text)

    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { GRAPH graph:meta { graph:office ?p ?o } }",
        "ASK FROM graph:meta { graph:office ?p graph:meta . FILTER(?p != graph:x) }",
    ],
)
def test_prefix_named_like_a_keyword_is_understood(text: str) -> None:
    """The grammar takes it for GRAPH; it is the prefix of all our named graphs."""
    checked = check(f"PREFIX graph: <http://example.org/graph/> {text}")

    assert checked.text.endswith(text)
    if checked.dataset:
        assert checked.dataset.default == ("http://example.org/graph/meta",)
