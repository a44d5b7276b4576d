"""Finding labels in a text: longest match over inflected words, then compounds, then typos."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from graph.understanding.compounds import Split, complete, reunite, split
from graph.understanding.lexicon import Entry, Index
from graph.understanding.text import CleanText
from graph.understanding.values import LabelKind, Mention, Way
from graph.understanding.windows import Window, Word, content_words, windows_from
from graph.understanding.words import ROOT_MARK, word_lists

__all__ = ["Found", "near", "spot"]

_KIND = {LabelKind.PREFERRED: 1.0, LabelKind.ALTERNATIVE: 0.95, LabelKind.HIDDEN: 0.9}
_INFLECTED = 0.95
_TYPO = 0.75
_ALTERNATIVE = 0.6
_LONGEST_ABBREVIATION = 4
_LONGEST_ENDING = 3
_ENDINGS = ("", "s", "n", "en", "e", "es")
_LONGEST_BARE = 6
_SHORTEST_TYPO = 7
_SHORTEST_SUBSTITUTION = 10
_TWO_TYPOS_FROM = 15
_PARTICIPLES = ("t", "te", "ten", "tes", "ter", "ed")
_SHORTEST_PARTICIPLE = 11


@dataclass(frozen=True, slots=True)
class Found:
    """A mention with its place in the cleaned text."""

    mention: Mention
    start: int
    end: int


def near(found: list[Found], place: int, reach: int = 1000) -> list[Found]:
    """Return the mentions around a place, of a list in the order of the text."""
    first = bisect_left(found, place - reach, key=_start)
    return found[first : bisect_left(found, place + reach, key=_start)]


def _start(found: Found) -> int:
    return found.start


def spot(text: CleanText, index: Index, *, is_foreign: bool = False) -> list[Found]:
    """Find what an index names in a text.

    Args:
        text: The cleaned text.
        index: Labels of one language.
        is_foreign: The text is in another language: take words only as they are written.

    Returns:
        Mentions in the order of the text; none overlap.
    """
    words = content_words(text, index.language)
    found: list[Found] = []
    place = 0
    while place < len(words):
        hit, length = _at(text, words, place, index, is_foreign=is_foreign)
        if hit is not None:
            found.append(hit)
        place += length
    return found


def _at(
    text: CleanText, words: tuple[Word, ...], place: int, index: Index, *, is_foreign: bool
) -> tuple[Found | None, int]:
    """Return what begins at a word and how many words it takes."""
    word = words[place]
    pair = None if is_foreign else _pair(words, place, index)
    for window in windows_from(words, place, index.starts, index.language):
        if len(window.words) == 2 and "".join(window.forms) in word_lists().ordinary:
            return None, 2
        if len(window.words) == 1 and (pair or _is_front(words, place, index)):
            break
        entries, way = _entries(window, index)
        if entries and not (is_foreign and way is not Way.EXACT):
            return _found(text, window, entries, 1.0, way), len(window.words)
    if pair is not None:
        window = Window(words[place : place + 2], index.language)
        return _found(text, window, pair.entries, pair.factor, Way.INFLECTED), 2
    if is_foreign or not word.text[0].isalpha():
        return None, 1
    window = Window((word,), index.language)
    pieces = _pieces(words, place, index)
    if pieces is not None:
        return _found(text, window, pieces.entries, pieces.factor, Way.COMPOUND), 1
    alike = near_labels(word.form, index)
    if alike:
        return _found(text, window, alike, _TYPO, Way.TYPO), 1
    return None, 1


def _is_front(words: tuple[Word, ...], place: int, index: Index) -> bool:
    """In "Vakuum-Pumpkammern" the last word is what it is; the first one only says which."""
    following = words[place + 1] if place + 1 < len(words) else None
    if following is None or not following.is_glued or following.form in word_lists().ordinary:
        return False
    entries, _ = _entries(Window((following,), index.language), index)
    return bool(entries)


def _pair(words: tuple[Word, ...], place: int, index: Index) -> Split | None:
    """Read a verb and what it is done to, in either order, as the compound of both."""
    pair = words[place : place + 2]
    if index.language != "de" or len(pair) < 2 or pair[1].is_barred or pair[0].is_hanging:
        return None
    first, second = pair
    if first.canon.endswith(ROOT_MARK) and second.text[0].isupper():
        return reunite(second.form, first.canon, index)
    if second.canon.endswith(ROOT_MARK):
        return reunite(first.form, second.canon, index)
    return None


def _entries(window: Window, index: Index) -> tuple[list[Entry], Way]:
    if _is_ordinary("".join(window.forms)):
        return [], Way.EXACT
    for key in window.lookups():
        fitting = [e for e in index.entries.get(key, ()) if _is_acceptable(e, window)]
        exact = [e for e in fitting if _is_exact(e, window)]
        if exact:
            return exact, Way.EXACT
        if fitting:
            return fitting, Way.INFLECTED
    return [], Way.EXACT


def _is_ordinary(form: str) -> bool:
    """The word, without an ending of its plural or case, means something else in most letters."""
    ordinary = word_lists().ordinary
    return any(form.endswith(e) and form.removesuffix(e) in ordinary for e in _ENDINGS)


def _is_exact(entry: Entry, window: Window) -> bool:
    return entry.forms == window.forms or "".join(entry.forms) == "".join(window.forms)


def _is_acceptable(entry: Entry, window: Window) -> bool:
    """An abbreviation counts only in capitals; a bare number is never a name."""
    text = entry.label.text
    if text.isdigit():
        return False
    if len(text) <= _LONGEST_ABBREVIATION and text.isupper():
        return len(window.words) == 1 and window.words[0].text == text
    if len(entry.forms) == 1 and len(window.words) == 1:
        return _is_inflection(entry.forms[0], window)
    return True


def _is_inflection(label: str, window: Window) -> bool:
    """A word of the same stem is an inflection when little was added: not of industrialisation."""
    form, word = window.forms[0], window.words[0]
    if form in word_lists().bare_verbs and ROOT_MARK in word.canon:
        return True
    if _is_bare_verb(label, form, window.language):
        return False
    return ROOT_MARK in word.canon or abs(len(label) - len(form)) <= _LONGEST_ENDING


def _is_bare_verb(label: str, form: str, language: str) -> bool:
    """``form`` is no ``forming`` and ``Fass`` no ``fassen``: the bare stem is another word."""
    ending = "ing" if language == "en" else "en"
    if not label.endswith(ending) or form == label:
        return False
    if language == "de" and len(form) > _LONGEST_BARE:
        return False
    bare = label.removesuffix(ending)
    return form.removesuffix("s").removesuffix("e") in {bare, bare[:-1]}


def _found(
    text: CleanText, window: Window, entries: Iterable[Entry], factor: float, way: Way
) -> Found:
    first, *others = entries
    if way is Way.INFLECTED:
        factor *= _INFLECTED
    score = _KIND[first.label.kind] * factor
    alternatives = {e.label.concept: score * _ALTERNATIVE for e in others}
    alternatives.pop(first.label.concept, None)
    return Found(
        Mention(
            concept=first.label.concept,
            span=text.span(window.start, window.end),
            score=round(score, 3),
            way=way,
            label=first.label.text,
            kind=first.label.kind,
            alternatives=tuple((iri, round(s, 3)) for iri, s in alternatives.items()),
        ),
        window.start,
        window.end,
    )


def _pieces(words: tuple[Word, ...], place: int, index: Index) -> Split | None:
    if index.language != "de":
        return None
    word = words[place]
    if word.is_hanging:
        following = next((w for w in words[place + 1 : place + 6] if not _binds(w)), None)
        return complete(word.form, following.form, index) if following else None
    if word.form in word_lists().ordinary or word.form in word_lists().heads:
        return None
    return split(word.form, index)


def _binds(word: Word) -> bool:
    return word.is_hanging or word.form in word_lists().joining


def near_labels(form: str, index: Index) -> list[Entry]:
    """Return labels that a word is a slip of the pen away from."""
    if len(form) < _SHORTEST_TYPO or form in index.vocabulary or not form.isalpha():
        return []
    if form in word_lists().ordinary or form in word_lists().no_gaps:
        return []
    # Participles of different verbs are near each other: verzinnt, verzinkt.
    if form.endswith(_PARTICIPLES) and len(form) < _SHORTEST_PARTICIPLE:
        return []
    allowed = 2 if len(form) >= _TWO_TYPOS_FROM else 1
    best: list[tuple[int, str]] = []
    for length in range(len(form) - allowed, len(form) + allowed + 1):
        for label in index.buckets.get((form[0], length), ()):
            distance = OSA.distance(form, label, score_cutoff=allowed)
            # Words that differ in one letter are mostly two words: Wertung, Wartung.
            is_other = len(label) == len(form) < _SHORTEST_SUBSTITUTION and sorted(label) != sorted(
                form
            )
            if distance <= allowed and not is_other and label not in word_lists().ordinary:
                best.append((distance, label))
    return list(index.variants[min(best)[1]]) if best else []
