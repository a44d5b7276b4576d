"""Decisions of people about two entries: made, changed, taken back; entries are never merged.

A decision lies in a graph that no more people see than both entries: what everybody may see of
``graph/identity`` names no organisation that is hidden from anybody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from rdflib import Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, XSD

from graph.errors import ParameterError, UnknownTermError, VersionConflictError
from graph.identity.entries import Entry, read_entries
from graph.identity.evidence import Frequencies, compare, probability
from graph.identity.proposals import Decision
from graph.identity.wording import rationale
from graph.records import Entry as Record
from graph.records import RecordGraph, Triple, change, mint, tag_of, unchanged_since
from graph.store import Row, Store, Visibility
from graph.vocabulary import GRAPH, SCHEME, VB

__all__ = ["GRAPHS", "Judgement", "decide", "decisions", "revise", "withdraw"]

GRAPHS: Final[Mapping[Visibility, RecordGraph]] = {
    Visibility.PUBLIC: RecordGraph(
        "identity", (("de", "Identität"), ("en", "Identity")), Visibility.PUBLIC
    ),
    Visibility.PARTNERS: RecordGraph(
        "identity-partners",
        (("de", "Identität (Partner)"), ("en", "Identity (partners)")),
        Visibility.PARTNERS,
    ),
    Visibility.INTERNAL: RecordGraph(
        "identity-internal",
        (("de", "Identität (intern)"), ("en", "Identity (internal)")),
        Visibility.INTERNAL,
    ),
}
"""Where a decision lies, by who may see both entries."""

_ORDER = list(Visibility)
_EU = "http://publications.europa.eu/resource/authority/access-right/"
_RIGHTS = {f"{_EU}PUBLIC": Visibility.PUBLIC, f"{_EU}RESTRICTED": Visibility.PARTNERS}
_SEEN_BY = f"""
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX dct: <http://purl.org/dc/terms/>
SELECT DISTINCT ?graph ?right ?source WHERE {{
  GRAPH ?graph {{ ?entry org:classification ?kind . OPTIONAL {{ ?entry dct:source ?source }} }}
  OPTIONAL {{ GRAPH <{GRAPH["meta"]}> {{ ?graph dct:accessRights ?right }} }}
}}
"""
_ALL = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX vb: <https://w3id.org/verbund/def#>
SELECT ?judgement ?decision ?first ?second ?graph ?text ?score ?at WHERE {
  GRAPH ?graph {
    ?judgement a vb:IdentityDecision ; vb:decision ?decision ; vb:concerns ?first , ?second .
    OPTIONAL { ?judgement vb:rationale ?text }
    OPTIONAL { ?judgement vb:confidence ?score }
    OPTIONAL { ?judgement prov:generatedAtTime ?at }
  }
  FILTER (STR(?first) < STR(?second))
}
"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was decided about two entries.

    Attributes:
        iri: The decision.
        decision: What was decided.
        first: IRI of one entry.
        second: IRI of the other, the greater one.
        rationale: Why, by language.
        graph: IRI of the graph that it is in.
        score: Score of the pair when it was decided, where it is known.
        made_at: When, ISO 8601, where it is known.
        tag: For :func:`revise` and :func:`withdraw`; empty where only the tables of the
            reference data can be changed.
    """

    iri: str
    decision: Decision
    first: str
    second: str
    rationale: Mapping[str, str]
    graph: str
    score: float | None = None
    made_at: str = ""
    tag: str = ""


def decide(
    store: Store,
    first: str,
    second: str,
    decision: Decision,
    reasons: Mapping[str, str] | None = None,
    *,
    now: datetime | None = None,
) -> Record:
    """Decide about two entries that nobody has decided about.

    Args:
        store: A store that sees everything; the graph that fits is chosen in it.
        first: IRI of one entry.
        second: IRI of the other.
        decision: What is decided.
        reasons: Why, by language; the evidence in words where nothing is said.
        now: Time to note.

    Returns:
        The decision, and the change that makes it. The change fails with
        ``VersionConflictError`` when somebody else has decided in the meantime.

    Raises:
        UnknownTermError: There is no such entry.
        ParameterError: Both are the same entry.
        VersionConflictError: The two have been decided about.
    """
    entries = {entry.iri: entry for entry in read_entries(store)}
    one, other = _entry(entries, min(first, second)), _entry(entries, max(first, second))
    if one == other:
        raise ParameterError("identity", "second", "an entry cannot be compared with itself")
    judged = f"{{ ?judgement <{VB.concerns}> <{one.iri}> , <{other.iri}> }}"
    if store.select(f"SELECT ?judgement {judged}"):
        raise VersionConflictError("somebody has decided about these two", store.version)
    graph, sources = _place(store, one.iri, other.iri)
    node = mint("identity")
    evidence = compare(one, other, Frequencies(entries.values()))
    said = {lang: rationale(evidence, lang) for lang in ("de", "en")} | dict(reasons or {})
    found = _judged(node, decision, said, now)
    found += [(node, RDF.type, VB.IdentityDecision)]
    found += [(node, VB.concerns, URIRef(entry.iri)) for entry in (one, other)]
    found += [(node, DCTERMS.source, URIRef(source)) for source in sources]
    score = Literal(f"{probability(evidence):.3f}", datatype=XSD.decimal)
    found += [(node, VB.confidence, score)]
    condition = f"ASK {{ FILTER NOT EXISTS {judged} }}"
    return Record(str(node), change(graph, add=found, condition=condition))


