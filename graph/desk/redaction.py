"""Taking addresses and telephone numbers of persons out of free text.

``shapes/privacy.ttl`` refuses texts that hold any; an e-mail that comes in nearly always does, in
its signature. Names are not recognised: a person who pastes a text is asked to leave them out.
"""

import re
from typing import Final

__all__ = ["REMOVED", "redacted"]

REMOVED: Final = "[…]"
"""Stands for what was taken out."""

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+[.][A-Za-z]{2,}")
_ABROAD = re.compile(r"(?<![0-9A-Za-z])(?:\+|00)[1-9][0-9]{0,2}[ ()/.-]*[0-9][0-9 ()/.-]{6,}")
_AT_HOME = re.compile(r"(?<![0-9A-Za-z.,-])\(?0[1-9][0-9]{1,4}\)? ?[/ ] ?[0-9][0-9 -]{3,}")


def redacted(text: str) -> str:
    """Return the text with a mark in place of each e-mail address and telephone number.

    What is left passes ``shape:PersonalDataShape``. Numbers of drawings, standards, tolerances and
    days are no telephone numbers and stay.
    """
    for pattern in (_ADDRESS, _ABROAD, _AT_HOME):
        text = pattern.sub(lambda found: REMOVED + _trailing(found[0]), text)
    return text


def _trailing(words: str) -> str:
    """Return the space or sign behind a number that the pattern has taken along."""
    return words[len(words.rstrip(" ()/.-\n")) :] if words[-1:] in " ()/.-\n" else ""
