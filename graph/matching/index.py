"""The landscape laid out in columns, so that no enquiry looks at every claim.

Competences are numbered in the order of a walk through their tree (Euler order): everything at
or below a competence is one contiguous slice of the claims. Facts that claims share (sets of
steps or materials, limits, places, certificates) are stored once and referred to by number, so
that a check is evaluated once for each distinct fact and spread over the claims by numpy.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.model import (
    Certificate,
    Claim,
    CompetenceScheme,
    Landscape,
    Limit,
    Organisation,
    Place,
    Truth,
)

__all__ = [
    "Column",
    "CompetenceOrder",
    "Index",
    "distinct",
    "in_order",
    "index_of",
    "runs_of",
    "spelt_out",
]

T = TypeVar("T", bound=Hashable)
V = TypeVar("V")

_CACHED_LANDSCAPES = 4
"""One for each visibility, and the generation before while it is being replaced."""

_REMEMBERED = 16
"""Derived values for different weights, kept for the next run with the same."""


_FEW_VALUES = 16
"""So few values are sooner all evaluated than it is found which of them occur."""

_SORTED_BELOW = 8
"""How many times larger than their number a range must be for numbers to be sorted."""


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """Distinct values and, for each row, the number of its value."""

    values: tuple[T, ...]
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, values: Iterable[T]) -> "Column[T]":
        """Store each distinct value once, numbered by first occurrence."""
        every = list(values)  # keeps the values alive, so that an identity stands for one of them
        numbers: dict[T, int] = {}
        known: dict[int, int] = {}
        rows = np.empty(len(every), dtype=np.int32)
        for row, value in enumerate(every):
            number = known.get(id(value))
            if number is None:
                number = known[id(value)] = numbers.setdefault(value, len(numbers))
            rows[row] = number
        return cls(tuple(numbers), rows)

    def spread(self, rows: NDArray[np.int64], of: Callable[[T], int]) -> NDArray[np.int64]:
        """Return ``of(value)`` for each of the rows, evaluated once for each distinct value.

        Of few values all are evaluated, of many those that occur.
        """
        numbers = self.rows[rows]
        if len(self.values) <= _FEW_VALUES:
            return np.array([of(value) for value in self.values], dtype=np.int64)[numbers]
        if len(self.values) > _SORTED_BELOW * len(numbers):
            few, inverse = np.unique(numbers, return_inverse=True)
            return np.array([of(self.values[n]) for n in few.tolist()], dtype=np.int64)[inverse]
        occurs = np.zeros(len(self.values), dtype=bool)
        occurs[numbers] = True
        found = np.flatnonzero(occurs)
        results = np.zeros(len(self.values), dtype=np.int64)
        results[found] = [of(self.values[n]) for n in found.tolist()]
        return results[numbers]


def distinct(numbers: NDArray[Any], limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct numbers, ascending, and for each number its place among them.

    Many numbers are ticked off in a list; only few of a great range are sorted.

    Args:
        numbers: Numbers from zero on.
        limit: All of them are below it.
    """
    if limit > _SORTED_BELOW * len(numbers):
        few, inverse = np.unique(numbers, return_inverse=True)
        return few.astype(np.int64), inverse
    occurs = np.zeros(limit, dtype=bool)
    occurs[numbers] = True
    found = np.flatnonzero(occurs)
    places = np.empty(limit, dtype=np.int64)
    places[found] = np.arange(len(found))
    return found, places[numbers]


