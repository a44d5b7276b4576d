"""Pairs of entries that may mean one organisation, for a person to decide."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from graph.identity.entries import Entry, read_entries
from graph.identity.evidence import Evidence, Frequencies, Reason, compare, probability
from graph.identity.pairs import pairs_to_compare
from graph.store import Store

__all__ = ["LIKELY", "Decision", "Proposal", "decided_pairs", "open_proposals", "propose"]

LIKELY = 0.5
"""Score from which a pair is proposed; ``benchmarks/identity.py`` shows others."""

_PREFIX = "PREFIX vb: <https://w3id.org/verbund/def#>\n"
_DECIDED = "SELECT DISTINCT ?judgement ?entry WHERE { ?judgement vb:concerns ?entry }"
_SAME = "SELECT DISTINCT ?first ?second WHERE { ?first vb:sameOrganisationAs ?second }"


class Decision(StrEnum):
    """What may be decided about two entries; the concepts of ``scheme/identity-decision``."""

    SAME = "same"
    PART_OF = "part-of"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entries that may mean one organisation.

    Attributes:
        first: One entry.
        second: The other, with the greater IRI.
        score: How likely they are one, 0.0-1.0.
        suggested: What the evidence suggests to decide: ``same``, or ``part-of`` where one is
            named as a branch.
        evidence: What speaks for it and against it, the weightiest first.
    """

    first: Entry
    second: Entry
    score: float
    suggested: Decision
    evidence: tuple[Evidence, ...]

    @property
    def pair(self) -> tuple[str, str]:
        """IRIs of the two."""
        return self.first.iri, self.second.iri


def propose(
    entries: Sequence[Entry],
    decided: Collection[tuple[str, str]] = (),
    *,
    likely: float = LIKELY,
) -> list[Proposal]:
    """Find pairs among entries.

    Args:
        entries: What to compare.
        decided: Pairs of IRIs that are not asked about again, the lesser IRI first.
        likely: Lowest score of a proposal.

    Returns:
        Proposals, the likeliest first; the same ones in any order of the entries.
    """
    listed = sorted(entries, key=lambda entry: entry.iri)
    seen = Frequencies(listed)
    found = []
    for one, other in pairs_to_compare(listed, seen):
        first, second = listed[one], listed[other]
        if (first.iri, second.iri) not in decided:
            made = _proposal(first, second, compare(first, second, seen))
            found += [made] if made.score >= likely else []
    return sorted(found, key=lambda made: (-made.score, made.pair))


def _proposal(first: Entry, second: Entry, evidence: tuple[Evidence, ...]) -> Proposal:
    reasons = {one.reason for one in evidence}
    names = (*first.names, *second.names)
    is_part = Reason.SAME_DOMAIN in reasons or any(name.is_branch for name in names)
    if Reason.BRANCH in reasons and is_part:
        # whether a branch is a part is another question than whether both are one
        rest = [one for one in evidence if one.reason not in (Reason.BRANCH, Reason.OTHER_TOWN)]
        return Proposal(first, second, probability(rest), Decision.PART_OF, evidence)
    return Proposal(first, second, probability(evidence), Decision.SAME, evidence)


def open_proposals(store: Store, *, likely: float = LIKELY) -> list[Proposal]:
    """Find pairs in a store that nobody has decided about, directly or by way of others.

    Args:
        store: Where to look; what it may see decides which entries are compared.
        likely: Lowest score of a proposal.

    Returns:
        Proposals, the likeliest first.
    """
    return propose(read_entries(store), decided_pairs(store), likely=likely)


def decided_pairs(store: Store) -> set[tuple[str, str]]:
    """Return the pairs that were decided, or that follow: what is one is one with its like."""
    judged: dict[str, set[str]] = {}
    for row in store.select(_PREFIX + _DECIDED):
        judged.setdefault(str(row["judgement"]), set()).add(str(row["entry"]))
    same: dict[str, set[str]] = {}
    for row in store.select(_PREFIX + _SAME):
        same.setdefault(str(row["first"]), set()).add(str(row["second"]))
    pairs = {(one, other) for entries in judged.values() for one in entries for other in entries}
    pairs |= {(one, other) for one, others in same.items() for other in others}
    # a decision about one entry holds for all entries that are one with it
    wide = {
        pair
        for one, other in pairs
        for pair in _product({one} | same.get(one, set()), {other} | same.get(other, set()))
    }
    return {(one, other) for one, other in wide if one < other}


def _product(left: Iterable[str], right: Collection[str]) -> Iterable[tuple[str, str]]:
    return ((one, other) for one in left for other in right)
