"""What the forms of the project pages ask for, as changes of a project."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from starlette.datastructures import FormData

from api.access.forms import text_of
from api.desk.naming import names_of
from api.i18n import noop as _noop
from api.pages.entering import NOT_AN_AMOUNT, amount_of
from api.pages.refusals import FieldError
from api.projects.funding import programme_of
from graph.projects import (
    CostCategory,
    Edit,
    MilestoneKind,
    Money,
    Phase,
    Plan,
    add_budget_line,
    add_milestone,
    add_partner,
    book,
    complete_milestone,
    move_milestone,
    remove_budget_line,
    remove_milestone,
    remove_partner,
    set_phase,
)
from graph.store import Store
from graph.writing import Write

__all__ = ["ACTIONS", "FieldError", "plan_from"]


NO_NAME: Final = _noop("Give the project a name.")
NO_DAY: Final = _noop("Give a day, such as 2026-12-31.")
NO_CHOICE: Final = _noop("Choose an entry of the list.")


def plan_from(fields: FormData, store: Store, language: str) -> Plan:
    """Return the plan of a new project.

    Raises:
        FieldError: It has no name.
        UnknownTermError: There is no such programme.
    """
    name = text_of(fields, "name")[:300]
    if not name:
        raise FieldError(NO_NAME)
    programme = programme_of(store, text_of(fields, "programme") or None, language)
    return Plan(name, description=text_of(fields, "description")[:5000], programme=programme)


def _day(fields: FormData, name: str) -> date:
    try:
        return date.fromisoformat(text_of(fields, name))
    except ValueError:
        raise FieldError(NO_DAY) from None


def _amount(fields: FormData, name: str) -> Decimal:
    text = text_of(fields, name)
    amount = amount_of(text or "0")
    if amount is None:
        raise FieldError(NOT_AN_AMOUNT)
    return amount


def _money(fields: FormData) -> Money:
    return Money(*(_amount(fields, name) for name in ("cost", "grant", "claimed", "paid")))


def _organisation(edit: Edit, fields: FormData) -> str:
    return names_of(edit.store, "de").organisation(text_of(fields, "organisation"))


def _phase(edit: Edit, fields: FormData) -> Write:
    word = text_of(fields, "phase")
    if word not in set(Phase):
        raise FieldError(NO_CHOICE)
    return set_phase(edit, Phase(word))


def _milestone(edit: Edit, fields: FormData) -> Write:
    kind = text_of(fields, "kind")
    if kind not in set(MilestoneKind):
        raise FieldError(NO_CHOICE)
    text = text_of(fields, "description")[:300]
    return add_milestone(edit, MilestoneKind(kind), _day(fields, "due"), text)[1]


def _done(edit: Edit, fields: FormData) -> Write:
    done = _day(fields, "done") if text_of(fields, "done") else None
    return complete_milestone(edit, text_of(fields, "part"), done)


def _line(edit: Edit, fields: FormData) -> Write:
    category = text_of(fields, "category")
    if category not in set(CostCategory):
        raise FieldError(NO_CHOICE)
    organisation = text_of(fields, "organisation")
    return add_budget_line(edit, organisation, CostCategory(category), _money(fields))[1]


ACTIONS: Final[Mapping[str, Callable[[Edit, FormData], Write]]] = {
    "phase": _phase,
    "milestone": _milestone,
    "done": _done,
    "due": lambda edit, f: move_milestone(edit, text_of(f, "part"), _day(f, "due")),
    "remove-milestone": lambda edit, f: remove_milestone(edit, text_of(f, "part")),
    "partner": lambda edit, f: add_partner(edit, _organisation(edit, f), text_of(f, "role"))[1],
    "remove-partner": lambda edit, f: remove_partner(edit, text_of(f, "part")),
    "line": _line,
    "book": lambda edit, f: book(edit, text_of(f, "part"), _money(f)),
    "remove-line": lambda edit, f: remove_budget_line(edit, text_of(f, "part")),
}
"""What each button of the page of a project does.

Raises:
    FieldError: A field cannot be read.
    GraphError: As the function behind it.
"""
