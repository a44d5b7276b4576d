"""The search is asked to satisfy each kind of rule that counts members, and does."""

from dataclasses import replace

import pytest

from api.asking import from_competences, landscape_of, words_of
from graph.consortium import suggest
from graph.eligibility import Criterion, Partner, Programme, check_programme, group_rules
from graph.eligibility.groups import _GROUPS
from graph.eligibility.values import ProjectFacts, RuleReason
from graph.funding import read_partners
from graph.model import Truth
from graph.settings import Settings
from graph.store import EmbeddedStore

WANTED = (
    "Drehen",
    "Fräsen",
    "Härten",
    "Koordinatenmessen",
    "Eloxieren",
    "Photonikforschung",
    "Kunststofftechnikforschung",
)
KINDS = {
    "min-companies": ("cooperation", 3),
    "min-companies-cooperation-project": ("cooperation", 4),
    "min-companies-international-network": ("international-network", 4),
    "min-companies-national-network": ("national-network", 5),
    "min-entities": ("cooperation", 4),
    "min-independent-partners": ("cooperation", 5),
    "min-research-orgs": ("cooperation", 2),
    "requires-sme": ("cooperation", 2),
}


def members(store: EmbeddedStore, programme: Programme | None, kind: str) -> tuple[Partner, ...]:
    """Return who is suggested when a programme's rules are demanded, with what rules ask for."""
    landscape = landscape_of(store, "de")
    asked = from_competences(list(WANTED)).resolve(store, words_of(store, "de"), "de")
    groups = group_rules(programme, kind) if programme else ()
    settings = replace(Settings(reference_year=2026), alternatives=0, replacements=False)
    found = suggest(replace(asked, groups=groups), landscape, settings)
    return read_partners(store, landscape, [m.organisation for m in found.members])


def programme_of(kind: str, at_least: int) -> Programme:
    rule = Criterion("c", kind, "consortium", ">=", (str(at_least),))
    return Programme("p", "P", criteria=(rule,))


def test_every_kind_that_counts_members_is_demanded() -> None:
    assert KINDS.keys() == _GROUPS.keys()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_search_satisfies_a_kind_of_rule(reference: EmbeddedStore, kind: str) -> None:
    project, at_least = KINDS[kind]
    programme = programme_of(kind, at_least)

    found = members(reference, programme, project)

    [check] = check_programme(programme, found, ProjectFacts(kind=project)).checks
    # that enough partners are independent of each other, no graph proves
    is_open = check.reason is RuleReason.INDEPENDENCE_OPEN
    assert check.truth is Truth.YES or is_open, (check, [p.name for p in found])
    assert check.found is not None
    assert check.found >= at_least


def test_demand_changes_who_is_suggested(reference: EmbeddedStore) -> None:
    freely = members(reference, None, "cooperation")
    demanded = members(reference, programme_of("min-independent-partners", 7), "cooperation")

    assert len(freely) < 7 <= len(demanded)
