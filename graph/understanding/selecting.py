"""Which of the competences found are asked for."""

import re
from collections.abc import Iterable, Mapping

from graph.understanding.lexicon import LANGUAGES, Lexicon
from graph.understanding.morphology import canonical
from graph.understanding.scope import Interval, clause_of, silence_of
from graph.understanding.spotting import Found, near
from graph.understanding.text import CleanText
from graph.understanding.values import LabelKind, Rejection, Silence
from graph.understanding.words import ROOT_MARK, word_lists

__all__ = ["branches_of", "select"]

_PRODUCT = ("bau", "fertigung", "herstellung")
_NEAR = 45
_SINGLE_PROCESS_DEPTH = 4
# Making these is asked for whatever process stands beside them.
_MADE_AS_SUCH = frozenset(
    {"prototypenbau", "werkzeugbau", "formenbau", "spritzgiesswerkzeugbau"}
    | {"kleinserienfertigung", "serienfertigung"}
)
_MAKING = re.compile(
    r"bau(?:en|s)?$|fertigung|herstellung|manufactur|production|making|building"
    r"|construction|fabrication|processing"
)
_PARTICIPLE = re.compile(r"(?:t|en|ed|cut|bent)$")
_MADE_OF = re.compile(
    r"\b(?:aus|made of|made from|material:?|werkstoff:?)\s(?:\w+\s)?$", re.IGNORECASE
)
_BY_MEANS_OF = re.compile(
    r"\b(?:mit|mittels|with|using|via)\s(?:(?:einem|einer|a|an|the)\s)?$", re.IGNORECASE
)
_JOINT = re.compile(r"(?:\b(?:und|oder|sowie|and|or|plus|mit|with|samt|inkl|including)\b|[,;/&])")
# "Beschaffung eines Prüfstands", "supply of a robot cell": the product itself is asked for.
_TO_BE_MADE = re.compile(
    r"\b(?:beschaffung|lieferung|bau|entwicklung|fertigung|herstellung|supply|manufacture|construction"
    r"|delivery|procurement|commissioning|partners?|hersteller|lieferanten?|suppliers?|anbieter)\s"
    r"(?:von|of|for|für|des|der|eines|einer)\s(?:(?:a|an|the|einen?|eine|den|die|das)\s)?"
    r"(?:[^\W\d_]+[- ])?$",
    re.IGNORECASE,
)
_FOR = re.compile(
    r"\b(?:für|for|im|in|aus)\s(?:(?:den|die|das|der|dem|einen|eine|ein|the|a|an|unsere?n?|our)\s)?"
    r"(?:[^\W\d_]+\s)?$",
    re.IGNORECASE,
)
_OUR = re.compile(
    r"\b(?:unser(?:e[nmrs]?)?|our|eigene[nmrs]?|my)\s(?:[^\W\d_]+\s)?$", re.IGNORECASE
)


def branches_of(found: Iterable[Found], lexicon: Lexicon) -> dict[str, frozenset[str]]:
    """Return for each competence found its slug and those of all broader ones."""
    return {
        iri: frozenset(x.rpartition("/")[2] for x in (iri, *lexicon.broader(iri)))
        for iri in {f.mention.concept for f in found}
    }


def select(
    text: CleanText,
    found: list[Found],
    intervals: tuple[Interval, ...],
    lexicon: Lexicon,
    substances: list[Found],
) -> tuple[list[Found], list[Rejection]]:
    """Part what is asked for from what is not.

    Not asked for is what stands in a silent interval, an industry that parts are meant for, a
    product that a named process works on, and a competence broader than another one asked for.
    """
    rejected: list[Rejection] = []
    asked: list[Found] = []
    for hit in found:
        reason = silence_of(hit.start, intervals) or _application(text, hit, found)
        if reason is None:
            asked.append(hit)
        else:
            rejected.append(Rejection(hit.mention, reason))
    branches = branches_of(asked, lexicon)
    for reason, is_dropped in (
        (
            Silence.PRODUCT,
            {
                id(f)
                for f in asked
                if _is_substance(text, f, substances, branches[f.mention.concept])
            },
        ),
        (Silence.PRODUCT, {id(f) for f in asked if _is_worked_on(text, f, asked)}),
        (Silence.BROADER, _broader(asked, lexicon)),
    ):
        rejected += [Rejection(f.mention, reason) for f in asked if id(f) in is_dropped]
        asked = [f for f in asked if id(f) not in is_dropped]
    return asked, rejected


def _broader(asked: list[Found], lexicon: Lexicon) -> set[int]:
    above = {iri for f in asked for iri in lexicon.broader(f.mention.concept)}
    return {
        id(f) for f in asked if f.mention.concept in above and not _is_listed(f, asked, lexicon)
    }


