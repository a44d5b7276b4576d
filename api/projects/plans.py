"""From what a client sends to the plan of a project."""

from api.projects.funding import programme_of, topic_of
from api.schemas.projects import PlanIn
from graph.projects import Plan
from graph.store import Store

__all__ = ["plan_of"]


def plan_of(store: Store, given: PlanIn, language: str = "de") -> Plan:
    """Return a plan with IRIs in place of words.

    Raises:
        UnknownTermError: The programme or the topic is not known.
    """
    return Plan(
        name=given.name.strip(),
        name_en=given.name_en.strip(),
        description=given.description.strip(),
        kind=given.kind,
        programme=programme_of(store, given.programme, language),
        research=given.research,
        topic=topic_of(store, given.topic),
        start=given.start,
        end=given.end,
        origin=given.origin,
    )
