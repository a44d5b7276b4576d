"""What the office does is a function, a command and an operation, by the same names.

A function is named in its package, a command in its group, an operation in the whole API; so an
operation may add what it is about (``assign`` is ``assign_enquiry``), and reading is ``read`` or
``find`` in Python, ``list`` or ``show`` on the command line, ``list`` or ``get`` over HTTP.
"""

import re
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from fastapi import FastAPI
from typer import Typer

from api.app import create_app
from api.settings import Settings
from graph.store import EmbeddedStore

NAMES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "desk": (
        ("receive", "receive", "receive_enquiry"),
        ("read_desk_enquiries", "list", "list_desk_enquiries"),
        ("read_desk_enquiry", "show", "get_desk_enquiry"),
        ("change_details", "change-details", "change_enquiry_details"),
        ("confirm_requirements", "confirm-requirements", "confirm_requirements"),
        ("rank", "rank", "rank_responsible_bodies"),
        ("assign", "assign", "assign_enquiry"),
        ("refer", "refer", "refer_enquiry"),
        ("note_reply", "note-reply", "note_reply"),
        ("note_offer", "note-offer", "note_offer"),
        ("change_shortlist", "change-shortlist", "change_shortlist"),
        ("propose_consortium", "propose-consortium", "propose_consortium"),
        ("change_status", "change-status", "change_enquiry_status"),
        ("overdue", "overdue", "list_overdue"),
    ),
    "needs": (
        ("record_need", "record-need", "record_need"),
        ("read_needs", "list", "list_needs"),
        ("find_need", "show", "get_need"),
        ("change_need_status", "change-need-status", "change_need_status"),
        ("match_need", "match-need", "match_need"),
        ("record_initiative", "record-initiative", "record_initiative"),
        ("read_initiatives", "initiatives", "list_initiatives"),
        ("find_initiative", "show", "get_initiative"),
        ("bundle", "bundle", "bundle"),
        ("meetings", "meetings", "list_meetings"),
    ),
    "projects": (
        ("read_projects", "list", "list_projects"),
        ("find_project", "show", "get_project"),
        ("start", "start", "start_project"),
        ("revise", "revise", "revise_project"),
        ("set_phase", "set-phase", "set_project_phase"),
        ("add_milestone", "add-milestone", "add_milestone"),
        ("move_milestone", "move-milestone", "move_milestone"),
        ("complete_milestone", "complete-milestone", "complete_milestone"),
        ("remove_milestone", "remove-milestone", "remove_milestone"),
        ("add_partner", "add-partner", "add_project_partner"),
        ("remove_partner", "remove-partner", "remove_project_partner"),
        ("add_budget_line", "add-budget-line", "add_budget_line"),
        ("book", "book", "book_amounts"),
        ("remove_budget_line", "remove-budget-line", "remove_budget_line"),
        ("overdue", "overdue", "list_overdue_milestones"),
        ("due_until", "due", "list_due_milestones"),
        ("calendar", "calendar", "export_calendar"),
        ("budget_csv", "budget", "export_budget"),
        ("milestones_csv", "milestones", "export_milestones"),
        ("check_amounts", "amounts", "check_project_amounts"),
    ),
    "profiles": (
        ("form_of", "form", "get_profile_form"),
        ("submit", "submit", "submit_profile"),
        ("read_submissions", "submissions", "list_submissions"),
        ("find_submission", "submission", "get_submission"),
        ("publish", "publish", "publish_submission"),
        ("reject", "reject", "reject_submission"),
        ("completeness_of", "completeness", "get_completeness"),
        ("effects_of", "effects", "get_effects"),
        ("renewals_due", "renewals", "list_renewals"),
    ),
}
# What is put together in the web layer of other functions: reading texts, holding against rules.
WITHOUT_FUNCTION = {
    "desk": {"propose_requirements": "propose-requirements"},
    "needs": {},
    "projects": {"check_project_funding": "funding", "check_project_idea": "funding"},
    "profiles": {"check_profile": "check"},
}
FREE = frozenset({"read", "find", "list", "show", "get", "export", "check", "of", "csv", "until"})
COMMANDS = {
    "desk": ("api.desk.command", "/api/v1/desk"),
    "needs": ("api.needs.command", "/api/v1/needs"),
    "projects": ("api.projects.exports", "/api/v1/projects"),
    "profiles": ("api.profiles.command", "/api/v1/profiles"),
}


def words(name: str) -> frozenset[str]:
    return frozenset(re.split("[_-]", name)) - FREE - {"due"}


def commands(group: str) -> set[str]:
    """Every command of a group by name."""
    module: ModuleType = import_module(COMMANDS[group][0])
    app: Typer = module.app
    found: set[str] = set()
    for command in app.registered_commands:
        found.add(command.name or str(getattr(command.callback, "__name__", "")))
    return found


@pytest.fixture(scope="module")
def operations(settings: Settings, small_store: EmbeddedStore) -> dict[str, set[str]]:
    """Identifiers of the operations of each group."""
    app: FastAPI = create_app(settings, small_store)
    found: dict[str, set[str]] = {group: set() for group in NAMES}
    for path, item in app.openapi()["paths"].items():
        for group, (_, prefix) in COMMANDS.items():
            if path.startswith(prefix):
                found[group] |= {one["operationId"] for one in item.values()}
    return found


@pytest.mark.parametrize("group", sorted(NAMES))
def test_names_of_function_command_and_operation_are_the_same(group: str) -> None:
    for function, command, operation in NAMES[group]:
        assert words(function) <= words(operation), (function, operation)
        assert words(command) <= words(operation), (command, operation)
        if not words(command) <= words(function):
            raise AssertionError((function, command))


@pytest.mark.parametrize("group", sorted(NAMES))
def test_every_function_and_command_is_there(group: str) -> None:
    module = import_module(f"graph.{group}")
    known = commands(group)

    for function, command, _ in NAMES[group]:
        assert function in module.__all__
        assert command in known
    assert known >= set(WITHOUT_FUNCTION[group].values())


@pytest.mark.parametrize("group", sorted(NAMES))
def test_no_operation_is_without_its_function_and_command(
    group: str, operations: dict[str, set[str]]
) -> None:
    named = {operation for _, _, operation in NAMES[group]}

    assert operations[group] == named | WITHOUT_FUNCTION[group].keys()


def test_words_can_differ() -> None:
    assert words("stage") != words("submit_profile")
    assert not words("match-need") <= words("research_need")


def test_every_change_of_a_record_needs_its_tag(
    settings: Settings, small_store: EmbeddedStore
) -> None:
    """Whoever changes a record says which state of it they have read: 428 without, 412 if old."""
    changing: dict[str, dict[str, Any]] = {}
    for path, item in create_app(settings, small_store).openapi()["paths"].items():
        if path.startswith(tuple(prefix for _, prefix in COMMANDS.values())) and "{name}" in path:
            changing |= {o["operationId"]: o for m, o in item.items() if m != "get"}

    assert len(changing) >= 24
    for name, operation in changing.items():
        headers = {p["name"] for p in operation["parameters"] if p["in"] == "header"}
        assert "If-Match" in headers, name
        assert {"412", "428"} <= operation["responses"].keys(), name
