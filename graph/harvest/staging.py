"""A harvest before it is published: what changed, what breaks a rule, and what is left out.

What is staged lies in a file beside the store, not in a generation: the default graph of a
generation is the merge of its graphs, so whoever sees internal graphs would be given staged
statements in every answer. Only what has changed since the last publication is validated, in the
surroundings that it would have when it is published.
"""

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyoxigraph as ox

from graph.checks import run_checks
from graph.inspecting import looking_around
from graph.store import EmbeddedStore
from graph.validation import Finding, Severity
from graph.vocabulary import ID
from graph.written import as_text

__all__ = ["RECORDS", "Staged", "stage"]

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_ROUNDS = 12

RECORDS = (str(ID["harvest-"]), str(ID["acceptance-"]), str(ID["agent-coordination"]))
"""Beginnings of the names of what records how a harvest came to be published."""

Node = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


@dataclass(frozen=True, slots=True)
class Staged:
    """What would be published.

    Attributes:
        triples: All statements that conform, as the engine writes them.
        added: Those that are not published yet.
        removed: Published ones that are not in the harvest any more.
        findings: What shapes and checks found about what changed, the gravest first.
        left_out: Things that break a rule, or hang on one that does, with the reason for each.
    """

    triples: frozenset[ox.Triple]
    added: frozenset[ox.Triple]
    removed: frozenset[ox.Triple]
    findings: tuple[Finding, ...]
    left_out: Mapping[str, str]

    @property
    def conforms(self) -> bool:
        """Nothing had to be left out."""
        return not self.left_out


def stage(store: EmbeddedStore, graph: str, triples: Iterable[ox.Triple]) -> Staged:
    """Validate what changed, and leave out what breaks a rule.

    A thing with a violation is left out with everything that is said of it and points at it;
    that may break another thing, which is left out then, until nothing is broken. What is
    published of it already goes, too: a source that has become wrong is not kept in parts.

    Args:
        store: The current generation, seen with the widest visibility.
        graph: IRI of the graph that the source is published in.
        triples: What the source says, in our terms, without blank nodes.
    """
    surroundings = _Surroundings(store, graph)
    wanted, whole = surroundings.with_settled(triples)
    found: dict[Finding, None] = {}
    left_out: dict[str, str] = {}
    changed = wanted ^ surroundings.published
    kept = wanted
    for _ in range(_ROUNDS):
        known = _found_in(whole, changed, kept)
        found |= dict.fromkeys(known)
        broken = _broken(known, kept, left_out)
        if not broken:
            break
        left_out |= broken
        gone = frozenset(t for t in kept if _names(t, broken))
        kept, changed = kept - gone, gone
        whole = surroundings.with_statements(kept)
    ordered = tuple(sorted(found, key=lambda finding: finding.order))
    published = surroundings.published
    return Staged(kept, kept - published, published - kept, ordered, left_out)


class _Surroundings:
    """The published graphs without the one of the source."""

    def __init__(self, store: EmbeddedStore, graph: str) -> None:
        engine, name = store.engine, ox.NamedNode(graph)
        own = list(engine.quads_for_pattern(None, None, None, name))
        records = [quad.triple for quad in own if _is_record(quad, name)]
        self.published = frozenset(quad.triple for quad in own).difference(records)
        # graph by graph, not the merge without what is published: what others say, too, stays
        self._rest = [ox.Quad(*triple) for triple in records]
        for other in engine.named_graphs():
            if other != name:
                quads = engine.quads_for_pattern(None, None, None, other)
                self._rest += [ox.Quad(q.subject, q.predicate, q.object) for q in quads]

    def with_settled(self, triples: Iterable[ox.Triple]) -> tuple[frozenset[ox.Triple], ox.Store]:
        """Return statements as the engine writes them, which has one form for each number.

        And a store whose default graph is what would be published.
        """
        store = ox.Store()
        # a text is loaded without the interpreter, and there are no nameless nodes to be renamed
        store.bulk_load(as_text(triples), format=ox.RdfFormat.N_QUADS, lenient=True)
        settled = frozenset(quad.triple for quad in store)
        store.bulk_extend(self._rest)
        return settled, store

    def with_statements(self, triples: Iterable[ox.Triple]) -> ox.Store:
        """Return a store whose default graph is what would be published."""
        return self.with_settled(triples)[1]


def _is_record(quad: ox.Quad, graph: ox.NamedNode) -> bool:
    """Tell whether a statement is about the harvest itself, not from the source."""
    subject = str(getattr(quad.subject, "value", ""))
    return quad.subject == graph or subject.startswith(RECORDS)


def _found_in(
    whole: ox.Store, changed: Collection[ox.Triple], kept: Collection[ox.Triple]
) -> list[Finding]:
    """Return what is found about the changed things and their neighbours within the source."""
    own: set[object] = {t.subject for t in kept}
    focus = {term for s, _, o in changed for term in (s, o) if term in own}
    focus |= {t.subject for t in kept if t.object in focus}
    names = {node.value for node in focus if isinstance(node, ox.NamedNode)}
    if not names:
        return []
    look = looking_around(whole, names)
    with ThreadPoolExecutor(1) as beside:  # the validator leaves the interpreter to the checks
        shapes = beside.submit(look)
        checked = run_checks(whole, language="en")
        return [*shapes.result(), *(f for f in checked if f.focus in names or f.value in names)]


def _broken(
    findings: Iterable[Finding], kept: Collection[ox.Triple], known: Mapping[str, str]
) -> dict[str, str]:
    """Return the things of the source that violations are about, with the message of each."""
    violations = [finding for finding in findings if finding.severity is Severity.VIOLATION]
    broken: dict[str, str] = {}
    if not violations:
        return broken
    own = {t.subject.value for t in kept if isinstance(t.subject, ox.NamedNode)}
    for finding in violations:
        culprit = finding.focus if finding.focus in own else finding.value
        if culprit in own and culprit not in known:
            broken.setdefault(culprit, finding.message)
    return broken


def _names(triple: ox.Triple, things: Collection[str]) -> bool:
    if getattr(triple.subject, "value", None) in things:
        return True
    return triple.predicate != _TYPE and getattr(triple.object, "value", None) in things
