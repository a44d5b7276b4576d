"""Enquiries of the graph as plain values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from rdflib import Literal

from graph.errors import EnquiryError, SourceFormatError, UnknownEnquiryError
from graph.model import Enquiry, Limit, Requirement
from graph.reading import read_limits, rows
from graph.store import MemoryStore, Row, Store

__all__ = ["find_enquiry", "parse_enquiry", "read_enquiries"]


def read_enquiries(store: Store, language: str = "de") -> dict[str, Enquiry]:
    """Return every enquiry of the graph by IRI, requirements in their given order.

    One that nobody has sorted yet has no requirement and is left out.
    """
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    sources: dict[str, str] = {}
    for row in rows(store, "enquiries"):
        title = row["title"]
        tag = title.language or "" if isinstance(title, Literal) else ""
        titles[str(row["enquiry"])][tag] = str(title)
        sources[str(row["enquiry"])] = str(row.get("source", ""))
    requirements = _requirements(store)
    return {
        iri: Enquiry(
            iri=iri,
            title=names.get(language) or names.get("de") or min(names.values()),
            requirements=requirements[iri],
            source=sources[iri],
        )
        for iri, names in titles.items()
        if iri in requirements
    }


def find_enquiry(store: Store, word: str, language: str = "de") -> Enquiry:
    """Return the enquiry with this IRI, number or title.

    Args:
        store: Where the graph lives.
        word: IRI, the number at its end (``E05``), or a title in any language; case does not
            matter.
        language: Language tag of the title to show.

    Raises:
        UnknownEnquiryError: No enquiry is called so.
        EnquiryError: It has no requirement.
    """
    enquiries = read_enquiries(store, language)
    wanted = word.strip().casefold()
    names: dict[str, str] = {}
    for row in rows(store, "enquiries"):
        iri = str(row["enquiry"])
        number = iri.rpartition("/enquiry-")[2]
        names |= {iri.casefold(): iri, number.casefold(): iri}
        names[str(row["title"]).casefold()] = iri
    if wanted not in names:
        raise UnknownEnquiryError(word)
    if names[wanted] not in enquiries:
        raise EnquiryError("enquiry {iri} has no requirement", iri=names[wanted])
    return enquiries[names[wanted]]


def parse_enquiry(text: str, syntax: str, language: str = "de") -> Enquiry:
    """Return the one enquiry that an RDF document describes.

    Args:
        text: The document.
        syntax: Format as rdflib names it, such as ``turtle``.
        language: Language tag of the title to show.

    Raises:
        SourceFormatError: The document cannot be parsed, or does not hold exactly one enquiry.
        EnquiryError: The enquiry has no requirement.
    """
    try:
        store = MemoryStore.parse(text, syntax)
    except SyntaxError as error:
        raise SourceFormatError("<enquiry>", f"not {syntax}: {error}") from error
    found = {str(row["enquiry"]) for row in rows(store, "enquiries")}
    if len(found) != 1:
        raise SourceFormatError("<enquiry>", f"one vb:Enquiry expected, {len(found)} found")
    return find_enquiry(store, found.pop(), language)


def _requirements(store: Store) -> dict[str, tuple[Requirement, ...]]:
    limits = read_limits(store)
    groups: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(store, "requirements"):
        groups[str(row["enquiry"])][str(row["requirement"])].append(row)
    return {
        enquiry: tuple(
            _requirement(iri, group, limits)
            for iri, group in sorted(found.items(), key=lambda item: _position(item[1][0]))
        )
        for enquiry, found in groups.items()
    }


def _position(row: Row) -> tuple[Decimal, str]:
    position = row.get("position")
    number = Decimal(str(position)) if position is not None else Decimal("Infinity")
    return number, str(row["requirement"])


def _requirement(
    iri: str, group: list[Row], limits: Mapping[str, tuple[Limit, ...]]
) -> Requirement:
    row = group[0]
    mandatory = row.get("mandatory")
    return Requirement(
        iri=iri,
        competence=str(row["competence"]),
        label=str(row.get("label", "")),
        step=str(row["step"]) if "step" in row else None,
        materials=_all(group, "material"),
        limits=limits.get(iri, ()),
        certificate_types=_all(group, "certificate"),
        is_mandatory=mandatory is None or bool(Literal(mandatory).toPython()),
    )


def _all(group: Iterable[Row], name: str) -> frozenset[str]:
    return frozenset(str(row[name]) for row in group if name in row)
