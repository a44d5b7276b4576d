"""From the store to the plain values of the core: one graph version becomes one landscape."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import combinations

from rdflib import Literal
from rdflib.term import Identifier

from graph.errors import StoreCorruptError
from graph.model import (
    Certificate,
    Claim,
    Competence,
    CompetenceScheme,
    Dimension,
    FitRule,
    Landscape,
    Limit,
    Organisation,
    Place,
    Tie,
    Truth,
)
from graph.resources import query_texts
from graph.states import state_of
from graph.store import Row, Store

__all__ = ["read_landscape", "read_limits", "rows"]

# The employee limit of the EU definition of small and medium enterprises (2003/361/EC, article 2);
# turnover and ownership are not known, so a smaller head count alone is taken for "small".
_SMALL_BELOW_EMPLOYEES = 250


def rows(store: Store, name: str, bindings: Mapping[str, Identifier] | None = None) -> list[Row]:
    """Run the reading query ``queries/reading/<name>.rq`` and return its rows in order."""
    return store.select(_queries()[name], bindings or {})


@cache
def _queries() -> dict[str, str]:
    return dict(query_texts("reading"))


def read_landscape(store: Store, language: str = "de") -> Landscape:
    """Read everything that consortium assembly needs from the store's current generation.

    Args:
        store: Where the graph lives.
        language: Language tag of the labels; German where the language has none.

    Returns:
        The landscape; the same generation and language give an equal one.

    Raises:
        StoreCorruptError: A value in the graph is not of its declared kind.
    """
    labels = _labels(rows(store, "labels"), language)
    limits = read_limits(store)
    organisations = _organisations(store)
    return Landscape(
        version=store.version,
        scheme=_scheme(store, labels),
        organisations=organisations,
        claims=_claims(rows(store, "claims"), limits, organisations),
        ties=tuple(sorted(_ties(store), key=lambda t: (t.first, t.second, t.context))),
        labels=labels,
    )


def _text(row: Row, name: str) -> str:
    return str(row.get(name, ""))


def _optional(row: Row, name: str) -> str | None:
    return str(row[name]) if name in row else None


def _number(row: Row, name: str) -> float | None:
    term = row.get(name)
    if term is None:
        return None
    if isinstance(term, Literal) and isinstance(value := term.toPython(), int | float | Decimal):
        return float(value)
    raise StoreCorruptError(f"{name} should be a number but is {term!r}")


def _year(row: Row, name: str) -> int | None:
    """Year of a gYear, gYearMonth or date."""
    text = _text(row, name)
    if not text:
        return None
    if not text[:4].isdigit():
        raise StoreCorruptError(f"{name} should begin with a year but is {text!r}")
    return int(text[:4])


def _day(row: Row, name: str) -> str | None:
    """Day of a date, ISO 8601; ``None`` where there is none."""
    text = _text(row, name)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError as error:
        raise StoreCorruptError(f"{name} should be a day but is {text!r}") from error


def _labels(found: Iterable[Row], language: str) -> dict[str, str]:
    """Preferred label of each thing: the asked language, else German, else any."""
    ranked: dict[str, tuple[int, str]] = {}
    for row in found:
        label = row["label"]
        tag = label.language if isinstance(label, Literal) else None
        rank = 0 if tag == language else 1 if tag == "de" else 2
        thing = str(row["thing"])
        ranked[thing] = min(ranked.get(thing, (3, "")), (rank, str(label)))
    return {thing: label for thing, (_, label) in sorted(ranked.items())}


def _scheme(store: Store, labels: Mapping[str, str]) -> CompetenceScheme:
    related: dict[str, set[str]] = defaultdict(set)
    first: dict[str, Row] = {}
    for row in rows(store, "competences"):
        iri = str(row["competence"])
        first.setdefault(iri, row)
        if "related" in row:
            related[iri].add(str(row["related"]))
    following: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "steps"):
        following[str(row["step"])] |= {str(row["next"])} if "next" in row else set()
    return CompetenceScheme(
        competences={
            iri: Competence(
                iri=iri,
                label=labels.get(iri, iri),
                broader=_optional(row, "broader"),
                step=_optional(row, "step"),
                related=frozenset(related[iri]),
            )
            for iri, row in first.items()
        },
        precedes={step: frozenset(after) for step, after in following.items()},
        dimensions=_dimensions(store, labels),
        materials={str(r["material"]): str(r["broader"]) for r in rows(store, "materials")},
    )


def _dimensions(store: Store, labels: Mapping[str, str]) -> dict[str, Dimension]:
    return {
        iri: Dimension(
            iri=iri,
            fit_rule=FitRule(_text(row, "rule").rpartition("/")[2]),
            label=labels.get(iri, iri),
            unit=_text(row, "unit").rpartition("/")[2],
        )
        for row in rows(store, "dimensions")
        for iri in [str(row["dimension"])]
    }


def read_limits(store: Store) -> dict[str, tuple[Limit, ...]]:
    """Return the limits of every claim and requirement that has some, by its IRI."""
    found: dict[str, list[Limit]] = defaultdict(list)
    for row in rows(store, "limits"):
        limit = Limit(str(row["dimension"]), _number(row, "minimum"), _number(row, "maximum"))
        found[str(row["owner"])].append(limit)
    return {owner: tuple(limits) for owner, limits in found.items()}


def _claims(
    found: Iterable[Row],
    limits: Mapping[str, tuple[Limit, ...]],
    organisations: Mapping[str, Organisation],
) -> tuple[Claim, ...]:
    by_claim: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        if str(row["organisation"]) in organisations:
            by_claim[str(row["claim"])].append(row)
    return tuple(
        _claim(iri, group, limits.get(iri, ()), organisations) for iri, group in by_claim.items()
    )


def _claim(
    iri: str,
    group: list[Row],
    limits: tuple[Limit, ...],
    organisations: Mapping[str, Organisation],
) -> Claim:
    row = group[0]
    organisation = str(row["organisation"])
    confidence = _number(row, "confidence")
    return Claim(
        iri=iri,
        organisation=organisation,
        competence=str(row["competence"]),
        term=_text(row, "term"),
        steps=frozenset(str(r["step"]) for r in group if "step" in r),
        materials=frozenset(str(r["material"]) for r in group if "material" in r),
        limits=limits,
        detail=_text(row, "detail"),
        confidence=0.5 if confidence is None else confidence,
        basis=_text(row, "basis").rpartition("/")[2] or "stated",
        evidence_year=_year(row, "year"),
        source=_text(row, "source"),
        place=organisations[organisation].place,
        valid_through=_day(row, "through"),
    )


def _organisations(store: Store) -> dict[str, Organisation]:
    same_as = _representatives(rows(store, "identities"))
    certificates: dict[str, list[Certificate]] = defaultdict(list)
    for row in rows(store, "certificates"):
        certificates[str(row["holder"])].append(_certificate(row))
    clusters: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "memberships"):
        if str(row["kind"]) == "cluster":
            clusters[str(row["member"])].add(str(row["context"]))
    places = {str(row["organisation"]): _place(row) for row in reversed(rows(store, "sites"))}
    sectors: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "sectors"):
        sectors[str(row["organisation"])].add(str(row["sector"]))
    found: dict[str, Organisation] = {}
    for row in rows(store, "organisations"):
        iri = str(row["organisation"])
        if iri not in found:
            found[iri] = _organisation(
                row,
                places.get(iri),
                frozenset(clusters[iri]),
                tuple(certificates[iri]),
                same_as.get(iri, iri),
                frozenset(sectors[iri]),
            )
    return found


def _organisation(
    row: Row,
    place: Place | None,
    clusters: frozenset[str],
    certificates: tuple[Certificate, ...],
    same_as: str,
    sectors: frozenset[str],
) -> Organisation:
    employees = _number(row, "employees")
    status = _text(row, "status").rpartition("/")[2]
    small = Truth.YES if employees is not None and employees < _SMALL_BELOW_EMPLOYEES else Truth.NO
    return Organisation(
        iri=str(row["organisation"]),
        name=_text(row, "name"),
        kind=_text(row, "type").rpartition("#")[2],
        place=place,
        clusters=clusters,
        certificates=certificates,
        is_small=Truth.UNKNOWN if employees is None else small,
        is_active={"closing": Truth.NO, "to-be-verified": Truth.UNKNOWN}.get(status, Truth.YES),
        caution=_text(row, "note") if status else "",
        same_as=same_as,
        sectors=sectors,
    )


def _place(row: Row) -> Place | None:
    latitude, longitude = _number(row, "latitude"), _number(row, "longitude")
    if latitude is None or longitude is None:
        return None
    return Place(
        latitude=latitude,
        longitude=longitude,
        town=_text(row, "town"),
        district=_optional(row, "district"),
        is_approximate=True,
        state=state_of(_optional(row, "district")),
    )


def _certificate(row: Row) -> Certificate:
    return Certificate(
        iri=str(row["certificate"]),
        type=str(row["type"]),
        valid_through=_day(row, "through"),
        source=_text(row, "source"),
    )


def _representatives(pairs: Iterable[Row]) -> dict[str, str]:
    """For every entry that has a double the smallest IRI among those it is linked with."""
    groups: dict[str, set[str]] = {}
    for row in pairs:
        first, second = str(row["first"]), str(row["second"])
        joined = groups.get(first, {first}) | groups.get(second, {second})
        groups |= dict.fromkeys(joined, joined)
    return {iri: min(group) for iri, group in groups.items()}


def _ties(store: Store) -> Iterable[Tie]:
    contexts: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows(store, "memberships"):
        contexts[str(row["context"])].setdefault(str(row["member"]), row)
    for row in rows(store, "relations"):
        contexts[str(row["relation"])].setdefault(str(row["organisation"]), row)
    for context, members in contexts.items():
        for first, second in combinations(sorted(members), 2):
            row = members[first]
            yield Tie(
                first=first,
                second=second,
                context=context,
                kind=_text(row, "kind") or "relation",
                label=_text(row, "label"),
                year=_year(row, "year"),
                source=_text(row, "source"),
            )