def _entry(entries: Mapping[str, Entry], iri: str) -> Entry:
    if iri not in entries:
        raise UnknownTermError(iri, "organisation")
    return entries[iri]


def _place(store: Store, *entries: str) -> tuple[RecordGraph, list[str]]:
    """Return the graph for a decision about entries, and the sources of the entries."""
    levels, sources = set(), set()
    for entry in entries:
        rows = store.select(_SEEN_BY, {"entry": URIRef(entry)})
        seen = [_RIGHTS.get(str(row.get("right", "")), Visibility.INTERNAL) for row in rows]
        # an entry is open to whom any graph shows it
        levels.add(min(map(_ORDER.index, seen), default=len(_ORDER) - 1))
        sources |= {str(row["source"]) for row in rows if "source" in row}
    return GRAPHS[_ORDER[max(levels)]], sorted(sources)


def _judged(
    node: URIRef, decision: Decision, reasons: Mapping[str, str], now: datetime | None
) -> list[Triple]:
    """Return what a decision says and when, without what it is about."""
    time = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    found: list[Triple] = [
        (node, VB.decision, SCHEME[f"identity-decision/{decision.value}"]),
        (node, PROV.generatedAtTime, Literal(time, datatype=XSD.dateTime)),
    ]
    found += [(node, VB.rationale, Literal(text, lang=lang)) for lang, text in reasons.items()]
    return found


def decisions(store: Store) -> list[Judgement]:
    """Return all decisions, those of the reference data included, sorted by IRI."""
    found: dict[str, Judgement] = {}
    texts: dict[str, dict[str, str]] = {}
    for row in store.select(_ALL):
        iri, text = str(row["judgement"]), row.get("text")
        said = texts.setdefault(iri, {})
        if isinstance(text, Literal):
            said[text.language or ""] = str(text)
        found[iri] = _judgement(row, said)
    return [_tagged(store, found[iri]) for iri in sorted(found)]


def _judgement(row: Row, said: Mapping[str, str]) -> Judgement:
    return Judgement(
        iri=str(row["judgement"]),
        decision=Decision(str(row["decision"]).rpartition("/")[2]),
        first=str(row["first"]),
        second=str(row["second"]),
        rationale=said,
        graph=str(row["graph"]),
        score=float(str(row["score"])) if "score" in row else None,
        made_at=str(row.get("at", "")),
    )


_OWN = {str(graph.iri): graph for graph in GRAPHS.values()}


def _tagged(store: Store, judgement: Judgement) -> Judgement:
    if judgement.graph not in _OWN:
        return judgement
    tag = tag_of(store, URIRef(judgement.iri), _OWN[judgement.graph])
    return replace(judgement, tag=tag)


def _find(store: Store, iri: str) -> Judgement:
    """Return a decision of people.

    Raises:
        UnknownTermError: There is none of this IRI that can be changed here.
    """
    for judgement in decisions(store):
        if judgement.iri == iri and judgement.graph in _OWN:
            return judgement
    raise UnknownTermError(iri, "identity decision")


def revise(
    store: Store,
    iri: str,
    tag: str,
    decision: Decision,
    reasons: Mapping[str, str],
    *,
    now: datetime | None = None,
) -> Record:
    """Change a decision of people.

    Args:
        store: A store that sees everything.
        iri: The decision.
        tag: What the reader saw of it, :attr:`Judgement.tag`; empty to take any state.
        decision: What is decided now.
        reasons: Why, by language, in place of all that was said.
        now: Time to note.

    Raises:
        UnknownTermError: There is none of this IRI that can be changed here.
        VersionConflictError: Somebody else has changed it.
    """
    graph = _OWN[_find(store, iri).graph]
    node = URIRef(iri)
    condition = unchanged_since(store, node, graph, tag) if tag else ""
    changing = (VB.decision, VB.rationale, PROV.generatedAtTime)
    removed = [t for t in _said(store, node, graph) if t[1] in changing]
    added = _judged(node, decision, reasons, now)
    return Record(iri, change(graph, add=added, remove=removed, condition=condition))


def withdraw(store: Store, iri: str, tag: str) -> Record:
    """Take a decision back, so that the pair is proposed again.

    Raises:
        UnknownTermError: There is none of this IRI that can be changed here.
        VersionConflictError: Somebody else has changed it.
    """
    graph = _OWN[_find(store, iri).graph]
    node = URIRef(iri)
    condition = unchanged_since(store, node, graph, tag) if tag else ""
    return Record(iri, change(graph, remove=_said(store, node, graph), condition=condition))


def _said(store: Store, node: URIRef, graph: RecordGraph) -> list[Triple]:
    query = f"SELECT ?p ?o {{ GRAPH {graph.iri.n3()} {{ {node.n3()} ?p ?o }} }}"
    return [(node, row["p"], row["o"]) for row in store.select(query)]
