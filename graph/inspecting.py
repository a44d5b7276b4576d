"""What shapes and checks find because of a change."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import pyoxigraph as ox

from graph.dependence import Concern, State, read
from graph.extraction import surroundings
from graph.store.bindings import with_values
from graph.validation import Check, Finding, checks, run_check
from graph.validators import Validator, validator

__all__ = ["all_findings", "around", "findings_of", "prepare"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_AT_ONCE = 4_000
"""Nodes to give to the validator: it takes more than twice the time for twice as many."""

_SMALL = 5_000
"""Changed statements up to which looking at each is quicker than asking about everything."""

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
        return _findings_of_many(stated, {quad.predicate for quad in quads}, state)
    found = _shapes(_focus(stated, state), state)
    for check in _checks():
        concern = read(check.query, check.roots).concern(quads, state)
        found += [f for asked in _asked(check, concern) for f in _new(asked, state)]
    return sorted(set(found), key=lambda finding: finding.order)


def _findings_of_many(
    stated: Iterable[ox.Quad], predicates: Iterable[ox.NamedNode], state: State
) -> list[Finding]:
    """Return what is wrong because of a change of many statements with some predicates.

    So many questions are answered by a copy in memory in less time, making it included.
    """
    after = ox.Store()
    after.bulk_extend(state.after)
    copied = State(state.before, after)
    found = _shapes(_focus(stated, copied), copied)
    known = set(predicates)
    for check in _checks():
        if any(map(read(check.query, check.roots).reads, known)):
            found += _new(check, copied)
    return sorted(set(found), key=lambda finding: finding.order)


def all_findings(stated: Iterable[ox.Quad], state: State) -> list[Finding]:
    """Return what :func:`findings_of` does, by asking every check about everything."""
    found = _shapes(_focus(stated, state), state)
    found += [finding for check in _checks() for finding in _new(check, state)]
    return sorted(set(found), key=lambda finding: finding.order)


@lru_cache(maxsize=1)
def _checks() -> tuple[Check, ...]:
    return tuple(checks())


@lru_cache(maxsize=1)
def _validator() -> Validator:
    """Return the validator; making one takes longer than asking it."""
    return validator()


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
    found = around(state.after, focus)
    known = set(around(state.before, {finding.focus for finding in found})) if found else set()
    return [finding for finding in found if finding not in known]


def around(store: ox.Store, focus: Iterable[str]) -> list[Finding]:
    """Return what the shapes find at some nodes of a store, however many they are.

    Args:
        store: Its default graph is looked at.
        focus: IRIs of the nodes.
    """
    found: list[Finding] = []
    for part in _parts(sorted(focus)):
        found += _validator().validate(surroundings(store, part), focus=part, language=_LANGUAGE)
    return found


def _parts(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]


def _focus(stated: Iterable[ox.Quad], state: State) -> set[str]:
    """Return the IRIs of the nodes at which a change can break a shape.

    Shapes follow at most two properties, so these are the subject of a changed statement, its
    object, and what the subject leads to or is led to from.
    """
    quads = list(stated)
    subjects = {quad.subject for quad in quads}
    near = {q.object for q in quads if q.predicate != _TYPE}
    for subject in subjects:
        for store in state.both():
            near |= set(_neighbours(store, subject))
    return {term.value for term in subjects | near if isinstance(term, ox.NamedNode)}


def _neighbours(store: ox.Store, node: Term) -> Iterator[Term]:
    if not isinstance(node, ox.NamedNode):
        return
    for quad in store.quads_for_pattern(node, None, None, ox.DefaultGraph()):
        if quad.predicate != _TYPE:
            yield quad.object
    for quad in store.quads_for_pattern(None, None, node, ox.DefaultGraph()):
        yield quad.subject
