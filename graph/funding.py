"""Reading funding programmes and the facts of partners from the graph."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from graph.eligibility import Criterion, Partner, Programme
from graph.errors import UnknownTermError
from graph.model import Landscape, Organisation
from graph.reading import rows
from graph.store import Row, Store

__all__ = ["find_programme", "read_partners", "read_programmes"]


def read_programmes(store: Store, labels: Mapping[str, str]) -> tuple[Programme, ...]:
    """Return every programme with its rules, by IRI.

    Args:
        store: Where the graph lives.
        labels: Names of the criterion kinds by IRI, in the language asked for.
    """
    groups: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(store, "criteria"):
        groups[str(row["programme"])][str(row["criterion"])].append(row)
    described: dict[str, list[Row]] = defaultdict(list)
    for row in rows(store, "programmes"):
        described[str(row["programme"])].append(row)
    return tuple(
        _programme(
            iri, said, tuple(_criterion(c, group, labels) for c, group in groups[iri].items())
        )
        for iri, said in described.items()
    )


def _programme(iri: str, said: list[Row], criteria: tuple[Criterion, ...]) -> Programme:
    first = said[0]
    days = {date.fromisoformat(word[:10]) for word in _words(said, "deadline")}
    return Programme(
        iri=iri,
        name=str(first["name"]),
        funder=str(first.get("funder", "")),
        level=_slug(first, "level"),
        criteria=criteria,
        regions=tuple(word.rpartition("/")[2] for word in _words(said, "region")),
        deadlines=tuple(sorted(days)),
        sources=_words(said, "source"),
    )


def _words(said: list[Row], name: str) -> tuple[str, ...]:
    """Return each value of a column once, in order."""
    return tuple(dict.fromkeys(str(row[name]) for row in said if name in row))


def find_programme(programmes: Iterable[Programme], word: str) -> Programme:
    """Return the programme with this IRI, identifier (``zim``) or name.

    Raises:
        UnknownTermError: No programme is called so.
    """
    names: dict[str, Programme] = {}
    for programme in programmes:
        slug = programme.iri.rpartition("/programme-")[2]
        for name in (programme.iri, slug, programme.name):
            names[name.casefold()] = programme
    wanted = word.strip().casefold()
    if wanted in names:
        return names[wanted]
    slugs = sorted(name for name in names if "://" not in name)
    raise UnknownTermError(word, "programme", tuple(s for s in slugs if wanted[:3] in s)[:3])


def read_partners(
    store: Store, landscape: Landscape, organisations: Iterable[str]
) -> tuple[Partner, ...]:
    """Return the facts of organisations that rules ask for; entries of the same one once.

    Args:
        store: Where the graph lives.
        landscape: Its landscape.
        organisations: IRIs of organisations of the landscape.
    """
    employees = {
        str(row["organisation"]): int(str(row["employees"]))
        for row in rows(store, "organisations")
        if "employees" in row
    }
    owners = _owners(store)
    chosen = {landscape.organisations[iri].same_as or iri: iri for iri in organisations}
    return tuple(
        _partner(landscape.organisations[iri], employees.get(iri), owners.get(iri, frozenset()))
        for iri in sorted(chosen.values())
    )


def _owners(store: Store) -> dict[str, frozenset[str]]:
    """Return for each organisation those that a source ties to it by shares."""
    tied: dict[str, set[str]] = defaultdict(set)
    for row in rows(store, "shareholdings"):
        tied[str(row["relation"])].add(str(row["organisation"]))
    found: dict[str, set[str]] = defaultdict(set)
    for group in tied.values():
        for iri in group:
            found[iri] |= group - {iri}
    return {iri: frozenset(others) for iri, others in found.items()}


def _partner(organisation: Organisation, employees: int | None, owners: frozenset[str]) -> Partner:
    """The official key of a German district begins with the key of its state."""
    place = organisation.place
    key = place.district.rpartition("/")[2] if place and place.district else None
    return Partner(
        iri=organisation.iri,
        name=organisation.name,
        kind=organisation.kind,
        employees=employees,
        state=key[:2] if key else None,
        country="DE" if key else None,
        owners=owners,
    )


def _criterion(iri: str, group: list[Row], labels: Mapping[str, str]) -> Criterion:
    row = group[0]
    year = str(row.get("year", ""))[:4]
    return Criterion(
        iri=iri,
        kind=_slug(row, "kind"),
        type=_slug(row, "type"),
        operator=str(row["operator"]),
        values=tuple(dict.fromkeys(str(r["value"]) for r in group if "value" in r)),
        unit=str(row.get("unit", "")),
        applies_to=str(row.get("appliesTo", "")),
        statement=str(row.get("statement", "")),
        source=str(row["source"]),
        source_year=int(year) if year.isdigit() else None,
        note=str(row.get("note", "")),
        label=labels.get(str(row["kind"]), ""),
    )


def _slug(row: Row, name: str) -> str:
    return str(row.get(name, "")).rpartition("/")[2]
