import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import XSD, BNode, Literal, URIRef

from graph.errors import QuerySyntaxError
from graph.store import MemoryStore
from graph.store.bindings import places, with_bindings, without

STORE = MemoryStore.parse('<http://x/a> <http://x/p> "1" .', "turtle")


def test_value_goes_to_every_place() -> None:
    query = "SELECT * { VALUES ?x { 1 2 } { SELECT * { VALUES ?x { 1 } ?x ?y ?z } } }"

    bound = with_bindings(query, {"x": URIRef("http://x/ü")})

    block = "VALUES ?x { <http://x/ü> }"
    assert bound == f"SELECT * {{ {block} {{ SELECT * {{ {block} ?x ?y ?z }} }} }}"


def test_value_without_place_goes_to_the_start() -> None:
    query = "SELECT ?y { ?x ?y ?z FILTER(?z = ?w) { SELECT * { ?x ?y ?z } } }"

    rows = STORE.select(query, {"w": Literal("1")})

    assert rows == [{"y": URIRef("http://x/p")}]
    assert STORE.select(query, {"w": Literal("2")}) == []


def test_filter_in_optional_sees_a_value() -> None:
    query = "SELECT ?x ?z { ?x ?p ?o OPTIONAL { ?x ?q ?z FILTER(?z = ?w) } }"

    assert "z" in STORE.select(query, {"w": Literal("1")})[0]
    assert "z" not in STORE.select(query, {"w": Literal("2")})[0]


def test_block_of_several_variables_is_no_place() -> None:
    query = "SELECT * { VALUES (?x ?y) { (1 2) } }"

    assert places(query) == {}
    assert STORE.select(query, {"x": Literal(7)}) == []


def test_open_place_is_taken_out() -> None:
    assert without("SELECT * { VALUES ?x { 1 } ?x ?y ?z }", ["x"]) == "SELECT * {  ?x ?y ?z }"


def test_places_name_their_terms() -> None:
    assert places('SELECT * { VALUES ?x { <a> "b"@de } }') == {"x": ["<a>", '"b"@de']}


def test_no_values_change_nothing() -> None:
    assert with_bindings("whatever", {}) == with_bindings("whatever", None) == "whatever"


@pytest.mark.parametrize("name", ["x y", "x} {", "", "ä", "?x"])
def test_name_must_be_a_variable(name: str) -> None:
    with pytest.raises(ValueError, match="not a variable name"):
        with_bindings("SELECT * { ?s ?p ?o }", {name: Literal("1")})


def test_blank_node_cannot_be_a_value() -> None:
    with pytest.raises(TypeError, match="blank node"):
        with_bindings("SELECT * { ?s ?p ?o }", {"s": BNode()})


@pytest.mark.parametrize("iri", ["http://x/> } #", "no scheme", "http://x/ y"])
def test_malformed_iri_cannot_be_a_value(iri: str) -> None:
    with pytest.raises(ValueError, match=r"IRI|iri|scheme|Invalid"):
        with_bindings("SELECT * { ?s ?p ?o }", {"s": URIRef(iri)})


def test_query_without_group_takes_no_value() -> None:
    with pytest.raises(QuerySyntaxError, match="a group"):
        with_bindings("CONSTRUCT WHERE { ?s ?p ?o }", {"s": Literal("1")})


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back_as_the_same_value(text: str) -> None:
    """Nothing that a caller writes becomes part of the query, wherever its value stands."""
    for query in (
        "SELECT ?x { }",
        "SELECT ?x { VALUES ?x { 1 } }",
        "SELECT ?x { {VALUES ?x {1}} }",
    ):
        assert STORE.select(query, {"x": Literal(text)}) == [{"x": Literal(text)}]


@pytest.mark.parametrize(
    "term",
    [
        Literal("x", lang="de"),
        Literal("1.5", datatype=XSD.decimal),
        Literal("2024", datatype=XSD.gYear),
        URIRef("urn:x:y"),
    ],
)
def test_term_keeps_its_kind(term: Literal | URIRef) -> None:
    [row] = STORE.select("SELECT ?x { }", {"x": term})

    assert row["x"] == term
    assert getattr(row["x"], "datatype", None) == getattr(term, "datatype", None)
