"""From a word as written to the form that all its inflections share.

``drehen``, ``gedreht``, ``Drehens`` share ``dreh``; ``Baugruppe`` and ``Baugruppen`` share their
Snowball stem; ``lasergeschweißte`` and ``Laserschweißen`` share ``laserschweiss``.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

import snowballstemmer

from graph.understanding.words import ROOT_MARK, word_lists

__all__ = ["canonical", "normal", "verb_root", "word_form"]

# ae, oe, ue stand for umlauts, but not in "Steuer", "Bauer", "Quelle", "neue".
_SPELT_OUT = re.compile(r"(?<![aeiouäöüq])([aou])e(?![aiouäöü])")
_WITH_ZU = re.compile(r"^([^\W\d_]{2,})zu([^\W\d_]+en)$")
_UMLAUT = {"a": "ä", "o": "ö", "u": "ü"}
_SHORTEST_FORM = 5
_SHORTEST_FRONT = 2


@lru_cache(maxsize=100_000)
def normal(word: str, language: str) -> str:
    """Return the word in lower case, ß as ss and, in German, spelt-out umlauts as umlauts."""
    folded = word.casefold()
    if language != "de":
        return folded
    return _SPELT_OUT.sub(lambda m: _UMLAUT[m[1]], folded.replace("aeu", "äu"))


def word_form(word: str, language: str) -> str:
    """Return the form to compare by: like :func:`normal`, and a number word as its number."""
    folded = normal(word, language)
    number = word_lists().numbers.get(folded)
    return folded if number is None else str(number)


@lru_cache(maxsize=100_000)
def canonical(word: str, language: str) -> str:
    """Return what all inflections of a word share."""
    folded = normal(word, language)
    families = word_lists().families[language]
    if folded in families:
        return families[folded]
    if language == "de":
        folded = _without_zu(folded, families)
    if language == "de" and not folded.endswith(word_lists().plain_heads):
        for cut in range(_SHORTEST_FRONT, len(folded) - _SHORTEST_FORM + 1):
            root = families.get(folded[cut:])
            if root is not None:
                return folded[:cut] + root
    # A new stemmer each time: they keep state, and requests run in threads.
    stemmer = snowballstemmer.stemmer("german" if language == "de" else "english")
    return str(stemmer.stemWord(folded))


def _without_zu(folded: str, families: Mapping[str, str]) -> str:
    """Return ``rundschleifen`` for ``rundzuschleifen``, and other words as they are."""
    match = _WITH_ZU.match(folded)
    return match[1] + match[2] if match and match[2] in families else folded


@lru_cache(maxsize=10_000)
def verb_root(word: str, language: str) -> str | None:
    """Return the root of a known verb form, or of its bare root as in ``Dreh-``."""
    families = word_lists().families[language]
    folded = normal(word, language)
    if folded in families:
        return families[folded]
    marked = folded + ROOT_MARK
    return marked if marked in _roots(language) else None


@lru_cache(maxsize=2)
def _roots(language: str) -> frozenset[str]:
    return frozenset(word_lists().families[language].values())
