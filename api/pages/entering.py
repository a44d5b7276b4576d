"""What the forms of the desk were filled in with, and why they could not be taken."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from fastapi.responses import Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from api.access.forms import TOKEN, text_of
from api.errors import STATUS
from api.i18n import texts
from api.pages.refusals import NOT_AN_AMOUNT, field_fault, refusal
from graph import errors

__all__ = [
    "NOT_AN_AMOUNT",
    "amount_of",
    "faults_of",
    "filled",
    "lines",
    "message_of",
    "private",
    "raise_failures_of_the_store",
    "status_of",
]

_UNPROCESSABLE = 422


_AMOUNT: Final = re.compile(
    r"(?P<whole>\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+|\d+)(?:[.,](?P<cents>\d{1,2}))?"
)
"""Digits may be grouped by threes with dots or commas; cents are one or two, so none is both."""


def filled(fields: FormData) -> dict[str, str]:
    """Return the fields that are filled in, but for the token of the form."""
    return {n: text_of(fields, n) for n in fields if n != TOKEN and text_of(fields, n)}


def lines(text: str) -> list[str]:
    """Return the lines that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def amount_of(text: str) -> Decimal | None:
    """Return an amount of euros as people write it: ``1.234,50``, ``1,234.50``, ``1 234.5``.

    Returns:
        ``None`` when it is no amount, has more than two decimal places, or is empty.
    """
    found = _AMOUNT.fullmatch("".join(text.split()))
    if found is None:
        return None
    whole = found["whole"].replace(".", "").replace(",", "")
    return Decimal(f"{whole}.{found['cents'] or '0'}")


def private(response: Response) -> Response:
    """Make an answer one that nobody but the reader keeps."""
    response.headers["Cache-Control"] = "private, no-store"
    return response


def raise_failures_of_the_store(error: Exception) -> None:
    """Leave to the page about the store what no other input would help."""
    if isinstance(error, errors.StoreError):
        raise error


def status_of(error: Exception) -> int:
    """Return the status to answer an error with."""
    kinds = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
    return next(kinds, _UNPROCESSABLE)


def message_of(error: Exception | None = None, language: str = "en") -> dict[str, str]:
    """Return what a page says of an error, in its language; nothing when there is none."""
    return {"message": "" if error is None else refusal(error, language)}


def faults_of(error: Exception, given: Mapping[str, Any], language: str) -> dict[str, str]:
    """Return what to say at which field.

    Args:
        error: Why the form could not be taken.
        given: Its fields; a word that nothing is called by is sought in them.
        language: Language of the page.

    Returns:
        Messages by the name of the field; empty when the error is of no single field.
    """
    if isinstance(error, ValidationError):
        found: dict[str, str] = {}
        for one in error.errors():
            name = str(one["loc"][0]) if one["loc"] else ""
            found.setdefault(name, texts(language)(field_fault(one["type"])))
        return found
    word = _unknown_word(error)
    if not word:
        return {}
    said = refusal(error, language)
    return {name: said for name, value in given.items() if word in _words(value)}


def _unknown_word(error: Exception) -> str:
    if isinstance(error, errors.UnknownTermError):
        return error.term
    return error.record if isinstance(error, errors.UnknownRecordError) else ""


def _words(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]
