"""The words of ``words.toml``, read once and typed."""

import tomllib
from dataclasses import dataclass
from functools import cache

from graph import resources

__all__ = ["ROOT_MARK", "Scope", "Words", "word_lists"]

ROOT_MARK = "~"


@dataclass(frozen=True, slots=True)
class Scope:
    """Phrases that decide whether a mention is asked for; see ``words.toml``."""

    negation: frozenset[str]
    not_negating: tuple[str, ...]
    refusals: tuple[str, ...]
    contrast: frozenset[str]
    requester: tuple[str, ...]
    seeking: tuple[str, ...]
    makers: frozenset[str]
    partners: frozenset[str]


@dataclass(frozen=True, slots=True)
class Words:
    """All word lists.

    Attributes:
        frequent: Frequent words that only one language has, by language.
        function: Words without meaning of their own inside a term, by language.
        joining: Words that join two halves of an elliptic compound.
        families: Root of each verb form, by language.
        bare_verbs: English verbs whose bare form is no other word.
        heads: Heads of compounds that say nothing about the trade.
        weak_heads: Heads that do not count after an unknown word.
        plain_heads: Heads that end in the letters of a trade word and have nothing to do with it.
        modifiers: Words in front of a head that only grade it.
        ordinary: Labels that mean something else in most letters.
        no_gaps: Words that look like trade terms and are none.
        scope: Phrases of negation, of requester and of asking.
        numbers: Number words.
        pieces: Words for pieces.
        things: Endings of nouns that are counted as pieces.
        months: Number of each month by name.
        trade_endings: Endings of words that look like trade terms.
        designations: Slug of a material and the pattern of its designations.
    """

    frequent: dict[str, frozenset[str]]
    function: dict[str, frozenset[str]]
    joining: frozenset[str]
    families: dict[str, dict[str, str]]
    bare_verbs: frozenset[str]
    heads: frozenset[str]
    weak_heads: frozenset[str]
    plain_heads: tuple[str, ...]
    modifiers: frozenset[str]
    ordinary: frozenset[str]
    no_gaps: frozenset[str]
    scope: Scope
    numbers: dict[str, int]
    pieces: frozenset[str]
    things: tuple[str, ...]
    months: dict[str, int]
    trade_endings: tuple[str, ...]
    designations: tuple[tuple[str, str], ...]


@cache
def word_lists() -> Words:
    """Return the word lists.

    Raises:
        KeyError: A list is missing.
    """
    table = tomllib.loads(resources.words_text())
    compounds, ordinary, counting = table["compounds"], table["ordinary"], table["counting"]
    return Words(
        frequent={tag: frozenset(words) for tag, words in table["language"].items()},
        function={tag: frozenset(table["grammar"][f"function_{tag}"]) for tag in ("de", "en")},
        bare_verbs=frozenset(table["verbs"]["bare"]),
        joining=frozenset(table["grammar"]["joining"]),
        families={
            "de": _forms(table["verbs"]["families"], german=True),
            "en": _forms(table["verbs"]["english"], german=False),
        },
        heads=frozenset(compounds["heads"]),
        weak_heads=frozenset(compounds["weak_heads"]),
        plain_heads=tuple(compounds["plain_heads"]),
        modifiers=frozenset(word.replace("ß", "ss") for word in compounds["modifiers"]),
        ordinary=frozenset(word.replace("ß", "ss") for word in ordinary["labels"]),
        no_gaps=frozenset(ordinary["gaps"]),
        scope=_scope(table["scope"]),
        numbers=dict(counting["numbers"]),
        pieces=frozenset(counting["pieces"]),
        things=tuple(counting["things"]),
        months=dict(table["months"]["names"]),
        trade_endings=tuple(e.replace("ß", "ss") for e in table["trade"]["endings"]),
        designations=tuple((d["material"], d["pattern"]) for d in table["designations"]),
    )


def _scope(lists: dict[str, list[str]]) -> Scope:
    return Scope(
        negation=frozenset(lists["negation"]),
        not_negating=tuple(lists["not_negating"]),
        refusals=tuple(lists["refusals"]),
        contrast=frozenset(lists["contrast"]),
        requester=tuple(lists["requester"]),
        seeking=tuple(lists["seeking"]),
        makers=frozenset(lists["makers"]),
        partners=frozenset(lists["partners"]),
    )


def _forms(families: list[str], *, german: bool) -> dict[str, str]:
    """Root of every form; German participles and nouns also with their endings."""
    found: dict[str, str] = {}
    for family in families:
        bare, *forms = family.split()
        # The mark keeps the verb apart from a noun of the same stem: Drucken from Druck.
        root = bare + ROOT_MARK
        for form in forms if german else (*forms, bare):
            for ending in _endings(form) if german else _english_endings(form):
                found.setdefault(form + ending, root)
    return found


def _english_endings(form: str) -> tuple[str, ...]:
    return ("", "s") if form.endswith("ing") else ("",)


def _endings(form: str) -> tuple[str, ...]:
    if form.endswith("ung"):
        return ("", "en", "s")
    if form.endswith("en"):
        return ("", "s", "de", "der", "den", "des", "e", "er", "em") if form != "warten" else ("",)
    return ("", "e", "en", "er", "es", "em", "n", "s")
