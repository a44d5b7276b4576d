"""Words that look like trade terms and that no label explains: what the vocabulary lacks."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from graph.understanding.lexicon import Index
from graph.understanding.morphology import canonical
from graph.understanding.text import CleanText
from graph.understanding.values import Proposal, Span, VocabularyGap
from graph.understanding.windows import Word, content_words
from graph.understanding.words import word_lists

__all__ = ["count_gaps", "vocabulary_gaps"]

_SHORTEST = 7


def vocabulary_gaps(
    text: CleanText, index: Index, read: Iterable[tuple[int, int]]
) -> tuple[VocabularyGap, ...]:
    """Return the unexplained words, most frequent first, then in the order of the text.

    Args:
        text: The cleaned text.
        index: Labels of the competences in its language.
        read: What has been read already.
    """
    taken = list(read)
    found: dict[str, list[Span]] = defaultdict(list)
    for word in content_words(text, index.language):
        is_read = any(start < word.end and word.start < end for start, end in taken)
        if not is_read and _looks_like_trade(word, index):
            found[canonical(word.form, index.language)].append(text.span(word.start, word.end))
    gaps = [VocabularyGap(s[0].words, len(s), tuple(s)) for s in found.values()]
    return tuple(sorted(gaps, key=lambda gap: (-gap.count, gap.spans[0].start)))


def _looks_like_trade(word: Word, index: Index) -> bool:
    lists = word_lists()
    form = word.form
    if len(form) < _SHORTEST or form in lists.no_gaps or form in lists.ordinary:
        return False
    if form in index.vocabulary or form in lists.heads or form in lists.trade_endings:
        return False
    return form.endswith(lists.trade_endings)


def count_gaps(proposals: Iterable[Proposal]) -> list[tuple[str, int]]:
    """Return the unexplained words of many texts with their frequency, most frequent first."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for proposal in proposals:
        for gap in proposal.gaps:
            key = canonical(gap.word, proposal.language)
            written.setdefault(key, gap.word)
            counts[key] += gap.count
    return sorted(
        ((written[key], count) for key, count in counts.items()), key=lambda p: (-p[1], p[0])
    )
