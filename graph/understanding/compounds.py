"""Compounds that are no label themselves: ``Präzisionsfräsarbeiten``, ``Dreh- und Frästeile``.

German puts the head last, so a compound is what its longest known tail is. Splitting uses the
lexicon itself: a general splitter would need a model of the language and knows no trade terms.
"""

from dataclasses import dataclass

from graph.understanding.lexicon import Entry, Index
from graph.understanding.morphology import canonical, verb_root
from graph.understanding.words import ROOT_MARK, word_lists

__all__ = ["Split", "complete", "reunite", "split"]

_SHORTEST_FRONT = 3
_PRODUCTS = ("bau", "fertigung", "herstellung")
# "Lecktestgeprüft" says no more than the test it names.
_CHECKING = frozenset({"prüf" + ROOT_MARK, "mess" + ROOT_MARK})
_SHORTEST_TAIL = 4
_SHORTEST_NOUN = 6
_KNOWN_FRONT = 0.85
_UNKNOWN_FRONT = 0.65
_BARE_HEAD = 0.9


@dataclass(frozen=True, slots=True)
class Split:
    """What a compound leads to, with a factor for how sure that is."""

    entries: tuple[Entry, ...]
    factor: float


def split(form: str, index: Index) -> Split | None:
    """Return what a word in lower case leads to by its parts, or ``None``."""
    return _without_head(form, index) or _by_tail(form, index)


def complete(front: str, following: str, index: Index) -> Split | None:
    """Return what the first half of an elliptic compound leads to.

    Args:
        front: The half with the hanging hyphen, such as ``dreh``.
        following: The word whose tail completes it, such as ``frästeile``.
        index: Where to look.
    """
    for cut in range(2, len(following) - 2):
        whole = front + following[cut:]
        found = _word(whole, index)
        if found:
            return Split(found, _BARE_HEAD)
    for cut in range(2, len(following) - 2):
        found_split = _without_head(front + following[cut:], index)
        if found_split:
            return found_split
    root = verb_root(front, index.language)
    entries = index.tails.get(root, ()) if root else ()
    return Split(entries, _KNOWN_FRONT) if entries else None


def reunite(noun: str, verb: str, index: Index) -> Split | None:
    """Return what "Reinigung der Bauteile" leads to: the compound of both, Bauteilreinigung.

    Args:
        noun: What something is done to, in lower case, in any of its forms.
        verb: Root of what is done, as :func:`graph.understanding.morphology.canonical` gives it.
        index: Where to look.
    """
    bare = {
        noun,
        *(noun.removesuffix(ending) for ending in ("n", "en", "e", "s", "es", "er", "em")),
    }
    for front in sorted(bare, key=len, reverse=True):
        for link in ("", "s", "n"):
            entries = index.tails.get(front + link + verb, ())
            if entries and len(front) >= _SHORTEST_FRONT:
                return Split(entries, _BARE_HEAD)
    return None


def _word(form: str, index: Index) -> tuple[Entry, ...]:
    """Return labels that are this one word or an inflection of it."""
    exact = index.singles.get(form)
    if exact:
        return exact
    root = verb_root(form, index.language)
    if root is not None:
        return index.tails.get(root, ())
    return ()


def _without_head(form: str, index: Index) -> Split | None:
    """Read ``fräsarbeiten`` as ``fräs`` and a head that says nothing."""
    for head in word_lists().heads:
        if not form.endswith(head):
            continue
        front = form[: -len(head)]
        for short in (front, front.removesuffix("s"), front.removesuffix("n")):
            if len(short) < _SHORTEST_FRONT or short in word_lists().ordinary:
                continue
            entries = _word(short, index) or index.tails.get(canonical(short, index.language), ())
            if entries:
                return Split(entries, _BARE_HEAD)
            for cut in range(len(short) - 2):
                entries = index.tails.get(short[cut:] + ROOT_MARK, ())
                if entries:
                    return Split(entries, _KNOWN_FRONT)
            tail = _by_tail(short, index, verbs_only=True)
            if tail:
                return tail
    return None


def _by_tail(form: str, index: Index, *, verbs_only: bool = False) -> Split | None:
    if form.endswith(word_lists().plain_heads):
        return None
    for cut in range(_SHORTEST_FRONT, len(form) - _SHORTEST_TAIL + 1):
        tail = form[cut:]
        entries = () if verbs_only else _inflected(tail, index)
        root = verb_root(tail, index.language)
        if not entries and root is not None:
            entries = index.tails.get(root, ())
        if not entries:
            continue
        lists = word_lists()
        front = _process(form[:cut], index)
        is_test = root in _CHECKING and cut > _SHORTEST_TAIL + 1
        if front and (is_test or _is_product(entries)):
            return Split(front, _KNOWN_FRONT)
        if is_known_front(form[:cut], index):
            if tail in lists.ordinary and tail not in lists.weak_heads:
                continue
            return Split(entries, _KNOWN_FRONT)
        if tail in lists.weak_heads or tail in lists.ordinary:
            continue
        return Split(entries, _UNKNOWN_FRONT)
    return None


def _process(front: str, index: Index) -> tuple[Entry, ...]:
    """Return what the front half names, when it names how something is made or tested."""
    entries = index.singles.get(front) or index.singles.get(front.removesuffix("s")) or ()
    if not entries:
        root = verb_root(front, index.language)
        entries = index.tails.get(root, ()) if root else ()
    return () if _is_product(entries) else entries


def _is_product(entries: tuple[Entry, ...]) -> bool:
    return bool(entries) and entries[0].label.concept.endswith(_PRODUCTS)


def _inflected(tail: str, index: Index) -> tuple[Entry, ...]:
    for ending in ("", "n", "en", "s", "e"):
        if tail.endswith(ending) and len(tail) - len(ending) >= _SHORTEST_TAIL:
            found = index.singles.get(tail.removesuffix(ending))
            if found:
                return found
    for ending in ("n", "en", "e"):
        found = index.singles.get(tail + ending)
        if found and len(tail) >= _SHORTEST_NOUN:
            return found
    return ()


def is_known_front(front: str, index: Index) -> bool:
    """The front half is a word of the trade, or one that only grades."""
    modifiers = word_lists().modifiers
    for short in (
        front,
        front.removesuffix("s"),
        front.removesuffix("n"),
        front.removesuffix("en"),
    ):
        if short in modifiers or short in index.vocabulary or verb_root(short, index.language):
            return True
    return canonical(front, index.language) in index.tails
