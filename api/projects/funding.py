"""Holding a project, or the idea of one, against funding programmes."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.asking import landscape_of, words_of
from api.funding import check_funding
from api.projects.presenting import presenter_of
from api.schemas.funding import FundingOut
from api.schemas.projects import AmountCheckOut
from api.words import terms_of
from graph.eligibility import ProjectFacts
from graph.funding import find_programme, read_partners, read_programmes
from graph.projects import (
    PlanFacts,
    Project,
    check_amounts,
    facts_of,
    partners_known,
)
from graph.store import Store

__all__ = ["Stated", "amounts_of", "funding_of", "funding_of_idea", "programme_of", "topic_of"]

_TOPICS = "ris-field"


@dataclass(frozen=True, slots=True)
class Stated:
    """What only the partners know.

    Attributes:
        civilian: The purpose is civilian.
        structurally_weak: The companies are in a structurally weak region.
        young: Words for the companies that are young as the programme means it; ``None`` while
            that is open, empty when none is.
    """

    civilian: bool | None = None
    structurally_weak: bool | None = None
    young: tuple[str, ...] | None = None


def programme_of(store: Store, word: str | None, language: str) -> str | None:
    """Return the IRI of the programme with this IRI, identifier or name.

    Raises:
        UnknownTermError: No programme is called so.
    """
    if word is None:
        return None
    return find_programme(read_programmes(store, presenter_of(store, language).labels), word).iri


def topic_of(store: Store, word: str | None) -> str | None:
    """Return the IRI of the field of the innovation strategy with this IRI or name.

    Raises:
        UnknownTermError: No field is called so.
    """
    return None if word is None else terms_of(store, _TOPICS).resolve(word)


def funding_of(
    store: Store,
    project: Project,
    programme: str | None = None,
    stated: Stated | None = None,
    language: str = "de",
) -> FundingOut:
    """Hold a project against one programme or all, with what to change.

    Partners that are no companies, research institutions or transfer centres are left out.

    Args:
        store: Where the graph lives.
        project: The project.
        programme: IRI, identifier or name; all when omitted.
        stated: What only the partners know.
        language: Language of names and sentences.

    Raises:
        UnknownTermError: No programme is called so.
    """
    known, _ = partners_known(project, landscape_of(store, language))
    # the rules name the fields in German
    topic = presenter_of(store, "de").labels.get(project.plan.topic or "")
    facts = facts_of(project, topic, civilian=(stated or Stated()).civilian)
    return check_funding(store, known, facts, programme, language)


def funding_of_idea(
    store: Store,
    partners: Iterable[str],
    facts: ProjectFacts,
    programme: str | None = None,
    language: str = "de",
) -> FundingOut:
    """Hold the idea of a project, of which nothing is recorded, against programmes.

    Args:
        store: Where the graph lives.
        partners: Words for the partners: IRI, identifier or name.
        facts: What is known of it.
        programme: IRI, identifier or name; all when omitted.
        language: Language of names and sentences.

    Raises:
        UnknownTermError: A partner or the programme is not known.
    """
    words = words_of(store, language)
    return check_funding(
        store, [words.organisation(word) for word in partners], facts, programme, language
    )


def amounts_of(
    store: Store,
    project: Project,
    programme: str | None = None,
    stated: Stated | None = None,
    language: str = "de",
) -> list[AmountCheckOut]:
    """Hold the financial plan of a project against the rates and ceilings of a programme.

    Args:
        store: Where the graph lives.
        project: The project.
        programme: IRI, identifier or name; that under which funding is sought when omitted.
        stated: What only the partners know.
        language: Language of names and sentences.

    Returns:
        The answers; none when no programme is named.

    Raises:
        UnknownTermError: No programme, or no partner, is called so.
    """
    word = programme or project.plan.programme
    if word is None:
        return []
    landscape = landscape_of(store, language)
    said = stated or Stated()
    words = words_of(store, language)
    young = None if said.young is None else frozenset(words.organisation(w) for w in said.young)
    known, _ = partners_known(project, landscape)
    found = check_amounts(
        find_programme(read_programmes(store, landscape.labels), word),
        read_partners(store, landscape, known),
        project.budget,
        PlanFacts(project.plan.research, said.structurally_weak, young),
    )
    return presenter_of(store, language).amounts(found, project)
