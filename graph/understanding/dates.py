"""Last days in a text: ``30.06.2027``, ``bis Ende März 2027``, ``by 30 June 2027``, ``KW 12/2027``."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from graph.understanding.values import DateRole
from graph.understanding.words import word_lists

__all__ = ["Day", "days"]

_MONTH = "|".join(sorted(map(re.escape, word_lists().months), key=len, reverse=True))
_PART = r"(?P<part>Anfang|Mitte|Ende|early|mid(?:dle)?(?: of)?|(?:the )?end(?: of)?|start of|late)"
_PATTERNS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\d.])(?P<year>20\d\d)-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)",
        r"(?<![\d.])(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>20\d\d|\d\d)(?![\d])",
        r"(?<![\d/])(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>20\d\d)(?!\d)",
        rf"(?<![\d.])(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?P<name>{_MONTH})\.?,?\s(?P<year>20\d\d)",
        rf"\b(?P<name>{_MONTH})\.?\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>20\d\d)",
        rf"(?<![\d.])(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?P<name>{_MONTH})\b(?!\s?\d)",
        r"\b(?:KW|CW|calendar week|Kalenderwoche|week)\s?(?P<week>\d{1,2})\s?(?:/|,|of|in|\s)?\s?(?P<year>20\d\d)",
        r"\b(?P<week>\d{1,2})\.\s?(?:KW|Kalenderwoche)\s?(?:/|,)?\s?(?P<year>20\d\d)",
        r"\b(?:Q|Quartal\s)(?P<quarter>[1-4])\s?(?:/|,|of|in|\s)?\s?(?P<year>20\d\d)",
        r"\b(?P<quarter>[1-4])\.\s?Quartal\s?(?P<year>20\d\d)",
        rf"\b{_PART}\s(?P<name>{_MONTH})\.?(?:\s(?P<year>20\d\d))?(?!\w)",
        rf"\b{_PART}\s(?:des Jahres\s)?(?P<year>20\d\d)",
        rf"\b(?P<name>{_MONTH})\s(?P<year>20\d\d)",
        r"\b(?P<month>0?[1-9]|1[0-2])/(?P<year>20\d\d)(?!\d)",
    )
)
_CUE = re.compile(
    r"(?:\bbis(?: zum| zur| spätestens)?|spätestens|\bby|until|no later than|deadline|liefer\w*|deliver\w*"
    r"|due(?: date)?|termin\w*|fällig|before|\bvor(?: dem)?|fertig\w*|needed|frist\w*|ready|zum|in|im|am|on"
    r"|ab|from|start\w*|completion|complete\w*|abgabe\w*|abnahme\w*|acceptance)\b[^.;]{0,28}$",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"(?:angebot\w*|offer\w*|quot\w*|bid\w*|tender\w*|gebot\w*|abgabefrist|submission|submit"
    r"|einreich\w*|teilnahmeantr\w*|bewerb\w*|rückmeldung\w*|antwort\w*|reply|respon\w*|feedback)[^.;\n]{0,60}$",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"(?i:seit|since|vom|dated|stand|richtlinie|\d:)\s*$|\b(?:ISO|DIN|EN|VDI)[^.;]{0,12}$"
)
# When something begins is no last day of anything.
_BEGIN = re.compile(
    r"(?:\bab|\bstart\w*|\w*beginn|\bbegin\w*|\bfrom)(?:[\s:,]+(?:am|in|im|on|dem|der|the|ab|from))?"
    r"[\s:]*$",
    re.IGNORECASE,
)
_AFTER_OFFER = re.compile(r"^[^.;\n]{0,25}(?:angebot|anbieten|quote|offer)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Day:
    """A last day with its place in the cleaned text."""

    day: date
    start: int
    end: int
    role: DateRole


def days(text: str, today: date) -> list[Day]:
    """Return every last day in order; none overlap.

    A month, quarter or week stands for its last day. A day without a year is the next one
    from ``today`` on. A day that is over on ``today`` is a report, not a wish.
    """
    found: list[Day] = []
    seen: list[tuple[int, int]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if any(match.start() < end and start < match.end() for start, end in seen):
                continue
            seen.append(match.span())
            day = _day(match, today)
            if day is not None and day >= today and not _is_other(text, match.start()):
                found.append(Day(day, match.start(), match.end(), _role(text, match)))
    return sorted(found, key=lambda d: d.start)


def _is_other(text: str, start: int) -> bool:
    """Tell whether the day is that of a paper, or the one on which something begins."""
    before = text[max(start - 20, 0) : start]
    return bool(_PAST.search(before) or _BEGIN.search(before))


def _role(text: str, match: re.Match[str]) -> DateRole:
    before = text[max(match.start() - 70, 0) : match.start()].rpartition("\n")[2]
    if _OFFER.search(before) and not re.search(r"liefer|deliver", before[-30:], re.IGNORECASE):
        return DateRole.OFFER
    if _AFTER_OFFER.match(text[match.end() :]):
        return DateRole.OFFER
    return DateRole.DELIVERY


def _day(match: re.Match[str], today: date) -> date | None:
    given = match.groupdict()
    year = int(given["year"]) if given.get("year") else None
    if year is not None and year < 100:
        year += 2000
    try:
        return _builder(given)(given, year, today)
    except ValueError:
        return None  # such as 31.02.2027: no day, so nothing was said


_Given = dict[str, str | None]


def _builder(given: _Given) -> Callable[[_Given, int | None, date], date]:
    if given.get("week"):
        return _week
    if given.get("quarter"):
        return _quarter
    return _of_month if given.get("day") is None else _single


def _week(given: _Given, year: int | None, today: date) -> date:
    return date.fromisocalendar(year or today.year, int(given["week"] or 0), 5)


def _quarter(given: _Given, year: int | None, today: date) -> date:
    month = 3 * int(given["quarter"] or 0)
    return date(year or today.year, month, monthrange(year or today.year, month)[1])


def _single(given: _Given, year: int | None, today: date) -> date:
    month = _month(given) or 0
    if year is not None:
        return date(year, month, int(given["day"] or 0))
    day = date(today.year, month, int(given["day"] or 0))
    return day if day >= today else day.replace(year=today.year + 1)


def _of_month(given: _Given, year: int | None, today: date) -> date:
    part = (given.get("part") or "").lower()
    month = _month(given) or _month_of_part(part)
    chosen = year or (today.year if month >= today.month else today.year + 1)
    last = monthrange(chosen, month)[1]
    if _month(given) is None:
        return date(chosen, month, last)
    if part.startswith(("anfang", "early", "start")):
        return date(chosen, month, 10)
    return (
        date(chosen, month, 20) if part.startswith(("mitte", "mid")) else date(chosen, month, last)
    )


def _month_of_part(part: str) -> int:
    """Last month of a part of a year: "Anfang 2027" is its first quarter."""
    if part.startswith(("anfang", "early", "start")):
        return 3
    return 6 if part.startswith(("mitte", "mid")) else 12


def _month(given: _Given) -> int | None:
    name = given.get("name")
    if name:
        return word_lists().months[name.lower()]
    return int(given["month"] or 0) if given.get("month") else None


def spans(found: list[Day]) -> Iterator[tuple[int, int]]:
    """Yield the place of each day."""
    for day in found:
        yield day.start, day.end
