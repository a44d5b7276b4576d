"""Weighing whether two entries mean one organisation.

Evidence is added up as Fellegi and Sunter do [1]_: each agreement or difference has a weight,
the binary logarithm of how much more often it is seen in pairs of one organisation than in
others. Strings are compared by rapidfuzz. The weights are set by hand, since there are too few
decided pairs to learn them from; ``benchmarks/identity.py`` measures what they find and miss, on
invented duplicates that they were not set by.

References:
    .. [1] Fellegi, I. P., Sunter, A. B. (1969). A theory for record linkage. Journal of the
       American Statistical Association, 64(328), 1183-1210.
"""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from graph.identity.entries import Entry
from graph.identity.names import BRANCHES, Name, initials

__all__ = ["Evidence", "Frequencies", "Reason", "compare", "probability"]

_PRIOR = -10.0
"""Of about a thousand pairs that are compared at all, one is a pair."""


class Reason(StrEnum):
    """Kinds of evidence."""

    SAME_IDENTIFIER = "same-identifier"
    OTHER_IDENTIFIER = "other-identifier"
    SAME_NAME = "same-name"
    ALIKE_NAME = "alike-name"
    SHORT_NAME = "short-name"
    OTHER_NAME = "other-name"
    BRANCH = "branch"
    SAME_TOWN = "same-town"
    SAME_DISTRICT = "same-district"
    OTHER_TOWN = "other-town"
    SAME_DOMAIN = "same-domain"
    OTHER_DOMAIN = "other-domain"
    SAME_FORM = "same-legal-form"
    OTHER_FORM = "other-legal-form"
    OTHER_KIND = "other-kind"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for or against a pair.

    Attributes:
        reason: What kind of thing.
        weight: How much it speaks for it, in bits; below zero against it.
        first: What the first entry says.
        second: What the second entry says.
    """

    reason: Reason
    weight: float
    first: str
    second: str


class Frequencies:
    """How rare words and domains are among all entries."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        listed = list(entries)
        self.size = max(len(listed), 2)
        self.words = Counter(w for e in listed for w in {w for n in e.names for w in n.words})
        self.domains = Counter(domain for entry in listed for domain in entry.domains)
        self.towns = frozenset(part for e in listed for town in e.towns for part in town.split())
        self._is_town_of: dict[str, bool] = {}

    def rarity(self, word: str) -> float:
        """Return how much a word tells, in bits; at least 0.5."""
        # one more than it is seen: a word seen twice may be the pair itself
        return max(0.5, math.log2(max(self.size, 256) / (self.words[word] + 1)))

    def telling(self, name: Name) -> list[str]:
        """Return the words of a name that say neither where it is nor that it is a branch.

        A town in a name is evidence of its own, see :attr:`Reason.BRANCH`.
        """
        telling = [w for w in name.words if w not in BRANCHES and not self._is_town(w)]
        return telling or list(name.words)

    def _is_town(self, word: str) -> bool:
        return word in self.towns or (
            len(word) >= 6 and any(_same_word(word, t) for t in self.towns)
        )


def probability(evidence: Iterable[Evidence]) -> float:
    """Return how likely a pair is one organisation, 0.0-1.0, after all evidence."""
    bits = _PRIOR + sum(one.weight for one in evidence)
    return 1 / (1 + 2 ** -max(-60.0, min(60.0, bits)))


def compare(first: Entry, second: Entry, seen: Frequencies) -> tuple[Evidence, ...]:
    """Return all that speaks for or against two entries being one organisation."""
    found = [*_identifiers(first, second), *_names(first, second, seen)]
    found += [*_towns(first, second), *_domains(first, second, seen)]
    found += [*_forms(first, second), *_kinds(first, second)]
    return tuple(sorted(found, key=lambda one: (-abs(one.weight), one.reason)))


_IDENTIFIER = {"lei": -15.0, "ror": -12.0, "vat": -9.0, "register": -5.0}
"""What it says when the values of one system differ; a firm that moves changes its register."""


