"""What shapes and checks find because of a change."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from itertools import islice

import pyoxigraph as ox
from rdflib import Graph

from graph.checks import Check, checks, run_check
from graph.dependence import Concern, State, read
from graph.extraction import surroundings
from graph.store.bindings import with_values
from graph.validation import Finding, shapes_graph
from graph.validators import FastValidator, Validator, looked_at_from_objects, validator

__all__ = ["all_findings", "findings_of", "looking_around", "prepare"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_AT_ONCE = 1_000
"""Nodes to give to the validator: it takes more than twice the time for twice as many."""

_WHOLE = 16
"""Statements to each node up to which checking all of them is quicker than cutting out what is
around the nodes: 25 microseconds for a statement and 400 for a node, when this was written."""

_SMALL = 5_000
"""Changed statements up to which looking at each is quicker than asking about everything."""

_DEFAULT = ox.DefaultGraph()
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LANGUAGE = "en"


def prepare() -> None:
    """Compile the shapes and read the checks now, so that the first change need not wait."""
    _validator()
    for check in _checks():
        read(check.query, check.roots)


def findings_of(
    stated: Iterable[ox.Quad], changed: Iterable[ox.Quad], state: State
) -> list[Finding]:
    """Return what is wrong because of a change, and was not before.

    Only checks that read what has changed are asked, and only about what it concerns.

    Args:
        stated: Statements of source graphs that are new or gone.
        changed: These, and the derived and measured ones.
        state: The graph before and after, derived statements included.

    Returns:
        The gravest first.
    """
    quads = list(changed)
    if len(quads) > _SMALL:
        return all_findings(stated, state)
    found = _shapes(_focus(stated, state), state)
    for check in _checks():
        concern = read(check.query, check.roots).concern(quads, state)
        found += [f for asked in _asked(check, concern) for f in _new(asked, state)]
    return sorted(set(found), key=lambda finding: finding.order)


def all_findings(stated: Iterable[ox.Quad], state: State) -> list[Finding]:
    """Return what :func:`findings_of` does, by asking every check about everything.

    So no check has to be read, which takes longer than asking those that would be left out.
    """
    look = looking_around(state.after, _focus(stated, state))
    with ThreadPoolExecutor(1) as beside:  # the validator leaves the interpreter to the checks
        shapes = beside.submit(look)
        found = {finding for check in _checks() for finding in _new(check, state)}
        found.update(_not_before(shapes.result(), state))
        return sorted(found, key=lambda finding: finding.order)


@lru_cache(maxsize=1)
def _checks() -> tuple[Check, ...]:
    return tuple(checks())


@lru_cache(maxsize=1)
def _validator() -> Validator:
    """Return the validator; making one takes longer than asking it."""
    return validator(_rules())


@lru_cache(maxsize=1)
def _rules() -> Graph:
    """Return the shapes, to be read only; reading them takes a quarter of a second."""
    return shapes_graph()


def _asked(check: Check, concern: Concern) -> Iterator[Check]:
    """Yield a check as it is to be asked."""
    if concern.is_everything:
        yield check
    for root, values in (concern.values or {}).items():
        terms = [term for term in values if isinstance(term, ox.NamedNode | ox.Literal)]
        yield replace(check, query=with_values(check.query, root, sorted(terms, key=str)))


def _new(check: Check, state: State) -> list[Finding]:
    """Return what a check finds now and did not before."""
    found = run_check(check, state.after, language=_LANGUAGE)
    known = set(run_check(check, state.before, language=_LANGUAGE)) if found else set()
    return [finding for finding in found if finding not in known]


def _shapes(focus: set[str], state: State) -> list[Finding]:
    """Return what the shapes find now at some nodes and did not before."""
    return _not_before(looking_around(state.after, focus)(), state)


def _not_before(found: Iterable[Finding], state: State) -> list[Finding]:
    """Return the findings of shapes that were none before."""
    found = list(found)
    # of a node that was not there, nothing was found
    old = {iri for iri in {finding.focus for finding in found} if _is_there(state.before, iri)}
    known = set(looking_around(state.before, old)())
    return [finding for finding in found if finding not in known]


def _is_there(store: ox.Store, iri: str) -> bool:
    """Tell whether a store says anything of a node."""
    node = ox.NamedNode(iri)
    places = ((node, None), (None, node))
    return any(any(store.quads_for_pattern(s, None, o, _DEFAULT)) for s, o in places)


def looking_around(store: ox.Store, focus: Iterable[str]) -> Callable[[], list[Finding]]:
    """Return what finds out what the shapes find at some nodes of a store, however many they are.

    What needs the interpreter for long is done here already, so that the rest can run beside.

    Args:
        store: Its default graph is looked at.
        focus: IRIs of the nodes.
    """
    names = sorted(focus)
    engine = _validator()
    if isinstance(engine, FastValidator) and (whole := _whole(store, len(names))) is not None:
        nodes, look = set(names), engine.prepared(whole, language=_LANGUAGE)
        return lambda: [finding for finding in look() if finding.focus in nodes]
    return lambda: [
        finding
        for part in _parts(names)
        for finding in engine.validate(surroundings(store, part), focus=part, language=_LANGUAGE)
    ]


def _whole(store: ox.Store, nodes: int) -> list[ox.Triple] | None:
    """Return the default graph where checking all of it is quicker; else ``None``."""
    if nodes <= _AT_ONCE:
        return None
    most = nodes * _WHOLE
    quads = islice(store.quads_for_pattern(None, None, None, _DEFAULT), most + 1)
    found = [quad.triple for quad in quads]
    return found if len(found) <= most else None


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]


def _focus(stated: Iterable[ox.Quad], state: State) -> set[str]:
    """Return the IRIs of the nodes at which a change can break a shape.

    Shapes follow at most two properties, so these are the subject of a changed statement, and
    what leads to it. What it leads to is looked at only where shapes look backwards: else a
    concept that thousands of things name would be checked with all of them.
    """
    backward = _backward()
    found: set[Term] = set()
    subjects = set()
    for quad in stated:
        subjects.add(quad.subject)
        if _is_seen(quad, backward):
            found.add(quad.object)
    for store in state.both():
        found.update(_all_neighbours(store, subjects, backward))
    return {term.value for term in subjects | found if isinstance(term, ox.NamedNode)}


def _all_neighbours(
    store: ox.Store, nodes: Collection[Term], backward: frozenset[str] | None
) -> Iterator[Term]:
    """Yield the nodes whose shapes may look at some nodes; for many, all is read once."""
    if len(nodes) <= _SMALL:
        for node in nodes:
            yield from _neighbours(store, node, backward)
        return
    for quad in store.quads_for_pattern(None, None, None, _DEFAULT):
        subject, value = quad.subject, quad.object
        if value in nodes:
            yield subject
        if subject in nodes and _is_seen(quad, backward):
            yield value


def _neighbours(store: ox.Store, node: Term, backward: frozenset[str] | None) -> Iterator[Term]:
    """Yield the nodes whose shapes may look at a node."""
    if not isinstance(node, ox.NamedNode):
        return
    for quad in store.quads_for_pattern(node, None, None, _DEFAULT):
        if _is_seen(quad, backward):
            yield quad.object
    for quad in store.quads_for_pattern(None, None, node, _DEFAULT):
        yield quad.subject


def _is_seen(quad: ox.Quad, backward: frozenset[str] | None) -> bool:
    """Tell whether a shape of the object of a statement may look at its subject."""
    return quad.predicate != _TYPE and (backward is None or quad.predicate.value in backward)


@lru_cache(maxsize=1)
def _backward() -> frozenset[str] | None:
    """Return the properties by which shapes look from an object; ``None`` when any may be."""
    return looked_at_from_objects(_rules())