def in_order(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the order in which numbers from zero on ascend, equal ones as they come.

    Digit by digit, the last one first (radix sort), of sixteen bits each: these numpy puts in
    order without comparing them.
    """
    order = np.argsort(numbers.astype(np.uint16), kind="stable")
    for shift in range(16, int(numbers.max(initial=0)).bit_length(), 16):
        digits = (numbers[order] >> shift).astype(np.uint16)
        order = order[np.argsort(digits, kind="stable")]
    return order


def runs_of(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct numbers of ascending ones from zero on, and where each begins."""
    starts = np.flatnonzero(np.diff(numbers, prepend=-1))
    return numbers[starts], starts


def spelt_out(
    first: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each number of each span the number of the span and the number itself.

    Args:
        first: Where each span begins.
        last: The number after its last one.
    """
    counts = last - first
    spans = np.repeat(np.arange(len(first)), counts)
    offsets = np.arange(len(spans)) - np.repeat(np.cumsum(counts) - counts, counts)
    return spans, first[spans] + offsets


class CompetenceOrder:
    """Numbers of competences such that each subtree is one interval.

    Attributes:
        first: For each competence its number.
        last: For each competence the number after the last one of its subtree.
        children: Direct narrower competences, sorted.
    """

    def __init__(self, scheme: CompetenceScheme) -> None:
        """Walk the tree, children in the order of their IRIs.

        Raises:
            ValueError: The broader relation has a cycle.
        """
        self.children: dict[str | None, list[str]] = {}
        for iri in sorted(scheme.competences):
            broader = scheme.competences[iri].broader
            parent = broader if broader in scheme.competences else None
            self.children.setdefault(parent, []).append(iri)
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        self._walk()
        if len(self.last) < len(scheme.competences):
            lost = min(set(scheme.competences) - set(self.last))
            raise ValueError(f"the broader competences of {lost} form a cycle")

    def _walk(self) -> None:
        stack = [(iri, False) for iri in reversed(self.children.get(None, []))]
        while stack:
            iri, is_done = stack.pop()
            if is_done:
                self.last[iri] = len(self.first)
                continue
            self.first[iri] = len(self.first)
            stack.append((iri, True))
            stack.extend((child, False) for child in reversed(self.children.get(iri, [])))


def _merge(iri: str, entries: Sequence[Organisation]) -> Organisation:
    """Return one organisation for all entries of it; the one of the IRI itself speaks first.

    The most doubtful status wins, for a warning on one entry concerns the others.
    """
    own = sorted(entries, key=lambda entry: (entry.iri != iri, entry.iri))
    status = {entry.is_active for entry in own}
    smallness = [entry.is_small for entry in own if entry.is_small is not Truth.UNKNOWN]
    active = next(t for t in (Truth.NO, Truth.UNKNOWN, Truth.YES) if t in status)
    return replace(
        own[0],
        iri=iri,
        same_as=iri,
        place=next((entry.place for entry in own if entry.place is not None), None),
        clusters=frozenset().union(*(entry.clusters for entry in own)),
        sectors=frozenset().union(*(entry.sectors for entry in own)),
        certificates=tuple(
            sorted({c for entry in own for c in entry.certificates}, key=lambda c: c.iri)
        ),
        is_small=smallness[0] if smallness else Truth.UNKNOWN,
        is_active=active,
        caution=" ".join(dict.fromkeys(entry.caution for entry in own if entry.caution)),
    )


class Index:
    """A landscape in columns. Build it once for each graph version; it never changes.

    Organisations are numbered in the order of the IRIs that stand for them, claims in Euler
    order of their competence, then by organisation, then by IRI. A claim of an organisation or
    at a competence that the landscape does not have can answer nothing and is left out.

    Attributes:
        landscape: What was indexed.
        organisations: One for all entries of the same organisation, sorted by IRI.
        position: Number of the organisation for each IRI of an entry.
        order: Numbers of the competences.
        claims: Claims by row.
        claim_organisation: Organisation number by row.
        claim_rank: Rank of the claim's IRI by row, for ties.
        claim_confidence: Share by row.
        claim_year: Year of evidence by row, ``-1`` when not known.
        claim_start: First row of each competence number, and the number of rows at the end.
        steps: Step sets by row.
        materials: Material sets by row.
        limits: Limits by row.
        validity: Last day by row, ``None`` where no end is stated.
        expiring: Some claim has a last day.
        places: Places by row, that of the claim or else of the organisation.
        coordinates: Latitude and longitude of each distinct place; NaN where not known.
        certificates: Certificates by organisation.
        status: Operating status by organisation.
    """

    def __init__(self, landscape: Landscape) -> None:
        self.landscape = landscape
        self._memory: OrderedDict[Hashable, Any] = OrderedDict()
        self._memory_lock = Lock()
        self._kept: dict[Hashable, Any] = {}
        self.order = CompetenceOrder(landscape.scheme)
        self.organisations, self.position = _organisations(landscape)
        self._sort_claims(landscape)
        self._lay_out()

    def remember(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return what was made for a key before, or make it; the last few are kept.

        For what others derive from the landscape: it lives as long as the index does.
        """
        with self._memory_lock:
            value = self._memory.pop(key, None)
        made: V = make() if value is None else value
        with self._memory_lock:
            self._memory[key] = made
            while len(self._memory) > _REMEMBERED:
                self._memory.popitem(last=False)
        return made

    def keep(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return what was made for a key before, or make it; kept as long as the index.

        For what every enquiry needs; see :func:`graph.consortium.preparation.prepared`.
        """
        value = self._kept.get(key)
        if value is None:
            value = self._kept.setdefault(key, make())
        kept: V = value
        return kept

    def _sort_claims(self, landscape: Landscape) -> None:
        first, position = self.order.first, self.position
        usable = [
            c for c in landscape.claims if c.organisation in position and c.competence in first
        ]
        if any(one.iri > two.iri for one, two in pairwise(usable)):
            usable.sort(key=lambda c: c.iri)
        numbers = np.array([first[c.competence] for c in usable], dtype=np.int64)
        owners = np.array([position[c.organisation] for c in usable], dtype=np.int64)
        rows = np.lexsort((owners, numbers))  # stable, so equal ones stay in the order of IRIs
        self.claims = tuple(usable[row] for row in rows.tolist())
        self.claim_organisation = owners[rows]
        self.claim_rank = rows
        self.claim_start = np.searchsorted(numbers[rows], np.arange(len(first) + 1))

    def _lay_out(self) -> None:
        claims = self.claims
        self.claim_confidence = np.array([c.confidence for c in claims], dtype=np.float64)
        self.claim_year = np.array(
            [-1 if c.evidence_year is None else c.evidence_year for c in claims], dtype=np.int64
        )
        self.steps: Column[frozenset[str]] = Column.of(c.steps for c in claims)
        self.materials: Column[frozenset[str]] = Column.of(c.materials for c in claims)
        self.limits: Column[tuple[Limit, ...]] = Column.of(c.limits for c in claims)
        self.validity: Column[str | None] = Column.of(c.valid_through for c in claims)
        self.expiring = any(day is not None for day in self.validity.values)
        homes = [organisation.place for organisation in self.organisations]
        owners = self.claim_organisation.tolist()
        self.places: Column[Place | None] = Column.of(
            homes[owner] if claim.place is None else claim.place
            for claim, owner in zip(claims, owners, strict=True)
        )
        self.coordinates = (
            np.array([np.nan if p is None else p.latitude for p in self.places.values]),
            np.array([np.nan if p is None else p.longitude for p in self.places.values]),
        )
        self.certificates: Column[tuple[Certificate, ...]] = Column.of(
            o.certificates for o in self.organisations
        )
        self.status: Column[Truth] = Column.of(o.is_active for o in self.organisations)

    def claim_place(self, claim: Claim) -> Place | None:
        """Return the place of a claim, that of its organisation where the claim has none."""
        if claim.place is not None:
            return claim.place
        return self.organisations[self.position[claim.organisation]].place

    def rows_below(self, competence: str) -> NDArray[np.int64]:
        """Return the rows of claims at the competence or a narrower one."""
        start = self.claim_start[self.order.first[competence]]
        return np.arange(start, self.claim_start[self.order.last[competence]])

    def rows_at(self, competence: str) -> NDArray[np.int64]:
        """Return the rows of claims at the competence itself."""
        number = self.order.first[competence]
        return np.arange(self.claim_start[number], self.claim_start[number + 1])


def _organisations(landscape: Landscape) -> tuple[tuple[Organisation, ...], dict[str, int]]:
    entries: dict[str, list[Organisation]] = {}
    for organisation in landscape.organisations.values():
        entries.setdefault(organisation.same_as or organisation.iri, []).append(organisation)
    merged = []
    position: dict[str, int] = {}
    for number, iri in enumerate(sorted(entries)):
        group = entries[iri]
        is_plain = len(group) == 1 and group[0].iri == iri
        merged.append(group[0] if is_plain else _merge(iri, group))
        position[iri] = number
        position.update((entry.iri, number) for entry in group)
    return tuple(merged), position


_cache: OrderedDict[int, Index] = OrderedDict()
_cache_lock = Lock()


def index_of(landscape: Landscape) -> Index:
    """Return the index of a landscape, built at the first call for this very object.

    The last few are kept. The entry holds the landscape, so its identity cannot be reused.
    """
    with _cache_lock:
        index = _cache.get(id(landscape))
        if index is None:
            index = _cache[id(landscape)] = Index(landscape)
        _cache.move_to_end(id(landscape))
        while len(_cache) > _CACHED_LANDSCAPES:
            _cache.popitem(last=False)
        return index
