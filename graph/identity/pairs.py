"""Which entries are worth comparing: those that share rare traits.

Comparing each entry with each would take 50 million comparisons for 10,000 entries. A pair that
means one organisation shares an identifier, a domain, or the beginning or the end of most of its
telling words; a slip of the pen spoils one of the two.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from graph.identity.entries import Entry
from graph.identity.evidence import Frequencies
from graph.identity.names import initials

__all__ = ["pairs_to_compare"]

_MOST = 60
"""Entries that may share a trait; one that more share tells nothing."""

_SHARED = 0.4
"""Share of the weak traits of the entry with fewer that a pair must have in common."""

_LETTERS = 4
_WORDS = 4


def pairs_to_compare(entries: Sequence[Entry], seen: Frequencies) -> list[tuple[int, int]]:
    """Return pairs of positions, the lower one first, sorted."""
    weak = [frozenset(_weak(entry, seen)) for entry in entries]
    shared: Counter[tuple[int, int]] = Counter(_pairs(weak))
    found = {
        (one, other)
        for (one, other), count in shared.items()
        if count >= _SHARED * min(len(weak[one]), len(weak[other]))
    }
    found.update(_pairs([frozenset(_strong(entry)) for entry in entries]))
    return sorted(found)


def _pairs(traits: Sequence[Iterable[str]]) -> Iterator[tuple[int, int]]:
    """Yield each pair once for each trait that it shares."""
    blocks: dict[str, list[int]] = defaultdict(list)
    for position, own in enumerate(traits):
        for trait in own:
            blocks[trait].append(position)
    for block in blocks.values():
        if len(block) <= _MOST:
            yield from combinations(block, 2)


def _strong(entry: Entry) -> Iterator[str]:
    for system, value in entry.identifiers:
        yield f"identifier {system} {value}"
    for domain in entry.domains:
        yield f"domain {domain}"
    for name in entry.names:
        yield f"letters {name.joined}"
        if len(name.words) == 1:
            yield f"short {name.words[0]}"
        elif len(name.words) >= 3:
            yield f"short {initials(name.words)}"


def _weak(entry: Entry, seen: Frequencies) -> Iterator[str]:
    for name in entry.names:
        for word in sorted(set(name.words), key=lambda w: (-seen.rarity(w), w))[:_WORDS]:
            yield f"begins {word[:_LETTERS]}"
            yield f"ends {word[-_LETTERS:]}"
