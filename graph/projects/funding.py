"""What the funding rules need to know of a project."""

from decimal import Decimal

from graph.eligibility import ProjectFacts
from graph.model import Landscape
from graph.projects.values import Project, total

__all__ = ["duration_months", "facts_of", "partners_known"]

_LEADS = frozenset({"coordinator", "lead"})
_ALONE = "individual"


def facts_of(
    project: Project, field: str | None = None, *, civilian: bool | None = None
) -> ProjectFacts:
    """Return what a project says of itself, for :func:`graph.eligibility.check_programmes`.

    Args:
        project: The project.
        field: Name of its field of the innovation strategy, as the rules word it.
        civilian: The purpose is civilian, as far as the partners have said.
    """
    leads = [p.organisation for p in project.partners if p.role in _LEADS]
    return ProjectFacts(
        kind="cooperation" if len(project.partners) != 1 else _ALONE,
        duration_months=duration_months(project),
        is_civilian=civilian,
        innovation_field=field,
        budget_shares=_shares(project),
        lead=leads[0] if len(leads) == 1 else None,
    )


def duration_months(project: Project) -> int | None:
    """Return how many months a project takes, begun ones counted; ``None`` while that is open."""
    start, end = project.plan.start, project.plan.end
    if start is None or end is None or end < start:
        return None
    months = (end.year - start.year) * 12 + end.month - start.month
    return months + (end.day >= start.day)


def _shares(project: Project) -> dict[str, float]:
    """Return the share of each partner in the planned cost; none while nothing is planned."""
    whole = total(line.money for line in project.budget).cost
    if not whole:
        return {}
    costs = {p.organisation: Decimal(0) for p in project.partners}
    for line in project.budget:
        costs[line.organisation] = costs.get(line.organisation, Decimal(0)) + line.money.cost
    return {iri: float(cost / whole) for iri, cost in costs.items()}


def partners_known(project: Project, landscape: Landscape) -> tuple[list[str], list[str]]:
    """Return the partners that rules can be held against, and the other ones.

    The landscape holds companies, research institutions and transfer centres.
    """
    partners = [p.organisation for p in project.partners]
    known = [iri for iri in partners if iri in landscape.organisations]
    return known, [iri for iri in partners if iri not in landscape.organisations]
