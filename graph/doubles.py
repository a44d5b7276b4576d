"""Entries that may mean the same organisation: names alike within one district."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from pyoxigraph import QuerySolutions, Store
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.utils import default_process

__all__ = ["LikelyDouble", "likely_doubles"]

_ALIKE = 0.85
"""Two names of one district from here on are worth a look; equal ones are another check's."""

_ENTRIES = """
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vb: <https://w3id.org/verbund/def#>
SELECT DISTINCT ?entry ?name ?district WHERE {
  ?entry org:classification ?any ;
    skos:prefLabel ?name ;
    org:hasPrimarySite ?site .
  ?site vb:district ?district .
}
"""
_DECIDED = """
PREFIX vb: <https://w3id.org/verbund/def#>
SELECT ?first ?second WHERE {
  ?judgement vb:concerns ?first , ?second .
  FILTER(STR(?first) < STR(?second))
}
"""


@dataclass(frozen=True, slots=True, order=True)
class LikelyDouble:
    """Two entries that nobody has decided about.

    Attributes:
        first: IRI of one entry.
        second: IRI of the other, the greater one.
        score: Likeness of their names, 0.85-1.0 (token sort ratio of rapidfuzz: the order of
            words, case and punctuation do not matter).
    """

    first: str
    second: str
    score: float


def likely_doubles(store: Store, *, union: bool = False) -> list[LikelyDouble]:
    """Return pairs of one district with names alike, sorted.

    Args:
        store: Where to look.
        union: Look at the union of all graphs instead of the default graph.
    """
    decided = {tuple(row) for row in _rows(store, _DECIDED, union=union)}
    by_district: dict[str, dict[str, str]] = defaultdict(dict)
    for entry, name, district in _rows(store, _ENTRIES, union=union):
        by_district[district].setdefault(entry, name)
    return sorted(
        double
        for entries in by_district.values()
        for double in _alike(entries)
        if (double.first, double.second) not in decided
    )


def _alike(entries: dict[str, str]) -> Iterator[LikelyDouble]:
    plain = {entry: default_process(name) for entry, name in entries.items()}
    for first, second in combinations(sorted(plain), 2):
        score = token_sort_ratio(plain[first], plain[second]) / 100
        if score >= _ALIKE and plain[first] != plain[second]:
            yield LikelyDouble(first, second, score)


def _rows(store: Store, query: str, *, union: bool) -> Iterator[list[str]]:
    solutions = store.query(query, use_default_graph_as_union=union)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("not a SELECT query")
    for solution in solutions:
        yield [str(getattr(term, "value", term)) for term in solution]
