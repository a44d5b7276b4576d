"""What a store says of itself: its graphs with licence and size, its classes and properties.

Every catalogue of the data (DCAT, VoID, the service description, the index of the dumps) is made
from these values, so that they agree.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from rdflib import Literal
from rdflib.namespace import DCTERMS, ODRL2, PROV
from rdflib.term import Identifier

from graph.resources import query_texts
from graph.store import Row, Store

__all__ = ["DatasetFacts", "GraphFacts", "publishing_rows", "read_facts"]


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """One named graph.

    Attributes:
        iri: Name of the graph.
        titles: Title by language tag.
        descriptions: Description by language tag.
        licence: IRI of the licence; ``None`` when nobody has stated one.
        conditions: IRIs of the policies under which it may be used (ODRL), sorted.
        access_rights: IRI of the EU's access right; ``None`` counts as not public.
        sources: IRIs of what the data was taken from, sorted.
        publisher: IRI of who answers for it, or ``None``.
        generated_at: When the content was made, or ``None``.
        triples: Number of its statements.
    """

    iri: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    licence: str | None
    conditions: tuple[str, ...]
    access_rights: str | None
    sources: tuple[str, ...]
    publisher: str | None
    generated_at: datetime | None
    triples: int

    @property
    def name(self) -> str:
        """Last part of the IRI, such as ``reference-facts``."""
        return self.iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """Everything that one store shows.

    Attributes:
        version: Graph version.
        graphs: The named graphs, sorted by IRI.
        triples: Number of distinct statements in the merge of the graphs.
        subjects: Number of distinct subjects in it.
        entities: Number of things with a class.
        classes: Number of things of each class.
        properties: For each property the number of statements and of distinct subjects.
    """

    version: str
    graphs: tuple[GraphFacts, ...]
    triples: int
    subjects: int
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, tuple[int, int]]

    @property
    def licences(self) -> tuple[str, ...]:
        """IRIs of all licences, sorted."""
        return tuple(sorted({graph.licence for graph in self.graphs if graph.licence}))

    @property
    def conditions(self) -> tuple[str, ...]:
        """IRIs of all policies, sorted."""
        return tuple(sorted({one for graph in self.graphs for one in graph.conditions}))

    @property
    def generated_at(self) -> datetime | None:
        """When the newest graph was made; ``None`` when no graph says."""
        return max((g.generated_at for g in self.graphs if g.generated_at), default=None)


@cache
def _queries() -> dict[str, str]:
    return dict(query_texts("publishing"))


def publishing_rows(store: Store, name: str) -> list[Row]:
    """Run ``queries/publishing/<name>.rq`` and return its rows in order."""
    return store.select(_queries()[name])


def read_facts(store: Store) -> DatasetFacts:
    """Read what a store says of itself.

    A graph that is described but not there is left out, so a description that is more open than
    its graph shows nothing. A graph that is there without a description has only its size.

    Note:
        Counts every statement: some 0.1 s for 50,000 of them. Keep the result.
    """
    said: dict[str, dict[str, list[Identifier]]] = defaultdict(lambda: defaultdict(list))
    for row in publishing_rows(store, "graphs"):
        said[str(row["graph"])][str(row["property"])].append(row["value"])
    sizes = {
        str(row["graph"]): _number(row, "triples") for row in publishing_rows(store, "graph-sizes")
    }
    [totals] = publishing_rows(store, "totals")
    return DatasetFacts(
        version=store.version,
        graphs=tuple(_graph(iri, said[iri], size) for iri, size in sorted(sizes.items())),
        triples=_number(totals, "triples"),
        subjects=_number(totals, "subjects"),
        entities=_number(totals, "entities"),
        classes={
            str(row["class"]): _number(row, "entities")
            for row in publishing_rows(store, "class-partitions")
        },
        properties={
            str(row["property"]): (_number(row, "triples"), _number(row, "subjects"))
            for row in publishing_rows(store, "property-partitions")
        },
    )


def _number(row: Row, name: str) -> int:
    return int(str(row[name]))


def _graph(iri: str, said: Mapping[str, list[Identifier]], triples: int) -> GraphFacts:
    return GraphFacts(
        iri=iri,
        titles=_by_language(said.get(str(DCTERMS.title), [])),
        descriptions=_by_language(said.get(str(DCTERMS.description), [])),
        licence=_first(said.get(str(DCTERMS.license), [])),
        conditions=tuple(sorted(map(str, said.get(str(ODRL2.hasPolicy), [])))),
        access_rights=_first(said.get(str(DCTERMS.accessRights), [])),
        sources=tuple(sorted(map(str, said.get(str(DCTERMS.source), [])))),
        publisher=_first(said.get(str(PROV.wasAttributedTo), [])),
        generated_at=_time(said.get(str(PROV.generatedAtTime), [])),
        triples=triples,
    )


def _by_language(terms: list[Identifier]) -> dict[str, str]:
    return {term.language or "": str(term) for term in terms if isinstance(term, Literal)}


def _first(terms: list[Identifier]) -> str | None:
    return min(map(str, terms), default=None)


def _time(terms: list[Identifier]) -> datetime | None:
    values = (term.toPython() for term in terms if isinstance(term, Literal))
    return max((value for value in values if isinstance(value, datetime)), default=None)
