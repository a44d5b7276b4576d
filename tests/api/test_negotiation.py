"""Media types by quality, and tags that tell whether a copy is still true."""

from types import MappingProxyType

import pytest
from rdflib import Literal

from api.errors import NotAcceptableError
from api.negotiation import choose, is_fresh
from api.results import entity_tag
from graph.store import Visibility
from graph.store.dataset import Dataset
from graph.store.guard import check
from graph.store.runner import QueryRequest

JSON, CSV, TURTLE = "application/sparql-results+json", "text/csv", "text/turtle"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("text/csv;q=0.9, application/sparql-results+json;q=0.8", CSV),
        ("text/csv;q=0.8, application/sparql-results+json;q=0.9", JSON),
        ("text/csv, application/sparql-results+json", JSON),  # the first that is offered
        ("*/*;q=0.1, text/csv", CSV),
        ("text/*;q=0.5, */*;q=0.1", CSV),
        ("application/*;q=0, */*", CSV),
        ("text/csv;q=1.000;level=1, application/sparql-results+json;q=0.999", CSV),
        ("text/csv;q=0.1, application/sparql-results+json;q=0.5, text/csv;q=0.7", CSV),
        ("application/json", JSON),
        ("application/json, text/csv", CSV),  # an old name is worth a little less
        ("application/json, text/csv;q=0.9", JSON),
        ("application/json;q=0.5, application/sparql-results+json;q=0.1, text/csv;q=0.3", CSV),
    ],
)
def test_highest_quality_of_the_most_specific_range_wins(accept: str, chosen: str) -> None:
    assert choose(accept, (JSON, CSV)) == chosen


@pytest.mark.parametrize("accept", ["image/png", "*/*;q=0", "text/csv;q=0", "nonsense"])
def test_nothing_that_is_accepted_is_an_error(accept: str) -> None:
    with pytest.raises(NotAcceptableError):
        choose(accept, (JSON, CSV))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [('"a"', True), ('W/"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False),
     ("", False), (None, False)],
)  # fmt: skip
def test_copy_is_fresh_by_weak_comparison(condition: str | None, expected: bool) -> None:
    assert is_fresh(condition, '"a"') is expected
    assert is_fresh(condition, 'W/"a"') is expected


def test_whatever_the_answer_depends_on_changes_the_tag() -> None:
    first = QueryRequest(check("SELECT * { ?s ?p ?o }"), CSV)
    one, two = (Dataset((iri,), ()) for iri in ("http://example.org/1", "http://example.org/2"))
    others = [
        first._replace(query=check("SELECT * { ?s ?p ?x }")),
        first._replace(media_type=JSON),
        first._replace(visibility=Visibility.PARTNERS),
        first._replace(max_rows=5),
        first._replace(max_rows=6),
        first._replace(dataset=one),
        first._replace(dataset=two),
        first._replace(bindings=MappingProxyType({"s": Literal("a")})),
        first._replace(bindings=MappingProxyType({"s": Literal("b")})),
        first._replace(bindings=MappingProxyType({"p": Literal("a")})),
    ]
    tags = [entity_tag("v1", one) for one in (first, *others)] + [entity_tag("v2", first)]

    assert len(set(tags)) == len(tags)
    assert entity_tag("v1", first._replace(client="somebody")) == tags[0]
