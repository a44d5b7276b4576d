"""From what clients send to entries of needs and initiatives."""

from collections.abc import Sequence
from datetime import UTC, datetime

from api.asking import words_of
from api.desk.naming import names_of
from api.keeping import kept
from api.schemas.needs import BundleIn, InitiativeIn, NeedStatusIn, ResearchNeedIn
from api.words import terms_of
from graph import needs
from graph.errors import UnknownRecordError
from graph.projects import read_projects
from graph.reading import rows
from graph.records import Entry
from graph.store import Store
from graph.terms import Terms

__all__ = ["bundle", "change_need_status", "record_initiative", "record_need"]


def _topics_of(store: Store) -> Terms:
    return terms_of(store, "ris-field")


@kept
def _projects_of(store: Store) -> dict[str, str]:
    """Return the IRI of each project by IRI, identifier and name, folded."""
    known = [(str(row["project"]), str(row["label"])) for row in rows(store, "project-partners")]
    known += [(one.iri, one.plan.name) for one in read_projects(store)]
    found: dict[str, str] = {}
    for iri, name in known:
        for word in (iri, iri.rpartition("/project-")[2], name):
            found.setdefault(word.casefold(), iri)
    return found


def record_need(store: Store, given: ResearchNeedIn) -> Entry:
    """Return the entry of a new need."""
    names, words = names_of(store, "de"), words_of(store, "de")
    said = needs.NewNeed(
        title={"de": given.title} | ({"en": given.title_en} if given.title_en else {}),
        raised_by=tuple(names.organisation(word) for word in given.raised_by),
        competences=tuple(words.competences.resolve(word) for word in given.competences),
        topic=_topics_of(store).resolve(given.topic) if given.topic else "",
        text=given.text,
        language=given.language,
    )
    return needs.record_need(said, today=datetime.now(UTC).date())


def change_need_status(store: Store, name: str, given: NeedStatusIn, tag: str) -> Entry:
    """Return the entry that says how far a need has been dealt with."""
    names, projects = names_of(store, "de"), _projects_of(store)
    helpers = [
        projects.get(word.strip().casefold()) or names.organisation(word)
        for word in given.addressed_by
    ]
    return needs.change_need_status(store, name, given.status, addressed_by=helpers, tag=tag)


def record_initiative(store: Store, given: InitiativeIn) -> Entry:
    """Return the entry of a new initiative."""
    said = needs.NewInitiative(
        title={"de": given.title} | ({"en": given.title_en} if given.title_en else {}),
        topics=tuple(_topics_of(store).resolve(word) for word in given.topics),
        bundles=tuple(_bundled(store, given.bundles)),
        text=given.text,
        language=given.language,
    )
    return needs.record_initiative(said)


def bundle(store: Store, name: str, given: BundleIn, tag: str) -> Entry:
    """Return the entry that changes what an initiative bundles."""
    return needs.bundle(
        store,
        name,
        add=_bundled(store, given.add),
        remove=_bundled(store, given.remove),
        topics=[_topics_of(store).resolve(word) for word in given.topics],
        tag=tag,
    )


def _bundled(store: Store, words: Sequence[str]) -> list[str]:
    """Return the IRIs of needs and projects.

    Raises:
        UnknownRecordError: A word names neither.
    """
    known = {need.iri: need.iri for need in needs.read_needs(store)}
    known |= {iri.rpartition("/need-")[2]: iri for iri in known}
    found = _projects_of(store) | known
    chosen = [found.get(w.strip()) or found.get(w.strip().casefold()) for w in words]
    if None in chosen:
        raise UnknownRecordError(words[chosen.index(None)], kind="need or project")
    return [iri for iri in chosen if iri]
