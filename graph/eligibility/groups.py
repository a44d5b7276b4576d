"""Rules of a programme as conditions that the consortium search satisfies."""

from graph.eligibility.check import is_for_project
from graph.eligibility.values import Criterion, Programme
from graph.model import GroupRule, GroupTrait
from graph.states import STATES

__all__ = ["group_rules"]

_COMPANY = frozenset({"Company"})
_RESEARCH = frozenset({"ResearchInstitution"})
_LOCATION = "location"
_ANY = frozenset({"Company", "ResearchInstitution", "TransferCentre"})
_GROUPS: dict[str, tuple[GroupTrait, frozenset[str]]] = {
    "min-companies": (GroupTrait.KIND, _COMPANY),
    "min-companies-cooperation-project": (GroupTrait.KIND, _COMPANY),
    "min-companies-international-network": (GroupTrait.KIND, _COMPANY),
    "min-companies-national-network": (GroupTrait.KIND, _COMPANY),
    "min-entities": (GroupTrait.KIND, _ANY),
    "min-independent-partners": (GroupTrait.KIND, _ANY),
    "min-research-orgs": (GroupTrait.KIND, _RESEARCH),
    "requires-sme": (GroupTrait.SMALL, frozenset()),
}


def group_rules(programme: Programme, project_kind: str = "cooperation") -> tuple[GroupRule, ...]:
    """Return the rules of a programme that count members, in its order.

    Rules on countries, budgets or head counts cannot be said this way; they are checked on the
    answer.
    """
    return tuple(
        rule
        for criterion in programme.criteria
        if is_for_project(criterion, project_kind)
        for rule in [_rule(programme, criterion)]
        if rule is not None
    )


def _rule(programme: Programme, criterion: Criterion) -> GroupRule | None:
    name = f"{programme.name}: {criterion.label or criterion.kind}"
    if criterion.kind == _LOCATION:
        return _in_a_state(name, criterion)
    if criterion.kind not in _GROUPS:
        return None
    trait, values = _GROUPS[criterion.kind]
    return GroupRule(name=name, trait=trait, values=values, at_least=int(criterion.number or 0))


def _in_a_state(name: str, criterion: Criterion) -> GroupRule | None:
    """Say that a project that must be carried out in a state needs a member there.

    ``None`` where the place is no federal state, such as a country.
    """
    wanted = {value.casefold() for value in criterion.values}
    states = frozenset(s.iri for s in STATES.values() if {s.german.casefold()} & wanted)
    if not states:
        return None
    return GroupRule(name=name, trait=GroupTrait.STATE, values=states, at_least=1)
