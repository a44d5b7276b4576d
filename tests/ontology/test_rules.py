"""Hygiene of the ontology: each rule holds, and each rule can fail."""

from pathlib import Path

import pytest
from rdflib import Graph
from rdflib.query import Result

RULES = sorted((Path(__file__).parent / "rules").glob("*.rq"))
rule = pytest.mark.parametrize("rule", RULES, ids=lambda path: path.stem)


def rows(result: Result) -> list[str]:
    return sorted(" ".join(str(term) for term in row) for row in result if isinstance(row, tuple))


@rule
def test_ontology_keeps_rule(rule: Path, ontology: Graph) -> None:
    assert rows(ontology.query(rule.read_text(encoding="utf-8"))) == []


@rule
def test_rule_can_fail(rule: Path) -> None:
    """A rule that nothing can break checks nothing; one fault, one row."""
    broken = Graph().parse(rule.with_suffix(".breaks.ttl"), format="turtle")

    assert len(rows(broken.query(rule.read_text(encoding="utf-8")))) == 1


def test_there_is_no_breaking_case_without_a_rule() -> None:
    folder = Path(__file__).parent / "rules"

    assert {p.name.removesuffix(".breaks.ttl") for p in folder.glob("*.ttl")} == {
        rule.stem for rule in RULES
    }
