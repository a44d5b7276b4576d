"""Limits in a text: numbers with units, bounds and the dimension they belong to.

Every pattern gives a :class:`Measure`; values are turned into the reference unit of the
dimension. What cannot be told apart with certainty carries a note of what was assumed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graph.understanding.numbers import NUMBER, UNITS, parse_number
from graph.understanding.tolerances import grade_um
from graph.understanding.words import word_lists

__all__ = ["Measure", "masked", "measures"]

_POWER = r"(?:\s?[eE]\s?(?P<exp>[-+]?\d{1,2})|\s?[x·×*]\s?10\s?\^?\s?(?P<power>[-+⁻⁺]?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))?"
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_UNIT = (
    r"(?P<unit>mbar|bar|Torr|torr|hPa|kPa|MPa|Pa|psi|µm|um|nm|mm|cm|dm|kg|°\s?C|kV|ml|mL|cm³|m³"
    r"|(?i:Grad Celsius|Millimeter|microns?|Metern?|metres?|meters?|Tonnen|tonnes?|tons|Litern?"
    r"|litres?|Volt)|m|g|t|to|(?<=\s)K|V|l|L)"
    r"(?![\w²³]|\s?[/·*]\s?(?!Jahr|jahr|a\b|year|yr|annum|Stück|Teil|part|piece)|\s?l/s)"
)
_QUANTITY = re.compile(
    rf"(?<![\w.,/])(?P<tolerance>±\s?|\+/-\s?)?(?P<first>{NUMBER}){_POWER}"
    rf"(?:\s?(?:{_UNIT.split('(?!')[0].replace('unit', 'unit1')})?"
    rf"\s?(?P<joint>-|–|bis|to|and|und|[x×])\s?(?P<second>{NUMBER}))?"
    rf"(?:\s?[x×]\s?(?P<third>{NUMBER}))?(?:\s?|-(?=(?i:lit))){_UNIT}"
)
_NUMBER_WORD = "|".join(sorted(map(re.escape, word_lists().numbers), key=len, reverse=True))
_COUNT = re.compile(
    rf"(?<![\w.,/])(?:(?P<first>{NUMBER})(?:\s?(?:-|–|bis|to)\s?(?P<second>{NUMBER}))?"
    rf"|(?P<word>(?i:{_NUMBER_WORD}))(?!\w))"
    r"(?:\s(?:x\s)?|(?=Stück|Stk|pcs))(?P<noun>[^\W\d_][\w-]*\.?(?:\s[^\W\d_][\w-]*){0,3})"
)
_PER_YEAR = re.compile(
    r"^\W{0,2}(?:/\s?(?:Jahr|a\b|year|yr)|(?:pro|je|im|per|a|each|every)\s(?:Jahr|year|annum)"
    r"|p\.?\s?a\.?|jährlich|annually|yearly|Jahresbedarf(?!\W{0,3}\d))",
    re.IGNORECASE,
)
_YEARLY_BEFORE = re.compile(
    r"(?:Jahresbedarf|Jahresmenge|Jahresstückzahl|jährlich|annual (?:demand|volume|quantity|requirement)"
    r"|yearly|pro Jahr|per year)\D{0,22}$",
    re.IGNORECASE,
)
# "250 welded frames made of S355 per year": no other number stands between.
_LATER_PACE = re.compile(
    r"^(?:(?!\b\d)[^.;,:\n]){0,45}?\s(?:pro|per|a|im|je)\s(?P<pace>Jahr|year|annum|Monat|month)\b",
    re.IGNORECASE,
)
_NAMED_COUNT = re.compile(
    r"\b(?P<name>Losgröße|Stückzahl|Menge|lot size|batch size|quantity|(?:Jahres|annual )"
    r"(?:bedarf|menge|stückzahl|demand|volume|quantity|requirement))\s?"
    r"(?:[:=]|is|of|von|beträgt|ca\.?|approx\.?|rund|etwa|about|\s)*"
    rf"(?P<first>{NUMBER})(?![\d.,]*\s?(?:-|–|bis|to|t|to|kg|g|tonnes|Tonnen|tons|mm|cm|m|l|€|Euro|Mio|Stück|Stk|pcs|pieces|parts|Teile)\b)",
    re.IGNORECASE,
)
_MILLION = re.compile(r"(?:Mio|Million)", re.IGNORECASE)
_PER_MONTH = re.compile(
    r"^\W{0,2}(?:/\s?(?:Monat|month)|(?:pro|je|im|per|a|each|every)\s(?:Monat|month)|monatlich|monthly)",
    re.IGNORECASE,
)
_MONTHLY_BEFORE = re.compile(r"(?:monatlich|monthly|pro Monat|per month)\D{0,12}$", re.IGNORECASE)
_ROUGHNESS = re.compile(
    rf"\bR\s?a\s?(?:=|≤|<=|<|:|von|of|max\.?|kleiner|unter)*\s?(?P<first>{NUMBER})(?:\s?(?:µm|um))?"
)
_GRADE = re.compile(r"\bIT\s?-?(?P<grade>\d{1,2})\b")
_AXES = re.compile(
    r"\b(?P<first>[3-9]|drei|vier|fünf|sechs|three|four|five|six)(?:\s|-)?"
    r"(?:achs\w*|axis|axes)(?!\w)",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"(?:(?:\bbis|max\.?|up to)\s[\d.,]+\s?\w+(?:\s\w+)?\s(?:und|and)|\bbis(?: zu)?|max\.?|maximal\w*|höchstens|unter|kleiner(?: als)?|weniger als|≤|<=?|up to"
    r"|at most|below|under|less than|not exceeding|maximum(?: of)?|as large as|better than|besser als)"
    r"\s*(?:einem |einer |ein |a |an )?(?:Ø\s?)?(?:\w+ (?:von|of) )?$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:\bab|mind\.?|mindestens|min\.?|über|größer(?: als)?|mehr als|≥|>=?|at least|from|above|over"
    r"|more than|minimum(?: of)?|no less than)\s*(?:Ø\s?)?$",
    re.IGNORECASE,
)
_FROM = re.compile(r"(?:\bvon|from|between|zwischen)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measure:
    """A limit as read.

    Attributes:
        dimension: Slug of the dimension.
        minimum: Lower bound in its reference unit, or ``None``.
        maximum: Upper bound, or ``None``.
        start: First character in the cleaned text.
        end: Character after the last.
        note: What was assumed, or an empty string.
    """

    dimension: str
    minimum: float | None
    maximum: float | None
    start: int
    end: int
    note: str = ""


def masked(text: str, spans: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> str:
    """Return the text with stretches blanked, places kept, so that nothing is read twice."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = "\x00" * (end - start)
    return "".join(characters)


