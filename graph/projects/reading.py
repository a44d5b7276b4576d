"""Reading the projects that the office supports."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar

from graph.errors import UnknownRecordError
from graph.projects.values import (
    BudgetLine,
    CostCategory,
    Milestone,
    MilestoneKind,
    Money,
    Phase,
    Plan,
    Project,
    ProjectPartner,
    ResearchCategory,
)
from graph.reading import rows
from graph.records import RecordGraph
from graph.store import Row, Store
from graph.vocabulary import ID

__all__ = ["HOUSE", "PROJECTS", "find_project", "read_projects"]

PROJECTS: Final = RecordGraph("projects", (("de", "Vorhaben"), ("en", "Projects")))
"""The graph of supported projects, internal."""

HOUSE: Final = ID["agent-verbund"]
"""The office itself, the source of what it records."""

Part = TypeVar("Part", ProjectPartner, Milestone, BudgetLine)


def read_projects(store: Store) -> tuple[Project, ...]:
    """Return every supported project, by IRI; none where the caller may not see them."""
    named: dict[str, list[Row]] = defaultdict(list)
    for row in rows(store, "supported-projects"):
        named[str(row["project"])].append(row)
    partners = _grouped(store, "supported-project-partners", _partner)
    milestones = _grouped(store, "project-milestones", _milestone)
    budgets = _grouped(store, "project-budgets", _budget_line)
    return tuple(
        Project(
            iri=iri,
            plan=_plan(found),
            phase=Phase(_slug(found[0], "phase")),
            changed_at=datetime.fromisoformat(str(found[0]["changed"])),
            partners=tuple(partners.get(iri, ())),
            milestones=tuple(milestones.get(iri, ())),
            budget=tuple(budgets.get(iri, ())),
        )
        for iri, found in named.items()
    )


def find_project(store: Store, word: str) -> Project:
    """Return the supported project with this IRI, identifier or name; case does not matter.

    Raises:
        UnknownRecordError: No project, or more than one, is called so.
    """
    wanted = word.strip().casefold()
    found = [p for p in read_projects(store) if wanted in _names(p)]
    if len(found) != 1:
        raise UnknownRecordError(word, kind="project")
    return found[0]


def _names(project: Project) -> set[str]:
    names = (project.iri, project.identifier, project.plan.name, project.plan.name_en)
    return {name.casefold() for name in names if name}


def _grouped(store: Store, query: str, made: Callable[[Row], Part]) -> Mapping[str, list[Part]]:
    """Return the parts of each project, each once though its organisation has several names."""
    found: dict[str, dict[str, Part]] = defaultdict(dict)
    for row in rows(store, query):
        part = made(row)
        found[str(row["project"])].setdefault(part.iri, part)
    return {project: list(parts.values()) for project, parts in found.items()}


def _plan(found: list[Row]) -> Plan:
    row = found[0]
    names = {str(getattr(r["name"], "language", "") or ""): str(r["name"]) for r in found}
    origin = str(row.get("origin", HOUSE))
    return Plan(
        name=names.get("de") or names[min(names)],
        name_en=names.get("en", ""),
        description=str(row.get("description", "")),
        kind=_slug(row, "kind"),
        programme=_optional(row, "programme"),
        research=ResearchCategory(_slug(row, "research")) if "research" in row else None,
        topic=_optional(row, "topic"),
        start=_day(row, "start"),
        end=_day(row, "end"),
        origin=None if origin == str(HOUSE) else origin,
    )


def _partner(row: Row) -> ProjectPartner:
    organisation = str(row["organisation"])
    return ProjectPartner(
        iri=str(row["membership"]),
        organisation=organisation,
        name=str(row.get("name", organisation.rpartition("/")[2])),
        role=_slug(row, "role"),
    )


def _milestone(row: Row) -> Milestone:
    return Milestone(
        iri=str(row["milestone"]),
        kind=MilestoneKind(_slug(row, "kind")),
        due=date.fromisoformat(str(row["due"])),
        done=_day(row, "done"),
        description=str(row.get("description", "")),
    )


def _budget_line(row: Row) -> BudgetLine:
    return BudgetLine(
        iri=str(row["line"]),
        organisation=str(row["organisation"]),
        category=CostCategory(_slug(row, "category")),
        money=Money(*(_amount(row, name) for name in ("cost", "grant", "claimed", "paid"))),
    )


def _amount(row: Row, name: str) -> Decimal:
    """Return an amount with two places; the shapes allow no more."""
    return Decimal(str(row[name])).quantize(Decimal("0.01"))


def _slug(row: Row, name: str) -> str:
    return str(row.get(name, "")).rpartition("/")[2]


def _optional(row: Row, name: str) -> str | None:
    return str(row[name]) if name in row else None


def _day(row: Row, name: str) -> date | None:
    """Return a day; what is known only as a month or a year is left open."""
    text = str(row.get(name, ""))
    return date.fromisoformat(text) if len(text) == len("2026-01-31") else None
