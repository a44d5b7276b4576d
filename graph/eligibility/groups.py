"""Rules of a programme as conditions that the consortium search satisfies."""

from graph.eligibility.check import is_for_project
from graph.eligibility.values import Criterion, Programme
from graph.model import GroupRule, GroupTrait

__all__ = ["group_rules"]

_COMPANY = frozenset({"Company"})
_RESEARCH = frozenset({"ResearchInstitution"})
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
        _rule(programme, criterion)
        for criterion in programme.criteria
        if criterion.kind in _GROUPS and is_for_project(criterion, project_kind)
    )


def _rule(programme: Programme, criterion: Criterion) -> GroupRule:
    trait, values = _GROUPS[criterion.kind]
    return GroupRule(
        name=f"{programme.name}: {criterion.label or criterion.kind}",
        trait=trait,
        values=values,
        at_least=int(criterion.number or 0),
    )