def _identifiers(first: Entry, second: Entry) -> Iterator[Evidence]:
    for system in sorted({s for s, _ in first.identifiers} & {s for s, _ in second.identifiers}):
        one = {value for name, value in first.identifiers if name == system}
        other = {value for name, value in second.identifiers if name == system}
        shown = f"{system} {min(one)}", f"{system} {min(other)}"
        if both := one & other:
            said = f"{system} {min(both)}"
            yield Evidence(Reason.SAME_IDENTIFIER, 30.0, said, said)
        else:
            yield Evidence(Reason.OTHER_IDENTIFIER, _IDENTIFIER.get(system, -4.0), *shown)


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How alike two names are.

    Attributes:
        share: Part of what the words tell that both have, 0.0-1.0.
        bits: How much the words in common tell.
        first: One name.
        second: The other.
        is_short: One is the initials of the other.
    """

    share: float
    bits: float
    first: Name
    second: Name
    is_short: bool = False


def _names(first: Entry, second: Entry, seen: Frequencies) -> Iterator[Evidence]:
    pairs = (_alike(a, b, seen) for a in first.names for b in second.names)
    best = max(pairs, key=lambda like: (like.share, like.bits, like.first.text, like.second.text))
    shown = best.first.text, best.second.text
    yield _name_evidence(best, shown)
    if best.share >= 0.6 and _is_branch_of(best, first, second, seen):
        yield Evidence(Reason.BRANCH, -14.0, *shown)


def _name_evidence(best: _Likeness, shown: tuple[str, str]) -> Evidence:
    told = min(best.bits, 9.0)
    if best.is_short:
        return Evidence(Reason.SHORT_NAME, 6.0, *shown)
    if best.share >= 0.995:
        return Evidence(Reason.SAME_NAME, 4.0 + told, *shown)
    if best.share >= 0.8:
        return Evidence(Reason.ALIKE_NAME, 3.0 + told - 30 * (1 - best.share), *shown)
    return Evidence(Reason.OTHER_NAME, -8.0, *shown)


def _alike(one: Name, other: Name, seen: Frequencies) -> _Likeness:
    """Compare two names word by word, each word counted by what it tells."""
    left, right = seen.telling(one), seen.telling(other)
    if _is_short(left, right) or _is_short(right, left):
        return _Likeness(0.9, 6.0, one, other, is_short=True)
    told = sum(seen.rarity(word) for word in left), sum(seen.rarity(word) for word in right)
    if "".join(left) == "".join(right):
        return _Likeness(1.0, max(told), one, other)
    matched = sum(_matched(left, right, seen))
    share = 2 * matched / (sum(told) or 1.0)
    whole = ratio("".join(left), "".join(right)) / 100
    # one long word written in two ways has no words in common, only letters
    if whole >= 0.93 and len("".join(left)) >= 8 and not _differ(left, right):
        share = max(share, whole)
    return _Likeness(min(share, 0.99), min(told), one, other)


def _is_short(one: list[str], other: list[str]) -> bool:
    short = len(one) == 1 and 3 <= len(one[0]) <= 7 and len(other) >= 3
    return short and one[0] == initials(other)


def _matched(left: list[str], right: list[str], seen: Frequencies) -> Iterator[float]:
    """Yield what each pair of like words tells; each word is used once."""
    open_words = list(right)
    for word in left:
        likeness = [(_same_word(word, other), other) for other in open_words]
        best, other = max(likeness, default=(0.0, ""))
        if best:
            open_words.remove(other)
            yield best * (seen.rarity(word) + seen.rarity(other)) / 2


def _same_word(one: str, other: str) -> float:
    """Return 1.0 for equal words, less for an abbreviation or a slip of the pen, else 0.0."""
    if one.rstrip(".") == other.rstrip("."):
        return 1.0
    for short, whole in ((one, other), (other, one)):
        begin, stop, end = short.partition(".")
        if stop and len(begin) >= 2 and whole.startswith(begin) and whole.endswith(end):
            return 0.95
    longest = max(len(one), len(other))
    slips = OSA.distance(one, other, score_cutoff=2)
    return 0.95 if slips <= (longest >= 5) + (longest >= 10) else 0.0


def _differ(left: list[str], right: list[str]) -> bool:
    """Tell whether words of two names exclude each other, as numbers do."""
    numbers = {w for w in left if w.isdigit()}, {w for w in right if w.isdigit()}
    return numbers[0] != numbers[1]


def _is_branch_of(best: _Likeness, first: Entry, second: Entry, seen: Frequencies) -> bool:
    """Tell whether one is named as a branch and the other not, or each after a town of its own."""
    if best.first.is_branch != best.second.is_branch:
        return True
    return _is_elsewhere(best.first, best.second, second, seen) or _is_elsewhere(
        best.second, best.first, first, seen
    )


def _is_elsewhere(one: Name, other: Name, entry: Entry, seen: Frequencies) -> bool:
    """Tell whether a name has a town more than the other, one where the other's entry is not."""
    more = {w for w in one.words if w in seen.towns} - set(other.words)
    return bool(more - {part for town in entry.towns for part in town.split()})


def _towns(first: Entry, second: Entry) -> Iterator[Evidence]:
    if not (first.towns and second.towns):
        return
    shown = min(first.towns), min(second.towns)
    if both := first.towns & second.towns:
        yield Evidence(Reason.SAME_TOWN, 3.5, min(both), min(both))
    elif first.districts & second.districts:
        yield Evidence(Reason.SAME_DISTRICT, 0.5, *shown)
    else:
        yield Evidence(Reason.OTHER_TOWN, -2.5, *shown)


def _domains(first: Entry, second: Entry, seen: Frequencies) -> Iterator[Evidence]:
    if not (first.domains and second.domains):
        return
    if both := first.domains & second.domains:
        domain = min(both, key=lambda name: (seen.domains[name], name))
        # a domain of many entries belongs to a group or to a university
        weight = max(0.5, 7.0 - 2.0 * math.log2(max(1, seen.domains[domain] - 1)))
        yield Evidence(Reason.SAME_DOMAIN, weight, domain, domain)
    else:
        shown = min(first.domains), min(second.domains)
        yield Evidence(Reason.OTHER_DOMAIN, -3.0, *shown)


def _forms(first: Entry, second: Entry) -> Iterator[Evidence]:
    if first.forms and second.forms:
        shown = " ".join(sorted(first.forms)), " ".join(sorted(second.forms))
        if first.forms <= second.forms or second.forms <= first.forms:
            yield Evidence(Reason.SAME_FORM, 0.5, *shown)
        else:
            yield Evidence(Reason.OTHER_FORM, -5.0, *shown)


def _kinds(first: Entry, second: Entry) -> Iterator[Evidence]:
    one, other = (e.kind.rpartition("/")[2] for e in (first, second))
    companies = [kind.startswith("company") for kind in (one, other)]
    if one != other and any(companies) and not all(companies):
        yield Evidence(Reason.OTHER_KIND, -3.0, one, other)
