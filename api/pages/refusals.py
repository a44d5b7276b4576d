"""Why a form could not be taken, in the language of its page.

Errors of ``graph`` carry a kind, or a template with its values; nothing here looks into their
English text. A test holds every such template to be translated.
"""

from functools import cache

from pydantic import ValidationError

from api.errors import TooManyJobsError
from api.i18n import MessageError, Texts, texts
from api.i18n import noop as _noop
from graph import errors
from graph.checks import messages_in
from graph.sentence import Sentence

__all__ = ["FIELD_FAULTS", "NOT_AN_AMOUNT", "FieldError", "field_fault", "refusal"]


class FieldError(MessageError):
    """A field of a form cannot be read."""


NOT_AN_AMOUNT = _noop("Give amounts in euros with at most two decimal places, such as 1234.50.")
_NOT_A_FORM = _noop("Something is missing or malformed: {detail}.")
_NOT_NOW = _noop("That is not possible as things stand: {detail}.")
_UNKNOWN = _noop("Nothing known is called so: {detail}.")
_UNKNOWN_BUT = _noop("Nothing known is called so: {detail}. Did you mean {suggestions}?")
_RULE = _noop("That would break a rule: {detail}.")
_FIXED: dict[type[Exception], str] = {
    errors.VersionConflictError: _noop(
        "Somebody else has changed this in the meantime. Look at it again, then repeat."
    ),
    errors.IllegalTransitionError: _noop("This status may not follow the present one."),
    errors.ConsentMissingError: _noop(
        "This enquiry is passed on only with the consent of whoever asked."
    ),
    errors.GraphNotWritableError: _noop("Nobody writes to this graph: it is loaded or computed."),
    errors.NothingStagedError: _noop(
        "What you looked at no longer waits. Look at the report again, then decide."
    ),
    errors.SourceBusyError: _noop("This source is being harvested already. Wait, or cancel it."),
    errors.SourceRefusedError: _noop("What this source names or sends is not taken."),
    errors.SourceUnavailableError: _noop("This source did not answer, or not as it should."),
    errors.SourceFormatError: _noop("What was sent cannot be read as what it says it is."),
    TooManyJobsError: _noop("Too much is being worked on at the moment. Try again in a minute."),
}
FIELD_FAULTS = {
    "missing": _noop("This is needed."),
    "string_too_short": _noop("This is needed."),
    "too_short": _noop("This is needed."),
    "string_too_long": _noop("This text is too long."),
    "too_long": _noop("These are too many."),
    "enum": _noop("This is not in the list."),
    "literal_error": _noop("This is not in the list."),
    "date_from_datetime_parsing": _noop("Give a day, such as 2026-12-31."),
    "date_parsing": _noop("Give a day, such as 2026-12-31."),
    "decimal_parsing": _noop("This is no number."),
    "float_parsing": NOT_AN_AMOUNT,
    "int_parsing": _noop("This is no number."),
    "greater_than": _noop("This number is too small."),
    "greater_than_equal": NOT_AN_AMOUNT,
    "less_than": _noop("This number is too large."),
    "less_than_equal": _noop("This number is too large."),
    "extra_forbidden": _noop("This field does not belong here."),
}
"""What to say of a field, by the type of the fault as pydantic names it."""

_FIELD_NAMES = {
    "channel": _noop("Channel"),
    "confidentiality": _noop("Confidentiality"),
    "direction": _noop("Direction"),
    "due": _noop("Due"),
    "function": _noop("Function, such as purchasing; no person"),
    "kind": _noop("How firm"),
    "lead": _noop("Who shall lead"),
    "note": _noop("Note; no person"),
    "organisation": _noop("Organisation"),
    "outcome": _noop("Outcome"),
    "region": _noop("District or state, by name or key"),
    "reply_by": _noop("Response by"),
    "requester": _noop("Organisation that asks"),
    "requirements": _noop("Competences, one on each line"),
    "status": _noop("Status"),
    "title": _noop("Title in German"),
    "title_en": _noop("Title in English"),
    "valid_through": _noop("Valid until"),
}
"""Labels of the fields of the forms; a name that is not here stands as it is."""

_MALFORMED = _noop("This cannot be read as what it should be.")


def field_fault(kind: str) -> str:
    """Return the message of the catalogue for a fault of a field.

    Args:
        kind: Type of the fault, such as ``missing``.
    """
    return FIELD_FAULTS.get(kind, _MALFORMED)


def refusal(error: Exception, language: str) -> str:
    """Return why something was not done, for people.

    Args:
        error: What was raised.
        language: ``de`` or ``en``.
    """
    say = texts(language)
    fixed = next((said for kind, said in _FIXED.items() if isinstance(error, kind)), None)
    if fixed is not None:
        return say(fixed)
    if isinstance(error, FieldError):
        return say(error.message)
    if isinstance(error, ValidationError):
        return _malformed(error, say)
    if isinstance(error, errors.NotFoundError):
        return _unknown(error, say)
    if isinstance(error, errors.NonConformingError):
        return say(_RULE, detail=_broken(error, language))
    return say(_NOT_NOW, detail=_reason(error, say))


def _malformed(error: ValidationError, say: Texts) -> str:
    first = error.errors()[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    where = say(_FIELD_NAMES[name]) if name in _FIELD_NAMES else name
    said = say(field_fault(first["type"])).removesuffix(".")
    return say(_NOT_A_FORM, detail=f"{where}: {said}" if where else said)


def _unknown(error: errors.NotFoundError, say: Texts) -> str:
    names = ("term", "record", "source", "enquiry", "name", "graph", "iri")
    word = next((str(getattr(error, name)) for name in names if hasattr(error, name)), "")
    suggestions: tuple[str, ...] = getattr(error, "suggestions", ())
    if suggestions:
        return say(_UNKNOWN_BUT, detail=word, suggestions=", ".join(suggestions))
    return say(_UNKNOWN, detail=word)


def _reason(error: Exception, say: Texts) -> str:
    """Return the translated template of an error that has one, or its translated reason."""
    sentence = getattr(error, "sentence", None)
    if isinstance(sentence, Sentence) and sentence.values:
        return say(sentence.template, **sentence.values)
    # Not filled in: what a reason quotes may have braces.
    return say.plain(str(getattr(error, "reason", error)))


def _broken(error: errors.NonConformingError, language: str) -> str:
    """Return what the broken rules say, each once; the writer tells them in English."""
    known = _messages(language)
    said = [known.get(one.get("message", ""), one.get("message", "")) for one in error.report]
    shown = [text.removesuffix(".") for text in said if text] or list(error.findings[:1])
    return "; ".join(dict.fromkeys(shown))


@cache
def _messages(language: str) -> dict[str, str]:
    return messages_in(language)
