"""What pages read from the store: queries of ``queries/pages/`` and small typed values."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import Literal, URIRef
from rdflib.term import Identifier

from api.asking import landscape_of
from api.keeping import kept
from api.words import terms_of
from graph.resources import query_texts
from graph.store import Row, Store
from graph.terms import Terms

__all__ = [
    "EnquiryLine",
    "GraphLine",
    "OrganisationLine",
    "Step",
    "Totals",
    "competence_terms",
    "enquiry_lines",
    "graph_lines",
    "label_of",
    "local",
    "organisation_lines",
    "page_rows",
    "text_of",
    "totals",
    "value_chain",
]


@cache
def _queries() -> dict[str, str]:
    return dict(query_texts("pages"))


def page_rows(store: Store, name: str, **bindings: str) -> list[Row]:
    """Run ``queries/pages/<name>.rq`` with IRIs bound to its variables; return its rows."""
    terms: dict[str, Identifier] = {key: URIRef(iri) for key, iri in bindings.items()}
    return store.select(_queries()[name], terms)


def text_of(row: Row, name: str) -> str:
    """Return a value as text; an empty string when it is not bound."""
    return str(row.get(name, ""))


def local(iri: str) -> str:
    """Return what follows the last slash or hash of an IRI."""
    return iri.rpartition("/")[2].rpartition("#")[2]


def label_of(store: Store, language: str, iri: str) -> str:
    """Return the label of a concept, cluster or district; the end of the IRI without one."""
    return landscape_of(store, language).labels.get(iri) or local(iri)


def _in_language(found: list[Row], key: str, name: str, language: str) -> dict[str, Row]:
    """For each thing the row in the asked language, else in German, else the first."""
    ranked: dict[str, tuple[int, int]] = {}
    for position, row in enumerate(found):
        term = row[name]
        tag = term.language if isinstance(term, Literal) else None
        rank = 0 if tag == language else 1 if tag == "de" else 2
        thing = str(row[key])
        ranked[thing] = min(ranked.get(thing, (9, 0)), (rank, position))
    return {thing: found[position] for thing, (_, position) in sorted(ranked.items())}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the value chain.

    Attributes:
        iri: Identifier.
        label: Label in the language of the page.
        following: IRIs of the steps that directly follow.
        organisations: How many organisations claim a capability in it.
    """

    iri: str
    label: str
    following: tuple[str, ...]
    organisations: int


