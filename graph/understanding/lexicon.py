"""All that words can lead to, prepared for look-up: plain values, read once per graph version."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from graph.model import CompetenceScheme, Place
from graph.understanding.morphology import canonical, word_form
from graph.understanding.text import clean
from graph.understanding.values import LabelKind, WordLabel
from graph.understanding.words import ROOT_MARK, word_lists

__all__ = ["LANGUAGES", "Entry", "Index", "Lexicon", "build_index", "build_lexicon"]

LANGUAGES = ("de", "en")
K = TypeVar("K")
_LONGEST_NAME = 40
_SHORTEST_MADE = 6
_MAKINGS = frozenset({"manufacturing", "production", "building", "construction", "making"}) | {
    "manufacture",
    "fabrication",
}
_SHORTEST_JOINED = 3
_RANK = {LabelKind.PREFERRED: 0, LabelKind.ALTERNATIVE: 1, LabelKind.HIDDEN: 2}


@dataclass(frozen=True, slots=True)
class Entry:
    """One label as its words.

    Attributes:
        label: The label.
        forms: Its words in lower case, without words of no meaning.
    """

    label: WordLabel
    forms: tuple[str, ...]

    @property
    def rank(self) -> tuple[int, str]:
        """Preferred labels first; equal ones by IRI."""
        return _RANK[self.label.kind], self.label.concept


@dataclass(frozen=True, slots=True)
class Index:
    """Labels of one scheme in one language.

    Attributes:
        language: ``de`` or ``en``.
        entries: Labels by the canonical forms of their words.
        starts: Most words of a label that begins with a canonical form.
        singles: Labels of one word by its lower-case form.
        tails: Canonical forms of labels of one word, for the head of a compound.
        vocabulary: Every word of every label in lower case.
        variants: Labels of one word by all their known forms, such as its noun for a verb.
        buckets: The variants by first letter and length, for typos.
    """

    language: str
    entries: Mapping[tuple[str, ...], tuple[Entry, ...]]
    starts: Mapping[str, int]
    singles: Mapping[str, tuple[Entry, ...]]
    tails: Mapping[str, tuple[Entry, ...]]
    vocabulary: frozenset[str]
    variants: Mapping[str, tuple[Entry, ...]]
    buckets: Mapping[tuple[str, int], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything that the reading of an enquiry looks up.

    Attributes:
        competences: Index of the competence scheme for each language.
        materials: Index of the material scheme for each language.
        certificate_names: Name and IRI of each certificate type, longest names first.
        scheme: The competence tree, steps and dimensions.
        material_iris: IRI of each material by its slug.
        towns: The town with each name, in lower case.
        districts: IRI of each district key by the names of the district, in lower case.
        labels: Preferred label of each concept.
    """

    competences: Mapping[str, Index]
    materials: Mapping[str, Index]
    certificate_names: tuple[tuple[str, str], ...]
    scheme: CompetenceScheme
    material_iris: Mapping[str, str]
    towns: Mapping[str, Place]
    districts: Mapping[str, str]
    labels: Mapping[str, str]

    def broader(self, competence: str) -> Iterable[str]:
        """Yield the broader competences, nearest first."""
        seen = {competence}
        known = self.scheme.competences
        while competence in known and (above := known[competence].broader) is not None:
            if above in seen:
                return
            seen.add(above)
            yield above
            competence = above


def build_lexicon(
    labels: Mapping[str, Iterable[WordLabel]],
    scheme: CompetenceScheme,
    towns: Mapping[str, Place],
    districts: Mapping[str, str],
) -> Lexicon:
    """Prepare labels for look-up.

    Args:
        labels: All labels of the schemes ``competence``, ``material``, ``certificate-type``.
        scheme: The competence tree with its dimensions.
        towns: Place of each town by name.
        districts: IRI of each district key by name.
    """
    given = {name: tuple(found) for name, found in labels.items()}
    preferred = {
        label.concept: label.text
        for found in given.values()
        for label in sorted(found, key=lambda w: w.language != "de", reverse=True)
        if label.kind is LabelKind.PREFERRED
    }
    materials = given["material"]
    return Lexicon(
        competences=_both(given["competence"]),
        materials=_both(materials),
        certificate_names=_names(given["certificate-type"]),
        scheme=scheme,
        material_iris={label.concept.rpartition("/")[2]: label.concept for label in materials},
        towns={name.casefold(): place for name, place in towns.items()},
        districts={name.casefold(): iri for name, iri in districts.items()},
        labels=preferred,
    )


