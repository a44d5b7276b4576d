"""What puts an organisation into the group that a rule counts."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.consortium.instance import Group
from graph.matching import Index
from graph.matching.index import Column
from graph.model import GroupRule, GroupTrait, Organisation, Truth

__all__ = ["belongs", "facts_of", "group_of"]

_FACTS: dict[GroupTrait, Callable[[Organisation], Any]] = {
    GroupTrait.SMALL: lambda organisation: organisation.is_small,
    GroupTrait.KIND: lambda organisation: organisation.kind,
    GroupTrait.DISTRICT: lambda o: None if o.place is None else o.place.district,
    GroupTrait.STATE: lambda o: None if o.place is None else o.place.state,
    GroupTrait.SECTOR: lambda organisation: organisation.sectors,
    GroupTrait.CLUSTER: lambda organisation: organisation.clusters,
}
"""What of an organisation each trait looks at; ``LISTED`` looks at who it is."""

_CODES = {Truth.NO: 0, Truth.UNKNOWN: 1, Truth.YES: 2}
_TRUTHS = {code: truth for truth, code in _CODES.items()}


def _truth(rule: GroupRule, fact: Any) -> Truth:
    """Tell whether a fact puts its organisation into the group."""
    if isinstance(fact, Truth):
        return fact
    if fact is None or (rule.trait is GroupTrait.SECTOR and not fact):
        return Truth.UNKNOWN
    is_in = bool(fact & rule.values) if isinstance(fact, frozenset) else fact in rule.values
    return Truth.YES if is_in else Truth.NO


def facts_of(index: Index) -> dict[GroupTrait, Column[Any]]:
    """Return what rules look at of every organisation, written down at the first call."""
    return index.keep(
        "facts",
        lambda: {
            trait: Column.of(of(organisation) for organisation in index.organisations)
            for trait, of in _FACTS.items()
        },
    )


def _codes(rule: GroupRule, numbers: NDArray[np.int64], index: Index) -> NDArray[np.int64]:
    """Return a code of :class:`Truth` for each organisation, evaluated once for each fact."""
    if rule.trait is GroupTrait.LISTED:
        listed = [index.position[iri] for iri in rule.values if iri in index.position]
        return np.where(np.isin(numbers, listed), _CODES[Truth.YES], _CODES[Truth.NO])
    column = facts_of(index)[rule.trait]
    return column.spread(numbers, lambda fact: _CODES[_truth(rule, fact)])


def belongs(rule: GroupRule, numbers: NDArray[np.int64], index: Index) -> list[Truth]:
    """Tell of each organisation, by its number in the index, whether the rule counts it.

    Where an organisation is (district, state) is the place of its main site; where that or its
    sectors are not known, the answer is ``UNKNOWN``.
    """
    return [_TRUTHS[code] for code in _codes(rule, numbers, index).tolist()]


def group_of(
    rule: GroupRule, numbers: NDArray[np.int64], idle: tuple[int, ...], index: Index
) -> Group:
    """Translate a rule, less what members without work already count for.

    Args:
        rule: The rule.
        numbers: Number in the index of each compact organisation.
        idle: Numbers of members that serve nothing.
        index: The landscape.
    """
    low = _CODES[Truth.YES if rule.is_strict else Truth.UNKNOWN]
    high = _CODES[Truth.UNKNOWN if rule.is_strict else Truth.YES]
    codes = _codes(rule, numbers, index)
    already = _codes(rule, np.array(idle, dtype=np.int64), index)
    most = len(numbers) + len(idle) if rule.at_most is None else rule.at_most
    return Group(
        counts_low=codes >= low,
        counts_high=codes >= high,
        at_least=rule.at_least - int((already >= low).sum()),
        at_most=most - int((already >= high).sum()),
    )
