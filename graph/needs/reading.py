"""Needs and initiatives of the graph as plain values."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from rdflib import Literal
from rdflib.term import Identifier

from graph.errors import UnknownRecordError
from graph.needs.values import Initiative, Need, NeedStatus, NewInitiative, NewNeed
from graph.reading import rows
from graph.store import Row, Store
from graph.vocabulary import ID

__all__ = ["find_initiative", "find_need", "read_initiatives", "read_needs"]


def read_needs(store: Store) -> tuple[Need, ...]:
    """Return every need that the store shows, by IRI."""
    groups = _grouped(rows(store, "needs"), "need")
    return tuple(_need(iri, group) for iri, group in groups.items())


def read_initiatives(store: Store) -> tuple[Initiative, ...]:
    """Return every initiative that the store shows, by IRI."""
    groups = _grouped(rows(store, "initiatives"), "initiative")
    return tuple(_initiative(iri, group) for iri, group in groups.items())


def find_need(store: Store, word: str) -> Need:
    """Return the need with this IRI or the end of one.

    Raises:
        UnknownRecordError: There is none.
    """
    wanted = {word.strip(), str(ID[f"need-{word.strip()}"])}
    found = [need for need in read_needs(store) if need.iri in wanted]
    if not found:
        raise UnknownRecordError(word, kind="need")
    return found[0]


def find_initiative(store: Store, word: str) -> Initiative:
    """Return the initiative with this IRI or the end of one.

    Raises:
        UnknownRecordError: There is none.
    """
    wanted = {word.strip(), str(ID[f"initiative-{word.strip()}"])}
    found = [one for one in read_initiatives(store) if one.iri in wanted]
    if not found:
        raise UnknownRecordError(word, kind="initiative")
    return found[0]


def _grouped(found: Iterable[Row], name: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        groups[str(row[name])].append(row)
    return groups


def _all(group: Iterable[Row], name: str) -> tuple[str, ...]:
    return tuple(sorted({str(row[name]) for row in group if name in row}))


def _titles(group: Iterable[Row]) -> dict[str, str]:
    return {_language(row["title"]): str(row["title"]) for row in group}


def _language(term: Identifier | None) -> str:
    return (term.language or "") if isinstance(term, Literal) else ""


def _need(iri: str, group: list[Row]) -> Need:
    row = group[0]
    said = NewNeed(
        title=_titles(group),
        raised_by=_all(group, "raisedBy"),
        competences=_all(group, "competence"),
        topic=str(row.get("topic", "")),
        text=str(row.get("text", "")),
        language=_language(row.get("text")) or "de",
    )
    return Need(
        iri=iri,
        said=said,
        status=NeedStatus(str(row["status"]).rpartition("/")[2]),
        created=date.fromisoformat(str(row["created"])) if "created" in row else None,
        addressed_by=_all(group, "addressedBy"),
    )


def _initiative(iri: str, group: list[Row]) -> Initiative:
    row = group[0]
    said = NewInitiative(
        title=_titles(group),
        topics=_all(group, "topic"),
        bundles=_all(group, "bundled"),
        text=str(row.get("text", "")),
        language=_language(row.get("text")) or "de",
    )
    return Initiative(iri, said)
