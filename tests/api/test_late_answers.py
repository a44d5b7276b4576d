"""An answer that time did not suffice for says who was looked at, in both languages."""

import sys
from dataclasses import replace
from functools import partial

import pytest

from api.answers import answer
from benchmarks.synthetic import Size, synthetic_enquiry, synthetic_landscape
from graph.consortium import suggest
from graph.consortium.solve import solve
from graph.settings import Settings

SETTINGS = Settings(reference_year=2026, time_budget_s=60)


def test_who_was_looked_at_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    landscape, enquiry = synthetic_landscape(Size.of(2_000), 1), synthetic_enquiry(8, 1)
    whole = suggest(enquiry, landscape, SETTINGS)
    module = sys.modules[suggest.__module__]  # the package gives its name to the function
    monkeypatch.setattr(module, "solve", partial(solve, narrow_above=0))

    cut = suggest(enquiry, landscape, replace(SETTINGS, time_budget_s=0.0))

    german, english = (answer(cut, landscape, language).proof for language in ("de", "en"))
    before = answer(whole, landscape, "de").proof
    assert before.examined == "everybody"
    assert "Die Zeit reichte nicht" not in before.text
    assert german.examined == english.examined != "everybody"
    assert "Die Zeit reichte nicht, um alle zu bewerten" in german.text
    assert "Time ran out before everybody was priced" in english.text
    assert german.candidates == before.candidates
