"""The queries of the pages: used, ordered, and never empty on the shipped graph."""

import re
from pathlib import Path

import pytest

from api.pages import reading
from graph.resources import query_texts
from graph.store import EmbeddedStore

QUERIES = dict(query_texts("pages"))
PAGES = Path(reading.__file__).parent
EXAMPLES = {
    "competence": {"competence": "scheme/competence/optikfertigung"},
    "competence-providers": {"competence": "scheme/competence/optikfertigung"},
    "organisation": {"organisation": "id/org-asphericon"},
    "organisation-certificates": {"organisation": "id/org-edelstahlbau-tannroda"},
    "organisation-claims": {"organisation": "id/org-asphericon"},
    "organisation-identifiers": {"organisation": "id/org-blech-service-nordhausen"},
    "organisation-identities": {"organisation": "id/org-samag-saalfelder-werkzeugmaschinen"},
    "organisation-members": {"organisation": "id/org-optonet"},
    "organisation-memberships": {"organisation": "id/org-asphericon"},
    "organisation-observations": {"organisation": "id/org-aga-zerspanungstechnik-gera"},
    "organisation-relations": {"organisation": "id/org-aga-zerspanungstechnik-gera"},
    "organisation-sites": {"organisation": "id/org-asphericon"},
}

PUT_IN_ORDER = {"vocabulary"}
"""Queries whose many rows their reader puts in order, which takes it a tenth of the time."""

each_query = pytest.mark.parametrize("name", sorted(QUERIES))


def test_there_are_queries() -> None:
    assert len(QUERIES) >= 18


@each_query
def test_query_finds_something_in_the_shipped_graph(reference: EmbeddedStore, name: str) -> None:
    bindings = {k: f"https://w3id.org/verbund/{v}" for k, v in EXAMPLES.get(name, {}).items()}

    assert reading.page_rows(reference, name, **bindings)


@each_query
def test_query_says_what_it_is_and_orders_every_column(name: str) -> None:
    text = QUERIES[name]
    columns = re.findall(r"\?\w+", re.search(r"^SELECT (.*)$", text, re.M)[1])  # type: ignore[index]
    order = re.findall(r"\?\w+", text.partition("ORDER BY")[2])

    assert re.search(r"^# .+\.$", text, re.M)
    assert sorted(order) == ([] if name in PUT_IN_ORDER else sorted(columns))


@each_query
def test_query_is_used(name: str) -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in PAGES.glob("*.py"))
    short = name.removeprefix("organisation-")

    assert (
        f'"{name}"' in code or f'self.rows("{short}")' in code or f'reader.rows("{short}")' in code
    )
