"""Names of organisations, read into what tells them apart: words, legal form, branch.

``JENOPTIK Optical Systems GmbH`` and ``Jenoptik Optical Systems Gesellschaft mbH`` have the same
words; ``Muster GmbH, Werk Gera`` is the branch of something in Gera.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["BRANCHES", "Name", "initials", "parse_name", "plain"]

_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe"})

_FORMS: tuple[tuple[str, str], ...] = (
    (r"g(?:emeinnuetzige )?(?:gesellschaft mit beschraenkter haftung|gmbh)", "gmbh"),
    (r"ges(?:ellschaft)?\.? ?m\.? ?b\.? ?h\.?", "gmbh"),
    (r"gesellschaft mit beschraenkter haftung", "gmbh"),
    (r"ggmbh|g\.? ?m\.? ?b\.? ?h\.?|mbh", "gmbh"),
    (r"unternehmergesellschaft(?: \(?haftungsbeschraenkt\)?)?", "ug"),
    (r"ug(?: \(?haftungsbeschraenkt\)?)?", "ug"),
    (r"aktiengesellschaft|a\.? ?g\.?", "ag"),
    (r"kommanditgesellschaft auf aktien|kgaa", "kgaa"),
    (r"kommanditgesellschaft|k\.? ?g\.?", "kg"),
    (r"offene handelsgesellschaft|ohg", "ohg"),
    (r"gesellschaft buergerlichen rechts|gbr", "gbr"),
    (r"eingetragener verein|e\.? ?v\.?", "ev"),
    (r"eingetragene genossenschaft|e\.? ?g\.?", "eg"),
    (r"eingetragener kaufmann|e\.? ?k\.?", "ek"),
    (r"se", "se"),
    (r"ltd\.?|limited", "ltd"),
)
_FORM = re.compile(
    r"(?<![a-z0-9])(?:" + "|".join(f"({form})" for form, _ in _FORMS) + r")(?![a-z0-9])"
)
_SLIPS = re.compile(r" (?:gbmh|gmhb|mgbh|gmmbh|ggbmh|gmbhh|gbh|gmb|gmh|g[a-z]bh|gm[a-z]h)$")
"""What becomes of GmbH at the end of a name when a letter slips."""

_JOINED = re.compile(r"(?<![a-z0-9])(?:&|\+|u\.|und|and) ?co\.?(?![a-z0-9])")
_WORD = re.compile(r"[a-z0-9]+(?:\.(?:[a-z0-9]{2,})?)?")
BRANCHES = frozenset(
    {
        *("aussenstelle", "betriebsstaette", "branch", "filiale", "geschaeftsstelle"),
        *("institutsteil", "niederlassung", "site", "standort", "werk", "zweigniederlassung"),
        "zweigstelle",
    }
)
"""Words that say that a name means a part of an organisation."""

_EMPTY = frozenset(
    (
        *("a", "an", "and", "co", "for", "i", "in", "of", "the", "e", "f", "u", "v"),
        *("am", "auf", "aus", "bei", "das", "dem", "den", "der", "des", "die", "fuer", "im"),
        *("mit", "und", "vom", "von", "zu", "zum", "zur"),
    )
)


@dataclass(frozen=True, slots=True)
class Name:
    """One name of an organisation.

    Attributes:
        text: The name as it stands in its source.
        words: Its words in plain letters, without those that say nothing; a full stop at the
            end marks an abbreviation.
        forms: Legal forms in it, such as ``gmbh``, sorted.
        is_branch: It says that it means a site, a works or a branch.
    """

    text: str
    words: tuple[str, ...]
    forms: tuple[str, ...]
    is_branch: bool

    @property
    def joined(self) -> str:
        """All words in one; equal for ``Werkzeug-Bau`` and ``Werkzeugbau``."""
        return "".join(word.rstrip(".") for word in self.words)


def plain(text: str) -> str:
    """Return a text in small Latin letters: umlauts spelt out, other accents gone."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(_FOLDED)
    apart = unicodedata.normalize("NFKD", folded)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def parse_name(text: str) -> Name:
    """Read a name; a name of nothing but a legal form keeps it as its word."""
    said = plain(text)
    said = _SLIPS.sub(" gmbh", said)
    forms = {_FORMS[found.lastindex - 1][1] for found in _FORM.finditer(said) if found.lastindex}
    bare = _FORM.sub(" ", _JOINED.sub(" ", said))
    words = _words(bare) or tuple(re.findall(r"[a-z0-9]+", said))
    return Name(text, words, tuple(sorted(forms)), not BRANCHES.isdisjoint(words))


def _words(text: str) -> tuple[str, ...]:
    found = (match.group() for match in _WORD.finditer(text))
    # a full stop behind a long word ends a sentence, not an abbreviation
    cut = (word if len(word) <= 7 else word.rstrip(".") for word in found)
    return tuple(word for word in cut if word.rstrip(".") not in _EMPTY)


def initials(words: Iterable[str]) -> str:
    """Return the first letters of words, such as ``imms``."""
    return "".join(word[0] for word in words)
