"""What the forms of the desk were filled in with, and why they could not be taken."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from fastapi.responses import Response
from pydantic import ValidationError
from starlette.datastructures import FormData

from api.access.forms import TOKEN, text_of
from api.errors import STATUS, TooManyJobsError
from graph import errors

__all__ = [
    "NOT_AN_AMOUNT",
    "NOT_A_FORM",
    "NOT_NOW",
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


def _noop(message: str) -> str:
    """Mark a text for translation where it stands as data."""
    return message


NOT_A_FORM = _noop("Something is missing or malformed: {detail}.")
NOT_NOW = _noop("That is not possible as things stand: {detail}.")
NOT_AN_AMOUNT = _noop("Give amounts in euros with at most two decimal places, such as 1234.50.")
_UNKNOWN = _noop("Nothing known is called so: {detail}.")
_SAID: dict[type[Exception], str] = {
    errors.VersionConflictError: _noop(
        "Somebody else has changed this in the meantime. Look at it again, then repeat."
    ),
    errors.IllegalTransitionError: _noop("This status may not follow the present one."),
    errors.ConsentMissingError: _noop(
        "This enquiry is passed on only with the consent of whoever asked."
    ),
    errors.UnknownTermError: _UNKNOWN,
    errors.NonConformingError: _noop("That would break a rule: {detail}."),
    errors.SourceBusyError: _noop("This source is being harvested already. Wait, or cancel it."),
    errors.NothingStagedError: _noop(
        "What you looked at no longer waits. Look at the report again, then decide."
    ),
    TooManyJobsError: _noop("Too much is being worked on at the moment. Try again in a minute."),
}
_FIELD = {
    "missing": _noop("This is needed."),
    "string_too_short": _noop("This is needed."),
    "too_short": _noop("This is needed."),
    "string_too_long": _noop("This text is too long."),
    "enum": _noop("This is not in the list."),
    "float_parsing": NOT_AN_AMOUNT,
    "greater_than_equal": NOT_AN_AMOUNT,
}

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


def message_of(error: Exception | None = None) -> dict[str, str]:
    """Return what to say of an error: a message of the catalogue, and its detail."""
    if error is None:
        return {"message": "", "detail": ""}
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return {"message": NOT_A_FORM, "detail": ".".join(map(str, first["loc"])) or first["msg"]}
    message = next((said for kind, said in _SAID.items() if isinstance(error, kind)), NOT_NOW)
    detail = str(error)
    if isinstance(error, errors.UnknownTermError):
        detail = error.term
    if isinstance(error, errors.NonConformingError) and error.findings:
        detail = error.findings[0]
    return {"message": message, "detail": detail}


def faults_of(error: Exception, given: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what to say at which field, as :func:`message_of` says it.

    Args:
        error: Why the form could not be taken.
        given: Its fields; a word that nothing is called by is sought in them.

    Returns:
        Messages by the name of the field; empty when the error is of no single field.
    """
    if isinstance(error, ValidationError):
        found: dict[str, dict[str, str]] = {}
        for one in error.errors():
            message = _FIELD.get(one["type"], NOT_A_FORM)
            name = str(one["loc"][0]) if one["loc"] else ""
            found.setdefault(name, {"message": message, "detail": one["msg"]})
        return found
    word = _unknown_word(error)
    said = {"message": _UNKNOWN, "detail": word}
    return {name: said for name, value in given.items() if word and word in _words(value)}


def _unknown_word(error: Exception) -> str:
    if isinstance(error, errors.UnknownTermError):
        return error.term
    return error.record if isinstance(error, errors.UnknownRecordError) else ""


def _words(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else [value]
