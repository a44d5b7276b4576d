"""Towns, districts and distances in a text."""

import re
from dataclasses import dataclass

from graph.understanding.lexicon import Lexicon
from graph.understanding.numbers import NUMBER, parse_number
from graph.understanding.text import CleanText
from graph.understanding.values import PlaceMention

__all__ = ["Places", "places"]

_DISTANCE = re.compile(
    rf"(?:Umkreis|Radius|Entfernung|within|radius of|höchstens|maximal|max\.|not more than)"
    rf"[^.;\d\n]{{0,20}}(?P<km>{NUMBER})\s?(?:km|Kilometer\w*|kilomet\w+)"
    rf"|(?<![\d.,])(?P<around>{NUMBER})\s?(?:km|Kilometer\w*|kilomet\w+)\s"
    r"(?:(?:rund\s)?um|around|from|Umkreis|radius)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"(?:\b(?:Raum|Region|Großraum|Umkreis(?: von)?|Nähe(?: von)?|Landkreis|Kreis|Umgebung(?: von)?|aus|from"
    r"|area of|region of|near|around|close to|within|um|district of|nähe)\s(?:dem\s|der\s|the\s|den\s"
    r"|Raum\s|Region\s|Landkreis\s|Kreis\s)*)$",
    re.IGNORECASE,
)
_CONDITION_AFTER = re.compile(r"^\s(?:area|region|district)\b", re.IGNORECASE)
_CAPITALISED = re.compile(r"(?<![\w-])[A-ZÄÖÜ][\w-]*(?:\s(?:am|an der|in|[A-ZÄÖÜ(])[\w()-]*){0,2}")
_PREFIX = re.compile(r"^(?:landkreis|kreis|stadt)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Places:
    """All places of a text, and the largest distance asked for in kilometres."""

    mentions: tuple[PlaceMention, ...]
    spans: tuple[tuple[int, int], ...]
    max_distance_km: float | None


def places(text: CleanText, lexicon: Lexicon, language: str) -> Places:
    """Find towns and districts of the graph, longest name first."""
    distance = _DISTANCE.search(text.text)
    found: list[tuple[int, int, PlaceMention]] = []
    for match in _CAPITALISED.finditer(text.text):
        hit = _longest(match.group(), lexicon)
        if hit is None:
            continue
        offset, name = hit
        start = match.start() + offset
        found.append((start, start + len(name), _mention(text, lexicon, start, name)))
    return Places(
        mentions=tuple(mention for _, _, mention in found),
        spans=tuple((start, end) for start, end, _ in found)
        + (((distance.start(), distance.end()),) if distance else ()),
        max_distance_km=parse_number(distance["km"] or distance["around"], language)
        if distance
        else None,
    )


def _longest(words: str, lexicon: Lexicon) -> tuple[int, str] | None:
    """Return offset and words of the longest run of words that is a name."""
    starts = [0, *(m.end() for m in re.finditer(r"\s", words))]
    for start in starts:
        ends = [len(words), *[m.start() for m in re.finditer(r"\s", words)][::-1]]
        for end in (e for e in ends if e > start):
            name = words[start:end]
            if name.casefold() in lexicon.towns or _district(name, lexicon):
                return start, name
    return None


def _district(name: str, lexicon: Lexicon) -> str | None:
    """Return the district of this name, with or without the word for district."""
    folded = name.casefold()
    for known in (folded, _PREFIX.sub("", folded), f"landkreis {folded}", f"kreis {folded}"):
        if known in lexicon.districts:
            return lexicon.districts[known]
    return None


def _mention(text: CleanText, lexicon: Lexicon, start: int, name: str) -> PlaceMention:
    place = lexicon.towns.get(name.casefold())
    before, after = text.text[max(start - 40, 0) : start], text.text[start + len(name) :]
    is_condition = bool(_CONDITION.search(before)) or bool(_CONDITION_AFTER.match(after))
    district = _district(name, lexicon) or (place.district if place else None)
    if re.search(r"(?:land)?kreis\s$", before, re.IGNORECASE) and district:
        place = None
    return PlaceMention(
        span=text.span(start, start + len(name)),
        place=place,
        district=district,
        is_condition=is_condition or place is None,
    )