@kept
def value_chain(store: Store, language: str) -> tuple[Step, ...]:
    """Return the steps in their order of display."""
    following: dict[str, list[str]] = defaultdict(list)
    counts: dict[str, int] = {}
    for row in page_rows(store, "value-chain"):
        iri = str(row["step"])
        counts[iri] = int(text_of(row, "organisations") or 0)
        following[iri] += [str(row["next"])] if "next" in row else []
    return tuple(
        Step(iri, label_of(store, language, iri), tuple(following[iri]), count)
        for iri, count in counts.items()
    )


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation as the list shows it.

    Attributes:
        iri: Identifier.
        name: Name.
        kind: Label of its kind.
        town: Town of its main site, or an empty string.
        district: IRI of its district key, or an empty string.
        status: Local name of its operating status; empty when nothing contrary is known.
        claims: Number of its capability claims.
        steps: IRIs of the steps it claims something in.
        clusters: IRIs of the clusters it belongs to.
        certificates: Ends of the IRIs of the types of its certificates.
        competences: Ends of the IRIs of what it claims, and of everything broader.
    """

    iri: str
    name: str
    kind: str
    town: str
    district: str
    status: str
    claims: int
    steps: frozenset[str]
    clusters: frozenset[str] = frozenset()
    certificates: frozenset[str] = frozenset()
    competences: frozenset[str] = frozenset()


@kept
def organisation_lines(store: Store, language: str) -> tuple[OrganisationLine, ...]:
    """Return every organisation, ordered by name."""
    steps: dict[str, set[str]] = defaultdict(set)
    for row in page_rows(store, "organisation-steps"):
        steps[str(row["organisation"])].add(str(row["step"]))
    lines: dict[str, OrganisationLine] = {}
    for row in page_rows(store, "organisations"):
        iri = str(row["organisation"])
        lines.setdefault(iri, _organisation_line(store, language, row, frozenset(steps[iri])))
    return tuple(sorted(lines.values(), key=lambda line: (line.name.casefold(), line.iri)))


@kept
def _claimed(store: Store) -> Mapping[str, frozenset[str]]:
    """Return what each organisation claims and everything broader, by the ends of the IRIs."""
    landscape = landscape_of(store, "de")
    tree = landscape.scheme.competences
    found: dict[str, set[str]] = defaultdict(set)
    for claim in landscape.claims:
        iri: str | None = claim.competence
        while iri is not None and local(iri) not in found[claim.organisation]:
            found[claim.organisation].add(local(iri))
            iri = tree[iri].broader if iri in tree else None
    return {organisation: frozenset(slugs) for organisation, slugs in found.items()}


def _organisation_line(
    store: Store, language: str, row: Row, steps: frozenset[str]
) -> OrganisationLine:
    known = landscape_of(store, language).organisations.get(str(row["organisation"]))
    return OrganisationLine(
        iri=str(row["organisation"]),
        name=text_of(row, "name"),
        kind=label_of(store, language, text_of(row, "kind")),
        town=text_of(row, "town"),
        district=text_of(row, "district"),
        status=local(text_of(row, "status")),
        claims=int(text_of(row, "claims") or 0),
        steps=steps,
        clusters=known.clusters if known else frozenset(),
        certificates=frozenset(local(c.type) for c in known.certificates) if known else frozenset(),
        competences=_claimed(store).get(str(row["organisation"]), frozenset()),
    )


@dataclass(frozen=True, slots=True)
class EnquiryLine:
    """An enquiry of the graph as the start page shows it."""

    iri: str
    number: str
    title: str
    description: str
    kind: str
    town: str
    year: str
    source: str


@kept
def enquiry_lines(store: Store, language: str) -> tuple[EnquiryLine, ...]:
    """Return the enquiries of the graph by number."""
    found = _in_language(page_rows(store, "enquiries"), "enquiry", "title", language)
    return tuple(
        EnquiryLine(
            iri=iri,
            number=iri.rpartition("/enquiry-")[2].upper(),
            title=text_of(row, "title"),
            description=text_of(row, "description"),
            kind=label_of(store, language, text_of(row, "kind")) if "kind" in row else "",
            town=text_of(row, "town"),
            year=text_of(row, "year"),
            source=text_of(row, "source"),
        )
        for iri, row in found.items()
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """How much the graph holds; ``providers`` are organisations with a capability claim."""

    organisations: int
    providers: int
    claims: int
    sources: int
    projects: int


@kept
def totals(store: Store) -> Totals:
    """Count what the graph holds."""
    row = page_rows(store, "totals")[0]
    return Totals(*(int(text_of(row, name)) for name in Totals.__slots__))


@dataclass(frozen=True, slots=True)
class GraphLine:
    """A named graph with its licence and where its data comes from."""

    iri: str
    title: str
    description: str
    licence: str
    sources: tuple[str, ...]


def graph_lines(store: Store, language: str) -> tuple[GraphLine, ...]:
    """Return the named graphs in the order of their IRIs."""
    found = page_rows(store, "graphs")
    sources: Mapping[str, set[str]] = defaultdict(set)
    for row in found:
        sources[str(row["graph"])] |= {text_of(row, "source")} - {""}
    return tuple(
        GraphLine(
            iri=iri,
            title=text_of(row, "title"),
            description=text_of(row, "description"),
            licence=text_of(row, "licence"),
            sources=tuple(sorted(sources[iri])),
        )
        for iri, row in _in_language(found, "graph", "title", language).items()
    )


def competence_terms(store: Store) -> Terms:
    """Return every word for a competence of the store's generation."""
    return terms_of(store, "competence")
