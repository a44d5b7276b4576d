"""Derive anew only what a change can alter.

A rule whose answers are told apart by one variable (such as ``?thing`` of ``?thing a ?super``) is
run for the values of that variable that a change concerns (:mod:`graph.dependence`); any other
rule that reads something that changed is run as a whole. The result is the same as that of
:func:`graph.rules.derive` on everything; tests hold it to that.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import pyoxigraph as ox

from graph.dependence import Reading, State, read
from graph.patterns import Slot, Watch, template, values_of
from graph.resources import query_texts
from graph.rules import DERIVED, day_quad
from graph.store.bindings import with_values
from graph.store.live import change

__all__ = ["Delta", "NotIncrementalError", "rederive"]


_MANY = 20_000
"""Changed statements from which finding out what each concerns takes longer than every rule."""

_GraphName = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


class NotIncrementalError(Exception):
    """Only deriving everything can tell what a change alters."""


class Delta:
    """What has changed in the named graphs of a part, each statement once.

    Attributes:
        added: Statements that are new.
        removed: Statements that are gone.
        predicates: Properties of them all, and perhaps of some that were noted and are back.
    """

    def __init__(self, removed: Iterable[ox.Quad] = (), added: Iterable[ox.Quad] = ()) -> None:
        self.removed = set(removed)
        self.added = set(added)
        self.predicates = {quad.predicate for quad in self}

    def __bool__(self) -> bool:
        """Tell whether anything has changed."""
        return bool(self.added or self.removed)

    def __iter__(self) -> Iterator[ox.Quad]:
        """Yield every statement that is new or gone."""
        yield from self.removed
        yield from self.added

    def __len__(self) -> int:
        """Count the statements that are new or gone."""
        return len(self.added) + len(self.removed)

    def note(self, old: set[ox.Quad], new: set[ox.Quad]) -> None:
        """Note that some statements have taken the place of others."""
        gone, come = old - new, new - old
        self.removed |= gone
        self.added |= come
        self.predicates |= {quad.predicate for quad in gone | come}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule and what is known of it without running it.

    Attributes:
        text: The CONSTRUCT query.
        reading: What it reads.
        root: Name of the variable that tells its answers apart; empty without one.
        writes: The properties of what it derives.
    """

    text: str
    reading: Reading
    root: str
    writes: frozenset[ox.NamedNode]


@dataclass(frozen=True, slots=True)
class _Group:
    """Rules that derive statements with the same properties, in their order.

    Attributes:
        rules: The rules.
        writes: The properties of what they derive.
        is_local: There is one rule, and it can be run for some values of its root.
    """

    rules: tuple[_Rule, ...]
    writes: frozenset[ox.NamedNode]
    is_local: bool

    def reads(self, predicate: ox.NamedNode) -> bool:
        """Tell whether statements with this property can matter to a rule."""
        return any(rule.reading.reads(predicate) for rule in self.rules)


@lru_cache(maxsize=1)
def _groups() -> tuple[_Group, ...]:
    """Return the rules, put together by what they derive.

    Raises:
        NotIncrementalError: A rule may derive anything, or reads what a later group derives.
    """
    groups: list[list[_Rule]] = []
    for rule in (_read(text) for _, text in query_texts("rules")):
        alike = [group for group in groups if any(rule.writes & other.writes for other in group)]
        groups = [group for group in groups if group not in alike]
        groups.append([*(other for group in alike for other in group), rule])
    for at, group in enumerate(groups):
        later = [
            predicate for rules in groups[at + 1 :] for rule in rules for predicate in rule.writes
        ]
        if any(rule.reading.reads(predicate) for rule in group for predicate in later):
            raise NotIncrementalError("a rule reads what a later one derives")
    return tuple(_group(rules) for rules in groups)


def _group(rules: list[_Rule]) -> _Group:
    writes = frozenset(predicate for rule in rules for predicate in rule.writes)
    is_local = len(rules) == 1 and bool(rules[0].root) and _reads_own_of_root_only(rules[0])
    return _Group(tuple(rules), writes, is_local)


def _reads_own_of_root_only(rule: _Rule) -> bool:
    """Tell whether a rule reads what it derives, if at all, of the root itself only.

    Otherwise what it derived before would hold itself up.
    """

    def is_own(watch: Watch) -> bool:
        return watch.predicates is None or bool(watch.predicates & rule.writes)

    return all(watch.subject == rule.root for watch in rule.reading.watches if is_own(watch))


