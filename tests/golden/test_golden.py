"""Answers to the ten real enquiries, read against the tables of the reference data by a person.

A change of data, scheme, weights or engine that changes an answer shows here. When the new answer
is right, write it with ``python -m tests.golden.renew`` and read the difference before you commit.
"""

import csv
from pathlib import Path

import pytest

from api.asking import Answered, ask, from_graph
from api.documents import Form, serialise
from graph.consortium.answer import Status
from graph.resources import data_text
from graph.settings import Settings
from graph.store import EmbeddedStore

GOLDEN = sorted(Path(__file__).parent.glob("*.csv"))
NEEDS = list(csv.DictReader(data_text("requirements.csv").splitlines()))
each = pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)


def answered(store: EmbeddedStore, number: str) -> Answered:
    return ask(store, from_graph(number), "de", Settings(reference_year=2026))


def needs(number: str) -> list[dict[str, str]]:
    return [row for row in NEEDS if row["enquiry"].casefold() == number.casefold()]


def test_each_enquiry_has_a_golden_answer() -> None:
    assert {path.stem.casefold() for path in GOLDEN} == {r["enquiry"].casefold() for r in NEEDS}


@each
def test_answer(golden: Path, reference: EmbeddedStore) -> None:
    found = serialise(answered(reference, golden.stem), "de", Form.CSV)

    assert found.splitlines() == golden.read_text(encoding="utf-8").splitlines()


@each
def test_every_needed_capability_is_a_concept(golden: Path, reference: EmbeddedStore) -> None:
    enquiry = answered(reference, golden.stem).suggestion.enquiry

    assert [r.label for r in enquiry.requirements] == [
        row["capability"] for row in needs(golden.stem)
    ]


@each
def test_gaps_are_the_needs_that_nobody_claims(golden: Path, reference: EmbeddedStore) -> None:
    found = answered(reference, golden.stem).suggestion

    names = {r.iri: r.label for r in found.enquiry.requirements}
    unclaimed = {row["capability"] for row in needs(golden.stem) if row["claimed_by_none"] == "yes"}
    assert {names[gap.requirement] for gap in found.gaps} == unclaimed


@each
def test_answer_is_proven_and_has_alternatives(golden: Path, reference: EmbeddedStore) -> None:
    found = answered(reference, golden.stem).suggestion

    assert found.status is Status.OPTIMAL
    assert found.proof.lower_bound_km == (found.cost.total_km if found.cost else None)
    members = {frozenset(m.organisation for m in found.members)}
    members |= {frozenset(a.organisations) for a in found.alternatives}
    assert len(members) == 1 + len(found.alternatives)
    assert found.alternatives


@each
def test_every_assignment_rests_on_a_row_of_the_table(
    golden: Path, reference: EmbeddedStore
) -> None:
    claims = {row["id"]: row for row in csv.DictReader(data_text("capabilities.csv").splitlines())}

    for assignment in answered(reference, golden.stem).suggestion.assignments:
        row = claims[assignment.evidence.claim.removeprefix("https://w3id.org/verbund/id/claim-")]
        assert assignment.evidence.term == row["term"]
        assert assignment.evidence.source == row["source_url"]
