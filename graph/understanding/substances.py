"""Materials and certificates in a text."""

import re
from collections.abc import Iterable
from functools import cache

from graph.understanding.lexicon import Index, Lexicon
from graph.understanding.spotting import Found, near, spot
from graph.understanding.text import CleanText
from graph.understanding.values import LabelKind, Mention, Way
from graph.understanding.windows import content_words
from graph.understanding.words import word_lists

__all__ = ["certificates", "materials"]

_SHORTEST_PREFIX = 4
_SHORT_PREFIXES = frozenset({"alu", "cfk", "gfk", "pvc"})
_SHORTEST_REST = 4
_SIZES = ("dicke", "dicken", "stärke", "durchmesser", "länge", "breite")
# "PC" and "GS" are too often something else to count without a word of what things are made of.
_NEEDS_OF = frozenset({"PC", "GS", "ABS", "PA", "PE", "Carbon", "Folie", "film", "Gold", "PP"})
_OF = re.compile(
    r"(?:aus|in|of|from|made of|Material:?|Werkstoff:?|material|/|or|oder|und|and)\s*$"
)


@cache
def _designations() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (slug, re.compile(rf"(?<![\w.,])(?:{pattern})(?!\w|[.,]\d)"))
        for slug, pattern in word_lists().designations
    )


def materials(
    text: CleanText, lexicon: Lexicon, language: str, taken: Iterable[Found]
) -> list[Found]:
    """Find materials: designations such as 1.4404, labels, and the front of compounds.

    Args:
        text: The cleaned text.
        lexicon: Where to look.
        language: Of the text.
        taken: Competences found; a word that names one as a whole is not cut for its material.
    """
    taken = list(taken)
    found = list(_by_designation(text, lexicon))
    index = lexicon.materials[language]
    whole = {(f.start, f.end) for f in taken if f.mention.way in {Way.EXACT, Way.INFLECTED}}
    exact = [
        f
        for tag, known in lexicon.materials.items()
        for f in spot(text, known, is_foreign=tag != language)
        if f.mention.way in {Way.EXACT, Way.INFLECTED, Way.TYPO} and _has_context(text, f)
    ]
    inside = [
        (f.start, f.end)
        for f in taken
        if len(f.mention.span.words.split()) > 1 or "-" in f.mention.span.words
    ]
    for hit in [*exact, *_by_front(text, index, whole)]:
        if any(
            a <= hit.start and hit.end <= b and (a, b) != (hit.start, hit.end) for a, b in inside
        ):
            continue
        if not any(hit.start < f.end and f.start < hit.end for f in found):
            found.append(hit)
    return _narrowest(sorted(found, key=lambda f: f.start), text, lexicon)


def _has_context(text: CleanText, hit: Found) -> bool:
    if hit.mention.span.words not in _NEEDS_OF:
        return True
    return bool(_OF.search(text.text[max(hit.start - 20, 0) : hit.start])) or (
        text.text[hit.end : hit.end + 1] == "-"
    )


def _by_designation(text: CleanText, lexicon: Lexicon) -> Iterable[Found]:
    seen: list[tuple[int, int]] = []
    for slug, pattern in _designations():
        for match in pattern.finditer(text.text):
            if any(match.start() < end and start < match.end() for start, end in seen):
                continue
            seen.append((match.start(), match.end()))
            yield _found(
                text, lexicon.material_iris[slug], match.start(), match.end(), Way.DESIGNATION
            )


def _found(text: CleanText, iri: str, start: int, end: int, way: Way) -> Found:
    span = text.span(start, end)
    score = 1.0 if way is Way.DESIGNATION else 0.85
    return Found(Mention(iri, span, score, way, span.words, LabelKind.HIDDEN), start, end)


def _by_front(text: CleanText, index: Index, whole: set[tuple[int, int]]) -> Iterable[Found]:
    """Find ``Edelstahl`` in ``Edelstahlgehäuse``."""
    if index.language != "de":
        return
    for word in content_words(text, "de"):
        if (
            (word.start, word.end) in whole
            or word.form.endswith(_SIZES)
            or word.form.startswith("glasperl")
        ):
            continue
        for cut in range(len(word.form) - _SHORTEST_REST, 2, -1):
            front = word.form[:cut]
            entries = index.singles.get(front)
            if entries and (cut >= _SHORTEST_PREFIX or front in _SHORT_PREFIXES):
                iri = entries[0].label.concept
                yield _found(text, iri, word.start, word.start + cut, Way.COMPOUND)
                break


def _narrowest(found: list[Found], text: CleanText, lexicon: Lexicon) -> list[Found]:
    """Leave out a material where the same sentence names a narrower one."""
    kept: list[Found] = []
    for hit in found:
        sentence = text.sentence(hit.start)
        around = near(found, hit.start)
        others = (f for f in around if f is not hit and text.sentence(f.start) == sentence)
        if not any(hit.mention.concept in _above(f.mention.concept, lexicon) for f in others):
            kept.append(hit)
    return kept


def _above(material: str, lexicon: Lexicon) -> list[str]:
    path: list[str] = []
    while (material := lexicon.scheme.materials.get(material, "")) and material not in path:
        path.append(material)
    return path


def certificates(text: CleanText, lexicon: Lexicon) -> list[Found]:
    """Find types of certificates, whatever stands before their number (DIN, EN, ISO)."""
    found: dict[tuple[int, int], Found] = {}
    for label, iri in lexicon.certificate_names:
        number = re.search(r"\d{4,5}", label)
        if number is not None and number.group() not in text.text:
            continue
        pattern = _certificate_pattern(label)
        for match in pattern.finditer(text.text):
            place = (match.start(), match.end())
            if not any(match.start() < end and start < match.end() for start, end in found):
                found[place] = _found(text, iri, *place, Way.DESIGNATION)
    return [found[place] for place in sorted(found)]


@cache
def _certificate_pattern(label: str) -> re.Pattern[str]:
    """``ISO 9001`` is also ``DIN EN ISO 9001:2015``, ``ISO9001`` and ``EN-ISO 9001``."""
    number = re.search(r"(?<!\d)(?P<number>\d{4,5})(?!\d)", label)
    if number is None or "/EU" in label or label.startswith("AD"):
        return re.compile(rf"(?<!\w){re.escape(label)}(?!\w)", re.IGNORECASE)
    prefix = r"(?:(?:DIN|EN|ISO|IEC|TS|AS|IATF)[\s/-]*)+"
    part = r"(?:-\d{1,2})?(?::\s?\d{4})?"
    return re.compile(rf"(?<!\w){prefix}{number['number']}{part}(?!\w)", re.IGNORECASE)