def _read(text: str) -> _Rule:
    """Read a rule.

    Raises:
        NotIncrementalError: It may derive statements with any property.
    """
    made = template(text)
    subjects = {subject for subject, _, _ in made}
    root = subjects.pop() if len(subjects) == 1 else ""
    name = root if isinstance(root, str) else ""
    writes = frozenset(found for _, predicate, _ in made for found in _properties(text, predicate))
    return _Rule(text, read(text, (name,) if name else ()), name, writes)


def _properties(text: str, predicate: Slot) -> frozenset[ox.NamedNode]:
    if isinstance(predicate, ox.NamedNode):
        return frozenset((predicate,))
    found = values_of(text, predicate) if isinstance(predicate, str) else frozenset()
    if not found:
        raise NotIncrementalError(f"?{predicate} of a rule can be any property")
    return found


def rederive(
    delta: Delta, state: State, hidden: ox.NamedNode, *, today: date, day_before: str
) -> None:
    """Bring ``graph/derived`` of a part up to date.

    Args:
        delta: What has changed in the source graphs; what changes in ``graph/derived`` is noted
            in it, too.
        state: The part before; and after the change of its source graphs, to be changed.
        hidden: A graph that rules do not read.
        today: Day on which rules judge validity.
        day_before: Day on which they did before, ISO 8601; empty when that is not known.

    Raises:
        NotIncrementalError: Only deriving everything can tell what changes.
    """
    groups = _groups()
    day = day_quad(today)
    assumed = State(state.before, state.after, (day,))
    changed = Delta(delta.removed, delta.added)
    if today.isoformat() != day_before:
        changed.note(set(), {day})
    change(state.after, (), (day,))
    for group in groups:
        _rerun(group, changed, assumed, hidden)
    change(state.after, (day,), ())
    changed.added.discard(day)
    delta.removed, delta.added = changed.removed, changed.added
    delta.predicates = changed.predicates


def _rerun(group: _Group, changed: Delta, state: State, hidden: ox.NamedNode) -> None:
    """Run the rules of a group as far as a change concerns them."""
    if len(changed) > _MANY:
        if changed.predicates & group.writes or any(map(group.reads, changed.predicates)):
            _replace(group, changed, state.after, hidden, None)
        return
    values: set[object] = set()
    is_everything = False
    for rule in group.rules:
        concern = rule.reading.concern(changed, state)
        is_everything |= concern.is_everything or (bool(concern) and not group.is_local)
        values |= (concern.values or {}).get(rule.root, frozenset())
    # a statement that a source graph holds is not derived, so these are looked at, too
    stated = {quad.subject for quad in changed if quad.predicate in group.writes}
    is_everything |= bool(stated) and not group.is_local
    nodes = [node for node in values | stated if isinstance(node, ox.NamedNode)]
    if not is_everything and not nodes:
        return
    _replace(group, changed, state.after, hidden, None if is_everything else nodes)


def _replace(
    group: _Group,
    changed: Delta,
    after: ox.Store,
    hidden: ox.NamedNode,
    nodes: Sequence[ox.NamedNode] | None,
) -> None:
    """Put what a group derives in place of what it has derived, for some nodes or for all."""
    old = set(_derived(after, group, nodes))
    change(after, old, ())
    new: set[ox.Quad] = set()
    for rule in group.rules:
        text = rule.text if nodes is None else with_values(rule.text, rule.root, nodes)
        found = _made(text, after, group, hidden)
        change(after, (), found - new)
        new |= found
    changed.note(old, new)


def _derived(
    store: ox.Store, group: _Group, nodes: Iterable[ox.NamedNode] | None
) -> Iterator[ox.Quad]:
    """Yield what a group has derived, of some nodes or of all."""
    for predicate in group.writes:
        for node in (None,) if nodes is None else nodes:
            yield from store.quads_for_pattern(node, predicate, None, DERIVED)


def _made(text: str, store: ox.Store, group: _Group, hidden: ox.NamedNode) -> set[ox.Quad]:
    """Run a rule on source graphs and derived statements; return what no source graph holds.

    Raises:
        TypeError: It derives what was not foreseen.
    """
    graphs: list[_GraphName] = [name for name in store.named_graphs() if name != hidden]
    triples = store.query(text, default_graph=graphs)
    if not isinstance(triples, ox.QueryTriples):
        raise TypeError("a rule is a CONSTRUCT query")
    found = set()
    for triple in triples:
        if triple.predicate not in group.writes:
            raise TypeError(f"a rule derives statements with {triple.predicate}")
        others = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        if not any(quad.graph_name in graphs and quad.graph_name != DERIVED for quad in others):
            found.add(ox.Quad(triple.subject, triple.predicate, triple.object, DERIVED))
    return found