def measures(text: str, language: str) -> list[Measure]:
    """Return every limit of a cleaned text in order; none overlap."""
    found: list[Measure] = []
    left = text
    readers: tuple[Callable[[str, str], Iterator[Measure]], ...] = (
        _roughnesses,
        _axes,
        _named_counts,
        _quantities,
        _counts,
    )
    for read in readers:
        new = list(read(left, language))
        found += new
        left = masked(left, [(m.start, m.end) for m in new])
    return sorted([*found, *_grades(text, found)], key=lambda m: m.start)


def _roughnesses(text: str, language: str) -> Iterator[Measure]:
    for match in _ROUGHNESS.finditer(text):
        value = parse_number(match["first"], language)
        yield Measure("surface-roughness", None, value, match.start(), match.end())


def _axes(text: str, language: str) -> Iterator[Measure]:
    del language
    for match in _AXES.finditer(text):
        word = match["first"].lower()
        value = float(word) if word.isdigit() else float(word_lists().numbers[word])
        yield Measure("axes", value, value, match.start(), match.end())


def _grades(text: str, found: list[Measure]) -> Iterator[Measure]:
    """Turn ISO tolerance grades into widths, which depend on the diameter or length stated."""
    sizes = [m for m in found if m.dimension in {"workpiece-diameter", "workpiece-length"}]
    for match in _GRADE.finditer(text):
        before = [m for m in sizes if abs(m.start - match.start()) < 150]
        if not before:
            continue
        nearest = min(before, key=lambda m: abs(m.start - match.start()))
        size_mm = nearest.maximum or nearest.minimum or 0.0
        width_um = grade_um(int(match["grade"]), size_mm)
        if width_um is not None:
            note = f"IT{match['grade']}: {size_mm:g} mm"
            yield Measure("tolerance", None, width_um, match.start(), match.end(), note)


def _quantities(text: str, language: str) -> Iterator[Measure]:
    for match in _QUANTITY.finditer(text):
        measure = _quantity(match, text, language)
        if measure is not None:
            yield measure


