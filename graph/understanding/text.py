"""Text as people send it: line breaks, hyphenation and ligatures put right, places kept.

Reading works on a cleaned copy; every place in it can be led back to the text as given.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from graph.understanding.values import Span

__all__ = ["CleanText", "Token", "clean", "detect_language"]

_REPLACED = {
    "\u00a0": " ",
    "\u202f": " ",
    "\u2007": " ",
    "\t": " ",
    "\r": "",
    "\u00ad": "",
    "\u200b": "",
    "\ufeff": "",
    "ﬁ": "fi",
    "ﬂ": "fl",
    "ﬀ": "ff",
    "ﬃ": "ffi",
    "ﬄ": "ffl",
    "μ": "µ",
    "⌀": "Ø",
    "ø": "Ø",
    "∅": "Ø",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "-",
    "\u2019": "'",
}
_COMBINED = {"a\u0308": "ä", "o\u0308": "ö", "u\u0308": "ü", "A\u0308": "Ä", "O\u0308": "Ö"}
_COMBINED["U\u0308"] = "Ü"
# A hyphen at the end of a line, and the word that goes on; "Dreh-\nund" is no hyphenation.
_HYPHENATED = re.compile(r"(?<=[^\W\d_])-[ ]*\n[ ]*(?=(?P<next>[^\W\d_]+))")
_BREAK = re.compile(r"[ ]*\n[ ]*")
_LONGEST_SENTENCE = 1000
_BULLET = re.compile(r"(?:[-*•\u2013·▪]\s|\(?\d{1,2}[.)]\s|[a-z]\)\s)")
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|\S")
_END = re.compile(r"(?<=[^\W\d_][.!?])\s+(?=[A-ZÄÖÜ„\"(])|(?<=[)%\d][.!?])\s+(?=[A-ZÄÖÜ„\"(])|\n")
_ABBREVIATED = re.compile(
    r"(?:\b(?:z|d|u|o|i|bzw|ca|inkl|exkl|max|min|Nr|Dr|Prof|Stk|St|Str|evtl|ggf|etc|e|g|incl|approx"
    r"|no|Art|Abs|usw|vgl|mind|Pos|Tel|[A-Z]))\.$"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of the cleaned text with its place in it."""

    text: str
    start: int
    end: int
    index: int

    @property
    def is_word(self) -> bool:
        """It is made of letters."""
        return self.text[0].isalpha()


@dataclass(frozen=True, slots=True)
class CleanText:
    """The cleaned text, its tokens and sentences, and the way back.

    Attributes:
        original: The text as given.
        text: The cleaned one.
        places: For each character of ``text`` its place in ``original``.
        tokens: Words, numbers and signs in order.
        sentences: Start and end of each sentence in ``text``.
    """

    original: str
    text: str
    places: tuple[int, ...]
    tokens: tuple[Token, ...]
    sentences: tuple[tuple[int, int], ...]
    _starts: tuple[int, ...] = field(default=(), repr=False)

    def span(self, start: int, end: int) -> Span:
        """Return a stretch of the cleaned text as one of the original."""
        first, last = self.places[start], self.places[end - 1] + 1
        return Span(first, last, self.original[first:last])

    def sentence(self, place: int) -> tuple[int, int]:
        """Return start and end of the sentence around a place of the cleaned text."""
        return self.sentences[max(bisect_right(self._starts, place) - 1, 0)]


def clean(text: str) -> CleanText:
    """Clean a text and cut it into tokens and sentences.

    A word hyphenated at the end of a line becomes one word; a line break inside a paragraph
    becomes a space, one before a bullet, an empty line or after a colon ends a sentence.
    """
    characters, places = _replaced(text)
    joined, kept = _unhyphenated(characters, places)
    flowing, kept = _flowing(joined, kept)
    sentences = _sentences(flowing)
    return CleanText(
        original=text,
        text=flowing,
        places=tuple(kept),
        tokens=tuple(
            Token(match.group(), match.start(), match.end(), index)
            for index, match in enumerate(_TOKEN.finditer(flowing))
        ),
        sentences=sentences,
        _starts=tuple(start for start, _ in sentences),
    )


def _replaced(text: str) -> tuple[str, list[int]]:
    out: list[str] = []
    places: list[int] = []
    skip = False
    for place, character in enumerate(text):
        if skip:
            skip = False
            continue
        combined = _COMBINED.get(text[place : place + 2])
        skip = combined is not None
        new = combined or _REPLACED.get(character, character)
        out.append(new)
        places.extend([place] * len(new))
    return "".join(out), places


def _unhyphenated(text: str, places: list[int]) -> tuple[str, list[int]]:
    out: list[str] = []
    kept: list[int] = []
    done = 0
    for match in _HYPHENATED.finditer(text):
        following = match["next"]
        is_ellipsis = following.casefold() in {"und", "oder", "bzw", "sowie", "and", "or"}
        ending = "- " if is_ellipsis else "-" if following[0].isupper() else ""
        out += [text[done : match.start()], ending]
        kept += places[done : match.start()] + [places[match.start()]] * len(ending)
        done = match.end()
    return "".join([*out, text[done:]]), kept + places[done:]


def _flowing(text: str, places: list[int]) -> tuple[str, list[int]]:
    out: list[str] = []
    kept: list[int] = []
    done = 0
    for match in _BREAK.finditer(text):
        line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        ends = (
            text.startswith("\n", match.end())
            or line.endswith((":", ";"))
            or not line
            or bool(_BULLET.match(text, match.end()))
            or _is_short_line(line)
        )
        out += [text[done : match.start()], "\n" if ends else " "]
        kept += [*places[done : match.start()], places[match.start()]]
        done = match.end()
    return "".join([*out, text[done:]]), kept + places[done:]


def _is_short_line(line: str) -> bool:
    """A line of few words that ends without a comma or "und" is one of a list, or a greeting."""
    line = line.strip()
    return 0 < len(line) <= 28 and not line.endswith((",", "-", " und", " oder", " and", " or"))


def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.group() != "\n" and _ABBREVIATED.search(text[start : match.start()]):
            continue
        if match.start() > start:
            found.append((start, match.start()))
        start = match.end()
    if start < len(text) or not found:
        found.append((start, len(text)))
    return tuple(piece for sentence in found for piece in _pieces(*sentence))


def _pieces(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut what no person calls a sentence, so that the work for each stays small."""
    while end - start > _LONGEST_SENTENCE:
        yield start, start + _LONGEST_SENTENCE
        start += _LONGEST_SENTENCE
    yield start, end


def detect_language(text: CleanText, frequent: dict[str, frozenset[str]]) -> str:
    """Return ``de`` or ``en`` by the frequent words of each; ``de`` when it is a draw."""
    words = [token.text.casefold() for token in text.tokens if token.is_word]
    counts = {tag: sum(word in known for word in words) for tag, known in frequent.items()}
    counts["de"] += sum(any(letter in "äöüß" for letter in word) for word in words)
    return "en" if counts["en"] > counts["de"] else "de"
