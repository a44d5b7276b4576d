"""Which requirement a limit, a material or a certificate belongs to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.understanding.scope import clause_of
from graph.understanding.spotting import Found, near
from graph.understanding.text import CleanText

__all__ = ["Bound", "bind"]

_OF_WHOLE = frozenset({"lot-size", "annual-quantity", "annual-tonnage"})
# Branches of the competence tree that a dimension or certificate can belong to. A dimension
# that is not listed belongs to whatever is named nearest.
_BRANCHES: Mapping[str, frozenset[str]] = {
    "surface-roughness": frozenset({"fertigungsverfahren", "optik-und-photonik", "werkstoffe-und-halbzeuge"}),
    "tolerance": frozenset({"fertigungsverfahren", "optik-und-photonik", "messen-und-pruefen", "kunststofftechnik", "werkzeug-und-formenbau"}),
    "iso-3834": frozenset({"schweissen", "stahl-und-metallbau"}),
    "iso-9606": frozenset({"schweissen", "stahl-und-metallbau"}),
    "en-15085": frozenset({"schweissen", "stahl-und-metallbau"}),
    "en-1090": frozenset({"schweissen", "stahl-und-metallbau"}),
    "welding-unspecified": frozenset({"schweissen", "stahl-und-metallbau"}),
    "iso-iec-17025": frozenset({"messen-und-pruefen"}),
    "pressure-equipment-directive": frozenset({"apparate-und-behaelterbau", "schweissen", "rohrleitungsbau"}),
}  # fmt: skip
_MATERIAL = frozenset(
    {"fertigungsverfahren", "kunststofftechnik", "optik-und-photonik", "werkstoffe-und-halbzeuge"}
    | {"werkzeug-und-formenbau"}
)


@dataclass(frozen=True, slots=True)
class Bound:
    """A thing found with the competences it belongs to; none means the enquiry as a whole."""

    start: int
    end: int
    competences: frozenset[str]


def bind(
    text: CleanText,
    places: Iterable[tuple[int, int, str]],
    asked: list[Found],
    branches: Mapping[str, frozenset[str]],
    *,
    is_material: bool = False,
) -> list[Bound]:
    """Bind things to the competences that are asked for.

    * Numbers of pieces belong to the enquiry.
    * A material belongs to every competence of its clause that shapes matter, else to the
      nearest one of its sentence.
    * Anything else belongs to the nearest fitting competence of its sentence, those of its own
      clause first; what is named before counts as nearer than what follows.

    Args:
        text: The cleaned text.
        places: Start, end and slug of each thing.
        asked: Competences that are asked for.
        branches: For each competence its slug and those of all broader ones.
        is_material: The things are materials.
    """
    bound: list[Bound] = []
    for start, end, slug in places:
        around = asked if slug in _BRANCHES else near(asked, start)
        fitting = [f for f in around if _fits(slug, branches[f.mention.concept], is_material)]
        if slug in _OF_WHOLE:
            chosen: frozenset[str] = frozenset()
        elif is_material:
            chosen = _material(text, start, fitting)
        else:
            chosen = _nearest(text, start, end, fitting, only_sentence=slug not in _BRANCHES)
        bound.append(Bound(start, end, chosen))
    return bound


def _fits(slug: str, branch: frozenset[str], is_material: bool) -> bool:
    if is_material:
        return bool(branch & _MATERIAL)
    allowed = _BRANCHES.get(slug)
    return allowed is None or bool(branch & allowed)


def _within(text: CleanText, start: int, asked: list[Found]) -> tuple[list[Found], list[Found]]:
    """Return the mentions of the clause and those of the sentence around a place."""
    first, last = text.sentence(start)
    sentence = [f for f in asked if first <= f.start < last]
    first, last = clause_of(text, start)
    return [f for f in sentence if first <= f.start < last], sentence


def _material(text: CleanText, start: int, asked: list[Found]) -> frozenset[str]:
    clause, sentence = _within(text, start, asked)
    if clause:
        return frozenset(f.mention.concept for f in clause)
    if not sentence:
        return frozenset()
    nearest = min(sentence, key=lambda f: abs(f.start - start))
    return frozenset({nearest.mention.concept})


def _nearest(
    text: CleanText, start: int, end: int, asked: list[Found], *, only_sentence: bool
) -> frozenset[str]:
    clause, sentence = _within(text, start, asked)
    candidates = clause or sentence or ([] if only_sentence else asked)
    if not candidates:
        return frozenset()

    def distance(found: Found) -> int:
        if found.start <= start:
            return max(start - found.end, 0)
        return (found.start - end) * 2 + 1

    return frozenset({min(candidates, key=distance).mention.concept})