def _quantity(match: re.Match[str], text: str, language: str) -> Measure | None:
    unit = UNITS[re.sub(r"\s+", " ", match["unit"].replace("° ", "°")).lower()]
    values = [_value(match, name, language) for name in ("first", "second", "third")]
    first_unit = match["unit1"]
    scaled = [None if v is None else v * unit.factor + unit.offset for v in values]
    if first_unit and values[0] is not None:
        own = UNITS[first_unit.lower().replace("° ", "°")]
        scaled[0] = values[0] * own.factor + own.offset
    before, after = _around(text, match.start(), match.end())
    dimension, factor = _classify(unit.kind, before, after, scaled[0] or 0.0, match)
    if dimension is None:
        return None
    low, high = _bounds(match, scaled, before)
    if dimension in {"tolerance", "vacuum-pressure", "surface-roughness"}:
        low, high = None, high if high is not None else low
    return Measure(
        dimension,
        None if low is None else round(low * factor, 12),
        None if high is None else round(high * factor, 12),
        match.start(),
        match.end(),
        "" if dimension != "workpiece-length" or _LONG.search(before + "|" + after) else "length",
    )


_LONG = re.compile(r"läng|lang|length|long|\bL\s?=|groß|large|Abmess|dimension|size|Größe", re.I)
_ROUND = re.compile(
    r"(?:Ø|durchmesser\w*|diameters?|dia\.?|\bd\s?=|\b[OI]\.?D\b\.?)[^.;,]{0,18}$", re.IGNORECASE
)
_ROUND_AFTER = re.compile(
    r"^\s*(?:\(?Ø|im Durchmesser|Durchmesser|in diameter|diameter|dia\b)", re.I
)
_WIRE = re.compile(r"dr[aä]ht|wire", re.IGNORECASE)
_THICK = re.compile(
    r"(?:dicke\w*|stärke\w*|thickness(?:es)?|\bt\s?=|\bs\s?=|blech\w*|sheet(?: metal)?s?)[^.;,]{0,20}$",
    re.IGNORECASE,
)
_THICK_AFTER = re.compile(r"^[- ]*(?:dick|stark|thick|blech|sheet|glass bottom|-?glasboden)", re.I)
_EXACT = re.compile(
    r"(?:toleran|genau|accura|precis|within|abweich|deviation)\w*[^.;,]{0,25}$", re.I
)
_EXACT_AFTER = re.compile(r"^\s*(?:toleran|genau|accura)", re.IGNORECASE)
_HIGH = re.compile(r"(?:arbeitshöhe|working height)[^.;,]{0,20}$", re.IGNORECASE)
_HIGH_AFTER = re.compile(r"^\s*(?:arbeitshöhe|working height)", re.IGNORECASE)
_VACUUM = re.compile(r"vakuum|vacuum|enddruck|restdruck|ultimate|base pressure|uhv", re.IGNORECASE)
_STRENGTH = re.compile(
    r"zugfest|streckgrenz|festigkeit|tensile|yield|strength|härte", re.IGNORECASE
)
_NO_SIZE = re.compile(
    r"(?:umkreis|entfern|radius|within|distance|kabel\w*|cable\w*|schichtdicke\w*|layer\w*|coating\w*"
    r"|wellenlänge\w*|wavelength\w*|spot|spalt|abstand\w*|hub|verfahrweg\w*|travel|stroke)[^.;,]{0,22}$",
    re.IGNORECASE,
)
_NO_SIZE_AFTER = re.compile(
    r"^\s*(?:Umkreis|Entfernung|Schicht|layer|coating|Kabel|cable|Brennweite|focal|entfernt|Abstand)",
    re.IGNORECASE,
)


def _classify(
    kind: str, before: str, after: str, value: float, match: re.Match[str]
) -> tuple[str | None, float]:
    """Return the slug of the dimension and the factor from the common unit to its reference."""
    if kind == "length":
        return _length(before, after, value, bool(match["tolerance"]))
    if kind == "mass":
        per_year = _PER_YEAR.match(after) or _YEARLY_BEFORE.search(before)
        return ("annual-tonnage", 1e-3) if per_year else ("part-mass", 1.0)
    if kind == "pressure":
        if _STRENGTH.search(before):
            return None, 1.0
        if value < 100.0 or _VACUUM.search(before + after):
            return "vacuum-pressure", 1.0
        return "pressure", 1e-3
    if match["unit"] in {"K", "V", "l", "L", "g", "t"} and match.group().endswith("-"):
        return None, 1.0
    return kind, 1.0


