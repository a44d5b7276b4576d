"""Names, sentences and sources of an answer."""

import csv
import json
from io import StringIO

import pytest
from rich.console import Console

from api.answers import answer
from api.asking import Answered, ask, from_graph
from api.documents import Form, serialise
from api.i18n import texts
from api.schemas.consortium import ConsortiumOut
from api.terminal import draw
from graph.settings import Settings
from graph.store import EmbeddedStore


@pytest.fixture(scope="module")
def answered(reference: EmbeddedStore) -> Answered:
    return ask(reference, from_graph("E03"), "de", Settings(reference_year=2026))


def test_every_member_has_evidence_with_a_source(answered: Answered) -> None:
    document = answer(answered.suggestion, answered.landscape, "de")

    assert document.members
    for member in document.members:
        for assignment in member.assignments:
            assert assignment.evidence.source.startswith("http")
            assert assignment.evidence.term


def test_gap_is_named_with_its_reason_in_both_languages(
    reference: EmbeddedStore, answered: Answered
) -> None:
    german = answer(answered.suggestion, answered.landscape, "de")
    again = ask(reference, from_graph("E03"), "en", Settings(reference_year=2026))
    english = answer(again.suggestion, again.landscape, "en")

    assert [g.reason.text for g in german.gaps] == ["Im Graphen ist kein Anbieter bekannt."]
    assert [g.reason.text for g in english.gaps] == ["Nobody in the graph is known to offer it."]
    assert english.gaps[0].competence.name == "Leak testing"


def test_json_is_the_documented_form(answered: Answered) -> None:
    text = serialise(answered, "de", Form.JSON)

    assert ConsortiumOut.model_validate(json.loads(text)) == answer(
        answered.suggestion, answered.landscape, "de"
    )


def test_csv_has_one_row_for_each_requirement(answered: Answered) -> None:
    rows = list(csv.DictReader(StringIO(serialise(answered, "de", Form.CSV))))

    assert [r["requirement"] for r in rows] == [
        r.label for r in answered.suggestion.enquiry.requirements
    ]
    assert [r["gap"] for r in rows if not r["organisation"]] == ["no-claim"]


def test_terminal_shows_members_gaps_and_sources(answered: Answered) -> None:
    console = Console(width=200, record=True, file=StringIO())

    draw(console, answer(answered.suggestion, answered.landscape, "de"), texts("de"))

    shown = console.export_text()
    assert "✗ Dichtheitsprüfung  LÜCKE" in shown
    assert "Bewiesen:" in shown
    for member in answered.suggestion.members:
        assert member.name in shown


def test_markup_in_names_is_shown_as_it_is(answered: Answered) -> None:
    document = answer(answered.suggestion, answered.landscape, "de")
    named = document.members[0].model_copy(update={"name": "[bold]A[/bold] & Söhne"})
    console = Console(width=200, record=True, file=StringIO())

    draw(console, document.model_copy(update={"members": [named]}), texts("de"))

    assert "[bold]A[/bold] & Söhne" in console.export_text()