def _names(labels: tuple[WordLabel, ...]) -> tuple[tuple[str, str], ...]:
    """Long labels are sentences of one source; nobody repeats them."""
    names = {(label.text, label.concept) for label in labels if len(label.text) <= _LONGEST_NAME}
    return tuple(sorted(names, key=lambda pair: (-len(pair[0]), pair)))


@lru_cache(maxsize=8)
def _both(labels: tuple[WordLabel, ...]) -> Mapping[str, Index]:
    """Index labels once: the next version of a graph hardly ever has others."""
    return {language: build_index(labels, language) for language in LANGUAGES}


def build_index(labels: Iterable[WordLabel], language: str) -> Index:
    """Index the labels of one language and those without one."""
    entries: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    singles: dict[str, list[Entry]] = defaultdict(list)
    tails: dict[str, list[Entry]] = defaultdict(list)
    vocabulary: set[str] = set()
    for label in labels:
        if label.language not in {language, ""}:
            continue
        forms = label_forms(label.text, language)
        entry = Entry(label, forms)
        vocabulary.update(forms)
        for key in _keys(forms, language):
            entries[key].append(entry)
        made = _made(label, forms) if language == "en" else None
        if made is not None:
            key = tuple(canonical(word, language) for word in made.forms)
            entries[key].append(made)
        joined = "".join(forms)
        if len(forms) == 1 or ("-" in label.text and _joins(forms)):
            singles[joined].append(entry)
            tails[canonical(joined, language)].append(entry)
    variants = _variants(singles, language)
    buckets: dict[tuple[str, int], list[str]] = defaultdict(list)
    for word in variants:
        buckets[word[:1], len(word)].append(word)
    return Index(
        language=language,
        entries=_frozen(entries),
        starts=_starts(entries),
        singles=_frozen(singles),
        tails=_frozen(tails),
        vocabulary=frozenset(vocabulary),
        variants=variants,
        buckets={place: tuple(sorted(words)) for place, words in buckets.items()},
    )


def _variants(singles: Mapping[str, list[Entry]], language: str) -> dict[str, tuple[Entry, ...]]:
    """Add ``koordinatenmessung`` to ``koordinatenmessen``: slips happen in every form."""
    found = _frozen(singles)
    forms_of: dict[str, list[str]] = defaultdict(list)
    for form, root in word_lists().families[language].items():
        forms_of[root].append(form)
    for word, entries in singles.items():
        shared = canonical(word, language)
        if not shared.endswith(ROOT_MARK):
            continue
        for root in (r for r in forms_of if shared.endswith(r)):
            for form in forms_of[root]:
                found.setdefault(shared.removesuffix(root) + form, tuple(entries))
    return found


def label_forms(text: str, language: str) -> tuple[str, ...]:
    """Return the words of a label in lower case, without signs and words of no meaning."""
    words = [word_form(t.text, language) for t in clean(text).tokens if t.text[0].isalnum()]
    kept = [word for word in words if word not in word_lists().function[language]]
    return tuple(kept or words)


def _made(label: WordLabel, forms: tuple[str, ...]) -> Entry | None:
    """Let "pressure vessels" lead to "Pressure vessel construction".

    German labels name such products themselves; the English ones mostly do not.
    """
    if forms[-1] not in _MAKINGS or len(forms) < 2 or forms[-2] in word_lists().ordinary:
        return None
    rest = forms[:-1]
    if len(rest) == 1 and len(rest[0]) < _SHORTEST_MADE:
        return None
    return Entry(replace(label, text=" ".join(rest), kind=LabelKind.HIDDEN), rest)


def _keys(forms: tuple[str, ...], language: str) -> set[tuple[str, ...]]:
    """Return the ways to write the words: apart, in one, and two of them the other way round."""
    apart = tuple(canonical(word, language) for word in forms)
    keys = {apart}
    if len(forms) > 1 and _joins(forms):
        keys.add((canonical("".join(forms), language),))
    if len(forms) == 2:
        keys.add((apart[1], apart[0]))
    return keys


def _joins(forms: tuple[str, ...]) -> bool:
    """Words too short to be told apart stay apart: "OP-Tische" is not "optische"."""
    return all(len(form) >= _SHORTEST_JOINED for form in forms)


def _starts(keys: Iterable[tuple[str, ...]]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for key in keys:
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return longest


def _frozen(found: Mapping[K, list[Entry]]) -> dict[K, tuple[Entry, ...]]:
    return {key: tuple(sorted(set(e), key=lambda x: x.rank)) for key, e in found.items()}
