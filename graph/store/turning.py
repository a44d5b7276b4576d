"""Days on which something begins to hold or ceases to.

What rules derive from validity is true from one such day to the next, however often the graph is
read in between. So a generation notes the next one, and is made anew when it has come.
"""

import re
from collections.abc import Iterable
from datetime import date, timedelta

import pyoxigraph as ox

__all__ = ["VALIDITY", "latest_turn", "next_turn", "turning_days"]

VALIDITY = tuple(ox.NamedNode(f"https://schema.org/valid{end}") for end in ("From", "Through"))
"""Properties whose values are days: the first, and the last, on which something holds."""

_STATED = re.compile(rb'<https://schema\.org/valid(From|Through)> "(\d{4}-\d\d-\d\d)')
_DAY = timedelta(days=1)


def turning_days(statements: bytes) -> frozenset[str]:
    """Return the days from which something else holds.

    Args:
        statements: N-Quads, of which those with :data:`VALIDITY` are looked at.

    Returns:
        Days (ISO 8601): the first on which something is valid, the first on which it is no more.
        What is no day of the calendar is left to the shapes.
    """
    return frozenset(filter(None, map(_turn, set(_STATED.findall(statements)))))


def _turn(stated: tuple[bytes, bytes]) -> str:
    """Return the day on which a stated validity turns; nothing for a day that does not exist."""
    end, text = stated
    try:
        day = date.fromisoformat(text.decode("ascii"))
        return (day + _DAY if end == b"Through" else day).isoformat()
    except (ValueError, OverflowError):
        return ""


def latest_turn(days: Iterable[str], today: str) -> str:
    """Return the latest of some days (ISO 8601) that is not after today, or an empty string."""
    return max((day for day in days if day <= today), default="")


def next_turn(days: Iterable[str], today: str) -> str:
    """Return the first of some days (ISO 8601) that is after today, or an empty string."""
    return min((day for day in days if day > today), default="")