def _is_listed(hit: Found, asked: list[Found], lexicon: Lexicon) -> bool:
    """Tell whether a single process is listed beside its narrower one, as in "Bohren, Reiben"."""
    if len(list(lexicon.broader(hit.mention.concept))) < _SINGLE_PROCESS_DEPTH:
        return False
    beside = [
        f
        for f in near(asked, hit.start)
        if abs(f.start - hit.end) <= 3 or abs(hit.start - f.end) <= 3
    ]
    return any(
        f is not hit and hit.mention.concept in lexicon.broader(f.mention.concept) for f in beside
    )


def _is_substance(
    text: CleanText, hit: Found, substances: list[Found], branch: frozenset[str]
) -> bool:
    """Tell whether the words say what parts are made of: nobody is asked to make the steel."""
    if hit.mention.kind is LabelKind.PREFERRED:
        return False
    if any((s.start, s.end) == (hit.start, hit.end) for s in near(substances, hit.start)):
        return True
    return "werkstoffe-und-halbzeuge" in branch and bool(
        _MADE_OF.search(text.text[max(hit.start - _NEAR, 0) : hit.start])
    )


def _is_product(hit: Found) -> bool:
    """A product word stands for making it; "Frästeile" is no product but a process."""
    slug = hit.mention.concept.rpartition("/")[2]
    if not slug.endswith(_PRODUCT) or slug in _MADE_AS_SUCH:
        return False
    if hit.mention.kind is LabelKind.PREFERRED:
        return False
    words = hit.mention.span.words.lower()
    last = re.findall(r"\w+", words)[-1]
    is_verb = any(ROOT_MARK in canonical(last, language) for language in LANGUAGES)
    return not is_verb and not _MAKING.search(words)


def _is_worked_on(text: CleanText, hit: Found, asked: list[Found]) -> bool:
    """The clause names a process near the product: "Gehäuse fräsen" asks for milling only."""
    if not _is_product(hit) or _TO_BE_MADE.search(text.text[max(hit.start - 60, 0) : hit.start]):
        return False
    first, last = clause_of(text, hit.start)
    if _has_participle_after(text, hit, asked):
        return True
    return any(
        first <= f.start < last
        and not _is_product(f)
        and abs(f.start - hit.end) <= _NEAR
        and not _JOINT.search(text.text[min(f.end, hit.end) : max(f.start, hit.start)])
        for f in near(asked, hit.start)
    )


def _has_participle_after(text: CleanText, hit: Found, asked: list[Found]) -> bool:
    """Tell whether a participle follows, as in "Gehäuse, lasergeschnitten"."""
    for other in near(asked, hit.start, _NEAR):
        between = text.text[hit.end : other.start]
        if 0 < len(between) <= 3 and between.strip() == "," and not _is_product(other):
            word = other.mention.span.words
            return word[0].islower() and bool(_PARTICIPLE.search(word))
    return False


def _application(text: CleanText, hit: Found, found: list[Found]) -> Silence | None:
    """Say whether the words name what parts are meant for: "für den Maschinenbau"."""
    before = text.text[text.sentence(hit.start)[0] : hit.start]
    if _is_product(hit) and _BY_MEANS_OF.search(before):
        return Silence.PRODUCT
    match = _FOR.search(before)
    slug = hit.mention.concept.rpartition("/")[2]
    if match is None:
        is_own = _OUR.search(before) and _is_product(hit) and slug.endswith("bau")
        return Silence.OWN if is_own else None
    if not slug.endswith(("bau", "technik", "fertigung")) or _names_partner(before, match.start()):
        return None
    first, _ = clause_of(text, hit.start)
    others = [f for f in near(found, hit.start) if first <= f.start < hit.start]
    is_industry = slug.endswith(("maschinenbau", "fahrzeugbau", "anlagenbau", "geraetebau"))
    is_branch = hit.mention.span.words.lower().endswith(("technik", "industrie", "branche"))
    is_meant_for = bool(others) and (is_industry or is_branch)
    if _is_product(hit):
        start, end = text.sentence(hit.start)
        is_meant_for = any(
            start <= f.start < end and not _is_product(f) for f in near(found, hit.start)
        )
    is_ours = bool(_OUR.search(before)) and _is_product(hit) and slug.endswith("bau")
    return Silence.APPLICATION if is_meant_for or is_ours else None


def _names_partner(before: str, place: int) -> bool:
    """Tell whether a partner is wanted for it: "Partner für den Formenbau"."""
    words = re.findall(r"[^\W\d_]+", before[:place].lower())[-2:]
    return any(word in word_lists().scope.partners for word in words)


def by_competence(found: Iterable[Found]) -> Mapping[str, list[Found]]:
    """Group mentions by competence in the order of the text."""
    groups: dict[str, list[Found]] = {}
    for hit in found:
        groups.setdefault(hit.mention.concept, []).append(hit)
    return groups
