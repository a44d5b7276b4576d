"""The words of a text in their order, as longest match walks over them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph.understanding.morphology import canonical, word_form
from graph.understanding.text import CleanText
from graph.understanding.words import word_lists

__all__ = ["Window", "Word", "content_words", "windows_from"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word or number that carries meaning.

    Attributes:
        text: As written.
        start: First character in the cleaned text.
        end: Character after the last.
        form: In lower case, by the language of reading.
        canon: What all its inflections share.
        is_barred: A sign or sentence end stands before it, so no term reaches across.
        is_glued: Only a hyphen stands before it.
        is_hanging: A hyphen and then a space follow, as in ``Dreh- und``.
    """

    text: str
    start: int
    end: int
    form: str
    canon: str
    is_barred: bool
    is_glued: bool
    is_hanging: bool


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring words that may be a term."""

    words: tuple[Word, ...]
    language: str

    @property
    def start(self) -> int:
        """First character."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Character after the last."""
        return self.words[-1].end

    @property
    def forms(self) -> tuple[str, ...]:
        """The words in lower case."""
        return tuple(word.form for word in self.words)

    def _has_adjective(self) -> bool:
        """The word in the middle only describes: "Montage kleiner Baugruppen"."""
        middle = self.words[1].text
        is_german = self.language == "de" and self.words[2].text[0].isupper()
        return is_german and middle.islower() and middle.endswith(("e", "en", "er", "es", "em"))

    def lookups(self) -> Iterator[tuple[str, ...]]:
        """Yield the keys to look up: words apart, then joined where hyphens join them."""
        yield tuple(word.canon for word in self.words)
        if len(self.words) == _WITH_ADJECTIVE and self._has_adjective():
            yield (self.words[0].canon, self.words[2].canon)
        if len(self.words) > 1 and all(word.is_glued for word in self.words[1:]):
            yield (canonical("".join(self.forms), self.language),)


_WITH_ADJECTIVE = 3
# No compound of the trade is longer; the time to split one grows with its length squared.
_LONGEST_WORD = 60


def content_words(text: CleanText, language: str) -> tuple[Word, ...]:
    """Return the words and numbers of a text without those that only bind."""
    found: list[Word] = []
    barred, glued, last_end = True, False, -1
    for token in text.tokens:
        between = text.text[last_end : token.start] if last_end >= 0 else "\n"
        if "\n" in between or text.sentence(token.start)[0] == token.start:
            barred = True
        if not token.text[0].isalnum():
            barred = barred or token.text not in "-/&+'"
            glued = token.text == "-" and not between and token.start == last_end
        elif len(token.text) > _LONGEST_WORD:
            barred, glued = True, False
        elif token.text.casefold() in word_lists().function[language]:
            glued = False
        else:
            form = word_form(token.text, language)
            found.append(
                Word(
                    text=token.text,
                    start=token.start,
                    end=token.end,
                    form=form,
                    canon=canonical(form, language),
                    is_barred=barred,
                    is_glued=glued and not between,
                    is_hanging=_is_hanging(text.text, token.end),
                )
            )
            barred, glued = False, False
        last_end = token.end
    return tuple(found)


def _is_hanging(text: str, end: int) -> bool:
    """``Dreh- und`` and ``Dreh-, Fräs-`` hang; ``Dreh-Teile`` does not."""
    return text[end : end + 1] == "-" and not text[end + 1 : end + 2].isalnum()


def windows_from(
    words: tuple[Word, ...], first: int, starts: Mapping[str, int], language: str
) -> list[Window]:
    """Return the windows that begin at a word, longest first.

    Args:
        words: All words of the text.
        first: Number of the first word.
        starts: Most words of a label that begins with a canonical form.
        language: Language of reading.
    """
    longest = starts.get(words[first].canon, 1)
    longest += 1 if longest > 1 else 0
    last = first + 1
    while last < len(words) and not words[last].is_barred:
        if last - first >= longest and not words[last].is_glued:
            break
        last += 1
    return [Window(words[first:end], language) for end in range(last, first, -1)]
