"""The dashboards: what questions of the catalogue answer, laid out so that it is seen at a glance.

Each panel rests on one question and leads to it, so that every number can be asked for again.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.keeping import kept
from api.pages.geography import districts
from api.pages.reading import local, text_of, value_chain
from graph.catalogue import Query, find
from graph.store import Row, Store

__all__ = [
    "Bar",
    "Cell",
    "HeatMap",
    "Line",
    "Single",
    "Year",
    "bars",
    "broker_bars",
    "catalogue_rows",
    "cluster_map",
    "district_map",
    "evidence_lines",
    "single_points",
    "status_bars",
    "unknown_words",
    "years",
]

CLASSES = (1, 2, 4, 7, 10)
"""From how many on a field of a heat map has the next darker shade."""


@kept
def catalogue_rows(store: Store, name: str, language: str) -> list[Row]:
    """Answer a question of the catalogue; once for each version of the graph."""
    query: Query = find(name)
    values = {"language": language} if "language" in query.parameters else {}
    return store.select(query.bound(values))


def _number(row: Row, name: str) -> int:
    return int(text_of(row, name) or 0)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a heat map: how many, and the shade 0 to 5."""

    value: int
    shade: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a heat map: a step with a field for each column."""

    label: str
    slug: str
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Steps against districts or clusters.

    Attributes:
        columns: Key (the last part of the IRI) and label of each column.
        lines: One for each step, in the order of the chain.
        filled: How many fields are not zero.
        size: How many fields there are.
    """

    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    filled: int
    size: int


def district_map(store: Store, language: str) -> HeatMap:
    """Return how many organisations of each district claim something in each step."""
    rows = catalogue_rows(store, "coverage-by-step-and-district", language)
    found = {(str(r["step"]), local(str(r["district"]))): _number(r, "organisations") for r in rows}
    columns = sorted(((d.key, d.name) for d in districts()), key=lambda column: column[1])
    return _heat_map(store, language, columns, found)


def cluster_map(store: Store, language: str) -> HeatMap:
    """Return how many members of each cluster claim something in each step."""
    rows = catalogue_rows(store, "coverage-by-step-and-cluster", language)
    found = {(str(r["step"]), local(str(r["cluster"]))): _number(r, "members") for r in rows}
    labels = {local(str(row["cluster"])): text_of(row, "clusterLabel") for row in rows}
    columns = sorted(labels.items(), key=lambda column: (column[1].casefold(), column[0]))
    return _heat_map(store, language, columns, found)


def _heat_map(
    store: Store,
    language: str,
    columns: Sequence[tuple[str, str]],
    found: Mapping[tuple[str, str], int],
) -> HeatMap:
    lines = []
    for step in value_chain(store, language):
        values = [found.get((step.iri, key), 0) for key, _ in columns]
        cells = tuple(Cell(value, _shade(value)) for value in values)
        lines.append(Line(step.label, local(step.iri), cells, step.organisations))
    filled = sum(cell.value > 0 for line in lines for cell in line.cells)
    return HeatMap(tuple(columns), tuple(lines), filled, len(lines) * len(columns))


def _shade(value: int) -> int:
    return sum(value >= least for least in CLASSES)


@dataclass(frozen=True, slots=True)
class Single:
    """An organisation that is the only one to claim some competences.

    Attributes:
        iri: The organisation.
        name: Its name.
        competences: IRI and label of each, ordered by label.
    """

    iri: str
    name: str
    competences: tuple[tuple[str, str], ...]


def single_points(store: Store, language: str) -> tuple[Single, ...]:
    """Return who would leave a gap, those first who would leave most."""
    names: dict[str, str] = {}
    held: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in catalogue_rows(store, "single-points-of-failure", language):
        iri = str(row["organisation"])
        names[iri] = text_of(row, "organisationLabel")
        held[iri].append((str(row["competence"]), text_of(row, "label")))
    found = [
        Single(iri, names[iri], tuple(sorted(competences, key=lambda c: (c[1].casefold(), c[0]))))
        for iri, competences in held.items()
    ]
    return tuple(sorted(found, key=lambda s: (-len(s.competences), s.name.casefold(), s.iri)))


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what it is for, how long, and what is to be said beside it.

    Attributes:
        iri: What it is for; empty when it has no page.
        label: Name of it.
        value: The number.
        share: Length, 0.0-1.0 of the longest.
        more: Further numbers by name.
    """

    iri: str
    label: str
    value: float
    share: float
    more: Mapping[str, int]


def bars(found: Sequence[tuple[str, str, float, Mapping[str, int]]]) -> tuple[Bar, ...]:
    """Return bars whose longest has the length 1."""
    most = max((value for _, _, value, _ in found), default=0) or 1
    return tuple(Bar(iri, label, v, round(v / most, 4), more) for iri, label, v, more in found)


def broker_bars(store: Store, language: str, most: int = 12) -> tuple[Bar, ...]:
    """Return who connects partners that would hardly reach each other."""
    rows = catalogue_rows(store, "brokers", language)[:most]
    return bars(
        [
            (
                str(row["organisation"]),
                text_of(row, "label"),
                float(text_of(row, "betweenness")),
                {"partners": _number(row, "partners"), "parts": _number(row, "parts")},
            )
            for row in rows
        ]
    )


def status_bars(store: Store, language: str) -> tuple[Bar, ...]:
    """Return how many enquiries have which status."""
    rows = catalogue_rows(store, "enquiries-by-status", language)
    return bars(
        [
            (
                "",
                text_of(row, "statusLabel"),
                _number(row, "enquiries"),
                {"dated": _number(row, "dated")},
            )
            for row in rows
        ]
    )


def unknown_words(store: Store, language: str, most: int = 24) -> tuple[tuple[Bar, ...], int]:
    """Return the commonest words of sources that no concept covers, and how many there are."""
    rows = catalogue_rows(store, "words-without-concept", language)
    counts = [(text_of(row, "word"), _number(row, "organisations")) for row in rows[:most]]
    return bars([("", word, count, {}) for word, count in counts]), len(rows)


@dataclass(frozen=True, slots=True)
class Year:
    """A year of evidence with its number of claims; ``share`` of the highest, 0.0-1.0."""

    year: int
    claims: int
    share: float


def years(store: Store, language: str, most: int = 16) -> tuple[tuple[Year, ...], int, int]:
    """Return the last years without a break, claims older than these, and claims without a year."""
    counts: dict[int, int] = {}
    undated = 0
    for row in catalogue_rows(store, "freshness-by-year", language):
        year = text_of(row, "evidenceYear")
        if year:
            counts[int(year[:4])] = _number(row, "claims")
        else:
            undated += _number(row, "claims")
    if not counts:
        return (), 0, undated
    last = max(counts)
    first = max(min(counts), last - most + 1)
    highest = max(counts.values())
    shown = tuple(
        Year(year, counts.get(year, 0), round(counts.get(year, 0) / highest, 4))
        for year in range(first, last + 1)
    )
    return shown, sum(n for year, n in counts.items() if year < first), undated


def evidence_lines(store: Store, language: str) -> tuple[Mapping[str, str | int], ...]:
    """Return for each step how much of its evidence is stated, certain, dated and how fresh."""
    return tuple(
        {
            "label": text_of(row, "stepLabel"),
            "slug": local(str(row["step"])),
            "year": text_of(row, "latestYear")[:4],
            **{n: _number(row, n) for n in ("claims", "stated", "certain", "undated")},
        }
        for row in catalogue_rows(store, "evidence-by-step", language)
    )
