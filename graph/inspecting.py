"""What shapes and checks find in the surroundings of a change."""

from collections.abc import Iterator

import pyoxigraph as ox

from graph.drafting import Difference, Draft
from graph.extraction import extract
from graph.validation import Finding, Severity, audit, run_checks, shapes_graph, validate

__all__ = ["findings_of"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_MOST = 2_000
"""Nodes up to which looking at each of them is quicker than looking at everything."""

_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def findings_of(whole: ox.Store, draft: Draft, difference: Difference) -> list[Finding]:
    """Return what is wrong because of a change.

    Shapes follow at most two properties, so what a changed statement can break is its subject,
    its object, and what the subject leads to or is led to from.

    Args:
        whole: The graph after the change, derived statements included.
        draft: The change, with the generation before it.
        difference: What changed.

    Returns:
        Violations that were not there before, and warnings and hints about the nodes concerned,
        the gravest first.
    """
    focus = _focus(whole, draft, difference)
    if len(focus) > _MOST:
        found = audit(whole, union=True, language="en")
    else:
        found = _around(whole, focus, union=True)
    grave = [f for f in found if f.severity is Severity.VIOLATION]
    known = set(_around(draft.engine, focus, union=False)) if grave else set()
    shown = [f for f in found if f.severity is not Severity.VIOLATION and f.focus in focus]
    return [f for f in grave if f not in known] + shown


def _around(store: ox.Store, focus: set[str], *, union: bool) -> list[Finding]:
    graph = extract(store, focus, union=union)
    found = validate(graph, shapes_graph(), focus=focus, language="en")
    found += run_checks(store, union=union, language="en")
    return sorted(found, key=lambda finding: finding.order)


def _focus(whole: ox.Store, draft: Draft, difference: Difference) -> set[str]:
    """Return the IRIs of the nodes that a change can break."""
    quads = difference.added | difference.removed
    subjects = {quad.subject for quad in quads}
    near = {q.object for q in quads if q.predicate != _TYPE}
    for subject in subjects:
        near |= set(_neighbours(whole, subject, None))
        near |= set(_neighbours(draft.engine, subject, ox.DefaultGraph()))
    return {term.value for term in subjects | near if isinstance(term, ox.NamedNode)}


def _neighbours(store: ox.Store, node: Term, scope: ox.DefaultGraph | None) -> Iterator[Term]:
    if not isinstance(node, ox.NamedNode):
        return
    for quad in store.quads_for_pattern(node, None, None, scope):
        if quad.predicate != _TYPE:
            yield quad.object
    for quad in store.quads_for_pattern(None, None, node, scope):
        yield quad.subject
