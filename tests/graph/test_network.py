"""Strength and bonus of documented collaboration."""

from dataclasses import replace

import pytest

from graph.matching import index_of
from graph.model import CompetenceScheme, Landscape, Organisation, Tie
from graph.network import Cooperation, brokers, collaboration_network
from graph.settings import Settings

SETTINGS = Settings(reference_year=2026)
NAMES = ("a", "b", "c", "d")


def tie(
    first: str, second: str, context: str, year: int | None = 2026, kind: str = "project"
) -> Tie:
    return Tie(first, second, context, kind, context.upper(), year)


def landscape_of(*ties: Tie, **changes: Organisation) -> Landscape:
    organisations = {n: Organisation(n, n.upper()) for n in NAMES} | changes
    return Landscape("v", CompetenceScheme({}), organisations, (), ties)


def cooperation_of(*ties: Tie, **changes: Organisation) -> Cooperation:
    return Cooperation(index_of(landscape_of(*ties, **changes)), SETTINGS)


A, B, C = 0, 1, 2


def test_strangers_have_no_bonus() -> None:
    assert cooperation_of().bonus_km(A, B) == 0


@pytest.mark.parametrize(
    ("years", "bonus_km"),
    [([2026], 15), ([2026, 2026], 22), ([2026] * 9, 30), ([2018], 9), ([None], 9), ([2030], 15)],
)
def test_each_project_is_worth_less_and_old_ones_fade(
    years: list[int | None], bonus_km: int
) -> None:
    cooperation = cooperation_of(*(tie("a", "b", f"p{i}", y) for i, y in enumerate(years)))

    assert cooperation.bonus_km(A, B) == cooperation.bonus_km(B, A) == bonus_km


def test_one_context_counts_once() -> None:
    cooperation = cooperation_of(tie("a", "b", "p"), tie("a", "b", "p"))

    assert cooperation.bonus_km(A, B) == 15
    assert len(cooperation.ties(A, B)) == 1


def test_shared_clusters_count_from_both_sides_once() -> None:
    cooperation = cooperation_of(
        tie("a", "b", "k", kind="cluster"),
        a=Organisation("a", "A", clusters=frozenset({"k", "k2"})),
        b=Organisation("b", "B", clusters=frozenset({"k", "k2"})),
    )

    assert cooperation.bonus_km(A, B) == 10
    assert cooperation.shared_clusters(A, B) == ("k", "k2")
    assert cooperation.ties(A, B) == ()


def test_bonus_never_exceeds_what_working_together_costs() -> None:
    weights = SETTINGS.weights
    cheap = replace(
        SETTINGS, weights=replace(weights, handover=replace(weights.handover, kappa_km=7))
    )
    index = index_of(landscape_of(tie("a", "b", "p")))

    assert Cooperation(index, cheap).bonus_km(A, B) == 7


def test_ties_are_shown_latest_first() -> None:
    cooperation = cooperation_of(
        tie("a", "b", "p1", 2010), tie("a", "b", "p2", None), tie("a", "b", "p3", 2020)
    )

    assert [t.context for t in cooperation.ties(B, A)] == ["p3", "p1", "p2"]


def test_tie_between_entries_of_one_organisation_is_none() -> None:
    cooperation = cooperation_of(
        tie("a", "b", "p"), tie("b", "c", "q"), b=Organisation("b", "B", same_as="a")
    )

    # Numbers now: a (with b), c, d.
    assert cooperation.neighbours(0) == {1: pytest.approx(1.0)}


def test_brokers_have_worked_with_both() -> None:
    cooperation = cooperation_of(
        tie("a", "c", "p1"), tie("b", "c", "p2", 2018), tie("a", "d", "p3"), tie("b", "d", "p4")
    )

    assert brokers(A, B, cooperation) == (3, 2)


def test_network_holds_projects_and_not_clusters() -> None:
    landscape = landscape_of(
        tie("a", "b", "p", 2020), tie("a", "b", "q", 2026), tie("c", "d", "k", kind="cluster")
    )

    network = collaboration_network(landscape, SETTINGS)

    assert sorted(network.nodes) == list(NAMES)
    assert list(network.edges) == [("a", "b")]
    edge = network.edges["a", "b"]
    assert (edge["ties"], edge["latest"]) == (2, 2026)
    assert edge["strength"] == pytest.approx(1 + 0.5 ** (6 / 8))
    assert edge["length"] == pytest.approx(1 / edge["strength"])


def test_ties_to_strangers_of_the_landscape_are_left_out() -> None:
    assert cooperation_of(tie("a", "z", "p")).neighbours(A) == {}
