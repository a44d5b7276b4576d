"""The real enquiries on the reference graph."""

import csv
from dataclasses import replace
from io import StringIO

import pytest

from graph.consortium import suggest
from graph.consortium.answer import GapReason, Status, Suggestion
from graph.enquiries import read_enquiries
from graph.model import Landscape
from graph.reading import read_landscape
from graph.resources import data_text
from graph.settings import Settings
from graph.store import EmbeddedStore

SETTINGS = Settings(reference_year=2026, time_budget_s=60)
ENQUIRIES = [row["id"] for row in csv.DictReader(StringIO(data_text("enquiries.csv")))]

# What the published enquiries need and no organisation of the reference data states, read off
# the tables by hand. Everything else must be covered.
GAPS = {
    "e03": {"Dichtheitsprüfung"},
    "e13": {"Kältetechnik"},
    "e17": {"Antriebstechnik"},
    "e19": {"Glasbearbeitung", "Dichtheitsprüfung"},
}


@pytest.fixture(scope="module")
def landscape(reference: EmbeddedStore) -> Landscape:
    return read_landscape(reference)


@pytest.fixture(scope="module")
def suggestions(reference: EmbeddedStore, landscape: Landscape) -> dict[str, Suggestion]:
    """Suggestions by the id of the enquiry in the table."""
    enquiries = read_enquiries(reference).values()
    return {e.iri.rpartition("-")[2]: suggest(e, landscape, SETTINGS) for e in enquiries}


@pytest.mark.parametrize("enquiry", ENQUIRIES)
def test_enquiry_is_answered_with_proof(enquiry: str, suggestions: dict[str, Suggestion]) -> None:
    suggestion = suggestions[enquiry]
    labels = {r.iri: r.label for r in suggestion.enquiry.requirements}

    assert suggestion.status is Status.OPTIMAL
    assert {labels[gap.requirement] for gap in suggestion.gaps} == GAPS.get(enquiry, set())
    assert all(gap.reason is GapReason.NO_CLAIM for gap in suggestion.gaps)
    assert all(point.is_proven for point in suggestion.front)
    assert all(alternative.is_proven for alternative in suggestion.alternatives)


@pytest.mark.parametrize("enquiry", ENQUIRIES)
def test_every_assignment_has_a_source(enquiry: str, suggestions: dict[str, Suggestion]) -> None:
    assert suggestions[enquiry].assignments
    for assignment in suggestions[enquiry].assignments:
        assert assignment.evidence.source.startswith("http")
        assert assignment.evidence.term


def test_same_question_same_answer(
    landscape: Landscape, suggestions: dict[str, Suggestion]
) -> None:
    for suggestion in suggestions.values():
        again = suggest(suggestion.enquiry, landscape, SETTINGS)

        same_run = replace(again.run, elapsed_ms=suggestion.run.elapsed_ms)
        assert replace(again, run=same_run) == suggestion
