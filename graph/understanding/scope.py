"""Whether words are asked for: negation, what is done already, and what the requester itself does.

Everything works sentence by sentence on the cleaned text and gives intervals that silence the
mentions inside them.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from graph.understanding.text import CleanText
from graph.understanding.values import Silence
from graph.understanding.words import Scope, word_lists

__all__ = ["Interval", "silence_of", "silent_intervals"]

_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_CLAUSE_END = re.compile(r"[,;:()–]|\s-\s")
_SUBJECT = re.compile(
    r"\b(?:sucht|braucht|benötigt|lässt|vergibt|möchte|plant|seeks|needs|requires|wants|has|is looking)\b"
)
_ARTICLE = re.compile(r"\s*(?:ein|eine|a|an|unser|unsere|our|die|das|der|the|als)\s", re.IGNORECASE)
_CAN_NOT = re.compile(r"\b(?:können|kann|cannot|can't|unable)\b", re.IGNORECASE)
# "Wir drehen die Flansche selbst", "we turn the flanges ourselves".
_DONE_BY_US = re.compile(
    r"\bwir\s[^.;]{3,80}?\s(?:selbst|im haus)\b|\bwe\s[^.;]{3,80}?\s(?:ourselves|in-house)\b"
)
# "Wir haben Kabelbäume zu vergeben" says what is asked for, not what there is.
_TO_GIVE = re.compile(r"\bzu\s(?:vergeben|beauftragen|besetzen)\b|\bto\s(?:outsource|place)\b")
_SHORT_LIST = 3


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A stretch of the cleaned text in which nothing is asked for, and why."""

    start: int
    end: int
    reason: Silence


def silence_of(start: int, intervals: Iterable[Interval]) -> Silence | None:
    """Return why words that begin at a place are not asked for; ``None`` when they are."""
    for interval in intervals:
        if interval.start <= start < interval.end:
            return interval.reason
    return None


def silent_intervals(text: CleanText) -> tuple[Interval, ...]:
    """Return all stretches in which nothing is asked for, in the order of the text."""
    found: list[Interval] = []
    scope = word_lists().scope
    for start, end in text.sentences:
        sentence = _Sentence(text.text, start, end, scope)
        found += [*sentence.negated(), *sentence.refused(), *sentence.own(), *sentence.subject()]
    return tuple(sorted(found))


@cache
def _phrases(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for any of the phrases, longest first."""
    ordered = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, ordered))})(?!\w)")


class _Sentence:
    """One sentence in lower case, with places counted in the whole text."""

    def __init__(self, text: str, start: int, end: int, scope: Scope) -> None:
        self.start, self.end, self.scope = start, end, scope
        # Not casefold: ß would become two letters and move every place after it.
        self.lower = text[start:end].lower()
        self.words = [(m.group(), m.start(), m.end()) for m in _WORD.finditer(self.lower)]
        self.commas = [m.start() for m in _CLAUSE_END.finditer(self.lower)]

    def interval(self, start: int, end: int, reason: Silence) -> Interval:
        return Interval(self.start + start, self.start + end, reason)

    def seeks(self) -> list[int]:
        return [start for word, start, _ in self.words if word in self.scope.seeking]

    def phrases(self, phrases: Iterable[str]) -> Iterator[tuple[int, int]]:
        for match in _phrases(tuple(phrases)).finditer(self.lower):
            yield match.start(), match.end()

    def negated(self) -> Iterator[Interval]:
        """After "keine", "ohne", "not" up to the end of the clause or of a short list."""
        spared = list(self.phrases(self.scope.not_negating))
        can_not = bool(_CAN_NOT.search(self.lower))
        for word, start, end in self.words:
            if word not in self.scope.negation or any(a <= start < b for a, b in spared):
                continue
            if word in {"nicht", "not"} and can_not:
                continue
            yield self.interval(end, self._clause_end(end), Silence.NEGATED)

    def _clause_end(self, place: int) -> int:
        limit = min(
            (s for w, s, _ in self.words if s >= place and w in self.scope.contrast),
            default=len(self.lower),
        )
        ends = [c for c in self.commas if place <= c < limit]
        ends.append(limit)
        chosen = ends[0]
        for here, following in pairwise(ends):
            between = [w for w, s, _ in self.words if here <= s < following]
            is_list = len(between) <= _SHORT_LIST and self.lower[here] == ","
            if not is_list or not self._list_goes_on(here, limit):
                break
            chosen = following
        return chosen

    def _list_goes_on(self, place: int, limit: int) -> bool:
        """A list ends with "oder" or "noch"; "und" could as well begin what is wanted."""
        return any(
            w in {"oder", "noch", "or", "nor"} for w, s, _ in self.words if place < s < limit
        )

    def refused(self) -> Iterator[Interval]:
        """Before "nicht erforderlich", "machen wir selbst", back to the start of the clause."""
        for start, end in self.phrases(self.scope.refusals):
            if re.match(r"\s+(?:nicht|not)\b", self.lower[end:]):
                continue
            yield self.interval(self._clause_start(start), end, Silence.NEGATED)

    def _clause_start(self, place: int) -> int:
        begin = max((c + 1 for c in self.commas if c < place), default=0)
        for word, start, end in self.words:
            if begin <= start < place and word in self.scope.contrast:
                begin = end
        asked = [s for s in self.seeks() if begin <= s < place]
        if asked:
            joints = [e for w, s, e in self.words if asked[-1] < s < place and w in {"und", "and"}]
            begin = joints[-1] if joints else begin
        return begin

    def own(self) -> Iterator[Interval]:
        """From "wir sind", "we make" up to the word that asks, or to the end of the sentence."""
        seeks = self.seeks()
        for match in _DONE_BY_US.finditer(self.lower):
            if not any(match.start() < s < match.end() for s in seeks):
                yield self.interval(match.start(), match.end(), Silence.OWN)
        if _TO_GIVE.search(self.lower):
            return
        for start, end in self.phrases(self.scope.requester):
            later = [s for s in seeks if s >= end]
            stop = later[0] if later else len(self.lower)
            if any(s < start for s in seeks):
                stop = min([c for c in self.commas if c >= end] + [stop])
            yield self.interval(start, stop, Silence.OWN)

    def subject(self) -> Iterator[Interval]:
        """The subject in "Ein Hersteller von Pumpen sucht": what it does is not asked for."""
        verb = _SUBJECT.search(self.lower)
        if verb is None or not _ARTICLE.match(self.lower):
            return
        before = [w for w, s, _ in self.words if s < verb.start()]
        if any(w.endswith(m) for w in before for m in self.scope.makers):
            yield self.interval(0, verb.start(), Silence.OWN)


def clause_of(text: CleanText, place: int) -> tuple[int, int]:
    """Return start and end of the clause around a place: between commas, in one sentence."""
    start, end = text.sentence(place)
    cuts = [start + m.start() for m in _CLAUSE_END.finditer(text.text[start:end])]
    index = bisect_right(cuts, place)
    first = cuts[index - 1] + 1 if index else start
    last = cuts[index] if index < len(cuts) else end
    return first, last
