"""Pages say why a form could not be taken in the reader's language."""

import ast
from datetime import date

import pytest
from pydantic import BaseModel, Field, ValidationError

from api.i18n import texts
from api.pages.projects import FieldError
from api.pages.refusals import refusal
from graph import errors
from graph.checks import messages_in
from tests.api.test_errors import EXAMPLES
from tests.api.test_i18n import all_spoken

TEMPLATES = sorted(
    {str(t.value) for t in all_spoken() if isinstance(t, ast.Constant) and "{" not in str(t.value)}
)


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_an_error_says_is_german_on_a_german_page(template: str) -> None:
    said = refusal(errors.RecordStateError(template), "de")

    assert template not in said
    assert str(texts("de")(template)) in said
    assert template in refusal(errors.RecordStateError(template), "en")


def test_values_of_an_error_stay_in_its_translation() -> None:
    error = errors.EnquiryError("the shortlist of enquiry {number} is empty", number="2026-0007")

    assert "Wahl zu Anfrage 2026-0007 ist leer" in refusal(error, "de")
    assert str(error) == "the shortlist of enquiry 2026-0007 is empty"


def test_braces_that_somebody_wrote_are_no_fields() -> None:
    told = errors.EnquiryError("{text}: write two organisations with | between them", text="'{x}'")

    assert str(told).startswith("'{x}':")
    assert "'{x}'" in refusal(told, "de")
    assert "{x}" in refusal(errors.ParameterError("q", "p", "{x} is none"), "de")
    assert str(errors.RecordStateError("{x}")) == "{x}"


FORMS = [e for e in EXAMPLES if not isinstance(e, errors.StoreError)]


@pytest.mark.parametrize("error", FORMS, ids=lambda e: type(e).__name__)
def test_every_error_is_said_in_both_languages(error: errors.GraphError) -> None:
    german, english = refusal(error, "de"), refusal(error, "en")

    assert german != english
    # a reason of one letter is what the examples have; nothing else may be English
    assert str(error) not in german or len(str(error)) < 3


def test_a_broken_rule_is_said_in_the_language_of_the_page() -> None:
    english, german = next(
        (e, g) for e, g in messages_in("de").items() if "e-mail" in e.lower() and g != e
    )
    part = {"message": english, "shape": "x"}
    error = errors.NonConformingError((f"<x>: {english}",), (part, part))

    said = refusal(error, "de")

    assert said.count(german.removesuffix(".")) == 1
    assert english.removesuffix(".") not in said


def test_every_rule_has_its_german_text() -> None:
    known = messages_in("de")

    assert len(known) > 150
    assert [english for english, german in known.items() if english == german] == []


class _Form(BaseModel):
    title: str = Field(min_length=1, max_length=5)
    due: date
    amount: float = Field(ge=0)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"due": "2027-01-01", "amount": 1}, "Angabe wird gebraucht"),
        ({"title": "abcdefgh", "due": "2027-01-01", "amount": 1}, "Dieser Text ist zu lang"),
        ({"title": "a", "due": "morgen", "amount": 1}, "Tag"),
        ({"title": "a", "due": "2027-01-01", "amount": "viel"}, "Beträge in Euro"),
        ({"title": "a", "due": "2027-01-01", "amount": -1}, "Beträge in Euro"),
    ],
)
def test_malformed_fields_are_explained_without_the_words_of_the_library(
    given: dict[str, object], wanted: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        _Form.model_validate(given)

    said = refusal(caught.value, "de")

    assert wanted in said
    assert caught.value.errors()[0]["msg"] not in said
    assert "title" not in said


def test_field_of_a_project_is_explained() -> None:
    error = FieldError("Give the project a name.")

    assert refusal(error, "de") != refusal(error, "en") == "Give the project a name."


def test_unknown_word_comes_with_what_is_alike() -> None:
    error = errors.UnknownTermError("Drehn", "competence", ("Drehen", "Hartdrehen"))

    assert refusal(error, "de").endswith("War gemeint: Drehen, Hartdrehen?")
