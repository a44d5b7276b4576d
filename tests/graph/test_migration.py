"""Deprecated terms give way to what replaces them."""

import pytest
from pyoxigraph import RdfFormat, Store

from graph.checks import checks, run_check
from graph.migration import migrate

ONTOLOGY = """
graph:ontology {
    vb:Firm owl:deprecated true ; dct:isReplacedBy vb:Business .
    vb:Business owl:deprecated true ; dct:isReplacedBy vb:Company .
    vb:offers owl:deprecated true ; dct:isReplacedBy vb:competence .
    vb:provides owl:deprecated true ; dct:isReplacedBy vb:offers .
    vb:place owl:deprecated true ; dct:isReplacedBy vb:town , vb:district .
}
"""


def store(data: str) -> Store:
    filled = Store()
    prefixes = """
        PREFIX dct: <http://purl.org/dc/terms/>
        PREFIX graph: <https://w3id.org/verbund/graph/>
        PREFIX id: <https://w3id.org/verbund/id/>
        PREFIX owl: <http://www.w3.org/2002/07/owl#>
        PREFIX vb: <https://w3id.org/verbund/def#>
    """
    filled.load(f"{prefixes}{ONTOLOGY}graph:facts {{ {data} }}", format=RdfFormat.TRIG)
    return filled


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id:a a vb:Business .", "id:a a vb:Company ."),
        ("id:a a vb:Firm .", "id:a a vb:Company ."),
        ("id:a vb:offers id:b .", "id:a vb:competence id:b ."),
        ("id:a vb:provides id:b .", "id:a vb:competence id:b ."),
        ("id:a vb:offers vb:Firm .", "id:a vb:competence vb:Company ."),
        ("id:a a vb:Firm , vb:Company .", "id:a a vb:Company ."),
        ("id:a vb:place id:b .", "id:a vb:place id:b ."),
        ("id:a a vb:Company .", "id:a a vb:Company ."),
    ],
    ids=[
        "class",
        "by way of another",
        "property",
        "property by way of another",
        "both",
        "twice",
        "two replacements",
        "current",
    ],
)
def test_data_is_rewritten(old: str, new: str) -> None:
    migrated = store(old)

    migrate(migrated)

    assert set(migrated) == set(store(new))


def test_second_run_changes_nothing() -> None:
    migrated = store("id:a a vb:Firm ; vb:offers id:b .")
    migrate(migrated)
    once = set(migrated)

    migrate(migrated)

    assert set(migrated) == once


def test_check_finds_deprecated_terms_before_and_none_after() -> None:
    check = next(check for check in checks() if check.name == "deprecated-term")
    data = store("id:a a vb:Business ; vb:offers id:b .")
    assert len(run_check(check, data, union=True)) == 2

    migrate(data)

    assert run_check(check, data, union=True) == []
