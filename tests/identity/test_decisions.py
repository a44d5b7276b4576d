"""Decisions of people: made once, seen by whom may see the entries, changed, taken back."""

from pathlib import Path

import pytest

from graph.errors import (
    NonConformingError,
    ParameterError,
    UnknownTermError,
    VersionConflictError,
)
from graph.identity import Decision, decide, decisions, open_proposals, revise, withdraw
from graph.store import EmbeddedStore, Visibility
from graph.vocabulary import GRAPH, ID, VB
from graph.writing import write

ONE, TWO, HIDDEN = (str(ID[f"org-spindel{end}"]) for end in ("", "-2", "-3"))
OPTIK = str(ID["org-optik"])


def reading(home: Path, visibility: Visibility = Visibility.INTERNAL) -> EmbeddedStore:
    return EmbeddedStore(home, visibility)


def decided(home: Path, first: str, second: str, decision: Decision = Decision.SAME) -> str:
    made = decide(reading(home), first, second, decision)
    write(home, made.write)
    return made.record


def pairs(home: Path, visibility: Visibility = Visibility.INTERNAL) -> set[tuple[str, str]]:
    return {proposal.pair for proposal in open_proposals(reading(home, visibility))}


def same(home: Path, visibility: Visibility) -> set[tuple[str, str]]:
    query = f"SELECT ?a ?b {{ ?a <{VB.sameOrganisationAs}> ?b }}"
    return {(str(r["a"]), str(r["b"])) for r in reading(home, visibility).select(query)}


def test_proposals_are_those_of_what_is_seen(fresh: Path) -> None:
    assert pairs(fresh, Visibility.PUBLIC) == {(ONE, TWO)}
    assert pairs(fresh) == {(ONE, TWO), (ONE, HIDDEN), (TWO, HIDDEN)}


@pytest.mark.parametrize("decision", [Decision.SAME, Decision.DIFFERENT, Decision.PART_OF])
def test_what_is_decided_is_not_proposed_again(fresh: Path, decision: Decision) -> None:
    decided(fresh, TWO, ONE, decision)

    assert (ONE, TWO) not in pairs(fresh)
    with pytest.raises(VersionConflictError, match="decided"):
        decide(reading(fresh), ONE, TWO, Decision.SAME)


def test_what_follows_is_not_proposed_either(fresh: Path) -> None:
    decided(fresh, ONE, TWO)
    decided(fresh, TWO, HIDDEN)

    assert pairs(fresh) == set()
    assert (ONE, HIDDEN) in same(fresh, Visibility.INTERNAL)


def test_a_decision_about_one_holds_for_its_like(fresh: Path) -> None:
    decided(fresh, ONE, TWO)
    decided(fresh, TWO, HIDDEN, Decision.DIFFERENT)

    assert pairs(fresh) == set()


def test_nobody_sees_a_decision_about_what_is_hidden(fresh: Path) -> None:
    decided(fresh, ONE, TWO)
    decided(fresh, ONE, HIDDEN)

    assert same(fresh, Visibility.PUBLIC) == {(ONE, TWO), (TWO, ONE)}
    public = reading(fresh, Visibility.PUBLIC)
    assert str(GRAPH["identity"]) in public.graphs()
    assert str(GRAPH["identity-internal"]) not in public.graphs()
    assert [one.second for one in decisions(public)] == [TWO]


def test_a_decision_says_why_and_when(fresh: Path) -> None:
    iri = decided(fresh, ONE, TWO)
    [judgement] = decisions(reading(fresh))

    assert (judgement.iri, judgement.decision) == (iri, Decision.SAME)
    assert (judgement.first, judgement.second) == (ONE, TWO)
    assert "Gleicher Ort: jena." in judgement.rationale["de"]
    assert "Same town: jena." in judgement.rationale["en"]
    assert judgement.score is not None
    assert judgement.score > 0.5
    assert judgement.made_at


def test_two_people_decide_at_once(fresh: Path) -> None:
    first = decide(reading(fresh), ONE, TWO, Decision.SAME)
    second = decide(reading(fresh), ONE, TWO, Decision.DIFFERENT)
    write(fresh, first.write)

    with pytest.raises(VersionConflictError):
        write(fresh, second.write)


def test_contradictions_are_refused(fresh: Path) -> None:
    decided(fresh, ONE, TWO)
    decided(fresh, ONE, HIDDEN, Decision.DIFFERENT)
    change = decide(reading(fresh), TWO, HIDDEN, Decision.SAME).write

    with pytest.raises(NonConformingError, match="By one decision"):
        write(fresh, change)


def test_a_decision_is_changed_by_who_has_read_it(fresh: Path) -> None:
    iri = decided(fresh, ONE, TWO)
    [read] = decisions(reading(fresh))
    said = {"de": "Zwei Werke.", "en": "Two works."}
    changed = revise(reading(fresh), iri, read.tag, Decision.DIFFERENT, said).write
    write(fresh, changed)
    [now] = decisions(reading(fresh))

    assert (now.decision, now.rationale) == (Decision.DIFFERENT, said)
    assert now.tag != read.tag
    assert same(fresh, Visibility.PUBLIC) == set()
    with pytest.raises(VersionConflictError):
        revise(reading(fresh), iri, read.tag, Decision.SAME, said)
    with pytest.raises(VersionConflictError):
        write(fresh, changed)


def test_what_is_taken_back_is_proposed_again(fresh: Path) -> None:
    iri = decided(fresh, ONE, TWO)
    [read] = decisions(reading(fresh))
    write(fresh, withdraw(reading(fresh), iri, read.tag).write)

    assert decisions(reading(fresh)) == []
    assert (ONE, TWO) in pairs(fresh)
    with pytest.raises(UnknownTermError):
        withdraw(reading(fresh), iri, read.tag)


def test_what_cannot_be_decided(fresh: Path) -> None:
    with pytest.raises(ParameterError):
        decide(reading(fresh), ONE, ONE, Decision.SAME)
    with pytest.raises(UnknownTermError):
        decide(reading(fresh), ONE, str(ID["org-nobody"]), Decision.SAME)


def test_decisions_of_the_reference_data_are_shown_and_stay(reference: EmbeddedStore) -> None:
    found = decisions(reference)

    assert {judgement.tag for judgement in found} == {""}
    assert {judgement.decision for judgement in found} >= {Decision.SAME, Decision.DIFFERENT}
    with pytest.raises(UnknownTermError):
        withdraw(reference, found[0].iri, "")
