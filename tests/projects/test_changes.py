"""Projects are changed by writes that the shapes and other people's changes hold back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from rdflib import URIRef

from graph.errors import (
    NonConformingError,
    RecordStateError,
    UnknownRecordError,
    VersionConflictError,
)
from graph.projects import (
    PROJECTS,
    CostCategory,
    Edit,
    MilestoneKind,
    Money,
    Phase,
    Plan,
    ResearchCategory,
    add_budget_line,
    add_milestone,
    add_partner,
    book,
    complete_milestone,
    find_project,
    move_milestone,
    read_projects,
    remove_budget_line,
    remove_milestone,
    remove_partner,
    revise,
    set_phase,
    start,
)
from graph.records import tag_of
from graph.store import EmbeddedStore, Visibility
from graph.vocabulary import VB
from tests.projects.conftest import INSTITUTE, MIDDLE, PROGRAMME, SMALL, Office

MONEY = Money(Decimal("100000.10"), Decimal("45000.05"), Decimal("0.30"), Decimal("0.10"))
PLAN = Plan(
    name="Neuer Prüfstand",
    name_en="New test rig",
    description='Mit "Zitat", ü und \\',
    programme=PROGRAMME,
    research=ResearchCategory.INDUSTRIAL,
    start=date(2026, 1, 1),
    end=date(2027, 12, 31),
)


def test_a_project_is_read_as_it_was_begun(office: Office) -> None:
    now = datetime(2026, 11, 25, 9, 30, 0, 123456, UTC)

    found = office.project(office.made(start(PLAN, now)))

    assert found.plan == PLAN
    assert found.phase is Phase.PREPARATION
    assert found.changed_at == now
    assert (found.partners, found.milestones, found.budget) == ((), (), ())


def test_nobody_else_sees_projects(office: Office, project: str) -> None:
    for visibility in (Visibility.PUBLIC, Visibility.PARTNERS):
        assert read_projects(EmbeddedStore(office.home, visibility)) == ()
    assert [p.iri for p in read_projects(office.store)] == [project]


def test_a_project_is_found_by_what_it_is_called(office: Office, project: str) -> None:
    for word in (project, project.rpartition("/")[2], "trockenlauf"):
        assert find_project(office.store, word).iri == project
    with pytest.raises(UnknownRecordError, match="project"):
        find_project(office.store, "Nasslauf")


def test_a_name_of_two_projects_finds_neither(office: Office, project: str) -> None:
    office.made(start(Plan("Trockenlauf")))

    with pytest.raises(UnknownRecordError):
        find_project(office.store, "Trockenlauf")


def test_another_plan_takes_the_place_of_the_first(office: Office, project: str) -> None:
    office.apply(revise(office.edit(project), PLAN))

    assert office.project(project).plan == PLAN

    office.apply(revise(office.edit(project), Plan("Kurz")))

    assert office.project(project).plan == Plan("Kurz")


def test_a_programme_funds_only_what_has_begun(office: Office, project: str) -> None:
    assert funded(office, project) == []

    office.apply(set_phase(office.edit(project), Phase.EXECUTION))

    assert funded(office, project) == [PROGRAMME]
    assert office.project(project).phase is Phase.EXECUTION

    office.apply(set_phase(office.edit(project), Phase.PREPARATION))

    assert funded(office, project) == []


def funded(office: Office, project: str) -> list[str]:
    query = f"SELECT ?programme {{ <{project}> <{VB.fundedUnder}> ?programme }}"
    return [str(row["programme"]) for row in office.store.select(query)]


def test_execution_waits_for_the_approval(office: Office, project: str) -> None:
    due = date(2026, 6, 1)
    approval = office.made(add_milestone(office.edit(project), MilestoneKind.APPROVAL, due))
    with pytest.raises(RecordStateError, match="approval"):
        set_phase(office.edit(project), Phase.EXECUTION)

    office.apply(complete_milestone(office.edit(project), approval, date(2026, 5, 2)))
    office.apply(set_phase(office.edit(project), Phase.EXECUTION))

    assert office.project(project).phase is Phase.EXECUTION


def test_milestones_come_move_are_done_and_go(office: Office, project: str) -> None:
    kind = MilestoneKind.PAYMENT_REQUEST
    iri = office.made(add_milestone(office.edit(project), kind, date(2026, 3, 31), "Abruf 1"))

    office.apply(move_milestone(office.edit(project), iri, date(2026, 4, 15)))
    office.apply(complete_milestone(office.edit(project), iri, date(2026, 4, 14)))

    [found] = office.project(project).milestones
    assert (found.iri, found.kind, found.due) == (iri, kind, date(2026, 4, 15))
    assert (found.done, found.description) == (date(2026, 4, 14), "Abruf 1")

    office.apply(complete_milestone(office.edit(project), iri, None))
    assert office.project(project).milestones[0].done is None

    office.apply(remove_milestone(office.edit(project), iri.rpartition("/")[2]))
    assert office.project(project).milestones == ()
    assert not office.store.select(f"SELECT ?p ?o {{ <{iri}> ?p ?o }}")


def test_partners_come_and_go(office: Office, project: str) -> None:
    membership = office.made(add_partner(office.edit(project), INSTITUTE, "research-partner"))

    partners = office.project(project).partners
    assert [(p.name, p.role) for p in partners] == [
        ("Institut", "research-partner"),
        ("Klein GmbH", "coordinator"),
        ("Mittel GmbH", "partner"),
    ]
    with pytest.raises(RecordStateError, match="already"):
        add_partner(office.edit(project), INSTITUTE)

    office.apply(remove_partner(office.edit(project), membership))
    assert len(office.project(project).partners) == 2


def test_a_role_that_no_list_has_is_refused(office: Office, project: str) -> None:
    with pytest.raises(NonConformingError, match="in no scheme"):
        office.made(add_partner(office.edit(project), INSTITUTE, "chief"))


def test_amounts_come_back_to_the_cent(office: Office, project: str) -> None:
    line = office.made(add_budget_line(office.edit(project), SMALL, CostCategory.TRAVEL, MONEY))

    assert office.project(project).budget[0].money == MONEY

    later = replace(MONEY, claimed=Decimal("999.99"), paid=Decimal("999.98"))
    office.apply(book(office.edit(project), line, later))

    [found] = office.project(project).budget
    assert (found.iri, found.money) == (line, later)

    office.apply(remove_budget_line(office.edit(project), line))
    assert office.project(project).budget == ()


@pytest.mark.parametrize(
    "money",
    [
        Money(Decimal(100), Decimal("100.01")),
        Money(Decimal(100), Decimal(50), Decimal("50.01")),
        Money(Decimal(100), Decimal(50), Decimal(10), Decimal("10.01")),
        Money(Decimal(-1), Decimal(-1), Decimal(-1), Decimal(-1)),
        Money(Decimal("0.001")),
    ],
)
def test_amounts_that_cannot_be_are_refused(office: Office, project: str, money: Money) -> None:
    with pytest.raises(NonConformingError):
        office.made(add_budget_line(office.edit(project), SMALL, CostCategory.TRAVEL, money))

    assert office.project(project).budget == ()


def test_money_is_for_partners_once_for_each_category(office: Office, project: str) -> None:
    with pytest.raises(RecordStateError, match="partner first"):
        add_budget_line(office.edit(project), INSTITUTE, CostCategory.TRAVEL, MONEY)
    office.made(add_budget_line(office.edit(project), SMALL, CostCategory.TRAVEL, MONEY))
    with pytest.raises(RecordStateError, match="already"):
        add_budget_line(office.edit(project), SMALL, CostCategory.TRAVEL, MONEY)
    membership = next(p for p in office.project(project).partners if p.organisation == SMALL)
    with pytest.raises(RecordStateError, match="money is planned"):
        remove_partner(office.edit(project), membership.iri)


def test_texts_with_private_data_are_refused(office: Office, project: str) -> None:
    for text in ("IBAN DE02 1203 0000 0000 2020 51", "an vorname@example.org", "Tel. 0361 / 00000"):
        with pytest.raises(NonConformingError):
            office.apply(revise(office.edit(project), Plan("Neu", description=text)))


@pytest.mark.parametrize("change", [move_milestone, complete_milestone])
def test_a_part_of_nothing_is_not_found(office: Office, project: str, change: object) -> None:
    assert callable(change)
    with pytest.raises(UnknownRecordError, match="milestone"):
        change(office.edit(project), "milestone-none", date(2026, 1, 1))


def test_changes_of_different_parts_on_one_reading_exclude_each_other(
    office: Office, project: str
) -> None:
    store = office.store
    seen = Edit(store, find_project(store, project), tag_of(store, URIRef(project), PROJECTS))
    first = add_milestone(seen, MilestoneKind.OUTLINE, date(2026, 1, 31))
    second = add_budget_line(seen, SMALL, CostCategory.TRAVEL, MONEY)

    office.made(first)

    with pytest.raises(VersionConflictError):
        office.made(second)
    with pytest.raises(VersionConflictError):
        revise(replace(seen, store=office.store), PLAN)
    assert office.project(project).budget == ()


def test_a_change_of_another_project_does_not_disturb(office: Office, project: str) -> None:
    waiting = set_phase(office.edit(project), Phase.EXECUTION)
    office.made(start(PLAN))

    office.apply(waiting)

    assert office.project(project).phase is Phase.EXECUTION


def test_partners_of_an_idea_have_not_worked_together_yet(office: Office, project: str) -> None:
    def together() -> bool:
        query = f"SELECT ?b {{ <{SMALL}> <{VB.collaboratedWith}> ?b }}"
        return any(str(row["b"]) == MIDDLE for row in office.store.select(query))

    assert not together()
    office.apply(set_phase(office.edit(project), Phase.EXECUTION))
    assert together()
