"""Taking names, addresses and telephone numbers of persons out of free text.

``shapes/privacy.ttl`` refuses texts that hold an address or a number; an e-mail that comes in
nearly always does, in its signature. Names cannot be told from other words with certainty, so only
those are taken out that stand where letters put names: behind a form of address or a title, in the
line under the regards, behind "contact:". A person who pastes a text is asked to look again.
"""

import re
from typing import Final

__all__ = ["REMOVED", "redacted", "without_persons"]

REMOVED: Final = "[…]"
"""Stands for what was taken out."""

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+[.][A-Za-z]{2,}")
_ABROAD = re.compile(r"(?<![0-9A-Za-z])(?:\+|00)[1-9][0-9]{0,2}[ ()/.-]*[0-9][0-9 ()/.-]{6,}")
_AT_HOME = re.compile(r"(?<![0-9A-Za-z.,-])\(?0[1-9][0-9]{1,4}\)? ?[/ ] ?[0-9][0-9 -]{3,}")

_TITLE = (
    r"(?:Prof|Dr|Dipl|Ing|Mag|M\.?\s?Sc|B\.?\s?Sc|M\.?\s?Eng|B\.?\s?Eng)\.?(?:[- ]?Ing\.?)?[ ]+"
)
_NAME = r"[A-ZÄÖÜ][a-zäöüßàáâçèéêëíïñóôúø]+(?:-[A-ZÄÖÜ][a-zäöüß]+)?"
_NAMES = rf"{_NAME}(?:[ ]+(?:(?:von|van|de|zu|der)[ ]+)*{_NAME}){{0,2}}"
# What is called after a person and is a company: its name stays.
_FIRM = r"(?![\w -]*\b(?:GmbH|AG|KG|OHG|SE|e\. ?K|e\. ?V|Ltd|Inc|LLC|Co)\b)"
_BEHIND_TITLE = re.compile(
    rf"(?P<before>\b(?:(?:Herrn?|Frau|Mrs?\.?|Ms\.?|Miss)[ ]+(?:{_TITLE})*|(?:{_TITLE})+))"
    rf"{_FIRM}(?P<name>{_NAMES})\b"
)
_BEHIND_CUE = re.compile(
    r"(?P<before>\b(?:Ansprechpartner(?:in)?|Kontaktperson|Ihr Kontakt|Bearbeiter(?:in)?|z\. ?Hd\."
    r"|Contact(?: person)?|Attn\.?|(?i:mein Name ist|my name is))\s?:?[ ]+)"
    rf"{_FIRM}(?P<name>{_NAMES})\b"
)
_REGARDS = re.compile(
    r"(?P<before>^[ ]*(?:(?i:mit (?:freundlichen|besten|herzlichen) grüßen"
    r"|(?:viele|beste|freundliche|herzliche|schöne|liebe) grüße|hochachtungsvoll|mfg"
    r"|(?:kind |best |warm )?regards|best wishes"
    r"|(?:yours )?(?:sincerely|faithfully)(?: yours)?))(?: aus \w+)?[ ]*,?\s+"
    r"(?:i\. ?[AV]\.[ ]*|ppa\.[ ]*)?)"
    rf"{_FIRM}(?P<name>(?:{_TITLE})*{_NAMES})[ ]*$",
    re.MULTILINE,
)
_FUNCTION = re.compile(
    r"einkauf|vertrieb|team|abteilung|leitung|technik|verwaltung|büro|office|purchas|sales|department"
    r"|engineering|procurement|manage|service",
    re.IGNORECASE,
)


def redacted(text: str) -> str:
    """Return the text with a mark in place of each e-mail address and telephone number.

    What is left passes ``shape:PersonalDataShape``. Numbers of drawings, standards, tolerances and
    days are no telephone numbers and stay. For names and titles, in which a person may give an
    organisation its name; free text goes through :func:`without_persons`.
    """
    for pattern in (_ADDRESS, _ABROAD, _AT_HOME):
        text = pattern.sub(lambda found: REMOVED + _trailing(found[0]), text)
    return text


def without_persons(text: str) -> str:
    """Return free text with a mark in place of names of persons too, where they can be told.

    A form of address or a title stays; companies that are called after a person stay when their
    legal form follows. A name anywhere else in a sentence is not recognised.
    """
    for pattern in (_REGARDS, _BEHIND_CUE, _BEHIND_TITLE):
        text = pattern.sub(_masked, text)
    return redacted(text)


def _masked(found: re.Match[str]) -> str:
    if _FUNCTION.search(found["name"]):
        return found[0]
    return found["before"] + REMOVED


def _trailing(words: str) -> str:
    """Return the space or sign behind a number that the pattern has taken along."""
    return words[len(words.rstrip(" ()/.-\n")) :] if words[-1:] in " ()/.-\n" else ""