def _length(
    before: str, after: str, value_mm: float, is_tolerance: bool
) -> tuple[str | None, float]:
    if is_tolerance or _EXACT.search(before) or _EXACT_AFTER.match(after):
        is_small = value_mm <= 1.0
        return ("tolerance", 1000.0) if is_small or is_tolerance else (None, 1.0)
    if _NO_SIZE.search(before) or _NO_SIZE_AFTER.match(after):
        return None, 1.0
    if _HIGH.search(before) or _HIGH_AFTER.match(after):
        return "working-height", 1e-3
    if _THICK.search(before) or _THICK_AFTER.match(after):
        return "sheet-thickness", 1.0
    if _ROUND.search(before) or _ROUND_AFTER.match(after):
        is_wire = _WIRE.search(before[-30:])
        return ("wire-diameter" if is_wire else "workpiece-diameter"), 1.0
    if _WIRE.search(before[-25:]) and value_mm < 20:
        return "wire-diameter", 1.0
    return ("workpiece-length", 1.0) if value_mm >= 1.0 else (None, 1.0)


def _around(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and after in the same line."""
    before = text[max(start - 45, 0) : start].rpartition("\n")[2].rpartition("\x00")[2]
    return before, text[end : end + 30].partition("\n")[0]


def _value(match: re.Match[str], name: str, language: str) -> float | None:
    if match[name] is None:
        return None
    value = parse_number(match[name], language)
    exponent = match["exp"] or (match["power"] or "").translate(_SUPERSCRIPT)
    return value * 10.0 ** int(exponent) if exponent and name == "first" else value


def _bounds(
    match: re.Match[str], values: list[float | None], before: str
) -> tuple[float | None, float | None]:
    """Return lower and upper bound; of sizes like 1200 x 800 x 20 the largest alone counts."""
    first, second, third = values
    joint = match["joint"]
    if joint in {"x", "×"} or third is not None:
        largest = max(v for v in values if v is not None)
        return (None, largest) if _AT_MOST.search(before) else (largest, largest)
    if second is not None and first is not None:
        return min(first, second), max(first, second)
    if _AT_MOST.search(before):
        return None, first
    if _AT_LEAST.search(before) and not _FROM.search(before):
        return first, None
    return first, first


def _counts(text: str, language: str) -> Iterator[Measure]:
    for match in _COUNT.finditer(text):
        length = _counted(match["noun"])
        if length is None:
            continue
        before, _ = _around(text, match.start(), match.end())
        end = match.start("noun") + length
        low, high = _count_bounds(match, before, language)
        if (high or low or 0.0) < 1.0:
            continue
        yield _paced(low, high, match.start(), end, before, text[end : end + 70])


def _named_counts(text: str, language: str) -> Iterator[Measure]:
    """A number that is only said to be one of pieces: "Stückzahl: 15 pro Monat"."""
    for match in _NAMED_COUNT.finditer(text):
        value = parse_number(match["first"], language, is_count=True)
        if value < 1.0:
            continue
        before = "annual quantity" if match["name"].lower().startswith(("jahres", "annual")) else ""
        after = text[match.end() : match.end() + 25]
        yield _paced(value, value, match.start("first"), match.end(), before, after)


def _paced(
    low: float | None, high: float | None, start: int, end: int, before: str, after: str
) -> Measure:
    """Turn pieces per month into pieces per year; without a pace they are one lot."""
    later = _LATER_PACE.match(after)
    pace = later["pace"].lower() if later else ""
    if pace.startswith("mon") or _PER_MONTH.match(after) or _MONTHLY_BEFORE.search(before):
        yearly = [None if bound is None else bound * 12.0 for bound in (low, high)]
        return Measure("annual-quantity", yearly[0], yearly[1], start, end, "12 months")
    is_yearly = pace or _PER_YEAR.match(after) or _YEARLY_BEFORE.search(before)
    return Measure("annual-quantity" if is_yearly else "lot-size", low, high, start, end)


def _count_bounds(
    match: re.Match[str], before: str, language: str
) -> tuple[float | None, float | None]:
    if match["word"]:
        value = float(word_lists().numbers[match["word"].lower()])
        second = None
    else:
        value = parse_number(match["first"], language, is_count=True)
        second = parse_number(match["second"], language, is_count=True) if match["second"] else None
    scale = 1e6 if _MILLION.match(match["noun"]) else 1.0
    value *= scale
    if second is not None:
        return min(value, second * scale), max(value, second * scale)
    if _AT_MOST.search(before):
        return None, value
    return (value, None) if _AT_LEAST.search(before) else (value, value)


def _counted(nouns: str) -> int | None:
    """Return how many characters of the words name what is counted; ``None`` for no pieces."""
    lists = word_lists()
    end = 0
    for number, word in enumerate(re.split(r"(\s)", nouns)):
        end += len(word)
        bare = word.strip(".").lower()
        if any(bare in words for words in lists.function.values()):
            return None
        if number == 0 and bare in lists.pieces:
            return end
        if bare.removesuffix("n").endswith(lists.things) or bare.endswith(lists.things):
            return end
        if bare in lists.pieces:
            return end
    return None
