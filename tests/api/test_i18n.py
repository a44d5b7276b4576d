"""Every text of the code is in the German catalogue, and the catalogue holds nothing else."""

import ast
import re
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from api.i18n import LANGUAGES, texts

API = Path(__file__).parents[2] / "api"
NAMES = {"_", "_noop", "count", "gettext", "ngettext", "self", "texts"}
SPOKEN = {
    "ConsentMissingError": 0,
    "EnquiryError": 0,
    "ForbiddenError": 0,
    "NothingStagedError": 1,
    "RecordStateError": 0,
}
"""Errors that pages say in the reader's language, and which argument is the text."""
TEMPLATE_NAMES = ("_", "_rich", "gettext", "ngettext")
FIELD = re.compile(r"\{(\w+)\}")


def messages_of(source: str) -> set[tuple[str, ...]]:
    """Every text given to a translating function, also inside f-strings."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name not in NAMES:
            continue
        wanted = 2 if name in {"count", "ngettext"} else 1
        arguments = [
            a.value
            for a in node.args[:wanted]
            if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if len(arguments) == wanted:
            found.add(tuple(arguments))
    return found


def spoken(source: str) -> list[ast.expr]:
    """Every text of an error that pages say, as it stands in the code."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in SPOKEN:
                found.append(node.args[SPOKEN[name]])
    return found


def all_spoken() -> list[ast.expr]:
    sources = [*API.rglob("*.py"), *API.with_name("graph").rglob("*.py")]
    return [text for path in sources for text in spoken(path.read_text(encoding="utf-8"))]


def messages() -> set[tuple[str, ...]]:
    found: set[tuple[str, ...]] = set()
    for path in API.rglob("*.py"):
        found |= messages_of(path.read_text(encoding="utf-8"))
    found |= {(str(text.value),) for text in all_spoken() if isinstance(text, ast.Constant)}
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    for path in API.rglob("*.html"):
        parsed = environment.parse(path.read_text(encoding="utf-8"))
        for _, _, message in extract_from_ast(parsed, TEMPLATE_NAMES):
            given = message if isinstance(message, tuple) else (message,)
            texts_given = tuple(part for part in given if isinstance(part, str))
            if texts_given:  # a call with a variable carries a text marked elsewhere
                found.add(texts_given)
    return found


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    text = (API / "locales/de/LC_MESSAGES/messages.po").read_text(encoding="utf-8")
    return read_po(StringIO(text), locale="de")


def test_every_text_is_translated_and_none_is_left_over(catalogue: Catalog) -> None:
    known = {
        message.id if isinstance(message.id, tuple) else (message.id,)
        for message in catalogue
        if message.id
    }

    assert messages() == known


def rivals(text: str) -> list[str]:
    """Messages that stand twice and are not translated alike; the reader takes the last."""
    found: dict[str, set[str]] = {}
    for block in text.strip().split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        message, _, translation = "\n".join(lines).partition("\nmsgstr")
        found.setdefault(message, set()).add(translation)
    return [message for message, translations in found.items() if len(translations) > 1]


def test_no_text_is_translated_in_two_ways() -> None:
    text = (API / "locales/de/LC_MESSAGES/messages.po").read_text(encoding="utf-8")

    assert rivals(text) == []
    assert rivals('msgid "Note"\nmsgstr "Hinweis"\n\nmsgid "Note"\nmsgstr "Vermerken"') == [
        'msgid "Note"'
    ]


def test_no_translation_is_empty_or_fuzzy(catalogue: Catalog) -> None:
    for message in catalogue:
        parts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(parts) or not message.id, message.id
        assert not message.fuzzy or not message.id, message.id


def test_translations_keep_the_fields(catalogue: Catalog) -> None:
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        fields = set(FIELD.findall(" ".join(map(str, ids))))
        assert set(FIELD.findall(" ".join(map(str, strings)))) == fields, message.id


def test_extraction_looks_into_f_strings() -> None:
    assert messages_of("f\"{texts('Gaps')}: {n}\"") == {("Gaps",)}


def test_count_chooses_the_plural_form() -> None:
    german = texts("de")

    assert german.count("{n} member", "{n} members", 1) == "1 Mitglied"
    assert german.count("{n} member", "{n} members", 2) == "2 Mitglieder"


def test_days_and_moments_are_written_as_the_language_and_the_office_do() -> None:
    at = datetime(2026, 11, 25, 23, 59, tzinfo=UTC)

    assert [texts(language).day(at.date()) for language in LANGUAGES] == [
        "25.11.2026",
        "25 Nov 2026",
    ]
    assert texts("de").moment(at) == "26.11.2026, 00:59"
    assert texts("en").moment(at.replace(month=7)) == "26 Jul 2026, 01:59"


def test_numbers_are_written_as_the_language_does() -> None:
    assert [texts(language).number(1234.5, 1) for language in LANGUAGES] == ["1.234,5", "1,234.5"]


def test_texts_of_errors_that_pages_say_are_constants() -> None:
    """A text with its values in it could be looked up in no catalogue."""
    texts_given = all_spoken()

    assert len(texts_given) > 20
    assert [ast.unparse(t) for t in texts_given if not isinstance(t, ast.Constant)] == []
    assert isinstance(spoken('EnquiryError(f"{one} is gone")')[0], ast.JoinedStr)
