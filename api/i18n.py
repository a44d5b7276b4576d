"""Texts in German and English: gettext catalogues, English being the language of the code.

The ``.po`` files are compiled in memory with Babel when a language is first asked for, so no
compiled file has to be kept in step.
"""

import gettext
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO, StringIO
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

__all__ = ["LANGUAGES", "MessageError", "Texts", "noop", "texts"]

LANGUAGES = ("de", "en")

_DAY: Final = {"de": "dd.MM.y", "en": "d MMM y"}
_OFFICE: Final = ZoneInfo("Europe/Berlin")
"""Where the office's clock hangs: its people read times as they were when they did something."""


def noop(message: str) -> str:
    """Mark a text for translation where it stands as data; imported as ``_noop``."""
    return message


class MessageError(ValueError):
    """What somebody has given cannot be read.

    Attributes:
        message: A message of the catalogue, without values to fill in.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Texts:
    """Sentences, numbers and lists of one language."""

    language: str
    translations: gettext.NullTranslations

    def __call__(self, message: str, /, **values: object) -> str:
        """Return the message in this language with its ``{fields}`` filled."""
        return self.translations.gettext(message).format(**values)

    def plain(self, message: str) -> str:
        """Return the message in this language as it stands, braces included."""
        return self.translations.gettext(message)

    def count(self, singular: str, plural: str, n: int, /, **values: object) -> str:
        """Return the message for ``n`` things; ``{n}`` is the number."""
        chosen = self.translations.ngettext(singular, plural, n)
        return chosen.format(n=self.number(n), **values)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as the language writes it, such as ``1.234,5``."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, format=pattern, locale=Locale(self.language))

    def percent(self, share: float) -> str:
        """Return a share of 0.0-1.0 as a percentage without decimals."""
        return format_percent(share, format="#,##0 %", locale=Locale(self.language))

    def day(self, value: date) -> str:
        """Return a day as the language writes it: ``31.12.2026``, ``31 Dec 2026``."""
        return format_date(value, format=_DAY[self.language], locale=Locale(self.language))

    def moment(self, value: datetime) -> str:
        """Return a moment with its zone as day and time of the office's clock."""
        local = value.astimezone(_OFFICE)
        return f"{self.day(local.date())}, {local:%H:%M}"

    def join(self, words: list[str]) -> str:
        """Return ``a, b and c``."""
        if len(words) < 2:
            return "".join(words)
        return self("{first} and {last}", first=", ".join(words[:-1]), last=words[-1])


@cache
def texts(language: str) -> Texts:
    """Return the texts of a language; English for a language that is not known."""
    if language != "de":
        return Texts("en", gettext.NullTranslations())
    source = files("api").joinpath("locales/de/LC_MESSAGES/messages.po").read_text(encoding="utf-8")
    compiled = BytesIO()
    write_mo(compiled, read_po(StringIO(source), locale="de"))
    compiled.seek(0)
    return Texts("de", gettext.GNUTranslations(compiled))
